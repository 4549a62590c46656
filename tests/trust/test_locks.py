"""What SQLite has open is opened by nothing else here: to close it would let go of all locks."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.audit import Audit
from crawler.archive.files import read_foreign
from crawler.archive.files.atomic import write_file
from crawler.archive.reading import shown_by_others
from crawler.errors import ArchiveError, InputError
from crawler.inputs import is_held, open_input
from tests.archive.specimens import ID, OTHER_SHORT, make_article, make_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = "2026-11-26"
AT = "2026-11-01T10:00:00"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PICTURE = "https://mmbiz.qpic.cn/mmbiz_png/lamp/0"

# how another program finds the archive: 3 where somebody else is writing or reading it
_BEGIN = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    database.execute(f"BEGIN {sys.argv[2]}")
except sqlite3.OperationalError:
    sys.exit(3)
"""


def _is_locked(path: Path, how: str = "IMMEDIATE") -> bool:
    command = [sys.executable, "-c", _BEGIN, str(path), how]
    done = subprocess.run(command, check=False)  # noqa: S603
    return done.returncode == 3


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An archive of one article with its picture, whose locks stand in its file itself."""
    with Archive.open(tmp_path / "archive.db") as made:
        made.connection.execute("PRAGMA journal_mode = DELETE")
        made.save(make_page(body=f"# 夜航的灯塔\n\n![]({PICTURE})\n\n七秒一闪。\n"))
        made.images.keep(ID, PICTURE, PNG, at=AT)
        yield made


def test_nobody_writes_meanwhile_where_an_article_with_pictures_is_forgotten(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "latest.db").symlink_to(archive.path)
    with archive.transaction():
        archive.forgotten.add(ID, at=AT)
        assert _is_locked(archive.path)
    assert not list(tmp_path.rglob("*.png"))


def test_nobody_writes_meanwhile_where_a_stray_picture_is_removed(
    archive: Archive, tmp_path: Path
) -> None:
    stray = tmp_path / "images" / "ab" / f"{'ab12' * 16}.png"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(PNG)
    audit = Audit(connection=archive.connection, root=tmp_path, today=TODAY)
    [found] = audit.run()
    with archive.transaction():
        assert audit.repair(found).fixed
        assert _is_locked(archive.path)
    assert not stray.exists()


def test_nobody_writes_meanwhile_where_the_archives_beside_are_asked(archive: Archive) -> None:
    archive.path.with_name("linked.db").hardlink_to(archive.path)
    with archive.transaction():
        archive.queue.enqueue(OTHER_SHORT)
        asked = ["images/x.png"]
        assert shown_by_others(archive.images.root, archive.connection, asked) == frozenset()
        assert _is_locked(archive.path)
    assert archive.queue.get(OTHER_SHORT)


def test_nobody_writes_meanwhile_where_the_archive_lies_in_a_folder_that_is_read(
    archive: Archive,
) -> None:
    with archive.transaction():
        archive.save(make_article())
        assert not list(read_foreign(archive.path))
        assert _is_locked(archive.path)


def test_nobody_writes_under_who_reads_while_another_thread_opens_what_may_not_be_written(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    with Archive.open(archive.path, read_only=True) as one:
        one.connection.execute("BEGIN")
        assert one.get(ID)
        with Archive.open(archive.path, read_only=True) as two:
            assert two.get(ID)
        assert _is_locked(archive.path, "EXCLUSIVE")


def test_an_archive_that_is_open_is_no_input_and_no_place_under_any_name(
    archive: Archive, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.hardlink_to(archive.path)
    index = archive.path.with_name(f"{archive.path.name}-shm")
    index.touch()
    with archive.transaction():
        for name in (archive.path, other, index):
            with pytest.raises(InputError, match="is a database that is open here"):
                open_input(name)
        for name in (archive.path, other):
            with pytest.raises(ArchiveError, match="is a database"):
                write_file(name, b"words")
        assert _is_locked(archive.path)


def test_what_is_open_no_more_is_a_file_like_any_other(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        assert is_held(archive.path)
    assert not is_held(archive.path)
    open_input(archive.path).close()
