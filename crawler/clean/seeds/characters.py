r"""Signs that a seed took over from its page as they were.

Some show nothing, some would be read as Markdown.

Counted over 12,685 bodies: non-breaking spaces in 46 %, zero-width marks in 6 %. The older tool
escaped `_` and `*` and nothing else, so that every other backslash is the author's own: of
`C:\{UUID}` and `\"` only half would show.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING
from urllib.parse import quote

from crawler.characters import visible

if TYPE_CHECKING:
    from collections.abc import Callable

_WIDE_SPACES = "\u00a0\u2002\u2003\u2007\u2009\u202f"
_WIDE_INDENT = re.compile(rf"\n[ \t]*[{_WIDE_SPACES}][ \t{_WIDE_SPACES}]*")
_SIGN_BEFORE_WIDE = re.compile(
    rf"(\n[ \t]*[0-9]{{0,9}})((?<=[0-9])[.)]|(?<![0-9])[-+])(?=[{_WIDE_SPACES}])"
)
_WIDE_IN_TARGET = re.compile(rf"\]\([^()\s]{{1,2000}}[{_WIDE_SPACES}][^()\s]{{0,2000}}\)")

_SPAN = r"(?<!`)(`++)(?:[^`\n]|(?!\1(?!`))`++){1,2000}+\1(?!`)"
_PROTECTED = re.compile(
    rf"{_SPAN}"
    # a tag inside makes it no target, unless all is one word
    r"|\]\((?:[^()\s]{0,2000}+\)|[^()\s<]{0,2000}+[^()\n<]{0,200}+\))|<https?://[^<>\s]{1,2000}+>"
)
_BACKSLASH = r"\\(?![_*])(?=[!-/:-@\[-`{-~\n]|\Z)"
_ENTITY = r"&(?=\#?[A-Za-z0-9]{1,31};)"
# apart, for a search that begins with one sign is quick
_LITERALS = (re.compile(_BACKSLASH), re.compile(_ENTITY))
_LITERAL = re.compile(f"{_BACKSLASH}|{_ENTITY}")

# A line that an author drew: the older tool fenced code with backticks alone.
_DRAWN = re.compile(
    r"^(?P<before>(?:[ >]|[-+*][ ]|[0-9]{1,9}[.)][ ])*+)(?P<tildes>~{3,}+)", re.MULTILINE
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
        text = outside_protected(text, lambda prose: _LITERAL.sub(r"\\\g<0>", prose))
    if "~~~" in text:
        text = _DRAWN.sub(_as_text, text)
    if any(space in text for space in _WIDE_SPACES):
        text = _WIDE_INDENT.sub("\n", f"\n{text}")  # four spaces would make code of it
        # `1.` and a wide space begin no list, and a plain one does
        text = _SIGN_BEFORE_WIDE.sub(r"\1\\\2", text)[1:]
        text = _WIDE_IN_TARGET.sub(lambda match: _with_quoted_spaces(match[0]), text)
    return _LINE_END.sub(_line_break, without_marks(text))


def _as_text(match: re.Match[str]) -> str:
    return match["before"] + "\\~" * len(match["tildes"])


def _line_break(match: re.Match[str]) -> str:
    text, end = match.string, match.start()
    line = text[text.rfind("\n", 0, end) + 1 : end]
    return "\n" if line[-1].isalpha() and len(line) > _WRAPPED else "  \n"


def _with_quoted_spaces(target: str) -> str:
    return "".join(
        quote(character) if character in _WIDE_SPACES else character for character in target
    )


# a code span, or fenced lines of a quote
_CODE = re.compile(
    rf"{_SPAN}"
    r"|^[ ]{0,3}>[> ]*+(`{3,}+|~{3,}+)[^\n]*+(?:\n[ ]{0,3}>(?![> ]*+\2)[^\n]*+)*+",
    re.MULTILINE,
)


def sub_beside_code(pattern: re.Pattern[str], by: str, text: str) -> tuple[str, int]:
    """The text with what a pattern finds written anew, but for what begins in code; how often."""
    spans = [match.span() for match in _CODE.finditer(text)] if "`" in text or "~~~" in text else []
    starts = [start for start, _ in spans]
    taken = 0

    def write(match: re.Match[str]) -> str:
        nonlocal taken
        before = bisect_right(starts, match.start())
        if before and match.start() < spans[before - 1][1]:
            return match[0]
        taken += 1
        return match.expand(by)

    return pattern.sub(write, text), taken


def outside_protected(text: str, mend: Callable[[str], str]) -> str:
    """The text with its prose mended: everything but code spans and link targets."""
    pieces = []
    index = 0
    for match in _PROTECTED.finditer(text):
        pieces += [mend(text[index : match.start()]), match[0]]
        index = match.end()
    pieces.append(mend(text[index:]))
    return "".join(pieces)
