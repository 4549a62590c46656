from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bench.scoring import below_goal, common_length, score
from bench.shown import Shown, body_of_markup, shown
from crawler.clean.body import Rendered, code, render_body
from tests.growth import assert_linear

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
# A long one is a paragraph, and whether its own bold counts depends on where it is told from one.
short_headings = wrapped(linked, "h2").filter(lambda markup: len(markup) < 45)
blocks = st.recursive(
    st.one_of(paragraphs, short_headings, wrapped(linked, "section")),
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
        f"<table>{''.join(f'<tr><td>{one}</td><td>{two}</td></tr>' for one, two in rows)}</table>"
    )
)


def rendered(markup: str) -> Rendered:
    return render_body(body_of_markup(markup))


def misses(markup: str) -> dict[str, float]:
    return below_goal(score(rendered(markup).text, shown(body_of_markup(markup))))


@given(st.lists(blocks, min_size=1, max_size=4).map("".join))
def test_whatever_a_body_shows_its_markdown_shows_and_nothing_else(markup: str) -> None:
    assert not misses(markup)


@given(tables)
@example("<table><tr><td>潮</td><td>1</td></tr><tr><td>\\<br><br>1</td><td>汐</td></tr></table>")
@example(
    "<table><tr><td>潮</td><td>1</td></tr><tr><td><p>a\\</p><p>b</p></td><td>2</td></tr></table>"
)
def test_every_cell_of_a_table_is_shown_exactly(markup: str) -> None:
    assert not misses(markup)


@given(st.lists(st.text(alphabet=SOUP + "\t", max_size=12), min_size=1, max_size=5))
def test_every_line_of_code_is_shown_exactly(lines: list[str]) -> None:
    assert not misses(f"<pre><code>{'<br>'.join(escaped(line) for line in lines)}</code></pre>")


@given(st.text(alphabet=SOUP, min_size=1, max_size=12))
def test_inline_code_is_shown_exactly(text: str) -> None:
    assert not misses(f"<p>重<code>{escaped(text)}</code>点</p>")


codes = st.text(alphabet=SOUP, min_size=1, max_size=8).map(
    lambda text: f"<code>{escaped(text)}</code>"
)
beside_code = st.one_of(codes, words, wrapped(codes, "strong", "em", "span", "sub", "kbd"))


@given(st.lists(beside_code, min_size=2, max_size=5).map("".join))
@example("<code>a</code><code>b</code>")
@example("<code>git </code><span><code>push</code></span>")
@example("<code>a`b</code><code>`</code>")
def test_code_beside_code_is_shown_exactly(markup: str) -> None:
    assert not misses(f"<p>重{markup}点</p>")


@pytest.mark.parametrize("between", ["\u200b", "<span>\ufeff</span>", "<b>\u200b\u2060</b>"])
def test_signs_without_a_width_keep_no_code_apart(between: str) -> None:
    assert rendered(f"<p><code>a</code>{between}<code>b</code></p>").text == "`ab`"


def test_a_sign_that_joins_two_characters_stays_where_it_stands_alone() -> None:
    family = "\U0001f468<span>\u200d</span>\U0001f469"
    assert rendered(f"<p>{family}</p>").text == "\U0001f468\u200d\U0001f469"


def test_two_formulas_beside_one_another_stay_two() -> None:
    formula = '<span data-formula="{}"><svg></svg></span>'
    text = rendered(f"<p>重{formula.format('a^2')}{formula.format('b_1')}点</p>").text
    assert text == "重$a^2$ $b_1$点"


@given(st.text(alphabet="<>/apscriptemdv=\"' \n!-", max_size=80))
def test_no_markup_whatever_breaks_the_walk(markup: str) -> None:
    assert isinstance(rendered(markup), Rendered)


@pytest.mark.parametrize(
    "tag",
    ["section", "span", "strong", "blockquote", "ul><li", "a href='https://example.org'", "sup"],
)
def test_ten_thousand_levels_keep_their_text_and_never_recurse(tag: str) -> None:
    text = rendered(f"<{tag}>" * 10_000 + "最里面的字").text
    assert_linear(lambda size: rendered(f"<{tag}>" * size + "字"), 200)
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
        "<section style='background:url(//a/b)'>",
        "<a href=//b>c</a>",
        "<div style='display:flex'>",
        "<div style='display:flex'><p>•</p>",
        "<div style='float:left'>1.",
        "<div style='display:inline-block'>1.",
        "<span style='display:block'>1. a",
        "<div style='border-left:4px solid;background:red;padding:1px'>a。",
        "<p style='font-size:20px;font-weight:bold'>重点</p><p>内容内容内容</p>",
        "<ol><li>1. a",
        "<ol reversed><li value=5>a",
        "<input type=checkbox>",
        "<table><tr><td class=gutter>1<td>a",
        "<pre>重",
        "<pre><span class=line-number>1",
        "<button>复制</button>",
        "<span class=js_audio_frame>a",
        "<math><mrow>",
        "<span data-formula=a>",
        "<svg><g data-mml-node=math>",
        "<p>重\n\n点",
        "<mpnew data-a=重>",
        "<p style='white-space:pre'>\n\n",
    ],
)
def test_hostile_bodies_are_rendered_in_linear_steps(piece: str) -> None:
    assert_linear(lambda size: rendered(piece * size), 500)


def test_code_in_code_is_looked_through_no_farther_than_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # of 1,000, which would need a page fifty times as long
    monkeypatch.setattr(code, "_LOOK_AHEAD", 20)
    piece = "<section style='font-family:monospace;background:red'>a"
    assert_linear(lambda size: rendered(piece * size), 200)


def test_a_line_behind_a_list_in_an_item_is_not_the_last_item_of_that_list() -> None:
    inner = "<ul><li>潮</li></ul>"
    assert rendered(f"<ul><li>{inner}<p>汐</p></li></ul>").text == "- - 潮\n\n  汐"
    assert rendered(f"<ul><li><p>汐</p>{inner}</li></ul>").text == "- 汐\n  - 潮"


def test_a_line_feed_is_a_break_only_where_lines_are_kept() -> None:
    node = body_of_markup("<p>a\nb</p>")
    assert render_body(node).text == "a b"
    assert render_body(node, keeps_lines=True).text == "a  \nb"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>甲\n乙</p>", "甲乙"),
        ("<p>甲，\n  乙</p>", "甲，乙"),
        ("<p><b>甲</b>\n<i>乙</i></p>", "**甲***乙*"),
        ("<p>甲\nb</p>", "甲 b"),
        ("<p>甲 乙</p>", "甲 乙"),
    ],
)
def test_a_line_feed_between_han_is_nothing_and_elsewhere_a_space(markup: str, text: str) -> None:
    shown_words = rendered(markup).text
    assert shown_words.replace("<em>", "*").replace("</em>", "*") == text


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
