"""An archive can be copied, put back, and saved out of a file that is damaged."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive, back_up, backups, restore, save_readable
from crawler.archive.database import as_they_stand, connect
from crawler.archive.files import alone, capture_token
from crawler.archive.lines import each_line
from crawler.archive.saving import arrival_of
from crawler.archive.search import SEARCH_STATEMENTS
from crawler.article import Origin, sha256
from crawler.errors import ArchiveError, CrawlerError
from tests.archive.journals import held_until_told
from tests.archive.specimens import ID, make_article, make_page, tables_of
from tests.trust.damage import PAGE, empty_indexes
from tests.trust.faults import Fault, once

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlite_utils import Database

    from crawler.archive.database import ArchiveConnection

TODAY = "2026-11-23"
VERSIONS = sorted(
    (Path(__file__).parent.parent / "archive" / "versions").glob("*.sql"),
    key=lambda dump: int(dump.stem),
)


def _numbered(number: int) -> str:
    return f"https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid={2650000100 + number}&idx=1"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two hundred articles."""
    path = tmp_path_factory.mktemp("made") / "archive.db"
    with Archive.open(path) as archive:
        archive.save_all([arrival_of(make_article(_numbered(number))) for number in range(200)])
        archive.save(make_page(), snapshot=b"<html></html>")
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with as a test likes."""
    return shutil.copyfile(made, tmp_path / "archive.db")


def _contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows for name, rows in tables_of(database).items() if name != "events"}


def test_a_backup_holds_what_the_archive_holds(path: Path, tmp_path: Path) -> None:
    assert back_up(path, tmp_path / "copy.db") == 201
    with Archive.open(path) as archive, Archive.open(tmp_path / "copy.db") as copy:
        assert tables_of(copy.database) == tables_of(archive.database)


def test_a_backup_takes_no_files_place_unasked(path: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("mine", encoding="utf-8")
    with pytest.raises(ArchiveError, match="is there already"):
        back_up(path, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "mine"
    assert back_up(path, tmp_path / "copy.db", overwrite=True) == 201


def test_a_backup_below_a_file_is_an_error_in_words(path: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("notes", encoding="utf-8")
    with pytest.raises(ArchiveError):
        back_up(path, tmp_path / "mine" / "backup.db")
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "notes"


def test_an_archive_under_another_name_is_no_place_for_its_backup(
    path: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.db").symlink_to(path)
    for name in ("folder/../archive.db", "link.db"):
        with pytest.raises(ArchiveError, match="the archive itself"):
            back_up(path, tmp_path / name, overwrite=True)


def test_a_file_of_a_persons_own_beside_a_copy_stays(path: Path, tmp_path: Path) -> None:
    names = ("copy.db.part", "archive.db.restoring", "archive.db.restoring.part")
    for name in names:
        (tmp_path / name).write_text("mine", encoding="utf-8")
    assert back_up(path, tmp_path / "copy.db") == 201
    assert restore(path, tmp_path / "copy.db")[0] == 201
    assert {(tmp_path / name).read_text(encoding="utf-8") for name in names} == {"mine"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_two_who_copy_to_one_place_at_once_are_told_so(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with alone(copy), pytest.raises(ArchiveError, match="another run"):
        back_up(path, copy)
    assert not copy.exists()
    assert back_up(path, copy) == 201
    before = path.read_bytes()
    with alone(path), pytest.raises(ArchiveError, match="another run"):
        restore(path, copy)
    assert path.read_bytes() == before
    assert restore(path, copy)[0] == 201
    saved = tmp_path / "saved.db"
    with alone(saved), pytest.raises(ArchiveError, match="another run"):
        save_readable(path, saved)
    assert save_readable(path, saved).rows["articles"] == 201
    (tmp_path / ".copy.db.crawler-lock").touch()  # of a run that was killed
    assert back_up(path, copy, overwrite=True) == 201
    assert not list(tmp_path.glob(".*"))


def test_a_link_to_an_archive_still_leads_there_after_a_restore(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    link = tmp_path / "link.db"
    link.symlink_to(path)
    restore(link, tmp_path / "copy.db")
    assert link.is_symlink()
    with Archive.open(link) as archive:
        assert archive.count() == 201


def test_whoever_backs_up_an_archive_that_is_being_written_is_told_so_and_waits(
    path: Path, tmp_path: Path
) -> None:
    with held_until_told(path) as (told, end):
        assert back_up(path, tmp_path / "copy.db", on_wait=end) == 201
    assert told == [60]


def test_a_damaged_archive_gives_no_backup_and_spoils_none(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    sound = (tmp_path / "copy.db").read_bytes()
    content = bytearray(path.read_bytes())
    content[5 * PAGE : 9 * PAGE] = bytes(4 * PAGE)
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="damaged"):
        back_up(path, tmp_path / "copy.db", overwrite=True)
    assert (tmp_path / "copy.db").read_bytes() == sound
    assert not list(tmp_path.glob(".*-part"))


def test_a_restore_keeps_what_it_replaces(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    path.write_bytes(b"nothing of ours")
    articles, kept = restore(path, tmp_path / "copy.db")
    assert articles == 201
    assert kept is not None
    assert kept.read_bytes() == b"nothing of ours"
    with Archive.open(path) as archive:
        assert archive.find(ID) == ID


def _gate(path: Path, **known: float | str) -> None:
    with Archive.open(path) as archive:
        archive.pace.exchange("mp.weixin.qq.com", lambda _: (known, None))


def _gates(path: Path) -> dict[str, object]:
    with Archive.open(path, read_only=True) as archive:
        return dict(archive.pace.by_host())


def test_a_restore_forgets_no_stop_that_a_server_asked_for_since_the_backup(
    path: Path, tmp_path: Path
) -> None:
    _gate(path, started_at=1000.0, used=3)
    back_up(path, tmp_path / "copy.db")
    _gate(path, started_at=2000.0, used=9, trips=1, closed_until=5600.0, why="verification")
    stopped = _gates(path)
    restore(path, tmp_path / "copy.db")
    assert _gates(path) == stopped
    with Archive.open(path) as archive:
        assert not list(archive.audit(today=TODAY))


def test_a_restore_takes_no_older_gate_and_none_of_what_it_cannot_read(
    path: Path, tmp_path: Path
) -> None:
    _gate(path, started_at=1000.0, used=3)
    shutil.copy(path, tmp_path / "older.db")
    _gate(path, started_at=2000.0, used=9, trips=1, closed_until=5600.0, why="verification")
    stopped = _gates(path)
    back_up(path, tmp_path / "copy.db")
    shutil.copy(tmp_path / "older.db", path)
    restore(path, tmp_path / "copy.db")
    assert _gates(path) == stopped
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TABLE pace")
    restore(path, tmp_path / "copy.db")
    assert _gates(path) == stopped


def test_a_restore_brings_no_damage_of_the_gate_that_it_replaces(
    path: Path, tmp_path: Path
) -> None:
    _gate(path, started_at=1000.0, used=3)
    kept = _gates(path)
    back_up(path, tmp_path / "copy.db")
    _gate(path, started_at=2000.0, used=9, trips=1, closed_until=5600.0, why="verification")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE pace SET started_at = 'abc', closed_until = x'ff'")
        database.execute("INSERT INTO pace (host, started_at) VALUES ('a.example', 3000.0)")
    restore(path, tmp_path / "copy.db")
    assert _gates(path)["mp.weixin.qq.com"] == kept["mp.weixin.qq.com"]
    assert "a.example" in _gates(path)
    with Archive.open(path) as archive:
        assert not list(archive.audit(today=TODAY))


@pytest.mark.skipif(os.name != "posix", reason="no file is moved there while it is open")
def test_a_run_whose_archive_is_put_aside_by_a_restore_is_told_so(
    path: Path, tmp_path: Path
) -> None:
    back_up(path, tmp_path / "copy.db")
    with Archive.open(path) as archive:
        restore(path, tmp_path / "copy.db")
        with pytest.raises(ArchiveError, match="another was put in its place"):
            archive.save(make_article(_numbered(900)))
    with Archive.open(path) as archive:
        assert archive.count() == 201
        assert list(archive.audit(today=TODAY)) == []


@pytest.mark.skipif(os.name != "posix", reason="no file is moved there while it is open")
def test_a_restore_in_the_middle_of_a_transaction_ends_that(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")

    def save_and_restore(archive: Archive) -> None:
        with archive.transaction():
            archive.save(make_article(_numbered(900)))
            restore(path, tmp_path / "copy.db")

    with Archive.open(path) as archive:
        with pytest.raises(ArchiveError, match="another was put in its place"):
            save_and_restore(archive)
        assert archive.count() == 201
    with Archive.open(tmp_path / "archive.db.replaced-1") as archive:
        assert archive.count() == 201
        assert list(archive.audit(today=TODAY)) == []


@pytest.mark.skipif(os.name != "posix", reason="no file is moved there while it is open")
def test_a_run_whose_archive_was_removed_is_told_so(path: Path) -> None:
    with Archive.open(path) as archive:
        path.unlink()
        with pytest.raises(ArchiveError, match="was moved away"):
            archive.save(make_article(_numbered(900)))
    assert not path.exists()


def test_a_full_disk_is_told_of_what_was_to_be_written(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.db"
    back_up(path, copy)

    def connect_to_full_disk(path: Path, *, read_only: bool, **_: object) -> ArchiveConnection:
        connection = connect(path, read_only=read_only)
        if not read_only:
            connection.execute("PRAGMA max_page_count = 2")
        return connection

    monkeypatch.setattr(backups, "connect", connect_to_full_disk)
    with pytest.raises(ArchiveError, match="the disk is full") as told:
        restore(path, copy)
    assert told.value.subject == str(path)
    with pytest.raises(ArchiveError, match="the disk is full") as told:
        back_up(path, tmp_path / "other.db")
    assert told.value.subject == str(tmp_path / "other.db")
    assert not list(tmp_path.glob(".*-part"))


def test_a_backup_is_one_file_and_stays_one_when_it_is_read(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "backups.db")
    with Archive.open(tmp_path / "backups.db", read_only=True) as archive:
        assert archive.count() == 201
        assert list(tmp_path.glob("*backups.db*")) == [tmp_path / "backups.db"]
    restore(tmp_path / "new.db", tmp_path / "backups.db")
    assert list(tmp_path.glob("*new.db*")) == [tmp_path / "new.db"]


def test_a_backup_takes_nothing_from_the_log_of_the_one_that_it_replaces(
    path: Path, tmp_path: Path
) -> None:
    copy, log = tmp_path / "copy.db", tmp_path / "copy.db-wal"
    back_up(path, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE articles SET title = 'of yesterday'")
        left = log.read_bytes()
    log.write_bytes(left)
    back_up(path, copy, overwrite=True)
    with Archive.open(copy) as archive:
        of_yesterday = "SELECT count(*) FROM articles WHERE title = 'of yesterday'"
        assert archive.connection.execute(of_yesterday).fetchone() == (0,)
        assert list(archive.audit(today=TODAY)) == []


def test_what_is_put_aside_has_all_that_its_log_alone_had(path: Path, tmp_path: Path) -> None:
    back_up(path, tmp_path / "copy.db")
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("UPDATE articles SET title = 'of today'")
        log = path.with_name("archive.db-wal").read_bytes()
    path.write_bytes((tmp_path / "copy.db").read_bytes())
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
    path.with_name("archive.db-wal").write_bytes(log)
    _, kept = restore(path, tmp_path / "copy.db")
    assert kept is not None
    assert list(tmp_path.glob("archive.db.replaced-1*")) == [kept]
    with closing(sqlite3.connect(kept)) as aside:
        assert aside.execute("SELECT DISTINCT title FROM articles").fetchall() == [("of today",)]


def test_a_copy_that_cannot_be_made_is_told_by_the_name_that_it_was_to_have(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(path, tmp_path / "copy.db")

    def connect_to_read(path: Path, *, read_only: bool, **_: object) -> ArchiveConnection:
        if not read_only:
            raise ArchiveError(str(path), "cannot be opened", "check its folder")
        return connect(path, read_only=True)

    monkeypatch.setattr(backups, "connect", connect_to_read)
    with pytest.raises(ArchiveError, match="cannot be opened; check its folder") as told:
        restore(path, tmp_path / "copy.db")
    assert told.value.subject == str(path)


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_log_that_an_archive_left_is_none_of_the_restored_one(
    path: Path, tmp_path: Path, ending: str
) -> None:
    back_up(path, tmp_path / "copy.db")
    path.unlink()
    path.with_name(f"archive.db{ending}").write_bytes(b"old")
    assert restore(path, tmp_path / "copy.db") == (201, None)
    assert not path.with_name(f"archive.db{ending}").exists()
    assert path.with_name(f"archive.db.replaced-1{ending}").read_bytes() == b"old"


def test_nothing_is_restored_from_what_is_no_sound_archive(path: Path, tmp_path: Path) -> None:
    before = path.read_bytes()
    (tmp_path / "copy.db").write_bytes(before[: len(before) // 2])
    with pytest.raises(ArchiveError):
        restore(path, tmp_path / "copy.db")
    assert path.read_bytes() == before


@pytest.mark.parametrize("read_only", [False, True])
def test_no_archive_is_begun_in_the_place_of_one_whose_restore_was_killed(
    path: Path, tmp_path: Path, *, read_only: bool
) -> None:
    back_up(path, tmp_path / "copy.db")
    path.rename(tmp_path / "archive.db.replaced-1")
    shutil.copy(tmp_path / "copy.db", tmp_path / ".archive.db.crawler-restoring")
    with pytest.raises(ArchiveError, match="run crawler restore BACKUP again"):
        Archive.open(path, read_only=read_only)
    assert not path.exists()
    assert restore(path, tmp_path / "copy.db") == (201, None)
    assert not list(tmp_path.glob(".*"))
    with Archive.open(path) as archive:
        assert archive.count() == 201


def test_a_sound_archive_is_salvaged_whole(path: Path, tmp_path: Path) -> None:
    saved = save_readable(path, tmp_path / "new.db")
    assert (saved.lost, saved.others) == ([], [])
    with Archive.open(path) as archive, Archive.open(tmp_path / "new.db") as new:
        assert _contents(new.database) == _contents(archive.database)
        assert len(new.search("灯塔", limit=300)) == len(archive.search("灯塔", limit=300))
        assert list(new.audit(today=TODAY)) == []


def test_a_salvage_of_which_nothing_can_come_sends_nobody_to_itself(
    path: Path, tmp_path: Path
) -> None:
    content = bytearray(path.read_bytes())
    content[100] ^= 8  # what kind of page the list of tables begins with
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="nothing can be saved of it: put a backup") as told:
        save_readable(path, tmp_path / "new.db")
    assert "--salvage" not in str(told.value)
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize("dump", VERSIONS, ids=lambda dump: dump.stem)
def test_an_archive_of_any_version_is_salvaged_as_if_it_had_been_brought_up_to_date(
    dump: Path, tmp_path: Path
) -> None:
    for name in ("old.db", "migrated.db"):
        with closing(sqlite3.connect(tmp_path / name)) as database:
            database.executescript(dump.read_text(encoding="utf-8"))
    saved = save_readable(tmp_path / "old.db", tmp_path / "new.db")
    assert (saved.lost, saved.others) == ([], [])
    with (
        Archive.open(tmp_path / "migrated.db") as migrated,
        Archive.open(tmp_path / "new.db") as new,
    ):
        ours, theirs = tables_of(new.database), tables_of(migrated.database)
        assert {**ours, "pace": []} == {**theirs, "pace": []}
        [(pace, before)] = zip(
            new.database["pace"].rows, migrated.database["pace"].rows, strict=True
        )
        assert pace.items() <= before.items()  # which has columns of nobody's
        assert [hit.id for hit in new.search("灯塔")] == [hit.id for hit in migrated.search("灯塔")]


@pytest.mark.parametrize("lost", ["name > '0009'", "name < '0015'", "1", "name <> '0011_mentions'"])
def test_an_archive_that_lost_what_tells_its_version_is_salvaged_whole(
    path: Path, tmp_path: Path, lost: str
) -> None:
    with Archive.open(path) as archive:
        key = next(archive.records()).id
        archive.personal.note(key, "mine", at=TODAY)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"DELETE FROM _sqlite_migrations WHERE {lost}")  # noqa: S608
        database.commit()
    saved = save_readable(path, tmp_path / "new.db")
    assert (saved.lost, saved.rows["articles"]) == ([], 201)
    with Archive.open(tmp_path / "new.db") as new:
        assert [row["text"] for row in new.database["reader_notes"].rows] == ["mine"]


@pytest.mark.parametrize(
    ("table", "column"),
    [("articles", "digest"), ("articles", "place"), ("revisions", "at"), ("urls", "canonical")],
)
def test_rows_that_lack_a_column_are_saved_with_all_others(
    path: Path, tmp_path: Path, table: str, column: str
) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"ALTER TABLE {table} RENAME COLUMN {column} TO theirs")
    saved = save_readable(path, tmp_path / "new.db")
    assert [(lost.table, lost.why) for lost in saved.lost] == [
        (table, f"column {column} is missing, and empty in each row")
    ]
    with Archive.open(path.with_name("new.db")) as new:
        assert (new.count(), new.database["revisions"].count) == (201, 201)
        assert list(new.database.query(f"SELECT DISTINCT {column} AS found FROM {table}")) == [  # noqa: S608
            {"found": ""}
        ]
        assert len(new.search("灯塔", limit=300)) == 201


def test_rows_without_what_tells_them_apart_are_lost_in_words(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("ALTER TABLE removed RENAME COLUMN rule_id TO theirs")
    saved = save_readable(path, tmp_path / "new.db")
    assert [(lost.table, lost.why) for lost in saved.lost] == [
        ("removed", "column rule_id is missing, and empty in each row"),
        ("removed", "the table cannot be read (lacks rule_id)"),
    ]


def test_what_can_be_read_of_a_damaged_archive_is_saved_and_the_rest_is_named(
    path: Path, tmp_path: Path
) -> None:
    root = _first_leaf(path)
    content = bytearray(path.read_bytes())
    content[(root - 1) * PAGE : root * PAGE] = b"\xff" * PAGE
    path.write_bytes(content)
    saved = save_readable(path, tmp_path / "new.db")
    hurt = [lost for lost in saved.lost if lost.table == "articles" and lost.row]
    assert 0 < len(hurt) < 100
    anew = [lost.why for lost in saved.lost if "made anew of its best text" in lost.why]
    assert len(anew) == len(hurt)
    with Archive.open(tmp_path / "new.db") as new:
        assert new.database["articles"].count == saved.rows["articles"] == 201
        assert new.database.conn.execute("PRAGMA foreign_key_check").fetchall() == []
        found = {finding.check for finding in new.audit(today=TODAY)}
        assert not found & {"integrity", "row", "schema"}


def _leaves(path: Path, table: str) -> list[int]:
    """The pages of a table, or an index, that hold its rows, where those lead to no others."""
    with closing(sqlite3.connect(path)) as database:
        asked = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (root,) = database.execute(asked, (table,)).fetchone()
    page = path.read_bytes()[(root - 1) * PAGE : root * PAGE]
    assert page[0] in {2, 5}
    cells = range(12, 12 + 2 * int.from_bytes(page[3:5]), 2)
    places = [int.from_bytes(page[cell : cell + 2]) for cell in cells]
    return [int.from_bytes(page[place : place + 4]) for place in (*places, 8)]


def _place_of_number(page: bytes | bytearray, cell: int) -> int:
    """Where in a leaf the number of a row stands, behind the bytes that tell its size."""
    at = int.from_bytes(page[8 + 2 * cell : 10 + 2 * cell])
    return at + next(place for place in range(9) if page[at + place] < 0x80) + 1


def _change_number(content: bytearray, leaves: list[int], bit: int) -> None:
    start = (leaves[1] - 1) * PAGE
    content[start + _place_of_number(content[start : start + PAGE], 1)] ^= bit


def _swap_leaves(content: bytearray, leaves: list[int]) -> None:
    one, two = (slice((leaf - 1) * PAGE, leaf * PAGE) for leaf in (leaves[1], leaves[-2]))
    content[one], content[two] = content[two], content[one]


@pytest.mark.parametrize("table", ["articles", "urls", "events", "revisions"])
@pytest.mark.parametrize(
    "damage",
    [
        _swap_leaves,
        *(partial(_change_number, bit=1 << place) for place in range(6)),
    ],
)
def test_rows_that_are_not_in_the_order_of_their_numbers_are_saved_all_the_same(
    path: Path, tmp_path: Path, table: str, damage: Callable[[bytearray, list[int]], None]
) -> None:
    with Archive.open(path, read_only=True) as archive:
        before = _contents(archive.database)
        looks = archive.database["events"].count
    content = bytearray(path.read_bytes())
    damage(content, _leaves(path, table))
    path.write_bytes(content)
    saved = save_readable(path, tmp_path / "new.db")
    assert "not in the order of their numbers" in " ".join(lost.why for lost in saved.lost)
    with Archive.open(tmp_path / "new.db") as new:
        assert _contents(new.database) == before
        assert new.database["events"].count == looks


def test_a_low_number_before_what_cannot_be_read_is_no_place_to_begin_again(path: Path) -> None:
    """Each of a thousand tries read the whole table, for hours where it is large."""
    content = bytearray(path.read_bytes())
    leaves = _leaves(path, "events")
    start, unread = (leaves[-3] - 1) * PAGE, (leaves[-2] - 1) * PAGE
    page = content[start : start + PAGE]
    at = start + _place_of_number(page, int.from_bytes(page[3:5]) - 2)
    content[at] = 0x80  # of two bytes, of which the other stays
    content[unread : unread + PAGE] = bytes(PAGE)
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as database:
        rows = [number for number, _ in as_they_stand(database, "events", ("url",))]
    assert len(rows) < 20 * len(set(rows))


@pytest.mark.parametrize("table", ["articles", "urls", "events", "revisions"])
def test_a_row_of_which_an_index_alone_is_left_is_told(
    path: Path, tmp_path: Path, table: str
) -> None:
    """As where a page is as it was before its last write, which never came to the disk."""
    with closing(sqlite3.connect(path)) as database:
        asked = f"SELECT count(*), max(rowid) FROM {table}"  # noqa: S608
        before, last = database.execute(asked).fetchone()
    content = bytearray(path.read_bytes())
    count = (_leaves(path, table)[-1] - 1) * PAGE + 4  # of the rows in the last page, its low byte
    content[count] -= 1
    path.write_bytes(content)
    saved = save_readable(path, tmp_path / "new.db")
    assert saved.rows[table] == before - (table != "articles")
    assert [lost.row for lost in saved.lost if lost.table == table and lost.row] == [last]


@pytest.mark.parametrize("table", ["urls", "revisions"])
def test_a_row_of_which_an_index_alone_is_left_is_told_though_one_is_damaged_too(
    path: Path, tmp_path: Path, table: str
) -> None:
    with closing(sqlite3.connect(path)) as database:
        before = database.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0]  # noqa: S608
        leaf = _leaves(path, table)[-1]
        hurt = _leaves(path, f"sqlite_autoindex_{table}_1")[-1]
    content = bytearray(path.read_bytes())
    content[(leaf - 1) * PAGE + 4] -= 1
    content[(hurt - 1) * PAGE : hurt * PAGE] = bytes(PAGE)
    path.write_bytes(content)
    saved = save_readable(path, tmp_path / "new.db")
    assert [lost.row for lost in saved.lost if lost.table == table and lost.row] == [before]


@pytest.mark.parametrize("table", ["articles", "urls", "events", "revisions", "reader_notes"])
def test_rows_that_no_index_has_are_saved(path: Path, tmp_path: Path, table: str) -> None:
    """As where the pages of these are as they were when they were made."""
    with Archive.open(path) as archive:
        archive.personal.note(next(archive.records()).id, "七秒", at="2026-01-02")
        before = _contents(archive.database)
    empty_indexes(path, table)
    save_readable(path, tmp_path / "new.db")
    with Archive.open(tmp_path / "new.db") as new:
        assert _contents(new.database) == before
        assert new.database["reader_notes"].count == 1


@pytest.mark.parametrize(
    ("table", "is_index_old"),
    [("articles", False), ("urls", False), ("events", False), ("revisions", False), ("urls", True)],
)
def test_of_a_damaged_end_of_a_table_no_rows_are_told_that_were_never_there(
    path: Path, tmp_path: Path, *, table: str, is_index_old: bool
) -> None:
    """Where an index was not written, those before that end are saved all the same."""
    with closing(sqlite3.connect(path)) as database:
        (last,) = database.execute(f"SELECT max(rowid) FROM {table}").fetchone()  # noqa: S608
    if is_index_old:
        empty_indexes(path, table)
    content = bytearray(path.read_bytes())
    start = (_leaves(path, table)[-1] - 1) * PAGE
    in_page = int.from_bytes(content[start + 3 : start + 5])
    content[start : start + PAGE] = bytes(PAGE)
    path.write_bytes(content)
    saved = save_readable(path, tmp_path / "new.db")
    is_anew = table == "articles"
    assert saved.rows[table] == last - in_page * (not is_anew)
    if not is_index_old:
        unread = [lost.row for lost in saved.lost if lost.table == table and lost.row]
        assert unread == [*range(last - in_page + 1, last + 1)]


def test_rows_to_which_a_damaged_number_leads_nobody_are_saved(path: Path, tmp_path: Path) -> None:
    """Beside a row that cannot be read, for which those near it are asked for a few at a time."""
    with Archive.open(path, read_only=True) as archive:
        asked = "SELECT rootpage FROM sqlite_master WHERE name = 'revisions'"
        (root,) = archive.database.execute(asked).fetchone()
        before = archive.database["revisions"].count
    leaf = _leaves(path, "revisions")[1]
    content = bytearray(path.read_bytes())
    page = content[(leaf - 1) * PAGE : leaf * PAGE]
    last = 6 + 2 * int.from_bytes(page[3:5])  # where the place of its last row stands
    content[(leaf - 1) * PAGE + int.from_bytes(page[last : last + 2])] = 0xFF  # of its length
    page = content[(root - 1) * PAGE : root * PAGE]
    at = int.from_bytes(page[14:16]) + 4  # of the same leaf the highest number
    content[(root - 1) * PAGE + at] -= 9
    path.write_bytes(content)
    saved = save_readable(path, tmp_path / "new.db")
    # without that row, and the one before it: sqlite3 looks at the next before it gives one
    assert before - 2 <= saved.rows["revisions"] == before - len(saved.lost) < before


@pytest.mark.parametrize("table", ["urls", "events"])
def test_a_number_that_took_the_byte_behind_it_hides_few_rows_behind_it(
    path: Path, tmp_path: Path, table: str
) -> None:
    with Archive.open(path, read_only=True) as archive:
        before = archive.database[table].count
    content = bytearray(path.read_bytes())
    _change_number(content, _leaves(path, table), 0x80)
    path.write_bytes(content)
    save_readable(path, tmp_path / "new.db")
    with Archive.open(tmp_path / "new.db") as new:
        assert before - 10 <= new.database[table].count <= before


@pytest.mark.parametrize(
    "damage",
    [
        "body = body || CAST(x'e5' AS TEXT)",
        "author = CAST(author AS BLOB)",
        "digest = CAST(x'ff41' AS TEXT)",
    ],
)
def test_an_article_of_which_a_letter_is_damaged_is_saved_with_all_that_hangs_on_it(
    path: Path, tmp_path: Path, damage: str
) -> None:
    with Archive.open(path) as archive:
        before = next(archive.records())
        archive.personal.note(before.id, "mine", at=TODAY)
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"UPDATE articles SET {damage} WHERE id = ?", (before.id,))  # noqa: S608
        database.commit()
    [lost] = save_readable(path, tmp_path / "new.db").lost
    assert (lost.table, lost.why.partition("; ")[2]) == ("articles", "all else of it is saved")
    with Archive.open(tmp_path / "new.db") as new:
        assert [row["text"] for row in new.database["reader_notes"].rows] == ["mine"]
        assert new.get(before.id) in (before, replace(before, digest="\ufffdA"))
        assert list(new.audit(today=TODAY)) == []


@pytest.mark.parametrize("letter", [b"V", b"\xd4"])
@pytest.mark.parametrize("part", [b"VIEW deaths", b"TRIGGER search_update", b"TABLE pace"])
def test_articles_are_saved_though_another_part_of_the_archive_is_damaged(
    path: Path, tmp_path: Path, part: bytes, letter: bytes
) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE " + part, b"CREA" + letter + b"E " + part))
    with pytest.raises(ArchiveError, match="is damaged"):
        Archive.open(path)
    assert save_readable(path, tmp_path / "new.db").rows["articles"] == 201
    with Archive.open(tmp_path / "new.db") as new:
        assert list(new.audit(today=TODAY)) == []


@pytest.mark.skipif(sqlite3.sqlite_version_info < (3, 37, 0), reason="it reads no such list")
def test_articles_whose_table_is_damaged_are_made_anew_of_what_hangs_on_them(
    path: Path, tmp_path: Path
) -> None:
    with Archive.open(path) as archive:
        before = {one.id: archive.get(one.id) for one in archive.records()}
        archive.personal.note(ID, "mine", at=TODAY)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE articles (", b"CREAVE TABLE articles ("))
    saved = save_readable(path, tmp_path / "new.db")
    assert saved.rows["articles"] == 201
    with Archive.open(tmp_path / "new.db") as new:
        assert [row["text"] for row in new.database["reader_notes"].rows] == ["mine"]
        for key, known in before.items():
            found = new.get(key)
            assert found
            assert known
            assert (found.title, found.body, found.url) == (known.title, known.body, known.url)


@pytest.mark.parametrize("table", ["removed", "revisions", "urls", "stories", "copies", "seeds"])
def test_without_any_one_table_the_rest_is_saved(path: Path, tmp_path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE articles SET body = body || '。'")  # and all are hurt
        database.execute(f"DROP TABLE {table}")
        database.commit()
    saved = save_readable(path, tmp_path / "new.db")
    assert saved.rows["articles"] == 201


def test_a_forgotten_article_of_which_an_old_page_holds_the_text_is_not_made_anew(
    path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO forgotten VALUES (?1, ?1, '2026-01-01')", [ID])
        database.execute("DELETE FROM articles WHERE id = ?", [ID])
        database.commit()
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE articles (", b"CREAVE TABLE articles ("))
    saved = save_readable(path, tmp_path / "new.db")
    assert saved.rows["articles"] == 200
    assert not any("made anew" in lost.why for lost in saved.lost if ID in lost.why)


def test_nothing_is_made_of_an_archive_of_which_no_article_can_be_read(
    path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.executescript("DELETE FROM urls; DELETE FROM revisions;")
    content = path.read_bytes()
    path.write_bytes(content.replace(b"CREATE TABLE articles (", b"CREAVE TABLE articles ("))
    with pytest.raises(ArchiveError, match="is damaged"):
        save_readable(path, tmp_path / "new.db")
    assert not list(tmp_path.glob("new.db*"))


@pytest.mark.parametrize("place", ["articles", "_sqlite_migrations"])
def test_a_view_that_never_ends_is_not_run_though_the_list_of_tables_calls_it_otherwise(
    path: Path, tmp_path: Path, place: str
) -> None:
    with closing(sqlite3.connect(path)) as database:
        names = [name for _, name, *_ in database.execute(f"PRAGMA table_info({place})")]
        rest = database.execute("SELECT * FROM sqlite_master").fetchall()
        database.execute("PRAGMA writable_schema = ON")
        database.execute("DELETE FROM sqlite_master")
        view = _ENDLESS.format(place, ", ".join(names), ", x" * len(names))
        for row in (("view", "other", "other", 0, view), *rest):
            database.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", row)
        database.commit()
    with suppress(ArchiveError):  # or it is not even looked at, where Python can say so
        assert save_readable(path, tmp_path / "new.db").rows["articles"] == 201


_ENDLESS = """\
CREATE VIEW {} (rowid, {}) AS WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x FROM n)
    SELECT x{} FROM n WHERE x < 0
