"""Archive -> a feed of its newest articles, or of a search."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler import __version__
from crawler.archive.files import write_blocks
from crawler.flows.clock import shanghai_now
from crawler.flows.works import ALL, chosen_keys, records_of, title_of, work_of
from crawler.formats import Feed, entry_of, feed_blocks, latest
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.flows.works import Choice
    from crawler.formats import Entry

NEWEST = 100
"""Articles of a feed where nobody says how many: its readers take the whole file each time."""


def write_atom(archive: Archive, path: Path, choice: Choice) -> int:
    """Write a feed of the articles that are meant; returns how many.

    Raises InputError where the choice is wrong, ArchiveError where the file cannot be written.
    """
    if choice.limit == ALL and not choice.ids:
        choice = replace(choice, limit=NEWEST)
    title, keys = title_of(choice), chosen_keys(archive, choice)
    count = 0

    def entries() -> Iterator[Entry]:
        nonlocal count
        for count, record in enumerate(records_of(archive, keys), start=1):  # noqa: B007
            yield entry_of(work_of(record))

    moments = (work_of(record).updated for record in records_of(archive, keys))
    feed = Feed(
        id=f"tag:mp.weixin.qq.com,2012:feed:{quote(title)}",
        title=title,
        updated=latest(moments, as_written(shanghai_now())),
        generator=f"wechat-article-archive {__version__}",
    )
    write_blocks(path, feed_blocks(feed, entries()))
    return count
