"""How each HTML element is read into the builder.

A table from its name to the function that reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from crawler.clean.body.code import (
    is_code_list,
    is_code_table,
    read_code,
    read_code_table,
    read_pre,
)
from crawler.clean.body.context import Context, Frame
from crawler.clean.body.formulas import DRAWN, tex_of, tex_of_mathml, tex_of_picture
from crawler.clean.body.hiding import is_zero
from crawler.clean.body.links import read_link
from crawler.clean.body.lists import signs_of_list
from crawler.clean.body.pictures import read_picture
from crawler.clean.body.players import say_lines
from crawler.clean.body.styles import looks_of
from crawler.clean.body.tables import is_layout
from crawler.clean.body.tree import Attributes, Element
from crawler.clean.body.widgets import said_of, widget_of, words_in_line
from crawler.clean.markdown import BOLD, ITALIC, STRIKE

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import TreeBuilder
    from crawler.clean.body.styles import Looks

Reader = Callable[["TreeBuilder", "LexborNode", Attributes, Context], Frame | None]

STYLES = {
    "strong": BOLD,
    "b": BOLD,
    "em": ITALIC,
    "i": ITALIC,
    "del": STRIKE,
    "s": STRIKE,
    "strike": STRIKE,
}
FORMULA_ATTRIBUTES = frozenset({"data-formula", "data-math-raw", "data-latex", "data-tex"})
_PICTURES_IN_SVG = frozenset({"image", "img", "foreignObject", "foreignobject"})
_OF_THEIR_OWN = frozenset({"svg", "foreignObject", "foreignobject"})
_LOOK_AHEAD = 200  # nodes that are looked through for words; what is larger has some


def read_background(
    builder: TreeBuilder,
    node: LexborNode,
    looks: Looks,
    addresses: Iterable[str],
    context: Context,
) -> None:
    """A picture in CSS is a picture where it stands alone; behind words it decorates them."""
    if looks.small:
        builder.count("background-small")
    elif _shows_something(node):
        builder.count("background-behind-text")
    else:
        for address in filter(None, addresses):
            _add_picture(builder, {"src": address}, context)


def _shows_something(node: LexborNode) -> bool:
    for seen, inner in enumerate(node.traverse(include_text=True)):
        if (
            inner.tag == "img"
            or (inner.tag == "-text" and (inner.text_content or "").strip())
            or seen > _LOOK_AHEAD
        ):
            return True
    return False


def _read_break(
    builder: TreeBuilder, _node: LexborNode, _attributes: Attributes, _context: Context
) -> None:
    builder.add_break()


def _read_rule(
    builder: TreeBuilder, _node: LexborNode, _attributes: Attributes, _context: Context
) -> None:
    builder.end_paragraph()
    if not builder.in_line:
        builder.add_block(Element("hr"))


def _read_picture(
    builder: TreeBuilder, _node: LexborNode, attributes: Attributes, context: Context
) -> None:
    tex = tex_of_picture(attributes)
    if tex:
        builder.add_ready("formula", tex, context)
        return
    _add_picture(builder, attributes, context)


def _add_picture(builder: TreeBuilder, attributes: Attributes, context: Context) -> None:
    picture = read_picture(attributes)
    if picture.rule:
        builder.count(picture.rule)
    elif picture.instead:
        builder.add_text(picture.instead, context)
    else:
        builder.add_picture(picture, context)


def _read_svg(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """A drawing: its shapes go; <text>, <foreignObject> and <image> in it are read.

    One of a formula is a piece of its line.
    """
    if is_formula(attributes):
        return read_formula(builder, node, attributes, context._replace(in_svg=True))
    own = [(inner.tag or "", inner.attributes) for inner in islice(_own(node), _LOOK_AHEAD)]
    holds_picture = any(tag in _PICTURES_IN_SVG for tag, _ in own)
    shows = holds_picture or any(tag == "text" for tag, _ in own)
    if not shows and any(is_drawn_formula(each) for _, each in own):
        read_drawn_formula(builder, context)
        return None
    inside = context._replace(in_svg=True)
    if holds_picture or looks_of(attributes.get("style") or "").is_block:
        return builder.group(node, inside)
    return Frame(node.iter(include_text=True), inside)


def _own(drawing: LexborNode) -> Iterator[LexborNode]:
    """The elements of a drawing, not what stands in a drawing, a formula or HTML within it."""
    yield drawing
    if is_drawn_formula(drawing.attributes):
        return
    frames = [drawing.iter()]
    while frames:
        inner = next(frames[-1], None)
        if inner is None:
            frames.pop()
            continue
        yield inner
        if inner.tag not in _OF_THEIR_OWN and not is_drawn_formula(inner.attributes):
            frames.append(inner.iter())


def is_drawn_formula(attributes: Attributes) -> bool:
    """Whether an element in a drawing is a formula, of which only the shapes are there."""
    return "data-mml-node" in attributes


def read_drawn_formula(builder: TreeBuilder, context: Context) -> None:
    """A formula of which only the drawing is there."""
    builder.count("formula-drawn")
    builder.add_text(DRAWN, context._replace(in_svg=False))


def _read_svg_text(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    return builder.group(node, context._replace(in_svg=False))


def _read_svg_line(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame:
    """A piece of a drawing's text; where it begins anew below the one before, a line of it."""
    if "x" in attributes and _is_set_lower(node, attributes):
        builder.end_paragraph()
    return Frame(node.iter(include_text=True), context)


