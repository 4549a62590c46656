"""Damaged copies of an archive, made the same way on every machine: each seed gives one damage."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = 4096


def _flip_bits(content: bytearray, chance: random.Random) -> None:
    """What a bad cable or memory does."""
    for _ in range(chance.choice([1, 8, 64])):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)


def _overwrite_pages(content: bytearray, chance: random.Random) -> None:
    """What a lost write or another file's blocks leave."""
    for _ in range(chance.choice([1, 3])):
        start = chance.randrange(len(content) // PAGE) * PAGE
        filling = chance.choice([bytes(PAGE), chance.randbytes(PAGE), b"\xff" * PAGE])
        content[start : start + PAGE] = filling


def _swap_pages(content: bytearray, chance: random.Random) -> None:
    """What a controller that writes to the wrong place does."""
    one, two = (chance.randrange(len(content) // PAGE) * PAGE for _ in range(2))
    kept = content[one : one + PAGE]
    content[one : one + PAGE] = content[two : two + PAGE]
    content[two : two + PAGE] = kept


def _damage_head(content: bytearray, chance: random.Random) -> None:
    """The first hundred bytes say how all others are read."""
    for _ in range(chance.choice([1, 4])):
        content[chance.randrange(100)] = chance.randrange(256)


def _cut(content: bytearray, chance: random.Random) -> None:
    """What a full disk or a copy that was broken off leaves."""
    del content[chance.randrange(1, len(content)) :]


def _overwrite_texts(content: bytearray, chance: random.Random) -> None:
    """Bytes inside cells: the pages still hold together, and what stands in them does not."""
    for _ in range(20):
        start = chance.randrange(2 * PAGE, len(content) - 8)
        content[start : start + 8] = chance.randbytes(8)


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip_bits,
    _overwrite_pages,
    _swap_pages,
    _damage_head,
    _cut,
    _overwrite_texts,
)


def damaged(content: bytes, seed: int) -> bytes:
    """The archive's bytes with the damage of one seed."""
    copy = bytearray(content)
    DAMAGES[seed % len(DAMAGES)](copy, random.Random(seed))
    return bytes(copy)


def empty_indexes(path: Path, table: str) -> None:
    """Let every index of a table be as it was when it was made."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        asked = "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = ?"
        roots = [root for (root,) in database.execute(asked, (table,))]
    content = bytearray(path.read_bytes())
    for root in roots:
        content[(root - 1) * PAGE : root * PAGE] = _EMPTY_LEAF.ljust(PAGE, b"\0")
    path.write_bytes(content)


_EMPTY_LEAF = bytes((10, 0, 0, 0, 0, PAGE >> 8, PAGE & 0xFF, 0))  # of an index
