from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.scoring import below_goal, common_length, score
from bench.shown import Shown, body_of_markup, shown
from crawler.clean.body.convert import Rendered, render_body
from crawler.clean.body.styles import HIDING, looks_of
from crawler.clean.body.widgets import WIDGETS, Widget
from tests.bounds import within

# What stands in Chinese articles, and every character that Markdown gives a meaning to.
SOUP = "重点内容ab1 2.，。：“”（）！　*_`[]()<>!#-+~|\\&=:;/^$\"'{}?％🔥"
texts = st.text(alphabet=SOUP, min_size=1, max_size=10)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def wrapped(inner: st.SearchStrategy[str], *tags: str) -> st.SearchStrategy[str]:
    return st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(tags),
        st.lists(inner, max_size=3),
    )


words = texts.map(escaped)
inline = st.recursive(
    words,
    lambda inner: st.one_of(
        wrapped(inner, "strong", "em", "s", "span", 'span style="font-weight: bold"'),
        st.lists(inner, max_size=3).map("<br>".join),
    ),
    max_leaves=6,
)
linked = st.one_of(
    inline, inline.map(lambda inner: f'<a href="https://example.org/a_b">{inner}</a>')
)
paragraphs = st.lists(linked, min_size=1, max_size=4).map(lambda parts: f"<p>{''.join(parts)}</p>")
blocks = st.recursive(
    st.one_of(paragraphs, wrapped(linked, "h2", "section")),
    lambda inner: st.one_of(
        wrapped(inner, "blockquote", "section", "div"),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda parts: f"<ul>{''.join(f'<li>{part}</li>' for part in parts)}</ul>"
        ),
    ),
    max_leaves=5,
)
tables = st.lists(st.lists(linked, min_size=2, max_size=2), min_size=2, max_size=3).map(
    lambda rows: (
        f"<table>{''.join('<tr>' + ''.join(f'<td>{cell}</td>' for cell in row) + '</tr>' for row in rows)}</table>"
    )
)


def rendered(markup: str) -> Rendered:
    return render_body(body_of_markup(markup))


def misses(markup: str) -> dict[str, float]:
    return below_goal(score(rendered(markup).text, shown(body_of_markup(markup))))


@given(st.lists(blocks, min_size=1, max_size=4).map("".join))
@settings(max_examples=150, deadline=None)
def test_whatever_a_body_shows_its_markdown_shows_and_nothing_else(markup: str) -> None:
    assert not misses(markup)


@given(tables)
@settings(max_examples=200, deadline=None)
def test_every_cell_of_a_table_is_shown_exactly(markup: str) -> None:
    assert not misses(markup)


@given(st.lists(st.text(alphabet=SOUP + "\t", max_size=12), min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_every_line_of_code_is_shown_exactly(lines: list[str]) -> None:
    assert not misses(f"<pre>{'<br>'.join(escaped(line) for line in lines)}</pre>")


@given(st.text(alphabet=SOUP, min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_inline_code_is_shown_exactly(text: str) -> None:
    assert not misses(f"<p>重<code>{escaped(text)}</code>点</p>")


@given(st.text(alphabet="<>/apscriptemdv=\"' \n!-", max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_markup_whatever_breaks_the_walk(markup: str) -> None:
    assert isinstance(rendered(markup), Rendered)


@pytest.mark.parametrize(
    "tag",
    ["section", "span", "strong", "blockquote", "ul><li", "a href='https://example.org'", "sup"],
)
def test_ten_thousand_levels_keep_their_text_and_never_recurse(tag: str) -> None:
    with within(5):
        text = rendered(f"<{tag}>" * 10_000 + "最里面的字").text
    assert "最里面的字" in text.replace("*", "")


@pytest.mark.parametrize(
    "piece",
    [
        "<b>重</b>点",
        "<p>a_b*c",
        "[",
        "](",
        "`",
        "<br>",
        "<sup>[1]</sup>",
        "<p>[1] http://a",
        "<td>x",
        "<img src=//a/b>",
        "&lt;",
        "a_",
        "_",
        "!",
        "~",
        "[a](",
        "　",
        "\\　",
        "<b style='color:#fff'>a</b>",
        "<i style='font-family:monospace;background:red'>a",
        "<section style='font-family:monospace;background:red'>a",
        "<section style='background:url(//a/b)'>",
        "<a href=//b>c</a>",
    ],
)
def test_hostile_bodies_are_rendered_in_linear_time(piece: str) -> None:
    with within(6):
        rendered(piece * 10_000)


@pytest.mark.parametrize("style", ["a", "a:(", "url( ", "url(//", ";", ":", "font-size:0;", "!"])
def test_hostile_styles_are_read_in_linear_time(style: str) -> None:
    with within(4):
        for number in range(20):
            looks_of(f"{style * 50_000}{number}")


def test_a_wide_span_does_not_fill_the_memory() -> None:
    assert (
        len(
            rendered(
                "<table><tr><td colspan=99999999 rowspan=99999>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
            ).text
        )
        < 5_000
    )


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: f"{widget.id}:{min(widget.tags)}")
def test_every_widget_is_one_readable_line_and_is_counted(widget: Widget) -> None:
    found = rendered(f"<p>前</p>{widget.example}<p>后</p>")
    assert found.text == f"前\n\n{widget.shows}\n\n后"
    assert found.removed == {widget.id: 1}


@pytest.mark.parametrize(
    ("rule", "style"), [(rule.id, style) for rule in HIDING for style in rule.matches]
)
def test_every_style_that_hides_is_seen_through(rule: str, style: str) -> None:
    found = rendered(f'<p>看得见</p><p style="{style}">看不见</p>')
    assert found.text == "看得见"
    assert found.removed == {rule: 1}


@pytest.mark.parametrize("style", [style for rule in HIDING for style in rule.spares])
def test_a_style_that_only_looks_like_hiding_hides_nothing(style: str) -> None:
    assert not looks_of(style).hidden
    assert rendered(f'<p style="{style}">看得见</p>').text == "看得见"


def test_pictures_are_counted_each_time_they_stand() -> None:
    assert (
        rendered(
            '<p><img src="https://a/1"><img src="https://a/1"><img src="https://a/2"></p>'
        ).image_count
        == 3
    )


def test_a_line_feed_is_a_break_only_where_lines_are_kept() -> None:
    node = body_of_markup("<p>甲\n乙</p>")
    assert render_body(node).text == "甲 乙"
    assert render_body(node, keeps_lines=True).text == "甲  \n乙"


def test_the_measure_sees_what_is_missing_added_and_leaked() -> None:
    page = shown(
        body_of_markup(
            "<p>一<strong>二</strong>三<img src='https://a/1'><a href='https://b/'>四</a></p>"
        )
    )
    assert not below_goal(score("一**二**三![](https://a/1)[四](https://b/)", page))
    assert below_goal(score("一二三**四", page)).keys() == {
        "precision",
        "images",
        "links",
        "bold",
        "leaks",
    }
    assert common_length("重点内容", "点X内重") == 2
    assert Shown().characters == ""


def test_no_control_character_comes_through() -> None:
    assert rendered("退潮\x84以\x9b后\x7f").text == "退潮以后"
