from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body
from crawler.clean.body.boxes import BLOCKS


def markdown(markup: str) -> str:
    return render_body(body_of_markup(markup)).text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>甲<span style='display:block'>乙</span>丙</p>", "甲\n\n乙\n\n丙"),
        ("<section style='display:inline'>甲</section>乙", "甲乙"),
        ("<section style='display:inline-block'>甲</section>乙", "甲乙"),
        (
            "<p>甲<a href='https://a.cn' style='display:block'>乙</a></p>",
            "甲\n\n[乙](https://a.cn)",
        ),
        ("<p>甲</p><div>乙</div>", "甲\n\n乙"),
        ("<p style='display:flex;flex-direction:column'><b>甲</b><i>乙</i></p>", "**甲**\n\n*乙*"),
        ("<p style='display:flex;flex-flow:column wrap'><span>甲</span><a>乙</a></p>", "甲\n\n乙"),
        ("<div style='display:grid'><span>甲</span><span>乙</span></div>", "甲\n\n乙"),
        ("<p>甲<span style='display:inline-flex'>乙</span>丙</p>", "甲乙丙"),
        ("<p>甲<span style='position:absolute'>乙</span>丙</p>", "甲\n\n乙\n\n丙"),
        ("<div style='display:grid'><code>ab</code><code>cd</code></div>", "`ab`\n\n`cd`"),
        ("<x-y>甲</x-y><x-y style='display:block'>乙</x-y>丙", "甲\n\n乙\n\n丙"),
        ("<p style='white-space-collapse:preserve-breaks'>甲\n乙</p>", "甲  \n乙"),
        ("<p style='white-space-collapse:preserve'>甲\n乙</p>", "甲  \n乙"),
    ],
)
def test_display_decides_where_a_line_ends(markup: str, text: str) -> None:
    assert markdown(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<div style='display:flex'><p>01</p><p>潮汐</p></div>", "01 潮汐"),
        ("<div style='display:flex'><div><p>•</p></div><p>潮汐</p></div>", "- 潮汐"),
        ("<p><span style='float:left'>潮</span>水退了</p>", "潮水退了"),
        ("<div style='float:left'>①</div><div>潮汐</div>", "① 潮汐"),
        ("<div style='display:inline-block'><p>Q1</p></div><p>潮汐？</p>", "Q1\n\n潮汐？"),
        ("<div style='display:flex'><span>姓名</span><span>阿岭</span></div>", "姓名 阿岭"),
        (
            (
                "<div style='display:flex'><a href='https://a.cn'>tide</a>"
                "<a href='https://b.cn'>port</a></div>"
            ),
            "[tide](https://a.cn) [port](https://b.cn)",
        ),
        (
            "<div style='display:flex'><code>ab</code><code>cd</code><sup>e</sup></div>",
            "`ab` `cd` <sup>e</sup>",
        ),
        (
            (
                "<div style='display:flex'><p>左边一段。</p>"
                "<a href='https://a.cn'>tide</a><code>cd</code></div>"
            ),
            "左边一段。\n\n[tide](https://a.cn)\n\n`cd`",
        ),
        (
            "<div style='display:flex'><p>左边一段。</p><p>右边一段。</p></div>",
            "左边一段。\n\n右边一段。",
        ),
        ("<div style='display:flex;flex-direction:column'><p>1</p><p>潮</p></div>", "1\n\n潮"),
        ("<div style='display:flex'><p>01</p></div><p>下一段</p>", "01\n\n下一段"),
    ],
)
def test_a_mark_beside_its_words_is_one_line_with_them(markup: str, text: str) -> None:
    assert markdown(markup) == text


@pytest.mark.parametrize(
    ("one", "other", "text"),
    [
        ("high tide", "low tide", "high tide low tide"),
        ("PART", "01", "PART 01"),
        ("spring 2024", "tides", "spring 2024 tides"),
        ("<code>tide</code>", "<code>port</code>", "`tide` `port`"),
        ("<b>tide</b>", "<i>port</i>", "**tide** *port*"),
        ("2020", "24", "202024"),
        ("T", "ide", "Tide"),
        ("潮", "汐", "潮汐"),
        ("潮 ", "tide", "潮 tide"),
    ],
)
def test_words_of_letters_in_boxes_side_by_side_do_not_run_together(
    one: str, other: str, text: str
) -> None:
    for style in ("inline-block;width:48%", "inline-table"):
        box = f"<section style='display:{style}'>"
        assert markdown(f"<div>{box}{one}</section>{box}{other}</section></div>") == text
    cell = "<span style='display:table-cell'>"
    assert markdown(f"<p>{cell}{one}</span>{cell}{other}</span></p>") == text


@pytest.mark.parametrize("display", ["flex", "inline-flex"])
@pytest.mark.parametrize("more", ["", "，这一行比电话的一行长得多" * 3])
def test_a_sentence_that_a_box_sets_apart_by_mistake_is_one_line(display: str, more: str) -> None:
    sentence = (
        "见<a href='https://a.cn'>此处</a>的潮<code>x</code>高2m<sup>2</sup>的CO<sub>2</sub>箱"
    )
    read = "见[此处](https://a.cn)的潮`x`高2m<sup>2</sup>的CO<sub>2</sub>箱"
    assert markdown(f"<p style='display:{display}'>{sentence}{more}</p>") == read + more
    glued = f"<p style='display:{display}'>tide<a href='https://a.cn'>port</a>{more}</p>"
    assert markdown(glued) == f"tide [port](https://a.cn){more}"


def test_of_a_stack_a_link_is_a_line_and_code_and_raised_signs_are_their_sentence_s() -> None:
    words = "潮<code>x</code>高2m<sup>2</sup>的CO<sub>2</sub>箱<a href='https://a.cn'>此处</a>"
    read = "潮`x`高2m<sup>2</sup>的CO<sub>2</sub>箱\n\n[此处](https://a.cn)"
    assert markdown(f"<p style='display:grid'>{words}</p>") == read
    block = "潮<a href='https://a.cn' style='display:block'>此处</a>汐"
    assert markdown(f"<p style='display:flex'>{block}</p>") == "潮 [此处](https://a.cn) 汐"


def test_a_box_with_a_bar_beside_sentences_is_a_quote_and_a_title_in_one_is_none() -> None:
    style = "border-left:4px solid #c00;background:#f7f7f7;padding:10px"
    assert markdown(f"<div style='{style}'><p>潮水退了。</p></div>") == "> 潮水退了。"
    assert markdown(f"<div style='{style}'><p>潮水</p></div>") == "潮水"


def test_what_a_browser_sets_as_a_block_is_in_the_table() -> None:
    assert {"p", "div", "section", "li", "td", "figcaption"} <= BLOCKS
    assert not {"span", "a", "strong", "img", "sup"} & BLOCKS
