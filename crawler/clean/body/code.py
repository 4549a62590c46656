"""Code as WeChat and its editors write it, back to lines of text."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from crawler.characters import visible
from crawler.clean.body.boxes import BLOCKS, stands_in_line
from crawler.clean.body.context import Frame
from crawler.clean.body.formulas import tex_of
from crawler.clean.body.hiding import hides_element
from crawler.clean.body.links import address_of, addresses_in
from crawler.clean.body.marks import COPY_LABELS
from crawler.clean.body.styles import looks_of
from crawler.clean.body.tables import cells_of
from crawler.clean.body.tree import Element, Words, holds_another
from crawler.clean.body.widgets import WIDGETS, widget_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import TreeBuilder
    from crawler.clean.body.context import Context
    from crawler.clean.body.styles import Looks
    from crawler.clean.body.tree import Attributes

# Where lines end, besides at line feeds and <br>. WeChat's own block holds one <code> for each
# line, with nothing between; other editors use a paragraph, a list item or a styled span.
_NO_LINES = frozenset({"ol", "table", "tbody", "td", "tfoot", "th", "thead", "ul"})
_LINE_ELEMENTS = (BLOCKS - _NO_LINES) | {"h1", "h2", "h3", "h4", "h5", "h6"}
_NO_CODE = frozenset({"script", "style", "-comment", "svg", "img"})
_NUMBER_CLASSES = re.compile(r"line-?(?:index|number|num)s?\b|linenum|lineno|gutter|hljs-ln-n")
_NUMBERS = re.compile(r"[\s0-9]*\Z")
_NUMBERED = frozenset(
    {"gutter", "hljs-ln-numbers", "lineno", "linenos", "line-numbers", "blob-num"}
)
_CODE_LIST = re.compile(r"(?:dp-[a-z]{1,12}|linenums)\b")
_HEAD_OF_TABLE = 20  # cells
_LANGUAGE_CLASS = re.compile(r"(?:language|lang|brush:?)[-\s]([A-Za-z0-9+#.-]{1,20})")
_LANGUAGE = re.compile(r"[A-Za-z][A-Za-z0-9+#.-]{0,19}\Z")
_NO_LANGUAGE = re.compile(r"(?:code(?:-?block)?|block|none|undefined|[a-z]{2}-[a-z]{2,4})\Z")
_HAN = re.compile("[\u3400-\u9fff]")
_HLJS = re.compile(r"\bhljs\s+([a-z][a-z0-9+#.-]{0,19})\b")
_FEEDS = re.compile(r"[ \t\r\n]+")
_SPACES = re.compile(r"\s+")
_CODE_SIGNS = re.compile(r"[;{}=()<>$|]|://|--\w")
_INDENTED = re.compile(r"^(?:\t| {2})", re.MULTILINE)
_NOT_IN_STYLED_CODE = frozenset(
    {"img", "table", "iframe", "svg", "h1", "h2", "h3", "h4", "ul", "ol", "pre", "code"}
)
_CARD = re.compile(r"border-radius|box-shadow|margin(?:-top|-bottom)?:\s*[1-9]|border:\s*[1-9]")
# what no program holds
_BOX_OF_WORDS = "img, iframe, video, audio, h1, h2, h3, h4, h5, h6, mpvoice, mp-common-profile"
_BOX_OF_PROSE = f"table, {_BOX_OF_WORDS}"
_CARDS = ", ".join(sorted({tag for widget in WIDGETS for tag in widget.tags} - {"mp-"}))
_FORMULAS = "math, [data-formula], [data-math-raw], [data-latex], [data-tex]"
_NO_INLINE_CODE = f"img, table, ul, ol, pre, {_CARDS}, {_FORMULAS}"
_MOST_CODES = 4  # of inline code in inline code; each is looked through for what is none
_SAMPLE = 20_000  # characters, of which code that an editor styled has fewer
_LOOK_AHEAD = 1_000  # nodes; what an editor styles by hand is shorter


def code_text(builder: TreeBuilder, node: LexborNode, *, in_block: bool = True) -> str:
    """The text of a code element as it is shown.

    Lines ended by line feeds, without numbers beside them.

    `in_block`: line feeds end lines, as in <pre>; else only <br> and block elements do.
    """
    parts: list[str] = []
    letters = _letters(node.text())
    codes = node.tag == "pre" and len([child for child in node.iter() if child.tag == "code"]) > 1
    frames = [(node.iter(include_text=True), False, -1)]
    while frames:
        children, ends_line, begun = frames[-1]
        child = next(children, None)
        if child is None:
            frames.pop()
            if ends_line:
                _end_line(parts, is_empty=begun == len(parts))
            continue
        tag = child.tag
        if tag == "-text":
            text = child.text_content or ""
            # what a saving tool put between the lines
            if not (codes and len(frames) == 1 and text.isspace()):
                text = text if in_block else _FEEDS.sub(" ", text)
                parts.append(text)
        elif tag == "br":
            parts.append("\n")
        elif tag not in _NO_CODE and not _beside_code(builder, child, letters, parts):
            line = _ends_its_line(child) or (codes and tag == "code")
            if line and parts and not parts[-1].endswith("\n"):
                parts.append("\n")
            is_counted = line and tag in ("li", "code")  # a line of its own, though it is empty
            begun = len(parts) if is_counted else -1
            frames.append((child.iter(include_text=True), line, begun))
    text = "".join(parts).replace("\r\n", "\n").replace("\r", "\n")
    return visible(text).replace("\xa0", " ")


def _end_line(parts: list[str], *, is_empty: bool) -> None:
    """End a line element's line, unless a <br> or line feed in it did."""
    if is_empty or not (parts and parts[-1].endswith("\n")):
        parts.append("\n")


