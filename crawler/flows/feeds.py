"""Archive -> a feed of its newest articles, or of a search."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler import __version__
from crawler.archive.files import write_file
from crawler.flows.clock import shanghai_now
from crawler.flows.works import ALL, chosen_records, title_of, work_of
from crawler.formats import Feed, entry_of, write_feed
from crawler.times import as_written

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.flows.works import Choice

NEWEST = 100
"""Articles of a feed where nobody says how many: its readers take the whole file each time."""


def write_atom(archive: Archive, path: Path, choice: Choice) -> int:
    """Write a feed of the articles that are meant; returns how many.

    Raises InputError where the choice is wrong, ArchiveError where the file cannot be written.
    """
    if choice.limit == ALL and not choice.ids:
        choice = replace(choice, limit=NEWEST)
    title = title_of(choice)
    entries = [entry_of(work_of(record)) for record in chosen_records(archive, choice)]
    feed = Feed(
        id=f"tag:mp.weixin.qq.com,2012:feed:{quote(title)}",
        title=title,
        updated=as_written(shanghai_now()),
        generator=f"wechat-article-archive {__version__}",
    )
    write_file(path, write_feed(feed, entries))
    return len(entries)
