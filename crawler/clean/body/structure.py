"""How headings, lists, quotes and tables are read into the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.clean.body.builder import Frame
from crawler.clean.body.tables import is_layout
from crawler.clean.body.tree import Element

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import Context, Draft
    from crawler.clean.body.tree import Attributes


def read_heading(
    draft: Draft, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    """A heading; whether it is one is known when it was read."""
    close = draft.begin_heading(int((node.tag or "h2")[1]))
    return Frame(node.iter(include_text=True), context, close)


def read_list(draft: Draft, node: LexborNode, attributes: Attributes, context: Context) -> Frame:
    """A list."""
    return draft.open(node, context, Element(node.tag or "ul", start=attributes.get("start") or ""))


def read_item(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    """An item; without a list around it, a paragraph."""
    if draft.into.name not in ("ul", "ol"):
        return draft.group(node, context)
    return draft.open(node, context, Element("li"))


def read_quote(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    """A quote."""
    return draft.open(node, context, Element("blockquote"))


def read_table(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    """A table of data; one that only lays out is what stands in it."""
    if draft.cells or is_layout(node):
        return draft.group(node, context)
    return draft.open(node, context, Element("table"))


def read_row(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    """A row."""
    if draft.into.name != "table":
        return draft.group(node, context)
    return draft.open(node, context, Element("tr"))


def read_cell(draft: Draft, node: LexborNode, attributes: Attributes, context: Context) -> Frame:
    """A cell."""
    if draft.into.name != "tr":
        return draft.group(node, context)
    spans = {name: attributes.get(name) or "" for name in ("colspan", "rowspan")}
    return draft.open(node, context, Element("td", **spans))
