"""What the values of an object of JSON say: words, as a cell of a table has them, and texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.clean.listings.fields import SAYING, article_links, plain
from crawler.clean.listings.texts import is_remark, is_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OTHERS = "multi_app_msg_item_list"
"""The key of WeChat's own lists under which the first article of a message holds the others."""
_OF_MONGO = ("$date", "$numberLong", "$numberInt", "$numberDouble")
_OF_READERS = re.compile(r"comment|repl(?:y|ies)|评论|留言|回复", re.IGNORECASE)


def as_text(value: Any) -> str:
    """A value as a table's cell would have it; lists of names as their first, the rest as none.

    MongoDB writes a day or a large number as an object: {"$date": "2024-05-08T10:30:00Z"}.
    """
    while isinstance(value, dict) and len(value) == 1 and next(iter(value), "") in _OF_MONGO:
        value = next(iter(value.values()))
    first = value[0] if isinstance(value, list) and value else ""
    if isinstance(first, dict):  # an album of the exporter's, say
        first = first.get("title")
    if isinstance(first, str) and first:
        return first
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def listed(value: Any) -> list[Any]:
    """The items of a list, or the one value that stands in its place."""
    return value if isinstance(value, list) else [value]


def text_in(item: Any, key: str) -> str:
    """The text that an item of a row is, perhaps as paragraphs; "" for one that tells of itself."""
    words = "\n".join(one for one in listed(item) if isinstance(one, str))
    return words if is_text(key, words) and not article_links(words) else ""


def text_of_nobodys_key(entry: Mapping[str, Any]) -> str:
    """A text under a key that is none of `SAYING`, perhaps as a list of paragraphs; "" for none."""
    for key, value in entry.items():
        words = "\n".join(map(_paragraph, listed(value)))
        is_known = plain(str(key)) in SAYING or _OF_READERS.search(str(key))
        if is_text(plain(str(key)), words) and not is_known:
            return words
    return ""


def _paragraph(part: Any) -> str:
    """What one item of a list of paragraphs says; an object that names an article is none."""
    if not isinstance(part, dict):
        return part if isinstance(part, str) else ""
    words = "\n".join(value for value in part.values() if isinstance(value, str))
    return "" if article_links(words) else words


def text_within(entry: Mapping[str, Any]) -> str:
    """A text that lies in an article's object as a tree, as editors keep it; "" for none."""
    for key, value in entry.items():
        if isinstance(value, dict | list):
            words = "\n".join(_words_within(str(key), value))
            if is_text(plain(str(key)), words):
                return words
    return ""


def _words_within(key: str, value: Any) -> Iterator[str]:
    """The strings of a tree, but for remarks, and for what is said of other articles."""
    values: list[tuple[str, Any]] = [(key, value)]
    while values:
        key, value = values.pop()
        if key == OTHERS or is_remark(plain(key)) or _OF_READERS.search(key):
            continue
        if isinstance(value, dict):
            is_other = any(article_links(as_text(one)) for one in value.values())
            values += [] if is_other else ((str(name), one) for name, one in value.items())
        elif isinstance(value, list):
            values += ((key, one) for one in value)
        elif isinstance(value, str):
            yield value
