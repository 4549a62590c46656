"""The small tree while it is being built.

The line that is read, the container it goes into, and what was left out.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from crawler.clean.body.context import Context, Frame
from crawler.clean.body.footnotes import link_footnotes
from crawler.clean.body.headings import (
    HEADINGS,
    Line,
    TextLook,
    demote_headings,
    drop_needless_bold,
    find_titles,
)
from crawler.clean.body.lists import marked_item, name_bullets, without_own_mark
from crawler.clean.body.marks import COPY_LABELS, LONGEST_MARK, UNREAD, is_mark, is_plain, text_of
from crawler.clean.body.paragraphs import (
    Leaf,
    apart_from_pictures,
    fill,
    to_paragraphs,
    with_dollars_escaped,
)
from crawler.clean.body.tables import square
from crawler.clean.body.tree import Element
from crawler.clean.markdown import BOLD

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborNode

    from crawler.clean.body.pictures import Picture

# lists, quotes and tables in one another; what is deeper is still read, but as plain paragraphs
_MAX_CONTAINERS = 24
_MAX_FILLED = 20_000  # empty cells of a body; a table of 100 rows and 100 columns has 10,000 in all
_MOST_AHEAD = 64 << 20  # letters that are looked at ahead: four times those of the largest page
_LOOKS = len(TextLook._fields)  # the last fields of a context
# Beyond so many characters, and beyond so many with a full stop among them, an editor used a
# heading's element to style a paragraph: a news digest of 2018 has each of its items in an <h2>.
_LONG_HEADING = 80
_LONG_SENTENCE = 40
# A letter alone may be one word's, as a capital that is set larger; figures, one number's.
_TWO_WORDS = re.compile(r"[A-Za-z0-9]{2}\n[A-Za-z]{2}|[A-Za-z]{2}\n[0-9]")


class TreeBuilder:
    """A body as far as it was read."""

    def __init__(self, root: int) -> None:
        self.root = root  # where in memory the container stands
        # the container's children, and whether anything coloured is in them
        self.coloured: dict[int, bool] = {}
        # boxes in a font of code, by where they stand, that hold what is no code
        self.no_code: set[int] = set()
        self.tree = Element("[document]")
        self.into = self.tree
        self.leaves: list[Leaf] = []
        self._words = ""  # of the line that is read, as far as they may be a mark
        self._looked = 0  # leaves of which these are
        self._unstyled = 0  # leaves of a mark, whose style was taken off
        self.pictures = 0
        self.players: set[str] = set()  # that scripts drew, by their names
        self.removed: Counter[str] = Counter()
        self.cells = 0  # table cells around what is read; one at most
        self._heading = 0  # level of the heading that is read, or 0
        self._lines: list[Line] = []
        self._looks: dict[tuple[Any, ...], int] = {}  # of the letters of the line that is read
        self._held = 0  # elements around what is read that do not end its line
        self._waits = False  # the line is a mark so far, and its words stand beside it
        self._apart = False  # a box in the line began or ended before what comes next
        self._marked = False  # the line is one by its style: its bullet is an item's
        self._depth = 0
        self._ahead = 0  # letters that were looked at ahead
        self._filled = 0  # cells that tables were filled with, to have as many in each row

    @property
    def in_line(self) -> bool:
        """Whether only what stands in one line has a place: in a cell, or in a heading."""
        return bool(self.cells or self._heading)

    def count(self, rule_id: str) -> None:
        """Count that the rule of this id took something."""
        self.removed[rule_id] += 1

    def said_by(self, node: LexborNode) -> str:
        """The words in an element, looked at ahead; UNREAD beyond so many letters of a body.

        Else elements within one another, of which each asks, would read all words in them.
        """
        if self._ahead > _MOST_AHEAD:
            return UNREAD
        words = node.text()
        self._ahead += len(words)
        return words

    def group(self, node: LexborNode, context: Context) -> Frame:
        """An element that is a paragraph, or holds some."""
        self.end_paragraph()
        return Frame(node.iter(include_text=True), context, self.end_paragraph)

    def styled_line(self, node: LexborNode, context: Context) -> Frame:
        """A piece of a line by its element, and a line of its own by its style."""
        self.end_paragraph()
        self._marked = True
        return self.group(node, context)

    def hold(self, node: LexborNode, inside: Context) -> Frame:
        """An element beside which others stand: whatever comes next goes on in its line."""
        self._held += 1
        return Frame(node.iter(include_text=True), inside, self._wait)

    def _wait(self) -> None:
        self._held -= 1
        words = self._first_words()
        self._waits = bool(words)
        if is_mark(words):
            self._marked = True
            new = self.leaves[self._unstyled :]
            self.leaves[self._unstyled :] = [leaf._replace(style=0) for leaf in new]
            self._unstyled = len(self.leaves)

    def _first_words(self) -> str:
        """The words of the line that is read, as far as they may be a mark: each is seen once."""
        while self._looked < len(self.leaves) and len(self._words) <= LONGEST_MARK:
            leaf = self.leaves[self._looked]
            self._looked += 1
            if leaf.shows:
                self._words += leaf.text
        return self._words

    def apart(self, node: LexborNode, inside: Context) -> Frame:
        """A box in a line: letters at its edges do not run together with those beside it."""
        self._apart = True
        return Frame(node.iter(include_text=True), inside, self.end_box)

    def end_box(self) -> None:
        """A box in the line ended, or begins."""
        self._apart = True

    @property
    def in_words(self) -> bool:
        """Whether words stand already in the line that is read."""
        return bool(self._first_words())

    def end_row(self) -> None:
        """End what is set side by side; a mark at its end stands alone."""
        self._waits = False
        self.end_paragraph()

    # What stands in a line

    def add_text(self, text: str, context: Context) -> None:
        """Words, as the page's source has them."""
        blank = text.isspace()
        if context.in_svg or (blank and not self.leaves and not context.keeps_lines):
            return
        if rule := context.hides_words:
            if not blank:
                self.count(rule)
            return
        if not blank:
            self._go_on()
            self._keep_apart(text)
            look = context[-_LOOKS:]
            self._looks[look] = self._looks.get(look, 0) + len(text)
        if context.keeps_lines and "\n" in text:
            for number, line in enumerate(text.split("\n")):
                if number:
                    self.add_break()
                self._add("text", line, context)
        else:
            self._add("text", text, context)

    def _add(self, kind: str, text: str, context: Context) -> None:
        self.leaves.append(Leaf(kind, text, context.style, context.raised, context.href))

    def _keep_apart(self, text: str) -> None:
        """A space between two words of letters where a box ends or begins."""
        before = self.leaves[-1].text if self._apart and self.leaves else ""
        self._apart = False
        if _TWO_WORDS.match(f"{before[-2:]}\n{text[:2]}"):
            self.leaves.append(Leaf("text", " "))

    def _go_on(self) -> None:
        """The words that a mark waited for."""
        if self._waits:
            self._waits = False
            self.leaves.append(Leaf("text", " "))

    def add_break(self) -> None:
        """A line break."""
        if not self._waits:
            self.leaves.append(Leaf("break"))

    def add_picture(self, picture: Picture, context: Context) -> None:
        """A picture; one that nobody sees is none."""
        if context.unseen:
            self.count("hidden-visibility")
            return
        self._waits = False
        self.pictures += 1
        leaf = Leaf("picture", picture.address, context.style, "", context.href, picture.alt)
        self.leaves.append(leaf._replace(large=picture.large))

    def add_ready(self, kind: str, text: str, context: Context) -> None:
        """Code or a formula, which is never escaped."""
        self._go_on()
        if kind == "code":
            self._keep_apart(text)
        self._add(kind, text, context)

    def tick(self, box: str) -> bool:
        """Put a box before an item; False where none begins here."""
        if self.into.name != "li" or self.into.contents or self.in_words:
            return False
        self.into.attrs["box"] = box
        return True

    # Paragraphs and headings

    def end_paragraph(self) -> None:
        """Put the line that is being read into the tree; in a heading it goes on."""
        if not self.leaves or self._waits or self._held:
            return
        if self._heading:
            self.leaves.append(Leaf("text", " "))
            return
        leaves, look, marked = self._take()
        for paragraph in to_paragraphs(leaves):
            lines = [paragraph] if self.cells else apart_from_pictures(paragraph)
            for line in lines:
                self._add_line("p", line, look, marked=marked)

    def _take(self) -> tuple[list[Leaf], TextLook, bool]:
        """What was read of a line, how most of it looks, and whether it may be a marked item."""
        looks = self._looks
        taken = self.leaves, TextLook(*max(looks, key=looks.__getitem__, default=()))
        marked, self._marked, self._waits = self._marked, False, False
        self.leaves, self._looks = [], {}
        self._words, self._looked, self._unstyled = "", 0, 0
        return *taken, marked

    def begin_heading(self, level: int) -> Callable[[], object]:
        """Read a heading; gives what ends it.

        A heading in a cell or in a heading is a paragraph.
        """
        self.end_row()
        if self.in_line:
            return self.end_paragraph
        self._heading = level
        return self._end_heading

    def leave_heading(self) -> None:
        """What no heading can hold ends it; its words so far are a paragraph."""
        self._heading = 0
        self.end_row()

    def _end_heading(self) -> None:
        level, self._heading = self._heading, 0
        leaves, look, _ = self._take()
        for picture in (leaf for leaf in leaves if leaf.kind == "picture"):
            self._add_line("p", [picture], look)
        words = [
            Leaf("text", " ") if leaf.kind in ("picture", "break") else leaf for leaf in leaves
        ]
        for line in to_paragraphs(words):
            prose = _reads_as_prose("".join(leaf.text for leaf in line))
            name = "p" if prose or not level else f"h{level}"
            self._add_line(name, line, look)

    def _add_line(
        self, name: str, line: list[Leaf], look: TextLook, *, marked: bool = False
    ) -> None:
        block = Element(name)
        item = marked_item(self._last(), line) if marked and not self.in_line else None
        if item:
            items, into, line = item
            if items.parent is None:
                self.add_block(items)
            into.add(block)
        else:
            if self.into.name == "li" and not self.into.contents:
                line = without_own_mark(line, self.into)
            self.add_block(block)
        self._lines.append(Line(block, line, look))

    def _last(self) -> object:
        return self.into.contents[-1] if self.into.contents else None

    def finish(self) -> None:
        """What can be done only when all was read.

        Footnotes find their addresses, titles and lists are known, lines are filled in.
        """
        self.end_row()
        link_footnotes([line.leaves for line in self._lines])
        demote_headings(self._lines)
        find_titles(self._lines)
        self._lower_headings()
        self._name_made_lists()
        formulas = any(leaf.kind == "formula" for line in self._lines for leaf in line.leaves)
        for line in self._lines:
            leaves = line.leaves
            if line.block.name in HEADINGS or line.block.around.attrs.get("header"):
                leaves = drop_needless_bold(leaves, BOLD)
            if formulas:
                leaves = with_dollars_escaped(leaves)
            fill(line.block, leaves)

    def _lower_headings(self) -> None:
        """Let no heading be of the first level, which is the title's.

        Where a body has such, all go one level down.
        """
        headings = [line.block for line in self._lines if line.block.name in HEADINGS]
        if any(heading.name == "h1" for heading in headings):
            for heading in headings:
                heading.name = f"h{min(6, int(heading.name[1]) + 1)}"

    def _name_made_lists(self) -> None:
        """Lists that were made of marked lines are whole only now."""
        items = (line.block.around for line in self._lines if line.block.around.name == "li")
        for made in {id(item.parent): item.around for item in items}.values():
            if "made" in made.attrs:
                name_bullets(made)

    def add_block(self, block: Element) -> None:
        """A block where blocks may stand: in a list's last item; before a table, not in it."""
        if self._waits:
            self.end_row()
        into = self._item_of(self.into) if self.into.name in ("ul", "ol") else self.into
        while into.name in ("table", "tr"):
            table, into = into, into.around
            if into.name not in ("table", "tr"):
                into.add_before(block, table)
                return
        into.add(block)

    def drop_label(self, language: str) -> None:
        """Take the lines before code out again that only name its language or offer to copy it."""
        labels = COPY_LABELS | {language} - {""}
        while self._lines and self._last() is self._lines[-1].block:
            line = self._lines[-1]
            said = text_of(line.leaves).strip().lower()
            if line.block.name != "p" or said not in labels or not is_plain(line.leaves):
                return
            self.into.drop_last()
            self._lines.pop()
            self.count("code-label")

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
        self.end_row()
        self.into = inside
        self._depth -= 1
        self.cells -= element.name == "td"
        if not element.contents and element.name != "td" and "box" not in element.attrs:
            element.around.drop_last()
        elif element.name == "table":
            self._filled += square(element, max(0, _MAX_FILLED - self._filled))
        elif element.name in ("ul", "ol"):
            name_bullets(element)


def _reads_as_prose(heading: str) -> bool:
    return len(heading) > _LONG_HEADING or (len(heading) > _LONG_SENTENCE and "。" in heading)
