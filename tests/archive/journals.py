"""Journals as nobody but an attacker writes them, and databases that another program holds."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_MAGIC = bytes.fromhex("d9d505f920a163d7")
_SECTOR, _PAGE = 512, 4096
_LAST = (1 << 30) // _PAGE + 1  # the page that no database has


def forge_journal(database: Path, named: Path) -> None:
    """A journal that undoes nothing, and names a file as that of other journals to be removed."""
    pages = database.stat().st_size // _PAGE
    numbers = (0, 0, pages, _SECTOR, _PAGE)
    head = _MAGIC + b"".join(_number(number) for number in numbers)
    name = os.fsencode(named)
    tail = _number(_LAST) + name + _number(len(name)) + _number(sum(name)) + _MAGIC
    database.with_name(f"{database.name}-journal").write_bytes(head.ljust(_SECTOR, b"\0") + tail)


def _number(value: int) -> bytes:
    return value.to_bytes(4, "big")


def leave_half_a_write(database: Path) -> bytes:
    """What is left where a write is killed; gives what stood in the file before."""
    files = [database, database.with_name(f"{database.name}-journal")]
    with closing(sqlite3.connect(database, isolation_level=None)) as killed:
        killed.execute("PRAGMA journal_mode = DELETE")
        before = database.read_bytes()
        killed.execute("PRAGMA cache_size = 1")
        killed.execute("BEGIN")
        killed.execute("UPDATE articles SET body = zeroblob(500000)")
        left = [file.read_bytes() for file in files]
    for file, content in zip(files, left, strict=True):
        file.write_bytes(content)
    return before


@contextmanager
def held_until_told(database: Path) -> Iterator[tuple[list[float], Callable[[float], None]]]:
    """A database that another program writes until whoever waits for it says so.

    Gives what was said, in seconds, and what is to be told.
    """
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = DELETE")  # with a log nobody would have to wait
        writer.execute("BEGIN EXCLUSIVE")
        told: list[float] = []

        def end(seconds: float) -> None:
            told.append(seconds)
            writer.execute("ROLLBACK")

        yield told, end
