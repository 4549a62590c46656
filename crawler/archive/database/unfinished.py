"""A write that was killed before its end: a part of it is in the file, its journal beside it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from crawler.inputs import size_of, uri_of

if TYPE_CHECKING:
    from pathlib import Path


def take_back(path: Path) -> None:
    """Let SQLite undo it, where the file and its folder may be written.

    A connection that only reads cannot do so, and could read nothing. Who still writes holds a
    lock, by which SQLite tells such a journal from one that was left.
    """
    journal = path.with_name(f"{path.name}-journal")
    may_write = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if not (size_of(journal) and may_write):
        return
    uri = f"{uri_of(path.absolute())}?mode=rw"
    # what is wrong is told by whoever reads it next
    with suppress(sqlite3.Error), closing(sqlite3.connect(uri, uri=True, timeout=0)) as connection:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
