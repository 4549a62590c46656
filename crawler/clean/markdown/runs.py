"""Runs of styled text, joined to Markdown whose emphasis closes in every CommonMark renderer.

CommonMark opens `**` only where it is left-flanking and closes it only where it is right-flanking,
rules made for scripts with spaces: `**“重点”**内容` shows its asterisks, and so does
`**0****1**`. Here a line is a row of runs, each with the style it is to have. Runs of one style
are joined, empty ones dropped, spaces moved out, and so is punctuation beside which a marker would
not close. A pair that would not close even then is written as `<strong>`, `<em>` or `<del>`, which
always does.

One code serves both ways in: `body` joins what a page shows, `seeds/emphasis.py` mends the
Markdown of others.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.markdown.punctuation import outside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ITALIC = 1
BOLD = 2
STRIKE = 4

NESTING = (STRIKE, BOLD, ITALIC)  # from the outside in
ELEMENT = {STRIKE: "del", BOLD: "strong", ITALIC: "em"}
_MARKER = {STRIKE: "~~", BOLD: "**", ITALIC: "*"}
_LOOSE_BACKSLASH = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class Run(NamedTuple):
    """Inline Markdown of one style.

    A neutral run (a picture, a space) takes its neighbours' style, or none.
    """

    text: str
    style: int = 0
    neutral: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Runs that lead somewhere together; `target` is what stands between `](` and `)`."""

    runs: tuple[Run, ...]
    target: str


class _Marker(NamedTuple):
    """One end of a stretch of style, not yet spelled."""

    style: int
    opens: bool
    pair: int


LINE_BREAK = Run("  \n")


def join_runs(pieces: Iterable[Run | Link]) -> str:
    """The Markdown of some runs and links, each style opened and closed so that it renders.

    `LINE_BREAK` between runs breaks the line; no style is carried over it.
    """
    return "".join(_spell(_with_markers(_smooth(_without_links(list(pieces))))))


def _without_links(pieces: list[Run | Link]) -> list[Run]:
    """Each link as one run.

    What styles it shares with a neighbour go around it, all others inside.
    """
    runs = [
        piece if isinstance(piece, Run) else Run("", _common_style(piece.runs)) for piece in pieces
    ]
    for index, piece in enumerate(pieces):
        if isinstance(piece, Link):
            around = _style_beside(runs, index, -1) | _style_beside(runs, index, 1)
            outer = runs[index].style & around
            inner = [Run(run.text, run.style & ~outer, run.neutral) for run in piece.runs]
            runs[index] = Run(_linked(join_runs(inner), piece.target), outer)
    return runs


def _linked(text: str, target: str) -> str:
    """A link, with the spaces at its ends outside."""
    core = text.strip()
    if not core:
        return text
    before, _, after = text.partition(core)
    return f"{before}[{core}]({target}){after}"


def _common_style(runs: Sequence[Run]) -> int:
    styles = [run.style for run in runs if not _is_neutral(run)]
    common = STRIKE | BOLD | ITALIC if styles else 0
    for style in styles:
        common &= style
    return common


def _style_beside(runs: Sequence[Run], index: int, step: int) -> int:
    index += step
    while 0 <= index < len(runs):
        if runs[index] == LINE_BREAK:
            return 0
        if not _is_neutral(runs[index]):
            return runs[index].style
        index += step
    return 0


def _is_neutral(run: Run) -> bool:
    return run.neutral or run.text.isspace()


def _smooth(runs: list[Run]) -> list[Run]:
    """Spaces split off, and equal neighbours joined.

    A neutral run is given the style that both its neighbours share.
    """
    while True:
        parts = [part for run in runs for part in _split_spaces(run)]
        joined = _joined(_styled_neutrals(parts))
        smooth = _joined(_with_punctuation_outside(joined))
        # punctuation that went out may leave a space at the end of what stayed
        if smooth in (joined, runs):
            return smooth
        runs = smooth


