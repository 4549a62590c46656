"""How code is read into the draft: inline, as a block, and as editors style it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.clean.body.builder import Frame
from crawler.clean.body.code import code_block, code_language, code_text
from crawler.clean.body.tree import Element, Words, holds_another
from crawler.clean.markdown.addresses import safe_address

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import Context, Draft
    from crawler.clean.body.tree import Attributes

_BOX_OF_PROSE = "img, table, iframe, h1, h2, h3, h4"  # what no program holds


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


def read_code(
    draft: Draft, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame | None:
    """Inline code; a block, where <br> breaks it into lines."""
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


def read_pre(
    draft: Draft, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame | None:
    """A code block, unless it is a box of something else."""
    if holds_another(node):  # a code block of WeChat's, pasted into another editor's
        return draft.group(node, context)
    if node.css_first(_BOX_OF_PROSE) is not None:
        return draft.group(node, context._replace(keeps_lines=True))
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
