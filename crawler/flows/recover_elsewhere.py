"""What other people's collections hold of articles that have no body.

A collection is read as `reclean` reads it, by the same code, into an archive for the while, and
what that holds is offered. So every kind of file is read, and memory stays flat.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive import Archive
from crawler.clean.recovery import Offer
from crawler.errors import InputError
from crawler.flows.articles import identity_fields
from crawler.flows.everything import read_files
from crawler.flows.recover import Find, article_of, offer_of
from crawler.inputs import read_input
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from crawler.archive import Record
    from crawler.archive.saving import Missing, QueueEntry
    from crawler.flows.everything import Stage
    from crawler.flows.outcome import Outcome

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_MAX_REFS = 4 << 20  # bytes


def _as_it_is(stage: Stage) -> Iterator[Outcome]:
    return stage.outcomes


class ElsewhereWay:
    """Files of somebody else's. `follow` hands on each stage's outcomes, and may show them."""

    name = "from"
    batch = 500

    def __init__(
        self,
        files: Sequence[Path],
        *,
        workers: int = 1,
        follow: Callable[[Stage], Iterator[Outcome]] = _as_it_is,
    ) -> None:
        self._files = files
        self._workers = workers
        self._follow = follow

    def finds(self, missing: Sequence[Missing]) -> Iterator[Find]:
        """Every article with a text, and every link that lists name."""
        if not missing:
            return
        with Archive.scratch() as other:
            names: dict[str, str] = {}  # article -> the input that gave it
            for stage in read_files(self._files, other, workers=self._workers, strict=True):
                for outcome in self._follow(stage):
                    names[outcome.article_id] = outcome.input
            collection = _Collection(other, names)
            for record in other.records(only_bodies=True):
                yield from collection.finds_of(record)
            yield from map(_find_of_entry, other.queue.entries())


def _find_of_entry(entry: QueueEntry) -> Find:
    """What a list says of an article: its link, and what stands beside that."""
    form = parse_url(entry.request)
    address = form.request if form.signed else ""
    return Find(
        offer=Offer(
            way=ElsewhereWay.name,
            source=entry.why,
            url=address,
            title=entry.title,
            account=entry.source,
            date=entry.date,
            **identity_fields(form.identity),
            sn=form.sn,
        )
    )


class _Collection:
    """Somebody else's collection, read; and where each of its files came from."""

    def __init__(self, archive: Archive, names: Mapping[str, str]) -> None:
        self._archive = archive
        self._names = names
        self._commits: dict[Path, str] = {}

    def finds_of(self, record: Record) -> Iterator[Find]:
        """An article with its text. Of one without a link every text, for none is better known."""
        bodies = [(record.evidence, record.body)]
        if not record.url:
            bodies = [
                (revision.evidence, self._archive.history.body(record.id, revision.body_hash) or "")
                for revision in self._archive.history.revisions(record.id)
            ]
        for evidence, body in bodies:
            article = replace(article_of(record, body), evidence=evidence)
            source = self._archive.seeds.path_of(evidence) or self._names.get(record.id, record.url)
            version = self._commit_of(Path(source))
            yield Find(
                offer=offer_of(article, way=ElsewhereWay.name, source=source, version=version),
                article=article,
                pictures=self._archive.images.local(record.id),
            )

    def _commit_of(self, path: Path) -> str:
        """The commit of the repository in which a file stands, "" where it stands in none."""
        below: list[Path] = []
        folder, found = path.parent, ""
        while folder not in self._commits:
            below.append(folder)
            if folder == folder.parent or not os.path.isdir(folder):  # noqa: PTH112
                break
            found = commit_of(folder)
            if found:
                break
            folder = folder.parent
        found = found or self._commits.get(folder, "")
        self._commits.update(dict.fromkeys(below, found))
        return found


def commit_of(folder: Path) -> str:
    """The commit that a folder with a `.git` is at, "" where it has none or says none."""
    git = folder / ".git"
    if not os.path.isdir(git):  # noqa: PTH112  (no word where that may not be looked at)
        return ""
    head = _text(git / "HEAD").strip()
    name = head.removeprefix("ref: ")
    if not name.startswith("refs/") or ".." in name:
        return head if _COMMIT.fullmatch(head) else ""
    loose = _text(git / name).strip()
    if _COMMIT.fullmatch(loose):
        return loose
    packed = (line.partition(" ") for line in _text(git / "packed-refs").splitlines())
    commit = next((commit for commit, _, ref in packed if ref == name), "")
    return commit if _COMMIT.fullmatch(commit) else ""


def _text(path: Path) -> str:
    try:
        return read_input(path, _MAX_REFS).decode("utf-8", "replace")
    except (InputError, OSError):
        return ""
