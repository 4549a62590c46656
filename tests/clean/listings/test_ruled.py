from __future__ import annotations

import pytest

from crawler.clean.listings.lines import read_lines
from crawler.clean.listings.ruled import Ruled
from tests.clean.listings.samples import short

HEAD = ("| 公众号 | 标题 | 链接 | 发布时间 |", "|---|:-:|---|---|")


def _said(*lines: str) -> list[tuple[str, str, str, str]]:
    links = read_lines(f"{line}\n" for line in lines).links
    return [(link.title, link.account, link.date, link.listed) for link in links]


@pytest.mark.parametrize(
    "lines",
    [
        (*HEAD, f"| 灯塔通讯 | 潮水 | {short(1)} | 2024-05-08 |"),
        (*HEAD, f"| 灯塔通讯 | **潮水** | [原文]({short(1)}) | 2024年5月8日 |"),
        (*HEAD, f"| 灯塔通讯 | [潮水]({short(1)}) | [原文]({short(1)}) | 2024-05-08 |"),
        (*HEAD, f'| [[灯塔通讯]] | [潮水]({short(1)} "潮水") | | 2024-05-08 |'),
        (*HEAD, f"| 灯塔通讯 | [![](https://a.cn/0) 潮水]({short(1)}) | | 2024-05-08 |"),
        (
            "公众号 | 文章 | 推送日期",
            "--- | --- | ---",
            f"灯塔通讯 | [潮水]({short(1)}) | 2024-05-08",
        ),
    ],
)
def test_a_row_of_a_table_in_markdown_says_what_its_columns_are_called(
    lines: tuple[str, ...],
) -> None:
    assert _said("# 2024-06-01 周报", *lines) == [("潮水", "灯塔通讯", "2024-05-08", "")]


@pytest.mark.parametrize(
    ("column", "letters", "is_told"),
    [("正文", 600, True), ("甲", 600, True), ("甲", 300, False), ("摘要", 600, False)],
)
def test_a_text_in_a_cell_is_told(column: str, letters: int, is_told: bool) -> None:  # noqa: FBT001
    for head in ("标题 | 链接", "乙 | 丙"):
        lines = (
            f"| {head} | {column} |",
            "|---|---|---|",
            f"| 潮水 | {short(1)} | {'渡' * letters} |",
        )
        [link] = read_lines(f"{line}\n" for line in lines).links
        assert link.left is is_told


@pytest.mark.parametrize("title", ["[转]潮水", r"\[转\]潮水", "潮水[上]"])
def test_a_title_in_a_table_keeps_its_brackets(title: str) -> None:
    row = f"| 灯塔通讯 | [{title}]({short(1)}) | | 2024-05-08 |"
    assert _said(*HEAD, row)[0][0] == title.replace("\\", "")


def test_words_between_bars_are_read_as_ever_where_no_rule_names_their_columns() -> None:
    row = f"| 灯塔通讯 | 潮水 | {short(1)} | |"
    for head in ((), HEAD[:1], HEAD[1:], ("| 甲 | 标题 | 乙 | 丙 |", HEAD[1]), (*HEAD, "")):
        assert _said(*head, row)[0][:2] == ("灯塔通讯 | 潮水", "")
    assert _said(*HEAD, f"| 潮水 | {short(1)} |")[0][:2] == ("潮水", "")


def test_a_cell_may_hold_a_bar_and_columns_that_nobody_knows_are_not_lost() -> None:
    table = Ruled()
    lines = ("| 公众号 | 文章 | 链接 |", "|-|-|-|", r"| 灯塔通讯 | 潮水\|雾号 | x |")
    assert [table.row(line) for line in lines] == [
        {},
        {},
        {"公众号": "灯塔通讯", "链接": "x", "": "潮水|雾号"},
    ]


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("备注", f"| 灯塔通讯 | [潮水]({short(1)}) | 见 [渡口]({short(2)}) | 2024-05-08 |"),
        ("链接", f"| 灯塔通讯 | 潮水，见 [渡口]({short(2)}) | {short(1)} | 2024-05-08 |"),
        ("链接", f"| 灯塔通讯 | [渡口]({short(2)}) | {short(1)} | 2024-05-08 |"),
    ],
)
def test_a_row_that_names_two_articles_speaks_of_its_own(column: str, row: str) -> None:
    head = HEAD[0].replace("链接", column)
    links = read_lines(f"{line}\n" for line in (head, HEAD[1], row)).links
    told = {link.url: (link.account, link.date) for link in links}
    assert told == {short(1): ("灯塔通讯", "2024-05-08"), short(2): ("", "")}
