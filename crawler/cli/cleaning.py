"""The command that brings seeds and saved pages in."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.cli.group import Settings, command
from crawler.cli.printing import Report, note, progress_bar
from crawler.flows.fetch import shanghai_now
from crawler.flows.pages import is_page_file, read_pages, reclean_stored
from crawler.flows.promotion import Stripping
from crawler.flows.seeds import find_seeds, reclean
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Collection

    from crawler.archive.archive import Archive


@command("reclean")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
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
def reclean_command(  # noqa: PLR0913, PLR0917  (one parameter an option)
    settings: Settings,
    paths: tuple[Path, ...],
    stored: bool,
    workers: int | None,
    promo: bool | None,
    as_json: bool,
) -> None:
    """Clean seed files, or folders of them, into the archive.

    Without PATHS it reads the folder that config.toml names (seeds/). Files that were read before and have
    not changed are skipped; seeds that are not WeChat's are counted and left alone. Pages that were saved as
    .html, or stand in .warc and .warc.gz files, are read as well.

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
            report.follow(
                reclean_stored(archive, workers=cores), total=None, label="cleaning snapshots"
            )
            _finish(archive, report, _stripping(archive, settings, promo))
    files, errors = (
        find_seeds(paths or (Path(settings.config.seeds.path),)) if not stored else ([], [])
    )
    report.take_errors(errors)
    if files:
        pages = [path for path in files if is_page_file(path)]
        seeds = [path for path in files if not is_page_file(path)]
        with settings.open_archive(create=True) as archive:
            stripping = _stripping(archive, settings, promo)
            outcomes = reclean(seeds, archive, workers=cores, stripping=stripping)
            report.follow(outcomes, total=len(seeds), label="cleaning seeds")
            for path in pages:
                report.follow(read_pages(path, archive), total=None, label=path.name)
            _finish(archive, report, stripping)
    sys.exit(report.exit_code)


def _stripping(archive: Archive, settings: Settings, wanted: bool | None) -> Stripping:
    config = (
        settings.config.promo if wanted is None else replace(settings.config.promo, enabled=wanted)
    )
    return Stripping(archive, config)


def _finish(archive: Archive, report: Report, stripping: Stripping) -> None:
    """What follows when all inputs are in.

    Names, promotion, the summary, and what is still to be had.
    """
    archive.name_articles()
    show_without_promotion(stripping, archive.accounts_with_texts())
    report.summary()
    _say_what_is_missing(archive)


def _say_what_is_missing(archive: Archive) -> None:
    seen = archive.overview(now=as_written(shanghai_now()))
    if seen.ready:
        note(f"{seen.ready:,} articles are to be had by fetching: crawler fetch --queued")
    if seen.needs_link:
        note(
            f"{seen.needs_link:,} need a better link, with chksm or short; give one with: crawler queue add URL"
        )


def show_without_promotion(stripping: Stripping, accounts: Collection[str]) -> None:
    """Take promotion off the articles of these accounts, as far as that was not done on the way."""
    with progress_bar() as bar:
        for _ in bar.track(
            stripping.strip_all(accounts), total=len(accounts), description="promotion"
        ):
            pass
    if stripping.changed:
        changed = f"{stripping.changed:,} articles show more or less of it than before"
        note(f"promotion: {changed}; see: crawler promo ACCOUNT")
