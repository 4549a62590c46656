"""The small tree while it is being built.

The line that is read, the container it goes into, and what was left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.body.footnotes import link_footnotes
from crawler.clean.body.paragraphs import Leaf, fill, fold
from crawler.clean.body.styles import PLAIN, Looks
from crawler.clean.body.tables import square
from crawler.clean.body.tree import Element
from crawler.clean.markdown import BOLD, ITALIC, STRIKE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

# lists, quotes and tables in one another; what is deeper is still read, but as plain paragraphs
_MAX_CONTAINERS = 24
# Beyond so many characters, and beyond so many with a full stop among them, an editor used a
# heading's element to style a paragraph: a news digest of 2018 has each of its items in an <h2>.
_LONG_HEADING = 120
_LONG_SENTENCE = 40


class Context(NamedTuple):
    """What an element hands down to the texts in it."""

    style: int = 0
    raised: str = ""
    href: str = ""
    in_svg: bool = False  # where only <text> and <foreignObject> show words
    tiny: bool = False
    white: bool = False
    backed: bool = False  # something stands behind the text: a colour, a picture
    keeps_lines: bool = False  # line feeds count, as in a box of <pre> around prose

    def under(self, looks: Looks) -> Context:
        """The context in an element of these looks."""
        if looks is PLAIN:
            return self
        style = self.style | (STRIKE if looks.struck else 0)
        if looks.bold is not None:
            style = style | BOLD if looks.bold else style & ~BOLD
        if looks.italic is not None:
            style = style | ITALIC if looks.italic else style & ~ITALIC
        tiny = self.tiny if looks.tiny is None else looks.tiny
        white = self.white if looks.white is None else looks.white
        raised, backed = looks.raised or self.raised, self.backed or looks.backed
        return Context(style, raised, self.href, self.in_svg, tiny, white, backed, self.keeps_lines)


class Frame(NamedTuple):
    """An element whose children are to be read, and what is done once they are."""

    children: Iterator[LexborNode]
    context: Context
    close: Callable[[], object] | None = None


def _reads_as_prose(heading: str) -> bool:
    return len(heading) > _LONG_HEADING or (len(heading) > _LONG_SENTENCE and "。" in heading)


class TreeBuilder:
    """A body as far as it was read."""

    def __init__(self, root: int) -> None:
        self.root = root  # where in memory the container stands
        # the container's children, and whether anything coloured is in them
        self.coloured: dict[int, bool] = {}
        self.tree = Element("[document]")
        self.into = self.tree
        self.leaves: list[Leaf] = []
        self.pictures = 0
        self.removed: Counter[str] = Counter()
        self.cells = 0  # table cells around what is read; one at most
        self._heading = 0  # level of the heading that is read, or 0
        self._lines: list[tuple[Element, list[Leaf]]] = []
        self._depth = 0

    @property
    def in_line(self) -> bool:
        """Whether only what stands in one line has a place: in a cell, or in a heading."""
        return bool(self.cells or self._heading)

    def count(self, rule_id: str) -> None:
        """Count that the rule of this id took something."""
        self.removed[rule_id] += 1

    def group(self, node: LexborNode, context: Context) -> Frame:
        """An element that is a paragraph, or holds some."""
        self.end_paragraph()
        return Frame(node.iter(include_text=True), context, self.end_paragraph)

    # What stands in a line

    def add_text(self, text: str, context: Context) -> None:
        """Words, as the page's source has them."""
        if context.in_svg or (not self.leaves and not context.keeps_lines and text.isspace()):
            return
        if context.tiny or (context.white and not context.backed):
            if not text.isspace():
                self.count("hidden-tiny" if context.tiny else "hidden-white")
            return
        if context.keeps_lines and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.add_break()
                self.leaves.append(Leaf("text", line, context.style, context.raised, context.href))
        else:
            self.leaves.append(Leaf("text", text, context.style, context.raised, context.href))

    def add_break(self) -> None:
        """A line break."""
        self.leaves.append(Leaf("break"))

    def add_picture(self, address: str, alt: str, context: Context) -> None:
        """A picture by its address."""
        self.pictures += 1
        self.leaves.append(Leaf("picture", address, context.style, "", context.href, alt))

    def add_ready(self, kind: str, text: str, context: Context) -> None:
        """Code or a formula, which is never escaped."""
        self.leaves.append(Leaf(kind, text, context.style, context.raised, context.href))

    # Paragraphs and headings

    def end_paragraph(self) -> None:
        """Put the line that is being read into the tree; in a heading it goes on."""
        if not self.leaves:
            return
        if self._heading:
            self.leaves.append(Leaf("text", " "))
            return
        leaves, self.leaves = self.leaves, []
        for line in fold(leaves):
            self._add_line("p", line)

    def begin_heading(self, level: int) -> Callable[[], object]:
        """Read a heading; gives what ends it.

        A heading in a cell or in a heading is a paragraph.
        """
        self.end_paragraph()
        if self.in_line:
            return self.end_paragraph
        self._heading = level
        return self._end_heading

    def leave_heading(self) -> None:
        """What no heading can hold ends it; its words so far are a paragraph."""
        self._heading = 0
        self.end_paragraph()

    def _end_heading(self) -> None:
        level, self._heading = self._heading, 0
        leaves, self.leaves = self.leaves, []
        for picture in (leaf for leaf in leaves if leaf.kind == "picture"):
            self._add_line("p", [picture])
        words = [
            Leaf("text", " ") if leaf.kind in ("picture", "break") else leaf for leaf in leaves
        ]
        for line in fold(words):
            prose = _reads_as_prose("".join(leaf.text for leaf in line))
            self._add_line("p" if prose or not level else f"h{level}", line)

    def _add_line(self, name: str, line: list[Leaf]) -> None:
        block = Element(name)
        self._lines.append((block, line))
        self.add_block(block)

    def finish(self) -> None:
        """What can be done only when all was read.

        Footnotes find their addresses, lines are filled in.
        """
        self.end_paragraph()
        link_footnotes([line for _, line in self._lines])
        self._lower_headings()
        for block, line in self._lines:
            fill(block, line)

    def _lower_headings(self) -> None:
        """Let no heading be of the first level, which is the title's.

        Where a body has such, all go one level down.
        """
        headings = [block for block, _ in self._lines if block.name != "p"]
        if any(heading.name == "h1" for heading in headings):
            for heading in headings:
                heading.name = f"h{min(6, int(heading.name[1]) + 1)}"

    def add_block(self, block: Element) -> None:
        """A block where blocks may stand: in a list, in its last item.

        In a table between cells, before the table.
        """
        into = self._item_of(self.into) if self.into.name in ("ul", "ol") else self.into
        while into.name in ("table", "tr"):
            into = into.around
        into.add(block)

    def _item_of(self, items: Element) -> Element:
        if not items.contents:
            items.add(Element("li"))
        return items.elements[-1]

    # Containers

    def open(self, node: LexborNode, context: Context, element: Element) -> Frame:
        """A list, an item, a quote, a table or a part of one.

        Past the bound, and in cells, only its texts.
        """
        self.leave_heading()
        if self.cells or self._depth >= _MAX_CONTAINERS:
            return Frame(node.iter(include_text=True), context, self.end_paragraph)
        outer = self.into
        if outer.name in ("ul", "ol") and element.name != "li":
            outer = self._item_of(outer)
        outer.add(element)
        inside, self.into = self.into, element
        self._depth += 1
        self.cells += element.name == "td"
        return Frame(node.iter(include_text=True), context, lambda: self._close(element, inside))

    def _close(self, element: Element, inside: Element) -> None:
        self.end_paragraph()
        self.into = inside
        self._depth -= 1
        self.cells -= element.name == "td"
        if not element.contents and element.name != "td":
            element.around.drop_last()
        elif element.name == "table":
            square(element)
        elif element.name in ("ul", "ol"):
            _name_bullets(element, str(element.attrs["start"]))


def _name_bullets(items: Element, start: str) -> None:
    """Give each item of a list its bullet or number.

    Two lists of one sort without anything between would be one list in Markdown, so the second
    takes the other mark.
    """
    before = items.previous_sibling
    other = (
        isinstance(before, Element)
        and before.name == items.name
        and before.attrs["mark"] in ("-", ".")
    )
    ordered = items.name == "ol"
    items.attrs["mark"] = (")" if other else ".") if ordered else ("*" if other else "-")
    first = int(start) if start.isdecimal() and len(start) < 9 else 1
    for number, item in enumerate(items.elements, first):
        item.attrs["bullet"] = f"{number}{items.attrs['mark']}" if ordered else items.attrs["mark"]
