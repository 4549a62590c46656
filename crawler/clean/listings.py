"""Pages that list articles: feeds and albums in, links out."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import feedparser  # type: ignore[import-untyped]  # it has no types
from selectolax.lexbor import LexborHTMLParser

from crawler.urls import PageType, is_wechat, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LINKS = 1000  # of one list; an album gives 20 a page


def links_of_feed(content: bytes) -> list[str]:
    """The links to WeChat articles that an RSS or Atom feed lists, each once, in its order."""
    entries = feedparser.parse(content).entries
    return _articles(str(entry.get("link", "")) for entry in entries)


def links_of_album(content: bytes) -> list[str]:
    """The links that an album lists, as a page or as the JSON that its page asks for (`f=json`).

    Numbers there may be strings, and a list of one may be the thing itself (seen in other projects'
    answers).
    """
    if content.lstrip()[:1] == b"{":
        return _articles(_links_of_json(content))
    items = LexborHTMLParser(content).css("li.album__list-item[data-link]")
    return _articles(item.attributes.get("data-link") or "" for item in items)


def _links_of_json(content: bytes) -> list[str]:
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        answer: Any = json.loads(content)
        listed = answer["getalbum_resp"]["article_list"]
        entries = listed if isinstance(listed, list) else [listed]
        return [str(entry.get("url", "")) for entry in entries if isinstance(entry, dict)]
    return []


def _articles(links: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for link in links:
        if (
            len(found) < MAX_LINKS
            and is_wechat(link)
            and parse_url(link).page_type is PageType.ARTICLE
        ):
            found.setdefault(parse_url(link).canonical, parse_url(link).given)
    return list(found.values())
