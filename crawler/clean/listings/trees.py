"""JSON of any shape, and JSON Lines: every object that names an article, and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.clean.exports import read_moment
from crawler.clean.listings.columns import rows_of
from crawler.clean.listings.fields import (
    READ_APART,
    READ_MORE,
    ROLES,
    SAYING,
    TEXTS,
    article_links,
    has_own_column,
    link_of,
    links_of,
    lone_links,
    mentions_in,
    names_other_site,
    other_links,
    own_links,
    plain,
)
from crawler.clean.listings.limits import check_entries
from crawler.clean.listings.messages import cards_in
from crawler.clean.listings.objects import (
    OTHERS,
    as_text,
    is_text_beside_link,
    listed,
    text_in,
    text_of_nobodys_key,
    text_within,
)
from crawler.clean.listings.records import MOST_BESIDE, Listing, ListKind, Refused, listing_of
from crawler.clean.listings.texts import is_outline, is_remark, is_text, letters_of
from crawler.clean.listings.values import Broken, has_document, json_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from crawler.clean.exports import Link

_WRAPPERS = frozenset(
    {"content", "link", "article", "item", "data", "bookmark", "metadata", "meta"}
)
"""Keys of an inner object that is the outer one's: Karakeep keeps the address in `content`, and
Firecrawl in `metadata`."""

_BELOW = frozenset({"children", "blocks"})
"""Keys under which the paragraphs of notes lie, each an object: of SiYuan, Logseq, Roam, Notion."""

_MESSAGE, _SENT = "comm_msg_info", "datetime"
"""Where these lists say of a message when it was sent, beside its articles."""

_TELLING = {*ROLES["title"], *TEXTS}
_NO_OWN = {*TEXTS, *READ_MORE}
_SHORTEST_TEXT = 500  # characters
_KEYS = frozenset(key for keys in ROLES.values() for key in keys)
_SHOWN = 200  # characters of what is broken
_OTHER_SITE = re.compile(r"https?://", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")


class _Place(NamedTuple):
    """A value that is still to look at, and what stands above it."""

    value: Any
    account: str = ""
    date: str = ""
    above: Mapping[str, str] = {}
    key: str = ""  # under which it stands, as `plain` writes it; a remark's counts for all in it
    outlined: bool = False  # whether it lies below the children of something, as notes do
    told: bool = False  # whether a text that stands beside a link around it is told


def read_json(values: Iterable[Any]) -> Listing:
    """The links of values of JSON, whatever their shape.

    Raises TooLargeError for more than any list holds, and what taking a value raises.
    """
    # of each level what is still to look at
    places: list[Iterator[_Place]] = [(_Place(value) for value in values)]
    links: list[Link] = []
    refused: list[Refused] = []
    beside: list[str] = []
    texts = _Texts()
    while places:
        place = next(places[-1], None)
        if place is None:
            places.pop()
            continue
        if isinstance(place.value, str) and (inner := json_in(place.value)):
            place = place._replace(value=inner)
        if isinstance(place.value, Broken):
            refused.append(_refused(place.value))
            place = place._replace(value=place.value.text)
        if isinstance(place.value, dict):
            found, others, below = _of_object(place, len(links) + len(refused) + 1)
            refused += others
            beside += _links_beside(found, place.value) if found else []
            del beside[MOST_BESIDE:]
            if not found and texts.note_object(place):
                below = (one._replace(told=True) for one in below)
        elif isinstance(place.value, list):
            found, below = [], _items_of(place)
        else:
            found, below = _of_text(place, len(links) + 1), iter(())
            if not found:
                texts.note_value(place)
        links += found
        check_entries(links, refused)
        places.append(below)
    told = refused if links else []  # else it is no list of ours, whole or not
    elsewhere = texts.elsewhere
    listing = listing_of(ListKind.JSON, links, refused=told, elsewhere=elsewhere, beside=beside)
    return replace(listing, unplaced=texts.left(len(listing.links)))


@dataclass(slots=True)
class _Texts:
    """How many texts JSON holds that are not said of a link, and what tells whose they are."""

    elsewhere: int = 0  # links to other sites
    beside: int = 0  # a link in the same object
    alone: int = 0
    outlined: int = 0  # letters of paragraphs
    named: int = 0  # of these the letters of titles

    def note_object(self, place: _Place) -> bool:
        """Count the text of an object that has no link as its own; whether there is one."""
        is_asked = not place.told and not is_remark(place.key)
        is_beside = is_asked and is_text_beside_link(place.value)
        self.beside += is_beside
        return is_beside

    def note_value(self, place: _Place) -> None:
        """Count a value that is neither an object nor a list, and names no article."""
        self.elsewhere += _is_other_link(place.value)
        self.alone += not place.told and _is_text(place)
        letters = _letters_outlined(place)
        self.outlined += letters
        self.named += letters * (place.key in ROLES["title"])

    def left(self, links: int) -> int:
        """How many texts a list of so many links leaves, as far as they are no other site's."""
        alone = self.alone * (not self.elsewhere)
        # else they are the names of folders of bookmarks
        outlined = self.outlined - self.named * bool(self.elsewhere)
        return self.beside + alone or is_outline(outlined, links)


