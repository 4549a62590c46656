"""The deaths as an Atom feed (RFC 4287), for readers of feeds and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring

from crawler.archive.files.atomic import write_file
from crawler.characters import on_one_line
from crawler.links import without_secrets
from crawler.telling import for_people
from crawler.times import as_utc

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from crawler.archive.reading import Death

_ATOM = "http://www.w3.org/2005/Atom"
_TITLE = "Articles that died"


def write_deaths_feed(path: Path, deaths: Sequence[Death], *, now: str) -> bool:
    """Write the feed whole, and say whether it changed; `now` dates one without any death.

    Raises ArchiveError where the file cannot be written.
    """
    return write_file(path, feed_of(deaths, now=now))


def feed_of(deaths: Sequence[Death], *, now: str) -> bytes:
    """The feed itself, with the deaths in the order given."""
    feed = Element("feed", xmlns=_ATOM)
    _add(feed, "id", _urn("deaths"))
    _add(feed, "title", _TITLE)
    _add(feed, "updated", as_utc(max([_changed(death) for death in deaths], default=now)))
    _add(SubElement(feed, "author"), "name", "wechat-article-archive")
    for death in deaths:
        _add_entry(feed, death)
    content: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _add_entry(feed: Element, death: Death) -> None:
    """One death. Its id stays the same when the article comes back; `updated` says when."""
    entry = SubElement(feed, "entry")
    _add(entry, "id", _urn(f"{death.article_id} {death.first_seen_dead}"))
    _add(entry, "title", on_one_line(death.title) or death.article_id)
    _add(SubElement(entry, "author"), "name", death.account or "unknown")
    _add(entry, "published", as_utc(death.confirmed))
    _add(entry, "updated", as_utc(_changed(death)))
    SubElement(entry, "link", rel="alternate", href=without_secrets(death.url))
    SubElement(entry, "category", term=death.state)
    _add(entry, "summary", _summary(death))


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


def _add(parent: Element, name: str, text: str) -> None:
    """An element with a text in which nothing stands that XML or a terminal could not take."""
    SubElement(parent, name).text = on_one_line(without_secrets(text))