def _is_set_lower(node: LexborNode, attributes: Attributes) -> bool:
    lower = (attributes.get("dy") or "0").strip()
    before = node.prev
    while before is not None and not before.is_element_node:
        before = before.prev
    own = attributes.get("y")
    return not is_zero(lower) or (
        own is not None and before is not None and own != before.attributes.get("y")
    )


def _read_svg_picture(
    builder: TreeBuilder, _node: LexborNode, attributes: Attributes, context: Context
) -> None:
    named = (attributes.get(name) for name in ("data-src", "href", "xlink:href"))
    _add_picture(builder, {"src": next(filter(None, named), None)}, context)


def _read_raised(
    _builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    return Frame(node.iter(include_text=True), context._replace(raised=node.tag or ""))


def _read_reading(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    """The reading of a character, in brackets behind it, as <rp> has it."""
    builder.add_text("(", context)
    return Frame(node.iter(include_text=True), context, lambda: builder.add_text(")", context))


def is_formula(attributes: Attributes) -> bool:
    """Whether an element stands for a formula, and holds it beside its drawing."""
    return not FORMULA_ATTRIBUTES.isdisjoint(attributes)


def read_formula(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """A formula, by its TeX; without any, what stands in the element is read."""
    tex = tex_of(attributes)
    if not tex:
        return Frame(node.iter(include_text=True), context)
    kind = attributes.get("data-formula-type") or attributes.get("data-math-display") or ""
    if ("block" in kind or kind == "true") and not builder.in_line:
        builder.end_paragraph()
        builder.add_ready("formula", tex, context)
        builder.end_paragraph()
    else:
        builder.add_ready("formula", tex, context)
    return None


def _read_mathml(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> None:
    tex = tex_of_mathml(node)
    if tex:
        builder.add_ready("formula", tex, context)


def _read_box_to_tick(
    builder: TreeBuilder, _node: LexborNode, attributes: Attributes, _context: Context
) -> None:
    """A box to tick, where it begins an item; else something to type into, which goes."""
    ticked = "[x]" if "checked" in attributes else "[ ]"
    if attributes.get("type") != "checkbox" or not builder.tick(ticked):
        builder.count("control")


def _read_heading(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    """A heading; whether it is one is known when it was read."""
    close = builder.begin_heading(int((node.tag or "h2")[1]))
    return Frame(node.iter(include_text=True), context, close)


def _read_list(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """A list; one that counts the lines of code is code."""
    if is_code_list(node) and not builder.cells:
        read_code_table(builder, node, context)
        return None
    signs = signs_of_list(attributes) if node.tag == "ol" else ""
    name = "ul" if signs not in ("", "none") else node.tag or "ul"
    items = Element(name, start=attributes.get("start") or "")
    if signs:
        items.attrs["signs"] = signs
    if "reversed" in attributes:
        items.attrs["reversed"] = "yes"
    return builder.open(node, context, items)


def _read_item(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame:
    """An item; without a list around it, a paragraph."""
    if builder.into.name not in ("ul", "ol"):
        return builder.group(node, context)
    value = attributes.get("value") or ""
    if value:
        builder.into.attrs["valued"] = "yes"
    return builder.open(node, context, Element("li", value=value))


def _read_quote(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    """A quote."""
    return builder.open(node, context, Element("blockquote"))


def _read_table(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame | None:
    """A table of data; one that only lays out is what stands in it, one of code is code."""
    if is_code_table(builder, node):
        read_code_table(builder, node, context)
        return None
    if builder.cells or is_layout(node):
        return builder.group(node, context)
    return builder.open(node, context, Element("table"))


def _read_row(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    """A row."""
    if builder.into.name != "table":
        return builder.group(node, context)
    return builder.open(node, context, Element("tr"))


def _read_cell(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame:
    """A cell."""
    if builder.into.name != "tr":
        return builder.group(node, context)
    said = {name: attributes.get(name) or "" for name in ("colspan", "rowspan", "align")}
    cell = Element("td", **said)
    cell.attrs["align"] = looks_of(attributes.get("style") or "").align or said["align"]
    if builder.into.previous_sibling is None:
        cell.attrs["header"] = "yes"
    return builder.open(node, context, cell)


def read_widget(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """A player, a card or a vote: one line; what is none is read like any other element."""
    widget = widget_of(node.tag or "", attributes)
    if widget is None:
        return read_mathjax(builder, node, attributes, context)
    lines = [line for line in widget.lines(said_of(node, attributes)) if line.words or line.address]
    builder.count(widget.id)
    if words := words_in_line(widget, attributes):
        builder.add_text(words, context)
        return None
    if widget.keeps_content and not lines and node.child is None:
        return None  # a mark of WeChat's editor, which may stand in a word
    say_lines(builder, lines)
    name, value = widget.shows_picture
    is_read = widget.keeps_content or (value and attributes.get(name) == value)
    return builder.group(node, context) if is_read else None


def read_mathjax(
    builder: TreeBuilder, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """A formula of MathJax, drawn and once more in MathML; any other element of a strange name."""
    math = node.css_first("math") if node.tag == "mjx-container" else None
    if math is not None:
        _read_mathml(builder, math, attributes, context)
        return None
    return Frame(node.iter(include_text=True), context)


READERS: dict[str, Reader] = {
    "input": _read_box_to_tick,
    "math": _read_mathml,
    "br": _read_break,
    "hr": _read_rule,
    **dict.fromkeys(("img", "embed", "mp-common-sticker"), _read_picture),
    "svg": _read_svg,
    **dict.fromkeys(("text", "foreignObject", "foreignobject"), _read_svg_text),
    "tspan": _read_svg_line,
    "image": _read_svg_picture,
    "a": read_link,
    "sup": _read_raised,
    "sub": _read_raised,
    "rt": _read_reading,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _read_heading),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), read_code),
    "pre": read_pre,
    "ul": _read_list,
    "ol": _read_list,
    "li": _read_item,
    "blockquote": _read_quote,
    "table": _read_table,
    "tr": _read_row,
    "td": _read_cell,
    "th": _read_cell,
    **dict.fromkeys(
        ("iframe", "video", "audio", "qqmusic"),
        read_widget,
    ),
}
