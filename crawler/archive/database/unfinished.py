"""A write that has not come to its end: one that was killed, or that is under way."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from crawler.errors import ArchiveError
from crawler.inputs import is_held, resolved, size_of, uri_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO


def without_link(path: Path) -> Path:
    """The file to which a link leads; SQLite keeps its log beside that."""
    return resolved(path) if os.path.islink(path) else path  # noqa: PTH114  (which may break)


def beside_of(path: Path, ending: str) -> Path:
    """A file that SQLite keeps beside a database, by its ending; the database itself for ""."""
    return path.parent / f"{path.name}{ending}"


def names_file(path: Path) -> bool:
    """Whether the journal beside a database names a file: SQLite may remove that.

    SQLite writes such a journal for a transaction over several databases, which is none of ours;
    whoever forges one chooses the file.
    """
    try:
        with beside_of(without_link(path), "-journal").open("rb") as journal:
            journal.seek(-len(_NAMED), os.SEEK_END)
            return journal.read() == _NAMED
    except OSError:
        return False


_NAMED = bytes.fromhex("d9d505f920a163d7")  # a journal begins so, and ends so behind the name


def check_journal(path: Path) -> None:
    """Raises ArchiveError where the journal beside a database is none that may be undone."""
    if names_file(path):
        raise ArchiveError(str(path), FORGED, _ASIDE)
    if _is_of_another_state(path):
        raise ArchiveError(str(path), _STRANGE, _NOT_ITS)


FORGED = "has a journal beside it that names another file, which SQLite may remove"
_ASIDE = "nothing was read or written; put the -journal aside, for this program wrote none like it"
_STRANGE = "has a journal beside it that is of another file, or of another state of this one"
_NOT_ITS = "nothing was read or written; put the -journal aside, or the file that it is of back"


def _is_of_another_state(path: Path) -> bool:
    """Whether the journal beside a database is of another state of it, or of another file.

    Each write counts in the head of the file, and a journal keeps the head as it was before its
    own: to undo it would put pages of one state among those of another. Where that cannot be told
    it is taken for the file's own.
    """
    path = without_link(path)
    journal = beside_of(path, "-journal")
    # (held by whoever reads it in another thread, and would lose its lock)
    if not size_of(journal) or is_held(path):
        return False
    try:
        with path.open("rb", 0) as file:
            before = _count_of(file.read(_HEAD))
            with journal.open("rb") as kept:
                own = _count_kept(kept)
            file.seek(0)
            is_still = _count_of(file.read(_HEAD)) == before  # else somebody writes
    except OSError:
        return False
    return is_still and own is not None and before not in (own, own + 1)


def _count_kept(journal: BinaryIO) -> int | None:
    """How many writes the file had before that of the journal; None where this does not tell."""
    head = journal.read(_HEAD)
    numbers = (int.from_bytes(head[place : place + 4]) for place in range(8, _HEAD, 4))
    records, nonce, _, sector, size = numbers
    if not head.startswith(_NAMED) or size not in _SIZES:
        return None
    for record in range(min(records, _MOST)):
        journal.seek(sector + record * (size + 8))
        number = int.from_bytes(journal.read(4))
        if number == 1:  # the page that begins with the file's head
            page, told = journal.read(size), journal.read(4)
            total = nonce + sum(page[size % 200 : -199 : 200])  # as SQLite sums it up
            is_whole = len(told) == 4 and total & _WORD == int.from_bytes(told)
            return _count_of(page) if is_whole else None
        if number == 0:  # behind the last one
            return None
    return None


def _count_of(head: bytes) -> int:
    return int.from_bytes(head[24:28])


_HEAD = 28
_SIZES = frozenset(1 << power for power in range(9, 17))
_MOST, _WORD = 1 << 16, (1 << 32) - 1


def take_back(path: Path, *, timeout: float = 0.0) -> bool:
    """Let SQLite undo it, where the file and its folder may be written; whether it is undone now.

    A connection that only reads cannot do so, and could read nothing. Who still writes holds a
    lock, by which SQLite tells such a journal from one that was left. `timeout` is how many seconds
    to wait for whoever undoes it at the same time, or reads what was there before it. Raises
    InputError where it cannot be told whether there is one.
    """
    path = without_link(path)
    journal = beside_of(path, "-journal")
    may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if not (size_of(journal) and may_write) or names_file(path):
        return False
    uri = f"{uri_of(path.absolute())}?mode=rw"
    # what is wrong is told by whoever reads it next
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(uri, uri=True, timeout=timeout)) as connection,
    ):
        connection.execute("PRAGMA schema_version").fetchone()  # reads a number of its head alone
    return not size_of(journal)


def is_being_written(path: Path) -> bool:
    """Whether another program is amid a transaction, of which nobody sees a row before its end."""
    uri = f"{uri_of(without_link(path).absolute())}?mode=rw"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # closed at once, with nothing written
    except sqlite3.Error as error:  # of one that nobody may write SQLite says so
        code = getattr(error, "sqlite_errorcode", None) or 0
        return code & 0xFF == sqlite3.SQLITE_BUSY
    return False
