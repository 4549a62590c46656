"""What is wrong with the archive."""

from __future__ import annotations

import sys
from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import click

from crawler.archive import save_readable
from crawler.archive.audit import NO_FAULT, find_damaged
from crawler.archive.database import holds_statistics
from crawler.cli.printing import (
    note,
    on_screen,
    print_json,
    print_line,
    say_locked,
    say_statistics,
)
from crawler.cli.words import PATH
from crawler.flows import judge_seeds_again, shanghai_now, why_no_article
from crawler.telling import counted
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.archive.audit import Finding
    from crawler.cli.group import Settings


@click.command("audit")
@click.option("--fix", is_flag=True, help="Repair what is safe to repair, and queue the rest.")
@click.option(
    "--deep",
    is_flag=True,
    help="Also judge each seed file again, read all pictures, and compare each word of the index.",
)
@click.option(
    "--salvage",
    "new",
    type=PATH,
    help="Write what can be read of a damaged archive into this new one.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each finding.")
@click.pass_obj
def audit_command(
    settings: Settings, fix: bool, deep: bool, new: Path | None, as_json: bool
) -> None:
    """Check the archive, and say what is wrong with which row.

    Exit code 1 if anything stands, or could not be saved. An article that keeps what its account
    repeats is named, too, and is no fault. Nothing is repaired in a file that is damaged itself:
    restore a backup, or save what can be read.

    \b
    Examples:
      crawler audit
      crawler audit --fix
      crawler audit --salvage saved.db
    """
    if new is not None:
        _salvage(settings.db, new)
        return
    standing = 0
    with settings.open_archive(read_only=not fix) as archive:
        if holds_statistics(archive.connection):
            say_statistics(settings.db)
        today = as_written(shanghai_now())[:10]
        found = archive.audit(today=today, judge=why_no_article, fix=fix, deep=deep)
        deeper = _look_deep(archive) if deep else ()
        for finding in chain(found, deeper):
            standing += not finding.fixed and finding.check not in NO_FAULT
            if as_json:
                print_json(asdict(finding))
            else:
                done = "repaired" if finding.fixed else finding.advice
                print_line(on_screen(f"{finding.check}  {finding.subject}  {finding.what}  {done}"))
    if standing:
        note(f"{counted(standing, 'finding')} left")
        sys.exit(1)
    note("all is well")


def _look_deep(archive: Archive) -> Iterator[Finding]:
    yield from find_damaged(archive.connection, archive.images.root)
    yield from judge_seeds_again(archive)


def _salvage(damaged: Path, new: Path) -> None:
    saved = save_readable(
        damaged,
        new,
        told=lambda table: note(f"reading {table}"),
        on_wait=partial(say_locked, damaged),
    )
    for lost in saved.lost:
        print_line(on_screen(f"{lost.table}, row {lost.row}: {lost.why}"))
    rows = ", ".join(f"{count} {table}" for table, count in saved.rows.items())
    count = f"{counted(len(saved.lost), 'row')} could not be saved, or not whole"
    note(f"{new}: {rows or 'nothing'}; {count}")
    if saved.others:
        names = ", ".join(map(on_screen, saved.others))
        note(f"left behind, for this program did not make it: {names}")
    if saved.lost:
        sys.exit(1)
