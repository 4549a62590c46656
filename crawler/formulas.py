r"""Formulas in Markdown: TeX between signs of `$`, of which no sign is one of Markdown's.

Who draws none shows them as they are written: a reader that does not know them takes `*` for
emphasis, and the backslashes of `\\` and `\{` for those of Markdown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from crawler.dialect import TAG

if TYPE_CHECKING:
    from collections.abc import Iterator

# As the cleaner writes them; money, prices and what lies between two variables are none.
_FORMULA = re.compile(r"(\$\$?)(?![\s$_@])([^$`]{1,4000}?)(?<![\s\\])\1(?![A-Za-z0-9${_@])")
_LEADS_ON = re.compile(r"[-/:.,;=@|&]\Z")  # in a shell to what follows, as in $HOME/$(date)
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


class Formula(NamedTuple):
    """A formula where it stands: its TeX as its author typed it, its signs of `$`, and its end."""

    tex: str
    signs: str
    end: int


def formula_at(text: str, start: int, end: int) -> Formula | None:
    """The formula that begins at a `$`; None where none does, as at a price."""
    before = text[start - 1] if start else ""
    if before in {"$", "\\"} or (before.isascii() and before.isalnum()):
        return None
    match = _FORMULA.match(text, start, end)
    if not match or not _is_tex(match[2]):
        return None
    if text[match.end() : match.end() + 1] == "(" and _is_of_shell(match[2]):
        return None
    return Formula(_as_typed(match[2]), match[1], match.end())


def _is_of_shell(text: str) -> bool:
    """Whether what stands before `$(` is a command of a shell, or leads to the next one."""
    return text.startswith("(") or _LEADS_ON.search(text) is not None


def formulas_in(text: str) -> Iterator[tuple[int, Formula]]:
    """Each formula of a text behind where it begins."""
    start = text.find("$")
    while start >= 0:
        formula = formula_at(text, start, len(text))
        end = formula.end if formula else start + 1
        if formula:
            yield start, formula
        start = text.find("$", end)


def _is_tex(text: str) -> bool:
    """Whether what stands between two signs is a formula, and no text that only holds two."""
    if _HAN.search(_WORDS.sub("", text)) or _LINK.search(text) or TAG.search(text):
        return False
    return _TEX.search(text.strip()) is not None


def _as_typed(tex: str) -> str:
    """A formula without the escapes of the cleaner."""
    escapes = _IN_ROWS if _ROWS.search(tex) else _BY_CLEANER
    is_escaped = escapes.search(tex) and not _BY_TEX.search(tex)
    return _ESCAPED.sub(r"\1", tex) if is_escaped else tex
