from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.search.plain import one_line, plain_text
from tests.growth import assert_linear


@pytest.mark.parametrize(
    ("markdown", "words"),
    [
        ("前![图](https://mmbiz.qpic.cn/x/640)后", "前后"),
        ("见[官方**通告**](https://example.com/a)。", "见官方通告。"),
        ("[![图](https://a/b)](https://c/d)", ""),
        ("[[1]](https://example.com)", "[1]"),
        ('[说明](https://example.com "标题")', "说明"),
        ("[词条](https://example.com/a_(b))", "词条"),
        ("电信**网络**诈骗", "电信网络诈骗"),
        ("**0****1**", "01"),
        ("用`code`写", "用code写"),
        (r"\_\*\*", "_**"),
        ("2*3", "2*3"),
        ("零\u200b宽", "零宽"),
        ("[未完的链接](https://exa", "[未完的链接](https://exa"),
    ],
)
def test_plain_text_is_what_a_reader_sees(markdown: str, words: str) -> None:
    assert plain_text(markdown) == words


def test_one_line_has_no_marks_of_headings_lists_quotes_or_tables_edges() -> None:
    assert (
        one_line("## 一\n\n> 引用\n- 项目\n\n| a | b |\n| --- | --- |\n| 1 | 2 |")
        == "一 引用 项目 a | b 1 | 2"
    )


@given(text=st.text(max_size=200))
def test_text_without_marks_stays_as_it_is(text: str) -> None:
    bare = "".join(letter for letter in text if letter.isalnum() or letter in " \n，。")
    assert plain_text(bare) == bare


@pytest.mark.parametrize(
    "piece",
    [
        "![",
        "[",
        "[a",
        "[[",
        "](",
        "![a](",
        "[a](b(",
        '[](a "',
        "*",
        "\\",
        "`",
        "[a]",
        "[a](<",
        "|-",
        "  \n",
    ],
)
def test_hostile_text_takes_linear_steps(piece: str) -> None:
    assert_linear(lambda size: one_line(piece * size), 1_000)
