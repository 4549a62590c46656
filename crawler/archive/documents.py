"""Writes documents as files, one an article, in the layout of seeds: `YYYY/MM/DD/source_title.md`.

A file is written aside, synced and renamed, so that whoever reads the folder sees the old document
or the new one and never a part. Which name an article gets follows from the archive alone; a file
that says the same already is left as it is, so that exporting again touches nothing.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.files import (
    collision_key,
    file_name,
    folder_of,
    holds,
    is_plain,
    plain_name,
    write_file,
)
from crawler.article import sha256
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from crawler.archive.archive import Archive, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One article and the file that holds its document.

    `written` is false where the file said the same before.
    """

    article_id: str
    title: str
    path: Path
    written: bool


def export(
    archive: Archive, folder: Path, *, rewrite: Callable[[Record, Path], str] | None = None
) -> Iterator[Exported]:
    """Write every article that has a body below `folder`; yields one Exported an article, by key.

    `rewrite` gives the document in place of the stored one, such as one whose pictures are local,
    for its path. Raises ArchiveError where a file cannot be written, or is a seed; what was yielded
    before is whole and on disk.
    """
    paths = plan(archive.named())
    for record in archive.records(only_bodies=True):
        path = folder / _path_of(record, paths)
        content = (rewrite(record, path) if rewrite else record.document).encode()
        if not holds(path, content):
            _check_no_seed(archive, path)
        written = write_file(path, content)
        if written:
            _forget_plain_name(record, folder, path, content)
        yield Exported(article_id=record.id, title=record.title, path=path, written=written)


def _path_of(record: Record, paths: dict[str, Path]) -> Path:
    if record.id not in paths:
        what = f"table articles, {record.id}: its index and its row say different things"
        raise ArchiveError("the archive", what, "run: crawler audit")
    return paths[record.id]


def _check_no_seed(archive: Archive, path: Path) -> None:
    """Keep an export from writing over the very seeds that the archive was made of.

    Their layout is the same.
    """
    if path.is_file() and archive.is_evidence(sha256(path.read_bytes())):
        what = "is a seed that the archive was made of, and an export would write over it"
        raise ArchiveError(str(path), what, "export to another folder; nothing was lost")


def plan(articles: Iterable[tuple[str, str, str, str]]) -> dict[str, Path]:
    """Where each article's file goes, by key; an article is (id, date, source, title).

    The same articles get the same names in whatever order they come.
    """
    stems = {
        key: (folder_of(date), plain_name(source, title)) for key, date, source, title in articles
    }
    taken = Counter((folder, collision_key(stem)) for folder, stem in stems.values())
    return {
        key: Path(folder, file_name(stem, key, shared=taken[folder, collision_key(stem)] > 1))
        for key, (folder, stem) in stems.items()
    }


def _forget_plain_name(record: Record, folder: Path, path: Path, content: bytes) -> None:
    """Remove the file that an article had before another came with the same name.

    Only where it holds just this document.
    """
    stem = plain_name(record.source, record.title)
    if not is_plain(stem):
        return  # it never had another name
    plain = folder / folder_of(record.date) / file_name(stem, record.id, shared=False)
    if plain != path and holds(plain, content):
        with suppress(OSError):
            plain.unlink()
