"""Bytes of any list -> `Listing`."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from dataclasses import replace
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from charset_normalizer import from_bytes

from crawler.characters import (
    BYTE_ORDER_MARK,
    DAMAGED,
    LOST,
    charset_that_fits,
    from_utf16,
    is_whole,
    mended,
    unescaped,
)
from crawler.clean.listings.anchors import read_anchors
from crawler.clean.listings.cells import tables_in
from crawler.clean.listings.elements import read_elements
from crawler.clean.listings.feed_roots import is_feed
from crawler.clean.listings.feeds import read_feed
from crawler.clean.listings.fields import article_links
from crawler.clean.listings.limits import (
    MAX_LINE,
    MAX_TEXT,
    TooLargeError,
    check_html,
    check_line,
    check_lines,
    check_text,
)
from crawler.clean.listings.lines import read_lines
from crawler.clean.listings.office import names_wechat, office_form
from crawler.clean.listings.outlines import read_opml
from crawler.clean.listings.records import NO_LINK, Listing, ListKind, Refused, joined
from crawler.clean.listings.tables import (
    links_beside_texts,
    looks_like_table,
    read_rows,
    read_spreadsheet,
    read_table,
)
from crawler.clean.listings.trees import read_json
from crawler.clean.listings.values import json_values
from crawler.urls import HOST

if TYPE_CHECKING:
    from crawler.clean.exports import Link

_PACKED = b"PK\x03\x04"
_UTF_8 = "utf-8-sig"
_HEAD = 4096
_ENEX = b"<en-export"


def read_list(content: bytes) -> Listing:
    """Read a list of any kind that is known. Never raises, whatever it is given."""
    is_small = len(content) <= MAX_TEXT
    text = from_utf16(content) if is_small else content
    whole = mended(text) if is_small else text
    try:
        listing = _read(whole)
    except TooLargeError as error:
        return Listing(kind=ListKind.NONE, problem=str(error), unread=True)
    told = _cut_off(text)
    says_something = listing.links or listing.refused
    is_hurt = whole is not text or (text is not content and not is_whole(content))
    if says_something and is_hurt:
        told.append(_hurt(text))
    if listing.unread or not told:
        return listing
    return replace(listing, refused=(*listing.refused, *told), problem="")


def _hurt(content: bytes) -> Refused:
    """That a few of its letters are damaged, by the line of the first of them."""
    try:
        content.decode()
        sign = b"\0" if b"\0" in content else LOST.encode()
        place = content.find(sign)
    except UnicodeDecodeError as error:
        place = error.start
    number = content.count(b"\n", 0, max(place, 0)) + 1
    return Refused(number=number, line="(letters)", why=DAMAGED, advice=_GIVE_ALL)


def _cut_off(content: bytes) -> list[Refused]:
    """That a feed, or notes of Evernote's, do not come to their end; nothing where they do."""
    root = _ROOT.match(content[:_HEAD])
    if not root or b"</" + root[1].lower() in content[-_HEAD:].lower():
        return []
    lines = content.count(b"\n") + 1
    why = "it was cut, and there may be more"
    return [Refused(number=lines, line="(the end)", why=why, advice=_GIVE_ALL)]


_MARKUP = re.compile(r"<(?!https?:)", re.IGNORECASE)  # no address, as Markdown has a bare one
_GIVE_ALL = "what is there was read; give the whole file"

_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s++|<\?[^<>]*+>|<!--(?:[^-]|-(?!->))*+-->|<![^<>]*+>)*+"
    rb"<(rss|feed|rdf:rdf|en-export)(?=[\s>])",
    re.IGNORECASE,
)
"""The element that holds all of a feed, or of Evernote's notes."""


def _read(content: bytes) -> Listing:
    form = office_form(content)
    if form:
        return _of_office(form, content)
    if content.startswith(_PACKED):
        return read_spreadsheet(content)
    if is_feed(content):
        return read_feed(content)
    if _ENEX not in content[:_HEAD]:
        check_text(content)
    else:
        content = _less_what_is_read(content)
    charset = charset_of(content)
    if charset is None:
        problem = "is no text, and no spreadsheet"
        return Listing(kind=ListKind.NONE, problem=problem, unread=HOST.encode() in content)
    listing = _read_json(content, charset)
    if listing:
        return listing
    check_line(content)
    return _read_text(content, charset)


def _less_what_is_read(notes: bytes) -> bytes:
    """Of many notes of Evernote's those that name WeChat but say another source, or none.

    All that say it as theirs are read as documents. Pictures stand in them as text.
    """
    if len(notes) <= MAX_LINE:
        return notes
    starts = chain((one.start() for one in _NOTE.finditer(notes)), [len(notes)])
    read = bytearray(_NOTE.split(notes[:_HEAD], maxsplit=1)[0])
    for start, end in pairwise(starts):
        if notes.find(HOST.encode(), start, end) >= 0 and not _says_its_source(notes, start, end):
            note = notes[start : min(end, start + _MOST_LEFT)]
            read += b"\n" + _PICTURE_OF_NOTE.sub(b"", note)  # (a line may not have all of them)
        if len(read) > _MOST_LEFT:
            raise TooLargeError(f"has notes without a source of more than {_MOST_LEFT >> 20} MB")
    return bytes(read)


def _says_its_source(notes: bytes, start: int, end: int) -> bool:
    """Whether a note says from which article it is; a picture in it may say another address."""
    found = _SOURCE.search(notes, start, end)
    return bool(found and article_links(unescaped(found[1].decode("utf-8", "replace"))))


