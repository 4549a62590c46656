from __future__ import annotations

import re
import sqlite3
import tracemalloc
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive.database import Lost, each_row, in_order, some_of
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from pathlib import Path

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


def test_rows_behind_damage_are_read_however_many_it_took_and_however_far_the_last_one_is(
    tmp_path: Path,
) -> None:
    path, far = tmp_path / "hurt.db", 1 << 23
    numbers = [*range(1, 20_001), far]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("CREATE TABLE removed (article_id TEXT, rule_id TEXT, count INTEGER)")
        connection.executemany(
            "INSERT INTO removed (rowid, article_id, rule_id, count) VALUES (?, ?, 'tail', 1)",
            [(number, f"#{number:09}") for number in numbers],
        )
        connection.commit()
    pages = path.read_bytes()
    hurt: set[int] = set()
    for start in range(0, len(pages), 512):
        held = {int(number) for number in re.findall(rb"#(\d{9})", pages[start : start + 512])}
        is_leaf = pages[start] == 13
        if is_leaf and held and min(held) > 5_000 and max(held) < 15_000:
            pages = pages[:start] + b"\xff" * 512 + pages[start + 512 :]
            hurt |= held
    path.write_bytes(pages)
    with closing(sqlite3.connect(path)) as connection:
        found = list(each_row(connection, "removed", ("article_id",)))
    rows = [int(row[0].removeprefix("#")) for row in found if not isinstance(row, Lost)]
    assert len(hurt) > 9_000
    assert rows == [number for number in numbers if number not in hurt]
    assert any(isinstance(row, Lost) and "up to" in row.why for row in found)


def test_large_rows_are_not_in_memory_by_the_hundred_and_each_comes_once(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "large.db")) as connection:
        connection.execute("CREATE TABLE removed (article_id TEXT, rule_id TEXT, count INTEGER)")
        words = "灯" * 400_000
        rows = [(number, str(number), words, 1) for number in range(1, 201)]
        columns = "rowid, article_id, rule_id, count"
        connection.executemany(f"INSERT INTO removed ({columns}) VALUES (?, ?, ?, ?)", rows)  # noqa: S608
        connection.commit()
        tracemalloc.start()
        try:
            read = each_row(connection, "removed", ("article_id", "rule_id"))
            found = ["lost" if isinstance(row, Lost) else row[0] for row in read]
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert found == [str(number) for number in range(1, 201)]
    assert peak < 64 << 20  # of 160 MB


def test_no_more_rows_are_read_at_once_than_asked_for_where_a_table_goes_on_and_on() -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i FROM n"
    )
    with closing(sqlite3.connect(":memory:")) as connection:
        for most in (1, 8, 12, 16):
            rows, is_cut = some_of(connection.execute(endless), most)
            assert rows == [(number,) for number in range(1, most + 1)]
            assert not is_cut


def test_large_rows_before_one_out_of_its_place_come_once_each(tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE removed (article_id TEXT, rule_id TEXT, count INTEGER)")
        rows = [(number, f"key{number}", "x" * 1_200_000, 1) for number in range(1, 10)]
        columns = "rowid, article_id, rule_id, count"
        connection.executemany(f"INSERT INTO removed ({columns}) VALUES (?, ?, ?, ?)", rows)  # noqa: S608
        connection.commit()
    content = bytearray(path.read_bytes())
    number = content.index(b"key8") - 8  # before the seven bytes that say what the row holds
    assert content[number] == 8
    content[number] = 3
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as connection:
        found = list(each_row(connection, "removed", ("article_id", "rule_id")))
    assert [row.row if isinstance(row, Lost) else row[0] for row in found] == [
        *(f"key{number}" for number in range(1, 8)),
        3,
    ]
