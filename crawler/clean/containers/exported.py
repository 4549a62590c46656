"""Exports of readers in one file: wallabag's JSON, Evernote's ENEX, feeds' texts, Omnivore."""

from __future__ import annotations

import binascii
import hashlib
import re
from contextlib import suppress
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.characters import LOST, NO_LETTER, from_utf16, is_whole, mended, on_one_line, unescaped
from crawler.clean.exports import Document, Link, read_moment
from crawler.clean.listings import (
    TooLargeError,
    documents_of_feed,
    has_document,
    is_feed,
    json_values,
)
from crawler.links import find_links
from crawler.urls import HOST, PageType, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_UTF_16 = 32 << 20  # bytes; as text and as UTF-8 it takes four times that
_NOTE = b"<note>"
_MAX_NOTES = 100_000
_LONGEST = 8192  # bytes of a title or an address
_MAX_BODY = 16 << 20  # bytes of a note's text; what has more than any article is refused by that
# how the clipper calls a link with a title and two lines, which is no copy of what it leads to
_BOOKMARK, _HEAD = re.compile(rb"--en-clipped-content:\s{0,9}bookmark", re.IGNORECASE), 4000
_MEDIA = re.compile(rb"<en-media\b[^<>]*+>", re.IGNORECASE)
_HASH = re.compile(rb"\shash\s?=\s?[\"']([0-9a-f]{32})[\"']", re.IGNORECASE)
_OF_WEB = re.compile(r"https?://[^\s<>]{1,2000}\Z")
_MAX_PACKED = 16 << 20  # bytes of base64; WeChat takes no picture of more than 10 MB
_SLUG = re.compile(r"[\w-]{1,200}\Z")


def documents_in(name: str, content: bytes) -> Iterator[Document]:
    """The documents of articles that one file carries; none where it is no such file.

    None either where it holds more than any does, which `read_list` says. A few letters of it that
    are damaged are so in the documents.
    """
    text = _in_utf8(content)
    whole = mended(text)
    is_hurt = whole is not text or (text is not content and not is_whole(content))
    for document in _documents_in(name, whole):
        # one tells of them all; of many it would be taken for no text
        lost = document.content.replace(LOST.encode(), NO_LETTER, 1)
        yield replace(document, content=lost) if is_hurt else document


def _in_utf8(content: bytes) -> bytes:
    return from_utf16(content) if len(content) <= _MAX_UTF_16 else content


