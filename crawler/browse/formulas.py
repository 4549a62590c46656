"""Formulas, as browsers draw them by themselves.

A text holds TeX between signs of `$`. It is written out in MathML on the server, so that a page
needs no script, no font and no style of anybody's: KaTeX would need all three in the page, and its
policy would have to let them in. `math-core` (MIT, without dependencies) refuses what it does not
know, endless macros and nesting too; that is shown as the TeX that it is. It runs in a process of
its own, `crawler.browse.drawing`, which may hang or die of a formula: that is shown as it is, too,
and so is all that follows it in its text.
"""

from __future__ import annotations

import atexit
import re
from dataclasses import dataclass
from html import escape
from threading import Lock
from typing import TYPE_CHECKING

import math_core  # noqa: F401 -- the site needs it, though another process draws

from crawler.errors import CrawlerError
from crawler.processes import start

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

    from crawler.processes import Child

MATHML = {
    "math": {"display"},
    "mfrac": {"linethickness", "displaystyle", "scriptlevel"},
    "mi": {"mathvariant"},
    "mn": set[str](),
    "mo": {"stretchy", "fence", "separator", "form", "lspace", "rspace", "minsize", "maxsize"},
    "mover": {"accent"},
    "mpadded": {"width", "height", "depth", "lspace", "voffset"},
    "mphantom": set(),
    "mroot": set(),
    "mrow": set(),
    "mspace": {"width", "height", "depth"},
    "msqrt": set(),
    "mstyle": {"displaystyle", "scriptlevel"},
    "msub": set(),
    "msubsup": set(),
    "msup": set(),
    "mtable": {"displaystyle", "scriptlevel"},
    "mtd": {"columnspan", "rowspan"},
    "mtext": set(),
    "mtr": set(),
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
}
"""The elements of a formula and their attributes: nothing of it leads anywhere or runs."""

_LONGEST = 4_000  # characters of TeX
_MOST_DRAWN = 100_000  # of one text; each takes up to thirty bytes of a page, and 500 of memory
_PATIENCE = 0.5  # seconds of a processor, of one text: 5,000 times as much as most formulas take
_LEAST = 0.01  # seconds, below which the kernel counts none
_DRAWN = "drawn"
_DEFINES = re.compile(r"\\(?:[gex]?def|let|\w*newcommand|providecommand)(?![A-Za-z])")
_REMARK = re.compile(r"(?<!\\)(?:\\\\)*+%")  # behind which TeX leaves out what an author typed


@dataclass
class Allowance:
    """What the formulas of one text may take yet."""

    characters: int = _MOST_DRAWN
    seconds: float = _PATIENCE


class Drawer:
    """Draws formulas in a process of its own, which starts with the first. Threads take turns."""

    def __init__(self) -> None:
        self._child: Child | None = None
        self._turn = Lock()

    def draw(self, tex: str, allowance: Allowance, *, displayed: bool) -> str:
        """A formula in MathML, and its time off the allowance; "" where it cannot be drawn.

        One on which the process ends, or for which none can be started, takes all that is left.
        """
        if allowance.seconds < _LEAST:
            return ""
        with self._turn:
            try:
                mathml, seconds = self._answer(tex, allowance.seconds, displayed=displayed)
            except (CrawlerError, EOFError, OSError):
                self._end()
                mathml, seconds = "", allowance.seconds
            except BaseException:  # its answer would be taken for that to the next formula
                self._end()
                raise
        allowance.seconds -= seconds
        return mathml

    def _answer(self, tex: str, seconds: float, *, displayed: bool) -> tuple[str, float]:
        if self._child is None:
            self._child = start("crawler.browse.drawing", None)
            atexit.register(self._end)
        self._child.connection.send((tex, displayed, seconds))
        answer: tuple[str, float] = self._child.connection.recv()
        return answer

    def _end(self) -> None:
        child, self._child = self._child, None
        atexit.unregister(self._end)
        if child:
            child.kill()


_DRAWER = Drawer()


def add_formulas(markdown: MarkdownIt) -> MarkdownIt:
    """Teach a parser, which knows formulas, to draw them; returns the same parser."""
    markdown.add_render_rule("formula", _render_formula)
    return markdown


def _render_formula(
    _renderer: RendererProtocol,
    tokens: list[Token],
    index: int,
    _options: OptionsDict,
    env: EnvType,
) -> str:
    token = tokens[index]
    allowance = env.setdefault(_DRAWN, Allowance())
    return formula_html(token.content, allowance, displayed=token.markup == "$$")


def formula_html(tex: str, allowance: Allowance, *, displayed: bool = False) -> str:
    """A formula in MathML; its TeX in <code> where that cannot be. Never raises on any text."""
    allowance.characters -= len(tex)
    is_much = len(tex) > _LONGEST or allowance.characters < 0
    if is_much or _REMARK.search(tex) or _DEFINES.search(tex):
        return _plain(tex)
    return _DRAWER.draw(tex, allowance, displayed=displayed) or _plain(tex)


def _plain(tex: str) -> str:
    return f"<code>{escape(tex)}</code>"
