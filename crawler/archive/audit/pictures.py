"""The files of pictures as they lie on disk, and what cannot be looked at there."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
from itertools import accumulate
from typing import TYPE_CHECKING

from crawler.archive.audit.checks import Finding
from crawler.archive.database import in_order
from crawler.archive.files import UNSEEN, is_place, read_picture

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from crawler.errors import InputError


def sizes_below(root: Path, folder: str) -> tuple[dict[str, int], dict[str, str]]:
    """The sizes of all pictures' files below a folder of an archive, by their paths from its root.

    And what cannot be looked at, files and folders, each with why.
    """
    sizes: dict[str, int] = {}
    unseen: dict[str, str] = {}
    for name in _names(root, folder, unseen):
        for file in _names(root, f"{folder}/{name}", unseen) if len(name) == _LETTERS else ():
            path = f"{folder}/{name}/{file}"
            try:
                told = (root / path).stat()
            except FileNotFoundError:
                continue
            except OSError as error:
                unseen[path] = error.strerror or str(error)
                continue
            if stat.S_ISREG(told.st_mode):
                sizes[path] = told.st_size
    return sizes, unseen


_LETTERS = 2  # of a folder's name, the first of the hashes that are in it


def _names(root: Path, folder: str, unseen: dict[str, str]) -> Iterator[str]:
    try:
        yield from os.listdir(root / folder)  # noqa: PTH208  (names alone)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        unseen[folder] = error.strerror or str(error)


def is_kept_name(path: str) -> bool:
    """Whether a file below that folder is called as pictures are, or as one that is half written.

    A person may have pictures of their own in a folder of that name, and so may what copies it from
    machine to machine, beside the one that they drew in.
    """
    return _KEPT.match(path) is not None


_KEPT = re.compile(
    r"[a-z]++/(?:([0-9a-f]{2})/(?:\1[0-9a-f]{62}\.[a-z0-9]{2,5}|\.\1[0-9a-f]{62}\.[^/]{0,99}\.part)"
    r"|[0-9a-f]{2}/\.[0-9a-f]{32}\.part)\Z"  # as of two that wrote one picture at once
)


def is_below(path: str, folders: Container[str]) -> bool:
    """Whether a path is one of some, or lies below one of them."""
    above = accumulate(path.split("/"), "{}/{}".format)
    return any(name in folders for name in above)


def without_row(connection: sqlite3.Connection) -> set[str]:
    """The hashes of pictures that articles show, and that table images does not know."""
    try:
        return {digest for (digest,) in connection.execute(_ROWLESS)}
    except sqlite3.DatabaseError:  # which another check has named
        return set()


_ROWLESS = f"""
    SELECT DISTINCT sha256 FROM pictures WHERE typeof(sha256) = 'text'
        AND sha256 NOT IN (SELECT sha256 FROM images WHERE type <> '{UNSEEN}')
"""  # noqa: S608


def find_damaged(connection: sqlite3.Connection, root: Path) -> Iterator[Finding]:
    """Pictures' files that are as large as they were, and hold something else: reads all of them.

    Those of another size every audit names. Others may write meanwhile.
    """
    found: list[InputError] = []

    def some(after: int) -> list[tuple[int, str, int]]:
        return connection.execute(_FILES, (after,)).fetchall()

    for _, path, size in in_order(connection, "images", some):
        if is_place(path) and _size_of(root / path) == size:
            read_picture(root / path, found.append)
        for error in found:
            yield Finding(check="picture", subject=path, what=error.what, advice=error.advice)
        found.clear()


_FILES = "SELECT rowid, path, bytes FROM images WHERE rowid > ? ORDER BY rowid LIMIT 200"


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return None
