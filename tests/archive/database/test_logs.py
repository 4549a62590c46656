"""A write-ahead log beside a database of which it is not."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.errors import ArchiveError
from tests.archive.specimens import make_article

if TYPE_CHECKING:
    from pathlib import Path


def _leave_log(path: Path, statements: str, log: Path) -> None:
    """Write with a log, and take that before SQLite folds it in."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(statements)
        shutil.copy(f"{path}-wal", log)


@pytest.mark.parametrize("mode", ["to read", "to write"])
@pytest.mark.parametrize("other", ["an archive", "another database"])
def test_a_log_of_another_file_is_named_and_not_folded_in(
    tmp_path: Path, other: str, mode: str
) -> None:
    path, log = tmp_path / "archive.db", tmp_path / "archive.db-wal"
    with Archive.open(path) as archive:
        archive.save(make_article())
    if other == "an archive":
        shutil.copy(path, tmp_path / "other.db")
        with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
            connection.executescript(_LARGER)
    _leave_log(tmp_path / "other.db", "CREATE TABLE t (x); INSERT INTO t VALUES (1);", log)
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="but not with the -wal beside it") as caught:
        Archive.open(path, read_only=mode == "to read")
    assert "put the -wal" in caught.value.advice
    assert path.read_bytes() == before
    log.unlink()
    with Archive.open(path, read_only=mode == "to read") as archive:
        assert archive.get(make_article().id)


_LARGER = """
DROP INDEX articles_date; CREATE TABLE notes (x); INSERT INTO notes VALUES (zeroblob(900000));
CREATE INDEX articles_date ON articles (date); DROP TABLE events; CREATE TABLE events (id);
"""


def test_a_log_of_its_own_is_read_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article())
    shutil.copy(path, tmp_path / "same.db")
    changed = "UPDATE articles SET title = '潮声';"
    _leave_log(tmp_path / "same.db", changed, tmp_path / "copy.db-wal")
    shutil.copy(path, tmp_path / "copy.db")
    with Archive.open(tmp_path / "copy.db", read_only=True) as archive:
        record = archive.get(make_article().id)
    assert record
    assert record.title == "潮声"
