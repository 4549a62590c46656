"""Code as Markdown writes it: a span within a line, and a fence around a block."""

from __future__ import annotations

import re

_TICKS = re.compile(r"`+")


def code_span(text: str) -> str:
    """Inline code in as many backticks as it needs."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " ") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def code_fence(text: str, language: str = "") -> str:
    """A fenced block; the fence is longer than any run of backticks in it."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
