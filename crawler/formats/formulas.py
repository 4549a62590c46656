"""Formulas for a parser of Markdown: who draws none shows them as they are written."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from crawler.formulas import formula_at

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_SIGN = ord("$")


def keep_formulas(markdown: MarkdownIt) -> MarkdownIt:
    """Teach a parser formulas; returns the same parser."""
    markdown.inline.ruler.before("escape", "formula", _read_formula)
    markdown.inline.add_terminator_char("$")
    markdown.add_render_rule("formula", _show_formula)
    return markdown


def _read_formula(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 -- markdown-it's protocol
    if ord(state.src[state.pos]) != _SIGN:
        return False
    formula = formula_at(state.src, state.pos, state.posMax)
    if formula is None:
        return False
    if not silent:
        token = state.push("formula", "math", 0)
        token.content, token.markup = formula.tex, formula.signs
    state.pos = formula.end
    return True


def _show_formula(
    _renderer: RendererProtocol,
    tokens: list[Token],
    index: int,
    _options: OptionsDict,
    _env: EnvType,
) -> str:
    token = tokens[index]
    return escape(f"{token.markup}{token.content}{token.markup}")
