"""Section titles that only look like titles, and heading elements that do not.

Two in three of WeChat's editors write no heading element: a section's title is a paragraph that is
larger, bold, centred, boxed or coloured, perhaps with `01` above it. Of 240 pages that nobody had
tuned to, 68 repeat such a look without one heading element, 377 titles in all. The other way round,
editors style captions and whole paragraphs with the element of a heading.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.body.marks import is_mark, text_of
from crawler.clean.body.paragraphs import Leaf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.clean.body.tree import Element

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LEVEL = "h2"  # of titles that are known by their looks


class TextLook(NamedTuple):
    """How most of a line's letters look; a size of 0 is one that nothing says."""

    size: float = 0.0
    bold: bool = False
    centred: bool = False
    boxed: bool = False
    colour: str = ""


@dataclass(slots=True)
class Line:
    """A block of one line as it was read."""

    block: Element
    leaves: list[Leaf]
    look: TextLook


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleLook:
    """A row: what sets a look apart from the text around it, and how long such a title may be."""

    id: str
    larger: float = 0.0  # pixels more than the text, at least
    bold: bool = False
    centred: bool = False
    boxed: bool = False
    coloured: bool = False
    longest: int
    least: int = 2  # how often the look must stand in a body
    matches: tuple[str, ...]  # styles of titles above text of 16 pixels
    spares: tuple[str, ...]
    evidence: str


TITLE_LOOKS = (
    TitleLook(
        id="title-larger",
        larger=1.5,
        longest=30,
        matches=("font-size:20px", "font-size:1.5em"),
        spares=("font-size:17px", "font-size:14px;font-weight:bold"),
        evidence="text of 15 or 16 pixels, titles of 17 to 24; a digest's lead is longer",
    ),
    TitleLook(
        id="title-boxed",
        boxed=True,
        bold=True,
        longest=26,
        matches=(
            "font-weight:bold;border-left:4px solid red",
            "font-weight:bold;background:#c00;color:#fff",
        ),
        spares=("border:1px solid red", "font-weight:bold;border:none"),
        evidence="a bar beside, a line below or a colour behind bold words, as templates have it",
    ),
    TitleLook(
        id="title-bold-centred",
        bold=True,
        centred=True,
        longest=26,
        matches=("font-weight:bold;text-align:center",),
        spares=("text-align:center", "font-weight:bold;text-align:left"),
        evidence="where the text itself is not centred",
    ),
    TitleLook(
        id="title-bold-coloured",
        bold=True,
        coloured=True,
        longest=26,
        matches=("font-weight:700;color:rgb(0,82,255)",),
        spares=("color:#c00", "font-weight:bold;font-size:12px;color:#888"),
        evidence="bold alone sets off a sentence; with the colour of the account it is a title",
    ),
)

NO_TITLE = re.compile(
    r".*[。，；、,;…：:!！]\Z"  # a sentence, or what announces the next
    r"|.{0,12}(?:[：:].{12}|@|https?://|www\.)"  # a field of a form, an address
    r"|\W*(?:图|表|注|来源|作者|编辑|责编|责任编辑|审核|审校|校对|排版|撰文|摄影|供稿|监制|转自|文丨|文/|图/|记者"
    r"|点击|长按|扫码|扫描|识别|关注|订阅|分享|点赞|在看|转发|往期|推荐阅读|END|end|The End|未完)"
    r"|\W*(?:\d{4}年)?\d{1,2}月\d{1,2}日|[\W\d_]*\Z",
    re.DOTALL,
)
"""What no title says, however it looks: found among the lines of 150 pages read by eye."""
_PROSE = 30  # letters between two titles, at least
_SHORTEST = 2
_BODY_SIZE = 16.0  # pixels, where nothing says another


