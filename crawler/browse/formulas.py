"""Formulas, as browsers draw them by themselves.

A text holds TeX between signs of `$`. It is written out in MathML on the server, so that a page
needs no script, no font and no style of anybody's: KaTeX would need all three in the page, and its
policy would have to let them in. `math-core` (MIT, without dependencies) refuses what it does not
know, endless macros and nesting too; that is shown as the TeX that it is.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from math_core import LatexError, LatexToMathML

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.rules_inline import StateInline
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
_SIGN = ord("$")
# As the cleaner writes them; money, shell variables and prices are none.
_FORMULA = re.compile(r"(\$\$?)(?![\s$])([^$`]{1,4000}?)(?<![\s\\])\1(?![A-Za-z0-9$])")
_WORDS = re.compile(r"\\(?:text|mbox|mathrm|textbf|textit|tag)\s?\{[^{}]*\}")
_HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_TEX = re.compile(r"[\\^_{}=+<>|/*()\[\]-]|\A[A-Za-z]\Z|\A[\d.,%]+\Z")


def add_formulas(markdown: MarkdownIt) -> MarkdownIt:
    """Teach a parser formulas; returns the same parser."""
    markdown.inline.ruler.before("escape", "formula", _read_formula)
    markdown.inline.add_terminator_char("$")
    markdown.add_render_rule("formula", _render_formula)
    return markdown


def _read_formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- markdown-it's protocol
    if ord(state.src[state.pos]) != _SIGN or _follows_a_letter(state):
        return False
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if not match or not is_tex(match[2]):
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = match[2], match[1]
    state.pos = match.end()
    return True


def _follows_a_letter(state: StateInline) -> bool:
    before = state.src[state.pos - 1] if state.pos else ""
    return before in {"$", "\\"} or (before.isascii() and before.isalnum())


def is_tex(text: str) -> bool:
    """Whether what stands between two signs is a formula, and no text that only holds two."""
    return not _HAN.search(_WORDS.sub("", text)) and _TEX.search(text.strip()) is not None


def _render_formula(
    _renderer: RendererProtocol,
    tokens: list[Token],
    index: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    token = tokens[index]
    return formula_html(token.content, displayed=token.markup == "$$")


def formula_html(tex: str, *, displayed: bool = False) -> str:
    """A formula in MathML; its TeX in <code> where that cannot be. Never raises on any text."""
    plain = f"<code>{escape(tex)}</code>"
    if len(tex) > _LONGEST:
        return plain
    converter = LatexToMathML(fancy_error=False)  # which remembers what one before it defined
    try:
        return converter.convert_with_local_state(tex, displaystyle=displayed)
    except LatexError:
        return plain
