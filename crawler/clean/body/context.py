"""What an element hands down to the texts in it, and an element whose children are being read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.body.styles import PLAIN, Looks
from crawler.clean.markdown import BOLD, ITALIC, STRIKE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from selectolax.lexbor import LexborNode

_BODY_SIZE = 16.0  # pixels, where nothing says another


class Context(NamedTuple):
    """What an element hands down to the texts in it."""

    style: int = 0
    raised: str = ""
    href: str = ""
    in_svg: bool = False  # where only <text> and <foreignObject> show words
    tiny: bool = False
    white: bool = False
    transparent: bool = False
    unseen: bool = False
    backed: bool = False  # something stands behind the text: a colour, a picture
    keeps_lines: bool = False  # line feeds count, as in a box of <pre> around prose
    in_row: bool = False  # the element around sets its children side by side
    in_line: bool = False  # and all of them are one line
    in_stack: bool = False  # the element around sets its children one below the other
    # how letters look, as `headings.TextLook` has it
    size: float = 0.0  # in pixels, where it is said
    looks_bold: bool = False  # as `style` says, and as headings are bold
    centred: bool = False
    boxed: bool = False
    colour: str = ""

    def under(self, looks: Looks) -> Context:
        """The context in an element of these looks."""
        if looks is PLAIN:
            return self
        return Context(
            _style(self.style, looks),
            looks.raised or self.raised,
            self.href,
            self.in_svg,
            self.tiny if looks.tiny is None else looks.tiny,
            self.white if looks.white is None else looks.white,
            self.transparent if looks.transparent is None else looks.transparent,
            self.unseen if looks.unseen is None else looks.unseen,
            self.backed or looks.backed,
            self.keeps_lines if looks.keeps_lines is None else looks.keeps_lines,
            self.in_row,
            self.in_line,
            self.in_stack,
            _size(self.size, looks.size),
            self.looks_bold if looks.bold is None else looks.bold,
            self.centred if looks.centred is None else looks.centred,
            self.boxed or looks.boxed,
            looks.colour or self.colour,
        )

    @property
    def hides_words(self) -> str:
        """The id of the rule by which words here are not seen, or the empty string."""
        if self.tiny:
            return "hidden-tiny"
        if self.unseen:
            return "hidden-visibility"
        if self.backed:
            return ""
        if self.transparent:
            return "hidden-transparent"
        return "hidden-white" if self.white else ""


def _size(around: float, said: float) -> float:
    """A size as said; below zero it is relative."""
    return said if said >= 0 and said else -said * (around or _BODY_SIZE) or around


def _style(style: int, looks: Looks) -> int:
    if looks.struck:
        style |= STRIKE
    if looks.bold is not None:
        style = style | BOLD if looks.bold else style & ~BOLD
    if looks.italic is not None:
        style = style | ITALIC if looks.italic else style & ~ITALIC
    return style


class Frame(NamedTuple):
    """An element whose children are to be read, and what is done once they are."""

    children: Iterator[LexborNode]
    context: Context
    close: Callable[[], object] | None = None
