"""What no list comes near: such a file is refused, in words, before it fills memory.

A list of all 143,539 seeds of a real collection, with eight columns, has some 30 MB. One input may
take 300 MB of memory, and a text takes four bytes a character where one of them is an emoji.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sized
    from typing import TypeVar

    Item = TypeVar("Item")

MAX_TEXT = 32 << 20  # bytes of a list that is text
MAX_LINES = 500_000
MAX_ENTRIES = 250_000  # links, and lines that look like some
MAX_CONTAINERS = 300_000  # objects and arrays of JSON
MAX_VALUES = 2_000_000  # of JSON
MAX_FEED = 8 << 20  # bytes; in memory it takes forty times that
MAX_TAGS = 300_000  # of a feed
MAX_ITEMS = 20_000  # of a feed

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


class TooLargeError(ValueError):
    """A list that is larger than any; says in which respect."""


def check_text(text: bytes) -> None:
    """Raises TooLargeError where a list has more bytes or lines than any."""
    _check(len(text) >> 20, MAX_TEXT >> 20, "MB of text")


def check_lines(text: str) -> None:
    """Raises TooLargeError where a list has more lines than any."""
    _check(text.count("\n") or text.count("\r"), MAX_LINES, "lines")


def check_json(text: str) -> None:
    """Raises TooLargeError where JSON holds more than any list does."""
    bare = _STRING.sub("", text)
    _check(bare.count("{") + bare.count("["), MAX_CONTAINERS, "objects")
    _check(bare.count(",") + bare.count("\n"), MAX_VALUES, "values")


def check_feed(content: bytes) -> None:
    """Raises TooLargeError where a feed holds more than any does."""
    _check(len(content) >> 20, MAX_FEED >> 20, "MB")
    _check(content.count(b"<"), MAX_TAGS, "tags")
    _check(content.count(b"<item") + content.count(b"<entry"), MAX_ITEMS, "items")


def check_entries(*found: Sized) -> None:
    """Raises TooLargeError where a list names more than any does."""
    _check(sum(map(len, found)), MAX_ENTRIES, "links")


def bounded(items: Iterable[Item]) -> Iterator[Item]:
    """The items; raises TooLargeError where a list has more of them than any."""
    for count, item in enumerate(items):
        _check(count, MAX_ENTRIES, "links")
        yield item


def _check(count: int, most: int, what: str) -> None:
    if count > most:
        raise TooLargeError(f"has more than {most:,} {what}")
