"""The deaths as an Atom feed (RFC 4287), for readers of feeds and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from crawler.archive.files import write_file
from crawler.characters import on_one_line
from crawler.formats import Entry, Feed, write_feed
from crawler.telling import for_people

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crawler.archive.reading import Death

_TITLE = "Articles that died"


def write_deaths_feed(path: Path, deaths: Sequence[Death], *, now: str) -> bool:
    """Write the feed whole, and say whether it changed; `now` dates one without any death.

    Raises ArchiveError where the file cannot be written.
    """
    return write_file(path, feed_of(deaths, now=now))


def feed_of(deaths: Sequence[Death], *, now: str) -> bytes:
    """The feed itself, with the deaths in the order given."""
    feed = Feed(id=_urn("deaths"), title=_TITLE, updated=now)
    return write_feed(feed, map(_entry_of, deaths))


def _entry_of(death: Death) -> Entry:
    """One death. Its id stays the same when the article comes back; `updated` says when."""
    return Entry(
        id=_urn(f"{death.article_id} {death.first_seen_dead}"),
        title=on_one_line(death.title) or death.article_id,
        updated=_changed(death),
        url=death.url,
        published=death.confirmed,
        author=on_one_line(death.account) or "unknown",
        summary=on_one_line(_summary(death)),
        categories=(death.state,),
    )


def _summary(death: Death) -> str:
    """What is known of a death, in plain sentences."""
    said = [f"WeChat says: {death.notice}."]
    if death.last_seen_alive:
        said.append(f"Last seen on {for_people(death.last_seen_alive)},")
    said.append(
        f"gone since {for_people(death.first_seen_dead)}, confirmed {for_people(death.confirmed)}."
    )
    if death.seen_again:
        said.append(f"It came back: seen again on {for_people(death.seen_again)}.")
    held = "no text"
    if death.characters:
        held = f"{death.characters:,} characters, in {death.revisions:,} versions"
    said.append(f"The archive holds {held}.")
    return " ".join(said)


def _changed(death: Death) -> str:
    return max(death.confirmed, death.seen_again)


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'wechat-article-archive {name}')}"
