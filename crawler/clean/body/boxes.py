"""Boxes: elements that do no more than set what stands in them, in lines as a browser sets it.

`display` decides, as the element's style says or else as its name has it: a block ends the line
before it and its own; what is inline, or a block in a line, does not. Boxes side by side (a row of
`flex`, what floats) are one line where one of them is only a mark, or all of them are short.
"""

from __future__ import annotations

import re
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from crawler.clean.body.context import Context, Frame
from crawler.clean.body.marks import LONGEST_MARK, is_mark
from crawler.clean.body.tree import Element

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import TreeBuilder
    from crawler.clean.body.styles import Looks

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
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
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
PARTS = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "caption", "li"})
"""Blocks that are a piece of a table or a list, and stand for nothing without it."""
INLINE = frozenset({"a", "code", "kbd", "samp", "tt"})
"""Pieces of a line that may be parts of a box by themselves; a raised sign is its word's."""
_SENTENCE = re.compile(r"[。！？；!?;]|\.(?:\s|\Z)")
_NOT_IN_QUOTES = frozenset(
    {"img", "svg", "table", "ul", "ol", "pre", "blockquote", "iframe", "h1", "h2", "h3", "h4"}
)
_NOT_IN_ROWS = _NOT_IN_QUOTES | {"br", "hr", "video", "input"}
_LONGEST_ROW = 36  # characters: a line of a telephone
_LONGEST_QUOTE = 1_500
_LOOK_AHEAD = 200  # nodes
_FEW_NODES = 40
_PIECES_BEHIND, _LETTERS_BEHIND = 20, 100  # of text, of which the end of a line is seen


def read_box(
    builder: TreeBuilder, node: LexborNode, looks: Looks, context: Context, *, around: Context
) -> Frame:
    """An element without a meaning of its own; what is `around` may set it beside others."""
    block = node.tag in BLOCKS
    if around.in_row or looks.is_lifted or (looks.floats and block):
        return _read_beside(builder, node, context)
    if looks.is_row and (block or not looks.is_inline):
        return _read_row(builder, node, context)
    if looks.is_stack:
        return builder.group(node, context._replace(in_stack=True))
    if around.in_stack:
        return builder.group(node, context)
    if looks.is_inline or (looks.display == "table-cell" and not block):
        return _read_in_line(builder, node, looks, context)
    if looks.is_block and not block:
        return builder.styled_line(node, context)
    if block and looks.barred and looks.backed and looks.padded and _is_quote(builder, node):
        return builder.open(node, context, Element("blockquote"))
    return builder.group(node, context) if block else Frame(node.iter(include_text=True), context)


def lined(builder: TreeBuilder, frame: Frame) -> Frame:
    """A piece of a line, as a line of its own."""
    builder.end_paragraph()
    return frame._replace(close=builder.end_paragraph)


def _read_in_line(builder: TreeBuilder, node: LexborNode, looks: Looks, context: Context) -> Frame:
    if node.tag in BLOCKS or looks.display == "table-cell":
        if not builder.in_words and is_mark(_words(node, LONGEST_MARK, _FEW_NODES)):
            return builder.hold(node, context)
        if looks.display != "inline":
            return builder.apart(node, context)
    return Frame(node.iter(include_text=True), context)


def read_beside(
    builder: TreeBuilder,
    node: LexborNode,
    looks: Looks,
    around: Context,
    read: Callable[[], Frame | None],
) -> Frame | None:
    """A piece of a line, read, where the element `around` sets what stands in it apart.

    Beside bare words it is a piece of their sentence, but for a block, and for a link that stands
    above or below them.
    """
    part = builder.end_paragraph
    is_line = looks.is_block or (around.in_stack and node.tag == "a")
    if not is_line and _is_in_sentence(node):
        part = builder.end_box
    elif around.in_row and around.in_line:
        part = partial(builder.add_text, " ", Context())
    part()
    frame = read()
    if frame is None:
        part()
        return None
    return frame._replace(close=part)


def _is_in_sentence(node: LexborNode) -> bool:
    beside = (node.prev, node.next)
    return any(each is not None and each.tag == "-text" and _shows(each) for each in beside)


def _shows(text: LexborNode) -> bool:
    return not (text.text_content or "").isspace()


def stands_in_line(node: LexborNode, looks: Looks, before: Sequence[str]) -> bool:
    """Whether an element is seen in a line of code behind words, and not set beside them.

    `before` are the pieces of text before it. What cannot be selected either, as the sign of a
    change, is no word of the line.
    """
    beside = node.prev
    if node.tag in BLOCKS or looks.is_block or looks.floats or looks.is_lifted or beside is None:
        return False
    if looks.unseen or looks.transparent or looks.tiny:
        return False
    if beside.tag != "-text" and "user-select" in (beside.attributes.get("style") or ""):
        return False
    for piece in islice(reversed(before), _PIECES_BEHIND):
        end = piece[-_LETTERS_BEHIND:]
        if "\n" in end or end.strip():
            return bool(end.rpartition("\n")[2].strip())
    return False


def _read_beside(builder: TreeBuilder, node: LexborNode, context: Context) -> Frame:
    builder.end_paragraph()
    inside = context._replace(in_line=False)
    if context.in_line or is_mark(_words(node, LONGEST_MARK, _FEW_NODES)):
        return builder.hold(node, inside)
    return builder.group(node, inside)


def _read_row(builder: TreeBuilder, node: LexborNode, context: Context) -> Frame:
    builder.end_paragraph()
    inside = context._replace(in_row=True, in_line=_is_one_line(node))
    return Frame(node.iter(include_text=True), inside, builder.end_row)


def _words(node: LexborNode, longest: int, most: int) -> str:
    """The words in an element; empty where there are more, or a picture is among them."""
    parts: list[str] = []
    for seen, inner in enumerate(node.traverse(include_text=True)):
        if seen > most or inner.tag in _NOT_IN_ROWS:
            return ""
        if inner.tag == "-text":
            parts.append((inner.text_content or "").strip())
    text = "".join(parts)
    return text if len(text) <= longest else ""


def _is_one_line(row: LexborNode) -> bool:
    """Whether what stands side by side in a row are pieces of one short line."""
    if any(inner.tag in BLOCKS for inner in row.iter()):
        return False
    return bool(_words(row, _LONGEST_ROW, _LOOK_AHEAD))


def _is_quote(builder: TreeBuilder, node: LexborNode) -> bool:
    """Whether a box with a bar beside it holds sentences, and not a title or half an article."""
    if builder.into.name != "[document]":
        return False
    length = 0
    sentence = False
    for seen, inner in enumerate(node.traverse(include_text=True)):
        if seen > _LOOK_AHEAD or inner.tag in _NOT_IN_QUOTES or length > _LONGEST_QUOTE:
            return False
        if inner.tag == "-text":
            text = inner.text_content or ""
            length += len(text)
            sentence = sentence or _SENTENCE.search(text) is not None
    return sentence