def _letters(text: str) -> int:
    return len("".join(text.split()))


def _beside_code(builder: TreeBuilder, node: LexborNode, letters: int, before: list[str]) -> bool:
    """Whether an element in a code block of so many letters, behind this text, is not code.

    Line numbers, a button to copy it, decoration. Where nothing stands beside them, numbers are
    the code; and one that only cannot be selected is, where it stands in a line.
    """
    attributes = node.attributes
    classes, style = attributes.get("class") or "", attributes.get("style") or ""
    unselected = "user-select:none" in style.replace(" ", "").lower()
    numbered = _NUMBER_CLASSES.search(classes) is not None
    if unselected or numbered:
        text = builder.said_by(node)
        if _NUMBERS.match(text) and (text.strip() or not unselected):
            is_one = text.strip().isdigit() and not numbered
            if not (is_one and stands_in_line(node, looks_of(style), before)):
                return not text.strip() or _letters(text) != letters
    if _offers_to_copy(builder, node, classes):
        return True
    return bool(style and _is_hidden(node, looks_of(style)))


def _is_hidden(node: LexborNode, looks: Looks) -> bool:
    is_boxed = looks.floats or looks.is_lifted
    return bool(looks.hidden) and hides_element(
        looks.hidden, node.tag or "", looks.display, is_boxed=is_boxed
    )


def _offers_to_copy(builder: TreeBuilder, node: LexborNode, classes: str) -> bool:
    """Whether an element in a code block is a button to copy it, by what it says."""
    if node.tag != "button" and "copy" not in classes:
        return False
    said = builder.said_by(node).strip().lower()
    return not said or said in COPY_LABELS


def _ends_its_line(node: LexborNode) -> bool:
    """Whether an element in a code block is a line of it, by its name or by its style."""
    style = node.attributes.get("style")
    return node.tag in _LINE_ELEMENTS or bool(style and looks_of(style).display == "block")


def is_styled_code(builder: TreeBuilder, node: LexborNode, looks: Looks) -> bool:
    """Whether a section in a code font is code.

    It keeps its spaces, or it stands on a colour and reads like code. One of Han with a link is
    words, unless its lines are indented: code would lose where that leads.
    """
    if not (looks.keeps_spaces or looks.backed) or node.mem_id in builder.no_code:
        return False
    inside: list[LexborNode] = []
    for seen, inner in enumerate(node.traverse(include_text=True)):
        if inner.tag in _NOT_IN_STYLED_CODE or seen > _LOOK_AHEAD:
            return False
        inside.append(inner)
    sample = _sample_of(builder, inside)
    if not (looks.keeps_spaces or _reads_like_code(sample)):
        return False
    is_words = any(addresses_in(node)) and _is_han(sample) and not _INDENTED.search(sample)
    others = (each for each in inside if _says_otherwise(each) or (is_words and _leads(each)))
    other = next(others, None)
    if other is not None:
        builder.no_code.update(_around(other, node))
    return other is None


