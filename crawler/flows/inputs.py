"""Which files of those that a user names are read, and as what."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from contextlib import suppress
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, cast

from crawler.archive.lines import is_ours
from crawler.characters import from_utf16
from crawler.clean.containers import BrokenContainerError, Packed
from crawler.clean.exports import is_page
from crawler.errors import InputError
from crawler.inputs import (
    MAX_PAGE_BYTES,
    is_folder,
    is_held,
    is_there,
    name_of,
    open_input,
    read_input,
    resolved,
)
from crawler.times import SHANGHAI, as_written
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

SEED_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
PAGE_SUFFIXES = frozenset({".html", ".htm", ".shtml", ".xht", ".xhtml"})
LIST_SUFFIXES = frozenset(
    {".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".jsonl", ".ndjson", ".opml", ".xml"}
    | {".rss", ".atom"}
)
MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
PACKED_SUFFIXES = (".zip", ".wacz", ".jex")
MHTML_SUFFIXES = (".mht", ".mhtml")
DATABASE_SUFFIXES = (".db", ".sqlite", ".sqlite3")
CONTAINER_SUFFIXES = (*PACKED_SUFFIXES, *MHTML_SUFFIXES, *DATABASE_SUFFIXES, ".enex")
WARC_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
# What may hold articles as well, and is opened by nothing here; pictures and films hold none.
_MAY_HOLD = frozenset(
    {".7z", ".bz2", ".gz", ".rar", ".tar", ".tbz", ".tgz", ".txz", ".xz", ".z", ".zst"}
    | {".asp", ".aspx", ".jsp", ".php", ".maff", ".webarchive", ".eml", ".mbox", ".msg"}
    | {".azw", ".azw3", ".chm", ".doc", ".docx", ".epub", ".mobi", ".odt", ".pdf", ".rtf"}
    | {".bson", ".icloud", ".lakebook", ".sql", ".textpack", ".bak", ".old", ".orig"}
    | {".arrow", ".db3", ".duckdb", ".feather", ".har", ".parquet", ".pkl", ".url", ".webloc"}
    | {".adoc", ".docm", ".et", ".fb2", ".mdown", ".mdx", ".mkd", ".org", ".rst", ".text"}
    | {".numbers", ".one", ".pages", ".wps", ".xlsb", ".xlsm", ".ziw"}
    | {".bib", ".emlx", ".enw", ".pst", ".rdf", ".ris"}
    | {".lake", ".note", ".notes", ".sy"}
)
_INDEXES = (".cdx.gz", ".cdxj.gz")  # of WARC files, as in each WACZ
SUFFIXES = (
    *sorted(SEED_SUFFIXES),
    *sorted(PAGE_SUFFIXES),
    *sorted(LIST_SUFFIXES),
    *CONTAINER_SUFFIXES,
    *WARC_SUFFIXES,
)


_BEGINS = re.compile(
    rb"\s*+(?:\xef\xbb\xbf)?\s*+(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+<(?:!doctype html|html)\b",
    re.IGNORECASE,
)
HEAD = 4 << 10  # bytes


def is_page_file(path: Path) -> bool:
    """Whether a file holds pages, not a seed: by its name, or by what it holds.

    Only in Markdown, which folders have by the ten thousand, no page is looked for.
    """
    if path.suffix.lower() in PAGE_SUFFIXES or is_warc_file(path):
        return True
    is_other = path.suffix.lower() in MARKDOWN_SUFFIXES | LIST_SUFFIXES or is_container_file(path)
    return not is_other and _begins_as_page(path) and is_page(_content_of(path))


def is_warc_file(path: Path) -> bool:
    """Whether a file holds what a crawler fetched, by its name."""
    return path.name.lower().endswith(WARC_SUFFIXES)


def begins_as_page(content: bytes) -> bool:
    """Whether bytes begin as HTML does."""
    return _BEGINS.match(from_utf16(content[:HEAD])) is not None


def _begins_as_page(path: Path) -> bool:
    try:
        with open_input(path) as file:
            return begins_as_page(file.read(HEAD))
    except (InputError, OSError):
        return False


def _content_of(path: Path) -> bytes:
    try:
        return read_input(path, MAX_PAGE_BYTES)
    except InputError:
        return b""


def is_list_file(path: Path) -> bool:
    """Whether a file names articles or carries several of them, by its name."""
    return path.suffix.lower() in LIST_SUFFIXES


def is_carried(path: Path) -> bool:
    """Whether a file is what an archive of ours was exported to, whatever it is called by now.

    Only in Markdown, which folders have by the ten thousand, nobody would look for it.
    """
    is_other = is_page_file(path) or is_container_file(path)
    return not is_other and path.suffix.lower() not in MARKDOWN_SUFFIXES and is_ours(path)


def is_container_file(path: Path) -> bool:
    """Whether a file holds several documents, or one with its pictures, by its name."""
    return path.name.lower().endswith(CONTAINER_SUFFIXES)


def names_articles(path: Path) -> bool:
    """Whether a database that is no archive of ours, or its log, names an address of WeChat's.

    Of a larger one, which may be sparse, the first GB is looked at.
    """
    if is_held(path):
        return False
    log = path.with_name(f"{path.name}-wal")
    files = [path, log] if is_there(log) else [path]
    is_named = False
    for piece in chain.from_iterable(map(_pieces_of, files)):
        if _holds(piece, _OF_OURS):
            return False
        is_named = is_named or _holds(piece, HOST)
    return is_named


def _pieces_of(path: Path) -> Iterator[bytes]:
    """The first GB of a file in pieces, each with the end of the one before it."""
    before = b""
    with open_input(path) as file:
        for _ in range(_PIECES):
            piece = before + file.read(_PIECE)
            if piece == before:
                return
            yield piece
            before = piece[-2 * len(HOST) :]


def is_archive(path: Path) -> bool:
    """Whether a database is an archive of ours, by a column that stands among its first pages."""
    if is_held(path):
        return False
    with open_input(path) as file:
        return _holds(file.read(_PIECE), _OF_OURS)


def _holds(piece: bytes, words: str) -> bool:
    """Whether words stand in a piece of a database, in whichever encoding that has its letters."""
    return any(words.encode(charset) in piece for charset in ("utf-8", "utf-16-le", "utf-16-be"))


_PIECE, _PIECES = 1 << 20, 1 << 10  # bytes of one, and how many
_OF_OURS = "cleaner_version"  # a column, which stands among the first pages


def saved_at(path: Path) -> str:
    """When a file was written last, as `Article.fetch_date`; "" for a year that no calendar has."""
    try:
        return as_written(datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI))
    except (OSError, OverflowError, ValueError):
        return ""


def find_seeds(paths: Sequence[Path]) -> tuple[list[Path], list[InputError]]:
    """Find every seed file that the paths name or hold.

    Returns the files in a fixed order, each once, and what is wrong with a path.
    """
    found: dict[Path, None] = {}
    errors: list[InputError] = []
    for path in paths:
        try:
            found.update(dict.fromkeys(_seeds_at(path, errors)))
        except InputError as error:
            errors.append(error)
    return list(found), errors


def passed_over(paths: Iterable[Path], found: Iterable[Path] = ()) -> Counter[str]:
    """The endings of files below folders that may hold articles and are not read, how often each.

    Also `.html~` and `.md.1`, as editors and downloaders call what they put aside; and those of
    files in the packed ones among what was `found` there.
    """
    endings: Counter[str] = Counter()
    for path in paths:
        with suppress(InputError):
            names = (names for _, _, names in _walk(path, _say_nothing)) if is_folder(path) else ()
            endings.update(filter(None, map(_ending_of, chain.from_iterable(names))))
    for path in found:
        if path.name.lower().endswith(PACKED_SUFFIXES):
            endings.update(filter(None, map(_ending_of, _names_in(path))))
    return endings


def _names_in(path: Path) -> list[str]:
    """The names of the files in a packed one; none where it is broken, which was told before."""
    try:
        with io.BufferedReader(cast("io.RawIOBase", open_input(path))) as file:
            return Packed(file).names()
    except (InputError, BrokenContainerError):
        return []


def _say_nothing(_: OSError) -> None:
    """A folder that cannot be read was named before."""


def _ending_of(name: str) -> str:
    lower = name.lower()
    if lower.endswith((*SUFFIXES, *_INDEXES)):
        return ""
    aside = _ASIDE.search(lower)
    ending = Path(lower).suffix
    return aside[0] if aside else ending if ending in _MAY_HOLD else ""


_ASIDE = re.compile(r"\.(?:html?|md|txt|json|csv|xlsx|zip)(?:~|\.\d{1,4})\Z")


def _seeds_at(path: Path, errors: list[InputError]) -> list[Path]:
    """The seed files that one path names or holds. Raises InputError where there is none."""
    if is_folder(path):
        below = sorted(files_below(path, SUFFIXES, errors))
        if below:
            return below
        kinds = ", ".join(sorted(SEED_SUFFIXES))
        raise InputError(name_of(path), "holds no seeds", f"seeds are {kinds} files")
    if is_there(path):
        return [path]
    advice = "give seed files, or folders of them"
    raise InputError(name_of(path), "no such file or folder", advice)


def files_below(
    folder: Path, suffixes: tuple[str, ...], errors: list[InputError]
) -> Iterator[Path]:
    """Every file below a folder whose name ends so, in whatever case, and pages without an ending.

    So downloaders call them: by the last part of the link, with its question mark.
    A link that leads out of it, and a folder that cannot be read, are named and left alone.
    """
    root = resolved(folder)

    def name_failure(failure: OSError) -> None:
        where = Path(os.fsdecode(failure.filename))
        what = f"cannot be read: {failure.strerror}"
        errors.append(InputError(name_of(where), what, "check the folder's permissions"))

    for where, folders, names in _walk(folder, name_failure):
        links = [Path(where, name) for name in folders if _is_link(Path(where, name))]
        files = [Path(where, name) for name in names if name.lower().endswith(suffixes)]
        if ".html" in suffixes:
            files += [Path(where, name) for name in names if _is_nameless_page(where, name)]
        for path in [*links, *files]:
            if _is_link(path) and not resolved(path).is_relative_to(root):
                what = f"is a link that leads out of {name_of(folder)}"
                errors.append(InputError(name_of(path), what, "name its target to read it"))
            elif path not in links:  # a folder that is linked within is met where it stands
                yield path


def _is_nameless_page(where: str, name: str) -> bool:
    path = Path(where, name)
    return "." not in name and not _is_link(path) and is_page_file(path)


def _walk(
    folder: Path, name_failure: Callable[[OSError], None]
) -> Iterator[tuple[str, list[str], list[str]]]:
    """As `os.walk` goes through folders, which calls itself for each one that lies in another."""
    waiting = [os.fspath(folder)]
    while waiting:
        for where, folders, names in islice(os.walk(waiting.pop(), onerror=name_failure), 1):
            yield where, folders, names
            below = [os.path.join(where, name) for name in folders]  # noqa: PTH118  (as walk does)
            waiting += [path for path in reversed(below) if not _is_link(path)]


def _is_link(path: Path | str) -> bool:
    """Whether a path is a link, as far as that can be told; `Path.is_symlink` may break there."""
    return os.path.islink(path)  # noqa: PTH114
