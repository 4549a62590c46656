"""A body, pruned: one walk over the article's container, from WeChat's nested decoration to a small tree.

Bodies nest sections and spans dozens deep (hostile ones tens of thousands), and nearly all of it is decoration. The
walk keeps its own stack, passes weight, slant, links and the like down to the texts, and builds only what Markdown
knows: paragraphs, headings, lists, quotes, tables, code, pictures. What it leaves out is counted by rule.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.code import code_block, code_language, code_text
from crawler.clean.links import safe_address
from crawler.clean.lists import name_bullets
from crawler.clean.paragraphs import Leaf, fill, fold
from crawler.clean.pictures import read_picture
from crawler.clean.runs import BOLD, ITALIC, STRIKE
from crawler.clean.styles import PLAIN, Looks, looks_of
from crawler.clean.tables import is_layout, square
from crawler.clean.tree import Element, Words
from crawler.clean.widgets import widget_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from selectolax.lexbor import LexborNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is left of a body: a small tree for markdownify, its pictures counted, and what was taken by which rule."""

    tree: Element
    image_count: int
    removed: Mapping[str, int]


class Context(NamedTuple):
    """What an element hands down to the texts in it."""

    style: int = 0
    raised: str = ""
    href: str = ""
    in_svg: bool = False  # where only <text> and <foreignObject> show words
    tiny: bool = False
    keeps_lines: bool = False  # line feeds count, as in the page data of galleries and text posts


DROPPED = {
    # element -> rule id. None of them shows text of the article.
    "script": "script", "style": "style", "noscript": "script", "template": "script", "head": "head",
    "title": "head", "meta": "head", "link": "head",
    "mp-style-type": "editor-mark",  # <mp-style-type data-value="3"> ends every body of the new editor
    "input": "control", "select": "control", "textarea": "control", "object": "control", "canvas": "control",
    "desc": "svg-note", "defs": "svg-note", "metadata": "svg-note",
    "rp": "ruby-bracket",
}  # fmt: skip

