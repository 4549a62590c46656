"""Snapshot -> archive: pages that were kept, cleaned again by today's cleaner."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crawler.article import Origin
from crawler.clean.exports import local_form
from crawler.clean.pages import read_page
from crawler.errors import ArchiveError, InputError
from crawler.flows.articles import article_of_page
from crawler.flows.outcome import Outcome
from crawler.flows.wall import attempt
from crawler.flows.workers import batched, in_batches
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crawler.archive import Archive
    from crawler.archive.reading import Snapshot
    from crawler.article import Article


def reclean_stored(archive: Archive, *, workers: int = 1) -> Iterator[Outcome]:
    """Clean every snapshot again; yields one Outcome a snapshot, once its batch is on disk.

    One that is damaged keeps no other from it.
    """
    for batch in in_batches(
        _read_snapshots, batched(archive.history.snapshots()), None, workers=workers
    ):
        with archive.transaction():
            outcomes = [_kept(read, archive) for read in batch]
        yield from outcomes


def _kept(read: Article | Outcome, archive: Archive) -> Outcome:
    if isinstance(read, Outcome):
        return read
    return Outcome.of_article(read.url, read, archive.save(read))


def _read_snapshots(snapshots: Sequence[Snapshot], _: None) -> list[Article | Outcome]:
    return [_read_if_whole(snapshot) for snapshot in snapshots]


def _read_if_whole(snapshot: Snapshot) -> Article | Outcome:
    """The record of a stored page, or what is wrong with that."""
    try:
        read = attempt(snapshot.url, lambda: _read_snapshot(snapshot))
    except (ArchiveError, InputError) as error:
        return Outcome.of_error(snapshot.url, error)
    return Outcome.of_error(snapshot.url, read) if isinstance(read, InputError) else read


def _read_snapshot(snapshot: Snapshot) -> Article:
    page = read_page(snapshot.content)
    is_silent = snapshot.known.get("producer") in _WITHOUT_A_CLOCK
    said = local_form(page.served_at) if is_silent else ""
    article = article_of_page(
        page,
        parse_url(snapshot.url),
        fetch_date=said or snapshot.fetched_at,
        evidence=snapshot.evidence,
        http_status=snapshot.http_status,
        origin=_ORIGINS.get(snapshot.origin, Origin.FETCH),
    )
    article = replace(article, recovered_from=snapshot.recovered_from)
    return _as_it_was_told(article, snapshot.known)


def _as_it_was_told(article: Article, known: Mapping[str, Any]) -> Article:
    """The record with what the page never said, but a tool that saved it, or a list beside it.

    Of a page that we fetched nobody else told anything: what it says no more was read wrongly.
    """
    if not (known.get("producer") or article.recovered_from):
        return article
    told = {name: value for name, value in known.items() if getattr(article, name) in ("", None)}
    return replace(article, **told)


_WITHOUT_A_CLOCK = frozenset({"saved-page", "browser"})
"""Producers of pages that say no moment: that of an older snapshot may be its file's."""

_ORIGINS = {origin.value: origin for origin in Origin}
