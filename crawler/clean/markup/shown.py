"""What of HTML, or of Markdown with elements in it, a browser shows as words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNSHOWN = re.compile(r"<(/?)(?:script|style|svg|head|noscript|template)\b[^<>]*+>", re.IGNORECASE)
_BLOCK = re.compile(
    r"<(?=/?(?:p|div|section|br|li|h[1-6]|t[rdh]|blockquote|pre|figure|table)\b)", re.IGNORECASE
)


def shown_lines(html: str) -> str:
    """HTML less what nobody is shown, with each block on its line; elements and all."""
    return _BLOCK.sub("\n<", "".join(_outside_unshown(html)))


def _outside_unshown(html: str) -> Iterator[str]:
    depth, last = 0, 0
    for tag in _UNSHOWN.finditer(html):
        if not depth:
            yield html[last : tag.start()]
        depth = max(0, depth - 1) if tag[1] else depth + 1
        last = tag.end()
    yield "" if depth else html[last:]
