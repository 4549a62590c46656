"""The values that JSON holds: a list's, those of JSON Lines, and what a text in it is."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.characters import narrow_json
from crawler.clean.listings.fields import article_links
from crawler.clean.listings.limits import check_json
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Broken(NamedTuple):
    """A line of JSON Lines that is none, or what is left of a list where it breaks off."""

    text: str
    number: int  # of the line on which it begins


def has_document(entry: Mapping[str, Any]) -> bool:
    """Whether an object is wallabag's, whose text is read as a document.

    By keys of its own: other tools keep notes, or plain text, under `content`.
    """
    text = entry.get("content")
    if not (isinstance(text, str) and text.strip() and "domain_name" in entry):
        return False
    urls = (entry.get(key) for key in ("given_url", "url"))
    return any(article_links(url) for url in urls if isinstance(url, str))


def json_values(content: bytes) -> Iterator[Any]:
    """What UTF-8 of JSON holds: of a list one value after the other, of JSON Lines each line's.

    Anything else is one value. So no more than the text and one value is in memory. Among them
    stands a `Broken` where JSON is broken behind some object. Raises ValueError, perhaps behind
    some values, where it is none, TooLargeError for more than any list holds.
    """
    check_json(content)
    try:
        if _are_lines(content):
            yield from _values_of_lines(content)
        else:
            yield from _values_of(narrow_json(content))
    except RecursionError:
        raise ValueError("is nested too deeply") from None


def _are_lines(content: bytes) -> bool:
    """Whether the first line is JSON of its own, and others follow."""
    first, _, rest = content.partition(b"\n")
    if not rest.strip():
        return False
    try:
        json.loads(first)
    except ValueError:
        return False
    return True


def _values_of_lines(content: bytes) -> Iterator[Any]:
    """The value of each line. Raises ValueError where most are none."""
    whole = broken = 0
    for number, line in enumerate(io.BytesIO(content), start=1):
        try:
            value = json.loads(line) if line.strip() else None
            whole += value is not None
        except ValueError:
            broken += 1
            value = Broken(line.decode("utf-8", "replace"), number)
        if value is not None:
            yield value
    if broken > whole:
        raise ValueError("most lines are no JSON")


def _values_of(text: str) -> Iterator[Any]:
    """The values of a list; or those that stand there one behind the other, as scripts add them."""
    read = json.JSONDecoder().raw_decode
    place = _end(_SPACE, text, 0)
    value: Any = None
    if text[place : place + 1] != "[":
        while place < len(text):
            value, place = read(text, place)
            yield value
            place = _end(_COMMA_OR_NOT, text, place)
        return
    place = _end(_SPACE, text, place + 1)
    try:
        while text[place : place + 1] != "]":
            value, place = read(text, place)
            yield value
            place = _end(_BETWEEN, text, place)
        _end(_BEHIND, text, place)
    except ValueError:
        if not isinstance(value, dict):
            raise
        if not _COMMA_TOO_MANY.match(text, place):
            place = _end(_SPACE, text, place)
            yield Broken(text[place:], text.count("\n", 0, place) + 1)


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    """Where what a pattern takes ends. Raises ValueError where it takes nothing."""
    found = pattern.match(text, place)
    if not found:
        raise ValueError("neither a comma nor an end stands behind a value")
    return found.end()


_SPACE = re.compile(r"[ \t\r\n]*+")
_COMMA_OR_NOT = re.compile(r"[ \t\r\n]*+,?[ \t\r\n]*+")
_BEHIND = re.compile(r"\][ \t\r\n]*+\Z")
_COMMA_TOO_MANY = re.compile(r"[ \t\r\n]*+,[ \t\r\n]*+\][ \t\r\n]*+\Z")
_BETWEEN = re.compile(r"[ \t\r\n]*+(?:,[ \t\r\n]*+(?!\])|(?=\]))")


def json_in(text: str) -> Any:
    """The list that a text is, as in answers of WeChat's; None for any other text."""
    if text[:2] not in _BEGINS or HOST not in text:
        return None
    try:
        check_json(text.encode())
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict | list) else None


_BEGINS = ('{"', "[{")
