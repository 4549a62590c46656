"""OPML: subscriptions to feeds, and what outliners write, whose items may be links and texts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.characters import unescaped
from crawler.clean.exports import Link
from crawler.clean.listings.fields import article_links, title_of_link
from crawler.clean.listings.limits import bounded, check_entries
from crawler.clean.listings.lines import LONGEST_TITLE, read_lines
from crawler.clean.listings.records import Listing, ListKind, Refused, listing_of
from crawler.clean.listings.texts import is_outline, letters_of
from crawler.links import each_link
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

_FEED = re.compile(r"xmlurl\s{0,9}=", re.IGNORECASE)
_OUTLINE = re.compile(r"<outline\b[^<]*+")
_ATTRIBUTE = re.compile(r"([\w:.-]{1,99}+)\s?=\s?(?:\"([^\"]*+)\"|'([^']*+)')")
_TAG = re.compile(r"<[^<>]*+>")
_WORDS = ("text", "title")  # the second is that of lists of feeds


def read_opml(text: str) -> Listing:
    """The articles that outlines name, each with their words; or how many feeds are named.

    Feeds list articles themselves. Raises TooLargeError for more than any list holds.
    """
    links = list(bounded(_links(text, has_feeds=_FEED.search(text) is not None)))
    found = list(bounded(each_link(text)))
    links += (Link(url=one.link, number=one.number) for one in found if one.link)
    check_entries(links)
    if not links:
        problem = f"names {counted(len(_FEED.findall(text)), 'feed')}, not articles"
        return Listing(kind=ListKind.OPML, problem=problem)
    told = (Refused.of_link(one, number=one.number, line=one.line[:500]) for one in found)
    return listing_of(ListKind.OPML, links, refused=filter(None, told))


def _links(text: str, *, has_feeds: bool) -> Iterator[Link]:
    """The articles of each item, `left` where texts stand in it, or in those up to the next.

    Those that name feeds stand in folders, which have names, and no texts.
    """
    waiting: list[Link] = []
    letters = start = 0
    number = 1
    for tag in _OUTLINE.finditer(text):
        number += text.count("\n", start, tag.start())
        start = tag.start()
        said = {name: unescaped(a or b) for name, a, b in _ATTRIBUTE.findall(tag[0])}
        urls = dict.fromkeys(url for value in said.values() for url in article_links(value))
        if urls and waiting:
            yield from _told(waiting, letters)
            waiting, letters = [], 0
        title = _title(said) if len(urls) == 1 else ""
        waiting += (Link(url=url, title=title, number=number) for url in urls)
        if urls or not has_feeds:
            letters += sum(map(letters_of, said.values()))
    yield from _told(waiting, letters)


def _told(links: list[Link], letters: int) -> Iterator[Link]:
    """The links of one item, of which the first stands for the text below it."""
    for place, link in enumerate(links):
        yield replace(link, left=not place and is_outline(letters, 1))


def _title(said: dict[str, str]) -> str:
    """The words of an item that names one article, as a line of a list says its title."""
    words = next(filter(None, (said.get(name, "") for name in _WORDS)), "")
    if article_links(words) and "<" not in words:
        return "".join(link.title for link in read_lines([words]).links[:1])
    title = title_of_link(_TAG.sub("", words))
    return title if len(title) <= LONGEST_TITLE else ""
