"""A write that has not come to its end: one that was killed, or that is under way."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from crawler.inputs import resolved, size_of, uri_of

if TYPE_CHECKING:
    from pathlib import Path


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


_NAMED = bytes.fromhex("d9d505f920a163d7")  # behind the name, at the journal's end


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
