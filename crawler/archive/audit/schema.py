"""Compares the tables of an archive with those that our migrations make."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from crawler.archive.audit.checks import Finding
from crawler.archive.database import (
    RESTORE,
    acting,
    keys_of,
    our_keys,
    our_objects,
    our_tables,
    read_as,
    readable,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def find_schema_faults(connection: sqlite3.Connection) -> Iterator[Finding]:
    """Every table, view, index, key or column of ours that is missing, or is not as we made it.

    So is what others added, where it acts on what we write. Else, as a column for notes, it is
    theirs and no fault.
    """
    try:
        there = dict(
            connection.execute("SELECT name, type FROM sqlite_master WHERE type <> 'trigger'")
        )
    except sqlite3.DatabaseError as error:
        yield _fault("database", f"its list of tables cannot be read ({error})")
        return
    for addition in acting(connection):
        yield Finding(check="addition", subject=addition.name, what=addition.what, advice=_WITHOUT)
    for name, kind in our_objects().items():
        if there.get(name) != kind:
            yield _fault(name, f"the {kind} is missing")
    for table in our_tables():
        if there.get(table) == "table":
            yield from (_fault(table, what) for what in _changed(connection, table))


def find_others(connection: sqlite3.Connection) -> list[str]:
    """Tables, and columns of our tables, that others added, as far as the list can be read."""
    ours = our_tables()
    try:
        with read_as(connection, readable):
            tables = [name for (name,) in connection.execute(_TABLES).fetchall() if name]
            columns = [
                f"{table}.{name}"
                for table in ours.keys() & {*tables} - {"pace"}  # which has had others of ours
                for _, name, *_ in connection.execute(f"PRAGMA table_xinfo({table})")
                if name not in {column.name for column in ours[table]}
            ]
    except sqlite3.DatabaseError:
        return []
    others = {name for name in tables if not (name in ours or _BESIDE.fullmatch(name))}
    return sorted({*others, *columns})


_BESIDE = re.compile(
    "sqlite_.*|_sqlite_migrations|_counts"
    "|search_index|search_pending|articles_fts(?:_(?:config|content|data|docsize|idx))?"
)
"""Tables that SQLite, sqlite-utils and our index make for themselves."""

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND typeof(name) = 'text'"


def _changed(connection: sqlite3.Connection, table: str) -> Iterator[str]:
    """What a table of ours lacks. Without its keys rows come twice, or leave their article."""
    found = {
        name: (declared, bool(required or key))
        for _, name, declared, required, _, key in connection.execute(f"PRAGMA table_info({table})")
    }
    for column in our_tables()[table]:
        if column.name not in found:
            yield f"column {column.name} is missing"
        elif found[column.name] != (column.type, column.required):
            yield f"column {column.name} is not declared as ours is"
    for key in sorted(our_keys()[table] - keys_of(connection, table)):
        yield f"{key} is missing"


_WITHOUT = "drop it if you made it, or run: crawler audit --salvage NEW.db"


def _fault(subject: str, what: str) -> Finding:
    return Finding(check="schema", subject=subject, what=what, advice=RESTORE)
