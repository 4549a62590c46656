"""SQLite's own statistics of a file, which say how to look for a row.

`ANALYZE` counts into `sqlite_stat1` how many rows share a value, and SQLite believes whatever
stands there, also of a file that a stranger hands on. Told that every row is alike it goes through
a table from end to end for each row that is asked for: an audit of 6,000 articles took 31 seconds
in place of 9, and four times as many take sixteen times as long. Every question of ours has its
index, so such tables can only do harm.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress

_THERE = """
SELECT name FROM sqlite_master AS one WHERE type = 'table' AND name GLOB 'sqlite_stat[134]'
    AND NOT EXISTS (
        SELECT 1 FROM sqlite_master WHERE rootpage = one.rootpage AND name <> one.name
    )
"""


def holds_statistics(connection: sqlite3.Connection) -> bool:
    """Whether a file says how many of its rows are alike, by which it may be read slowly."""
    return connection.execute(f"{_THERE} LIMIT 1").fetchone() is not None


def drop_statistics(connection: sqlite3.Connection) -> None:
    """Take the statistics out of a file, and go by none of them any more.

    What is damaged stays, for the audit to tell: what is said to begin where another table does
    would take that along.
    """
    with suppress(sqlite3.DatabaseError):
        names = [name for (name,) in connection.execute(_THERE).fetchall()]
        for name in names:
            connection.execute(f"DROP TABLE IF EXISTS {name}")
        if names:  # what was read of them when the file was opened is forgotten
            connection.execute("PRAGMA writable_schema = RESET")
