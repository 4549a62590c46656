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

from crawler.clean.body.marks import is_mark, is_plain, text_of
from crawler.clean.body.paragraphs import Leaf

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    numbered: bool = False  # of the lines that look so, those that begin with a number
    beside_sentences: bool = False  # only where the text's paragraphs end in full stops
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
        id="title-boxed-centred",
        boxed=True,
        centred=True,
        coloured=True,
        longest=20,
        matches=("border:1px solid #7aa874;text-align:center;color:#4b7a47",),
        spares=("border:1px solid #7aa874;color:#4b7a47", "text-align:center;color:#4b7a47"),
        evidence="the thin frames and pills of 135editor, whose words are not bold",
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
    TitleLook(
        id="title-bold-numbered",
        bold=True,
        numbered=True,
        longest=30,
        matches=("font-weight:bold",),
        spares=("font-weight:normal", "font-weight:bold;font-size:13px"),
        evidence="一、 1、 （1） before bold words: so plain authors write, 20 on one page",
    ),
    TitleLook(
        id="title-coloured-numbered",
        bold=True,
        coloured=True,
        numbered=True,
        longest=80,
        matches=("font-weight:bold;color:#0090ff",),
        spares=("color:#0090ff", "font-weight:bold;color:#0090ff;font-size:12px"),
        evidence="the 34 questions of a test, up to 60 letters each, counted and in one colour",
    ),
    TitleLook(
        id="title-bold",
        bold=True,
        beside_sentences=True,
        longest=16,
        least=3,
        matches=("font-weight:bold",),
        spares=("font-weight:normal", "font-weight:bold;font-size:13px"),
        evidence="three bold lines and none a sentence, where the text has full stops",
    ),
)

_LIKE_ELEMENTS = TitleLook(
    id="title-like-elements",
    longest=40,
    least=1,
    matches=(),
    spares=(),
    evidence="styled paragraphs between the styled headings of one page, 14 of 26 titles",
)
"""What is asked of lines that look as a body's own heading elements do."""

NO_TITLE = re.compile(
    r".*[。，；、,;…：:!！][”’」』\"）)]{0,2}\Z"  # a sentence, or what announces the next
    r"|\W{0,2}(?:[问答][：:]|[QA][0-9]{0,2}[.．：:、])"
    r"|(?!.{0,3}[一二三四五六七八九十0-9])[^：:]{0,4}[：:].{12}"  # a field of a form
    r"|.{0,12}(?:@|https?://|www\.)"  # an address
    r"|\W{0,2}[0-9][0-9.,]{0,12}\s?(?:[%％万亿元人次家吨倍岁天年个+]{1,3})?\Z"  # a figure
    r"|(?:立即|马上|了解更多|查看更多|查看详情)"  # a button
    r"|(?:但|而|却|所以|于是|然而|不过|因此|直到|然后|其实|就这样)"  # goes on from what is before
    r"|\W*(?:来源|作者|编辑|责编|责任编辑|审核|审校|审稿|校对|排版|撰文|撰稿|摄影|供稿|监制|转自|记者"
    r"|文|图|图片|注|注释)(?:[\s丨|｜/：:·]|\Z)"  # a credit
    r"|\W*[图表]\s?[0-9一二三四五六七八九十]"  # a caption
    r"|\W*(?:点击|长按|扫码|(?:扫描|识别)(?:二维码|图中|[上下]方)|关注(?:我们|公众号|\Z)|订阅(?:我们|\Z)"
    r"|分享(?:到|给|\Z)|点赞|在看|转发|往期|推荐阅读|END|end|The End|未完)"
    r"|\W*(?:\d{4}年)?\d{1,2}月\d{1,2}日|[\W\d_]*\Z",
    re.DOTALL,
)
"""What no title says, however it looks: found among the lines of 150 pages read by eye."""
_NUMBER = re.compile(
    r"[（(【]?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:[、.．)）】]|\s)"
    r"|第[一二三四五六七八九十0-9]{1,3}[章节部步条]|[①-⑳]"
)
_GOES_ON = re.compile(r"[，、,]\Z")
_SENTENCE = re.compile(r"[。！？!?.…”」]\W{0,3}\Z")
_PROSE = 30  # letters between two titles, at least
_PARAGRAPH = 20  # letters of what may be asked whether it ends in a full stop
_SHORTEST = 2
_BODY_SIZE = 16.0  # pixels, where nothing says another


def find_titles(lines: Sequence[Line]) -> None:
    """Make headings of the lines that are titles by their looks.

    Where a body has two heading elements, its author knows them, and only what looks like those is
    a title beside them.
    """
    free = [line for line in lines if line.block.around.name == "[document]"]
    body = Body.of(free)
    looks = body.looks()
    if sum(line.block.name in HEADINGS for line in lines) > 1:
        _name_like_elements(lines, body, looks)
        return
    for rule in TITLE_LOOKS:
        for look in [look for look in looks if _fits(rule, look, body.look)]:
            titles = body.titles(looks[look], rule)
            for index in titles:
                free[index].block.name = _LEVEL
            if titles:
                del looks[look]
    _join_numbers(free)