def _refused(broken: Broken) -> Refused:
    advice = "links alone were read of it; give the whole file"
    return Refused(
        number=broken.number, line=broken.text[:_SHOWN], why="is no whole JSON", advice=advice
    )


def _items_of(place: _Place) -> Iterator[_Place]:
    """The items of a list; a text in a row without names stands beside the first link of that."""
    text = ""
    if isinstance(place.value, list):
        text = next((words for item in place.value if (words := text_in(item, place.key))), "")
    for item in place.value:
        above: dict[str, str] = {}
        if text and isinstance(item, str) and article_links(item):
            above, text = {"text": text}, ""
        yield place._replace(value=item, above=above)


def _of_text(place: _Place, number: int) -> list[Link]:
    if not isinstance(place.value, str):
        return []
    values = {**place.above, "published": place.date}
    urls = article_links(place.value)
    found = [link_of(url, values, number, account=place.account) for url in urls]
    if cards := cards_in(place.value, number):
        return cards + found
    if found and is_text(place.key, place.value):
        found[0] = replace(found[0], left=True)
    return found


def _is_text(place: _Place) -> bool:
    """Whether a string is HTML as long as an article's; long words alone may be a message."""
    value = place.value
    return isinstance(value, str) and "</" in value and is_text(place.key, value)


def _letters_outlined(place: _Place) -> int:
    """How many letters of Chinese a paragraph of an outline has; of a remark none count."""
    if not place.outlined or is_remark(place.key) or not isinstance(place.value, str):
        return 0
    return letters_of(place.value)


def _is_other_link(value: Any) -> bool:
    return isinstance(value, str) and _OTHER_SITE.match(value) is not None


def _of_object(place: _Place, number: int) -> tuple[list[Link], list[Refused], Iterator[_Place]]:
    """The links that an object describes, what has none, and what is to be looked at inside it.

    Inside an article's that is the other articles of its message: its text may mention any.
    """
    if rows := rows_of(place.value):
        return [], [], _items_of(place._replace(value=rows))
    values = _texts_of(_of_reader(place.value))
    fresh = {key: value for key, value in values.items() if value and key in SAYING}
    said = {**place.above, **fresh}
    said.setdefault("published", place.date)
    columns = {**values, **_lists_of_links(place.value)}
    if text := text_of_nobodys_key(place.value):
        said.setdefault("text", text)
        columns.setdefault("text", text)
    own = own_links(columns, is_alone=bool(text) or not _holds_others(place.value))
    own = own or _only_link(place.value)
    account = _first(values, "account") or place.account
    above = place._replace(account=account, date=_sent_at(place.value) or place.date)
    if names_other_site(values.values()):  # a bookmark, say
        above = above._replace(outlined=False)
    if own:
        # (a list of paragraphs under that key says its first alone)
        said["text"] = max(said.get("text", ""), text_within(place.value), key=len)
        said |= {READ_APART: "as a document"} if has_document(place.value) else {}
        others = place.value.get(OTHERS)
        below = [above._replace(value=others, above={})] if isinstance(others, list) else []
        return links_of(own, said, number, account=place.account), [], iter(below)
    told = (Refused.of_link(one, number=number, line=one.line) for one in other_links(columns))
    inside = (
        inner
        for key, value in place.value.items()
        for inner in _inside(str(key), value, above, said)
    )
    return [], list(filter(None, told)), inside


def _only_link(entry: Mapping[str, Any]) -> list[str]:
    """The link of an object that has one under a key that nobody knows, beside a title or a text.

    None where it says what else it is, or mentions another in a few words.
    """
    values = _texts_of(entry)
    is_elsewhere = names_other_site(values.get(key, "") for key in ROLES["url"])
    if (
        is_elsewhere
        or has_own_column(values)
        or _holds_others(entry)
        or _TELLING.isdisjoint(values)
    ):
        return []
    unknown = [value for key, value in values.items() if key not in _NO_OWN and not is_remark(key)]
    short = (value for value in values.values() if len(value) < _SHORTEST_TEXT)
    named = {url for value in short for url in article_links(value)}
    return list(named) if len(named) == 1 and named.issubset(lone_links(unknown)) else []


