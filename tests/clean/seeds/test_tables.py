"""Tables as the older tool wrote them: in one another, cut off, with lists in their cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.seeds.repair import repair


@pytest.mark.parametrize(
    ("table", "laid_out"),
    [
        (
            "|  |  |\n| --- | --- |\n| 左 | | 甲 | 乙 | | --- | --- | | 1 | 2 | |\n| 末 |  |",
            "左\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n末",
        ),
        (
            "|  |\n| --- |\n| 前文  | 甲 | 乙 | | --- | --- | | 1 | 2 |  后文 |",
            "前文\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |\n\n后文",
        ),
        ("|  |\n| --- |\n| |  | | --- | | 盒子 | | 盒中 | |", "盒子\n\n盒中"),
        ("|  |\n| --- |\n| | | |  | | --- | | 深 | | | --- | | 浅 | |", "深\n\n浅"),
    ],
)
def test_a_table_that_holds_tables_becomes_what_stands_in_it(table: str, laid_out: str) -> None:
    assert repair(table).text == laid_out


@pytest.mark.parametrize(
    ("table", "kept"),
    [
        ("|  |  |\n| --- |...", "..."),
        ("|  |  |\n| --- | --...", "..."),
        ("|  |  |\n|...", "..."),
        ("| 甲 | 乙 |\n| --- | ---...", "| 甲 | 乙 |\n| --- | --- |\n\n..."),
        (
            "|  |  |\n| --- | --- |\n| |  |  | | --- | --- | | **1** | 甲 | |\n| |  |  | | ---...",
            "| 1 | 甲 |\n| --- | --- |\n\n...",
        ),
        (
            "|  |  |\n| --- | --- |\n| |  |  | | --- | --- | | **1** | 甲 | |...",
            "| 1 | 甲 |\n| --- | --- |\n\n...",
        ),
    ],
)
def test_a_table_that_was_cut_leaves_what_it_had_and_the_mark_of_the_cut(
    table: str, kept: str
) -> None:
    assert repair(table).text == kept


def test_a_list_in_a_cell_ends_where_it_ended() -> None:
    table = "| 版本 | * 甲 * 乙   **注**：丙除外 |\n| --- | --- |"
    assert repair(table).text == "| 版本 | 甲<br>乙<br>**注**：丙除外 |\n| --- | --- |"


def test_a_cell_of_dashes_beside_one_that_reaches_over_two_columns_makes_no_table() -> None:
    table = "| 船 | 班次 | 时刻 | 票价 |\n| --- | --- | --- | --- |\n| 停航 | | --- | 七元 |"
    assert repair(table).text == table.replace("| |", "|  |")


def test_a_bar_in_a_table_of_one_column_makes_no_second_one() -> None:
    table = "|  |\n| --- |\n| $a = Get-User | foreach {Set-User $_} |\n| ls | wc |"
    assert repair(table).text == "$a = Get-User | foreach {Set-User $_}\n\nls | wc"


WORDS = st.sampled_from(["甲", "**乙**", "1", "", "► [点](https://a.example/1)"])


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4), st.integers(0, 40))
def test_tables_in_tables_show_no_delimiter_wherever_they_are_cut(
    rows: list[tuple[str, str]], cut: int
) -> None:
    inner = " ".join(f"| {left} | {right} |" for left, right in rows)
    row = f"| |  |  | | --- | --- | {inner} |"
    outer = f"|  |  |\n| --- | --- |\n{row}\n{row}"
    text = f"{outer[: len(outer) - cut]}..." if cut else outer
    once = repair(text).text
    assert repair(once, from_page=False).text == once
    delimiters = [line for line in once.split("\n") if "--" in line]
    assert all(line == "| --- | --- |" for line in delimiters)


@pytest.mark.parametrize("from_page", [False, True])
@pytest.mark.parametrize(
    ("item", "mended"),
    [
        ("1. | 甲 | 乙 |\n   | --- | --- |\n   | 1 | 2 |\n2. 丙", ""),
        ("- 丁\n  - | 甲 | 乙 |\n    | --- | --- |\n    | 1 | 2 |", ""),
        ("- | 甲 |\n  | --- |\n  | 1 |", "- 甲\n\n  1"),
    ],
)
def test_a_table_that_begins_an_item_stays_one(item: str, mended: str, *, from_page: bool) -> None:
    assert repair(item, from_page=from_page).text == (mended or item)
