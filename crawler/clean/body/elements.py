"""How each HTML element is read into the draft.

A table from its name to the function that reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from crawler.clean.body import structure
from crawler.clean.body.builder import Context, Draft, Frame
from crawler.clean.body.code_elements import read_code, read_pre
from crawler.clean.body.pictures import read_picture
from crawler.clean.body.tree import Attributes, Element
from crawler.clean.body.widgets import widget_of
from crawler.clean.markdown.addresses import safe_address
from crawler.clean.markdown.runs import BOLD, ITALIC, STRIKE

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.body.styles import Looks

Reader = Callable[["Draft", "LexborNode", Attributes, Context], Frame | None]

STYLES = {
    "strong": BOLD,
    "b": BOLD,
    "em": ITALIC,
    "i": ITALIC,
    "del": STRIKE,
    "s": STRIKE,
    "strike": STRIKE,
}
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "html", "legend", "li", "main", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_LOOK_AHEAD = 200  # nodes that are looked through for words; what is larger has some


def read_inline(
    draft: Draft, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """An element that does no more than look like something, or one that stands for a formula."""
    if "data-formula" in attributes:
        _read_formula(draft, attributes, context)
        return None
    return Frame(node.iter(include_text=True), context)


def read_background(draft: Draft, node: LexborNode, looks: Looks, context: Context) -> None:
    """A picture in CSS is a picture where it stands alone; behind words it decorates them."""
    if looks.small:
        draft.removed["background-small"] += 1
    elif _shows_something(node):
        draft.removed["background-behind-text"] += 1
    else:
        _add_picture(draft, {"src": looks.picture}, context)


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
    draft: Draft, _node: LexborNode, _attributes: Attributes, _context: Context
) -> None:
    draft.add_break()


def _read_rule(draft: Draft, _node: LexborNode, _attributes: Attributes, _context: Context) -> None:
    draft.end_paragraph()
    if not draft.in_line:
        draft.add_block(Element("hr"))


def _read_picture(
    draft: Draft, _node: LexborNode, attributes: Attributes, context: Context
) -> None:
    _add_picture(draft, attributes, context)


def _add_picture(draft: Draft, attributes: Attributes, context: Context) -> None:
    picture = read_picture(attributes)
    if picture.rule:
        draft.removed[picture.rule] += 1
    elif picture.instead:
        draft.add_text(picture.instead, context)
    else:
        draft.add_picture(picture.address, picture.alt, context)


def _read_svg(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    """A drawing: its shapes go; <text>, <foreignObject> and <image> in it are read."""
    return draft.group(node, context._replace(in_svg=True))


def _read_svg_text(
    draft: Draft, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    return draft.group(node, context._replace(in_svg=False))


def _read_svg_picture(
    draft: Draft, _node: LexborNode, attributes: Attributes, context: Context
) -> None:
    _add_picture(draft, {"src": attributes.get("href") or attributes.get("xlink:href")}, context)


def _read_link(draft: Draft, node: LexborNode, attributes: Attributes, context: Context) -> Frame:
    href = attributes.get("href") or ""
    address = safe_address(href)
    if href and not address and not href.startswith("#"):
        draft.removed["link-unsafe"] += 1
    return Frame(node.iter(include_text=True), context._replace(href=address or context.href))


def _read_raised(
    _draft: Draft, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    return Frame(node.iter(include_text=True), context._replace(raised=node.tag or ""))


def _read_reading(
    draft: Draft, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame:
    """The reading of a character, in brackets behind it, as <rp> has it."""
    draft.add_text("(", context)
    return Frame(node.iter(include_text=True), context, lambda: draft.add_text(")", context))


def _read_formula(draft: Draft, attributes: Attributes, context: Context) -> None:
    tex = " ".join((attributes.get("data-formula") or "").split())
    if not tex:
        return
    if "block" in (attributes.get("data-formula-type") or "") and not draft.in_line:
        draft.end_paragraph()
        draft.add_ready("formula", f"$${tex}$$", context)
        draft.end_paragraph()
    else:
        draft.add_ready("formula", f"${tex}$", context)


def read_widget(
    draft: Draft, node: LexborNode, attributes: Attributes, context: Context
) -> Frame | None:
    """A player, a card or a vote: one line; what is none is read like any other element."""
    widget = widget_of(node.tag or "", attributes)
    if widget is None:
        return Frame(node.iter(include_text=True), context)
    lines = [line for line in widget.lines(attributes) if line.words or line.address]
    draft.end_paragraph()
    for line in lines:
        draft.add_text(line.words, Context(href=line.address))
        draft.end_paragraph()
    draft.removed[widget.id] += 1
    return draft.group(node, context) if widget.keeps_content else None


READERS: dict[str, Reader] = {
    "br": _read_break,
    "hr": _read_rule,
    **dict.fromkeys(("img", "embed", "mp-common-sticker"), _read_picture),
    "svg": _read_svg,
    **dict.fromkeys(("text", "foreignObject", "foreignobject"), _read_svg_text),
    "image": _read_svg_picture,
    "a": _read_link,
    "sup": _read_raised,
    "sub": _read_raised,
    "rt": _read_reading,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), structure.read_heading),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), read_code),
    "pre": read_pre,
    "ul": structure.read_list,
    "ol": structure.read_list,
    "li": structure.read_item,
    "blockquote": structure.read_quote,
    "table": structure.read_table,
    "tr": structure.read_row,
    "td": structure.read_cell,
    "th": structure.read_cell,
    **dict.fromkeys(
        ("iframe", "video", "audio", "mpvoice", "mpvideo", "qqmusic", "mpproduct", "mpcps"),
        read_widget,
    ),
}
