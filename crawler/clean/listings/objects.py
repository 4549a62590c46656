"""What the values of an object of JSON say: words, as a cell of a table has them, and texts."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from crawler.clean.listings.anchors import LABEL
from crawler.clean.listings.columns import rows_of
from crawler.clean.listings.fields import (
    ROLES,
    SAYING,
    TEXTS,
    article_links,
    lone_links,
    names_other_site,
    plain,
)
from crawler.clean.listings.texts import is_outline, is_remark, is_text, letters_of
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

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


def is_text_beside_link(entry: Mapping[str, Any]) -> bool:
    """Whether a text and a link to an article lie in an object that has none as its own.

    Of what is another site's nobody asks, nor of what stands above a list or in a chat's messages.
    """
    is_beside = _is_text_near_link(entry) or _is_text_below_link(entry)
    return is_beside and not _is_of_other_site(entry) and rows_of(entry) is None


def _is_text_near_link(entry: Mapping[str, Any]) -> bool:
    inner = (value for value in entry.values() if isinstance(value, dict))
    unplaced = (one for one in inner if not names_other_site(_places_of(one)))
    return any(map(_holds_text, (entry, *unplaced))) and any(_links_near(entry))


def _is_text_below_link(entry: Mapping[str, Any]) -> bool:
    if not _names_article(entry):
        return False
    letters = [*filter(_FEWEST.__le__, map(letters_of, text_within(entry).split("\n")))]
    return sum(letters) >= max(1, _SHORTEST_PARAGRAPH * len(letters))


def _names_article(entry: Mapping[str, Any]) -> bool:
    """Whether a value of an object is an article's link."""
    return bool(lone_links(value for value in entry.values() if isinstance(value, str)))


def _is_of_other_site(entry: Mapping[str, Any]) -> bool:
    """Whether an object is at another site, as any address in it tells that stands alone."""
    if _is_elsewhere(entry):
        return True
    told = (as_text(value) for key, value in entry.items() if _ADDRESS.match(plain(str(key))))
    is_at_any = names_other_site(words for words in told if HOST not in words)
    return is_at_any and not _names_article(entry)


def _is_elsewhere(entry: Mapping[str, Any]) -> bool:
    """Whether an object says that it is at another site."""
    return names_other_site(words for words in _places_of(entry) if HOST not in words)


def _places_of(entry: Mapping[str, Any]) -> Iterator[str]:
    """What an object says of where it is, as any list does, or as readers of feeds do."""
    for key, value in entry.items():
        if plain(str(key)) in _PLACES:
            yield as_text(value)
            yield from (as_text(one.get("href")) for one in listed(value) if isinstance(one, dict))


def _holds_text(entry: Mapping[str, Any]) -> bool:
    """Whether a value of an object is a text, perhaps as paragraphs, and no reader's."""
    for key, value in entry.items():
        if not isinstance(value, list) and len(as_text(value)) < _SHORTEST_PARAGRAPH:
            continue
        parts = [one for one in listed(value) if isinstance(one, str)]
        words = "\n".join(parts)
        if not is_text(plain(str(key)), words) or _OF_READERS.search(str(key)):
            continue
        letters = letters_of(words)
        is_list = not is_outline(letters, len(article_links(words)))
        if letters >= _SHORTEST_PARAGRAPH * len(parts) and not is_list:
            return True
    return False


def _links_near(entry: Mapping[str, Any]) -> Iterator[str]:
    """The links in an object's values, and in objects within it; in lists those of no entries."""
    values: list[tuple[int, Any]] = [(0, entry)]
    while values:
        depth, value = values.pop()
        if isinstance(value, dict) and depth <= _NEAR:
            items = (one for key, one in value.items() if not _OF_READERS.search(str(key)))
            values += ((depth + 1, one) for one in chain(items, _attached(value.items())))
        elif isinstance(value, list):
            values += ((depth, one) for one in value if not _is_entry(one))
            values += ((depth, one) for one in _called_source(value))
        elif isinstance(value, str):
            yield from article_links(value)


def _called_source(items: list[Any]) -> Iterator[Any]:
    """Those of a message's words and links, as Telegram has them, that lead to where it is from."""
    before = ""
    if not any(isinstance(one, str) for one in items):
        return
    for item in items:
        told = item.get("text") if isinstance(item, dict) else item
        words = as_text(told)
        said = (before + words * (HOST not in words)).rstrip()
        # the link's own words may be the label, or whose article it is
        if isinstance(item, dict) and any(map(LABEL.search, (before, said))):
            yield item
        before = said[-_LONGEST_LABEL:]


def _attached(items: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
    """What is attached to an object by name, which is of no list of articles; or its only link."""
    for key, value in items:
        attached = listed(value)
        if key in _ATTACHED or (key in _LINKS and len(set(_addresses_of(attached))) == 1):
            yield from attached


def _addresses_of(items: Iterable[Any]) -> Iterator[str]:
    """The articles that the objects of a list lead to."""
    objects = (item for item in items if isinstance(item, dict))
    return chain.from_iterable(article_links(as_text(one)) for it in objects for one in it.values())


def _is_entry(item: Any) -> bool:
    """Whether an item of a list is one of several articles, or of the messages of a chat."""
    return isinstance(item, dict) and any(plain(str(key)) in _OF_ENTRIES for key in item)


_PLACES = frozenset({*ROLES["url"], "source", "来源", "canonical", "alternate"})
_ADDRESS = re.compile(  # of anything but a picture
    r"(?!.*(?:img|image|pic|cover|thumb|avatar|icon|logo|head))(?:.*(?:ur[il]|link|href)|g?u?id)\Z"
)
_OF_ENTRIES = frozenset({*ROLES["title"], *TEXTS, "message", "msg"})
_ATTACHED = ("attachments", "embeds")  # of Slack and others; of Discord
_LINKS = ("links", "urls", "sources")  # where they hold several, these may be a list
_LONGEST_LABEL = 20  # characters
_NEAR = 2  # objects within one another
_SHORTEST_PARAGRAPH = 30  # letters on the average; titles and messages have fewer
_FEWEST = 5  # letters; what has less is a kind, a name or a day


def _words_within(key: str, value: Any) -> Iterator[str]:
    """The strings of a tree, but for remarks, and for what is said of other articles and sites."""
    values: list[tuple[str, Any]] = [(key, value)]
    while values:
        key, value = values.pop()
        if key == OTHERS or is_remark(plain(key)) or _OF_READERS.search(key):
            continue
        if isinstance(value, dict):
            is_named = any(article_links(as_text(one)) for one in value.values())
            is_other = is_named or _is_elsewhere(value)
            values += [] if is_other else ((str(name), one) for name, one in value.items())
        elif isinstance(value, list):
            values += ((key, one) for one in value)
        elif isinstance(value, str):
            yield value
