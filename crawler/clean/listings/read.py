"""Bytes of any list -> `Listing`."""

from __future__ import annotations

import csv

from charset_normalizer import from_bytes

from crawler.characters import BYTE_ORDER_MARK
from crawler.clean.listings.anchors import read_anchors, read_opml
from crawler.clean.listings.feeds import is_feed, read_feed
from crawler.clean.listings.limits import MAX_TEXT, TooLargeError, check_text
from crawler.clean.listings.lines import read_lines
from crawler.clean.listings.office import names_wechat, office_form
from crawler.clean.listings.records import NO_LINK, Listing, ListKind
from crawler.clean.listings.tables import looks_like_table, read_spreadsheet, read_table
from crawler.clean.listings.trees import parse_json, read_json

_PACKED = b"PK\x03\x04"
_MARKS_OF_ORDER = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_OWN = ("utf-8-sig", "gb18030")
_HEAD = 4096
_ENEX = b"<en-export"


def read_list(content: bytes) -> Listing:
    """Read a list of any kind that is known. Never raises, whatever it is given."""
    try:
        return _read(content)
    except TooLargeError as error:
        return Listing(kind=ListKind.NONE, problem=str(error), unread=True)


def _read(content: bytes) -> Listing:
    form = office_form(content)
    if form:
        return _of_office(form, content)
    if content.startswith(_PACKED):
        return read_spreadsheet(content)
    if is_feed(content):
        return read_feed(content)
    if _ENEX not in content[:_HEAD]:  # whose pictures stand in it as text
        check_text(content)
    elif len(content) > MAX_TEXT:
        return Listing(kind=ListKind.NONE, problem="carries notes, and is no list")
    text = text_of(content)
    if text is None:
        return Listing(kind=ListKind.NONE, problem="is no text, and no spreadsheet")
    return _read_text(text)


def _of_office(form: str, content: bytes) -> Listing:
    """A spreadsheet in a form that no library reads within bounds: one cell far out takes all."""
    if not names_wechat(content):
        return Listing(kind=ListKind.TABLE, problem=NO_LINK)
    problem = f"is a spreadsheet in the form {form}, which is not read"
    return Listing(kind=ListKind.TABLE, problem=problem, unread=True)


def text_of(content: bytes) -> str | None:
    """Bytes as text, in the first charset that fits; None where they are no text."""
    encoding = _MARKS_OF_ORDER.get(content[:2])
    if encoding:
        return content.decode(encoding, "replace")
    if b"\0" not in content:
        for own in _OWN:
            try:
                return content.decode(own)
            except UnicodeDecodeError:
                continue
    guess = from_bytes(content[: 64 << 10]).best()
    if guess is None or (b"\0" in content[:_HEAD] and not guess.encoding.startswith("utf")):
        return None
    return content.decode(guess.encoding, "replace")


def _read_text(text: str) -> Listing:
    head = text[:_HEAD].lstrip(f"{BYTE_ORDER_MARK} \t\r\n")
    if head.startswith(("{", "[")):
        try:
            return read_json(parse_json(text))
        except TooLargeError:
            raise
        except ValueError as error:
            if "nested" in str(error):
                return Listing(kind=ListKind.JSON, problem=str(error))
    if head.startswith("<"):
        return read_opml(text) if "<opml" in head.lower() else read_anchors(text)
    if looks_like_table(text):
        try:
            return read_table(text)
        except csv.Error:
            pass  # read as the lines that it is then
    return read_lines(text)
