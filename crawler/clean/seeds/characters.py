r"""Signs that a seed took over from its page as they were.

Some show nothing, some would be read as Markdown.

Counted over 12,685 bodies: non-breaking spaces in 46 %, zero-width marks in 6 %. The older tool
escaped `_` and `*` and nothing else, so that every other backslash is the author's own: of
`C:\{UUID}` and `\"` only half would show.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.characters import visible
from crawler.clean.seeds.spans import outside_protected, replaced_outside_code

if TYPE_CHECKING:
    from crawler.clean.seeds.spans import Found

_WIDE_SPACES = "\u00a0\u2002\u2003\u2007\u2009\u202f"
_WIDE_INDENT = re.compile(rf"\n[ \t]*[{_WIDE_SPACES}][ \t{_WIDE_SPACES}]*")
_SIGN_BEFORE_WIDE = re.compile(
    rf"(\n[ \t]*[0-9]{{0,9}})((?<=[0-9])[.)]|(?<![0-9])[-+])(?=[{_WIDE_SPACES}])"
)
_WIDE_IN_TARGET = re.compile(rf"\]\([^()\s]{{1,2000}}[{_WIDE_SPACES}][^()\s]{{0,2000}}\)")

_BACKSLASH = r"\\(?![_*])(?=[!-/:-@\[-`{-~\n]|\Z)"
_ENTITY = r"&(?=\#?[A-Za-z0-9]{1,31};)"
# apart, for a search that begins with one sign is quick
_LITERALS = (re.compile(_BACKSLASH), re.compile(_ENTITY))
_LITERAL = re.compile(f"{_BACKSLASH}|{_ENTITY}")

# A line that an author drew: the older tool fenced code with backticks alone. And a fence that is
# too far in for one: with its indent gone, all below it would be code.
_DRAWN = re.compile(
    r"^(?P<before>(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}[.)][ \t])*+)"
    r"(?P<marks>~{3,}+|`{3,}+(?=[^`\n]*+$))",
    re.MULTILINE,
)

# The older tool wrote `<br>` as two spaces and a line end, and then took the spaces off the ends of
# all lines.
_LINE_END = re.compile(
    r"\n(?<=[^\s|]\n)(?=[^\s#>|`~])(?!(?:[-+*]|[0-9]{1,9}[.)])\s|[-=]+[ ]*(?:\n|\Z))"
)
# characters; a longer line that ends in the midst of a sentence was wrapped by whoever wrote the
# page
_WRAPPED = 40


def without_marks(text: str) -> str:
    """The text less its marks that show nothing, every space a plain one."""
    for space in _WIDE_SPACES:
        text = text.replace(space, " ")
    return visible(text)


def as_code(text: str) -> str:
    """Code less its marks that show nothing; a non-breaking space is a plain one."""
    return visible(text).replace("\u00a0", " ")


def as_shown(text: str) -> str:
    """The prose of a page, so that Markdown shows what the page showed.

    No sign of its own is taken for a mark.
    """
    if any(literal.search(text) for literal in _LITERALS):
        text = outside_protected(text, lambda prose: _LITERAL.sub(r"\\\g<0>", prose), raw=True)
    if "~~~" in text or "```" in text:
        text = replaced_outside_code(_DRAWN, _as_text, text, raw=True)
    if any(space in text for space in _WIDE_SPACES):
        text = _WIDE_INDENT.sub("\n", f"\n{text}")  # four spaces would make code of it
        # `1.` and a wide space begin no list, and a plain one does
        text = _SIGN_BEFORE_WIDE.sub(r"\1\\\2", text)[1:]
        text = replaced_outside_code(_WIDE_IN_TARGET, _with_quoted_spaces, text)
    return _LINE_END.sub(_line_break, without_marks(text))


def _as_text(found: Found) -> str:
    return found["before"] + "".join(f"\\{mark}" for mark in found["marks"])


def _line_break(match: re.Match[str]) -> str:
    text, end = match.string, match.start()
    line = text[text.rfind("\n", 0, end) + 1 : end]
    return "\n" if line[-1].isalpha() and len(line) > _WRAPPED else "  \n"


def _with_quoted_spaces(target: Found) -> str:
    return "".join(
        quote(character) if character in _WIDE_SPACES else character for character in target[0]
    )