"""


def test_a_text_that_is_not_damaged_is_saved_as_it_stands_though_a_sign_in_it_says_lost(
    path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE articles SET body = body || '\ufffd' WHERE state = 'ok'")
        database.commit()
        asked = "SELECT id, body FROM articles"
        before = database.execute(asked).fetchall()
    save_readable(path, tmp_path / "new.db")
    with closing(sqlite3.connect(tmp_path / "new.db")) as new:
        assert new.execute(asked).fetchall() == before


@pytest.mark.parametrize("is_written", [False, True])
def test_a_text_in_which_a_bit_made_another_letter_of_one_is_that_of_its_revision(
    path: Path, tmp_path: Path, *, is_written: bool
) -> None:
    """But not where a program wrote it, as somebody who puts a year right."""
    with Archive.open(path):
        pass  # what is new is in the index by now
    with closing(sqlite3.connect(path)) as database, database:
        (before,) = database.execute("SELECT body FROM articles WHERE id = ?", (ID,)).fetchone()
        changed = before[:-3] + chr(ord(before[-3]) ^ 1) + before[-2:]
        if not is_written:
            database.execute("DROP TRIGGER search_update")
        database.execute("UPDATE articles SET body = ? WHERE id = ?", (changed, ID))
        if not is_written:
            database.execute(SEARCH_STATEMENTS["search_update"])
    saved = save_readable(path, tmp_path / "new.db")
    [told] = saved.lost
    assert ID in told.why
    with Archive.open(tmp_path / "new.db") as new:
        asked = "SELECT body FROM articles WHERE id = ?"
        shown = changed if is_written else before
        assert new.connection.execute(asked, (ID,)).fetchone() == (shown,)
        assert [one.check for one in new.audit(today=TODAY)] == ["body-hash"] * is_written


def test_a_text_of_which_a_page_is_zeros_is_that_of_its_revision_and_is_told(
    path: Path, tmp_path: Path
) -> None:
    _damage(path, lambda body: f"{body[:9]}{chr(0) * (len(body) - 12)}{body[-3:]}")
    [told] = save_readable(path, tmp_path / "new.db").lost
    assert ID in told.why
    assert told.why.endswith("it has its revision's")
    with Archive.open(tmp_path / "new.db") as new:
        record = new.get(ID)
        assert record
        assert sha256(record.body.encode()) == record.body_hash
        assert not list(new.audit(today=TODAY))


def test_a_letter_that_somebody_put_right_is_saved_as_it_stands_and_told(
    path: Path, tmp_path: Path
) -> None:
    body = _damage(path, lambda body: f"{body[:-3]}再{body[-2:]}")
    [told] = save_readable(path, tmp_path / "new.db").lost
    assert "is saved as it stands" in told.why
    with Archive.open(tmp_path / "new.db") as new:
        record = new.get(ID)
        assert record
        assert record.body == body


@pytest.mark.parametrize("is_shown_in_part", [False, True])
def test_a_text_that_is_not_its_revisions_is_saved_as_it_stands_and_told(
    path: Path, tmp_path: Path, *, is_shown_in_part: bool
) -> None:
    if is_shown_in_part:
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("INSERT INTO removed VALUES (?, 'promo:head', 1)", (ID,))
    body = _damage(path, lambda body: f"# 别的\n\n{body}")
    [told] = save_readable(path, tmp_path / "new.db").lost
    assert (told.table, ID in told.why) == ("articles", True)
    assert "is saved as it stands" in told.why
    with Archive.open(tmp_path / "new.db") as new:
        record = new.get(ID)
        assert record
        assert record.body == body


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE articles SET body_hash = replace(body_hash, '1', '3') WHERE id = ?",
        "UPDATE revisions SET body_hash = replace(body_hash, '1', '3') WHERE article_id = ?",
    ],
)
def test_a_text_whose_hash_is_damaged_is_told_though_its_promotion_is_not_shown(
    path: Path, tmp_path: Path, damage: str
) -> None:
    _damage(path, lambda body: body.partition("\n\n")[2])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO removed VALUES (?, 'promo:head', 1)", (ID,))
        assert database.execute(damage, (ID,)).rowcount
    lost = save_readable(path, tmp_path / "new.db").lost
    assert {one.table for one in lost} >= {"articles"}
    assert all(ID in one.why for one in lost)


def test_of_a_text_whose_promotion_is_not_shown_a_salvage_has_nothing_to_tell(
    path: Path, tmp_path: Path
) -> None:
    _damage(path, lambda body: body.partition("\n\n")[2])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO removed VALUES (?, 'promo:head', 1)", (ID,))
    assert not save_readable(path, tmp_path / "new.db").lost


@pytest.mark.parametrize(
    "damage",
    ["DROP TABLE removed", "UPDATE removed SET count = 'x' WHERE rule_id = 'promo:head'"],
)
def test_a_text_is_saved_whole_where_nothing_tells_what_was_taken_off_it(
    path: Path, tmp_path: Path, damage: str
) -> None:
    _damage(path, lambda body: body.partition("\n\n")[2])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO removed VALUES (?, 'promo:head', 1)", (ID,))
        (body,) = database.execute("SELECT body FROM articles WHERE id = ?", (ID,)).fetchone()
        database.execute(damage)
    assert {one.table for one in save_readable(path, tmp_path / "new.db").lost} == {"removed"}
    with Archive.open(tmp_path / "new.db") as new:
        record = new.get(ID)
        assert record
        assert record.body.partition("\n\n")[2] == body
        assert not list(new.audit(today=TODAY))


def _damage(path: Path, change: Callable[[str], str]) -> str:
    """Change the text of an article in its row alone; returns it."""
    with closing(sqlite3.connect(path)) as database, database:
        (body,) = database.execute("SELECT body FROM articles WHERE id = ?", (ID,)).fetchone()
        database.execute("UPDATE articles SET body = ? WHERE id = ?", (change(body), ID))
    return change(body)


def test_a_note_of_which_a_letter_is_damaged_is_saved(path: Path, tmp_path: Path) -> None:
    with Archive.open(path) as archive:
        archive.personal.note(next(archive.records()).id, "mine", at=TODAY)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE reader_notes SET text = CAST(x'6d69ff65' AS TEXT)")
        database.commit()
    save_readable(path, tmp_path / "new.db")
    with Archive.open(tmp_path / "new.db") as new:
        assert [row["text"] for row in new.database["reader_notes"].rows] == ["mi\ufffde"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("state = 'oj'", "its state is none that there is, and ok now"),
        ("kind = CAST(x'ff' AS TEXT)", "its kind is none that there is, and normal now"),
        ("origin = ''", "its origin is none that there is, and seed now"),
    ],
)
def test_an_article_that_nobody_would_show_for_one_word_is_saved_with_another(
    path: Path, tmp_path: Path, damage: str, said: str
) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"UPDATE articles SET {damage} WHERE rowid = 7 AND state = 'ok'")  # noqa: S608
        database.commit()
    saved = save_readable(path, tmp_path / "new.db")
    assert saved.rows["articles"] == 201
    assert said in saved.lost[-1].why
    with Archive.open(tmp_path / "new.db") as new:
        assert len(list(new.records())) == 201


def test_a_text_that_is_damaged_keeps_no_other_from_being_carried_on(
    path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(path)) as database:
        keys = [key for (key,) in database.execute("SELECT id FROM articles WHERE state = 'ok'")]
        database.execute("UPDATE revisions SET body = x'00' WHERE article_id = ?", keys[:1])
        database.execute(_OLDER, keys[1:2])
        database.commit()
    saved = save_readable(path, tmp_path / "new.db")
    assert saved.rows["articles"] == saved.rows["revisions"] == 201
    assert [lost.table for lost in saved.lost] == ["revisions", "revisions"]
    with Archive.open(tmp_path / "new.db") as new:
        lines = each_line(new.connection, tmp_path)
        assert sum(line.startswith('{"id"') for line in lines) == 201
        assert list(new.audit(today=TODAY)) == []


_OLDER = """
INSERT INTO revisions (article_id, body_hash, at, state, origin, url, evidence, characters, body)
    SELECT article_id, 'older', at, state, origin, url, evidence, 1, x'00' FROM revisions
    WHERE article_id = ?
