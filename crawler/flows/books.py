"""Archive -> a book of an account, of a search, or of articles that were named."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from crawler.archive.files import measure, whole_file
from crawler.errors import InputError
from crawler.flows.works import chosen_records, title_of, work_of
from crawler.formats import Chapter, Picture, write_epub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.flows.works import Choice


def write_book(archive: Archive, path: Path, choice: Choice) -> int:
    """Write a book of the articles that are meant and have a text; returns how many.

    Those of a search come in its order, those that are named as they are, all others account by
    account, the oldest first. Raises InputError where the choice is wrong or leaves nothing,
    ArchiveError where the file cannot be written.
    """
    chapters = _chapters(archive, choice)
    first = next(chapters, None)
    if first is None:
        raise InputError(str(path), "would be an empty book", "choose other articles")
    with whole_file(path) as file:
        return write_epub(file, title_of(choice), chain([first], chapters))


def _chapters(archive: Archive, choice: Choice) -> Iterator[Chapter]:
    for record in chosen_records(archive, choice, by_account=True):
        yield Chapter(work=work_of(record), pictures=_pictures(archive, record.id))


def _pictures(archive: Archive, article_id: str) -> dict[str, Picture]:
    """The pictures of an article that the archive has, by their addresses."""
    pictures = {}
    for url, path in archive.images.local(article_id).items():
        content = archive.images.read(path) or b""
        _, *size = measure(content) or (None, 0, 0)
        if all(size):  # readers refuse a book in which one is cut short
            pictures[url] = Picture(suffix=path.suffix, content=content)
    return pictures
