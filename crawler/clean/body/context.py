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
    codes: int = 0  # inline code around, each holding more than code
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
            _own(looks.tiny, self.tiny),
            _own(looks.white, self.white),
            _own(looks.transparent, self.transparent),
            _own(looks.unseen, self.unseen),
            self.backed or looks.backed,
            _own(looks.keeps_lines, self.keeps_lines),
            self.in_row,
            self.in_line,
            self.in_stack,
            self.codes,
            _size(self.size, looks.size),
            _own(looks.bold, self.looks_bold),
            _own(looks.centred, self.centred),
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


def _own(said: bool | None, handed_down: bool) -> bool:  # noqa: FBT001  (a style, and its default)
    """What an element says of itself, else what was handed down to it."""
    return handed_down if said is None else said


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
