"""SVG in copies: tools leave its tags, which Markdown does not know, around the words it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.seeds import replaced_outside_code, without_code

if TYPE_CHECKING:
    from crawler.clean.seeds import Found


def without_drawings(text: str) -> str:
    """The text with what its SVG shows, less their tags, of which most are of no other element.

    One that none ends is taken for words, as an author has it who speaks of one.
    """
    left = len(_END_OF_DRAWING.findall(without_code(text)))
    if not left:
        return text
    depth = 0

    def shown(found: Found) -> str:
        nonlocal depth, left
        if not found["svg"]:
            is_inside = depth and left
            return found[0] if not is_inside else " " * (not found["unshown"])
        if found[0].endswith("/>"):  # is empty
            return found[0]
        depth = max(0, depth - 1) if found[0][1] == "/" else depth + 1
        left -= found[0][1] == "/"
        return found[0]

    return replaced_outside_code(_OF_DRAWINGS, shown, text)


_END_OF_DRAWING = re.compile(r"</svg\b[^<>]*+>", re.IGNORECASE)
_OF_DRAWINGS = re.compile(
    r"(?P<svg></?svg\b[^<>]*+>)"
    r"|(?P<unshown><(?P<name>style|script|title|desc|metadata)\b[^<>]*+>[^<]*+</(?P=name)>)"
    r"|</?(?:foreignObject|rect|circle|ellipse|line|polyline|polygon|text|tspan|textPath|defs|use"
    r"|image|animate\w*+|set|clipPath|mask|marker|pattern|symbol|\w+?Gradient|stop|filter"
    r"|fe[A-Z]\w*+|switch)(?:\s[^<>]*+)?/?>",
    re.IGNORECASE,
)
