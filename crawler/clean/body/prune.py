"""A body, pruned.

One walk over the article's container, from WeChat's nested decoration to a small tree.

Bodies nest sections and spans dozens deep (hostile ones tens of thousands), and nearly all of it is
decoration. The walk keeps its own stack, hands weight, slant, links and the like down to the texts,
and builds only what Markdown knows: paragraphs, headings, lists, quotes, tables, code, pictures.
What it leaves out is counted by rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from crawler.clean.body.boxes import BLOCKS, INLINE, PARTS, lined, read_beside, read_box
from crawler.clean.body.builder import TreeBuilder
from crawler.clean.body.code import has_lines_of_code, is_styled_code, read_styled_code
from crawler.clean.body.context import Context, Frame
from crawler.clean.body.elements import (
    READERS,
    STYLES,
    is_drawn_formula,
    is_formula,
    read_background,
    read_drawn_formula,
    read_formula,
    read_widget,
)
from crawler.clean.body.headings import HEADINGS
from crawler.clean.body.hiding import hides_element, is_zero
from crawler.clean.body.players import drawn_player, read_player
from crawler.clean.body.rules import rule_against
from crawler.clean.body.styles import PLAIN, looks_of
from crawler.clean.body.widgets import widget_of
from crawler.clean.markdown import BOLD

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
    "img, svg, video, iframe, mark, [bgcolor], [background], [style*=background], [style*=border]"
)

_WHOLES = frozenset({"table", "tr", "ul", "ol"})

_MAX_CLIMB = 200  # levels; real bodies nest some dozens deep

CONTAINER = "js_content"
_BY_SCRIPT = frozenset({"hidden-display", "hidden-opacity"})
_RECORDINGS = frozenset({"mpvoice", "mp-common-mpaudio", "mp-common-claudio"})
_MAY_UNFOLD = frozenset({"hidden-no-size", "hidden-opacity"})


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
    # WeChat hides the container itself until it loads; a tool may have put one into another
    looks = looks_of(style) if style and attributes.get("id") != CONTAINER else PLAIN
    rule = rule_against(builder, node, tag, attributes, looks)
    player = None if rule else drawn_player(tag, attributes)
    if player:
        return read_player(builder, node, player, context)
    rule = rule or _hidden(node, tag, looks, context)
    if rule:
        builder.count(rule)
        return None
    around = context
    context = _for_tag(tag, attributes, context)
    lazy = attributes.get("data-lazy-bgimg") or ""
    if looks is not PLAIN or lazy:
        context = _under(builder, node, looks, lazy, context)
    if looks.monospaced and _may_be_code(builder, tag) and is_styled_code(builder, node, looks):
        read_styled_code(builder, node, context)
        return None
    reader = READERS.get(tag)
    if reader:
        if tag in INLINE and (around.in_row or around.in_stack):
            read = partial(reader, builder, node, attributes, context)
            return read_beside(builder, node, looks, around, read)
        frame = reader(builder, node, attributes, context)
        if frame and tag == "li" and looks.monospaced and has_lines_of_code(builder, node, looks):
            read_styled_code(builder, node, context)
            return frame._replace(children=iter(()))
        return lined(builder, frame) if frame and tag == "a" and looks.is_block else frame
    if "-" in tag or tag.startswith("mp"):
        frame = read_widget(builder, node, attributes, context)
        return lined(builder, frame) if frame and looks.is_block else frame
    if _is_any_formula(attributes, context):
        return _read_any_formula(builder, node, attributes, context)
    return read_box(builder, node, looks, context, around=around)


def _is_any_formula(attributes: Attributes, context: Context) -> bool:
    return is_formula(attributes) or (context.in_svg and is_drawn_formula(attributes))


def _read_any_formula(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """A formula by what it says, or of which only the drawing is there."""
    if is_formula(attributes):
        return read_formula(builder, node, attributes, context)
    read_drawn_formula(builder, context)
    return None


def _may_be_code(builder: TreeBuilder, tag: str) -> bool:
    """Whether an element may be a block of code: a piece of a table or a list that is none, too."""
    return tag in BLOCKS and not (tag in PARTS and builder.into.name in _WHOLES)


def _hidden(node: LexborNode, tag: str, looks: Looks, around: Context) -> str:
    """The rule by which a style hides an element; a drawing in it may unfold it, or fade it in."""
    if not looks.hidden or (looks.hidden in _BY_SCRIPT and _is_player(tag, node)):
        return ""
    is_boxed = looks.floats or looks.is_lifted or around.in_row or around.in_stack
    if not hides_element(looks.hidden, tag, looks.display, is_boxed=is_boxed):
        return ""
    if looks.hidden in _MAY_UNFOLD and node.css_first("img, svg, animate, set") is not None:
        return ""
    if looks.hidden == "hidden-display" and _changes(node, "display"):
        return ""
    return looks.hidden


def _is_player(tag: str, node: LexborNode) -> bool:
    """Whether an element is a player: WeChat's own script hides it until it has loaded."""
    widget = widget_of(tag, node.attributes) if tag == "iframe" else None
    return tag in _RECORDINGS or (widget is not None and widget.id == "widget-video")


def _changes(node: LexborNode, name: str) -> bool:
    """Whether a drawing changes this property of an element, as once a reader touches it."""
    return any(
        child.tag in ("set", "animate") and child.attributes.get("attributeName") == name
        for child in node.iter()
    )


def _for_tag(tag: str, attributes: Attributes, context: Context) -> Context:
    """What an element hands down by its name, before its own style, which may take it back."""
    if context.in_row or context.in_stack:
        context = context._replace(in_row=False, in_stack=False)
    if tag in STYLES:
        bold = context.looks_bold or STYLES[tag] == BOLD
        context = context._replace(style=context.style | STYLES[tag], looks_bold=bold)
    elif tag == "font" and "size" in attributes:
        context = context._replace(tiny=False)
    elif tag in HEADINGS:
        context = context._replace(size=0.0, looks_bold=True)
    if context.tiny and not is_zero((attributes.get("font-size") or "0").strip()):
        return context._replace(tiny=False)  # a drawing says so, whatever stands around it
    return context


def _under(
    builder: TreeBuilder, node: LexborNode, looks: Looks, lazy: str, context: Context
) -> Context:
    """What an element of these looks hands down; pictures behind it are taken in on the way."""
    if looks.pictures or lazy:
        read_background(builder, node, looks, (*looks.pictures, lazy), context)
    context = context.under(looks)
    if looks.unseen and _changes(node, "visibility"):
        context = context._replace(unseen=False)
    if lazy:
        return context._replace(backed=True)
    if looks.white and not context.backed and _may_lie_on_something(builder, node):
        return context._replace(backed=True)
    return context


def _may_lie_on_something(builder: TreeBuilder, node: LexborNode) -> bool:
    """Whether white text may lie over something in its part of the body.

    Editors lay words over pictures, and draw them up over what stands before.

    Only where no picture, no drawing and nothing coloured is near is white text taken for text on
    white.
    """
    for _ in range(_MAX_CLIMB):
        if looks_of(node.attributes.get("style") or "").overlaps:
            return True
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