def _name_like_elements(
    lines: Sequence[Line], body: Body, looks: Mapping[TextLook, Sequence[int]]
) -> None:
    """Lines that look as the heading elements do, where those were given a look of their own."""
    names: dict[TextLook, Counter[str]] = {}
    for line in lines:
        if line.block.name in HEADINGS and line.look.size and line.look.bold:
            names.setdefault(line.look, Counter())[line.block.name] += 1
    for look in names.keys() & looks.keys():
        titles = body.titles(looks[look], _LIKE_ELEMENTS)
        for index in titles:
            body.lines[index].block.name = names[look].most_common(1)[0][0]


class Body:
    """The lines that stand in nothing else, and what is asked of them again and again."""

    def __init__(self, lines: Sequence[Line], look: TextLook) -> None:
        self.lines = lines
        self.look = look  # of most letters
        self.words = [text_of(line.leaves).strip() for line in lines]
        self._letters = [0, *accumulate(map(len, self.words))]  # before each line

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Body:
        """A body by its lines."""
        return cls(lines, _body_look(lines))

    def looks(self) -> dict[TextLook, list[int]]:
        """Each look but that of most letters, and which lines have it."""
        indexes: dict[TextLook, list[int]] = {}
        for index, line in enumerate(self.lines):
            if line.look != self.look and line.block.name == "p" and self.words[index]:
                indexes.setdefault(line.look, []).append(index)
        return indexes

    def titles(self, members: Sequence[int], rule: TitleLook) -> list[int]:
        """Which lines of one look are titles by a rule; none where too few are."""
        members = self._whole(members)
        if rule.numbered:
            members = [index for index in members if _NUMBER.match(self.words[index])]
        titles = [index for index in members if self._may_be_title(index, rule)]
        enough = len(titles) >= max(rule.least, 0.8 * len(members))
        differ = len({self.words[index] for index in titles}) >= max(rule.least, 0.8 * len(titles))
        if not (enough and differ and self._stand_apart(titles)):
            return []
        plain = not (rule.larger or rule.boxed or rule.numbered or rule.coloured)
        if plain and self._below_pictures(titles):
            return []
        return titles if not rule.beside_sentences or self._has_sentences() else []

    def _whole(self, members: Sequence[int]) -> list[int]:
        """The members less those that go on in the next line: a title of two lines is no heading.

        A heading of Markdown is one line.
        """
        halves = {
            each
            for index, following in pairwise(members)
            if following == index + 1 and _GOES_ON.search(self.words[index])
            for each in (index, following)
        }
        return [index for index in members if index not in halves]

    def _may_be_title(self, index: int, rule: TitleLook) -> bool:
        text = self.words[index]
        return (
            _SHORTEST <= len(text) <= rule.longest
            and all(
                leaf.kind in ("text", "code") and not leaf.href for leaf in self.lines[index].leaves
            )
            and NO_TITLE.match(text) is None
        )

    def _stand_apart(self, titles: Sequence[int]) -> bool:
        """Whether text stands behind nearly each title."""
        ends = [*titles[1:], len(self.lines)]
        followed = sum(
            self._letters[end] - self._letters[start + 1] >= _PROSE
            for start, end in zip(titles, ends, strict=True)
        )
        return followed >= 0.75 * len(titles)

    def _below_pictures(self, titles: Sequence[int]) -> bool:
        """Whether nearly each line stands right below a picture, as captions do."""
        below = sum(index > 0 and _is_picture(self.lines[index - 1]) for index in titles)
        return below >= 0.8 * len(titles)

    def _has_sentences(self) -> bool:
        """Whether most paragraphs end in a full stop, so that a line without one is none."""
        prose = [text for text in self.words if len(text) >= _PARAGRAPH]
        return sum(_SENTENCE.search(text) is not None for text in prose) > 0.5 * len(prose)


def _is_picture(line: Line) -> bool:
    return all(leaf.kind == "picture" for leaf in line.leaves)


def _body_look(lines: Sequence[Line]) -> TextLook:
    """The look of most letters."""
    letters: Counter[TextLook] = Counter()
    for line in lines:
        letters[line.look] += len(text_of(line.leaves))
    return letters.most_common(1)[0][0] if letters else TextLook()


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


def _join_numbers(lines: Sequence[Line]) -> None:
    """A number that stands alone above a title goes into it."""
    for before, line in pairwise(lines):
        number = text_of(before.leaves).strip()
        beside = before.block.next_sibling is line.block
        alone = before.block.name == "p" and is_mark(number) and is_plain(before.leaves)
        if line.block.name in HEADINGS and beside and alone:
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
