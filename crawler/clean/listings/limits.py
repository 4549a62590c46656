"""What no list comes near: such a file is refused, in words, before it fills memory.

A list of all 143,539 seeds of a real collection, with eight columns, has some 30 MB. One input may
take 300 MB of memory, and a text takes four bytes a character where one of them is an emoji. What
each kind takes at its limit, `tests/trust/test_memory.py` measures.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sized
    from typing import TypeVar

    Item = TypeVar("Item")

MAX_TEXT = 32 << 20  # bytes of a list that is text
MAX_LINE = 4 << 20  # bytes; a line of a table may hold an article's whole text
MAX_LINES = 500_000
MAX_HTML = 16 << 20  # bytes of bookmarks; 100,000 of them have less
MAX_ENTRIES = 160_000  # links, and lines that look like some
MAX_CONTAINERS = 300_000  # objects and arrays of JSON
MAX_VALUES = 1_250_000  # of JSON; those 143,539 have 1,148,312
MAX_VALUE = 12 << 20  # bytes of one value of a list of JSON, for it is parsed at once
MAX_WIDE = 500_000  # emoji and their like in JSON
MAX_FEED = 8 << 20  # bytes; in memory it takes forty times that
MAX_TAGS = 300_000  # of a feed
MAX_ITEMS = 20_000  # of a feed
MAX_ATTRIBUTES = 200  # of one element of a feed
MAX_NAMESPACES = 200  # of a feed; those of WordPress have a dozen
MAX_SIGNS = 400_000  # bare `&` of a feed; 8 MB of links have 150,000
MAX_DEFINITIONS = 300  # of entities; HTML has 252
MAX_UNFOLDED = 16 << 20  # bytes of a feed whose every name is what it stands for

_LONGEST_NAME = 1_000  # characters
_MOST_KEYWORDS = 10
_IN_WORDS = frozenset(
    {"geometry", "itunes_keywords", "media_keywords", "pos", "restriction", "validity"}
)

# A quote behind a backslash begins no string: in JSON that was escaped as a whole none would end,
# and each be looked for to the end of the text.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"|\\[\\"]', re.DOTALL)
# So many at a time: what takes strings out of a text needs ten times the room of short ones.
_SOME = re.compile(rb'(?:"(?:[^"\\]++|\\.)*+"|\\[\\"]|[^"\\]++|.){1,100000}+', re.DOTALL)
_PART = re.compile(rb'"(?:[^"\\]++|\\.)*+"|\\[\\"]|[\[\]{}\n]', re.DOTALL)
_DEEPER = {b"[": 1, b"{": 1, b"]": -1, b"}": -1}
_LEADS = (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4")  # of four bytes for one character


class TooLargeError(ValueError):
    """A list that is larger than any; says in which respect."""


def check_text(text: bytes) -> None:
    """Raises TooLargeError where a list has more bytes than any."""
    _check(len(text) >> 20, MAX_TEXT >> 20, "MB of text")


def check_line(text: bytes) -> None:
    """Raises TooLargeError where a list has a longer line than any."""
    start = 0
    while len(text) - start > MAX_LINE:
        end = max(text.rfind(mark, start, start + MAX_LINE) for mark in (b"\n", b"\r"))
        if end < 0:
            raise TooLargeError(f"has a line of more than {MAX_LINE >> 20} MB")
        start = end + 1


def check_lines(text: bytes) -> None:
    """Raises TooLargeError where a list has more lines than any."""
    _check(text.count(b"\n") or text.count(b"\r"), MAX_LINES, "lines")


def check_html(text: bytes) -> None:
    """Raises TooLargeError where a list of HTML, which is read as a whole, is larger than any."""
    _check(len(text) >> 20, MAX_HTML >> 20, "MB of HTML")


def check_json(content: bytes) -> None:
    """Raises TooLargeError where JSON holds more than any list does."""
    containers = values = 0
    for some in _SOME.finditer(content):
        bare = _STRING.sub(b"", some[0])
        containers += bare.count(b"{") + bare.count(b"[")
        values += bare.count(b",") + bare.count(b"\n")
        _check(containers, MAX_CONTAINERS, "objects")
        _check(values, MAX_VALUES, "values")
    _check(sum(content.count(lead) for lead in _LEADS), MAX_WIDE, "emoji")
    if len(content) > MAX_VALUE:
        _check(_longest_value(content) >> 20, MAX_VALUE >> 20, "MB in one value")


def _longest_value(content: bytes) -> int:
    """How many bytes the longest value of a list has; all of them, where it is no list."""
    longest = depth = start = 0
    for part in _PART.finditer(content):
        depth += _DEEPER.get(part[0], 0)
        if depth <= 1:
            longest = max(longest, part.end() - start)
            start = part.end()
    is_list = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[")
    return longest if is_list else max(map(len, io.BytesIO(content)))


def check_feed(content: bytes) -> None:
    """Raises TooLargeError where a feed holds more than any does."""
    _check(len(content) >> 20, MAX_FEED >> 20, "MB")
    _check(content.count(b"<"), MAX_TAGS, "tags")
    _check(content.count(b"<item") + content.count(b"<entry"), MAX_ITEMS, "items")
    _check(_most_unfolded(content) >> 20, MAX_UNFOLDED >> 20, "MB, unfolded")


@cache
def bound_feedparser() -> None:
    """Let feedparser do nothing for which it takes the square of what a feed may hold.

    It looks for an address of mail in names, which nobody here asks for; through all keywords of an
    item for each of them, of which those of a feed of ours are the first; through all attributes of
    an element for each of them; and through all namespaces for each element. Where there are more
    of these than any feed has, it raises TooLargeError. Of places and keywords, which it parts into
    words, it gets the first: all of 8 MB take 500 MB.
    """
    mixin = vars(import_module("feedparser.mixin"))["_FeedParserMixin"]
    sync = mixin._sync_author_detail  # noqa: SLF001 -- there is no other way to it

    def sync_short(self: Any, key: str = "author") -> None:
        if len(str(self._get_context().get(key) or "")) <= _LONGEST_NAME:
            sync(self, key)

    mixin._sync_author_detail = sync_short  # noqa: SLF001
    add = mixin._add_tag  # noqa: SLF001

    def add_few(self: Any, *told: Any) -> None:
        if len(self._get_context().get("tags") or ()) < _MOST_KEYWORDS:
            add(self, *told)

    mixin._add_tag = add_few  # noqa: SLF001
    pop = mixin.pop

    def pop_short(self: Any, element: str, *told: Any, **named: Any) -> Any:
        said = pop(self, element, *told, **named)
        return said[:_LONGEST_NAME] if said and element in _IN_WORDS else said

    mixin.pop = pop_short
    strict = vars(import_module("feedparser.parsers.strict"))["_StrictFeedParser"]
    start = strict.startElementNS

    def start_small(self: Any, name: Any, qname: Any, attrs: Any) -> None:
        _check(len(attrs), MAX_ATTRIBUTES, "attributes in one element")
        _check(len(self.namespaces_in_use), MAX_NAMESPACES, "namespaces")
        start(self, name, qname, attrs)

    strict.startElementNS = start_small


def check_signs(count: int) -> None:
    """Raises TooLargeError where XML has more bare `&` than any."""
    _check(count, MAX_SIGNS, "bare &")


def _most_unfolded(feed: bytes) -> int:
    """How many bytes what a feed defines may come to where each name of it is used, at the most.

    Where it is made of other names that is more than can be told.
    """
    count, place = feed.count(_DEFINITION), 0
    if not count or _DOCTYPE not in feed:
        return 0
    _check(count, MAX_DEFINITIONS, "definitions")
    longest = 0
    for _ in range(count):
        place = feed.index(_DEFINITION, place) + len(_DEFINITION)
        value = _quoted_behind(feed, place)
        if b"&" in value.replace(b"&#", b""):
            return sys.maxsize
        longest = max(longest, len(value))
    return longest * feed.count(b"&")


_DOCTYPE, _DEFINITION = b"<!DOCTYPE", b"<!ENTITY"


def _quoted_behind(text: bytes, place: int) -> bytes:
    """What stands between the first quotes behind a place; empty where nothing does."""
    starts = [start for quote in (b'"', b"'") if (start := text.find(quote, place)) >= 0]
    start = min(starts, default=len(text))
    end = text.find(text[start : start + 1], start + 1)
    return text[start + 1 : max(end, 0)]


def check_entries(*found: Sized) -> None:
    """Raises TooLargeError where a list names more than any does."""
    _check(sum(map(len, found)), MAX_ENTRIES, "links")


def check_packing(member: zipfile.ZipInfo) -> None:
    """Raises NotImplementedError, as `zipfile` itself does, where a file is packed in other ways.

    Of bzip2 and LZMA `zipfile` unpacks all that it has read at once, to gigabytes out of some
    hundred bytes, and what is damaged ends in errors of their own.
    """
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError("it is packed by something else than Deflate")


def bounded(items: Iterable[Item]) -> Iterator[Item]:
    """The items; raises TooLargeError where a list has more of them than any."""
    for count, item in enumerate(items):
        _check(count, MAX_ENTRIES, "links")
        yield item


def _check(count: int, most: int, what: str) -> None:
    if count > most:
        raise TooLargeError(f"has more than {most:,} {what}")
