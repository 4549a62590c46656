"""Leaves one exported file to an article that was several when those were written.

A page may tell that two articles are one. Then each has a file: one of them stays, with what a
person wrote into it, and the others go, where they are as we wrote them. The same is done where a
restored archive and the one before it say different things of one file.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from crawler.article import sha256
from crawler.characters import decoded
from crawler.errors import ArchiveError, InputError
from crawler.frontmatter import split_front_matter
from crawler.inputs import is_file, read_input
from crawler.marks import split_notes

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping
    from pathlib import Path

    from crawler.archive.archive import Archive
    from crawler.archive.layouts import Layout
    from crawler.archive.saving import ExportedFile

SEVERAL = "is of an article that has another file now: take over what you wrote, and remove it"
_MAX_DOCUMENT = 80 << 20  # bytes: a text of the largest page, and notes


class _Holds(IntEnum):
    """What a file of an article holds."""

    OURS = 0  # what was written, and nothing else
    MORE = 1  # a person's notes or keys, too
    THEIRS = 2  # a document that a person changed


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftFile:
    """A file beside the one of its article, in which a person wrote."""

    article_id: str
    path: Path


def join_files(archive: Archive, folder: Path, layout: Layout) -> Iterator[LeftFile]:
    """Leave one file to each article that has several below a folder; yields those that stay, too.

    Whenever it is killed, the next one goes on with it. Raises ArchiveError where a file that is to
    go cannot be removed.
    """
    several: dict[str, list[ExportedFile]] = {}
    for file in archive.exported.former(folder):
        several.setdefault(file.article_id, []).append(file)
    known = archive.exported.below(folder) if several else {}
    owners = {file.path: article_id for article_id, file in known.items()}
    for article_id, former in several.items():
        first = known.get(article_id, former[0])
        files = [file for file in former if owners.get(file.path, article_id) == article_id]
        there = dict(_there(archive, folder, layout, [first, *files]))
        kept = _kept(first, there)
        beside = {path for path in there if path != kept.path}
        for path in beside:
            if there[path][0] is _Holds.OURS:
                _remove(folder / path)
        stay = {path for path in beside if there[path][0] is not _Holds.OURS}
        archive.exported.settle(folder, kept, {file.path for file in former} - stay)
        for path in sorted(stay):
            yield LeftFile(article_id=article_id, path=folder / path)


def _kept(first: ExportedFile, there: Mapping[str, tuple[_Holds, str]]) -> ExportedFile:
    """The file that an article keeps: its first one, or one with more than we wrote there."""
    ranks = {path: holds is not _Holds.MORE for path, (holds, _) in there.items()}
    if first.path in there and there[first.path][0] is not _Holds.OURS:
        ranks = {}
    path = min(ranks, key=lambda path: (ranks[path], path != first.path), default=first.path)
    _, written = there.get(path, (None, ""))
    return replace(first, path=path, sha256=written, writing="") if written else first


def _there(
    archive: Archive, folder: Path, layout: Layout, files: Iterable[ExportedFile]
) -> Iterator[tuple[str, tuple[_Holds, str]]]:
    """The files of an article that are there, by path: what each holds, and what we wrote there."""
    files = list(files)
    ours = {written for file in files for written in (file.sha256, file.writing)}
    document = _document(archive, folder, layout, files[0].article_id)
    for file in files:
        with suppress(InputError):
            if is_file(folder / file.path):
                content = read_input(folder / file.path, _MAX_DOCUMENT)
                yield (
                    file.path,
                    _held(archive, layout, file.article_id, content, ours, document=document),
                )


def _document(archive: Archive, folder: Path, layout: Layout, article_id: str) -> str:
    """What a file of an article would say now; "" where no key of ours is a person's, too."""
    record, path = archive.get(article_id), layout.paths.get(article_id)
    return layout.write(record, folder / path) if layout.shared and record and path else ""


def _held(  # noqa: PLR0913  (what tells whose it is)
    archive: Archive,
    layout: Layout,
    article_id: str,
    content: bytes,
    ours: Container[str],
    *,
    document: str,
) -> tuple[_Holds, str]:
    """What a file holds, and the hash of what we wrote there, "" where a person changed it.

    What the manifest says is not enough: another archive's lines bring theirs.
    """
    text = decoded(content) or ""
    plain, notes = split_notes(text)
    split = layout.split_of(plain, ours)
    front, _ = split_front_matter(text)
    is_its = front is not None and archive.find(front.url) == article_id
    is_its = is_its or was_without_link(archive, article_id, content, text)
    if front is None or split is None or not is_its or archive.seeds.gave_article(sha256(content)):
        return _Holds.THEIRS, ""
    more = notes or (split[0].strip() and layout.says_more(split[0], document, front.title))
    holds = _Holds.MORE if more else _Holds.OURS
    return holds, sha256(split[1].encode())


def was_without_link(archive: Archive, article_id: str, content: bytes, text: str) -> bool:
    """Whether a file, and the text that it is, is of an article of which nobody knew a link.

    Of one that a person changed that is not enough: it may be their own copy of the article.
    """
    front, _ = split_front_matter(text)
    if front is None or front.url or archive.seeds.gave_article(sha256(content)):
        return False
    return front.title in archive.exported.titles_without_link(article_id)


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        what = f"cannot be removed: {error.strerror or error}"
        raise ArchiveError(str(path), what, "check the folder's permissions") from error
