"""Numbers of readers and of likes, as tools and WeChat write them."""

from __future__ import annotations

import re

_COUNT = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,4}))?\s?([万wW]?)\+?\Z", re.ASCII)
_TEN_THOUSAND = 10_000


def read_count(words: str) -> int | None:
    """A count: 1,234, 1.2万, 10w+, 57.0; None where it is none."""
    match = _COUNT.match(words.replace(",", "").strip()[:20])
    if not match:
        return None
    whole, part, unit = match[1], match[2] or "", match[3]
    if unit:
        return int(whole) * _TEN_THOUSAND + int(f"{part:0<4}")
    return None if part.strip("0") else int(whole)