_NOTE = re.compile(rb"<note>")
_PICTURE_OF_NOTE = re.compile(rb"<data\b[^<>]*+>[^<]*+")
_MOST_LEFT = 2 * MAX_LINE
_SOURCE = re.compile(rb"<source-url>([^<]{0,8192}+)")


def _of_office(form: str, content: bytes) -> Listing:
    """A spreadsheet in a form that no library reads within bounds: one cell far out takes all."""
    if not names_wechat(content):
        return Listing(kind=ListKind.TABLE, problem=NO_LINK)
    problem = f"is a spreadsheet in the form {form}, which is not read"
    return Listing(kind=ListKind.TABLE, problem=problem, unread=True)


def charset_of(content: bytes) -> str | None:
    """The first charset that bytes fit; None where they are no text."""
    own = "" if b"\0" in content else charset_that_fits(content)
    if own:
        return own
    guess = from_bytes(content[: 64 << 10]).best()
    if guess is None or (b"\0" in content[:_HEAD] and not guess.encoding.startswith("utf")):
        return None
    return guess.encoding


def _read_json(content: bytes, charset: str) -> Listing | None:
    """A list of JSON; None where it is none. It is read as UTF-8, for that takes least memory."""
    head = _head_of(content, charset)
    if not head.lstrip(f"{BYTE_ORDER_MARK} \t\r\n").startswith(("{", "[")):
        return None
    if charset != _UTF_8:
        content = content.decode(charset, "replace").encode("utf-8", "replace")
    try:
        return read_json(json_values(content))
    except TooLargeError:
        raise
    except ValueError as error:
        is_deep = "nested" in str(error)
        return Listing(kind=ListKind.JSON, problem=str(error)) if is_deep else None


def _read_text(content: bytes, charset: str) -> Listing:
    """HTML as a whole; tables and lines line by line, for a text may take four times its bytes."""
    head = _head_of(content, charset)
    if _MARKUP.match(head.lstrip(f"{BYTE_ORDER_MARK} \t\r\n")):
        check_html(content)
        text = content.decode(charset, "replace")
        if "<opml" in head.lower():
            return read_opml(text)
        listing = read_elements(text) or _with_rows_told(read_anchors(text), text)
        return _with_scripts_told(listing, text)
    check_lines(content)
    if _is_dump(head):
        return _of_dump(read_lines(_lines_of(content, charset)))
    if looks_like_table(head):
        try:
            return read_table(_lines_of(content, charset))
        except csv.Error:
            pass  # read as the lines that it is then
    listing = read_lines(_lines_of(content, charset))
    texts = links_beside_texts(_lines_of(content, charset))
    links = tuple(replace(one, left=True) if one.url in texts else one for one in listing.links)
    return replace(listing, links=links)


def _with_rows_told(listing: Listing, html: str) -> Listing:
    """The links of HTML with what the rows of its tables say, under the names of their columns."""
    links = [*listing.links]
    places = {link.url: place for place, link in enumerate(links)}
    for rows in tables_in(html) if links else ():
        for said in read_rows(enumerate(rows)).links:
            if (place := places.get(said.url)) is not None:
                links[place] = joined(said, links[place])
    return replace(listing, links=tuple(links))


def _with_scripts_told(listing: Listing, html: str) -> Listing:
    """The links of HTML with what JSON in its scripts says of them, as readers write it."""
    links = [*listing.links]
    places = {link.url: place for place, link in enumerate(links)}
    for script in _SCRIPT.finditer(html) if links else ():
        for said in _links_of_script(script["value"]):
            if (place := places.get(said.url)) is not None:
                links[place] = joined(links[place], said)
    return replace(listing, links=tuple(links))


def _links_of_script(script: str) -> tuple[Link, ...]:
    value = script[: max(map(script.rfind, "]}")) + 1]
    if HOST in value and len(value) <= _LONGEST_SCRIPT:
        with suppress(ValueError):  # no JSON, or more than any list holds
            return read_json(json_values(value.encode("utf-8", "replace"))).links
    return ()


_LONGEST_SCRIPT = 4 << 20  # characters; what is said of 150,000 links takes as much as these do
_SCRIPT = re.compile(
    r"<script\b[^<>]*+>[^<>\[{]{0,200}+(?P<value>[\[{](?:[^<]++|<(?!/script))*+)", re.IGNORECASE
)


def _is_dump(head: str) -> bool:
    """Whether a database's rows begin a text; behind links, and within tables, SQL is words."""
    found = _INSERTED.search(head)
    if not found:
        return False
    above = head[: found.start()]
    return HOST not in above and (_CREATES.search(above) is not None or not looks_like_table(above))


def _of_dump(listing: Listing) -> Listing:
    """The links alone of a database's rows: what stands around them may be texts."""
    rows = (replace(one, title="", account="", left=True) for one in listing.links)
    return replace(listing, links=tuple(rows))


_INSERTED = re.compile(  # a title may begin so, too, but names no table's columns or values
    r"^\s{0,9}(?:INSERT|REPLACE)(?:\s(?:OR\s)?[A-Z_]{4,13})? INTO\s{1,9}"
    r"(?:[`\"\[][\w ]{1,99}[`\"\]]|[`\"'\[\]\w.$-]{1,99})\s{0,9}(?:\(|VALUES\b)",
    re.IGNORECASE | re.MULTILINE,
)
_CREATES = re.compile(r"^\s{0,9}CREATE TABLE\s", re.IGNORECASE | re.MULTILINE)


def _head_of(content: bytes, charset: str) -> str:
    return content[: 8 * _HEAD].decode(charset, "replace")


def _lines_of(content: bytes, charset: str) -> io.TextIOWrapper:
    """The lines of a text, each with its end."""
    return io.TextIOWrapper(io.BytesIO(content), charset, errors="replace", newline="")
