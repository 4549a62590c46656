"""What opening promises.

An archive of ours or a clear error, and nothing written where it is neither.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlite_utils

from crawler.archive.archive import Archive
from crawler.archive.database import connect, opening
from crawler.archive.database.opening import LOGS, has_safe_wal
from crawler.archive.database.schema import PACE
from crawler.archive.database.sql import WRITTEN
from crawler.archive.reading import COLUMNS
from crawler.archive.saving.arrival import arrival_of
from crawler.archive.saving.merge import KEYED, MOVED, PERSONAL, REWRITTEN
from crawler.errors import ArchiveError
from crawler.fetch.pace import Gate
from tests.archive.journals import forge_journal, leave_half_a_write
from tests.archive.specimens import BIZ, ID, long_form_of, make_article, make_page
from tests.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.article import Article


def _refused(path: Path, what: str, **options: Any) -> None:
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ArchiveError, match=what) as caught:
        Archive.open(path, **options)
    assert str(path) in str(caught.value)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert not list(path.parent.glob("*-journal"))


def test_an_archive_is_made_where_there_is_none(tmp_path: Path) -> None:
    Archive.open(tmp_path / "archive.db").close()
    with closing(sqlite_utils.Database(tmp_path / "archive.db")) as database:
        tables = database.table_names()
    assert {
        "articles",
        "urls",
        "revisions",
        "events",
        "snapshots",
        "queue",
        "accounts",
        "removed",
    } <= set(tables)


@pytest.mark.skipif(os.name == "nt", reason="two slashes begin the name of a machine there")
def test_an_archive_is_opened_by_a_path_that_begins_with_two_slashes(tmp_path: Path) -> None:
    path = Path(f"/{tmp_path}/archive.db")  # as of "$ROOT/archive.db" where ROOT is /
    with Archive.open(path) as archive:
        archive.save(make_article())
    with Archive.open(tmp_path / "archive.db", read_only=True, create=False) as archive:
        assert archive.get(ID)


def test_an_empty_file_becomes_an_archive(tmp_path: Path) -> None:
    (tmp_path / "archive.db").touch()
    Archive.open(tmp_path / "archive.db").close()


@pytest.mark.parametrize("ending", LOGS)
def test_no_archive_is_made_of_the_log_of_another_which_sqlite_removes(
    tmp_path: Path, ending: str
) -> None:
    (tmp_path / "a.db").touch()
    log = tmp_path / f"a.db{ending}"
    for is_there in (False, True):
        if is_there:
            log.touch()
        with pytest.raises(ArchiveError, match=r"the log of .*a\.db, and removes it"):
            Archive.open(log)
        assert log.exists() == is_there
        assert not is_there or not log.read_bytes()


def test_an_archive_beside_a_folder_may_be_called_as_a_log_would_be(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    Archive.open(tmp_path / "notes-journal").close()
    Archive.open(tmp_path / "notes-journal", read_only=True).close()


def test_a_missing_archive_is_not_made_by_who_only_looks(tmp_path: Path) -> None:
    _refused(tmp_path / "archive.db", "no such archive", create=False)
    _refused(tmp_path / "archive.db", "no such archive", read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    _refused(tmp_path / "missing" / "archive.db", "there is no folder")


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    _refused(tmp_path, "is a folder")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "archive.db").write_bytes(b"Dear diary, " * 500)
    _refused(tmp_path / "archive.db", "is not an SQLite database")


def test_a_database_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "archive.db")) as other:
        other.execute("CREATE TABLE recipes (name)")
    _refused(tmp_path / "archive.db", "no archive of ours.*recipes")


@pytest.mark.parametrize("read_only", [False, True])
def test_a_journal_that_names_a_file_removes_none(tmp_path: Path, *, read_only: bool) -> None:
    path, mine = tmp_path / "archive.db", tmp_path / "mine"
    Archive.open(path).close()
    mine.write_text("notes", encoding="utf-8")
    forge_journal(path, mine)
    with pytest.raises(ArchiveError, match="names another file"):
        Archive.open(path, read_only=read_only)
    assert mine.read_text(encoding="utf-8") == "notes"


@pytest.mark.parametrize("read_only", [False, True])
def test_what_a_killed_write_left_is_not_undone_in_a_copy_of_an_earlier_day(
    read_only: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    path, journal = tmp_path / "archive.db", tmp_path / "archive.db-journal"
    with Archive.open(path) as archive:
        archive.save(make_article())
    earlier = path.read_bytes()
    for number in (1, 2):
        with Archive.open(path) as archive:
            archive.save(make_article(long_form_of(f"{BIZ}:265000001{number}:1")))
    leave_half_a_write(path)
    later = path.read_bytes(), journal.read_bytes()
    path.write_bytes(earlier)
    with pytest.raises(ArchiveError, match="of another state of this one; nothing was read"):
        Archive.open(path, read_only=read_only)
    assert (path.read_bytes(), journal.read_bytes()) == (earlier, later[1])
    path.write_bytes(later[0])
    with Archive.open(path, read_only=read_only) as archive:
        assert archive.count() == 3
    path.write_bytes(earlier)
    with Archive.open(path, read_only=read_only) as archive:
        assert archive.count() == 1


def test_a_write_that_was_killed_is_taken_back_by_whoever_reads_next(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article())
    before = leave_half_a_write(path)
    assert path.read_bytes() != before
    with Archive.open(path, read_only=True) as archive:
        assert archive.get(ID)
    assert path.read_bytes() == before
    assert not path.with_name("archive.db-journal").exists()


def test_a_write_that_is_killed_is_taken_back_by_whoever_was_reading_already(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article())
        archive.connection.execute("PRAGMA journal_mode = DELETE")
    with Archive.open(path, read_only=True) as archive:
        assert archive.get(ID)
        leave_half_a_write(path)
        assert archive.get(ID)
    assert not path.with_name("archive.db-journal").exists()


def test_a_newer_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with closing(sqlite3.connect(path)) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('crawler',"
            " '9999_wonders')"
        )
        newer.commit()
    _refused(path, "newer version.*9999_wonders")


def test_a_damaged_archive_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article(body="# 灯塔\n\n" + "光" * 90_000))
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 30] = b"\xff" * 4096 * 27
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="is damaged"):
        _read_all(path)


def _read_all(path: Path) -> None:
    with Archive.open(path) as archive:
        list(archive.records())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anything")
def test_a_file_without_write_permission_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    path.chmod(0o400)
    with pytest.raises(ArchiveError, match="is read-only"), Archive.open(path) as archive:
        archive.save(make_article())


def test_an_archive_opened_for_reading_refuses_to_write_and_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article())
    before = path.read_bytes()
    with Archive.open(path, read_only=True) as archive:
        assert archive.find(ID) == ID
        with pytest.raises(ArchiveError, match="is read-only"):
            archive.save(make_page())
    assert path.read_bytes() == before


@pytest.mark.parametrize("is_hurt", [False, True])
def test_a_reader_of_what_nobody_was_to_write_says_that_it_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_hurt: bool
) -> None:
    """And neither that a whole archive is damaged, nor nothing: it may have read of two states."""
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article())
    monkeypatch.setattr(opening, "stands_still", lambda _: True)
    with Archive.open(path, read_only=True) as archive:
        assert archive.find(ID) == ID
    with pytest.raises(ArchiveError, match="was written while this ran"):
        _read_while_it_is_written(path, is_hurt=is_hurt)


def _read_while_it_is_written(path: Path, *, is_hurt: bool) -> None:
    with Archive.open(path, read_only=True) as archive:
        with Archive.open(path) as other:
            other.save(make_page(body="# 灯塔\n\n" + "光" * 9_000))
        if is_hurt:
            path.write_bytes(b"\0" * path.stat().st_size)
        archive.find(ID)


def test_a_locked_archive_is_named_as_such_after_the_wait(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    Archive.open(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ArchiveError, match="locked by another program"):
            Archive.open(path, timeout=0.05)


def test_a_full_disk_leaves_the_archive_as_it_was(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
        connection = archive.database.conn
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(ArchiveError, match="the disk is full"), archive.transaction():
            archive.save(make_page(body="# 灯塔\n\n" + "光" * 90_000))
        connection.execute("PRAGMA max_page_count = 1000000")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        record = archive.get(ID)
        assert record
        assert record.origin == "seed"
        archive.save(make_page())


def test_foreign_keys_are_on_and_the_journal_is_one_that_this_sqlite_keeps_safely(
    archive: Archive,
) -> None:
    connection = archive.database.conn
    assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
    assert mode == ("wal" if has_safe_wal(sqlite3.sqlite_version_info) else "delete")
    if mode == "delete":
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_wal_is_used_only_where_its_bug_is_mended(
    version: tuple[int, int, int], *, safe: bool
) -> None:
    assert has_safe_wal(version) is safe


def test_vacuum_keeps_the_numbers_that_the_index_goes_by(archive: Archive) -> None:
    for mid in range(60):
        archive.save(
            make_article(f"https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid={mid}&idx=1")
        )
    connection = archive.database.conn
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM articles WHERE rowid % 3 = 0")
    before = connection.execute("SELECT rowid, id FROM articles").fetchall()
    connection.execute("VACUUM")
    assert connection.execute("SELECT rowid, id FROM articles").fetchall() == before


def test_a_merge_moves_every_table_that_hangs_on_articles(archive: Archive) -> None:
    hanging = {
        table.name
        for table in archive.database.tables
        if any(key.other_table == "articles" for key in table.foreign_keys)
    }
    apart = {"revisions", "stories"}  # both looks at a body are one; groups are found anew
    assert hanging == {*MOVED, *KEYED, *REWRITTEN, *PERSONAL, *apart}


def test_a_row_is_inserted_with_every_column_that_its_table_has(archive: Archive) -> None:
    tables = {
        table.name: {column.name for column in table.columns}
        for table in archive.database.tables
        if not table.name.startswith(("_", "sqlite_", "articles_fts", "search_"))
    }
    for numbered in ("events", "evidence"):
        tables[numbered] -= {"id"}  # SQLite gives it
    written = {table: {*columns} for table, columns in WRITTEN.items()}
    assert tables == {**written, "articles": {*COLUMNS}}


def test_the_documents_view_holds_whole_documents_in_the_seed_format(archive: Archive) -> None:
    archive.save(make_article())
    ((key, title, markdown),) = archive.database.conn.execute(
        "SELECT id, title, markdown FROM documents"
    ).fetchall()
    record = archive.get(ID)
    assert record
    assert (key, title, markdown) == (ID, "夜航的灯塔", record.document)


def _save_and_raise(archive: Archive, article: Article, error: type[BaseException]) -> None:
    with archive.transaction():
        archive.save(article)
        raise error


def test_a_failed_step_undoes_only_itself(archive: Archive) -> None:
    with archive.transaction():
        archive.save(make_article())
        with pytest.raises(RuntimeError):
            _save_and_raise(archive, make_page(), RuntimeError)
    record = archive.get(ID)
    assert record
    assert record.origin == "seed"


def test_a_failed_transaction_leaves_nothing(archive: Archive) -> None:
    with pytest.raises(KeyboardInterrupt):
        _save_and_raise(archive, make_article(), KeyboardInterrupt)
    assert archive.database["articles"].count == 0


def test_the_pace_of_a_host_is_read_changed_and_written_as_one(archive: Archive) -> None:
    first = archive.pace.exchange(
        "mp.weixin.qq.com", lambda row: ({"used": 1, "not_before": 2.5}, row)
    )
    second = archive.pace.exchange(
        "mp.weixin.qq.com", lambda row: ({"used": 2, "not_before": None, "why": "x"}, row)
    )
    assert first is None
    assert second == {"used": 1, "not_before": 2.5}
    assert archive.pace.exchange("mp.weixin.qq.com", lambda row: (row or {}, row)) == {
        "used": 2,
        "why": "x",
    }


def test_the_archive_has_a_column_for_all_that_is_known_of_a_host() -> None:
    assert list(PACE) == [field.name for field in fields(Gate)]


def test_seeds_that_were_read_are_known_until_the_cleaner_changes(archive: Archive) -> None:
    article = make_article()
    archive.save_all([arrival_of(article, "a/b.md")])
    assert archive.seeds.known() == {article.evidence}
    assert archive.seeds.known(article.cleaner_version + 1) == frozenset()


def test_whoever_waits_for_another_program_is_told_so_once_and_then_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    told: list[float] = []
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        Archive.open(path, timeout=0.05, on_wait=told.append) as archive,
    ):
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="locked by another program"):
            archive.save(make_article())
        other.execute("COMMIT")
        archive.save(make_article())
        assert archive.find(ID) == ID
    assert told == [0.05]


def test_the_wait_that_was_told_of_is_the_whole_one(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:

        def let_go(_: float) -> None:
            other.execute("COMMIT")

        with Archive.open(path, on_wait=let_go) as archive:
            other.execute("BEGIN IMMEDIATE")
            archive.save(make_article())
            assert archive.find(ID) == ID


def test_an_archive_that_is_closed_holds_no_lock_though_somebody_keeps_what_read_of_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.db"
    archive = Archive.open(path)
    for number in range(2):
        archive.save(make_article(f"https://mp.weixin.qq.com/s/Kept{number}"))
    kept = archive.connection.execute("SELECT id FROM articles")
    next(kept)
    archive.close()
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")


@pytest.mark.parametrize("name", ["a\0b.db", "\ud800.db"])
def test_a_name_that_no_file_can_have_is_an_error_in_words(tmp_path: Path, name: str) -> None:
    for read_only in (False, True):
        with pytest.raises(ArchiveError, match="is no name of a file"):
            Archive.open(tmp_path / name, read_only=read_only)


def test_an_archive_is_opened_by_a_path_in_letters_too(tmp_path: Path) -> None:
    with Archive.open(f"{tmp_path}/archive.db") as archive:
        assert archive.path == tmp_path / "archive.db"
        assert (archive.find("\ud800"), archive.get("\ud800")) == (None, None)


def test_a_file_that_is_replaced_while_it_is_opened_is_not_taken_for_its_successor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "archive.db"
    for name in ("archive.db", "backup.db"):
        Archive.open(tmp_path / name).close()

    def replaced(*_: object) -> None:
        path.rename(tmp_path / "aside.db")
        (tmp_path / "backup.db").rename(path)

    monkeypatch.setattr(opening, "defend", replaced)
    with (
        closing(connect(path, read_only=False)) as connection,
        pytest.raises(ArchiveError, match="another was put in its place"),
    ):
        connection.check_place()


def test_the_child_of_a_fork_is_told_to_open_the_archive_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        with monkeypatch.context() as child:
            child.setattr(os, "getpid", lambda: 0)
            for use in (lambda: archive.save(make_article()), lambda: archive.get(ID)):
                with pytest.raises(ArchiveError, match="forked from; open it once more here"):
                    use()
        assert archive.get(ID) is None


_ASKS: dict[str, Callable[[Archive], object]] = {
    "get": lambda archive: archive.get(ID),
    "search": lambda archive: archive.search("渡轮"),
    "audit": lambda archive: [*archive.audit(today="2026-11-30")],
    "save": lambda archive: archive.save(make_article()),
}


@pytest.mark.parametrize("asked", _ASKS)
def test_an_archive_that_is_closed_says_so_and_is_not_told_as_damaged(
    asked: str, tmp_path: Path
) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
    with pytest.raises(ArchiveError, match="is closed; open it once more") as told:
        _ASKS[asked](archive)
    assert not isinstance(told.value, sqlite3.Error)  # which whoever looks for damage takes for it


@pytest.mark.parametrize("asked", [*_ASKS, "close"])
def test_another_thread_is_told_to_open_the_archive_itself(asked: str, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive, ThreadPoolExecutor(1) as other:
        archive.save(make_article())
        with pytest.raises(ArchiveError, match="was opened by another thread") as told:
            other.submit({**_ASKS, "close": Archive.close}[asked], archive).result()
        assert not isinstance(told.value, sqlite3.Error)
        assert archive.get(ID)


_FORKING = """
import os, sys
from pathlib import Path
from crawler.archive import Archive
from tests.archive.specimens import make_article

with Archive.open(Path(sys.argv[1])) as archive, archive.transaction():
    archive.save(make_article())
    if os.fork() == 0:
        sys.exit()
    os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_the_end_of_a_child_takes_nothing_back_that_its_parent_writes(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    command = [sys.executable, "-c", _FORKING, str(path)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT)  # noqa: S603
    assert done.returncode == 0, done.stderr
    with Archive.open(path) as archive:
        assert archive.get(ID)
