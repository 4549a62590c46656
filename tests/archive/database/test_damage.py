from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from crawler.archive.database import each_row, in_order
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


@pytest.mark.parametrize("number", [1 << 14, 1 << 30, (1 << 40) - 1])
def test_a_row_far_from_the_others_is_gone_to_and_not_waited_for(number: int) -> None:
    statements: list[str] = []
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE removed (article_id TEXT, rule_id TEXT, count INTEGER)")
        rows = [(1, "一", "tail", 1), (700, "二", "tail", 2), (number, "三", "tail", 3)]
        connection.executemany(
            "INSERT INTO removed (rowid, article_id, rule_id, count) VALUES (?, ?, ?, ?)", rows
        )
        connection.set_trace_callback(statements.append)
        found = list(each_row(connection, "removed", ("article_id",)))
        assert found == [("一",), ("二",), ("三",)]
    assert len(statements) < 20
