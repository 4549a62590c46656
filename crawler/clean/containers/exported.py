"""Exports of readers in one file: wallabag's JSON, Evernote's ENEX, feeds' texts, Omnivore."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from crawler.characters import on_one_line
from crawler.clean.exports import Document, Link, read_moment
from crawler.clean.listings import documents_of_feed, is_feed
from crawler.links import find_links
from crawler.urls import HOST, PageType, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SLUG = re.compile(r"[\w-]{1,200}\Z")


def documents_in(name: str, content: bytes) -> list[Document]:
    """The documents of articles that one file carries; none where it is no such file."""
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_feed(content):
        return documents_of_feed(name, content)
    if b"<en-export" in head:
        return list(_of_enex(name, content.decode("utf-8", "replace")))
    if head.startswith(b"[") and b'"content"' in content and HOST.encode() in content:
        return list(_of_wallabag(name, _json(content)))
    return []


def slugs_of_omnivore(content: bytes) -> dict[str, Link]:
    """What Omnivore's metadata say of articles, by the name of the file that holds the text."""
    head = content[:4000]
    if not (b'"slug"' in head and b'"savedAt"' in head):
        return {}
    found = {}
    for entry in _entries(_json(content)):
        slug, url = _text(entry, "slug"), _own_link(_text(entry, "url"))
        if url and _SLUG.match(slug):
            moment = read_moment(_text(entry, "publishedAt"), utc=True)
            found[slug] = Link(
                url=url,
                title=_text(entry, "title"),
                author=_text(entry, "author"),
                date=moment.date,
                published_at=moment.at,
                saved=_text(entry, "savedAt"),
            )
    return found


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _entries(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return on_one_line(value) if isinstance(value, str) else ""


def _own_link(text: str) -> str:
    links = [found.link for found in find_links(text) if found.link]
    return next((url for url in links if parse_url(url).page_type is PageType.ARTICLE), "")


def _of_wallabag(name: str, value: Any) -> Iterator[Document]:
    for number, entry in enumerate(_entries(value), start=1):
        url = _own_link(_text(entry, "given_url")) or _own_link(_text(entry, "url"))
        text = entry.get("content")
        # wallabag's own keys: other tools keep notes, or plain text, under "content"
        if not (url and isinstance(text, str) and text.strip() and "domain_name" in entry):
            continue
        authors = entry.get("published_by")
        author = authors[0] if isinstance(authors, list) and authors else ""
        moment = read_moment(_text(entry, "published_at"))
        name = on_one_line(author) if isinstance(author, str) else ""
        known = Link(
            url=url,
            title=_text(entry, "title"),
            author=name,
            date=moment.date,
            published_at=moment.at,
            saved=_text(entry, "created_at"),
            number=number,
        )
        yield Document(
            name=f"{name}#{number}", content=text.encode(), known=known, producer="wallabag"
        )


def _of_enex(name: str, text: str) -> Iterator[Document]:
    """Evernote's notes. They are cut out by their tags: no entity of XML is ever resolved."""
    for number, note in enumerate(text.split("<note>")[1:], start=1):
        url = _own_link(_between(note, "<source-url>", "</source-url>"))
        body = _between(note, "<content>", "</content>").strip()
        body = body.removeprefix("<![CDATA[").removesuffix("]]>").strip()
        body = body[max(0, body.find("<en-note")) :]
        if url and body:
            known = Link(
                url=url,
                title=_between(note, "<title>", "</title>"),
                author=_between(note, "<author>", "</author>"),
                saved=_between(note, "<created>", "</created>"),
                number=number,
            )
            yield Document(
                name=f"{name}#{number}", content=body.encode(), known=known, producer="evernote"
            )


def _between(text: str, opening: str, closing: str) -> str:
    """What stands between two tags; white space folded and entities resolved, but for markup."""
    start = text.find(opening)
    end = text.find(closing, start)
    if start < 0 or end < 0:
        return ""
    inner = text[start + len(opening) : end]
    return inner if opening == "<content>" else on_one_line(unescape(inner))
