"""Where the links of a body lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.clean.body.mirrors import mirrored_link
from crawler.clean.markdown import safe_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from crawler.clean.body.tree import Attributes


def address_of(attributes: Attributes) -> str:
    """Where a link leads; "" where it leads nowhere.

    Where a script follows it, its address stands beside.
    """
    href = attributes.get("href") or ""
    beside = attributes.get("data-href") or attributes.get("data-link") or ""
    return safe_address(href) or mirrored_link(href) or safe_address(beside)


def addresses_in(node: LexborNode) -> Iterator[str]:
    """Where the links in an element lead, of those that lead anywhere."""
    return filter(None, (address_of(link.attributes) for link in node.css("a")))
