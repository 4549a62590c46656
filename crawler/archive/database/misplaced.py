"""Reads a table whose rows are not in the order of their numbers.

A bit that falls in one number, or a page in the place of another, hides all rows behind it from
whoever asks by numbers. They still stand in the pages, one after the other.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from crawler.archive.database.connection import read_as
from crawler.archive.database.damage import FURTHEST, number_of, our_objects

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOWEST = -1 << 63
_TRIES = 1000  # places at which what cannot be read is gone around
# Numbers from one such place to the next, twice as many each time: where a low one stands before
# it, each try reads again what the one before it read.
_STEP = 1


def is_out_of_order(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a row stands behind one with a higher number, or has one that no row of ours has."""
    last = 0
    for (number,) in _as_they_stand(connection, table, ()):
        if not last < number <= FURTHEST:
            return True
        last = number
    return False


def numbers_in_index(connection: sqlite3.Connection, table: str) -> tuple[set[int], bool]:
    """The numbers of a table's rows as an index of it has them, and whether one has them all.

    Of a page that was written in vain, or to which nothing leads, no other trace is left. The index
    of the key is asked first; where an index is damaged, too, all are, as far as they can be read.
    """
    number = number_of(connection, table)
    found: set[int] = set()
    try:
        told = connection.execute(f"PRAGMA index_list({table})").fetchall()
    except sqlite3.Error:
        return found, False
    whole = [str(name) for _, name, _, _, is_partial in told if not is_partial]
    ours = [name for name in whole if name in our_objects() or name.startswith(_OF_A_KEY)]
    for name in reversed(ours):  # that of the key, where there is one
        asked = f"SELECT {number} FROM {table} INDEXED BY {name}"  # noqa: S608
        try:
            for (one,) in connection.execute(asked):
                if 0 < one <= FURTHEST:
                    found.add(one)
        except sqlite3.Error:
            continue
        return found, True
    return found, False


_OF_A_KEY = "sqlite_autoindex_"


def as_they_stand(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    """The rows of a table as its pages hold them: number and columns, and texts as their bytes.

    Those behind what cannot be read may be missing, and one may come again.
    """
    with read_as(connection, bytes):
        yield from _as_they_stand(connection, table, names)


def _as_they_stand(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...]
) -> Iterator[tuple[Any, ...]]:
    number = number_of(connection, table)
    listed = ", ".join((number, *names))
    # (with no end, for SQLite stops at the first number behind it, and without ORDER BY)
    query = f"SELECT {listed} FROM {table} NOT INDEXED WHERE {number} >= ?"  # noqa: S608
    start, step = _LOWEST, _STEP
    for _ in range(_TRIES):
        last = None
        try:
            for row in connection.execute(query, (start,)):
                last = row[0]
                yield row
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                return  # its pages lead back to one another
        else:
            return
        if last is not None and last >= start:
            start, step = last + 1, _STEP
        else:
            start, step = max(start + step, 1), step * 2
        if start > FURTHEST:
            return
