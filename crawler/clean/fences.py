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
    return "\n".join((opening.strip(), *body, ticks))


def _undoubled(lines: list[str]) -> list[str]:
    """A fence right inside a fence is one: ``` blank ``` code ``` blank ``` is how a `<pre>` in a `<pre>` came out.

    Two empty fences around prose look alike, but there a blank line follows the second fence and precedes the third.
    """
    bare = [place for place, line in enumerate(lines) if line.strip() == "```"]
    dropped: set[int] = set()
    for first, second, third, fourth in zip(bare, bare[1:], bare[2:], bare[3:], strict=False):
        outer_blank = not any(lines[first + 1 : second]) and not any(lines[third + 1 : fourth])
        inner_tight = third - second > 1 and lines[second + 1].strip() and lines[third - 1].strip()
        if outer_blank and inner_tight and not dropped & {first, second, third, fourth}:
            dropped |= {first, fourth}
    return [line for place, line in enumerate(lines) if place not in dropped]
