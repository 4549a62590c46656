"""What goes with promotion although it differs from article to article.

Changing pictures, lists of links, an invitation before them. Every function is given one side of an
article (`Side`, from the edge inwards) and returns positions on it.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.clean.promotion.blocks import Block, Form, count_links, stem_of
from crawler.clean.promotion.senses import Sense
from crawler.clean.promotion.walks import CAPTION, Edge, Side

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_CLOSING = 2  # links that make a list at the end of an article
_INVITATION = 160  # characters
_CALL = 100  # characters of a call between promotion and the end

_CODES = 2  # pictures beside an appeal that may be codes to scan

_BLANK = frozenset({Form.EMPTY, Form.RULE})
_ABOUT = 7  # blocks that an account says of itself
_SUBJECT = 3  # letters of a name that a text begins with
_BEGINNING = 60  # characters of a text in which it says of what it tells
_PRESENTS = re.compile(
    r"成立|致力|专注|旗下|依托|获准|创办|创立|(?:是|作为).{0,40}(?:公司|团队|平台|实验室|机构|组织|社区|媒体)"
)
_INTRODUCTION = re.compile(r"\W{0,6}(?:团队|公司|实验室|企业|机构)(?:简介|介绍)\W{0,6}")
_TELLING = frozenset({Form.LINE, Form.PROSE, Form.PICTURE, Form.EMPTY})
_SHOWN = _BLANK | {Form.PICTURE}
_POINTS_ON = re.compile(r"下[方面图]|[↓⬇👇]")
_LIST = frozenset({Form.EMPTY, Form.PICTURE, Form.LINKS})
_SHOWING = frozenset({Form.PICTURE, Form.LINKS, Form.EMPTY, Form.ADDRESS})
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
    if not any(block.form in _SHOWING or block.is_call or block.is_related for block in between):
        return False  # plain words alone: an answer, a score, a line below the title
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
    innermost = reached[-1] if reached else -1
    for heading in range(_end_of_list(side, innermost)):
        links = _run(side, heading - 1, -1) if side[heading].is_related else []
        if any("](" in side[index].text for index in links):
            taken.update(links, [heading])
    return taken


def _end_of_list(side: Side, last: int) -> int:
    """The position after the heading of the list just inside `last`, or else the one after it.

    The editors' names and a notice may stand between.
    """
    start = last + 1
    while 0 < start < len(side) and side[start].is_signature:
        start += 1
    heading = start + len(_run(side, start, 1))
    return heading + 1 if heading < len(side) and side[heading].is_related else last + 1


def _run(side: Side, start: int, step: int) -> list[int]:
    """The positions of links and pictures from a start on."""
    positions = []
    position = start
    while 0 <= position < len(side) and side[position].form in _LIST:
        positions.append(position)
        position += step
    return positions


def endings(side: Side, shapes: Iterable[Ending]) -> set[int]:
    """The positions of the endings that an account's articles have."""
    return {index for shape in shapes for index in ending(side, shape)}


def ending(side: Side, shape: Ending) -> list[int]:
    """The positions of an ending of this shape, or none."""
    positions = _run(side, 0, 1)
    if shape is Ending.PICTURES:
        return positions if _stand_behind_source(side, positions) else []
    if _stand_under_heading(side, positions):
        return []
    while positions and side[positions[-1]].form is not Form.LINKS:
        positions.pop()
    links = sum(
        max(1, count_links(side[index].text))
        for index in positions
        if side[index].form is Form.LINKS
    )
    return positions if links >= _CLOSING else []


def _stand_under_heading(side: Side, positions: Sequence[int]) -> bool:
    """Whether a heading, a lead-in or 参考链接 makes a list of links the article's own."""
    if len(positions) >= len(side):
        return False
    block = side[len(positions)]
    return block.leads or Sense.SOURCE in block.senses or block.text.startswith("#")


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


def codes(side: Side, edge: Edge, reached: Sequence[int]) -> set[int]:
    """The pictures beside appeals: the code to scan, and the banner around a call to follow."""
    found: set[int] = set()
    for outer, inner in zip([-1, *reached], reached, strict=False):
        appeal = side[inner].appeal
        if not appeal and not (side[inner].is_call and edge is Edge.TAIL):
            continue
        between = range(outer + 1, inner)
        pictures = [index for index in between if side[index].form is Form.PICTURE]
        if all(side[index].form in _SHOWN for index in between) and len(pictures) <= _CODES:
            found.update(between)
        if appeal and appeal.shows_code and edge is Edge.TAIL:
            found.update(_code_before(side, inner))
    return found


def about(side: Side, account: str, reached: Sequence[int]) -> set[int]:
    """In a tail, what the account says of itself under a heading that names it, up to promotion."""
    start = reached[-1] + 1 if reached else 0
    for index, block in enumerate(side[start : start + _ABOUT], start):
        behind = side[start:index]
        if (
            _heads_about(block, account)
            or _describes(block, behind)
            or _introduces(block, behind, account)
        ):
            return set(range(start, index + 1))
        if block.is_topic or block.form not in _TELLING:
            break
    return set()


def _heads_about(block: Block, account: str) -> bool:
    if block.appeal:
        return block.appeal.id == "about-heading"
    stem = stem_of(account)
    is_titled = block.form is Form.LINE and block.words.startswith("关于")
    return is_titled and bool(stem) and stem in block.words


def _introduces(heading: Block, behind: Side, account: str) -> bool:
    """Whether a heading such as 团队介绍 stands over a text that names the account."""
    stem = stem_of(account)
    is_heading = _INTRODUCTION.fullmatch(heading.words) is not None
    return is_heading and bool(stem) and any(stem in block.words for block in behind)


def _describes(heading: Block, behind: Side) -> bool:
    """Whether a heading 关于 names who presents itself in the text right behind it."""
    subject = heading.words.removeprefix("关于")
    if heading.form is not Form.LINE or subject == heading.words or heading.text.startswith("#"):
        return False
    text = next((block for block in reversed(behind) if block.form not in _SHOWN), None)
    if text is None:
        return False
    begins = text.words[:_BEGINNING]
    names = subject[:_SUBJECT] in begins or subject[-_SUBJECT:] in begins
    return names and _PRESENTS.search(begins) is not None


def _code_before(side: Side, index: int) -> list[int]:
    """The picture that stands directly inside an appeal that has none behind it."""
    before = index + 1
    if index and side[index - 1].form is Form.PICTURE:
        return []
    if _POINTS_ON.search(side[index].words) or before >= len(side):
        return []
    return [before] if side[before].form is Form.PICTURE else []


def pointed_at(side: Side, edge: Edge) -> set[int]:
    """In a tail, the pictures under words that point to them: 请见下图."""
    found: set[int] = set()
    pictures: list[int] = []
    if edge is not Edge.TAIL:
        return found
    for index, block in enumerate(side):
        if block.form in _SHOWN:
            pictures.append(index)
            continue
        if block.is_pointer:
            found.update(pictures)
        pictures = []
    return found


def orphans(side: Side, taken: Collection[int], *, has_company: bool = False) -> set[int]:
    """What would be left at the edge and means nothing without what is taken.

    A rule, an end mark, a heading over a list that is gone.
    """
    found: set[int] = set()
    if not (taken or has_company):
        return found
    for index, block in enumerate(side):
        if index in taken:
            continue
        if block.form not in _BLANK and not block.is_related and not block.is_end:
            break
        found.add(index)
    return found