"""


def test_an_article_whose_key_is_damaged_is_none(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE articles SET id = CAST(x'ff41' AS TEXT) WHERE rowid = 7")
        database.commit()
    saved = save_readable(path, tmp_path / "new.db")
    told = " ".join(lost.why for lost in saved.lost)
    assert saved.rows["articles"] == 201
    assert "all else of it is saved" not in told
    assert "its row is lost, and was made anew of its best text" in told


def test_a_row_that_is_made_anew_shows_what_it_showed(tmp_path: Path) -> None:
    path = tmp_path / "two.db"
    later = {"origin": Origin.ADOPTED, "fetch_date": "2026-01-02T03:04:05", "evidence": "ab"}
    with Archive.open(path) as archive:
        archive.save(make_article(body="# 夜航的灯塔\n\n" + "灯塔的光扫过海面。" * 30))
        archive.save(make_article(body="# 夜航的灯塔\n\n灯塔的光。\n", **later))
        [before] = archive.database["articles"].rows_where("id = ?", [ID])
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE articles SET id = CAST(x'ff41' AS TEXT) WHERE id = ?", (ID,))
    save_readable(path, tmp_path / "new.db")
    with Archive.open(tmp_path / "new.db") as new:
        [found] = new.database["articles"].rows_where("id = ?", [ID])
    assert found == {**before, "cleaner_version": 0}


def test_an_article_of_whose_key_one_letter_is_another_keeps_all_that_hangs_on_it(
    path: Path, tmp_path: Path
) -> None:
    with Archive.open(path) as archive:
        before = archive.count(), archive.history.revisions(ID)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE articles SET id = 'A' || id WHERE id = ?", (ID,))
    saved = save_readable(path, tmp_path / "new.db")
    assert [lost.why for lost in saved.lost] == [
        f"{ID}: its key was damaged (A{ID}), and is again what its link says"
    ]
    with Archive.open(tmp_path / "new.db") as new:
        assert (new.count(), new.history.revisions(ID)) == before


def test_an_address_of_whose_article_one_letter_is_another_makes_none(
    path: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE urls SET article_id = 'A' || article_id WHERE rowid = 7")
    assert save_readable(path, tmp_path / "new.db").rows["articles"] == 201


def _first_leaf(path: Path) -> int:
    """The number of a page with rows of articles: a leaf begins with 13 and holds their titles."""
    content = path.read_bytes()
    return next(
        number + 1
        for number in range(1, len(content) // PAGE)
        if content[number * PAGE] == 13
        and "夜航的灯塔".encode() in content[number * PAGE : (number + 1) * PAGE]
    )


@pytest.mark.parametrize(
    ("statement", "subject"),
    [
        ("ALTER TABLE articles RENAME COLUMN digest TO summary", "articles"),
        ("ALTER TABLE articles DROP COLUMN cover", "articles"),
        ("DROP TABLE pictures", "pictures"),
        ("DROP INDEX articles_date", "articles_date"),
        ("DROP VIEW documents", "documents"),
    ],
)
def test_an_audit_tells_tables_that_are_not_as_we_made_them(
    path: Path, statement: str, subject: str
) -> None:
    with closing(sqlite3.connect(path)) as database:
        for view in ("documents",) if "COLUMN" in statement else ():
            database.execute(f"DROP VIEW {view}")
        database.execute(statement)
    with Archive.open(path, ngram=None) as archive:
        found = [item for item in archive.audit(today=TODAY) if item.check == "schema"]
    assert subject in {finding.subject for finding in found}


@pytest.mark.parametrize(
    ("table", "ours", "theirs", "what"),
    [
        ("queue", "PRIMARY KEY ", "", "the key (url) is missing"),
        ("evidence", ", source, sha256)", ")", "the key (article_id, way, source,"),
        ("events", " ON UPDATE CASCADE", "", "the reference of article_id to articles"),
        ("pictures", " REFERENCES images (sha256)", "", "the reference of sha256 to images"),
    ],
)
def test_an_audit_tells_tables_that_another_program_made_anew_without_their_keys(
    path: Path, table: str, ours: str, theirs: str, what: str
) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        asked = "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND sql <> ''"
        statements = dict(database.execute(asked, (table,)).fetchall())
        database.execute("PRAGMA legacy_alter_table = ON")
        database.execute(f"ALTER TABLE {table} RENAME TO older")
        database.execute(statements.pop(table).replace(ours, theirs))
        database.execute(f"INSERT INTO {table} SELECT * FROM older")  # noqa: S608
        database.execute("DROP TABLE older")
        for statement in statements.values():
            database.execute(statement)
    with Archive.open(path) as archive:
        found = [item for item in archive.audit(today=TODAY) if item.check == "schema"]
    assert [(item.subject, item.what.startswith(what)) for item in found] == [(table, True)]


def test_an_audit_goes_on_past_a_row_that_holds_nonsense(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute("UPDATE articles SET front_matter = x'00ff' WHERE rowid = 7")
        database.execute("UPDATE articles SET title = '改过的题目' WHERE rowid = 9")
        database.commit()
    with Archive.open(path, ngram=None) as archive:
        found = list(archive.audit(today=TODAY))
    assert {finding.check for finding in found} == {"row", "front-matter"}
    assert [finding.subject for finding in found if finding.check == "row"] == ["articles, row 7"]


def test_a_copy_that_failed_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "broken.db").write_text("no database", encoding="utf-8")
    with pytest.raises(ArchiveError):
        back_up(tmp_path / "broken.db", tmp_path / "copy.db")
    with pytest.raises(ArchiveError):
        restore(tmp_path / "archive.db", tmp_path / "broken.db")
    assert [file.name for file in tmp_path.iterdir()] == ["broken.db"]


def _files(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.iterdir() if not file.name.endswith(".crawler-lock"))
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize("kind", ["replace", "stat"])
@pytest.mark.parametrize("code", [errno.EXDEV, errno.EIO, errno.EACCES])
def test_a_restore_that_fails_at_any_call_leaves_everything_where_it_was(
    path: Path, tmp_path: Path, kind: str, code: int
) -> None:
    back_up(path, tmp_path / "copy.db")
    path.with_name("archive.db-journal").write_bytes(b"")
    before, fault, failed = _files(tmp_path), Fault(kind, tmp_path), 0
    while fault.file or not fault.moment:
        fault = Fault(kind, tmp_path, fault.moment + 1, code)
        try:
            with once(fault):
                restore(path, tmp_path / "copy.db")
        except CrawlerError:
            failed += 1
            assert _files(tmp_path) == before, fault
        else:  # it matters to nobody, or there was no such call
            _put_back(tmp_path, before)
    assert failed > 2


def _put_back(folder: Path, before: dict[str, bytes]) -> None:
    for file in folder.iterdir():
        file.unlink()
    for name, content in before.items():
        (folder / name).write_bytes(content)


def test_a_file_that_cannot_be_put_back_is_told_with_the_place_where_it_is(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(path, tmp_path / "copy.db")
    replace, before = os.replace, path.read_bytes()

    def fail(source: Path, target: Path, **_: object) -> None:
        if "replaced-1" in str(target) or "part" in str(source):
            replace(source, target)
        else:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(source))

    monkeypatch.setattr(os, "replace", fail)
    kept = tmp_path / "archive.db.replaced-1"
    with pytest.raises(ArchiveError, match="Input/output error") as told:
        restore(path, tmp_path / "copy.db")
    assert f"and {path} is {kept} now" in told.value.what
    assert kept.read_bytes() == before


def test_saving_what_can_be_read_leaves_nothing_in_the_way_where_it_fails(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ArchiveError("new.db", "the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "salvage", fail)
        with pytest.raises(ArchiveError, match="the disk is full"):
            save_readable(path, tmp_path / "new.db")
    assert not list(tmp_path.glob("*new.db*"))
    assert save_readable(path, tmp_path / "new.db").rows["articles"] == 201


_KILLED = """
import os, signal, sys
from pathlib import Path
from crawler.archive import backups
backups._check_saved = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
backups.save_readable(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.skipif(os.name == "nt", reason="kills are signals")
def test_a_salvage_that_is_killed_leaves_no_archive_that_looks_whole_and_can_be_run_again(
    path: Path, tmp_path: Path
) -> None:
    place = tmp_path / "away" / "new.db"
    place.parent.mkdir()
    (tmp_path / "new.db").symlink_to(place)
    command = [sys.executable, "-c", _KILLED, str(path), str(tmp_path / "new.db")]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL  # noqa: S603
    assert not place.exists()
    assert save_readable(path, tmp_path / "new.db").rows["articles"] == 201
    assert list(place.parent.iterdir()) == [place]


def test_an_archive_that_comes_meanwhile_is_not_replaced_by_what_was_salvaged(
    path: Path, tmp_path: Path
) -> None:
    new = tmp_path / "new.db"

    def told(_: str) -> None:
        new.write_bytes(b"mine")

    with pytest.raises(ArchiveError, match=r"new\.db: is there already"):
        save_readable(path, new, told)
    assert new.read_bytes() == b"mine"


def test_an_archive_that_lies_where_its_salvage_would_be_made_is_kept(
    path: Path, tmp_path: Path
) -> None:
    odd = path.rename(tmp_path / ".new.db.crawler-part")
    with pytest.raises(ArchiveError, match="in the way of its own copy"):
        save_readable(odd, tmp_path / "new.db")
    assert save_readable(odd, tmp_path / "other.db").rows["articles"] == 201


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_saving_what_can_be_read_leaves_a_log_that_lies_in_its_place(
    path: Path, tmp_path: Path, ending: str
) -> None:
    log = tmp_path / f"new.db{ending}"
    log.write_bytes(b"all that is left of an archive")
    with pytest.raises(ArchiveError, match="is there already"):
        save_readable(path, tmp_path / "new.db")
    assert log.read_bytes() == b"all that is left of an archive"
    assert not (tmp_path / "new.db").exists()


def test_a_copy_that_cannot_take_its_place_leaves_the_older_one_all_that_its_log_alone_had(
    path: Path, tmp_path: Path
) -> None:
    copy, log = tmp_path / "copy.db", tmp_path / "copy.db-wal"
    back_up(path, copy)
    with closing(sqlite3.connect(copy, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        before = copy.read_bytes()
        writer.execute("UPDATE articles SET title = 'of yesterday'")
        left = log.read_bytes()
    copy.write_bytes(before)
    log.write_bytes(left)
    with once(Fault("replace", tmp_path, 1, errno.EACCES)), pytest.raises(ArchiveError):
        back_up(path, copy, overwrite=True)
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT DISTINCT title FROM articles").fetchall() == [("of yesterday",)]


@pytest.mark.parametrize("name", ["mine", ".", "..", "/", "mine/..", "pipe", "other.db-wal"])
def test_nothing_is_put_in_the_place_of_a_folder_a_pipe_or_the_log_of_another(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    work = tmp_path / "deeper" / "work"
    (work / "mine").mkdir(parents=True)
    (work / "mine" / "letter.md").write_text("亲启", encoding="utf-8")
    os.mkfifo(work / "pipe")
    shutil.copy(path, work / "other.db")
    (work / "other.db-wal").write_bytes(b"a log")
    monkeypatch.chdir(work)
    before = sorted((one, one.stat().st_mtime_ns) for one in tmp_path.rglob("*"))
    place = Path(name)
    for put in (
        lambda: restore(place, path),
        lambda: back_up(path, place, overwrite=True),
        lambda: save_readable(path, place),
        lambda: capture_token(place, anew=True),
    ):
        with pytest.raises(ArchiveError):
            put()
    assert sorted((one, one.stat().st_mtime_ns) for one in tmp_path.rglob("*")) == before
