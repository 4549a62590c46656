"""One walk from WeChat's nested decoration to a small tree, with all that it left out counted."""

from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body.prune import prune_body
from crawler.clean.body.tree import Element
from tests.growth import assert_linear

PICTURE = "<img data-src='https://mmbiz.qpic.cn/a?wx_fmt=png'>"


def _names(element: Element) -> list[str]:
    return [node.name for node in element.children if isinstance(node, Element)]


def test_decoration_goes_and_what_markdown_knows_stays() -> None:
    markup = "<section><section><p><span>潮</span></p></section><h2>汐</h2></section>"
    body = prune_body(body_of_markup(markup))
    assert _names(body.tree) == ["p", "h2"]
    assert not body.removed


def test_pictures_are_counted_where_they_are_shown() -> None:
    hidden = f"<p style='visibility:hidden'>{PICTURE}</p>"
    body = prune_body(body_of_markup(f"<p>潮{PICTURE}</p>{hidden}"))
    assert (body.image_count, dict(body.removed)) == (1, {"hidden-visibility": 1})


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ("<p style='display:none'>潮</p>", "hidden-display"),
        ("<script>let tide = 1</script>", "script"),
        ("<p style='opacity:0'>潮</p>", "hidden-opacity"),
    ],
)
def test_what_is_left_out_is_counted_by_its_rule(markup: str, rule: str) -> None:
    body = prune_body(body_of_markup(f"<p>在</p>{markup}"))
    assert rule in body.removed
    assert _names(body.tree) == ["p"]


@pytest.mark.parametrize(
    "markup",
    [
        "<span style='width:0;overflow:hidden'>潮</span>",
        "<strong style='height:0px;overflow:hidden'>潮</strong>",
        "<span style='text-indent:-9999px'>潮</span>",
        "<p style='display:inline;text-indent:-9999px'>潮</p>",
        "<table style='width:0px;overflow:hidden'><tr><td>潮</td></tr></table>",
        "<table><tr style='height:0;overflow:clip'><td style='width:0;overflow:clip'>潮</table>",
        "<div style='display:table-cell;width:0;overflow:hidden'>潮</div>",
        "<p style='display:block !important;display:none'>潮</p>",
        "<p style='font-size:14px!important;font-size:0'>潮</p>",
        "<p style='visibility:visible ! important;visibility:hidden'>潮</p>",
    ],
)
def test_what_means_nothing_for_an_element_does_not_hide_it(markup: str) -> None:
    body = prune_body(body_of_markup(markup))
    assert _names(body.tree) == ["p"]
    assert not body.removed


@pytest.mark.parametrize(
    "markup",
    [
        "<span style='display:inline-block;width:0;overflow:hidden'>潮</span>",
        "<span style='position:absolute;text-indent:-9999px'>潮</span>",
        "<span style='float:left;height:0;overflow:hidden'>潮</span>",
        "<section style='display:flex'><span style='width:0;overflow:hidden'>潮</span></section>",
        "<table><tr><td style='text-indent:-9999px'>潮</td></tr></table>",
        "<p style='display:block;display:none'>潮</p>",
    ],
)
def test_what_is_set_as_a_box_is_hidden_by_its_size(markup: str) -> None:
    assert "hidden" in "".join(prune_body(body_of_markup(markup)).removed)


def test_a_drawing_that_fades_in_is_read_though_its_style_hides_it() -> None:
    body = prune_body(body_of_markup(f"<section style='opacity:0'>{PICTURE}</section>"))
    assert body.image_count == 1


@pytest.mark.parametrize("style", ["display: none; width: 9px !important", "opacity: 0;"])
@pytest.mark.parametrize(
    "player",
    [
        "<iframe class='video_iframe rich_pages' data-mpvid='wxv_159003' {}></iframe>",
        "<mp-common-mpaudio name='潮' {}></mp-common-mpaudio>",
        "<mpvoice name='潮' {}></mpvoice><span class='js_audio_frame'>潮 00:00</span>",
    ],
)
def test_a_player_that_waits_for_its_script_is_read_once(player: str, style: str) -> None:
    hidden = prune_body(body_of_markup(player.format(f"style='{style}'")))
    shown = prune_body(body_of_markup(player.format("")))
    assert len(_names(hidden.tree)) == len(_names(shown.tree)) == 1
    assert hidden.removed == shown.removed