def _leads(node: LexborNode) -> bool:
    """Whether a node is a link that leads anywhere."""
    return node.tag == "a" and bool(address_of(node.attributes))


def _sample_of(builder: TreeBuilder, nodes: Iterable[LexborNode]) -> str:
    """The first words of nodes, as many as tell whether they are code."""
    parts: list[str] = []
    length = 0
    for node in nodes:
        if node.tag == "-text" and length < _SAMPLE:
            parts.append(builder.said_by(node)[:_SAMPLE])
            length += len(parts[-1])
    return "".join(parts).strip()


def _reads_like_code(text: str) -> bool:
    plain = len(text.encode("ascii", "ignore"))
    if plain <= 0.8 * len(text):
        return False
    signs = len([*islice(_CODE_SIGNS.finditer(text), 2)])
    return signs > 1 or (signs == 1 and plain == len(text))


def _is_han(text: str) -> bool:
    """Whether most letters of a text are Han."""
    han = len(_HAN.findall(text))
    return han > 0 and 2 * han >= _letters(text)


def _around(inner: LexborNode, outer: LexborNode) -> Iterator[int]:
    """Where an element stands, and those around it within another: they hold it as well."""
    node: LexborNode | None = inner
    while node is not None and node.mem_id != outer.mem_id:
        yield node.mem_id
        node = node.parent


def has_lines_of_code(builder: TreeBuilder, node: LexborNode, looks: Looks) -> bool:
    """Whether what stands in an item in a code font is code of several lines, and leads nowhere."""
    if not is_styled_code(builder, node, looks) or any(addresses_in(node)):
        return False
    has_box = node.css_first("input[type=checkbox]") is not None
    return not has_box and "\n" in code_text(builder, node).strip()


def _says_otherwise(node: LexborNode) -> bool:
    """Whether an element says what its text does not: a card or a player, or a formula."""
    if node.tag == "-text":
        return False
    tag, attributes = node.tag or "", node.attributes
    if tag in ("math", "mjx-container", "embed") or tex_of(attributes):
        return True
    widget = widget_of(tag, attributes)
    return widget is not None and any(any(line) for line in widget.lines(attributes))


def code_block(text: str) -> str:
    """The lines of a block, without empty ones around them."""
    lines = text.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return "\n".join(lines)


def code_language(node: LexborNode) -> str:
    """The language that a block, something in it, or the section around it names, in small letters.

    Empty where none is named.
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
        return _if_language(given)
    classes = attributes.get("class") or ""
    match = _LANGUAGE_CLASS.search(classes) or _HLJS.search(classes)
    return _if_language(match[1]) if match else ""


def _if_language(name: str) -> str:
    """The name in small letters, unless it only says that there is code, or names a country's."""
    return "" if _NO_LANGUAGE.match(name.lower()) else name.lower()


def read_styled_code(builder: TreeBuilder, node: LexborNode, context: Context) -> None:
    """A section that is code by its looks; one for each line, in some editors."""
    builder.end_row()
    last = builder.into.elements[-1] if builder.into.elements else None
    _add_code(builder, node, code_text(builder, node), context)
    block = builder.into.elements[-1] if builder.into.elements else None
    if block is None or block is last or block.name != "pre":
        return
    text = str(block.contents[0])
    block.attrs["styled"] = "lines" if "\n" not in text and not _is_card(node) else "card"
    if last is not None and last.attrs.get("styled") == block.attrs["styled"] == "lines":
        builder.into.drop_last()
        last.contents = [Words(f"{last.contents[0]}\n{text}")]


def _is_card(node: LexborNode) -> bool:
    """Whether a box of code has edges of its own, and is not one of its lines."""
    return _CARD.search((node.attributes.get("style") or "").lower()) is not None


