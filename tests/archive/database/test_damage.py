from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from crawler.archive.database import in_order
from crawler.errors import ArchiveError

ROWS = [(number, f"灯塔{number}") for number in (1, 2, 5, 8)]


def _few(after: int) -> list[tuple[int, str]]:
    return [row for row in ROWS if row[0] > after][:2]


def test_all_rows_come_whatever_many_are_read_at_once() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        assert list(in_order(connection, "articles", _few)) == ROWS


def test_a_table_whose_numbers_go_back_is_told_and_not_read_forever() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        rows = in_order(connection, "articles", lambda _: ROWS[:2])
        with pytest.raises(ArchiveError, match="not in its place"):
            list(rows)
