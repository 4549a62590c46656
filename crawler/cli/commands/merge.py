"""What other archives hold, in this one."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from crawler.cli.finishing import finish, stripping_of
from crawler.cli.printing import on_screen, say_locked, say_statistics
from crawler.cli.report import Report
from crawler.cli.words import PATH
from crawler.flows import merge_archive

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.cli.group import Settings


@click.command("merge")
@click.argument("others", nargs=-1, required=True, type=PATH, metavar="DB...")
@click.option(
    "--promo/--no-promo",
    "promo",
    default=None,
    help="Take off what an account repeats at its edges.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each article.")
@click.pass_obj
def merge_command(
    settings: Settings, others: tuple[Path, ...], promo: bool | None, as_json: bool
) -> None:
    """Bring all that other archives hold into this one, in whatever order.

    Articles are joined as if this archive had read what the others have: the better copy is shown,
    every body stays a revision, every look an event. Their queues, pages, pictures, evidence, stars
    and notes come along; the others are only read, and of the files that they have read `reclean`
    reads here each once more. So several machines that fetch, each at an address of its own and
    each with its own archive and pace, make one archive.

    \b
    Examples:
      crawler merge ~/from-the-laptop/archive.db
      crawler --db all.db merge one.db two.db three.db
    """
    report = Report(as_json=as_json)
    with settings.open_archive(create=True) as archive:
        for other in others:
            label = f"merging {on_screen(other.name)}"
            merged = merge_archive(
                other,
                archive,
                on_wait=partial(say_locked, other),
                on_statistics=partial(say_statistics, other),
            )
            report.follow(merged, total=None, label=label)
        finish(archive, report, stripping_of(archive, settings, promo))
    sys.exit(report.exit_code)
