"""How each HTML element is read into the draft: a table from its name to the function that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from crawler.clean.code import code_block, code_language, code_text
from crawler.clean.draft import Context, Draft, Frame
from crawler.clean.links import safe_address
from crawler.clean.pictures import read_picture
from crawler.clean.runs import BOLD, ITALIC, STRIKE
from crawler.clean.tables import is_layout
from crawler.clean.tree import Element, Words
from crawler.clean.widgets import widget_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.styles import Looks

Attributes = Mapping[str, str | None]
Reader = Callable[["Draft", "LexborNode", Attributes, Context], Frame | None]

STYLES = {"strong": BOLD, "b": BOLD, "em": ITALIC, "i": ITALIC, "del": STRIKE, "s": STRIKE, "strike": STRIKE}
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "html",
        "legend",
        "main",
        "nav",
        "p",
        "section",
        "summary",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "table",
        "ul",
        "ol",
        "li",
        "blockquote",
        "pre",
    ]
)
_BOX_OF_PROSE = "img, table, iframe, h1, h2, h3, h4"  # what no program holds
_LOOK_AHEAD = 200  # nodes that are looked through for words; what is larger has some


def read_wrapper(draft: Draft, node: LexborNode, attributes: Attributes, context: Context) -> Frame | None:
    """An element that only styles or groups what is in it."""
    tag = node.tag or ""
    if tag in STYLES:
        context = context._replace(style=context.style | STYLES[tag])
    if "data-formula" in attributes:
        _read_formula(draft, attributes, context)
        return None
    if tag not in BLOCKS:
        return Frame(node.iter(include_text=True), context)
    return _paragraphs(draft, node, context)


def _paragraphs(draft: Draft, node: LexborNode, context: Context) -> Frame:
    draft.end_paragraph()
    return Frame(node.iter(include_text=True), context, draft.end_paragraph)


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
        if inner.tag == "img" or (inner.tag == "-text" and (inner.text_content or "").strip()) or seen > _LOOK_AHEAD:
            return True
    return False


def read_styled_code(draft: Draft, node: LexborNode, context: Context) -> None:
    """A section that is code by its looks; one for each line, in some editors."""
    draft.end_paragraph()
    last = draft.into.elements[-1] if draft.into.elements else None
    _add_code(draft, node, code_text(node), context)
    block = draft.into.elements[-1] if draft.into.elements else None
    if block is None or block is last or block.name != "pre":
        return
    block.attrs["styled"] = "yes"
    if last is not None and last.name == "pre" and "styled" in last.attrs:
        draft.into.drop_last()
        last.contents = [Words(f"{last.contents[0]}\n{block.contents[0]}")]


def _read_break(draft: Draft, _node: LexborNode, _attributes: Attributes, _context: Context) -> None:
    draft.add_break()


def _read_rule(draft: Draft, _node: LexborNode, _attributes: Attributes, _context: Context) -> None:
    draft.end_paragraph()
    if not draft.in_line:
        draft.add_block(Element("hr"))


def _read_picture(draft: Draft, _node: LexborNode, attributes: Attributes, context: Context) -> None:
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
    return _paragraphs(draft, node, context._replace(in_svg=True))


def _read_svg_text(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    return _paragraphs(draft, node, context._replace(in_svg=False))


def _read_svg_picture(draft: Draft, _node: LexborNode, attributes: Attributes, context: Context) -> None:
    _add_picture(draft, {"src": attributes.get("href") or attributes.get("xlink:href")}, context)


def _read_link(draft: Draft, node: LexborNode, attributes: Attributes, context: Context) -> Frame:
    href = attributes.get("href") or ""
    address = safe_address(href)
    if href and not address and not href.startswith("#"):
        draft.removed["link-unsafe"] += 1
    return Frame(node.iter(include_text=True), context._replace(href=address or context.href))


def _read_raised(_draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    return Frame(node.iter(include_text=True), context._replace(raised=node.tag or ""))


def _read_reading(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    """The reading of a character, in brackets behind it, as <rp> has it."""
    draft.add_text("(", context)
    return Frame(node.iter(include_text=True), context, lambda: draft.add_text(")", context))


def _read_heading(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    close = draft.begin_heading(int((node.tag or "h2")[1]))
    return Frame(node.iter(include_text=True), context, close)


def _read_code(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame | None:
    if node.css_first("img, table, ul, ol") is not None:
        return Frame(node.iter(include_text=True), context)
    text = code_text(node, in_block=False)
    if "\n" in text.strip() and not draft.in_line:
        _add_code(draft, node, text, context)
        return None
    link = node.css_first("a[href]")
    if link is not None:
        context = context._replace(href=safe_address(link.attributes["href"] or ""))
    text = " ".join(text.split())
    if text:
        draft.add_ready("code", text, context)
    return None


def _read_pre(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame | None:
    if len(node.css("pre")) > 1:  # a code block of WeChat's, pasted into another editor's
        return _paragraphs(draft, node, context)
    if node.css_first(_BOX_OF_PROSE) is not None:
        return _paragraphs(draft, node, context._replace(keeps_lines=True))
    _add_code(draft, node, code_text(node), context)
    return None


def _add_code(draft: Draft, node: LexborNode, text: str, context: Context) -> None:
    """A block of code; in a cell, its lines as inline code."""
    text = code_block(text)
    if not draft.cells:
        draft.leave_heading()
        if text:
            block = Element("pre", language=code_language(node))
            block.add(Words(text))
            draft.add_block(block)
        return
    for line in text.split("\n"):
        if line.strip():
            draft.add_ready("code", line.strip(), context)
        draft.add_break()


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


def _read_list(draft: Draft, node: LexborNode, attributes: Attributes, context: Context) -> Frame:
    return draft.open(node, context, Element(node.tag or "ul", start=attributes.get("start") or ""))


def _read_item(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    if draft.into.name not in ("ul", "ol"):
        return _paragraphs(draft, node, context)
    return draft.open(node, context, Element("li"))


def _read_quote(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    return draft.open(node, context, Element("blockquote"))


def _read_table(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    if draft.cells or is_layout(node):
        return _paragraphs(draft, node, context)
    return draft.open(node, context, Element("table"))


def _read_row(draft: Draft, node: LexborNode, _attributes: Attributes, context: Context) -> Frame:
    if draft.into.name != "table":
        return _paragraphs(draft, node, context)
    return draft.open(node, context, Element("tr"))


def _read_cell(draft: Draft, node: LexborNode, attributes: Attributes, context: Context) -> Frame:
    if draft.into.name != "tr":
        return _paragraphs(draft, node, context)
    spans = {name: attributes.get(name) or "" for name in ("colspan", "rowspan")}
    return draft.open(node, context, Element("td", **spans))


def read_widget(draft: Draft, node: LexborNode, attributes: Attributes, context: Context) -> Frame | None:
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
    return _paragraphs(draft, node, context) if widget.keeps_content else None


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
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _read_heading),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), _read_code),
    "pre": _read_pre,
    "ul": _read_list,
    "ol": _read_list,
    "li": _read_item,
    "blockquote": _read_quote,
    "table": _read_table,
    "tr": _read_row,
    "td": _read_cell,
    "th": _read_cell,
    **dict.fromkeys(("iframe", "video", "audio", "mpvoice", "mpvideo", "qqmusic", "mpproduct", "mpcps"), read_widget),
}
