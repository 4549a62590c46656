"""Journals as nobody but an attacker writes them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
