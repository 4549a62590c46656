"""Code within lines of Markdown: what looks like a table or a picture there is what it is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.seeds import lines_as_in

if TYPE_CHECKING:
    from collections.abc import Callable

# over lines, too, but never over an empty one
SPAN = (
    r"(?<![`\\])(?P<ticks>`++)"
    r"(?:[^`\n]++|\n(?![ \t]*+\n)|(?!(?P=ticks)(?!`))`++){1,500}+(?P=ticks)(?!`)"
)
_SPAN = re.compile(SPAN)


def beside_code(pattern: str) -> re.Pattern[str]:
    """A pattern that finds code spans as well, so that it finds nothing that begins in one."""
    return re.compile(f"(?P<span>{SPAN})|{pattern}")


def sub_beside_code(
    pattern: re.Pattern[str], write: Callable[[re.Match[str]], str], text: str
) -> str:
    """The text with what a pattern of `beside_code` finds written anew, code left as it is."""
    return pattern.sub(lambda match: match[0] if match["span"] else write(match), text)


def without_span_breaks(text: str) -> list[str]:
    """The lines of a text, of which a code span over several makes one."""
    return lines_as_in(_SPAN.sub(lambda span: " " * len(span[0]), text), text)
