"""Another look at what is there."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from crawler.archive.files import FileKind, check_output, place_of_output
from crawler.cli.printing import note, on_screen, print_json, print_line, progress_bar
from crawler.cli.report import Report
from crawler.cli.web import manners_of
from crawler.cli.words import AT_MOST, PATH
from crawler.credentials import without_passwords
from crawler.errors import BudgetSpent
from crawler.fetch import Fetcher
from crawler.flows import (
    ArticleFetch,
    Found,
    Schedule,
    Stripping,
    Watch,
    shanghai_now,
    write_deaths_feed,
)
from crawler.telling import counted, for_people
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.cli.group import Settings
    from crawler.config import Config
    from crawler.flows import Planned, Seen

_IN_A_FEED = 500  # the latest deaths
_TOLD = frozenset({Found.EDITED, Found.MOVED, Found.GONE, Found.DEAD, Found.BACK})
_CHANGED = frozenset({Found.EDITED, Found.RENEWED, Found.MOVED, Found.BACK})


@click.command("watch")
@click.option("--plan", "only_plan", is_flag=True, help="Show what is next and when; send nothing.")
@click.option(
    "--limit",
    type=AT_MOST,
    default=None,
    help="Links asked for at most, each with its tries; with --plan lines (else 20).",
)
@click.option(
    "--feed",
    type=PATH,
    default=None,
    help="Write the deaths as an Atom feed; with --plan that is all.",
)
@click.option("--trust-clock", is_flag=True, help="Run though the clock went back.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each look.")
@click.pass_obj
def watch_command(  # noqa: PLR0913  (one parameter an option)
    settings: Settings,
    *,
    only_plan: bool,
    limit: int | None,
    feed: Path | None,
    trust_clock: bool,
    as_json: bool,
) -> None:
    """Look again at articles: what was edited, what is gone, what came back.

    One run looks at what is due, as politely as `crawler fetch`, and ends: young articles oftener,
    as [watch] in config.toml says, with its share of the day's requests. An edit becomes a
    revision. A death is called one after a notice on two days; the view `deaths` has them, as has
    `crawler serve`. A captcha stops the run (exit code 3).

    \b
    Examples:
      crawler watch --plan
      crawler watch --limit 100
      crawler watch --feed deaths.xml
    """
    if feed is not None:
        check_output(feed, FileKind.ATOM, archive=settings.db)
    with settings.open_archive() as archive:
        if only_plan:
            with _feed_of(archive, feed), _watch_of(archive, settings.config) as watch:
                _tell_plan(watch, settings.config, limit=limit, as_json=as_json)
            return
        settings.to_fetch()
        report = Report()
        tally = _Tally(report=report, as_json=as_json)
        with _feed_of(archive, feed), _watch_of(archive, settings.config) as watch:
            if not trust_clock:
                watch.check_clock()
            try:
                _look(watch, tally, limit)
            finally:
                stripping = Stripping(archive, settings.config.promo)
                report.finish(archive, stripping, tally.changed)
                tally.finish()
    sys.exit(report.exit_code)


@contextmanager
def _watch_of(archive: Archive, config: Config) -> Iterator[Watch]:
    """The way, with a fetcher that takes its share of the day and no more."""
    steps, every, limit = config.watch.steps, config.watch.every, _share_of(config)
    with Fetcher(config.fetch, **manners_of(archive), watch_limit=limit) as fetcher:
        way = ArticleFetch(archive=archive, fetcher=fetcher, again=True, only_changes=True)
        yield Watch(way=way, schedule=Schedule(steps=steps, every=every))


def _share_of(config: Config) -> int:
    """Requests a day that may look again; one at least, for 0 would be no limit."""
    return max(1, int(config.watch.share * config.fetch.daily_limit))


@contextmanager
def _feed_of(archive: Archive, path: Path | None) -> Iterator[None]:
    """Write the feed at the end, however the run came to it."""
    try:
        yield
    finally:
        if path is not None:
            deaths = archive.watched.deaths(_IN_A_FEED)
            write_deaths_feed(place_of_output(path), deaths, now=as_written(shanghai_now()))
            note(f"{counted(len(deaths), 'death')} in {on_screen(str(path))}")


@dataclass(slots=True, kw_only=True)
class _Tally:
    """Counts what looks found, and prints those that found something."""

    report: Report
    as_json: bool
    counts: Counter[Found] = field(default_factory=Counter)
    changed: set[str] = field(default_factory=set)

    def take(self, seen: Seen) -> None:
        """Count one look."""
        self.report.take(seen.outcome)
        self.counts[seen.found] += 1
        if seen.found in _CHANGED:
            self.changed.add(seen.outcome.article_id)
        if self.as_json:
            print_json(_record_of(seen))
        elif seen.found in _TOLD:
            article = seen.planned.article
            words = (seen.found, seen.outcome.state or "", article.id, article.title)
            print_line(on_screen("  ".join(words)))

    def finish(self) -> None:
        """The last line."""
        found = ", ".join(f"{count:,} {found}" for found, count in self.counts.most_common())
        if found:
            note(f"looked again: {found}")


def _look(watch: Watch, tally: _Tally, limit: int | None) -> None:
    """Look at what is due; the end of the day's share is the end of the run, and no failure."""
    due = watch.due()
    with progress_bar() as bar:
        task = bar.add_task("looking again", total=len(due))
        try:
            for one in watch.run(due, limit=limit):
                tally.take(one)
                bar.advance(task)
        except BudgetSpent as spent:
            note(str(spent))


def _record_of(seen: Seen) -> dict[str, Any]:
    article, outcome = seen.planned.article, seen.outcome
    return {
        "id": article.id,
        "title": article.title,
        "account": article.account,
        "url": seen.link,
        "why": seen.planned.why,
        "found": seen.found,
        "state": outcome.state,
        "detail": outcome.detail,
        "error": without_passwords(str(outcome.error)) if outcome.error else None,
    }


def _tell_plan(watch: Watch, config: Config, *, limit: int | None, as_json: bool) -> None:
    planned, now = watch.planned(), watch.way.now()
    due = sum(one.at <= now for one in planned)
    for one in planned[: limit or 20]:
        if as_json:
            print_json(_planned(one, is_due=one.at <= now))
        else:
            print_line(on_screen(_line_of(one, is_due=one.at <= now)))
    share = counted(_share_of(config), "request")
    note(
        f"{counted(len(planned), 'article')} watched, {due:,} of them due;"
        f" {share} a day may look again"
    )


def _planned(one: Planned, *, is_due: bool) -> dict[str, Any]:
    article = one.article
    return {
        "id": article.id,
        "title": article.title,
        "account": article.account,
        "at": as_written(one.at),
        "due": is_due,
        "why": one.why,
    }


def _line_of(one: Planned, *, is_due: bool) -> str:
    """A look as one line: when, why, the article."""
    when = for_people(one.at.isoformat())
    if is_due:
        when = f"due since {when[:10]}"
    return f"{when:23}  {one.why:28}  {one.article.id}  {one.article.title}"
