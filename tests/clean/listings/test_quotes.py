from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from crawler.clean.listings.quotes import quoted_rows
from tests.clean.listings.samples import short

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def most() -> Iterator[int]:
    """Characters that a cell may have."""
    before = csv.field_size_limit(2_000)
    yield 2_000
    csv.field_size_limit(before)


@pytest.mark.parametrize("opened", [[5], [5, 300], [1, 2, 399]])
def test_a_quote_that_nothing_closes_takes_none_of_a_long_table_along(
    most: int, opened: list[int]
) -> None:
    rows = [[f"潮水{n}", short(n + 1), "灯塔号"] for n in range(400)]
    for number in opened:
        rows[number][0] = f'"潮水{number}'
    lines = ["\t".join(row) + "\n" for row in rows]
    assert sum(map(len, lines)) > 5 * most
    found = list(quoted_rows(lines, "\t"))
    assert [number for number, _ in found] == list(range(1, 401))
    assert [row[1:] for _, row in found] == [row[1:] for row in rows]
    assert [row[0].strip('"') for _, row in found] == [row[0].strip('"') for row in rows]


def test_a_line_that_is_longer_than_any_cell_is_none_of_a_table(most: int) -> None:
    with pytest.raises(csv.Error):
        list(quoted_rows(["a,b\n", f"{'潮' * (most + 1)},b\n"], ","))


def test_quotes_that_are_left_open_line_upon_line_are_none_of_a_table(most: int) -> None:
    lines = ["a,b\n", *['x"y,"z\n'] * 40, *["潮水\n"] * most]
    with pytest.raises(csv.Error):
        list(quoted_rows(lines, ","))
