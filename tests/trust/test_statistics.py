"""SQLite's statistics in a file, by which whoever hands it on may have all of it read slowly."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.database import holds_statistics
from tests.archive.specimens import make_article

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

_ASKED = "EXPLAIN QUERY PLAN SELECT count FROM removed WHERE article_id = ?"

_SHARED = """
UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'articles')
WHERE name = 'sqlite_stat1'
"""


def _forge(path: Path, stat: str) -> None:
    """Let each index say of its rows what `stat` says, and each table that it has one row."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ANALYZE")
        indexes = connection.execute("SELECT tbl_name, name FROM sqlite_master WHERE type='index'")
        rows = [(table, index, stat) for table, index in indexes.fetchall()]
        rows += [(table, None, "1") for table in {table for table, *_ in rows}]
        connection.execute("DELETE FROM sqlite_stat1")
        connection.executemany("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", rows)


def _plan(archive: Archive) -> str:
    return str(archive.connection.execute(_ASKED, ("x",)).fetchone()[-1])


@pytest.fixture
def path(folder: Path) -> Path:
    path = folder / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article())
    return path


@pytest.mark.parametrize("stat", ["2 2 2 2 2 2", "1000000 1000000 1000000 1000000 unordered"])
def test_who_writes_takes_forged_statistics_out_and_goes_by_indexes(path: Path, stat: str) -> None:
    _forge(path, stat)
    with Archive.open(path, read_only=True) as archive:
        assert holds_statistics(archive.connection)
        assert _plan(archive).startswith("SCAN")
    with Archive.open(path) as archive:
        assert not holds_statistics(archive.connection)
        assert _plan(archive).startswith("SEARCH")
        assert list(archive.audit(today="2026-11-30")) == []
    with Archive.open(path, read_only=True) as archive:
        assert _plan(archive).startswith("SEARCH")


def test_statistics_that_are_damaged_are_left_to_the_audit(path: Path) -> None:
    _forge(path, "1 1")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(_SHARED)
    with Archive.open(path) as archive:
        assert archive.get(make_article().id)


def test_audit_and_merge_say_what_may_slow_them_and_how_to_mend_it(
    crawler: Crawler, path: Path
) -> None:
    _forge(path, "2 2 2 2 2 2")
    told = "audit --fix"
    for command in (("audit",), ("--db", str(path.parent / "new.db"), "merge", str(path))):
        done = crawler(*command)
        assert done.exit_code == 0
        assert "sqlite_stat1" in done.stderr
        assert told in done.stderr
    assert "sqlite_stat1" not in crawler("audit", "--fix").stderr
    assert "sqlite_stat1" not in crawler("audit").stderr
