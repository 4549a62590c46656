"""Links in HTML: bookmarks of browsers, and any page that names articles."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from crawler.characters import on_one_line, unescaped
from crawler.clean.exports import Link
from crawler.clean.listings.fields import article_links, title_of_link
from crawler.clean.listings.limits import bounded, check_entries
from crawler.clean.listings.records import Listing, ListKind, Refused, listing_of
from crawler.clean.listings.texts import (
    is_more_than_a_list,
    is_more_than_an_entry,
    is_part_of_text,
    is_text,
    letters_of,
)
from crawler.links import each_link, find_links
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
_CLOSED = re.compile(r"</a\b", re.IGNORECASE)  # what stands before it are words of its anchor
_MARKS = "em|strong|b|i|u|mark|font|code|sub|sup"
_INSIDE = re.compile(
    rf"(?:[^<]++|</?(?:{_MARKS}|span|small|h[1-6])\b[^<>]*+>)*+", re.IGNORECASE | re.ASCII
)
_MARKED = re.compile(
    rf"<(?P<mark>{_MARKS})\b[^<>]*+>(?P<words>[^<]*+)</(?P=mark)>", re.IGNORECASE | re.ASCII
)
_APART = re.compile(  # and not what a search found
    r"\s<(?:span|small|h[1-6])\b(?![^<>]*(?:\bhit|light|mark|match|key|color))", re.IGNORECASE
)
_MOST_INSIDE = 2000  # characters of an anchor
_TAG = re.compile(r"<[^<>]*+>")
_PAGE, _HEAD = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE), 4096
_ROOT = re.compile(r"\s*+(?:<[?!][^<>]*+>\s*+)*+<[^<>]*+>")


def read_anchors(text: str) -> Listing:
    """The links of HTML, with the words that they stand behind.

    Raises TooLargeError for more than any list holds.
    """
    links: list[Link] = []
    refused: list[Refused] = []
    elsewhere, is_any_broken = 0, False
    places: list[tuple[int, int]] = []  # of the anchors of articles
    for number, anchor in enumerate(_ANCHOR.finditer(text), start=1):
        href = _href(anchor["attributes"])
        found = article_links(href)
        if found:
            is_again = bool(links) and links[-1].url == found[0]
            if is_again:  # unless the text of that article stands between
                is_again = not is_part_of_text(words_of_html(text[places[-1][1] : anchor.start()]))
            start = places.pop()[0] if is_again else anchor.start()
            places.append((start, anchor.end()))
        links += [_link(url, anchor, number) for url in found[:1]]
        line = on_one_line(anchor[0])[:500]
        named = find_links(href)
        is_any_broken = is_any_broken or any(one.why for one in named)
        told = (Refused.of_link(one, number=number, line=line) for one in named)
        broken = list(filter(None, told))
        refused += broken
        check_entries(links, refused)
        elsewhere += not found and not broken and href.lower().startswith("http")
    is_of_notes = _NOTES.search(text, 0, _HEAD) is not None
    outside = _beside if links or is_any_broken else _bare
    links += bounded(outside(text))
    check_entries(links, refused)
    left = _left_in_notes(text) if is_of_notes else set()
    has_notes = bool(left) or (is_of_notes and _say_their_source(text))
    if links and not has_notes and _holds_text(text, links, places):
        left = {links[0].url}
    links = [replace(link, left=True) if link.url in left else link for link in links]
    return listing_of(ListKind.HTML, links, refused=refused, elsewhere=elsewhere)


def _holds_text(text: str, links: list[Link], places: list[tuple[int, int]]) -> bool:
    """Whether HTML holds the text of an article that it names, in anchors at `places` or none."""
    if _BOOKMARKS.search(text, 0, _HEAD):
        return False
    if places and _holds_its_text(_between(text, places)):
        return True
    if not places and _stands_beside(text, links):
        return True
    return _says_whose(_BARE.split(_TAG.sub(" ", text)))


def _stands_beside(text: str, links: list[Link]) -> bool:
    """Whether a text stands beside links that are no anchors, and one of them is its own.

    XML names that as its only one, or in its first element; a page may show none of its links, and
    name its only one in its head, in an attribute, or in a script.
    """
    if not _PAGE.search(text, 0, _HEAD):
        root = _ROOT.match(text)
        is_named = len(links) == 1 or bool(root and article_links(unescaped(root[0])))
        if is_named and is_text("", _TAG.sub("", text)):
            return True
    text = _UNSEEN.sub(" ", text)
    between = list(map(_folded, _BARE.split(_TAG.sub(" ", text))))
    if len(between) == 1 and len({link.url for link in links}) == 1:
        return is_text("", between[0])
    if len(between) == 1:  # each in an attribute
        between = [_folded(_TAG.sub(" ", piece)) for piece in _between_tags(text)]
    return _holds_its_text(between)


def _between_tags(text: str) -> Iterator[str]:
    """What stands before, between and behind the elements that name WeChat."""
    end = 0
    for tag in _TAG.finditer(text):
        if HOST in tag[0]:
            yield text[end : tag.start()]
            end = tag.end()
    yield text[end:]


def _between(text: str, places: list[tuple[int, int]]) -> list[str]:
    """The words before, between and behind the anchors that stand at these places."""
    ends = [(0, 0), *places, (len(text), len(text))]
    return [words_of_html(text[start:end]) for (_, start), (end, _) in pairwise(ends)]


def _holds_its_text(between: list[str]) -> bool:
    """Whether HTML holds the text of an article that it names; `between` stands around its links.

    Tools write its only one, or one of several, above the text or below; a text that mentions
    articles does so anywhere, and in a list stands no text between two. In a chat stand others
    around it, too, but it ends in words that say whose the link is.
    """
    if len(between) < 2:
        return False
    if _says_whose(between):
        return True
    if len(between) == 2:
        head, tail = between
        is_at_edge = min(len(head), len(tail)) <= _BESIDE
        return is_at_edge and is_text("", f"{head[:_AT_ONCE]} {tail[:_AT_ONCE]}")
    told = [_said(words) for words in between]
    above, first, before, below = told[0], told[1], told[-2], told[-1]
    is_above = above.size <= _BESIDE and (first.size > _DIGEST or above.labels)
    is_below = below.size <= _BESIDE and (before.size > _DIGEST or before.labels)
    its = takewhile(lambda one: not one.labels, told[1:])
    if is_above and above.labels and is_more_than_a_list([one.letters for one in its]):
        return True
    return (is_above or is_below) and any(one.is_text for one in told)


def _says_whose(between: list[str]) -> bool:
    """Whether a text ends in words that say that the link behind it is its own.

    It may mention others, between which are fewer words than those of any text.
    """
    letters: list[int] = []
    for told in map(_said, between[:-1]):
        letters.append(told.letters)
        if told.labels and (told.is_text or is_more_than_a_list(letters)):
            return True
        if told.labels:
            letters = []
    return False


class _Words(NamedTuple):
    """What stands between two links."""

    size: int
    letters: int
    labels: bool  # whether it says that the link behind it is the text's own

    @property
    def is_text(self) -> bool:
        """Whether they are more than what a list says of a link."""
        return is_more_than_an_entry(self.letters)


def _said(words: str) -> _Words:
    begin, end = (part.replace(" ", "") for part in (words[:_AT_ONCE], words[-_BESIDE:]))
    return _Words(len(begin), letters_of(words), LABEL.search(end) is not None)


def _say_their_source(notes: str) -> bool:
    """Whether any of Evernote's notes says that it is from WeChat: such are read as documents."""
    return any(HOST in source for source in _SOURCES.findall(notes))


