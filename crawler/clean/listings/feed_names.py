"""Whose a feed is, by what its tool calls it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.characters import on_one_line
from crawler.clean.exports import account_in
from crawler.clean.listings.fields import OF_WEWE, is_of_many
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HUB = "RSSHub"
_WE_MP = "Mp-We-Rss"
# as the routes of RSSHub write them: of albums and of an account's own lists, of two that follow
# accounts, and of a search
_OF_HUB = re.compile(r"(?P<a>[^|]+)\|.*|微信公众号 - (?P<b>.+)|(?P<c>.+) 的微信公众号")

_OF_READERS = (" · FreshRSS", " - FreshRSS", " on Inoreader", " - Miniflux")
"""What readers write behind the name of a folder, or of what is starred."""


def is_of_hub(feed: Mapping[str, Any]) -> bool:
    """Whether RSSHub made a feed, as feedparser read it."""
    return HUB in str(feed.get("generator") or "")


def account_of_title(title: str, urls: Iterable[str], *, of_hub: bool = False) -> str:
    """The account whose feed this is, by its title; "" where it is a feed of several accounts."""
    identities = [parse_url(url).identity for url in urls if url]
    accounts = {identity.biz for identity in identities if identity}
    if is_of_many(title) or title.endswith(_OF_READERS) or len(accounts) > 1:
        return ""
    found = _OF_HUB.fullmatch(title) if of_hub else None
    return (found["a"] or found["b"] or found["c"]).strip() if found else account_in(title)


def account_of_source(entry: Mapping[str, Any]) -> str:
    """The account whose feed an item comes from that a reader hands on; "" where it names none."""
    source = entry.get("source")
    title = on_one_line(str(source.get("title") or "")) if source else ""
    if names_its_accounts(title, {}):
        return account_of_author(entry.get("author"))
    return account_of_title(title, ())


def names_its_accounts(title: str, feed: Mapping[str, Any]) -> bool:
    """Whether each item has its account as its author: so wewe-rss's feed of all, and we-mp-rss's.

    In any other feed that is who wrote the article.
    """
    return title in OF_WEWE or _WE_MP in (feed.get("generator"), feed.get("author"))


def account_of_author(author: object) -> str:
    """The account that stands as an item's author."""
    return on_one_line(author).strip("-") if isinstance(author, str) else ""


def without_account(title: str, author: object) -> str:
    """A title less the account that a feed of many writes before it; "" where it has none."""
    name = account_of_author(author)
    before = f"{name}: "
    return title.removeprefix(before) if name and title.startswith(before) else ""
