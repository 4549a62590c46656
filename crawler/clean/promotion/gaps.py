"""What goes with promotion without repeating itself.

Changing pictures, lists of links, an invitation before them.

Every function is given an end of an article (`Line`, from the edge inwards) and answers in
positions on it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.clean.promotion.blocks import Form, count_links
from crawler.clean.promotion.walks import CAPTION, Line
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


def gaps(line: Line, reached: Sequence[int]) -> Iterator[tuple[str, str, int]]:
    """What changes between neighbours.

    The outer one's key ("" for the edge), the inner one's, how many blocks.
    """
    for outer, inner in neighbours(reached):
        if may_change(line, outer, inner):
            yield (line[outer].key if outer >= 0 else "", line[inner].key, inner - outer - 1)


def neighbours(reached: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pairs of neighbours with something between them; the edge is at -1."""
    return (
        (outer, inner)
        for outer, inner in zip([-1, *reached], reached, strict=False)
        if inner - outer > 1
    )


def may_change(line: Line, outer: int, inner: int) -> bool:
    """Whether all that stands between two neighbours is such as differs from article to article."""
    between = line[outer + 1 : inner]
    if outer < 0:
        return all(block.form in _LIST for block in between)
    return all(
        block.form is Form.EMPTY
        or (not block.is_kept and (block.form in _SLIGHT or len(block.words) <= CAPTION))
        for block in between
    )


def calls_between(line: Line, outer: int, inner: int) -> list[int]:
    """The calls, pictures and links that stand in a tail between promotion and more of it, or the end."""
    return [
        at
        for at in range(outer + 1, inner)
        if line[at].form in _LIST
        or (line[at].is_call and not line[at].is_kept and len(line[at].words) <= _CALL)
    ]


def related_lists(line: Line, reached: Sequence[int]) -> set[int]:
    """In a tail, the headings over lists of links with their lists, as far as promotion reaches."""
    taken: set[int] = set()
    for heading in range(_end_of_list(line, reached[-1]) if reached else 0):
        links = _run(line, heading - 1, -1) if line[heading].is_related else []
        if links:
            taken.update(links, [heading])
    return taken


def _end_of_list(line: Line, last: int) -> int:
    """Behind the heading of the list that stands directly inside a position, or else behind that position."""
    links = _run(line, last + 1, 1)
    heading = last + 1 + len(links)
    return heading + 1 if heading < len(line) and line[heading].is_related else last + 1


def _run(line: Line, start: int, step: int) -> list[int]:
    """The positions of links and pictures from a start on."""
    positions = []
    position = start
    while 0 <= position < len(line) and line[position].form in _LIST:
        positions.append(position)
        position += step
    return positions


def ending(line: Line, shape: Ending) -> list[int]:
    """The positions of an ending of this shape, or none."""
    positions = _run(line, 0, 1)
    if shape is Ending.PICTURES:
        return positions if _stand_behind_source(line, positions) else []
    while positions and line[positions[-1]].form is not Form.LINKS:
        positions.pop()
    links = sum(
        max(1, count_links(line[at].text)) for at in positions if line[at].form is Form.LINKS
    )
    return positions if links >= _CLOSING else []


def _stand_behind_source(line: Line, positions: Sequence[int]) -> bool:
    pictures = [at for at in positions if line[at].form is Form.PICTURE]
    return (
        bool(pictures)
        and len(positions) < len(line)
        and Sense.SOURCE in line[len(positions)].senses
    )


def invitations(line: Line, taken: Collection[int]) -> set[int]:
    """In a tail, invitations to the account's circle, with their codes, that stand directly before what is taken."""
    if not taken:
        return set()
    found: set[int] = set()
    pending: list[int] = []
    for at in range(max(taken) + 1, len(line)):
        pending.append(at)
        if len(line[at].words) <= _INVITATION and Sense.INVITATION in line[at].senses:
            found.update(pending)
            pending = []
        elif line[at].form not in _LIST:
            break
    return found