def _left_in_notes(notes: str) -> set[str]:
    """The links of those of Evernote's notes that hold a text and do not say its source."""
    left: set[str] = set()
    for note in notes.split("<note>")[1:]:
        source = _SOURCES.search(note)
        if HOST in note and not (source and article_links(unescaped(source[1]))):
            left.update(link.url for link in read_anchors(note).links if link.left)
    return left


def words_of_html(html: str) -> str:
    """What HTML says, on one line; nothing of its head, its styles and its scripts."""
    return _folded(_TAG.sub("", _UNSEEN.sub("", html)))


def _folded(words: str) -> str:
    """Words with single spaces between; so many at a time, for each takes 50 bytes by itself."""
    starts = range(0, len(words), _AT_ONCE)
    pieces = (" ".join(words[start : start + _AT_ONCE].split()) for start in starts)
    return " ".join(filter(None, pieces))


_NOTES = re.compile(r"<en-export\b", re.IGNORECASE)
_SOURCES = re.compile(r"<source-url>([^<]*+)")
_BARE = re.compile(rf"(?:https?:)?(?://)?{re.escape(HOST)}/[!-~]*+", re.IGNORECASE)
_BOOKMARKS = re.compile(r"netscape-bookmark", re.IGNORECASE)
_UNSEEN = re.compile(
    r"<(?P<name>script|style|head|title)\b(?:[^<]|<(?!/(?P=name)))*+(?:</|\Z)", re.IGNORECASE
)
LABEL = re.compile(  # (that of a picture, of figures, of a part is not that of the text)
    r"(?:原文(?:链接|地址|出处)?|(?<![片图频据料材考用分])(?:来源|出处)|转自|source)[:：]?\Z",
    re.IGNORECASE,
)
_AT_ONCE = 1 << 16  # characters
_BESIDE = 300  # characters: a title, an author and a day
_DIGEST = 150  # characters that a list says of an article, behind its link


