"""Code fences in a seed: which lines are code, and the fences that the older tool left empty, doubled or open.

Of 6,194 fences 688 are empty, 671 doubled (a `<pre>` within a `<pre>`), and some never end because the seed was cut.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_FENCE = re.compile(r"[ ]{0,3}(?P<ticks>`{3,}|~{3,})(?P<info>[^`\n]*)\Z")


_BARE = "```"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A run of lines that is code, its fences with it, or is not."""

    text: str
    is_code: bool


def split_fences(text: str) -> tuple[list[Part], Mapping[str, int]]:
    """The parts of a text in order, and what was taken out, by rule."""
    if "```" not in text and "~~~" not in text:
        return [Part(text=text, is_code=False)], {}
    lines = _undoubled(text.split("\n"))
    parts: list[Part] = []
    removed: Counter[str] = Counter()
    prose: list[str] = []
    place = 0
    while place < len(lines):
        opening = _FENCE.match(lines[place])
        if not opening:
            prose.append(lines[place])
            place += 1
            continue
        end = _closing(lines, place, opening["ticks"])
        parts.append(Part(text="\n".join(prose), is_code=False))
        prose = []
        body = lines[place + 1 : end]
        if any(line.strip() for line in body):
            parts.append(Part(text=_written(lines[place], body, opening["ticks"]), is_code=True))
        else:
            removed["line:empty-fence"] += 1
        place = end + 1
    parts.append(Part(text="\n".join(prose), is_code=False))
    return parts, removed


def _closing(lines: Sequence[str], start: int, ticks: str) -> int:
    """The line that closes a fence; the end where none does, as in a seed that was cut inside it."""
    for place in range(start + 1, len(lines)):
        match = _FENCE.match(lines[place])
        if match and match["ticks"].startswith(ticks) and not match["info"].strip():
            return place
    return len(lines)


def _written(opening: str, body: Sequence[str], ticks: str) -> str:
    """The block, as far in as it was: a list's item may hold it."""
    indent = opening[: len(opening) - len(opening.lstrip())]
    return "\n".join((opening.rstrip(), *body, f"{indent}{ticks}"))


def _undoubled(lines: list[str]) -> list[str]:
    """Lines without the outer fence of a `<pre>` in a `<pre>`, which came out as two fences to open and two to close.

    Of four bare fences the second opens, instead of closing the first, where the code follows it at once and nothing
    but blank lines stands between the two. The last closes the outer one: right behind the third, or, where the first
    two touch, behind whatever prose the outer one held.
    """
    bare = [place for place, line in enumerate(lines) if line.strip() == _BARE]
    dropped: set[int] = set()
    at = 0
    while at < len(bare):
        first, second, third, fourth = (*bare[at : at + 4], *[len(lines)] * 4)[:4]
        blank = not any(line.strip() for line in lines[first + 1 : second])
        tight = third < len(lines) and third - second > 1 and lines[second + 1].strip() and lines[third - 1].strip()
        closed = not any(line.strip() for line in lines[third + 1 : fourth]) and fourth < len(lines)
        if blank and tight and (closed or second == first + 1):
            dropped |= {first, fourth}
            at += 4
        else:
            at += 2
    return [line for place, line in enumerate(lines) if place not in dropped]
