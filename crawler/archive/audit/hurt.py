"""Which row it is over which something of ours fell that nobody foresaw.

Damage may turn a text into bytes, or one word into another, which SQLite gives out as it stands.
Most rows are checked as they are read, but not what is only counted or compared. So whoever falls
over one asks here, before it is called a mistake of the program.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from crawler.archive.database import (
    Lost,
    check_integrity,
    check_row,
    connect,
    damaged,
    each_row,
    our_tables,
)
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def find_hurt(path: Path) -> ArchiveError | None:
    """The first row of an archive that holds what it may not, else what SQLite says of its pages.

    An index that lacks a row, or leads to another, is damage too. None where all is sound. Reads
    all of it. None also where it cannot be opened now, of which its own command tells.
    """
    try:
        with closing(connect(path, read_only=True, timeout=0)) as connection:
            return next(_hurt(connection), None)
    except (ArchiveError, sqlite3.Error):
        return None


def _hurt(connection: sqlite3.Connection) -> Iterator[ArchiveError]:
    for table, columns in our_tables().items():
        names = tuple(column.name for column in columns)
        for row in each_row(connection, table):
            if isinstance(row, Lost):
                yield damaged(connection, table, f"row {row.row}", row.why)
                continue
            try:
                check_row(connection, table, names, row)
            except ArchiveError as error:
                yield error
    try:
        check_integrity(connection)
    except ArchiveError as error:
        yield error