_STYLES = {
    "strong": BOLD, "b": BOLD, "em": ITALIC, "i": ITALIC, "del": STRIKE, "s": STRIKE, "strike": STRIKE,
}  # fmt: skip
_BLOCKS = frozenset(
    "address article aside body caption center dd details dialog div dl dt fieldset figcaption figure footer form "
    "header html legend main nav p section summary tbody td tfoot th thead tr table ul ol li blockquote pre".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MAX_CONTAINERS = 24  # lists, quotes and tables in one another; what is deeper is still read, but as plain paragraphs
_LONG_HEADING = 200  # characters; beyond, editors used a heading's element to style a paragraph
_UNSEEN = re.compile(
    "[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\x00-\x08\x0b\x0e-\x1f\x7f]"
    "|(?<![\u0600-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]"
)


class Frame(NamedTuple):
    """An element whose children are being read."""

    children: Iterator[LexborNode]
    context: Context
    close: Callable[[], None] | None


def prune_body(root: LexborNode, *, keeps_lines: bool = False) -> Body:
    """Walk over a container's children; the container's own style is not asked, for WeChat hides it until it loads."""
    walk = _Walk()
    frames = [Frame(root.iter(include_text=True), Context(keeps_lines=keeps_lines), None)]
    while frames:
        children, context, close = frames[-1]
        node = next(children, None)
        if node is None:
            frames.pop()
            if close:
                close()
        elif node.tag == "-text":
            walk.read_text(node.text_content or "", context)
        else:
            frame = walk.read_element(node, node.tag or "", context)
            if frame:
                frames.append(frame)
    walk.end_paragraph()
    walk.lower_headings()
    return Body(tree=walk.tree, image_count=walk.pictures, removed=dict(walk.removed))


class _Walk:
    """The tree so far, and the line that is being read."""

    def __init__(self) -> None:
        self.tree = Element("[document]")
        self.into = self.tree
        self.depth = 0
        self.leaves: list[Leaf] = []
        self.heading = 0
        self.headings: list[Element] = []
        self.cells = 0
        self.pictures = 0
        self.removed: Counter[str] = Counter()

    # Texts

    def read_text(self, text: str, context: Context) -> None:
        if context.in_svg:
            return
        if context.tiny:
            self.removed["hidden-tiny"] += bool(text.strip())
            return
        text = _UNSEEN.sub("", text)
        if context.keeps_lines and "\n" in text:
            first, *others = text.split("\n")
            self._add_text(first, context)
            for other in others:
                self.leaves.append(Leaf("break"))
                self._add_text(other, context)
        else:
            self._add_text(text, context)

    def _add_text(self, text: str, context: Context) -> None:
        if text:
            self.leaves.append(Leaf("text", text, context.style, context.raised, context.href))

    # Elements

    def read_element(self, node: LexborNode, tag: str, context: Context) -> Frame | None:
        """Take an element in; a frame, if its children are to be read."""
        if tag == "-comment":
            return None
        if tag in DROPPED:
            self.removed[DROPPED[tag]] += 1
            return None
        attributes = node.attributes
        style = attributes.get("style")
        looks = looks_of(style) if style else PLAIN
        if looks.hidden:
            self.removed[looks.hidden] += 1
            return None
        reader = _READERS.get(tag)
        if reader is None and "-" not in tag:
            return self._read_wrapper(node, tag, attributes, looks, context)
        if reader is None:
            reader = _Walk._read_widget
        return reader(self, node, attributes, _with_looks(context, looks))

    def _read_wrapper(
        self, node: LexborNode, tag: str, attributes: Mapping[str, str | None], looks: Looks, context: Context
    ) -> Frame | None:
        style = _STYLES.get(tag)
        if style:
            context = context._replace(style=context.style | style)
        if looks is not PLAIN:
            context = _with_looks(context, looks)
        if "data-formula" in attributes:
            return self._read_formula(attributes, context)
        if looks.picture and not looks.small:
            self._read_background(node, looks.picture, context)
        if tag in _BLOCKS:
            if looks.code and self._is_code(node):
                return self._read_pre(node, attributes, context)
            self.end_paragraph()
            return Frame(node.iter(include_text=True), context, self.end_paragraph)
        return Frame(node.iter(include_text=True), context, None)

    def _read_break(self, _node: LexborNode, _attributes: Mapping[str, str | None], _context: Context) -> None:
        self.leaves.append(Leaf("break"))

    def _read_rule(self, _node: LexborNode, _attributes: Mapping[str, str | None], _context: Context) -> None:
        self.end_paragraph()
        if not self.cells:
            self.into.add(Element("hr"))

    def _read_picture(self, _node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> None:
        picture = read_picture(attributes)
        if picture.rule:
            self.removed[picture.rule] += 1
        elif picture.instead:
            self._add_text(picture.instead, context)
        else:
            self._add_picture(picture.address, picture.alt, context)

    def _add_picture(self, address: str, alt: str, context: Context) -> None:
        self.pictures += 1
        self.leaves.append(Leaf("picture", address, context.style, "", context.href, alt))

    def _read_background(self, node: LexborNode, address: str, context: Context) -> None:
        if _shows_something(node):
            self.removed["background-behind-text"] += 1
            return
        picture = read_picture({"src": address})
        if picture.address:
            self._add_picture(picture.address, "", context)

    def _read_link(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> Frame:
        href = attributes.get("href") or ""
        address = safe_address(href)
        if href and not address and not href.startswith("#"):
            self.removed["link-unsafe"] += 1
        return Frame(node.iter(include_text=True), context._replace(href=address or context.href), None)

    def _read_raised(self, node: LexborNode, _attributes: Mapping[str, str | None], context: Context) -> Frame:
        return Frame(node.iter(include_text=True), context._replace(raised=node.tag or ""), None)

    def _read_heading(self, node: LexborNode, _attributes: Mapping[str, str | None], context: Context) -> Frame:
        self.end_paragraph()
        if self.cells or self.heading:
            return Frame(node.iter(include_text=True), context, self.end_paragraph)
        self.heading = _HEADINGS[node.tag or "h2"]
        return Frame(node.iter(include_text=True), context, self._end_heading)

    def _read_code(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> Frame | None:
        if node.css_first("img, table, ul, ol") is not None:
            return Frame(node.iter(include_text=True), context, None)
        text = code_text(node, end_lines=False)
        if text.strip().count("\n") > 0 and not self.cells and not self.heading:
            return self._read_pre(node, attributes, context)
        text = " ".join(text.split())
        if text:
            self.leaves.append(Leaf("code", text, context.style, context.raised, context.href))
        return None

    def _read_pre(self, node: LexborNode, _attributes: Mapping[str, str | None], context: Context) -> Frame | None:
        if not self._is_code(node):
            self.end_paragraph()
            return Frame(node.iter(include_text=True), context._replace(keeps_lines=True), self.end_paragraph)
        text = code_block(node)
        if self.cells:
            self._read_code_in_cell(text, context)
            return None
        self._leave_heading()
        if text:
            pre = Element("pre", language=code_language(node))
            pre.add(Words(text))
            self.into.add(pre)
        return None

    def _is_code(self, node: LexborNode) -> bool:
        """A <pre> with pictures or tables in it is an editor's box around prose."""
        return node.css_first("img, table, iframe, h1, h2, h3, h4") is None

    def _read_code_in_cell(self, text: str, context: Context) -> None:
        for line in text.split("\n"):
            if line.strip():
                self.leaves.append(Leaf("code", line.strip(), context.style))
            self.leaves.append(Leaf("break"))

    def _read_formula(self, attributes: Mapping[str, str | None], context: Context) -> None:
        tex = " ".join((attributes.get("data-formula") or "").split())
        if not tex:
            return
        if "block" in (attributes.get("data-formula-type") or "") and not (self.cells or self.heading):
            self.end_paragraph()
            self.leaves.append(Leaf("formula", f"$${tex}$$", context.style))
            self.end_paragraph()
        else:
            self.leaves.append(Leaf("formula", f"${tex}$", context.style))

    def _read_list(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> Frame:
        return self._read_container(node, context, Element(node.tag or "ul", start=attributes.get("start") or ""))

    def _read_item(self, node: LexborNode, _attributes: Mapping[str, str | None], context: Context) -> Frame:
        if self.into.name not in ("ul", "ol"):
            self.end_paragraph()
            return Frame(node.iter(include_text=True), context, self.end_paragraph)
        return self._read_container(node, context, Element("li"))

    def _read_quote(self, node: LexborNode, _attributes: Mapping[str, str | None], context: Context) -> Frame:
        return self._read_container(node, context, Element("blockquote"))

    def _read_table(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> Frame | None:
        if self.cells or is_layout(node):
            return self._read_wrapper(node, "table", attributes, PLAIN, context)
        return self._read_container(node, context, Element("table"))

    def _read_row(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> Frame | None:
        if self.into.name != "table":
            return self._read_wrapper(node, "tr", attributes, PLAIN, context)
        return self._read_container(node, context, Element("tr"))

    def _read_cell(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> Frame | None:
        if self.into.name != "tr":
            return self._read_wrapper(node, "td", attributes, PLAIN, context)
        cell = Element("td", colspan=attributes.get("colspan") or "", rowspan=attributes.get("rowspan") or "")
        frame = self._read_container(node, context, cell)
        self.cells += 1
        return frame

    def _read_svg(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> Frame | None:
        return self._read_wrapper(node, "section", attributes, PLAIN, context._replace(in_svg=True))

    def _read_svg_text(self, node: LexborNode, _attributes: Mapping[str, str | None], context: Context) -> Frame:
        self.end_paragraph()
        return Frame(node.iter(include_text=True), context._replace(in_svg=False), self.end_paragraph)

    def _read_svg_picture(self, _node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> None:
        address = attributes.get("href") or attributes.get("xlink:href") or ""
        self._read_picture(_node, {"src": address}, context)

    def _read_embed(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> None:
        """<embed> shows a formula as a picture, without its TeX."""
        self._read_picture(node, attributes, context)

    def _read_sticker(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> None:
        self._read_picture(node, attributes, context)

    def _read_reading(self, node: LexborNode, _attributes: Mapping[str, str | None], context: Context) -> Frame:
        """The reading of a character, in brackets behind it."""
        self._add_text("(", context)
        return Frame(node.iter(include_text=True), context, lambda: self._add_text(")", context))

    def _read_widget(self, node: LexborNode, attributes: Mapping[str, str | None], context: Context) -> Frame | None:
        widget = widget_of(node.tag or "", attributes)
        if widget is None:
            return self._read_wrapper(node, "span", attributes, PLAIN, context)
        words, address = widget.line(attributes)
        self.end_paragraph()
        if words or address:
            self.leaves.append(Leaf("text", words, 0, "", address))
            self.end_paragraph()
            self.removed[widget.id] += 1
        if widget.id == "widget-other":
            return Frame(node.iter(include_text=True), context, self.end_paragraph)
        return None

    # Containers

    def _read_container(self, node: LexborNode, context: Context, element: Element) -> Frame:
        """A list, an item, a quote, a table or a part of one; past the bound, and within cells, only its texts."""
        self._leave_heading()
        if self.cells or self.depth >= _MAX_CONTAINERS:
            return Frame(node.iter(include_text=True), context, self.end_paragraph)
        outer = self.into
        if outer.name in ("ul", "ol") and element.name != "li":
            outer = self._item_of(outer)
        outer.add(element)
        self.into = element
        self.depth += 1
        return Frame(node.iter(include_text=True), context, lambda: self._close(element, outer))

    def _item_of(self, items: Element) -> Element:
        """The item that what stands loose in a list belongs to: the last one."""
        if not items.contents:
            items.add(Element("li"))
        return items.contents[-1]  # type: ignore[return-value]

    def _close(self, element: Element, outer: Element) -> None:
        self.end_paragraph()
        if element.name == "td":
            self.cells -= 1
        if element.name == "table":
            square(element)
        if not element.contents and element.name != "td":
            outer.drop_last()
        elif element.name in ("ul", "ol"):
            name_bullets(element, str(element.attrs["start"]))
        self.into = element.parent  # type: ignore[assignment]
        self.depth -= 1

    # Paragraphs

    def end_paragraph(self) -> None:
        """Put the line that is being read into the tree; in a heading it goes on."""
        if not self.leaves:
            return
        if self.heading:
            self.leaves.append(Leaf("text", " "))
            return
        leaves, self.leaves = self.leaves, []
        if not any(leaf.shows for leaf in leaves):
            return
        for line in fold(leaves):
            self._add_block("p", line)

    def _leave_heading(self) -> None:
        """What no heading can hold ends it; its words so far are a paragraph."""
        self.heading = 0
        self.end_paragraph()

    def _end_heading(self) -> None:
        level, self.heading = self.heading, 0
        leaves, self.leaves = self.leaves, []
        pictures = [leaf for leaf in leaves if leaf.kind == "picture"]
        words = [leaf._replace(kind="text", text=" ") if leaf.kind in ("picture", "break") else leaf for leaf in leaves]
        for picture in pictures:
            self._add_block("p", [picture])
        for line in fold(words):
            long = sum(len(leaf.text) for leaf in line) > _LONG_HEADING
            self._add_block("p" if long or not level else f"h{level}", line)

    def _add_block(self, name: str, line: list[Leaf]) -> None:
        into = self._item_of(self.into) if self.into.name in ("ul", "ol") else self.into
        if into.name in ("table", "tr"):
            into = self.tree
        block = Element(name)
        fill(block, line)
        into.add(block)
        if name != "p":
            self.headings.append(block)

    def lower_headings(self) -> None:
        """Where a body has headings of the first level, which is the title's, all go one level down."""
        if any(heading.name == "h1" for heading in self.headings):
            for heading in self.headings:
                heading.name = f"h{min(6, int(heading.name[1]) + 1)}"


def _with_looks(context: Context, looks: Looks) -> Context:
    if looks is PLAIN:
        return context
    style = context.style
    if looks.bold is not None:
        style = style | BOLD if looks.bold else style & ~BOLD
    if looks.italic is not None:
        style = style | ITALIC if looks.italic else style & ~ITALIC
    if looks.struck:
        style |= STRIKE
    tiny = context.tiny if looks.tiny is None else looks.tiny
    raised = looks.raised or context.raised
    if style == context.style and tiny == context.tiny and raised == context.raised:
        return context
    return context._replace(style=style, tiny=tiny, raised=raised)


def _shows_something(node: LexborNode) -> bool:
    for seen, inner in enumerate(node.traverse(include_text=True)):
        if inner.tag == "img" or (inner.tag == "-text" and (inner.text_content or "").strip()):
            return True
        if seen > 200:
            return True
    return False


_READERS: dict[str, Callable[..., Frame | None]] = {
    "br": _Walk._read_break,
    "hr": _Walk._read_rule,
    "img": _Walk._read_picture,
    "a": _Walk._read_link,
    "sup": _Walk._read_raised,
    "sub": _Walk._read_raised,
    "code": _Walk._read_code,
    "kbd": _Walk._read_code,
    "samp": _Walk._read_code,
    "tt": _Walk._read_code,
    "pre": _Walk._read_pre,
    "ul": _Walk._read_list,
    "ol": _Walk._read_list,
    "li": _Walk._read_item,
    "blockquote": _Walk._read_quote,
    "table": _Walk._read_table,
    "tr": _Walk._read_row,
    "td": _Walk._read_cell,
    "th": _Walk._read_cell,
    "svg": _Walk._read_svg,
    "text": _Walk._read_svg_text,
    "foreignObject": _Walk._read_svg_text,
    "foreignobject": _Walk._read_svg_text,
    "image": _Walk._read_svg_picture,
    "embed": _Walk._read_embed,
    "mp-common-sticker": _Walk._read_sticker,
    "rt": _Walk._read_reading,
    "iframe": _Walk._read_widget,
    "video": _Walk._read_widget,
    "audio": _Walk._read_widget,
    "mpvoice": _Walk._read_widget,
    "mpvideo": _Walk._read_widget,
    "qqmusic": _Walk._read_widget,
    "mpproduct": _Walk._read_widget,
    "mpcps": _Walk._read_widget,
    **dict.fromkeys(_HEADINGS, _Walk._read_heading),
}