def _joined(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of one style as one run."""
    return [
        Run("".join(run.text for run in group), style)
        for style, group in groupby(runs, key=attrgetter("style"))
    ]


def _with_punctuation_outside(runs: Sequence[Run]) -> Iterator[Run]:
    """The runs, with punctuation outside of a style whose marker would not hold beside it."""
    for index, run in enumerate(runs):
        before = runs[index - 1] if index else LINE_BREAK
        after = runs[index + 1] if index + 1 < len(runs) else LINE_BREAK
        opens, closes = run.style & ~before.style, run.style & ~after.style
        first, last = outside(
            run.text,
            start=bool(opens) and not _is_edge(before.text[-1], run.text[0]),
            end=bool(closes) and not _is_edge(after.text[0], run.text[-1]),
        )
        yield from (
            Run(text, style)
            for text, style in (
                (run.text[:first], run.style & ~opens),
                (run.text[first:last], run.style),
                (run.text[last:], run.style & ~closes),
            )
            if text
        )


def _is_edge(outer: str, inner: str) -> bool:
    """Whether a marker between these two characters opens or closes, in every renderer."""
    inside = _nature(inner)
    return inside == "letter" or (inside != "space" and _nature(outer) in ("space", "punctuation"))


def _split_spaces(run: Run) -> Iterator[Run]:
    if not run.style or run.neutral:
        if run.text:
            yield run
        return
    core = run.text.strip()
    if not core:
        if run.text:
            yield Run(run.text, neutral=True)
        return
    start = run.text.index(core[0])
    end = start + len(core)
    # at the end it would escape the marker that closes
    if _LOOSE_BACKSLASH.search(core) and end < len(run.text):
        end += 1
    if start:
        yield Run(run.text[:start], neutral=True)
    yield Run(run.text[start:end], run.style)
    if end < len(run.text):
        yield Run(run.text[end:], neutral=True)


def _styled_neutrals(parts: list[Run]) -> Iterator[Run]:
    ahead = [0] * (len(parts) + 1)
    for index in range(len(parts) - 1, -1, -1):
        ahead[index] = _style_passed_on(parts[index], ahead[index + 1])
    before = 0
    for index, part in enumerate(parts):
        if _is_neutral(part) and "\n" not in part.text:
            yield Run(part.text, before & ahead[index + 1])
        else:
            yield part
        before = _style_passed_on(part, before)


def _style_passed_on(part: Run, so_far: int) -> int:
    if not _is_neutral(part):
        return part.style
    return 0 if "\n" in part.text else so_far


def _with_markers(runs: list[Run]) -> list[str | _Marker]:
    """The texts with a marker wherever a style begins or ends, properly nested."""
    row: list[str | _Marker] = []
    open_markers: list[_Marker] = []
    pairs = 0
    ends = _ends_of_styles(runs)
    for index, run in enumerate((*runs, Run(""))):
        keep = _still_open(open_markers, run.style)
        row.extend(
            _Marker(style=marker.style, opens=False, pair=marker.pair)
            for marker in reversed(open_markers[keep:])
        )
        del open_markers[keep:]
        opened = sum(marker.style for marker in open_markers)
        begins = [style for style in NESTING if run.style & style & ~opened]
        # what goes on longest stands outside
        for style in sorted(begins, key=lambda style: -ends[style][index]):
            open_markers.append(_Marker(style=style, opens=True, pair=pairs))
            row.append(open_markers[-1])
            pairs += 1
        if run.text:
            row.append(run.text)
    return row


def _ends_of_styles(runs: Sequence[Run]) -> dict[int, list[int]]:
    """For each style and place, the place where a stretch of that style ends that holds it."""
    ends = {style: [0] * len(runs) for style in NESTING}
    for style, indexes in ends.items():
        end = len(runs)
        for index in range(len(runs) - 1, -1, -1):
            end = end if runs[index].style & style else index
            indexes[index] = end
    return ends


def _still_open(open_markers: Sequence[_Marker], style: int) -> int:
    """How many of the open markers, from the outside, the next run keeps open."""
    return next(
        (index for index, marker in enumerate(open_markers) if not marker.style & style),
        len(open_markers),
    )


def _spell(row: list[str | _Marker]) -> Iterator[str]:
    """The row as text.

    Markdown's markers where both ends of a pair hold, an HTML element where they do not.
    """
    in_html = _pairs_in_html(row)
    for item in row:
        if isinstance(item, str):
            yield item
        elif item.pair not in in_html:
            yield _MARKER[item.style]
        else:
            yield f"<{'' if item.opens else '/'}{ELEMENT[item.style]}>"


def _pairs_in_html(row: list[str | _Marker]) -> set[int]:
    """The pairs whose markers would not all open and close, or would be taken for others."""
    touching = list(_touching(row))
    times = Counter(touching)
    # `***` at one end only
    in_html = {italic for bold, italic in touching if times[bold, italic] == 1}
    for index, item in enumerate(row):
        if isinstance(item, _Marker) and not _holds(row, index, in_html, opens=item.opens):
            in_html.add(item.pair)
    return in_html


def _touching(row: list[str | _Marker]) -> Iterator[tuple[int, int]]:
    """(bold, italic) wherever the asterisks of two pairs touch."""
    for one, other in pairwise(row):
        if isinstance(one, _Marker) and isinstance(other, _Marker):
            pairs = {one.style: one.pair, other.style: other.pair}
            if BOLD in pairs and ITALIC in pairs:
                yield pairs[BOLD], pairs[ITALIC]


def _holds(row: list[str | _Marker], index: int, in_html: set[int], *, opens: bool) -> bool:
    """Whether a Markdown marker at this place would open, or close.

    Whatever the renderer takes a symbol for.
    """
    step = 1 if opens else -1
    inner = _neighbour(row, index, step, in_html)
    outer = _neighbour(row, index, -step, in_html)
    return _is_edge(outer, inner)


def _neighbour(row: list[str | _Marker], index: int, step: int, in_html: set[int]) -> str:
    """The character beside a marker; of several asterisks in a row, the one beside them all."""
    marker, index = row[index], index + step
    while 0 <= index < len(row):
        item = row[index]
        if isinstance(item, str):
            return item[0 if step > 0 else -1]
        if item.pair in in_html or STRIKE in (item.style, getattr(marker, "style", STRIKE)):
            return "*"
        index += step
    return "\n"


@lru_cache(maxsize=4096)
def _nature(character: str) -> str:
    """What a character is to the flanking rules: space, punctuation, symbol, or letter (all else).

    Symbols count as punctuation from CommonMark 0.31 on, and as letters before: neither is relied
    upon.
    """
    if character.isspace():
        return "space"
    category = unicodedata.category(character)
    if character in _ASCII_PUNCTUATION or category[0] == "P":
        return "punctuation"
    return "symbol" if category[0] == "S" else "letter"
