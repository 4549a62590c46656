"""What waits to be fetched."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from crawler.cli.printing import note, on_screen, print_json, print_line, progress_bar, warn
from crawler.cli.words import AT_MOST, TEXT, list_option
from crawler.errors import InputError
from crawler.flows import left_beside, one_link, queue_links, read_list_file, refusals
from crawler.telling import counted, for_people

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.archive.saving import QueueEntry
    from crawler.cli.group import Settings


@click.group("queue")
def queue_command() -> None:
    """List, add, drop and retry what waits to be fetched.

    \b
    Examples:
      crawler queue list --limit 20
      crawler queue add https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler queue add -f links.xlsx
      crawler queue drop https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler queue retry
    """


@queue_command.command("list")
@click.option("--limit", type=AT_MOST, default=20, show_default=True, help="Entries at the most.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each entry.")
@click.pass_obj
def queue_list(settings: Settings, limit: int, as_json: bool) -> None:
    """List what waits, the newest articles first."""
    with settings.open_archive(read_only=True) as archive:
        entries = archive.queue.entries(limit=limit)
    for entry in entries:
        if as_json:
            print_json(asdict(entry))
        else:
            print_line(on_screen(_line_of(entry)))


def _line_of(entry: QueueEntry) -> str:
    """An entry as one line: the article's date, its state, when it can be fetched, its link."""
    return f"{entry.date or '-':10}  {entry.state or '-':12}  {_wait_of(entry):12}  {entry.url}"


def _wait_of(entry: QueueEntry) -> str:
    if entry.needs_link:
        return "needs a link"
    return f"from {for_people(entry.not_before)}" if entry.not_before else "ready"


@queue_command.command("add")
@click.argument("urls", type=TEXT, nargs=-1, metavar="[URL]...")
@list_option
@click.pass_obj
def queue_add(settings: Settings, urls: tuple[str, ...], list_file: Path | None) -> None:
    """Add links; a better form of an article that waits takes the place of the one it has.

    Of what a list names, articles that the archive has whole are left out.
    """
    if not (urls or list_file):
        raise click.UsageError("give URLs or -f FILE")
    with settings.open_archive(create=True) as archive:
        failed = [url for url in urls if not _add(archive, url)]
        failed += _add_list(archive, str(list_file)) if list_file else []
    if failed:
        sys.exit(1)


def _add(archive: Archive, url: str) -> bool:
    """Add one link and say how it waits; returns whether it could be added."""
    try:
        entry = archive.queue.enqueue(one_link(url), why="added by hand")
    except InputError as error:
        warn(error)
        return False
    print_line(on_screen(f"{_wait_of(entry)}  {entry.url}"))
    return True


def _add_list(archive: Archive, name: str) -> list[str]:
    """Add what a list names; returns those of its lines that are no link though they look so."""
    listing = read_list_file(name)
    with progress_bar() as bar:
        links = bar.track(listing.links, description="queue")
        new = queue_links(archive, links, why="added by hand")
    broken = list(refusals(name, listing))
    for outcome in broken:
        if outcome.error:
            warn(outcome.error)
    note(f"{counted(len(listing.links), 'article')} in {on_screen(name)}, {new:,} new to the queue")
    if left := left_beside(listing):
        note(f"{on_screen(name)}: {left}")
    return [outcome.input for outcome in broken]


@queue_command.command("drop")
@click.argument("urls", type=TEXT, nargs=-1, required=True, metavar="URL...")
@click.pass_obj
def queue_drop(settings: Settings, urls: tuple[str, ...]) -> None:
    """Take links off the queue."""
    with settings.open_archive() as archive:
        strange = [url for url in urls if not archive.queue.drop(url)]
    for url in strange:
        warn(InputError(url, "does not wait in the queue", "list it with: crawler queue list"))
    if strange:
        sys.exit(1)


@queue_command.command("retry")
@click.argument("urls", type=TEXT, nargs=-1, metavar="[URL]...")
@click.pass_obj
def queue_retry(settings: Settings, urls: tuple[str, ...]) -> None:
    """Forget earlier attempts of these links, or of all, so that they can be fetched at once."""
    with settings.open_archive() as archive:
        count = sum(archive.queue.retry(url) for url in urls) if urls else archive.queue.retry()
    note(f"{counted(count, 'entry', 'entries')} may be fetched again: crawler fetch --queued")
