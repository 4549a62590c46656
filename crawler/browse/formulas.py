"""Formulas, as browsers draw them by themselves.

A text holds TeX between signs of `$`. It is written out in MathML on the server, so that a page
needs no script, no font and no style of anybody's: KaTeX would need all three in the page, and its
policy would have to let them in. `math-core` (MIT, without dependencies) refuses what it does not
know, endless macros and nesting too; that is shown as the TeX that it is. So are brackets that none
closes, of which each doubles its time (28 take eight seconds), and what defines words of its own or
takes a command for a sign, which may hide them. Where more than a few are opened, all are drawn
with a size: nobody who reads no TeX can tell whether one is closed, and of those math-core looks
for no other.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from math_core import LatexError, LatexToMathML

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

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
_MOST_DRAWN = 100_000  # of one text; each takes up to twenty bytes of a page, and 500 of memory
_DRAWN = "drawn"
_MOST_OPEN = 8  # brackets that none closes; an author leaves one open, of an interval
_STEMS = (
    r"(?:paren(?:thesis)?|ang(?:le)?|Angle|floor|ceil|vert|Vert|group|moustache|[bB]race|[bB]rack"
    r"|bracket)"
)
_OPENING = "⌈⌊⌜⌞⎰❲⟅⟦⟨⟪⟬⟮⦃⦅⦇⦉⦋⦍⦏⦑⦓⦕⦗⧘⧚⧼"
_CLOSING = "".join(chr(ord(sign) + 1) for sign in _OPENING)
_BARE = r"\\(?:bra(?:ket)?|ket|Bra|Ket|Braket|[sS]et|p?mod|pod)(?![A-Za-z])(?!\s*+\{)"
_ITS_SIGN = rf"\s*+(?:\\?[^A-Za-z\s\\]|\\\\|(?!{_BARE})\\[A-Za-z]++)?+"
_BRACKET = re.compile(
    # one that has a size, or is one of a pair, is none that math-core looks for the other of; nor
    # is one in words, or around the number of a root
    rf"\\(?:left|right|middle|[bB]igg?[rm]?)(?![A-Za-z]){_ITS_SIGN}"
    r"|\\(?:text[a-z]*+|mbox)\s*+\{[^{}]*+\}|\\(?:sqrt|\\)\s*+\[[\w.+-]{0,20}+\]"
    rf"|(?P<sized>\\[bB]igg?)l(?![A-Za-z])(?P<sign>{_ITS_SIGN})|(?P<open>[(\[{_OPENING}]|\\\{{"
    rf"|\\(?:ll?{_STEMS}|[ul]lcorner|mathopen)(?![A-Za-z])|{_BARE})"
    rf"|(?P<close>[)\]{_CLOSING}]|\\\}}|\\(?:rr?{_STEMS}|[ul]rcorner)(?![A-Za-z]))|\\[^A-Za-z]"
)
_HIDES = re.compile(  # by words of its own, or as it takes but the name of what stands behind it
    r"\\(?:[gex]?def|let|\w*newcommand|providecommand|mathchoice)(?![A-Za-z])"
)
_REMARK = re.compile(r"(?<!\\)(?:\\\\)*+%")  # behind which TeX leaves out what an author typed


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
    env[_DRAWN] = env.get(_DRAWN, 0) + len(token.content)
    if env[_DRAWN] > _MOST_DRAWN:
        return _plain(token.content)
    return formula_html(token.content, displayed=token.markup == "$$")


def formula_html(tex: str, *, displayed: bool = False) -> str:
    """A formula in MathML; its TeX in <code> where that cannot be. Never raises on any text."""
    if len(tex) > _LONGEST or _REMARK.search(tex):
        return _plain(tex)
    opening, left = _brackets_of(tex)
    if left > _MOST_OPEN or _HIDES.search(tex):
        return _plain(tex)
    # whether each is closed where math-core looks for that, nobody who reads no TeX can tell
    drawn = _BRACKET.sub(_with_size, tex) if opening > _MOST_OPEN else tex
    converter = LatexToMathML(fancy_error=False)  # which remembers what one before it defined
    try:
        return converter.convert_with_local_state(drawn, displaystyle=displayed)
    except LatexError:
        return _plain(tex)


def _brackets_of(tex: str) -> tuple[int, int]:
    """How many brackets TeX opens, and how many none closes; any closes the last that is open."""
    opening = is_open = 0
    for bracket in _BRACKET.finditer(tex):
        opening += bool(bracket["open"] or bracket["sized"])
        if bracket["open"]:
            is_open += 1
        elif bracket["close"]:
            is_open = max(0, is_open - 1)
    return opening, is_open


def _with_size(bracket: re.Match[str]) -> str:
    """A bracket as one of which math-core does not look for the other."""
    if bracket["sized"]:
        return bracket["sized"] + bracket["sign"]
    return rf"\big{bracket[0]}" if bracket["open"] or bracket["close"] else bracket[0]


def _plain(tex: str) -> str:
    return f"<code>{escape(tex)}</code>"