def _href(attributes: str) -> str:
    found = _HREF.search(attributes)
    return unescaped(next(filter(None, found.groups()), "")) if found else ""


def _link(url: str, anchor: re.Match[str], number: int) -> Link:
    added = _ADDED.search(anchor["attributes"])
    saved = added["added"] if added else ""
    return Link(
        url=url,
        title=title_of_link(unescaped(_title(anchor))),
        saved=saved,
        number=number,
    )


def _title(anchor: re.Match[str]) -> str:
    """The words of an anchor: of several elements in it each may say something else.

    What a search found, or an author emphasised, stands in elements within its words; behind a
    space an account may.
    """
    start = anchor.start("title")
    found = _INSIDE.match(anchor.string, start, start + _MOST_INSIDE)
    if not found or not _CLOSED.match(anchor.string, found.end()):
        return anchor["title"]
    inner: str = found[0]
    said = [words for words in _TAG.split(inner) if words.strip()]
    if len(said) == 1:
        return said[0]
    words = inner
    if _MARKED.sub("", inner).strip():
        words = _MARKED.sub(r"\g<words>", inner)
    pieces = _TAG.split(_APART.split(words, maxsplit=1)[0])
    return "".join(pieces) if pieces[0].strip() and pieces[-1].strip() else pieces[0]


def _beside(text: str) -> Iterator[Link]:
    """Links that stand in no anchor of an article, but beside some.

    Sites that lead to others through an address of their own say where to in words.
    """
    end = 0
    for anchor in _ANCHOR.finditer(text):
        href = _href(anchor["attributes"])
        if HOST in href or article_links(href):
            yield from _bare(_outside(text[end : anchor.start()], is_first=not end))
            end = anchor.end()
    yield from _bare(_outside(text[end:], is_first=not end))


def _outside(piece: str, *, is_first: bool) -> str:
    """What stands before the first anchor of an article, or behind the words of one."""
    return piece if is_first else _CLOSED.split(piece, maxsplit=1)[-1]


def _bare(text: str) -> Iterator[Link]:
    """Links that stand in no anchor."""
    for found in bounded(each_link(text)):
        if found.link:
            yield Link(url=found.link, number=found.number)
