"""Code and the targets of links stay as they stand, whatever is mended around them."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.clean.exports.mend import mend_text
from crawler.clean.exports.pictures import local_pictures, place_pictures
from crawler.clean.seeds.repair import repair
from crawler.clean.seeds.spans import outside_protected, without_code
from tests.growth import assert_linear

PAYLOADS = [
    "`[a](javascript:prompt(document.cookie))`",
    "`![图](  )`",
    "`[](https://a.example/)`",
    "`a``b<i>c`",
    "``a ` [](https://a.example/) ``",
    "`![](http://mmbiz.qpic.cn/a/0)`",
    "`rm \\*`",
    "`![[x]]` 与 `![a](data:image/gif;base64,R0lG)`",
    "`<img src=a>` 与 `<b>x</b>`",
    "`[a](javascript:b)\n![]()` 完",
]


@pytest.mark.parametrize("code", PAYLOADS)
def test_what_a_span_of_code_shows_is_never_taken_for_damage(code: str) -> None:
    assert repair(f"用 {code}。", from_page=False).text == f"用 {code}。"
    assert mend_text(f"用 {code}。").text == f"用 {code}。"


@pytest.mark.parametrize("code", PAYLOADS[:-1])
def test_a_pages_code_stays_as_it_is(code: str) -> None:
    assert repair(f"用 {code}。").text == f"用 {code}。"
    assert repair(f"## 用 {code}").text == f"## 用 {code}"


@pytest.mark.parametrize(
    "quote",
    [
        "> ```\n> ![图]()\n> [a](javascript:b) a_b\\{ <i> **c\n> ```",
        "> 甲\n> ```\n>\n> [](https://a.example/)\n> ```\n> 乙",
        "> > ```\n> > ![]()\n> > ```\n> 乙",
        "> - ```\n>   ![]()\n>   ```",
        "> 用 `a\n> <i>b ![]()`，再 ``[](b)\n> c``",
        "> - 甲 `a\n>   [](b)` 乙",
        "> ```\n> ![]()",
    ],
)
def test_a_block_of_code_in_a_quote_stays_as_it_is(quote: str) -> None:
    assert repair(f"前\n\n{quote}\n\n后").text == f"前\n\n{quote}\n\n后"
    assert mend_text(f"前\n\n{quote}\n\n后").text == f"前\n\n{quote}\n\n后"


def test_a_block_of_code_in_a_quote_shows_tags_and_holds_no_picture() -> None:
    quote = "> ```\n> <table><tr><td>![](c.png)</td></tr></table>\n> ![[x]] <p>\n> ```"
    assert mend_text(f"甲 <p>\n\n{quote}").text == f"甲\n\n{quote}"
    assert local_pictures(quote) == []
    placed = place_pictures(f"{quote}\n\n![](d.png)", {"d.png": "images/d.png"})
    assert placed == (f"{quote}\n\n![](images/d.png)", 0)


def test_around_the_code_of_a_quote_its_words_are_mended() -> None:
    quote = "> **一****二**\n> ```\n> **三\n> ```\n> 见[](https://a.example/)"
    assert repair(quote).text == "> **一二**\n> ```\n> **三\n> ```\n> 见"


@pytest.mark.parametrize(
    "text", ["[\\[](https://a.example/x)", "[\\](https://a.example/x)", "\\![图]()"]
)
def test_a_bracket_that_was_escaped_begins_no_link(text: str) -> None:
    assert repair(text, from_page=False).text == text


def test_a_scripted_link_keeps_words_that_hold_brackets_or_code() -> None:
    text = "[第\\[3\\]条](javascript:;)与[`a[0]`](javascript:;)"
    assert repair(text, from_page=False).text == "第\\[3\\]条与`a[0]`"


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("甲 `a\nb` 乙", "甲 ##### 乙"),
        ("甲 ` 乙\n\n丙 ` 丁", "甲 ` 乙\n\n丙 ` 丁"),
        ("甲 ` 乙\n- 丙 ` 丁", "甲 ` 乙\n- 丙 ` 丁"),
        ("甲 `a\n| b` 乙", "甲 ####### 乙"),
        ("| 甲 `a |\n| b` 乙 |", "| 甲 `a |\n| b` 乙 |"),
        ("甲 `a\n| b` 乙 |\n|---|---|", "甲 `a\n| b` 乙 |\n|---|---|"),
        ("> 甲 `a\n> b` 乙", "> 甲 ####### 乙"),
        ("> 甲 `a\n> > b` 乙", "> 甲 `a\n> > b` 乙"),
        ("> 甲 `a\n> - b` 乙", "> 甲 `a\n> - b` 乙"),
        ("甲 `a\n> b` 乙", "甲 `a\n> b` 乙"),
        ("`a``b` ``c`d``", "###### #######"),
        ("\\`甲\\` `a`", "\\`甲\\` ###"),
        ("[甲](a`b) 乙 ` 丙", "[甲](a`b) 乙 ` 丙"),
    ],
)
def test_a_span_is_what_a_renderer_takes_for_one(text: str, hidden: str) -> None:
    assert without_code(text).replace("\x1a", "#") == hidden


WORDS = st.sampled_from(
    ["`", "``", "\n", "\n\n", " ", "，", "*", "**", "> ", "- ", "## ", "```\n", "> ```\n", "| "]
)
LINKS = ["[{}](https://a.example/x)", "[{}\n{}](https://a.example/)", "[{}](javascript:;)", "<b>{}"]
CODE = ["`[{}](javascript:{})`", "`![{}]()`", "`{}\n{}`", "``{} ` {}``", "> ```\n> [{}]()\n> ```\n"]


@given(st.lists(st.one_of(WORDS, st.sampled_from([*LINKS, *CODE, "{}"])), max_size=20))
@example(["**", "{}", " `", "{}", "\n", "{}", "` "])
@example(["## ", "`", "[{}](javascript:;)", "` ", "{}"])
def test_no_word_of_a_text_is_lost(pieces: list[str]) -> None:
    text = "".join(pieces)
    for number in range(text.count("{}")):
        text = text.replace("{}", f"词{number}词", 1)
    words = re.findall("词[0-9]+词", text)
    for mended in (repair(text), repair(text, from_page=False), mend_text(text)):
        shown = mended.text.replace("\\", "")
        lost = [word for word in words if word not in shown]
        assert len(lost) <= sum(mended.removed.values()), lost


@pytest.mark.parametrize("piece", ["`", "`` ` ", "> ```\n", "`a`\n", "](", "\\`", "> ` a\n\n"])
def test_hostile_texts_are_read_in_linear_steps(piece: str) -> None:
    assert_linear(lambda size: outside_protected(piece * size, str), 1_000)
