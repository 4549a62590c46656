"""Where pictures are kept, and other archives in the same folder, which keep theirs there too.

A backup lies beside its archive, most often, or where its folder of pictures is a link to that of
its archive. What no article of one shows may well be shown by another, and is not to be taken for a
file that nobody wants.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import PurePath
from typing import TYPE_CHECKING

from crawler.archive.database import LOGS, beside_of, connect, file_of
from crawler.errors import CrawlerError
from crawler.inputs import is_file, is_there, open_input, resolved

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_PLACE = re.compile(r"images/[0-9a-f]{2}/([0-9a-f]{64})\.[a-z0-9]{2,5}")
_SHOWN = "SELECT 1 FROM images WHERE sha256 = ?"  # the file's name, wherever its row leads
_MAGIC = b"SQLite format 3\0"


def picture_at(path: str) -> str:
    """The SHA-256 of the picture that is kept at a path; "" for one where none is.

    A row of another archive may lead anywhere.
    """
    place = _PLACE.fullmatch(path)
    return place[1] if place else ""


def shown_by_others(
    root: Path, connection: sqlite3.Connection, paths: Collection[str]
) -> frozenset[str] | None:
    """Those of some paths that are pictures of another archive in the folder than this one.

    Or of one beside the folder to which a link of that name leads. None where one of them cannot be
    read. This one's own file and logs are not even opened: to close one takes every lock of this
    process from it, in the midst of a write too.
    """
    shown: set[str] = set()
    places = {(root / path).parent for path in paths}
    folders = {resolved(root), *(resolved(place).parent.parent for place in places)}
    try:
        own = _files_of(file_of(connection))
        for path in sorted(path for folder in folders for path in folder.iterdir()):
            if is_file(path) and _identity(path) not in own and _is_database(path):
                shown |= _shown_by(path, paths)
    except (CrawlerError, OSError, sqlite3.Error):
        return None
    return frozenset(shown)


def is_elsewhere(root: Path, path: str) -> bool:
    """Whether a picture is kept where a link leads, out of its archive's folder.

    Nobody can tell how many archives have such a link.
    """
    return not resolved((root / path).parent).is_relative_to(resolved(root))


def _files_of(database: Path) -> set[tuple[int, int]]:
    """A database and its logs, by what the system knows them by."""
    logs = filter(is_there, (beside_of(database, ending) for ending in LOGS))
    return {_identity(path) for path in (database, *logs)}


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _is_database(path: Path) -> bool:
    """Whether a file is a database. Raises InputError where that cannot be told."""
    with open_input(path) as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _shown_by(path: Path, paths: Collection[str]) -> set[str]:
    with closing(connect(path, read_only=True)) as connection:
        found = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'images'"
        if connection.execute(found).fetchone() is None:
            return set()
        asked = ((one, PurePath(one).stem) for one in paths)
        return {one for one, name in asked if connection.execute(_SHOWN, (name,)).fetchone()}