def _links_beside(own: Iterable[Link], entry: Mapping[str, Any]) -> Iterator[str]:
    """The other links that stand anywhere in an article's object.

    But those to read more, and what the other articles of its message say, which is looked at next.
    """
    said = {link.url for link in own}
    values: list[tuple[str, Any]] = [("", {k: one for k, one in entry.items() if k != OTHERS})]
    while values:
        key, value = values.pop()
        if isinstance(value, dict):
            named = ((plain(str(inner)), one) for inner, one in value.items())
            values += (one for one in named if one[0] not in READ_MORE)
        elif isinstance(value, list):
            values += ((key, one) for one in value)
        elif isinstance(value, str):
            yield from (url for url in mentions_in([(key, value)]) if url not in said)


def _sent_at(entry: Mapping[str, Any]) -> str:
    told = entry.get(_MESSAGE)
    return as_text(told.get(_SENT)) if isinstance(told, dict) else ""


def _of_reader(entry: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item of a feed as readers export it, with address, text and feed where others have them.

    They write it as Google's did: FreshRSS, Inoreader, Tiny Tiny RSS.
    """
    places = [one for key in _ADDRESSES for one in _objects(entry.get(key))]
    own = [url for one in places for url in article_links(as_text(one.get("href")))]
    if not own or _ITEMS in entry or own_links(_texts_of(entry), is_alone=False):
        return entry
    texts = [as_text(one.get("content")) for key in _WORDS for one in _objects(entry.get(key))]
    feeds = [as_text(one.get("title")) for one in _objects(entry.get("origin"))]
    told = {"content": max(texts, key=len, default=""), "feed": "".join(feeds)}
    return {**entry, "url": "\n".join(own), **{key: said for key, said in told.items() if said}}


_ADDRESSES, _WORDS = ("canonical", "alternate"), ("content", "summary")
_ITEMS = "items"  # of the feed itself, which may name its place so as well


def _texts_of(entry: Mapping[str, Any]) -> dict[str, str]:
    return {plain(str(key)): as_text(value) for key, value in entry.items()}


def _holds_others(entry: Mapping[str, Any]) -> bool:
    """Whether objects, or lists of links, lie in one."""
    values = map(listed, entry.values())
    return any(
        isinstance(one, dict | list) or (len(several) > 1 and article_links(as_text(one)))
        for several in values
        for one in several
    )


def _objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a list, or the one that stands in its place."""
    return [one for one in listed(value) if isinstance(one, dict)]


def _lists_of_links(entry: Mapping[str, Any]) -> dict[str, str]:
    """Columns for links that hold several, as tables have them."""
    lists = {plain(str(key)): value for key, value in entry.items() if isinstance(value, list)}
    return {
        key: "\n".join(item for item in lists[key] if isinstance(item, str))
        for key in ROLES["url"]
        if key in lists
    }


def _inside(key: str, value: Any, place: _Place, said: Mapping[str, str]) -> Iterator[_Place]:
    """What stands under one key, and what the key says of it."""
    if not is_remark(place.key):
        place = place._replace(key=plain(key))
    if place.key in _BELOW:
        place = place._replace(outlined=True)
    if article_links(key):  # {address: title}, or {address: what is said of it}
        yield place._replace(value={"url": key, **_said_of_it(value)}, above={})
    elif isinstance(value, str) and _is_title(key) and article_links(value):
        yield place._replace(value=value, above={"title": key})  # {title: address}
    elif plain(key) in _WRAPPERS and isinstance(_opened(value), dict):
        yield place._replace(value=value, above=said)
    elif read_moment(key).date:
        yield place._replace(value=value, date=read_moment(key).date, above={})
    elif isinstance(value, dict | list) and _HAN.search(key) and plain(key) not in _KEYS:
        yield place._replace(value=value, account=key, above={})
    else:
        yield place._replace(value=value, above={})


def _said_of_it(value: Any) -> Mapping[str, Any]:
    """What stands under an article's address: what is said of it, its paragraphs, or its title."""
    if isinstance(value, dict):
        return value
    is_its_text = isinstance(value, list) and bool(text_in(value, ""))
    return {"paragraphs": value} if is_its_text else {"title": as_text(value)}


def _opened(value: Any) -> Any:
    """A value, or what JSON in it says, as data sets keep what belongs to a text."""
    return (json_in(value) if isinstance(value, str) else None) or value


def _is_title(key: str) -> bool:
    """Whether a key is rather a title than the name of a field."""
    return plain(key) not in _KEYS and (" " in key or _HAN.search(key) is not None)


def _first(values: Mapping[str, str], role: str) -> str:
    found = (values.get(key, "") for key in ROLES[role])
    return next((value for value in found if value and not _is_other_link(value)), "")
