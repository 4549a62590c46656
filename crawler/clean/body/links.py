"""Where the links of a body lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.clean.markdown import safe_address

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.body.tree import Attributes


def address_of(attributes: Attributes) -> str:
    """Where a link leads; "" where it leads nowhere.

    Where a script follows it, its address stands beside.
    """
    beside = attributes.get("data-href") or attributes.get("data-link") or ""
    return safe_address(attributes.get("href") or "") or safe_address(beside)


def address_in(node: LexborNode) -> str:
    """Where the first link in an element leads that leads anywhere; "" where none does."""
    return next(filter(None, (address_of(link.attributes) for link in node.css("a"))), "")
