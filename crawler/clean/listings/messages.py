"""WeChat's own messages, as exports of chats hold them: cards of articles, in XML within a cell."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.characters import unescaped
from crawler.clean.listings.fields import article_links, link_of
from crawler.clean.listings.texts import is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.clean.exports import Link

_CARD = "<appmsg"
_QUOTED = "<refermsg"  # what a message answers
_ITEM = re.compile(r"<item>")
_SAID = re.compile(
    r"<(?P<name>title|url|pub_time|sourcedisplayname|name|nickname)>"
    # (what is quoted quotes nothing itself: each is read once, though none has an end)
    r"(?:<!\[CDATA\[(?P<data>(?:[^\]<]++|\](?!\]>)|<(?!!\[CDATA))*+)\]\]>|(?P<words>[^<]*+))</"
)
_PLAIN = re.compile(
    r"\[链接\|(?P<title>(?:[^\]\n]|\](?!\()){1,300}+)\]\((?P<url>[^()\s]{1,3000}+)\)"
)
"""A card as chatlog writes it."""

_ACCOUNT = ("sourcedisplayname", "name", "nickname")
"""Of a card that somebody shared, and of a subscription's message."""


OF_CHATS = {"sendername", "talkername"}
"""Columns of what chatlog writes."""


def with_messages(names: list[str]) -> list[str]:
    """The names of columns; what a chat's content is called is no text of an article's there."""
    if not {*names} >= OF_CHATS:
        return names
    return ["strcontent" if name == "content" else name for name in names]


def cards_in(text: str, number: int) -> list[Link]:
    """The articles of a message with what it says of each; none where the text is no message.

    That of a subscription has a first one above its items, which it names again.
    """
    _, found, card = text.partition(_CARD)
    if found:
        return list(_cards(card.partition(_QUOTED)[0], number))
    cards = [
        link_of(url, card.groupdict(), number)
        for card in _PLAIN.finditer(text)
        for url in article_links(card["url"])[:1]
    ]
    is_left = bool(cards) and is_text("", _PLAIN.sub("", text))  # beside them, as in a forward
    return [replace(card, left=is_left) for card in cards[:1]] + cards[1:]


def _cards(card: str, number: int) -> Iterator[Link]:
    account = ""
    for item in map(_said_in, _ITEM.split(card)):
        account = account or next(filter(None, (item.get(name, "") for name in _ACCOUNT)), "")
        told = {key: item.get(key, "") for key in ("title", "url")}
        told |= {"accountname": account, "pubtime": item.get("pub_time", "")}
        for url in article_links(told["url"])[:1]:
            yield link_of(url, told, number)


def _said_in(item: str) -> dict[str, str]:
    """What the elements of one item say, each by its first that says anything."""
    said: dict[str, str] = {}
    for found in _SAID.finditer(item):
        words = found["data"] if found["words"] is None else unescaped(found["words"])
        if words.strip():
            said.setdefault(found["name"], words)
    return said
