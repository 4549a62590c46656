"""What a file that somebody names to be written may take the place of: a file of its own kind.

Nobody means to lose a letter to a name that was mistyped. And no output takes a name that the
archive needs, be it free: SQLite would read a file beside its database as that one's log.
"""

from __future__ import annotations

import io
import os
import xml.etree.ElementTree as ET
import zlib
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, BinaryIO
from zipfile import BadZipFile, ZipFile

from crawler.archive.database import LOGS, beside_of
from crawler.archive.files.atomic import check_place, unwritable
from crawler.archive.files.images import FOLDER
from crawler.archive.files.tokens import token_file
from crawler.errors import ArchiveError
from crawler.inputs import is_there, name_of, open_input, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_HEAD = 4096  # bytes
_WARC = b"WARC/"
_GZIP = b"\x1f\x8b"
_EPUB = b"mimetypeapplication/epub+zip"  # its first member, which is not packed
_ATOM = "{http://www.w3.org/2005/Atom}feed"


def _is_warc(file: BinaryIO) -> bool:
    head = file.read(_HEAD)
    if head.startswith(_GZIP):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, len(_WARC))
        except zlib.error:
            return False
    return head.startswith(_WARC)


def _is_wacz(file: BinaryIO) -> bool:
    """Many documents are ZIPs; this one says of itself what it holds, and has an archive."""
    try:
        with ZipFile(file) as packed:
            names = packed.namelist()
    except (BadZipFile, NotImplementedError, OSError, ValueError):  # whatever its numbers lead to
        return False
    return "datapackage.json" in names and any(name.startswith("archive/") for name in names)


def _is_atom(file: BinaryIO) -> bool:
    try:
        head = io.BytesIO(file.read(_HEAD))
        _, first = next(ET.iterparse(head, ("start",)))  # noqa: S314  (4 KB unfold to little)
    except (ET.ParseError, StopIteration, ValueError, LookupError):  # of an encoding that is none
        return False
    return bool(first.tag == _ATOM)


def _is_epub(file: BinaryIO) -> bool:
    return file.read(_HEAD)[30:].startswith(_EPUB)


def _is_parquet(file: BinaryIO) -> bool:
    return file.read(4) == b"PAR1"


class FileKind(StrEnum):
    """What is written to a file that somebody names."""

    WARC = "a WARC file"
    WACZ = "a WACZ file"
    ATOM = "an Atom feed"
    EPUB = "an EPUB book"
    PARQUET = "a file of Parquet"


_IS_ONE: dict[FileKind, Callable[[BinaryIO], bool]] = {
    FileKind.WARC: _is_warc,
    FileKind.WACZ: _is_wacz,
    FileKind.ATOM: _is_atom,
    FileKind.EPUB: _is_epub,
    FileKind.PARQUET: _is_parquet,
}
"""How a file of a kind is known, by what stands in it."""


def check_output(
    path: Path, kind: FileKind, *, archive: Path, overwrite: bool = False, advice: str = ""
) -> None:
    """Raises ArchiveError where a file that is to be written would take another's place.

    That is one of another kind, unless `overwrite` says so; and always a database, what is no
    file, and what belongs to the archive. A file in which nothing stands may be taken.
    """
    check_apart(path, archive)
    check_place(path)
    if overwrite or not is_there(path):
        return
    with open_input(path) as file:
        is_taken = not _IS_ONE[kind](file) and os.fstat(file.fileno()).st_size
    if is_taken:
        what = f"is there already, and is not {kind}"
        raise ArchiveError(name_of(path), what, advice or "choose another name, or move it away")


def check_apart(path: Path, archive: Path) -> None:
    """Raises ArchiveError where an output is the archive, lies in its images, or has their names.

    So it is where a folder above it has such a name, which would have to be made.
    """
    place = resolved(path)
    for own, what in _own_files(archive):
        is_own = own == place or own in place.parents
        if is_own or _are_one(path, own):
            raise unwritable(path, f"is {what}")


def _are_one(path: Path, other: Path) -> bool:
    """Whether two names are there, and of one file."""
    if not (is_there(path) and is_there(other)):
        return False
    with suppress(FileNotFoundError):  # meanwhile
        return path.samefile(other)
    return False


def _own_files(archive: Path) -> Iterator[tuple[Path, str]]:
    """What the archive needs for itself, and what that is; SQLite looks behind links."""
    for path in (archive.absolute(), resolved(archive)):
        named = resolved(path.parent) / path.name
        yield named, "the archive itself"
        for ending in LOGS:
            yield beside_of(named, ending), "a file of the archive's database"
        yield token_file(named), "the archive's token"
        yield named.parent / FOLDER, "in the folder of the archive's pictures"
