"""Tables of pages into tables of records, on many cores and machines."""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import click

from crawler.archive.files import check_apart
from crawler.batch import SECONDS
from crawler.cli.printing import note, on_screen, print_json, print_table, progress_bar, warn
from crawler.cli.words import PATH, TEXT, Number
from crawler.errors import CrawlerError
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from crawler.batch import Cleaned, RowGroup
    from crawler.cli.group import Settings


@click.command("clean-parquet")
@click.argument("source", type=PATH, metavar="IN")
@click.argument("out", type=PATH, metavar="OUT")
@click.option(
    "--scheduler",
    type=TEXT,
    default="",
    metavar="ADDRESS",
    help="The scheduler of a Dask cluster, as in tcp://10.0.0.1:8786 (default: this machine).",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes on this machine, where no scheduler is named (default: one a core).",
)
@click.option(
    "--seconds",
    type=Number(0.001, 86_400),
    default=SECONDS,
    show_default=True,
    help="How long one document may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(16, 1 << 20),
    default=None,
    help="MB that a row group may take to be unpacked (default: 176, so that all is below 300).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each row group.")
@click.pass_obj
def clean_parquet_command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    settings: Settings,
    source: Path,
    out: Path,
    scheduler: str,
    workers: int | None,
    seconds: float,
    memory: int | None,
    as_json: bool,
) -> None:
    """Clean pages in Parquet files into records, on many cores or a Dask cluster.

    IN is a file of Parquet, or a folder of them, with columns html (bytes as they were downloaded),
    url, and perhaps charset (what the HTTP header said). Each of its row groups becomes one file
    in OUT, with one row for each page in the same order; docs/library.md has the columns. What is
    there and whole is skipped, so that the same command goes on after a kill.

    A page that hangs, or kills the process that cleans it, costs itself alone: its row says so in
    column error, and is named here. So is a row group that cannot be read, or not in the memory
    that it may take. Needs: pip install 'wechat-article-archive[dask]'

    \b
    Examples:
      crawler clean-parquet pages.parquet cleaned/
      crawler clean-parquet pages/ cleaned/ --workers 8 --seconds 20
      crawler clean-parquet /shared/pages /shared/cleaned --scheduler tcp://10.0.0.1:8786
    """
    from crawler.batch import (  # noqa: PLC0415 -- the extra
        MEMORY,
        clean_groups,
        clear_left,
        find_groups,
        find_renamed,
        find_unseen,
        open_cluster,
        plan,
    )

    check_apart(out, settings.db)
    memory = memory or MEMORY
    groups, errors = find_groups(source, out, memory=memory)
    planned = plan(groups)
    run = _Run(as_json=as_json)
    run.take_errors(errors)
    run.take_errors(planned.stale)
    run.take_errors(find_renamed(groups, source, out))
    run.skip(planned.done)
    run.follow(planned.refused)
    if planned.waiting:
        clear_left(planned.waiting)
        local = min(workers or os.cpu_count() or 1, len(planned.waiting))
        cluster = open_cluster(scheduler, local, on_nobody=partial(note, _NOBODY))
        with cluster as client, progress_bar() as bar:
            results = clean_groups(client, planned.waiting, seconds=seconds, memory=memory)
            label = "cleaning row groups"
            run.follow(bar.track(results, total=len(planned.waiting), description=label))
        run.take_errors(find_unseen(run.made))
    run.finish(out)
    sys.exit(min(run.failures, 1))


_NOBODY = "no worker is at that scheduler: waiting for one (Ctrl-C ends it)"


@dataclass(slots=True, kw_only=True)
class _Run:
    """Counts row groups as they are cleaned, and says at the end what came of them."""

    as_json: bool
    states: Counter[str] = field(default_factory=Counter)
    made: list[RowGroup] = field(default_factory=list)
    skipped: int = 0
    failures: int = 0  # files, row groups and documents

    def take_errors(self, errors: Iterable[CrawlerError]) -> None:
        """Name what failed."""
        for error in errors:
            self.failures += 1
            warn(error)

    def skip(self, groups: Iterable[RowGroup]) -> None:
        """Count row groups whose records are there."""
        for group in groups:
            self.skipped += 1
            self._print(group, skipped=True)

    def follow(self, results: Iterable[Cleaned]) -> None:
        """Count what came of row groups, and name what failed in them."""
        for cleaned in results:
            error = None
            if cleaned.error:
                error = str(cleaned.error)
                self.take_errors([cleaned.error])
            else:
                self.made.append(cleaned.group)
                self.states.update(cleaned.states)
                self._name_documents(cleaned)
            self._print(cleaned.group, states=cleaned.states, failed=cleaned.failures, error=error)

    def _name_documents(self, cleaned: Cleaned) -> None:
        self.failures += cleaned.failures
        for document in cleaned.failed:
            warn(CrawlerError(str(cleaned.group), document))
        more = cleaned.failures - len(cleaned.failed)
        if more:
            note(f"{cleaned.group}: and {more:,} more, in column error of {cleaned.group.target}")

    def _print(self, group: RowGroup, **told: object) -> None:
        if not self.as_json:
            return
        known = {
            "input": str(group.source),
            "row_group": group.number,
            "rows": group.rows,
            "output": str(group.target),
        }
        unless_told = {"skipped": False, "states": {}, "failed": 0, "error": None}
        print_json({**known, **unless_told, **told})

    def finish(self, out: Path) -> None:
        """The summary, and what to do next."""
        if self.states:
            print_table("by state", ("state", "pages"), self.states.most_common(), err=True)
        pages = counted(self.states.total(), "page")
        groups = counted(len(self.made), "row group")
        note(f"{pages} of {groups} cleaned, {counted(self.skipped, 'row group')} skipped as done")
        if self.made or self.skipped:
            query = (
                f"from '{on_screen(str(out))}/**/*.parquet' select state, count(*) group by state"
            )
            note(f'next: duckdb -c "{query}"')
