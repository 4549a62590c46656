"""Atom feeds (RFC 4287): entries in, the bytes of a feed out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from crawler.characters import on_one_line, visible
from crawler.credentials import without_secrets
from crawler.formats.xhtml import render_xhtml, web_address, without_controls
from crawler.times import as_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.formats.works import Work

_ATOM = "http://www.w3.org/2005/Atom"
_SUMMARY = 200  # characters of a text that stands for its digest
_DAY = 10  # characters of a day without an hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed.

    `id` is a URI that never changes; `updated` and `published` are ISO 8601, in Shanghai where they
    name no offset; `html` is what a reader shows. What is not known is the empty string.
    """

    id: str
    title: str
    updated: str
    url: str = ""
    published: str = ""
    author: str = ""
    summary: str = ""
    html: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says of itself; `updated` is for one that has no entry."""

    id: str
    title: str
    updated: str
    generator: str = ""


def entry_of(work: Work) -> Entry:
    """An article as an entry, with its whole text; its pictures stay where they are on the web."""
    account, author = on_one_line(work.account), on_one_line(work.author)
    return Entry(
        id=work.uri,
        title=work.name,
        updated=work.updated,
        url=work.url,
        published=work.published,
        author=author or account,
        summary=on_one_line(work.digest) or _beginning(work.text),
        html=render_xhtml(work.text, web_address),
        categories=tuple(filter(None, (account, work.state))),
    )


def write_feed(feed: Feed, entries: Iterable[Entry]) -> bytes:
    """The feed, in UTF-8; it was updated when the latest of its entries was."""
    found = list(entries)
    updated = latest((entry.updated for entry in found), feed.updated)
    return b"".join(feed_blocks(replace(feed, updated=updated), found))


def latest(moments: Iterable[str], otherwise: str) -> str:
    """The latest of some moments as Atom writes it; where there are none, another one."""
    return max(map(_moment, moments), default=_moment(otherwise))


def feed_blocks(feed: Feed, entries: Iterable[Entry]) -> Iterator[bytes]:
    """The same in blocks, one entry at a time; it was updated when it says so itself."""
    root = Element("feed", xmlns=_ATOM)
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    _add(_child(root, "author"), "name", "WeChat")  # for entries that name nobody
    if feed.generator:
        _add(root, "generator", feed.generator)
    indent(root)
    head: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    yield head.removesuffix(_END)
    for entry in entries:
        found = Element("entry")
        _add_entry(found, entry)
        indent(found, level=1)
        yield b"\n  " + tostring(found, encoding="utf-8")
    yield _END + b"\n"


_END = b"\n</feed>"


def _add_entry(found: Element, entry: Entry) -> None:
    _add(found, "id", entry.id)
    _add(found, "title", entry.title)
    _add(found, "updated", _moment(entry.updated))
    if entry.published:
        _add(found, "published", _moment(entry.published))
    address = web_address(without_secrets(entry.url))
    if address:
        _child(found, "link", rel="alternate", href=address)
    if entry.author:
        _add(_child(found, "author"), "name", entry.author)
    for category in entry.categories:
        _child(found, "category", term=without_controls(category))
    if entry.summary:
        _add(found, "summary", entry.summary)
    if entry.html:
        _add(found, "content", entry.html, type="html")


def _child(parent: Element, name: str, **attributes: str) -> Element:
    return SubElement(parent, name, attributes)


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    _child(parent, name, **attributes).text = without_controls(without_secrets(text))


def _moment(written: str) -> str:
    """A moment as Atom writes it; a day alone is its midnight."""
    whole = f"{written}T00:00:00" if len(written) == _DAY else written
    return f"{as_utc(whole)[:19]}Z"


# of a heading, a quote, an item or a row; a minus has no blank behind it
_HEAD = re.compile(r"\A(?:[ |]*+(?:(?:#{1,6}|[*-])[ ]++|>[ ]*+))++")


def _beginning(markdown: str) -> str:
    """The first words of a text, less its pictures and marks."""
    lines = (line for line in markdown.split("\n") if line.strip("#>-*:| ") and "](" not in line)
    bare = (_HEAD.sub("", line, count=1).strip("*| ") for line in lines)
    words = on_one_line(visible(" ".join(bare)))
    return words if len(words) <= _SUMMARY else f"{words[:_SUMMARY].rstrip()}…"
