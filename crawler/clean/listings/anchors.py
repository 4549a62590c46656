"""Links in HTML: bookmarks of browsers, any page that names articles; and OPML, of feeds."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.characters import on_one_line, unescaped
from crawler.clean.exports import Link
from crawler.clean.listings.fields import article_links, is_text, title_of_link
from crawler.clean.listings.limits import bounded, check_entries
from crawler.clean.listings.records import Listing, ListKind, Refused, listing_of
from crawler.links import each_link, find_links
from crawler.telling import counted
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

# Bookmarks are markup that no browser closes, and hold 100,000 items: they are read tag by tag.
# (notes of Evernote's in one file say in their own element where each is from)
_ANCHOR = re.compile(
    r"<(?:a\s|meta (?:itemprop|name)=\"source-url\" )(?P<attributes>[^<>]*+)>(?P<title>[^<]*+)",
    re.IGNORECASE,
)
_HREF = re.compile(
    r"(?:href|\Acontent)\s{0,9}=\s{0,9}(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s\"'>]++))",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"add_date\s{0,9}=\s{0,9}[\"']?(?P<added>[0-9]{1,17})", re.IGNORECASE | re.ASCII
)
_TAG = re.compile(r"<[^<>]*+>")
_PAGE, _HEAD = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE), 4096
_ROOT = re.compile(r"\s*+(?:<[?!][^<>]*+>\s*+)*+<[^<>]*+>")
_FEED_OF_OPML = re.compile(r"xmlurl\s{0,9}=", re.IGNORECASE)


def read_anchors(text: str) -> Listing:
    """The links of HTML, with the words that they stand behind.

    Raises TooLargeError for more than any list holds.
    """
    links: list[Link] = []
    refused: list[Refused] = []
    elsewhere, is_any_broken = 0, False
    first, last = len(text), 0  # where the anchors of articles begin, and where they end
    for number, anchor in enumerate(_ANCHOR.finditer(text), start=1):
        href = _href(anchor["attributes"])
        found = article_links(href)
        links += [_link(url, anchor, number) for url in found[:1]]
        if found:
            first, last = min(first, anchor.start()), anchor.end()
        line = on_one_line(anchor[0])[:500]
        named = find_links(href)
        is_any_broken = is_any_broken or any(one.why for one in named)
        told = (Refused.of_link(one, number=number, line=line) for one in named)
        broken = list(filter(None, told))
        refused += broken
        check_entries(links, refused)
        elsewhere += not found and not broken and href.lower().startswith("http")
    has_notes = _NOTES.search(text, 0, _HEAD) and _say_their_source(text)
    if not links and not is_any_broken:
        links = list(_bare(text))
        if not has_notes and _names_source(text, links) and is_text("", _TAG.sub("", text)):
            links[0] = replace(links[0], left=True)
    elif not has_notes and len({link.url for link in links}) == 1 and _is_source(text, first, last):
        links[0] = replace(links[0], left=True)
    return listing_of(ListKind.HTML, links, refused=refused, elsewhere=elsewhere)


def _names_source(text: str, links: list[Link]) -> bool:
    """Whether XML names the article that its text is of: no other, or that of its first element."""
    if not links or _PAGE.search(text, 0, _HEAD):
        return False
    root = _ROOT.match(text)
    return len(links) == 1 or bool(root and article_links(unescaped(root[0])))


def _is_source(text: str, first: int, last: int) -> bool:
    """Whether the only article that HTML names is the one whose text it holds.

    Tools write it above the text or below, a text that mentions it does so anywhere: between
    `first` and `last` stand the links to it.
    """
    if _BOOKMARKS.search(text, 0, _HEAD):
        return False
    above, below = _words(text[:first]), _words(text[last:])
    return min(len(above), len(below)) <= _BESIDE and is_text("", above + below)


def _say_their_source(notes: str) -> bool:
    """Whether any of Evernote's notes says that it is from WeChat: such are read as documents."""
    return any(HOST in source for source in _SOURCES.findall(notes))


def _words(html: str) -> str:
    return "".join(_TAG.sub("", _UNSEEN.sub("", html)).split())


_NOTES = re.compile(r"<en-export\b", re.IGNORECASE)
_SOURCES = re.compile(r"<source-url>([^<]*+)")
_BOOKMARKS = re.compile(r"netscape-bookmark", re.IGNORECASE)
_UNSEEN = re.compile(
    r"<(?P<name>script|style|head|title)\b(?:[^<]|<(?!/(?P=name)))*+(?:</|\Z)", re.IGNORECASE
)
_BESIDE = 300  # characters: a title, an author and a day


def _href(attributes: str) -> str:
    found = _HREF.search(attributes)
    return unescaped(next(filter(None, found.groups()), "")) if found else ""


def _link(url: str, anchor: re.Match[str], number: int) -> Link:
    added = _ADDED.search(anchor["attributes"])
    saved = added["added"] if added else ""
    return Link(
        url=url,
        title=title_of_link(unescaped(anchor["title"])),
        saved=saved,
        number=number,
    )


def _bare(text: str) -> Iterator[Link]:
    """Links that stand in no anchor."""
    for found in bounded(each_link(text)):
        if found.link:
            yield Link(url=found.link, number=found.number)


def read_opml(text: str) -> Listing:
    """OPML: what it names are feeds, which list articles themselves."""
    links = list(_bare(text))
    if links:
        found = bounded(each_link(text))
        told = (Refused.of_link(one, number=one.number, line=one.line[:500]) for one in found)
        return listing_of(ListKind.OPML, links, refused=filter(None, told))
    feeds = counted(len(_FEED_OF_OPML.findall(text)), "feed")
    problem = f"names {feeds}, not articles"
    return Listing(kind=ListKind.OPML, problem=problem)
