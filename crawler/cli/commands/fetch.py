"""Articles from the web into the archive."""

from __future__ import annotations

import sys
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from crawler.article import State
from crawler.cli.printing import note, on_screen, progress_bar
from crawler.cli.report import Report
from crawler.cli.web import manners_of
from crawler.cli.words import AT_MOST, Number, list_option
from crawler.errors import FetchError, InputError
from crawler.fetch import FeedFetcher, Fetcher
from crawler.flows import (
    ArticleFetch,
    Stripping,
    fetch_pictures,
    learn_links,
    left_beside,
    note_told,
    one_link,
    read_feed,
    read_list_file,
    refusals,
    shanghai_now,
)
from crawler.telling import counted
from crawler.times import as_written
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.cli.group import Settings
    from crawler.config import FetchConfig
    from crawler.flows import Link


@click.command("fetch")
@click.argument("urls", nargs=-1, metavar="[URL]...")
@list_option
@click.option("--queued", is_flag=True, help="Fetch what waits in the queue, the newest first.")
@click.option(
    "--feed",
    "feeds",
    multiple=True,
    metavar="URL-OR-FILE",
    help="Fetch what an RSS, Atom or JSON feed lists; - is stdin.",
)
@click.option(
    "--limit",
    type=AT_MOST,
    default=None,
    help="Links asked for at the most, each with its tries; the rest waits in the queue.",
)
@click.option(
    "--max-age",
    type=Number(0, 36_500),
    default=None,
    help="Skip what was looked at in so many days.",
)
@click.option("--again", is_flag=True, help="Ask anew for what is archived, or gone for good.")
@click.option(
    "--unsigned", type=click.Choice(["skip", "try"]), default=None, help="Links without chksm."
)
@click.option(
    "--discover/--no-discover",
    default=None,
    help="Whether an album's page adds the articles that it lists; else as config.toml says.",
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
    again: bool,
    unsigned: str | None,
    discover: bool | None,
    images: bool,
    as_json: bool,
) -> None:
    """Fetch articles politely, clean them, and keep them in the archive.

    One request at a time, spaced as config.toml says, over all runs. The first page that asks for
    verification stops the run (exit code 3). However a run ends, what was not fetched waits in the
    queue. What is archived, or gone for good, is not asked for again.

    \b
    Examples:
      crawler fetch https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler fetch -f links.txt --images
      crawler fetch --queued --limit 50
      crawler fetch --feed feed.xml
    """
    report = Report(as_json=as_json, each=True)
    told = _listed(list_file, report)
    if not (urls or told or queued or feeds or list_file):
        raise click.UsageError("give URLs, -f FILE, --feed or --queued")
    config = settings.to_fetch()
    follows_albums = config.discover if discover is None else discover
    with (
        settings.open_archive(create=True) as archive,
        Fetcher(config, **manners_of(archive)) as fetcher,
    ):
        longest = None if max_age is None else timedelta(days=max_age)
        way = ArticleFetch(
            archive=archive,
            fetcher=fetcher,
            try_unsigned=(unsigned or config.unsigned) == "try",
            discover=follows_albums,
            max_age=longest,
            again=again,
        )
        # before a feed is asked, which may not answer
        given = _keep(map(one_link, urls), told, way)
        before, own = None, len(given)
        try:
            for listed in _of_feeds(feeds, config, archive, report):
                given += _keep((), listed, way)  # before the next one is
                own = len(given)
            given += way.queued() if queued else []
            before = report.states.total()
            report.follow(way.run(given, limit=limit), total=len(given), label="fetching")
        finally:
            came = 0 if before is None else report.states.total() - before
            if before is not None:  # else a feed ended it
                stripping = Stripping(archive, settings.config.promo)
                report.finish(archive, stripping, report.article_ids)
                learn_links(archive)  # of articles whose link was refused another may be known
            _say_what_is_left(archive, given[came:own])  # behind these all wait
            _say_what_waits(archive)
        if images:
            _fetch_images(report.article_ids, archive, fetcher)
    sys.exit(report.exit_code)


def _keep(urls: Iterable[str], told: Sequence[Link], way: ArticleFetch) -> list[str]:
    """Put links into the queue before any is fetched, behind a bar, for a list may be long.

    With what was `told` of them, for a notice that stands in an article's place says nothing.
    """
    links = [*urls, *(link.url for link in told)]
    with progress_bar() as bar:
        way.keep_for_later(bar.track(links, description="queue"))
    note_told(way.archive, told)
    return links


def _of_feeds(
    feeds: tuple[str, ...], config: FetchConfig, archive: Archive, report: Report
) -> Iterator[Sequence[Link]]:
    """The links of each feed; one that cannot be had is named, and so is what one says badly."""
    with FeedFetcher(config, **manners_of(archive)) as fetcher:
        for feed in feeds:
            try:
                listing = read_feed(feed, fetcher)
            except (InputError, FetchError) as error:
                report.take_errors([error])
                continue
            report.follow(refusals(feed, listing), total=None, label="reading the feed")
            yield listing.links


def _say_what_is_left(archive: Archive, rest: Iterable[str]) -> None:
    """How many links the run did not come to that wait nowhere: of albums, and of previews."""
    left = sum(not _is_kept(archive, link) for link in rest)
    if left:
        what = "not come to, and cannot wait in the queue, as those of albums and previews"
        note(f"{counted(left, 'link')} {what}; to be given again")


def _is_kept(archive: Archive, link: str) -> bool:
    """Whether a link waits, or what is here leaves nothing to ask of it.

    Of a preview's article another link may wait, which brings nothing while the preview would.
    """
    entry = archive.queue.get(link)
    with suppress(InputError):
        form = parse_url(link)
        if form.temporary:
            record = archive.get(link)
            is_done = record is not None and not State(record.state).worth_fetching
            return is_done or (entry is not None and entry.request == form.request)
    return entry is not None or archive.find(link) is not None


def _say_what_waits(archive: Archive) -> None:
    """How many links wait, and the command that goes on: the last line, however a run ends.

    It stands behind what the command says of its end, so that it is told when all else is.
    """
    seen = archive.overview(now=as_written(shanghai_now()))
    command = click.get_current_context().find_root()
    if seen.ready:  # what is registered first is said last
        ready = counted(seen.ready, "link")
        command.call_on_close(
            partial(note, f"{ready} in the queue; go on with: crawler fetch --queued")
        )
    if seen.waiting:
        waiting = counted(seen.waiting, "link")
        command.call_on_close(partial(note, f"{waiting} in the queue for a later try"))


def _fetch_images(article_ids: Collection[str], archive: Archive, fetcher: Fetcher) -> None:
    # (of all articles at once, for so a picture that several show is asked for once)
    wanted = list(archive.images.wanted(*article_ids)) if article_ids else []
    stored = 0
    try:
        for _, state in fetch_pictures(wanted, archive, fetcher):
            stored += state == "stored"
    finally:
        note(f"{stored:,} of {counted(len(wanted), 'picture')} came")


def _listed(path: Path | None, report: Report) -> Sequence[Link]:
    """The links of a list; what in it looks like one and is none is reported by its line."""
    if path is None:
        return ()
    listing = read_list_file(str(path))
    report.follow(refusals(str(path), listing), total=None, label="reading the list")
    if left := left_beside(listing):
        note(f"{on_screen(str(path))}: {left}")
    return listing.links
