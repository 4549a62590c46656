"""What goes with promotion although it differs from article to article.

Changing pictures, lists of links, an invitation before them. Every function is given one side of an
article (`Side`, from the edge inwards) and returns positions on it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.clean.promotion.blocks import Form, count_links
from crawler.clean.promotion.walks import CAPTION, Side
from crawler.clean.promotion.wordings import Sense

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_CLOSING = 2  # links that make a list at the end of an article
_INVITATION = 160  # characters
_CALL = 100  # characters of a call between promotion and the end

_LIST = frozenset({Form.EMPTY, Form.PICTURE, Form.LINKS})
_SLIGHT = _LIST | {Form.LINE}


class Ending(StrEnum):
    """How an account's articles end where the blocks themselves differ from article to article."""

    LINKS = "links"  # a list of its other articles
    PICTURES = "pictures"  # pictures behind the line that names the source


def changing_gaps(side: Side, reached: Sequence[int]) -> Iterator[tuple[str, str, int]]:
    """Yield each gap that may change: outer key ("" for the edge), inner key, blocks between."""
    for outer, inner in neighbours(reached):
        if may_change(side, outer, inner):
            yield (side[outer].key if outer >= 0 else "", side[inner].key, inner - outer - 1)


def neighbours(reached: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of neighbouring positions with something between them; the edge is -1."""
    return (
        (outer, inner)
        for outer, inner in zip([-1, *reached], reached, strict=False)
        if inner - outer > 1
    )


def may_change(side: Side, outer: int, inner: int) -> bool:
    """Whether everything between two positions is of a form that may differ by article."""
    between = side[outer + 1 : inner]
    if outer < 0:
        return all(block.form in _LIST for block in between)
    return all(
        block.form is Form.EMPTY
        or (not block.is_kept and (block.form in _SLIGHT or len(block.words) <= CAPTION))
        for block in between
    )


def calls_between(side: Side, outer: int, inner: int) -> list[int]:
    """In a tail, the calls, pictures and links between two positions that hold promotion."""
    return [
        index
        for index in range(outer + 1, inner)
        if side[index].form in _LIST
        or (side[index].is_call and not side[index].is_kept and len(side[index].words) <= _CALL)
    ]


def related_lists(side: Side, reached: Sequence[int]) -> set[int]:
    """In a tail, the lists of links and their headings, as far as promotion reaches."""
    taken: set[int] = set()
    for heading in range(_end_of_list(side, reached[-1]) if reached else 0):
        links = _run(side, heading - 1, -1) if side[heading].is_related else []
        if links:
            taken.update(links, [heading])
    return taken


def _end_of_list(side: Side, last: int) -> int:
    """The position after the heading of the list just inside `last`, or else the one after it."""
    links = _run(side, last + 1, 1)
    heading = last + 1 + len(links)
    return heading + 1 if heading < len(side) and side[heading].is_related else last + 1


def _run(side: Side, start: int, step: int) -> list[int]:
    """The positions of links and pictures from a start on."""
    positions = []
    position = start
    while 0 <= position < len(side) and side[position].form in _LIST:
        positions.append(position)
        position += step
    return positions


def ending(side: Side, shape: Ending) -> list[int]:
    """The positions of an ending of this shape, or none."""
    positions = _run(side, 0, 1)
    if shape is Ending.PICTURES:
        return positions if _stand_behind_source(side, positions) else []
    while positions and side[positions[-1]].form is not Form.LINKS:
        positions.pop()
    links = sum(
        max(1, count_links(side[index].text))
        for index in positions
        if side[index].form is Form.LINKS
    )
    return positions if links >= _CLOSING else []


def _stand_behind_source(side: Side, positions: Sequence[int]) -> bool:
    pictures = [index for index in positions if side[index].form is Form.PICTURE]
    return (
        bool(pictures)
        and len(positions) < len(side)
        and Sense.SOURCE in side[len(positions)].senses
    )


def invitations(side: Side, taken: Collection[int]) -> set[int]:
    """In a tail, the invitations to the account's circle, and their codes, before what is taken."""
    if not taken:
        return set()
    found: set[int] = set()
    pending: list[int] = []
    for index in range(max(taken) + 1, len(side)):
        pending.append(index)
        if len(side[index].words) <= _INVITATION and Sense.INVITATION in side[index].senses:
            found.update(pending)
            pending = []
        elif side[index].form not in _LIST:
            break
    return found
