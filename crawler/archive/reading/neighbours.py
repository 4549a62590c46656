"""Other archives in the same folder, which keep their pictures in the same place.

A backup lies beside its archive, most often. What no article of one shows may well be shown by
another, and is not to be taken for a file that nobody wants.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import PurePath
from typing import TYPE_CHECKING

from crawler.archive.database import connect, file_of
from crawler.errors import CrawlerError
from crawler.inputs import open_input

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_SHOWN = "SELECT 1 FROM images WHERE sha256 = ? AND path = ?"  # the name is the hash
_MAGIC = b"SQLite format 3\0"


def shown_by_others(
    root: Path, connection: sqlite3.Connection, paths: Collection[str]
) -> frozenset[str] | None:
    """Those of some paths that are pictures of another archive in the folder than this one.

    None where one of them cannot be read.
    """
    own = file_of(connection)
    shown: set[str] = set()
    try:
        for path in sorted(root.iterdir()):
            if _is_database(path) and not path.samefile(own):
                shown |= _shown_by(path, paths)
    except (CrawlerError, OSError, sqlite3.Error):
        return None
    return frozenset(shown)


def _is_database(path: Path) -> bool:
    try:
        with open_input(path) as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except (CrawlerError, OSError):
        return False


def _shown_by(path: Path, paths: Collection[str]) -> set[str]:
    with closing(connect(path, read_only=True)) as connection:
        found = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'images'"
        if connection.execute(found).fetchone() is None:
            return set()
        asked = ((one, (PurePath(one).stem, one)) for one in paths)
        return {one for one, key in asked if connection.execute(_SHOWN, key).fetchone()}
