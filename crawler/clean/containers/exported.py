"""Exports of readers in one file: wallabag's JSON, Evernote's ENEX, feeds' texts, Omnivore."""

from __future__ import annotations

import re
from contextlib import suppress
from html import unescape
from typing import TYPE_CHECKING, Any

from crawler.characters import on_one_line
from crawler.clean.exports import Document, Link, read_moment
from crawler.clean.listings import TooLargeError, documents_of_feed, is_feed, parse_json
from crawler.links import find_links
from crawler.urls import HOST, PageType, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NOTE = b"<note>"
_MAX_NOTES = 100_000
_LONGEST = 8192  # bytes of a title or an address
_SLUG = re.compile(r"[\w-]{1,200}\Z")


def documents_in(name: str, content: bytes) -> Iterator[Document]:
    """The documents of articles that one file carries; none where it is no such file.

    None either where it holds more than any does, which `read_list` says.
    """
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_feed(content):
        with suppress(TooLargeError):
            yield from documents_of_feed(name, content)
    elif b"<en-export" in head:
        yield from _of_enex(name, content)
    elif head.startswith(b"[") and b'"content"' in content and HOST.encode() in content:
        yield from _of_wallabag(name, _json(content))


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
        return parse_json(content.decode("utf-8-sig"))
    except ValueError:
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


def _of_enex(name: str, content: bytes) -> Iterator[Document]:
    """Evernote's notes. They are cut out by their tags: no entity of XML is ever resolved."""
    for number, note in enumerate(_notes(content), start=1):
        url = _own_link(_said(note, b"source-url"))
        body = _between(note, b"content").strip()
        body = body.removeprefix(b"<![CDATA[").removesuffix(b"]]>").strip()
        body = body[max(0, body.find(b"<en-note")) :]
        if url and body:
            known = Link(
                url=url,
                title=_said(note, b"title"),
                author=_said(note, b"author"),
                saved=_said(note, b"created"),
                number=number,
            )
            yield Document(name=f"{name}#{number}", content=body, known=known, producer="evernote")


def _notes(content: bytes) -> Iterator[bytes]:
    """What stands behind each `<note>`, one at a time: with its pictures a file may be large."""
    start = content.find(_NOTE)
    for _ in range(_MAX_NOTES):
        if start < 0:
            return
        end = content.find(_NOTE, start + len(_NOTE))
        yield content[start + len(_NOTE) : end if end >= 0 else len(content)]
        start = end


def _between(note: bytes, tag: bytes) -> bytes:
    """What stands between two tags."""
    start = note.find(b"<%s>" % tag)
    end = note.find(b"</%s>" % tag, start)
    return b"" if start < 0 or end < 0 else note[start + len(tag) + 2 : end]


def _said(note: bytes, tag: bytes) -> str:
    """The same as text, white space folded and entities resolved."""
    return on_one_line(unescape(_between(note, tag)[:_LONGEST].decode("utf-8", "replace")))
