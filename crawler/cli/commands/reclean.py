"""Seeds and saved pages into the archive."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.finishing import finish, stripping_of
from crawler.cli.printing import note, on_screen
from crawler.cli.report import Report
from crawler.cli.words import PATH
from crawler.flows import (
    find_seeds,
    passed_over,
    read_files,
    reclean_stored,
)
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.cli.group import Settings


@click.command("reclean")
@click.argument("paths", nargs=-1, type=PATH)
@click.option(
    "--stored",
    is_flag=True,
    help="Clean the archive's own snapshots of pages again, instead of files.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=None,
    help="Processes that clean (default: one a core).",
)
@click.option(
    "--promo/--no-promo",
    "promo",
    default=None,
    help="Take off what an account repeats at its edges.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each file.")
@click.pass_obj
def reclean_command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    settings: Settings,
    paths: tuple[Path, ...],
    stored: bool,
    workers: int | None,
    promo: bool | None,
    as_json: bool,
) -> None:
    """Clean seed files, or folders of them, into the archive.

    Without PATHS it reads the folder that config.toml names (seeds/). Files that were read before
    and have not changed are skipped; seeds that are not WeChat's are counted and left alone. Pages
    that were saved as .html or .mhtml, or stand in .warc and .warc.gz files, are read as well, and
    what is in .zip, .wacz, .jex, .enex, feeds, and databases of wewe-rss and we-mp-rss. What lists
    name (.csv, .xlsx, .json and others) waits in the queue. What `crawler export --jsonl` printed
    brings back all that its archive held. --no-promo brings back what --promo takes off, in all of
    the archive, also where no file is new.

    \b
    Examples:
      crawler reclean
      crawler reclean ~/old-seeds 2024/05/08/article.md saved.warc.gz
      crawler reclean --stored
      crawler --db test.db reclean seeds/
    """
    report = Report(as_json=as_json)
    cores = workers or os.cpu_count() or 1
    if stored:
        with settings.open_archive() as archive:
            outcomes = reclean_stored(archive, workers=cores)
            report.follow(outcomes, total=None, label="cleaning snapshots")
            finish(archive, report, stripping_of(archive, settings, promo))
        sys.exit(report.exit_code)
    given = paths or (Path(settings.config.seeds.path),)
    files, errors = find_seeds(given)
    # whoever asks for promotion alone need not have a folder of seeds
    is_alone = promo is not None and not paths and not os.path.lexists(given[0])
    if not is_alone:
        report.take_errors(errors)
    if files or is_alone:
        with settings.open_archive(create=not is_alone) as archive:
            stripping = stripping_of(archive, settings, promo)
            for stage in read_files(files, archive, workers=cores, stripping=stripping):
                report.follow(stage.outcomes, total=stage.total, label=on_screen(stage.label))
                if told := stage.told():
                    note(told)
            finish(archive, report, stripping)
    _say_passed_over(given, files)
    sys.exit(report.exit_code)


def _say_passed_over(paths: Sequence[Path], found: Sequence[Path]) -> None:
    """Say which files in folders, or packed ones, may hold articles, and were not looked at."""
    endings = passed_over(paths, found)
    if endings:
        count = counted(endings.total(), "file")
        most = sorted(endings.items(), key=lambda pair: (-pair[1], pair[0]))[:8]
        which = ", ".join(f"{number:,} {ending}" for ending, number in most)
        note(f"{count} not looked at: {which}; unpack them, or give pages and texts by their names")
