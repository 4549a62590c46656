"""Where the links of a body lead."""

from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from tests.lookalikes import link as short


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


def test_of_links_in_a_piece_of_code_the_first_that_leads_somewhere_is_kept() -> None:
    links = "<a href='#1'>a</a><a data-link='https://a.cn'>b</a>"
    assert markdown(f"<p>潮<code>{links}</code></p>") == "潮[`ab`](https://a.cn)"


def test_links_in_a_piece_of_code_that_lead_to_several_places_are_all_kept() -> None:
    links = "<a href='https://a.cn/1'>a*b</a>、<a href='https://a.cn/2'>c</a>"
    kept = "潮[a\\*b](https://a.cn/1)、[c](https://a.cn/2)"
    assert markdown(f"<p>潮<code>{links}</code></p>") == kept
    assert markdown(f"<p>潮<code><kbd>{links}</kbd></code></p>") == kept


def test_a_picture_that_leads_to_itself_is_one() -> None:
    at = "https://mmbiz.qpic.cn/mmbiz_png/a/640"
    assert markdown(f"<p>潮<a href='{at}'><img src='{at}'></a></p>") == f"潮[![]({at})]({at})"
    assert markdown(f"<p>潮<a href='{at}'>{at}</a></p>") == f"潮<{at}>"


@pytest.mark.parametrize(
    "area",
    [
        '<a href="{}"><svg viewBox="0 0 9 9"><rect width="9" height="9"></rect></svg></a>',
        '<a href="{}" style="position:absolute;width:100%;height:100%"></a>',
        '<svg viewBox="0 0 9 9"><a xlink:href="{}"><rect width="9" height="9"></rect></a></svg>',
    ],
)
def test_a_place_to_tap_over_a_picture_leads_where_it_does(area: str) -> None:
    at = "https://mmbiz.qpic.cn/mmbiz_png/a/640"
    laid = area.format(short(1))
    assert markdown(f"<section><img src='{at}'>{laid}</section><p>潮</p>") == (
        f"![]({at})\n\n[链接]({short(1)})\n\n潮"
    )
    hidden = f'<section style="display:none">{laid}</section>'
    assert markdown(f"<p>潮</p>{hidden}") == "潮"


def test_a_link_in_a_drawing_leads_where_its_words_do() -> None:
    drawing = f'<svg><a xlink:href="{short(1)}"><text x="9" y="9">看潮</text></a></svg>'
    assert markdown(drawing) == f"[看潮]({short(1)})"


@pytest.mark.parametrize("empty", ['<a href="{}"></a>', '<a href="{}"><span></span></a>'])
def test_a_link_that_takes_no_room_is_none(empty: str) -> None:
    assert markdown(f"<p>潮{empty.format(short(1))}水</p>") == "潮水"
    icon = '<a href="https://a.cn/"><svg viewBox="0 0 9 9"></svg></a>'
    assert markdown(f"<p>潮{icon}水</p>") == "潮水"
