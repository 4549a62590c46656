"""What bringing an archive up to date promises.

Every version ever made opens, after a backup, with all it had.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from crawler.archive.archive import Archive, Change
from crawler.archive.database import opening
from crawler.archive.database.migrations import LEDGER
from crawler.archive.database.schema import MIGRATIONS, version_of
from crawler.errors import ArchiveError
from tests.archive.specimens import ID, make_article, make_page, tables_of

VERSIONS = sorted(
    (Path(__file__).parent.parent / "versions").glob("*.sql"), key=lambda dump: int(dump.stem)
)
with closing(sqlite3.connect(":memory:")) as empty:
    LATEST = len(MIGRATIONS.pending(empty))


def _restored(dump: Path, folder: Path) -> Path:
    path = folder / "archive.db"
    with closing(sqlite3.connect(path)) as database:
        database.executescript(dump.read_text(encoding="utf-8"))
    return path


def _same_rows(after: list[tuple[Any, ...]], before: list[tuple[Any, ...]]) -> bool:
    """Whether the rows are the same, but for columns that were added behind the older ones."""
    width = len(before[0]) if before else 0
    return sorted((row[:width] for row in after), key=repr) == before


def test_the_ledger_of_migrations_is_as_sqlite_utils_makes_it() -> None:
    with closing(sqlite_utils.Database(memory=True)) as database:
        sqlite_utils.Migrations("any").apply(database)
        made = database.execute("SELECT sql FROM sqlite_master WHERE sql <> ''").fetchall()
    assert [sql for (sql,) in made] == list(LEDGER)


def test_what_migrations_make_at_once_is_what_they_make_one_by_one(tmp_path: Path) -> None:
    objects = "SELECT type, name, sql FROM sqlite_master ORDER BY rowid"
    with closing(sqlite3.connect(":memory:")) as made:
        MIGRATIONS.make(made)
        with Archive.open(tmp_path / "archive.db", ngram=None) as archive:
            applied = archive.database.execute(objects).fetchall()
        assert made.execute(objects).fetchall() == applied


def test_there_is_a_specimen_of_every_version() -> None:
    assert [int(dump.stem) for dump in VERSIONS] == list(range(1, LATEST + 1))


@pytest.mark.parametrize("dump", VERSIONS, ids=lambda dump: dump.stem)
def test_an_archive_of_any_version_opens_with_all_it_had(dump: Path, tmp_path: Path) -> None:
    path = _restored(dump, tmp_path)
    with closing(sqlite_utils.Database(path)) as old:
        before = tables_of(old)
    with Archive.open(path) as archive:
        assert version_of(archive.database.conn) == LATEST
        after = tables_of(archive.database)
        assert all(_same_rows(after[name], before[name]) for name in before)
        assert archive.save(replace(make_article(), cleaner_version=1)) is Change.UNCHANGED
        assert archive.save(make_page(fetch_date="2026-09-09T00:00:00")) is Change.UPDATED
        assert archive.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        assert [hit.id for hit in archive.search("灯塔")]


@pytest.mark.parametrize("dump", VERSIONS[:-1], ids=lambda dump: dump.stem)
def test_an_older_archive_is_backed_up_before_it_is_brought_up_to_date(
    dump: Path, tmp_path: Path
) -> None:
    path = _restored(dump, tmp_path)
    Archive.open(path).close()
    backup = path.with_name(f"archive.db.bak-{dump.stem}")
    with closing(sqlite_utils.Database(backup)) as kept:
        assert version_of(kept.conn) == int(dump.stem)
        assert kept["articles"].count == 3
        assert kept.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    content = backup.read_bytes()
    Archive.open(path).close()
    assert backup.read_bytes() == content


def test_whoever_backs_an_older_archive_up_has_the_turn_to_write_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _restored(VERSIONS[0], tmp_path)
    refused: list[str] = []

    def part_of(target: Path) -> Path:
        with (
            closing(sqlite3.connect(path, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError) as locked,
        ):
            other.execute("BEGIN IMMEDIATE")
        refused.append(str(locked.value))
        return target.with_name("part")

    monkeypatch.setattr(opening, "part_of", part_of)
    Archive.open(path).close()
    assert refused == ["database is locked"]
    assert (tmp_path / "archive.db.bak-1").is_file()


def test_a_backup_that_cannot_be_written_is_told_in_words_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _restored(VERSIONS[0], tmp_path)
    monkeypatch.setattr(opening, "part_of", lambda _: tmp_path / "nowhere" / "part")
    with pytest.raises(ArchiveError, match="bak-1"):
        Archive.open(path)
    with closing(sqlite3.connect(path)) as database:
        assert version_of(database) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["archive.db"]


def test_an_archive_of_this_version_is_not_backed_up(tmp_path: Path) -> None:
    path = _restored(VERSIONS[-1], tmp_path)
    Archive.open(path).close()
    assert [file.name for file in tmp_path.iterdir()] == ["archive.db"]


def test_an_older_archive_is_not_changed_by_who_only_looks(tmp_path: Path) -> None:
    path = _restored(VERSIONS[0], tmp_path)
    before = path.read_bytes()
    with pytest.raises(ArchiveError, match="older version"):
        Archive.open(path, read_only=True)
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_archive_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _restored(VERSIONS[0], tmp_path)
    Archive.open(tmp_path / "other.db").close()  # our own tables are made once, to compare with
    monkeypatch.setattr(
        "crawler.archive.database.schema.PICTURES",
        ("CREATE TABLE images (x)", "CREATE TABLE nonsense"),
    )
    with pytest.raises(ArchiveError, match="SQLite says"):
        Archive.open(path)
    monkeypatch.undo()
    with Archive.open(path) as archive:
        assert archive.find(ID) == ID
        assert version_of(archive.database.conn) == LATEST


def test_a_table_of_a_persons_own_that_is_in_the_way_is_named_and_kept(tmp_path: Path) -> None:
    path = _restored(VERSIONS[12], tmp_path)
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE stories AS SELECT 'mine' AS text")
        database.commit()
    with pytest.raises(ArchiveError, match=r"table stories already exists.*rename-table"):
        Archive.open(path)
    with closing(sqlite_utils.Database(path)) as database:
        assert version_of(database.conn) == 13
        database.execute("ALTER TABLE stories RENAME TO my_stories")
    with Archive.open(path) as archive:
        assert archive.find(ID) == ID
        assert list(archive.database["my_stories"].rows) == [{"text": "mine"}]
