"""What a text needs so that everybody can read it: whoever hears it, and whoever has no mouse.

Articles have headings of any level, links around nothing or around a picture without words, and
tables without a heading; a page that stands right passes axe-core, which names all these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_SHOWN = {"text", "code_inline", "formula", "image"}


class Heading(NamedTuple):
    """A heading of a text: its place in the page, its level there, from 2, and its words."""

    id: str
    level: int
    title: str


def make_accessible(tokens: Sequence[Token]) -> list[Heading]:
    """Change the tokens of a text in place; returns its headings, which can be led to then."""
    for token in tokens:
        if token.type == "inline":
            _name_links(token.children or [])
        elif token.type == "table_open":
            token.attrs["tabindex"] = "0"  # it may be wider than a phone
    _without_empty_headings(tokens)
    return list(_headings(tokens))


def _name_links(children: list[Token]) -> None:
    """Give a link the words of its address where nothing in it can be read."""
    named: dict[int, Token] = {}
    for start, end in _links(children):
        inside = children[start + 1 : end]
        if _words(inside):
            continue
        link = children[start]
        name = _text_like(link, _host(str(link.attrs.get("href", ""))))
        picture = next((token for token in inside if token.type == "image"), None)
        if picture:
            picture.children = [name]
        else:
            named[start] = name
    if named:
        both = ((token, named.get(place)) for place, token in enumerate(children))
        children[:] = [one for pair in both for one in pair if one]


def _links(children: Sequence[Token]) -> Iterator[tuple[int, int]]:
    start = -1
    for place, token in enumerate(children):
        if token.type == "link_open":
            start = place
        elif token.type == "link_close" and start >= 0:
            yield start, place


def _text_like(token: Token, content: str) -> Token:
    text = token.copy(type="text", tag="", nesting=0, attrs={}, content=content, meta={})
    text.children = None
    return text


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address


def _words(tokens: Sequence[Token]) -> str:
    """What of some tokens is read, pictures by what they say of themselves."""
    return "".join(token.content for token in tokens if token.type in _SHOWN).strip()


def _without_empty_headings(tokens: Sequence[Token]) -> None:
    """Make a plain paragraph, or cell, of each heading that says nothing."""
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type not in {"heading_open", "th_open"} or inline.type != "inline":
            continue
        if not _words(inline.children or []):
            plain = "p" if opening.type == "heading_open" else "td"
            opening.tag = closing.tag = plain


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Give headings their ids, and levels of which none is left out, below the title's."""
    opened = [
        (opening, inline, closing)
        for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if opening.type == "heading_open" and opening.tag != "p"
    ]
    ranks = sorted({opening.tag for opening, *_ in opened})
    before = 1
    for number, (opening, inline, closing) in enumerate(opened, 1):
        level = min(ranks.index(opening.tag) + 2, before + 1, 6)
        before = level
        opening.tag = closing.tag = f"h{level}"
        opening.attrs["id"] = f"section-{number}"
        yield Heading(f"section-{number}", level, _words(inline.children or []))
