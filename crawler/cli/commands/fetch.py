"""Articles from the web into the archive."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.printing import counted, note
from crawler.cli.report import Report
from crawler.errors import InputError
from crawler.fetch import Fetcher
from crawler.flows import (
    ArticleFetch,
    Stripping,
    fetch_pictures,
    one_link,
    read_feed,
    read_list_file,
    refusals,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.archive import Archive
    from crawler.cli.group import Settings


@click.command("fetch")
@click.argument("urls", nargs=-1, metavar="URL...")
@click.option(
    "-f",
    "--file",
    "list_file",
    type=click.Path(path_type=Path),
    help="A list of any kind: text, Markdown, CSV, XLSX, JSON, bookmarks; - is stdin.",
)
@click.option("--queued", is_flag=True, help="Fetch what waits in the queue, the newest first.")
@click.option(
    "--feed",
    "feeds",
    multiple=True,
    metavar="URL-OR-FILE",
    help="Fetch what an RSS or Atom feed lists.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=None,
    help="URLs at the most; the rest waits in the queue.",
)
@click.option(
    "--max-age",
    type=click.FloatRange(0),
    default=None,
    help="Skip what was looked at in so many days.",
)
@click.option(
    "--unsigned", type=click.Choice(["skip", "try"]), default=None, help="Links without chksm."
)
@click.option("--images", is_flag=True, help="Fetch the pictures of these articles as well.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each URL.")
@click.pass_obj
def fetch_command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    settings: Settings,
    urls: tuple[str, ...],
    list_file: Path | None,
    queued: bool,
    feeds: tuple[str, ...],
    limit: int | None,
    max_age: float | None,
    unsigned: str | None,
    images: bool,
    as_json: bool,
) -> None:
    """Fetch articles politely, clean them, and keep them in the archive.

    One request at a time, spaced as config.toml says, over all runs. The first page that asks for
    verification stops the run (exit code 3); what was not fetched waits in the queue.

    \b
    Examples:
      crawler fetch https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler fetch -f links.txt --images
      crawler fetch --queued --limit 50
      crawler fetch --feed feed.xml
    """
    report = Report(as_json=as_json, each=True)
    given = [*map(one_link, urls), *_listed(list_file, report)]
    if not (given or queued or feeds or list_file):
        raise InputError("fetch", "was given no URL", "give URLs, -f FILE, --feed or --queued")
    config = settings.config.fetch
    with (
        settings.open_archive(create=True) as archive,
        Fetcher(config, exchange=archive.exchange_pace) as fetcher,
    ):
        way = ArticleFetch(
            archive=archive,
            fetcher=fetcher,
            try_unsigned=(unsigned or config.unsigned) == "try",
            discover=config.discover,
            max_age=None if max_age is None else timedelta(days=max_age),
        )
        given += [link for feed in feeds for link in _new(read_feed(feed, fetcher), archive)]
        given += way.queued(limit) if queued else []
        way.keep_for_later(given[limit:] if limit else [])
        try:
            report.follow(way.run(given[:limit]), total=len(given[:limit]), label="fetching")
        finally:
            report.finish(archive, Stripping(archive, settings.config.promo), report.article_ids)
        if images:
            _fetch_images(report.article_ids, archive, fetcher)
    sys.exit(report.exit_code)


def _new(links: Iterable[str], archive: Archive) -> list[str]:
    """The links of a feed whose articles have no text in the archive yet."""
    records = ((link, archive.get(link)) for link in links)
    return [link for link, record in records if record is None or not record.body]


def _fetch_images(article_ids: Iterable[str], archive: Archive, fetcher: Fetcher) -> None:
    wanted = [
        picture
        for article_id in sorted(article_ids)
        for picture in archive.images.wanted(article_id)
    ]
    stored = sum(state == "stored" for _, state in fetch_pictures(wanted, archive, fetcher))
    note(f"{stored:,} of {counted(len(wanted), 'picture')} came")


def _listed(path: Path | None, report: Report) -> list[str]:
    """The links of a list; what in it looks like one and is none is reported by its line."""
    if path is None:
        return []
    listing = read_list_file(str(path))
    report.follow(refusals(str(path), listing), total=None, label="reading the list")
    return [link.url for link in listing.links]
