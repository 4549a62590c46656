"""An archive that is moved or replaced while a run writes it.

Nothing that was reported is lost, and what was put in its place is not hurt.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.saving import arrival_of
from crawler.errors import ArchiveError
from tests.archive.specimens import make_article

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from crawler.article import Article

TODAY = "2026-11-23"
LONG = "# 灯塔\n\n" + "光与海。" * 3000 + "\n"

pytestmark = pytest.mark.skipif(
    os.name != "posix", reason="no file is moved there while it is open"
)


def _numbered(number: int) -> Article:
    link = f"https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid={2650000100 + number}&idx=1"
    return make_article(link, body=f"{LONG}\n{number}\n")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of two articles, beside another one of twenty."""
    folder = tmp_path_factory.mktemp("made")
    _make(folder / "archive.db", range(2))
    _make(folder / "other.db", range(100, 120))
    return folder


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of both, to do with as a test likes."""
    return shutil.copytree(made, tmp_path, dirs_exist_ok=True) / "archive.db"


def _make(path: Path, numbers: range) -> None:
    with Archive.open(path) as archive:
        archive.save_all([arrival_of(_numbered(number)) for number in numbers])


def _move(path: Path) -> None:
    path.rename(path.with_name("moved.db"))


def _swap(path: Path) -> None:
    _move(path)
    path.with_name("other.db").rename(path)


def _count(path: Path) -> int:
    """How many articles a sound archive has."""
    with Archive.open(path, create=False) as archive:
        assert list(archive.audit(today=TODAY)) == []
        return archive.count()


@pytest.mark.parametrize("leave", [_move, _swap])
def test_what_was_reported_before_an_archive_was_moved_is_in_the_file_that_was_moved(
    path: Path, leave: Callable[[Path], None]
) -> None:
    with Archive.open(path) as archive:
        archive.save(_numbered(10))
        leave(path)
        with pytest.raises(ArchiveError, match="is in the file that was moved"):
            archive.save(_numbered(11))
    assert _count(path.with_name("moved.db")) == 3


@pytest.mark.parametrize("leave", [_move, _swap])
def test_an_archive_that_was_moved_after_the_last_write_has_all_of_it(
    path: Path, leave: Callable[[Path], None]
) -> None:
    with Archive.open(path) as archive:
        archive.save(_numbered(10))
        leave(path)
    assert _count(path.with_name("moved.db")) == 3


def test_an_archive_that_is_moved_in_the_middle_of_a_write_has_what_was_reported_before(
    path: Path,
) -> None:
    def save_and_move(archive: Archive) -> None:
        with archive.transaction():
            archive.save(_numbered(11))
            _swap(path)

    with Archive.open(path) as archive:
        archive.save(_numbered(10))
        with pytest.raises(ArchiveError, match="is in the file that was moved"):
            save_and_move(archive)
    assert (_count(path.with_name("moved.db")), _count(path)) == (3, 20)


def test_an_archive_is_whole_that_takes_the_place_of_one_that_is_being_written(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.save(_numbered(10))
        _swap(path)
        with pytest.raises(ArchiveError, match="another was put in its place"):
            archive.save(_numbered(11))
    assert _count(path) == 20


def test_an_archive_that_takes_the_place_of_one_whose_run_waits_can_be_read_and_written_at_once(
    path: Path,
) -> None:
    with Archive.open(path) as archive:
        archive.save(_numbered(10))
        _swap(path)
        assert _count(path) == 20
        with Archive.open(path) as other:
            other.save(_numbered(200))
            with pytest.raises(ArchiveError, match="another was put in its place"):
                archive.save(_numbered(11))
            other.save(_numbered(201))
    assert (_count(path.with_name("moved.db")), _count(path)) == (3, 22)


def test_a_new_archive_in_the_place_of_one_that_was_moved_takes_nothing_of_that(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.save(_numbered(10))
        _move(path)
        _make(path, range(30, 35))
        with pytest.raises(ArchiveError, match="another was put in its place"):
            archive.save(_numbered(11))
    assert (_count(path.with_name("moved.db")), _count(path)) == (3, 5)


def test_the_file_alone_has_all_that_was_reported_while_its_run_waits(path: Path) -> None:
    with Archive.open(path) as archive:
        archive.save(_numbered(10))
        shutil.copy(path, path.with_name("copy.db"))
        archive.save(_numbered(11))
    assert (_count(path.with_name("copy.db")), _count(path)) == (3, 4)


def test_a_write_waits_for_nobody_who_reads_what_was_there_before_it(path: Path) -> None:
    with closing(sqlite3.connect(path)) as reader, Archive.open(path) as archive:
        (mode,) = reader.execute("PRAGMA journal_mode").fetchone()
        if mode != "wal":
            pytest.skip("this SQLite keeps no log")
        rows = reader.execute("SELECT id FROM articles")
        rows.fetchone()
        archive.save(_numbered(10))
        assert path.with_name("archive.db-wal").stat().st_size
        rows.close()
        archive.save(_numbered(11))
        assert not path.with_name("archive.db-wal").stat().st_size
    assert _count(path) == 4


def test_no_archive_is_begun_beside_the_log_of_one_that_was_moved(path: Path) -> None:
    path.unlink()
    path.with_name("archive.db-wal").write_bytes(b"what was reported")
    with pytest.raises(ArchiveError, match="-wal") as told:
        Archive.open(path)
    assert "the archive that it is of" in told.value.advice
    assert not path.exists()
    assert path.with_name("archive.db-wal").read_bytes() == b"what was reported"


def test_an_empty_log_keeps_no_archive_from_its_place(path: Path) -> None:
    path.unlink()
    path.with_name("archive.db-wal").touch()
    with Archive.open(path) as archive:
        assert archive.count() == 0
