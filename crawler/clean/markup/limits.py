"""What no real page comes near.

Such pages are refused, or their tags dropped, before they cost anything.

lexbor looks through the open elements at nearly every tag, so that its time grows with depth times
tags: 40,000 `<div>` take 1.9 s, `<ul><li>` the same, `<b c=1><b c=2>...` four times that; 40,000
attributes of one tag take 2.6 s. Measured with selectolax 0.4. Of 59 real pages the largest has 3.7
MB, 411 KB of markup, 3,076 tags, 138 open at once, and 20 attributes in one tag.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PAGE = 16_777_216  # bytes, as much as the fetcher takes
MAX_MARKUP = 2_000_000  # bytes
MAX_TAGS = 30_000
MAX_PIECES = 20_000  # between scripts, styles and comments
MAX_ATTRIBUTES = 100  # of one tag
MAX_WORK = 20_000_000  # tags times the most that are open at once; 20 ns each at worst
_FEW_TAGS = 4_000  # at worst 0.1 s, whatever they are

_TAG = re.compile(rb"<(/?)([a-zA-Z][^\s/>]*+)[^<>]*+")
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr".split(b" "),
)
# Shapes close themselves with `/>`; elements of HTML do not.
_SHAPES = frozenset(
    b"path rect circle ellipse line polygon polyline use stop image animate set".split(b" ")
)


def refuse_size(content: bytes) -> str:
    """Why a page is too large to look at, or the empty string."""
    if len(content) > MAX_PAGE:
        return f"the page has {len(content):,} bytes, more than {MAX_PAGE:,}"
    return ""


def refuse_pieces(count: int) -> str:
    """Why a page that falls into so many pieces is refused, or the empty string."""
    if count > MAX_PIECES:
        return f"the page has more than {MAX_PIECES:,} scripts and comments"
    return ""


def refuse_markup(markup: bytes) -> str:
    """Why a page's markup would take too long to parse, or the empty string. Takes linear time."""
    if len(markup) > MAX_MARKUP:
        return f"the page has {len(markup):,} bytes of markup, more than {MAX_MARKUP:,}"
    tags = markup.count(b"<")
    if tags > MAX_TAGS:
        return f"the page has {tags:,} tags, more than {MAX_TAGS:,}"
    if tags > _FEW_TAGS:
        most = max(_open_tags(markup), default=0)
        if most * tags > MAX_WORK:
            return f"the page has {tags:,} tags, of which {most:,} are open at once"
    return ""


def _open_tags(markup: bytes) -> Iterator[int]:
    """How many elements are open behind each tag.

    Never fewer than half of what a parser has open.
    """
    opened: dict[bytes, int] = {}
    total = 0
    for tag in _TAG.finditer(markup):
        name = tag[2].lower()
        if tag[1]:
            step = -1 if opened.get(name, 0) else 0
        else:
            step = 0 if name in _VOID or (name in _SHAPES and tag[0].endswith(b"/")) else 1
        opened[name] = opened.get(name, 0) + step
        total += step
        yield total