def read_code(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame | None:
    """Inline code; a block, where it holds several lines."""
    if context.codes >= _MOST_CODES or node.css_first(_NO_INLINE_CODE) is not None:
        inside = context._replace(codes=context.codes + 1)
        return Frame(node.iter(include_text=True), inside)
    text = code_text(builder, node, in_block=context.keeps_lines)
    if "\n" in text.strip() and not builder.in_line:
        _add_code(builder, node, text, context)
        return None
    addresses = {*addresses_in(node)}
    if len(addresses) > 1:  # a piece of code leads to one place
        inside = context._replace(codes=context.codes + 1)
        return Frame(node.iter(include_text=True), inside)
    context = context._replace(href=next(iter(addresses), context.href))
    if text.strip():
        builder.add_ready("code", _SPACES.sub(" ", text), context)
    return None


def read_pre(
    builder: TreeBuilder, node: LexborNode, _attributes: Attributes, context: Context
) -> Frame | None:
    """A code block, unless it is a box of something else."""
    if holds_another(node):  # a code block of WeChat's, pasted into another editor's
        return builder.group(node, context)
    if is_code_table(builder, node):
        read_code_table(builder, node, context)
        return None
    is_box = node.css_first(_BOX_OF_PROSE) is not None or any(map(_says_otherwise, node.traverse()))
    if is_box or _is_prose(node):
        said = looks_of(node.attributes.get("style") or "").keeps_lines
        return builder.group(node, context._replace(keeps_lines=said is not False))
    _add_code(builder, node, code_text(builder, node), context)
    return None


def _is_prose(node: LexborNode) -> bool:
    """Whether a <pre> holds words: no code in it, no font of code, but links, or mostly Han.

    With a sign of code in it, both; a link that leads nowhere is none.
    """
    if node.css_first("code, [class*=code], [style*=mono], [style*=onsolas]") is not None:
        return False
    if looks_of(node.attributes.get("style") or "").monospaced or code_language(node):
        return False
    shown = node.text()
    if _INDENTED.search(shown):
        return False
    is_han, leads = _is_han(shown), any(addresses_in(node))
    has_sign = _CODE_SIGNS.search("".join(shown.split())) is not None
    return is_han and leads if has_sign else is_han or leads


def is_code_table(builder: TreeBuilder, node: LexborNode) -> bool:
    """Whether a table, or a <pre> around one, sets the numbers of lines beside code."""
    table = node if node.tag == "table" else node.css_first("table")
    if table is None:
        return False
    head = islice(cells_of(table), _HEAD_OF_TABLE)
    is_numbered = any(_numbers_lines(builder, cell) for cell in head)
    return is_numbered and node.css_first(_BOX_OF_WORDS) is None


def _numbers_lines(builder: TreeBuilder, cell: LexborNode) -> bool:
    """Whether a cell holds the numbers of lines, which a style may write."""
    names = (cell.attributes.get("class") or "").split()
    if _NUMBERED.isdisjoint(names):
        return False
    return _NUMBERS.match(builder.said_by(cell)) is not None


def is_code_list(node: LexborNode) -> bool:
    """Whether a list numbers lines of code, as SyntaxHighlighter's does (`dp-c`, `dp-xml`)."""
    classes = node.attributes.get("class") or ""
    return _CODE_LIST.match(classes) is not None and node.css_first(_BOX_OF_PROSE) is None


def read_code_table(builder: TreeBuilder, node: LexborNode, context: Context) -> None:
    """Code with the numbers of its lines in cells beside it."""
    _add_code(builder, node, code_text(builder, node), context)


def _add_code(builder: TreeBuilder, node: LexborNode, text: str, context: Context) -> None:
    """A block of code; in a cell, its lines as inline code."""
    text = code_block(text)
    if not builder.cells:
        builder.leave_heading()
        if text:
            block = Element("pre", language=code_language(node))
            builder.drop_label(str(block.attrs["language"]))
            block.add(Words(text))
            builder.add_block(block)
        return
    for line in text.split("\n"):
        if line.strip():
            builder.add_ready("code", line.strip(), context)
        builder.add_break()
