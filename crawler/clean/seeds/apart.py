"""Signs of a document that no Markdown takes for marks, put aside while its marks are mended.

A page's older tool moved marks away from their words. In a document each stands where it belongs:
a star between two spaces is a sign, as in `5 * 3 * 2`, and so is what stands in a formula. Our own
documents hold both, and are the same text when they are read again.
"""

from __future__ import annotations

import re

from crawler.formulas import formulas_in

# where a line begins it is an item's mark
_STAR_ALONE = re.compile(r"(?<=\S)([ ]++)\*(?=[ ]|$)", re.MULTILINE)
# visible text has none of these; an underscore may be one that a tool escaped
_ASIDE = {ord("*"): "\ue010", ord("~"): "\ue011"}
_BACK = {ord(aside): chr(sign) for sign, aside in _ASIDE.items()}


def signs_apart(block: str) -> str:
    """A block of visible text with other characters in place of such signs."""
    if " *" in block:
        block = _STAR_ALONE.sub(rf"\1{_ASIDE[ord('*')]}", block)
    return _formulas_apart(block) if "$" in block else block


def signs_back(block: str) -> str:
    """The block with its signs where they stood."""
    return block if block.isascii() else block.translate(_BACK)


def _formulas_apart(block: str) -> str:
    parts = []
    index = 0
    for start, formula in formulas_in(block):
        inside = block[start : formula.end]
        parts += [block[index:start], inside if "\n" in inside else inside.translate(_ASIDE)]
        index = formula.end
    return "".join([*parts, block[index:]])
