"""How a run ends that brought articles in: promotion, links that turned up, what is to be had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.cli.printing import note
from crawler.flows import Stripping, learn_links, shanghai_now
from crawler.telling import counted
from crawler.times import as_written

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.cli.group import Settings
    from crawler.cli.report import Report


def stripping_of(archive: Archive, settings: Settings, wanted: bool | None) -> Stripping:
    """What takes promotion off, as settings and a flag (None: not given) say."""
    config = settings.config.promo
    if wanted is not None:
        config = replace(config, enabled=wanted)
    return Stripping(archive, config)


def finish(archive: Archive, report: Report, stripping: Stripping) -> None:
    """Close the run, and say what is still to be had."""
    report.finish(archive, stripping)
    helped = learn_links(archive)
    if helped:
        note(f"{counted(helped, 'article')} got a link that works out of other articles' texts")
    seen = archive.overview(now=as_written(shanghai_now()))
    if seen.ready:
        ready = counted(seen.ready, "article")
        note(f"{ready} can be had by fetching: crawler fetch --queued")
    if seen.needs_link:
        without = counted(seen.needs_link, "article")
        note(f"{without} without a link that works, one with chksm or a short one")
        note("give links with: crawler queue add URL")
    if not (seen.ready or seen.needs_link):
        note("see what is there with: crawler status")
