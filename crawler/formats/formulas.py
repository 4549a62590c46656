r"""Formulas in Markdown: TeX between signs of `$`, of which no sign is one of Markdown's.

Who draws none shows them as they are written: a parser that does not know them takes `*` for
emphasis, and the backslashes of `\\` and `\{` for those of Markdown.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from crawler.dialect import TAG

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_SIGN = ord("$")
# As the cleaner writes them; money, shell variables and prices are none.
_FORMULA = re.compile(r"(\$\$?)(?![\s$])([^$`]{1,4000}?)(?<![\s\\])\1(?![A-Za-z0-9$])")
_WORDS = re.compile(r"\\(?:text|mbox|mathrm|textbf|textit|tag)\s?\{[^{}]*\}")
_HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_LINK = re.compile(r"\]\((?:[a-z]+:|[/#])", re.IGNORECASE)
# Of TeX that an author typed as words the cleaner escaped the stars, the lines that begin no
# word's part, and the backslashes before signs; where TeX has a backslash before a sign of its own,
# or an even number of them before none, it was written to the letter. Two before a brace, a bar or
# the end of a cell may be the end of a row, where there are rows: but for braces that belong to one
# another, and for a sign that a word before it makes larger.
_ESCAPES = (
    r"\\[*~<]|\\\](?=[(\[])|(?<!\w)\\_|\\_(?!\w)|\\{3}(?:\\|(?=[\s0-9_]))"
    r"|\\\\[,;!%#]|\\(?:left|right|middle|[bB]igg?[lrm]?)[ ]?\\\\[{}|]"
)
_BY_CLEANER = re.compile(rf"(?<!\\)(?:{_ESCAPES}|\\\\[{{}}_&|])")
_GROUP = r"\{(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+\}"
_PAIR = rf"\\\\\{{(?:[^{{}}\\]++|\\(?!\\\}})|{_GROUP})*+(?<!\\)\\\\\}}"
_IN_ROWS = re.compile(rf"(?<!\\)(?:{_ESCAPES}|{_PAIR})")
_ROWS = re.compile(r"\\(?:begin|substack|[bpvBV]?matrix|cases)\s?\{")
_BY_TEX = re.compile(r"(?<!\\)(?:\\[{},;!&%#|]|(?<=\w)\\_(?=\w)|(?:\\\\)++(?=[\sA-Za-z0-9]))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TEX = re.compile(r"[\\^_{}=+<>|/*()\[\]-]|\A[A-Za-z]\Z|\A[\d.,%]+\Z")


def keep_formulas(markdown: MarkdownIt) -> MarkdownIt:
    """Teach a parser formulas; returns the same parser."""
    markdown.inline.ruler.before("escape", "formula", _read_formula)
    markdown.inline.add_terminator_char("$")
    markdown.add_render_rule("formula", _show_formula)
    return markdown


def _read_formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- markdown-it's protocol
    if ord(state.src[state.pos]) != _SIGN or _follows_a_letter(state):
        return False
    match = _FORMULA.match(state.src, state.pos, state.posMax)
    if not match or not is_tex(match[2]):
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = _as_typed(match[2]), match[1]
    state.pos = match.end()
    return True


def _follows_a_letter(state: StateInline) -> bool:
    before = state.src[state.pos - 1] if state.pos else ""
    return before in {"$", "\\"} or (before.isascii() and before.isalnum())


def is_tex(text: str) -> bool:
    """Whether what stands between two signs is a formula, and no text that only holds two."""
    if _HAN.search(_WORDS.sub("", text)) or _LINK.search(text) or TAG.search(text):
        return False
    return _TEX.search(text.strip()) is not None


def _as_typed(tex: str) -> str:
    """A formula without the escapes of the cleaner."""
    escapes = _IN_ROWS if _ROWS.search(tex) else _BY_CLEANER
    is_escaped = escapes.search(tex) and not _BY_TEX.search(tex)
    return _ESCAPED.sub(r"\1", tex) if is_escaped else tex


def _show_formula(
    _renderer: RendererProtocol,
    tokens: list[Token],
    index: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    token = tokens[index]
    return escape(f"{token.markup}{token.content}{token.markup}")