def _documents_in(name: str, content: bytes) -> Iterator[Document]:
    head = content[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if is_feed(content):
        with suppress(TooLargeError):
            yield from documents_of_feed(name, content)
    elif b"<en-export" in head:
        yield from _of_enex(name, content)
    elif head.startswith((b"[", b"{")) and b'"domain_name"' in content and HOST.encode() in content:
        yield from _of_wallabag(name, content)


def slugs_of_omnivore(content: bytes) -> dict[str, Link]:
    """What Omnivore's metadata say of articles, by the name of the file that holds the text."""
    head = from_utf16(content[:4000])
    if not (b'"slug"' in head and b'"savedAt"' in head):
        return {}
    found = {}
    for entry in _entries(mended(_in_utf8(content))):
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


def _entries(content: bytes) -> Iterator[Mapping[str, Any]]:
    """The objects of a list of JSON, one after the other, as far as it can be read."""
    with suppress(ValueError):
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
            yield from (entry for entry in json_values(content) if isinstance(entry, dict))


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    return on_one_line(value) if isinstance(value, str) else ""


def _own_link(text: str) -> str:
    links = [found.link for found in find_links(text) if found.link]
    return next((url for url in links if parse_url(url).page_type is PageType.ARTICLE), "")


def _of_wallabag(name: str, content: bytes) -> Iterator[Document]:
    for number, entry in enumerate(_entries_of_wallabag(content), start=1):
        if not has_document(entry):
            continue
        url = _own_link(_text(entry, "given_url")) or _own_link(_text(entry, "url"))
        authors = entry.get("published_by")
        author = authors[0] if isinstance(authors, list) and authors else ""
        moment = read_moment(_text(entry, "published_at"))
        written_by = on_one_line(author) if isinstance(author, str) else ""
        known = Link(
            url=url,
            title=_text(entry, "title"),
            author=written_by,
            date=moment.date,
            published_at=moment.at,
            saved=_text(entry, "created_at"),
            number=number,
        )
        yield Document(
            name=f"{name}#{number}",
            content=entry["content"].encode("utf-8", "replace"),
            known=known,
            producer="wallabag",
        )


def _entries_of_wallabag(content: bytes) -> Iterator[Mapping[str, Any]]:
    """The entries of an export, or of answers of wallabag's API, wherever they lie in those."""
    with suppress(ValueError):
        for value in json_values(content):
            places = [value]
            while places:
                place = places.pop()
                if isinstance(place, dict):
                    if "domain_name" in place:
                        yield place
                    places += [] if has_document(place) else [*place.values()][::-1]
                elif isinstance(place, list):
                    places += place[::-1]


def _of_enex(name: str, content: bytes) -> Iterator[Document]:
    """Evernote's notes. They are cut out by their tags: no entity of XML is ever resolved."""
    for number, note in enumerate(_notes(content), start=1):
        url = _own_link(note.said(b"source-url"))
        body = note.between(b"content", _MAX_BODY).strip()
        if body.startswith(b"&lt;"):  # the same without a section
            body = unescaped(body.decode("utf-8", "replace")).encode("utf-8", "replace")
        body = body.removeprefix(b"<![CDATA[").removesuffix(b"]]>").strip()
        body = body.replace(b"]]]]><![CDATA[>", b"]]>")  # how `]]>` is written there
        body = body[max(0, body.find(b"<en-note")) :]
        if url and b"<en-media" in body:
            body = _with_pictures(note, body)
        if url and body and not _is_bookmark(body):
            known = Link(
                url=url,
                title=note.said(b"title"),
                author=note.said(b"author"),
                saved=note.said(b"created"),
                number=number,
            )
            yield Document(name=f"{name}#{number}", content=body, known=known, producer="evernote")


def _with_pictures(note: _Note, body: bytes) -> bytes:
    """A note's text, its pictures under the addresses at which the web clipper found them.

    The text calls each by the MD5 of its bytes alone.
    """
    addresses = dict(_addresses(note))
    room = len(body)

    def shown(media: re.Match[bytes]) -> bytes:
        nonlocal room
        found = _HASH.search(media[0])
        address = addresses.get(found[1].lower(), b"") if found else b""
        room -= len(address)
        return b'<img src="%s">' % address if address and room > 0 else media[0]

    return _MEDIA.sub(shown, body)


def _addresses(note: _Note) -> Iterator[tuple[bytes, bytes]]:
    """The MD5 and the address, as HTML has it, of each picture of the web in a note."""
    start = note.start
    while (start := note.content.find(b"<resource>", start, note.end)) >= 0:
        end = note.content.find(b"</resource>", start, note.end)
        if end < 0:
            return
        resource = _Note(note.content, start, end)
        address = resource.said(b"source-url")
        is_picture = resource.between(b"mime", _LONGEST).strip().startswith(b"image/")
        if is_picture and _OF_WEB.match(address):
            yield resource.digest(), escape(address).encode("utf-8", "replace")
        start = end


def _is_bookmark(body: bytes) -> bool:
    """Whether a note is a link with a title and two lines; a text may stand below such a card."""
    if not _BOOKMARK.search(body, 0, _HEAD):
        return False
    return len(_TAGS.sub(b"", body[:_MAX_CARD])) < _LONGEST_CARD


_TAGS = re.compile(rb"<[^<>]*+>")
_MAX_CARD, _LONGEST_CARD = 64 << 10, 600  # bytes


class _Note(NamedTuple):
    """A note where it stands: with its pictures it may be as large as the file."""

    content: bytes
    start: int
    end: int

    def between(self, tag: bytes, most: int) -> bytes:
        """What stands between two tags, so many bytes of it at the most."""
        start = self.content.find(b"<%s>" % tag, self.start, self.end)
        end = self.content.find(b"</%s>" % tag, start, self.end)
        if start < 0 or end < 0:
            return b""
        start += len(tag) + 2
        return self.content[start : min(end, start + most)]

    def digest(self) -> bytes:
        """The MD5 of what a resource packs; "" where nothing is, or more than pictures have."""
        start = max(self.start, self.content.find(b"<data", self.start, self.end))
        start = max(self.start, self.content.find(b">", start, self.end)) + 1
        end = self.content.find(b"</data>", start, self.end)
        if not start < end <= start + _MAX_PACKED:
            return b""
        with suppress(binascii.Error):
            packed = binascii.a2b_base64(self.content[start:end])
            return hashlib.md5(packed, usedforsecurity=False).hexdigest().encode()
        return b""

    def said(self, tag: bytes) -> str:
        """The same as text, white space folded and entities resolved."""
        return on_one_line(unescaped(self.between(tag, _LONGEST).decode("utf-8", "replace")))


def _notes(content: bytes) -> Iterator[_Note]:
    """What stands behind each `<note>`, one at a time."""
    start = content.find(_NOTE)
    for _ in range(_MAX_NOTES):
        if start < 0:
            return
        end = content.find(_NOTE, start + len(_NOTE))
        yield _Note(content, start + len(_NOTE), max(end, 0) or len(content))
        start = end
