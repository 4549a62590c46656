"""Links in XML of any tool: what lies in one element is said of one article, as in a row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crawler.characters import LOST, named_in, unescaped
from crawler.clean.listings.anchors import read_anchors
from crawler.clean.listings.fields import SAYING, TEXTS, links_of, other_links, own_links, plain
from crawler.clean.listings.limits import MAX_SIGNS, check_entries, check_signs
from crawler.clean.listings.records import Listing, ListKind, Refused, listing_of
from crawler.clean.listings.texts import is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.clean.exports import Link

_END = "]]>"  # of a section whose words are no markup
_TAG = re.compile(
    r"<(?:!\[CDATA\[|(?P<end>/?)(?P<name>[\w:.-]++)(?P<attributes>[^<>]*+)>(?P<text>[^<]*+))"
)
_NAMED = re.compile(r"\sname=\"([^\"<>]{1,60})\"")  # as databases call a column
_OF_OTHERS = re.compile(r"<(?:!doctype\s+html|html|en-export)\b", re.IGNORECASE)
"""What begins pages, and Evernote's notes, whose links stand in anchors."""
_HEAD = 4096
_MOST_WITHIN = 100  # elements within one another
_SAYING = SAYING - {"domainname"}  # by which wallabag's JSON is known, which is read as documents
_NAMES = _SAYING - {*TEXTS}
_MOST_PIECES = 100
_LONGEST = 2000  # characters of what an element says: whether it is a text, and no more of it
_BARE = re.compile(
    rb"(?P<words><!\[CDATA\[(?:[^\]]++|\](?!\]>))*+)"
    rb"|&(?!(?:[a-z_:][\w.:-]{0,99}|#[0-9]{1,9}|#x[0-9a-f]{1,9});)",
    re.IGNORECASE,
)
_SHIFTED = ("hz", "iso2022_jp")  # in which the byte of `&` may be half a letter


def with_bare_signs_escaped(content: bytes) -> bytes:
    """XML in which each `&` that a careless tool left bare is escaped, as in words or addresses.

    Its readers make a character of what follows, so that `R&D` were `R&D;`, and `&mid=` were `∣=`.
    Numbers that are no character, over which they break, are put right, too.
    Raises TooLargeError for more than any feed has.
    """
    content = _NO_BASE.sub(b"", _NUMBERS.sub(_as_characters, content))
    escaped, count = _BARE.subn(_escaped, content, MAX_SIGNS + 1)
    check_signs(count)
    return content if named_in(content) in _SHIFTED else escaped


def _escaped(found: re.Match[bytes]) -> bytes:
    return found["words"] or b"&amp;"


_NUMBERS = re.compile(rb"(?:&#(?:[xX][0-9a-fA-F]{1,8}+|[0-9]{1,10}+);)++")
_NO_BASE = re.compile(  # of an address with a bracket nobody can make another one
    rb"\sxml:base\s{0,9}=\s{0,9}(?:\"[^\"<\[]{0,200}\[[^\"<]{0,200}\"|'[^'<\[]{0,200}\[[^'<]{0,200}')"
)


def _as_characters(found: re.Match[bytes]) -> bytes:
    """A run of references, where two numbers are one sign (Java and JavaScript count so)."""
    written = found[0].decode("ascii")[2:-1].split(";&#")
    numbers = [int(one[1:], 16) if one[0] in "xX" else int(one) for one in written]
    if not any(number in _HALVES or number > _LAST for number in numbers):
        return found[0]
    signs = "".join(chr(number) if number <= _LAST else LOST for number in numbers)
    whole = signs.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return "".join(f"&#{ord(sign)};" for sign in whole).encode()


_HALVES = range(0xD800, 0xE000)
_LAST = 0x10FFFF


class _Open(NamedTuple):
    """An element that is not closed yet, with what lies in it, and where texts among that stand."""

    start: int
    name: str
    key: str
    words: list[str]
    within: dict[str, str]
    texts: list[tuple[int, int]]


def read_elements(text: str) -> Listing | None:
    """The links of XML, with what stands beside each; None where it is none, or names none so.

    What stands elsewhere is found as in any page, but for what the texts of articles link to.
    Raises TooLargeError for more than any list holds.
    """
    if text[:_HEAD].lstrip()[:5].lower() != "<?xml" or _OF_OTHERS.search(text, 0, _HEAD):
        return None
    links: list[Link] = []
    refused: list[Refused] = []
    texts: list[tuple[int, int]] = []
    for number, entry in enumerate(_entries(text), start=1):
        values = entry.within
        own = own_links(values)
        texts += entry.texts if own else []
        links += links_of(own, values, number)
        others = [] if own else other_links(values)
        told = (Refused.of_link(one, number=number, line=one.line) for one in others)
        refused += filter(None, told)
        check_entries(links, refused)
    if not links:
        return None
    beside = read_anchors(_without(texts, text))
    links += beside.links
    refused += beside.refused
    return listing_of(ListKind.HTML, links, refused=refused, elsewhere=beside.elsewhere)


def _without(places: list[tuple[int, int]], text: str) -> str:
    """The text less what stands at these places, of which none lies in another."""
    parts, index = [], 0
    for start, end in sorted(places):
        parts.append(text[index:start])
        index = end
    return "".join([*parts, text[index:]])


def _entries(text: str) -> Iterator[_Open]:
    """Each element that holds others, with what the words in these say, under plain names."""
    around: list[_Open] = []
    place = 0
    while len(around) <= _MOST_WITHIN and (tag := _TAG.search(text, place)):
        place = tag.end()
        if tag["name"] is None:
            end = text.find(_END, place)
            end = len(text) if end < 0 else end
            if around:
                around[-1].words.append(text[place : min(end, place + _LONGEST)])
            place = end + len(_END)
        elif not tag["end"] and not tag["attributes"].endswith("/"):
            named = _NAMED.search(tag["attributes"])
            key = named[1] if named else tag["name"]
            words = [unescaped(tag["text"][:_LONGEST])]
            around.append(_Open(tag.start(), tag["name"], key, words, {}, []))
        elif tag["end"] and around and around[-1].name == tag["name"]:
            closed = around.pop()
            if closed.within:
                yield closed
            elif around:
                _note(closed, around[-1], place)


def _note(closed: _Open, around: _Open, end: int) -> None:
    """Let an element, which ends here, say what it does in that around it."""
    key, said = plain(closed.key), "".join(closed.words).strip()
    is_long = key in TEXTS or is_text(key, said)
    if is_long or key in _SAYING:
        around.within.setdefault(key, said)
    elif plain(around.key) not in _NAMES and len(around.words) < _MOST_PIECES:
        around.words.append(said)  # a paragraph of a text, perhaps
    if is_long:
        around.texts.append((closed.start, end))
