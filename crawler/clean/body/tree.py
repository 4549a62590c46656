"""The small tree between a page and Markdown.

Elements that markdownify takes for BeautifulSoup's, without its cost.

BeautifulSoup threads every node into a document order that nobody here reads. These nodes know
their parent, their neighbours and their children, which is all that markdownify asks for; a body is
handed over without writing it as HTML and parsing it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Self, cast

from bs4.element import NavigableString, Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode


Attributes = Mapping[str, "str | None"]  # of an element of the page, as lexbor gives them


class Words(NavigableString):
    """A text; its neighbours are set when it is added to an element."""

    def __new__(cls, text: str) -> Self:
        """Make a text that stands nowhere yet."""
        return str.__new__(cls, text)


class Element(Tag):
    """An element with only what Markdown needs of it."""

    def __init__(self, name: str, **attributes: str) -> None:
        self.name = name
        self.attrs = dict(attributes)
        self.contents = []
        self.parent = None
        self.previous_sibling = None
        self.next_sibling = None
        self.hidden = False

    @property
    def children(self) -> Iterator[Element | Words]:
        """The nodes in this one, in order."""
        return iter(cast("list[Element | Words]", self.contents))

    @property
    def elements(self) -> list[Element]:
        """The elements in this one, where no words stand beside them: rows, cells, items."""
        return cast("list[Element]", self.contents)

    @property
    def around(self) -> Element:
        """The element that this one stands in; the root stands in none."""
        return cast("Element", self.parent)

    def add(self, node: Element | Words) -> None:
        """Put a node behind the others."""
        last = self.contents[-1] if self.contents else None
        node.parent = self
        node.previous_sibling = last
        node.next_sibling = None
        if last is not None:
            last.next_sibling = node
        self.contents.append(node)

    def add_before(self, node: Element, other: Element) -> None:
        """Put a node before the last one, which `other` is."""
        self.contents.pop()
        if self.contents:
            self.contents[-1].next_sibling = None
        self.add(node)
        self.add(other)

    def drop_last(self) -> None:
        """Take the last node out again."""
        self.contents.pop()
        if self.contents:
            self.contents[-1].next_sibling = None


def holds_another(node: LexborNode) -> bool:
    """Whether an element of the page holds another of its name.

    A selector also finds the element itself.
    """
    return any(child.css_first(node.tag or "*") is not None for child in node.iter())
