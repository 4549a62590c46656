"""Where pictures are kept, and other archives in the same folder, which keep theirs there too.

A backup lies beside its archive, most often, or where its folder of pictures is a link to that of
its archive. Where the archive itself is a link, what a restore put aside lies beside its file. What
no article of one shows may well be shown by another, and is not to be taken for a file that nobody
wants.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import PurePath
from typing import TYPE_CHECKING

from crawler.archive.database import LOGS, connect, file_of, is_being_written
from crawler.errors import ArchiveError, CrawlerError
from crawler.inputs import is_file, is_held, open_input, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

_PLACE = re.compile(r"images/[0-9a-f]{2}/([0-9a-f]{64})\.[a-z0-9]{2,5}")
# the file's name, wherever its row leads, or if that is lost
_SHOWN = "SELECT 1 FROM images WHERE sha256 = :it UNION SELECT 1 FROM pictures WHERE sha256 = :it"
_MAGIC = b"SQLite format 3\0"


def picture_at(path: str) -> str:
    """The SHA-256 of the picture that is kept at a path; "" for one where none is.

    A row of another archive may lead anywhere.
    """
    place = _PLACE.fullmatch(path)
    return place[1] if place else ""


def files_of(
    root: Path, digests: Iterable[str], on_unread: Callable[[str, str], None]
) -> list[str]:
    """The paths at which the files of some pictures lie, whatever their rows say of it.

    One that a salvage made names an ending by guess, until the file was looked for. `on_unread` is
    told of a folder into which nobody may look, and why.
    """
    wanted = {digest for digest in digests if picture_at(f"images/{digest[:2]}/{digest}.jpg")}
    found = []
    for folder in sorted({f"images/{digest[:2]}" for digest in wanted}):
        try:
            names = [path.name for path in (root / folder).iterdir()]
        except FileNotFoundError:
            continue
        except OSError as error:
            on_unread(folder, f"nobody may look into it ({error.strerror or error})")
            continue
        found += [path for name in names if picture_at(path := f"{folder}/{name}") in wanted]
    return sorted(found)


def shown_by_others(
    root: Path, connection: sqlite3.Connection, paths: Collection[str]
) -> frozenset[str] | None:
    """Those of some paths that are pictures of another archive in the folder than this one.

    Or of one beside the folder, or the file of this archive, to which a link of that name leads.
    None where one of them cannot be read, or is being written: a picture's file is there before any
    row of it can be seen.
    """
    own = file_of(connection)
    shown: set[str] = set()
    places = {(root / path).parent for path in paths}
    folders = {resolved(root), resolved(own).parent}
    folders |= {resolved(place).parent.parent for place in places}
    try:
        for path in sorted(path for folder in folders for path in folder.iterdir()):
            if _is_database(path) and not path.samefile(own):
                shown |= _shown_by(path, paths)
    except (CrawlerError, OSError, sqlite3.Error):
        return None
    return frozenset(shown)


def is_elsewhere(root: Path, path: str) -> bool:
    """Whether a picture is kept where a link leads, out of its archive's folder.

    Nobody can tell how many archives have such a link.
    """
    return not resolved((root / path).parent).is_relative_to(resolved(root))


def _is_database(path: Path) -> bool:
    """Whether a file is a database. Raises InputError where that cannot be told.

    One that is open here is not looked into, which would take its locks; nor is a log.
    """
    if not is_file(path) or _is_log(path):
        return False
    if is_held(path):
        return True
    with open_input(path) as file:
        return file.read(len(_MAGIC)) == _MAGIC


def _is_log(path: Path) -> bool:
    names = (path.name.removesuffix(log) for log in LOGS if path.name.endswith(log))
    return any(is_file(path.with_name(name)) for name in names if name)


def _shown_by(path: Path, paths: Collection[str]) -> set[str]:
    with closing(connect(path, read_only=True)) as connection:
        found = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'images'"
        if connection.execute(found).fetchone() is None:
            return set()
        if is_being_written(path):
            raise ArchiveError(str(path), "is being written", "wait until that is done")
        asked = ((one, PurePath(one).stem) for one in paths)
        return {one for one, name in asked if connection.execute(_SHOWN, {"it": name}).fetchone()}
