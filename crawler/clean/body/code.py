"""Code as WeChat and its editors write it, back to lines of text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.characters import visible
from crawler.clean.body.builder import Frame
from crawler.clean.body.tree import Element, Words, holds_another
from crawler.clean.markdown import safe_address

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import Context, TreeBuilder
    from crawler.clean.body.styles import Looks
    from crawler.clean.body.tree import Attributes

# Where lines end, besides at line feeds and <br>. WeChat's own block holds one <code> for each
# line, with nothing between; other editors use a paragraph, a list item or a styled span.
_LINE_ELEMENTS = frozenset({"p", "div", "section", "li", "tr"})
_NO_CODE = frozenset({"script", "style", "-comment", "button", "svg", "img"})
_NO_CODE_CLASSES = re.compile(
    r"line-?(?:index|number|num)s?\b|linenum|lineno|gutter|copy-?(?:btn|button|code)|hljs-ln-n"
)
_LANGUAGE_CLASS = re.compile(r"(?:language|lang|brush:?)[-\s]([A-Za-z0-9+#.-]{1,20})")
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9+#.-]{0,19}\Z")
_HLJS = re.compile(r"\bhljs\s+([a-z][a-z0-9+#.-]{0,19})\b")
_FEEDS = re.compile(r"[ \t\r\n]+")
_CODE_SIGNS = re.compile(r"[;{}=()<>$|]|://|--\w")
_NOT_IN_STYLED_CODE = frozenset(
    {"img", "table", "iframe", "svg", "h1", "h2", "h3", "h4", "ul", "ol", "pre", "code"}
)
_BOX_OF_PROSE = "img, table, iframe, h1, h2, h3, h4"  # what no program holds
_LOOK_AHEAD = 1_000  # nodes; what an editor styles by hand is shorter


def code_text(node: LexborNode, *, in_block: bool = True) -> str:
    """The text of a code element as it is shown.

    Lines ended by line feeds, without numbers beside them.

    `in_block`: line feeds and block elements end lines, as in <pre>; else only <br> does.
    """
    parts: list[str] = []
    codes = node.tag == "pre" and len([child for child in node.iter() if child.tag == "code"]) > 1
    frames = [(node.iter(include_text=True), False)]
    while frames:
        children, ends_line = frames[-1]
        child = next(children, None)
        if child is None:
            frames.pop()
            if ends_line:
                _end_line(parts)
            continue
        tag = child.tag
        if tag == "-text":
            text = child.text_content or ""
            # what a saving tool put between the lines
            if not (codes and len(frames) == 1 and text.isspace()):
                parts.append(text if in_block else _FEEDS.sub(" ", text))
        elif tag == "br":
            parts.append("\n")
        elif tag not in _NO_CODE and not _beside_code(child):
            line = in_block and (tag in _LINE_ELEMENTS or (codes and tag == "code"))
            if line and parts and not parts[-1].endswith("\n"):
                parts.append("\n")
            frames.append((child.iter(include_text=True), line))
    text = "".join(parts).replace("\r\n", "\n").replace("\r", "\n")
    return visible(text).replace("\xa0", " ")


def _end_line(parts: list[str]) -> None:
    """End a line element's line, unless a <br> or line feed in it did."""
    if not (parts and parts[-1].endswith("\n")):
        parts.append("\n")


def _beside_code(node: LexborNode) -> bool:
    """Whether an element in a code block is not code.

    Line numbers, a button to copy it, decoration.
    """
    attributes = node.attributes
    if _NO_CODE_CLASSES.search(attributes.get("class") or ""):
        return True
    return "display:none" in (attributes.get("style") or "").replace(" ", "").lower()


def is_styled_code(node: LexborNode, looks: Looks) -> bool:
    """Whether a section in a code font is code.

    It keeps its spaces, or it stands on a colour and reads like code.
    """
    if not (looks.keeps_spaces or looks.backed):
        return False
    parts: list[str] = []
    for seen, inner in enumerate(node.traverse(include_text=True)):
        if inner.tag in _NOT_IN_STYLED_CODE or seen > _LOOK_AHEAD:
            return False
        if inner.tag == "-text":
            parts.append(inner.text_content or "")
    if looks.keeps_spaces:
        return True
    text = "".join(parts).strip()
    plain, signs = sum(character.isascii() for character in text), len(_CODE_SIGNS.findall(text))
    return (signs > 1 and plain > 0.8 * len(text)) or (signs == 1 and plain == len(text))


def code_block(text: str) -> str:
    """The lines of a block, without empty ones around them."""
    lines = text.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


def code_language(node: LexborNode) -> str:
    """The language that a block, something in it, or the section around it names.

    In small letters; empty where none is named.
    """
    candidates = [node, *(child for child in node.iter() if child.tag == "code")][:2]
    if node.parent is not None:
        candidates.append(node.parent)
    for candidate in candidates:
        language = _named_language(candidate)
        if language:
            return language
    return ""


def _named_language(node: LexborNode) -> str:
    attributes = node.attributes
    given = (attributes.get("data-lang") or attributes.get("lang") or "").strip()
    if _LANGUAGE.match(given) and node.tag in ("pre", "code", "section"):
        return given.lower()
    classes = attributes.get("class") or ""
    match = _LANGUAGE_CLASS.search(classes) or _HLJS.search(classes)
    return match[1].lower() if match else ""


def read_styled_code(builder: TreeBuilder, node: LexborNode, context: Context) -> None:
    """A section that is code by its looks; one for each line, in some editors."""
    builder.end_paragraph()
    last = builder.into.elements[-1] if builder.into.elements else None
    _add_code(builder, node, code_text(node), context)
    block = builder.into.elements[-1] if builder.into.elements else None
    if block is None or block is last or block.name != "pre":
        return
    block.attrs["styled"] = "yes"
    if last is not None and last.name == "pre" and "styled" in last.attrs:
        builder.into.drop_last()
        last.contents = [Words(f"{last.contents[0]}\n{block.contents[0]}")]


def read_code(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame | None:
    """Inline code; a block, where <br> breaks it into lines."""
    if node.css_first("img, table, ul, ol") is not None:
        return Frame(node.iter(include_text=True), context)
    text = code_text(node, in_block=False)
    if "\n" in text.strip() and not builder.in_line:
        _add_code(builder, node, text, context)
        return None
    link = node.css_first("a[href]")
    if link is not None:
        context = context._replace(href=safe_address(link.attributes["href"] or ""))
    text = " ".join(text.split())
    if text:
        builder.add_ready("code", text, context)
    return None


def read_pre(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame | None:
    """A code block, unless it is a box of something else."""
    if holds_another(node):  # a code block of WeChat's, pasted into another editor's
        return builder.group(node, context)
    if node.css_first(_BOX_OF_PROSE) is not None:
        return builder.group(node, context._replace(keeps_lines=True))
    _add_code(builder, node, code_text(node), context)
    return None


def _add_code(builder: TreeBuilder, node: LexborNode, text: str, context: Context) -> None:
    """A block of code; in a cell, its lines as inline code."""
    text = code_block(text)
    if not builder.cells:
        builder.leave_heading()
        if text:
            block = Element("pre", language=code_language(node))
            block.add(Words(text))
            builder.add_block(block)
        return
    for line in text.split("\n"):
        if line.strip():
            builder.add_ready("code", line.strip(), context)
        builder.add_break()
