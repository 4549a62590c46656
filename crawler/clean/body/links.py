"""Where the links of a body lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.body.cards import WidgetLine
from crawler.clean.body.context import Frame
from crawler.clean.body.mirrors import mirrored_link
from crawler.clean.body.players import say_lines
from crawler.clean.markdown import safe_address
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import TreeBuilder
    from crawler.clean.body.context import Context
    from crawler.clean.body.tree import Attributes

_SHOWS = "img, image, video, audio, iframe, canvas, [style*='background']"
_MOST_SHAPES = 60  # nodes
_LAID = re.compile(r"position\s*:\s*(?:absolute|fixed)", re.IGNORECASE)


def address_of(attributes: Attributes) -> str:
    """Where a link leads; "" where it leads nowhere.

    Where a script follows it, its address stands beside.
    """
    href = attributes.get("href") or attributes.get("xlink:href") or ""
    beside = attributes.get("data-href") or attributes.get("data-link") or ""
    return safe_address(href) or mirrored_link(href) or safe_address(beside)


def _is_area(link: LexborNode, attributes: Attributes, context: Context) -> bool:
    """Whether a link is a place to tap, which lies over a picture and has nothing of its own.

    One that takes no room, as editors leave them, is none.
    """
    if context.unseen or context.hides_words or _may_hold_words(link):
        return False
    is_laid = _LAID.search(attributes.get("style") or "") is not None
    takes_room = is_laid or context.in_svg or link.css_first("svg") is not None
    return takes_room and link.css_first(_SHOWS) is None


def _may_hold_words(link: LexborNode) -> bool:
    """Whether a link holds words, or so much that it is no place to tap; links may be nested."""
    for seen, inner in enumerate(link.traverse(include_text=True)):
        if seen > _MOST_SHAPES or (inner.tag == "-text" and (inner.text_content or "").strip()):
            return True
    return False


def addresses_in(node: LexborNode) -> Iterator[str]:
    """Where the links in an element lead, of those that lead anywhere."""
    return filter(None, (address_of(link.attributes) for link in node.css("a")))


def read_link(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """A link, for what stands in it; one to an article that has nothing in it is a line."""
    href = attributes.get("href") or ""
    address = address_of(attributes)
    if href and not address and not href.startswith("#"):
        builder.count("link-unsafe")
    if HOST in address and _is_area(node, attributes, context):
        say_lines(builder, [WidgetLine("链接", address)])
        return None
    return Frame(node.iter(include_text=True), context._replace(href=address or context.href))
