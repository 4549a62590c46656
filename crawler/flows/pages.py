"""Page at hand -> archive.

Snapshots cleaned again by today's cleaner, and pages out of WARC and HTML files.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from crawler.archive.archive import Change
from crawler.archive.files.warc import SavedPage, read_warc
from crawler.archive.saving.arrival import arrival_of
from crawler.article import sha256
from crawler.clean.pages import read_page, shrink_page
from crawler.clean.seeds import why_no_article as why_no_article  # noqa: PLC0414 -- for cli
from crawler.errors import InputError
from crawler.flows.articles import article_of_page
from crawler.flows.outcome import Outcome
from crawler.flows.workers import batched, in_batches
from crawler.times import SHANGHAI, as_written
from crawler.urls import identity_of, long_form, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from crawler.archive.archive import Archive
    from crawler.archive.reading.snapshots import Snapshot
    from crawler.article import Article

PAGE_SUFFIXES = frozenset({".html", ".htm"})
WARC_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
_ADVICE = "a page that names its article, or was saved with its link, can be read"


def reclean_stored(archive: Archive, *, workers: int = 1) -> Iterator[Outcome]:
    """Clean every snapshot again; yields one Outcome a snapshot, once its batch is on disk."""
    for batch in in_batches(_read_snapshots, batched(archive.snapshots()), None, workers=workers):
        with archive.transaction():
            outcomes = [
                Outcome.of_article(article.url, article, archive.save(article)) for article in batch
            ]
        yield from outcomes


def _read_snapshots(snapshots: Sequence[Snapshot], _: None) -> list[Article]:
    return [_read_snapshot(snapshot) for snapshot in snapshots]


def _read_snapshot(snapshot: Snapshot) -> Article:
    return article_of_page(
        read_page(snapshot.content),
        parse_url(snapshot.url),
        fetch_date=snapshot.fetched_at,
        evidence=snapshot.evidence,
        http_status=snapshot.http_status,
    )


def is_page_file(path: Path) -> bool:
    """Whether a file holds pages, not a seed."""
    return path.suffix.lower() in PAGE_SUFFIXES or path.name.lower().endswith(WARC_SUFFIXES)


def read_pages(path: Path, archive: Archive) -> Iterator[Outcome]:
    """Bring the pages of one WARC or HTML file into the archive; yields one Outcome a page."""
    try:
        pages: Iterable[SavedPage] = (
            [_html_file(path)] if path.suffix.lower() in PAGE_SUFFIXES else read_warc(path)
        )
        for page in pages:
            yield _keep(page.url or str(path), page, archive)
    except InputError as error:
        yield Outcome.of_error(str(path), error)


def _html_file(path: Path) -> SavedPage:
    """A page that a browser or a tool saved: its link stands in it, and the day is the file's."""
    try:
        saved = datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI)
        return SavedPage(
            url="",
            content=path.read_bytes(),
            charset="",
            http_status=None,
            fetched_at=as_written(saved),
        )
    except OSError as failure:
        raise InputError(
            str(path), f"cannot be read: {failure.strerror}", "check the file's permissions"
        ) from None


def _keep(name: str, saved: SavedPage, archive: Archive) -> Outcome:
    page = read_page(saved.content, charset=saved.charset, url=saved.url)
    identity = identity_of(page.biz, page.mid, page.idx)
    link = (
        saved.url
        or next(iter(page.aliases), "")
        or (long_form(identity, page.sn) if identity else "")
    )
    try:
        url = parse_url(link)
    except InputError:
        what = f"is no article of WeChat's ({page.detail or 'it names no link'})"
        return Outcome.of_error(name, InputError(name, what, _ADVICE), page.state)
    if not page.state.is_article:
        return Outcome.of_error(
            name, InputError(name, f"is no article: {page.detail}", _ADVICE), page.state
        )
    article = article_of_page(
        page,
        url,
        fetch_date=saved.fetched_at,
        evidence=sha256(saved.content),
        http_status=saved.http_status,
    )
    if archive.shows(arrival_of(article)):
        return Outcome.of_article(name, article, Change.UNCHANGED)
    snapshot = shrink_page(saved.content, charset=saved.charset) if article.body else None
    return Outcome.of_article(name, article, archive.save(article, snapshot=snapshot))