def test_a_card_or_a_frame_that_a_style_hides_is_not_read() -> None:
    for hidden in ("<mp-common-profile data-nickname='潮' {}>", "<iframe src='https://x.cn/' {}>"):
        markup = hidden.format("style='display:none'")
        assert prune_body(body_of_markup(markup)).removed == {"hidden-display": 1}


@pytest.mark.parametrize(
    ("style", "change"),
    [
        ("visibility:hidden", "<set attributeName='visibility' to='visible' begin='click'/>"),
        ("visibility:hidden", "<animate attributeName='visibility' values='hidden;visible'/>"),
        ("display:none", "<set attributeName='display' to='block' begin='click'/>"),
    ],
)
def test_words_of_a_drawing_that_a_touch_shows_are_read(style: str, change: str) -> None:
    drawing = f"<svg><g style='{style}'><text>潮</text>{{}}</g></svg>"
    assert prune_body(body_of_markup(drawing.format(change))).tree.contents
    assert not prune_body(body_of_markup(drawing.format("<set attributeName='x'/>"))).tree.contents


@pytest.mark.parametrize(
    "drawing",
    [
        "<svg><text {}>潮</text></svg>",
        "<svg><g {}><text>潮</text></g></svg>",
        "<svg {}><text><tspan>潮</tspan></text></svg>",
    ],
)
def test_words_of_a_drawing_have_the_size_that_it_says_whatever_stands_around_it(
    drawing: str,
) -> None:
    def is_shown(size: str) -> bool:
        markup = f"<section style='font-size:0'>{drawing.format(size)}</section>"
        return bool(prune_body(body_of_markup(markup)).tree.contents)

    assert is_shown("font-size='16'")
    assert is_shown("font-size=' 1em '")
    assert not is_shown("font-size='0'")
    assert not is_shown("")


def test_white_words_count_as_hidden_only_where_nothing_lies_behind_them() -> None:
    white = "<p><span style='color:#fff'>潮</span></p>"
    bare = prune_body(body_of_markup(f"<p>在</p><section>{white}</section>"))
    behind = f"<section style='background-color:#036'>{white}</section>"
    backed = prune_body(body_of_markup(f"<p>在</p>{behind}"))
    assert (len(_names(bare.tree)), len(_names(backed.tree))) == (1, 2)


@pytest.mark.parametrize(
    "markup",
    [
        (
            "<section style='background:#c00;height:40px'></section><p><br></p>"
            "<section style='margin-top:-30px'><p style='color:#fff'>潮</p></section>"
        ),
        "<p style='background:#c00'>港</p><p>湾</p><p style='color:#fff;margin:-2em 0 0'>潮</p>",
        "<p>港</p><p style='color:#fff;position:relative;top:-40px'>潮</p>",
        "<p>港</p><p style='color:#fff;transform:translate3d(0,-40px,0)'>潮</p>",
        "<section data-lazy-bgimg='https://mmbiz.qpic.cn/a'><b style='color:#fff'>潮</b></section>",
        "<p style='box-shadow:inset 0 0 0 99px #000;color:#fff'>潮</p>",
        "<p style='color:#fff;mix-blend-mode:difference'>潮</p>",
        "<section style='filter:invert(1)'><p style='color:#fff'>潮</p></section>",
    ],
)
def test_white_words_that_are_set_over_something_are_read(markup: str) -> None:
    assert "hidden-white" not in prune_body(body_of_markup(markup)).removed


def test_line_feeds_are_breaks_where_the_page_keeps_them() -> None:
    kept = prune_body(body_of_markup("潮\n汐"), keeps_lines=True)
    assert "br" in _names(kept.tree.elements[0])
    assert "br" not in _names(prune_body(body_of_markup("潮\n汐")).tree.elements[0])


def test_elements_that_nest_without_end_are_read_in_linear_work() -> None:
    def read(depth: int) -> None:
        prune_body(body_of_markup("<section>" * depth + "潮" + "</section>" * depth))

    assert_linear(read, 2_000)