def find_titles(lines: Sequence[Line]) -> None:
    """Make headings of the lines that are titles by their looks.

    Only where a body has fewer than two heading elements: with two, its author knows them.
    """
    if sum(line.block.name in HEADINGS for line in lines) > 1:
        return
    free = [line for line in lines if line.block.around.name == "[document]"]
    body = _body_look(free)
    letters = [0, *accumulate(len(text_of(line.leaves)) for line in free)]
    for look, members in _alike(free, body).items():
        rule = _rule_for(look, body)
        titles = [place for place in members if rule and _may_be_title(free[place], rule)]
        if rule and _stand_apart(free, titles, len(members), rule, letters):
            for place in titles:
                free[place].block.name = _LEVEL
    _join_numbers(free)


def _body_look(lines: Sequence[Line]) -> TextLook:
    """The look of most letters."""
    letters: Counter[TextLook] = Counter()
    for line in lines:
        letters[line.look] += len(text_of(line.leaves))
    return letters.most_common(1)[0][0] if letters else TextLook()


def _alike(lines: Sequence[Line], body: TextLook) -> dict[TextLook, list[int]]:
    """Each look but the body's, and which lines have it."""
    places: dict[TextLook, list[int]] = {}
    for place, line in enumerate(lines):
        if line.look != body and line.block.name == "p" and text_of(line.leaves).strip():
            places.setdefault(line.look, []).append(place)
    return places


def _rule_for(look: TextLook, body: TextLook) -> TitleLook | None:
    return next((rule for rule in TITLE_LOOKS if _fits(rule, look, body)), None)


def _fits(rule: TitleLook, look: TextLook, body: TextLook) -> bool:
    larger = look.size and look.size - (body.size or _BODY_SIZE)
    return (
        (not rule.larger or larger >= rule.larger)
        and (not rule.bold or (look.bold and not body.bold))
        and (not rule.centred or (look.centred and not body.centred))
        and (not rule.boxed or (look.boxed and not body.boxed))
        and (not rule.coloured or (look.colour not in ("", body.colour)))
        and larger > -1.5
    )


def _may_be_title(line: Line, rule: TitleLook) -> bool:
    text = text_of(line.leaves).strip()
    return (
        _SHORTEST <= len(text) <= rule.longest
        and all(leaf.kind == "text" and not leaf.href for leaf in line.leaves)
        and NO_TITLE.match(text) is None
    )


def _stand_apart(
    lines: Sequence[Line],
    titles: Sequence[int],
    members: int,
    rule: TitleLook,
    letters: Sequence[int],
) -> bool:
    """Whether most lines of a look may be titles, and text stands behind nearly each of them.

    `letters` counts those before each line.
    """
    if len(titles) < rule.least or len(titles) < 0.8 * members:
        return False
    if len({text_of(lines[place].leaves).strip() for place in titles}) < rule.least:
        return False
    ends = [*titles[1:], len(lines)]
    followed = sum(
        letters[end] - letters[start + 1] >= _PROSE for start, end in zip(titles, ends, strict=True)
    )
    return followed >= 0.75 * len(titles)


def _join_numbers(lines: Sequence[Line]) -> None:
    """A number that stands alone above a title goes into it."""
    for before, line in pairwise(lines):
        number = text_of(before.leaves).strip()
        beside = before.block.next_sibling is line.block
        if line.block.name in HEADINGS and beside and before.block.name == "p" and is_mark(number):
            # in the style of what it goes into, which is one then
            line.leaves[:0] = [Leaf("text", f"{number} ", line.leaves[0].style)]
            before.leaves.clear()


def demote_headings(lines: Sequence[Line]) -> None:
    """Make paragraphs of heading elements that are styled down to the text, or below it."""
    body = _body_look([line for line in lines if line.block.name == "p"])
    for line in lines:
        look = line.look
        small = look.size and look.size <= (body.size or _BODY_SIZE)
        if line.block.name in HEADINGS and small and not look.bold:
            line.block.name = "p"


def drop_needless_bold(leaves: list[Leaf], bold: int) -> list[Leaf]:
    """A heading's or a header cell's words, less a bold that is over all of them."""
    words = [leaf for leaf in leaves if leaf.shows and leaf.kind != "picture"]
    if not words or not all(leaf.style & bold for leaf in words):
        return leaves
    return [leaf._replace(style=leaf.style & ~bold) for leaf in leaves]
