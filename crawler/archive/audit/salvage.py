"""Saves what can be read of a damaged archive into a new one."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.archive.database import (
    Lost,
    each_row,
    fill_mentions,
    insert,
    our_tables,
    stand_ins,
    tables_at,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from crawler.archive.database import Column

# What others hang on comes first, so that a row whose article is lost is told as lost, too.
_FIRST = ("articles", "images")
_ORPHAN = "its article could not be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """How many rows of each table were saved, and what could not be."""

    rows: Counter[str] = field(default_factory=Counter)
    lost: list[Lost] = field(default_factory=list)


def salvage(
    damaged: sqlite3.Connection,
    new: sqlite3.Connection,
    told: Callable[[str], None] = lambda _: None,
) -> Salvaged:
    """Copy every row that can be read from a damaged archive into a new, empty one.

    `told` hears each table's name as it begins. What cannot be read, what holds what no row of
    ours does, and what hangs on an article that is lost is listed. What an older version did not
    have is none of that: it is as if the archive had been brought up to date. The caller holds
    the transaction, and builds the index.
    """
    result = Salvaged()
    theirs = tables_at(damaged)
    rest = sorted(our_tables().keys() - {*_FIRST})
    for table in (*_FIRST, *rest):
        told(table)
        for item in _rows(damaged, table, theirs):
            lost = item if isinstance(item, Lost) else _insert(new, table, item)
            if lost is None:
                result.rows[table] += 1
            else:
                result.lost.append(lost)
    if "mentions" not in theirs:
        fill_mentions(new)
    return result


def _rows(
    connection: sqlite3.Connection, table: str, theirs: Mapping[str, tuple[Column, ...]]
) -> Iterator[tuple[object, ...] | Lost]:
    """The rows of a table as this version has them; `theirs` are the tables of their version.

    One that theirs has not is read all the same where it is there: what tells the version may be
    damaged, too.
    """
    try:
        if table in {addition.name for addition in stand_ins(connection)}:
            yield Lost(table=table, row=0, why="what has its name is no table")
            return
        there = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
        if not there and table not in theirs:
            return
        known = {column.name for column in theirs.get(table, our_tables()[table])}
        for name in sorted(known - there):
            yield Lost(table=table, row=0, why=f"column {name} is missing, and empty in each row")
        yield from _filled(connection, table, there)
    except (sqlite3.DatabaseError, ValueError) as error:
        yield Lost(table=table, row=0, why=f"the table cannot be read ({error})")


def _filled(
    connection: sqlite3.Connection, table: str, there: AbstractSet[str]
) -> Iterator[tuple[object, ...] | Lost]:
    """The rows of a table with what stands in columns of ours that are not there."""
    columns = our_tables()[table]
    names = tuple(column.name for column in columns if column.name in there)
    rest = {column.name: column.blank() for column in columns if column.name not in there}
    for row in each_row(connection, table, names):
        if isinstance(row, Lost):
            yield row
            continue
        values = {**rest, **dict(zip(names, row, strict=True))}
        yield tuple(values[column.name] for column in columns)


def _insert(new: sqlite3.Connection, table: str, row: tuple[object, ...]) -> Lost | None:
    names = [column.name for column in our_tables()[table]]
    try:
        new.execute(insert(table, columns=names), row)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CONSTRAINT:
            raise
        return Lost(table=table, row=0, why=_why(error, row))
    return None


def _why(error: Exception, row: tuple[object, ...]) -> str:
    if "FOREIGN KEY" in str(error):
        return f"{row[0]}: {_ORPHAN}"
    return f"{row[0]}: the same row stands there twice"
