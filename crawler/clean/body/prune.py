"""A body, pruned.

One walk over the article's container, from WeChat's nested decoration to a small tree.

Bodies nest sections and spans dozens deep (hostile ones tens of thousands), and nearly all of it is
decoration. The walk keeps its own stack, hands weight, slant, links and the like down to the texts,
and builds only what Markdown knows: paragraphs, headings, lists, quotes, tables, code, pictures.
What it leaves out is counted by rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.clean.body.builder import Context, Frame, TreeBuilder
from crawler.clean.body.code import is_styled_code, read_styled_code
from crawler.clean.body.elements import (
    BLOCKS,
    READERS,
    STYLES,
    read_background,
    read_inline,
    read_widget,
)
from crawler.clean.body.rules import CLASSES, ELEMENTS
from crawler.clean.body.styles import PLAIN, looks_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

    from crawler.clean.body.styles import Looks
    from crawler.clean.body.tree import Attributes, Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is left of a body.

    A small tree for markdownify, its pictures counted, and what was taken by which rule.
    """

    tree: Element
    image_count: int
    removed: Mapping[str, int]


_MAY_LIE_BEHIND = (
    "img, svg, video, iframe, [bgcolor], [background], [style*=background], [style*=border]"
)

_MAX_CLIMB = 200  # levels; real bodies nest some dozens deep

_ELEMENTS_WITH_CLASSES = frozenset(name for name, _ in CLASSES)


def prune_body(root: LexborNode, *, keeps_lines: bool = False) -> Body:
    """Walk over a container's children.

    The container's own style is not asked, for WeChat hides it until it loads.

    `keeps_lines`: line feeds in the text are line breaks.
    """
    builder = TreeBuilder(root.mem_id)
    backed = looks_of(root.attributes.get("style") or "").backed
    frames = [Frame(root.iter(include_text=True), Context(keeps_lines=keeps_lines, backed=backed))]
    while frames:
        children, context, close = frames[-1]
        node = next(children, None)
        if node is None:
            frames.pop()
            if close:
                close()
        elif (tag := node.tag or "") == "-text":
            builder.add_text(node.text_content or "", context)
        elif tag != "-comment":
            frame = _read_element(builder, node, tag, context)
            if frame:
                frames.append(frame)
    builder.finish()
    return Body(tree=builder.tree, image_count=builder.pictures, removed=+builder.removed)


def _read_element(
    builder: TreeBuilder, node: LexborNode, tag: str, context: Context
) -> Frame | None:
    """Take an element in; a frame, if its children are to be read."""
    attributes = node.attributes
    style = attributes.get("style")
    looks = looks_of(style) if style else PLAIN
    rule = (
        ELEMENTS.get(tag)
        or looks.hidden
        or (tag in _ELEMENTS_WITH_CLASSES and _dropped_class(tag, attributes))
    )
    # a drawing may unfold it
    if rule and not (rule == "hidden-no-size" and node.css_first("img, svg") is not None):
        builder.count(rule)
        return None
    if tag in STYLES:  # before its own style, which may take it back
        context = context._replace(style=context.style | STYLES[tag])
    if looks is not PLAIN:
        context = _under(builder, node, looks, context)
        if looks.monospaced and tag in BLOCKS and is_styled_code(node, looks):
            read_styled_code(builder, node, context)
            return None
    reader = READERS.get(tag)
    if reader:
        return reader(builder, node, attributes, context)
    return _read_plain(builder, node, tag, attributes, context)


def _read_plain(
    builder: TreeBuilder, node: LexborNode, tag: str, attributes: Attributes, context: Context
) -> Frame | None:
    """An element without a reader of its own: a card, a box, or a piece of a line."""
    if "-" in tag:
        return read_widget(builder, node, attributes, context)
    if tag in BLOCKS and "data-formula" not in attributes:
        return builder.group(node, context)
    return read_inline(builder, node, attributes, context)


def _under(builder: TreeBuilder, node: LexborNode, looks: Looks, context: Context) -> Context:
    """What an element of these looks hands down; a picture behind it is taken in on the way."""
    if looks.picture:
        read_background(builder, node, looks, context)
    context = context.under(looks)
    if looks.white and not context.backed and _may_lie_on_something(builder, node):
        return context._replace(backed=True)
    return context


def _may_lie_on_something(builder: TreeBuilder, node: LexborNode) -> bool:
    """Whether white text may lie over something in its part of the body.

    Editors lay words over pictures.

    Only where no picture, no drawing and nothing coloured is near is white text taken for text on
    white.
    """
    for _ in range(_MAX_CLIMB):
        parent = node.parent
        if parent is None or parent.mem_id == builder.root:
            break
        node = parent
    else:
        return True
    if node.mem_id not in builder.coloured:
        before = node.prev
        while before is not None and not before.is_element_node:
            before = before.prev
        near = [part for part in (node, before) if part is not None]
        builder.coloured[node.mem_id] = any(
            part.css_first(_MAY_LIE_BEHIND) is not None for part in near
        )
    return builder.coloured[node.mem_id]


def _dropped_class(tag: str, attributes: Attributes) -> str:
    classes = (attributes.get("class") or "").split()
    return next((CLASSES[tag, name] for name in classes if (tag, name) in CLASSES), "")
