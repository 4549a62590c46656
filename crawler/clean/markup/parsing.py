"""HTML -> a tree, unless that would take too long.

Here is where HTML is parsed that nobody has measured before: pieces that tools keep, texts that
scripts write, pages that are looked at a second time.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from crawler.clean.markup.cutting import cut_page
from crawler.clean.markup.limits import refuse_markup, refuse_size

_TAG = re.compile(rb"<[a-zA-Z][^<>]*+")
_DATA = re.compile(
    rb"(?i)(data:(?:[\w.+-]{1,40}/[\w.+-]{1,80})?(?:;[\w.+=-]{1,40}){0,4};base64,)[\w+/=%]++"
)


class Parsed(NamedTuple):
    """A tree, or why there is none."""

    tree: LexborHTMLParser | None
    refusal: str = ""


def parse_whole(content: bytes) -> Parsed:
    """Parse a page in UTF-8, or a piece of one, without its scripts, styles and comments.

    Pictures that stand in it themselves do not count: they are values, and cost nothing.
    """
    refusal = refuse_size(without_pictures(content))
    if refusal:
        return Parsed(None, refusal)
    cut = cut_page(content.replace(b"\0", b""))
    refusal = cut.refusal or refuse_markup(without_pictures(cut.markup))
    return Parsed(None, refusal) if refusal else Parsed(LexborHTMLParser(cut.markup))


def parse_text(text: str) -> Parsed:
    """Parse a piece of HTML that was decoded already."""
    return parse_whole(text.encode(errors="replace"))


def parse_fragment(text: str) -> Parsed:
    """Parse HTML that a tool made of a page, whose pictures may stand in it themselves."""
    return parse_whole(without_pictures(text.encode(errors="replace")))


def without_pictures(markup: bytes) -> bytes:
    """HTML less the pictures and recordings that its tags hold; a text that shows one stays."""
    if b";base64," not in markup:
        return markup
    return _TAG.sub(lambda tag: _DATA.sub(rb"\1", tag[0]), markup)


def less_pictures(markup: bytes) -> bytes:
    """HTML of very many bytes without those of its pictures and recordings; other as it is."""
    return without_pictures(markup) if refuse_size(markup) else markup
