"""Every body that an article had, and every look at it."""

from __future__ import annotations

from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING

import click

from crawler.archive.reading import compare
from crawler.cli.finding import record_of
from crawler.cli.printing import has_colour, on_screen, print_json, print_line, print_table
from crawler.cli.words import TEXT
from crawler.telling import for_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.archive.saving import Evidence
    from crawler.cli.group import Settings


@click.command("history")
@click.argument("article", type=TEXT, metavar="URL-OR-ID")
@click.option(
    "--diff", "show_diff", is_flag=True, help="Show what changed from each body to the next."
)
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print one JSON object for each revision, event and piece of evidence.",
)
@click.pass_obj
def history_command(settings: Settings, article: str, show_diff: bool, as_json: bool) -> None:
    """Show each body that an article ever had, each look at it, and what recovery found.

    \b
    Examples:
      crawler history https://mp.weixin.qq.com/s/tttFlt0EKNkxZhH5n2JbFg
      crawler history MzA5MzE5MDAzOA==:2664212556:5 --diff
    """
    with settings.open_archive(read_only=True) as archive:
        record = record_of(archive, article)
        revisions = archive.history.revisions(record.id)
        events = archive.history.events(record.id)
        evidence = archive.evidence.of_article(record.id)
    if as_json:
        for revision in revisions:
            print_json({"type": "revision", **asdict(revision)})
        for event in events:
            print_json({"type": "event", **asdict(event)})
        for found in evidence:
            print_json({"type": "evidence", **asdict(found)})
        return
    print_table(
        f"{record.title or record.id}: looks",
        ("at", "state", "detail"),
        ((for_people(event.at), event.state, event.detail) for event in events),
    )
    print_table(
        "bodies",
        ("since", "characters", "hash"),
        ((for_people(body.at), body.characters, body.body_hash[:12]) for body in revisions),
    )
    if evidence:
        print_table(
            "found elsewhere",
            ("at", "what", "from", "agrees", "differs"),
            (_found_elsewhere(one) for one in evidence),
        )
    if show_diff:
        with settings.open_archive(read_only=True) as archive:
            # one at a time, for they may be many
            bodies = (archive.history.body(record.id, one.body_hash) for one in revisions)
            for line in _differences(bodies):
                print_line(_coloured(on_screen(line)))


def _found_elsewhere(found: Evidence) -> tuple[str, ...]:
    at = for_people(found.at)
    return (at, found.verdict, _where(found), found.agreed, found.differs)


def _where(found: Evidence) -> str:
    return f"{found.source} ({found.version})" if found.version else found.source


def _differences(bodies: Iterable[str | None]) -> Iterator[str]:
    for number, (older, newer) in enumerate(pairwise(bodies), 1):
        yield from compare(
            older or "", newer or "", names=(f"body {number}", f"body {number + 1}"), context=1
        )


def _coloured(line: str) -> str:
    colour = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
    return click.style(line, fg=colour) if colour and has_colour() else line
