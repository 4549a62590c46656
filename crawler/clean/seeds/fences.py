"""Code fences in a seed.

Which lines are code, and the fences that the older tool left empty, doubled or open.

Of 6,194 fences 688 are empty, 671 doubled (a `<pre>` within a `<pre>`), and some never end because
the seed was cut.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.clean.seeds.damage import EMPTY_FENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MARKS = r"(?:(?:[-+*]|[0-9]{1,9}[.)])[ ]+)"
_FENCE = re.compile(
    rf"(?P<indent>[ ]*)(?P<item>{_MARKS}*)(?P<ticks>`{{3,}}|~{{3,}})(?P<info>[^`\n]*)\Z"
)
_ITEM = re.compile(rf"[ ]*{_MARKS}+(?=\S)")
_BARE = "```"
_PICTURE = re.compile(
    r"[ ]*!\[[^\]\n]*\]\(https?://(?:mmbiz|mmecoa)\.qpic\.cn/[^()\s]+(?:[ ]+\"[^\"\n]*\")?\)[ ]*\Z"
)
_CODE_SIGN = re.compile(r"[;{}=<>$|`\\]")
_HAN = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{0,20}\Z")
_TOO_FAR = 4  # spaces; Markdown takes a line so far in for code
_CUT_MARK = "..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A run of lines that is code, its fences with it, or is not."""

    text: str
    is_code: bool


def split_fences(text: str, *, from_page: bool = True) -> tuple[list[Part], Mapping[str, int]]:
    """The parts of a text in order, and what was taken out, by rule; `from_page` as in `repair`."""
    if "```" not in text and "~~~" not in text:
        return [Part(text=text, is_code=False)], {}
    lines = text.split("\n")
    signed = ((index, line) for index, line in enumerate(lines) if "```" in line or "~~~" in line)
    fences = {index: match for index, line in signed if (match := _FENCE.match(line))}
    reading = _Reading(lines=lines, fences=fences, from_page=from_page)
    reading.read()
    return reading.parts, reading.removed


def _is_box(body: Sequence[str]) -> bool:
    """Whether what a `<pre>` held is a box of prose.

    A picture, which no program holds, and nothing that may be code.

    Only pictures that stand on WeChat's own host count, for another may be an example of Markdown.
    """
    lines = [line for line in body if line.strip()]
    words = [line for line in lines if not _PICTURE.match(line)]
    return len(words) < len(lines) and all(map(_is_chinese, words))


def _is_chinese(line: str) -> bool:
    return not _CODE_SIGN.search(line) and 2 * len(_HAN.findall(line)) >= len("".join(line.split()))


def _longest_tildes_below(fences: Mapping[int, re.Match[str]]) -> Mapping[int, int]:
    """For each fence the most tildes of a line below it that may close a block in no list."""
    most = 0
    below = {}
    for index, match in sorted(fences.items(), reverse=True):
        below[index] = most
        is_bare = not (match["item"] or match["info"].strip())
        if is_bare and match["ticks"][0] == "~" and match.end("indent") < _TOO_FAR:
            most = max(most, len(match["ticks"]))
    return below


@dataclass(slots=True, kw_only=True)
class _Reading:
    """The reading of one text, from its first line to its last.

    Whether a fence opens depends on all lines before it.
    """

    lines: Sequence[str]
    fences: Mapping[int, re.Match[str]]  # each line that would be one if it is not too far in
    from_page: bool
    parts: list[Part] = field(default_factory=list)
    removed: Counter[str] = field(default_factory=Counter)
    prose: list[str] = field(default_factory=list)
    column: int = 0  # where the text of the open list's item begins
    outer_end: int = -1
    closing_below: Mapping[int, int] = field(init=False)  # see `_longest_tildes_below`

    def __post_init__(self) -> None:
        self.closing_below = {} if self.from_page else _longest_tildes_below(self.fences)

    def read(self) -> None:
        index = 0
        has_deep_ones = any(match.end("indent") >= _TOO_FAR for match in self.fences.values())
        while index < len(self.lines):
            opening = self._fence(index) if index in self.fences else None
            if index == self.outer_end:
                index += 1
            elif opening and self._is_left_open(index, opening):
                escaped = "".join(f"\\{mark}" for mark in opening["ticks"])
                self.prose.append(opening["indent"] + escaped + opening["info"])
                index += 1
            elif not opening:
                self.prose.append(self.lines[index])
                if has_deep_ones:
                    self._follow_list(self.lines[index])
                index += 1
            elif index > self.outer_end and (outer_end := self._outer_end(index)):
                self.outer_end = outer_end
                index += 1
            else:
                self.column = opening.end("item") if opening["item"] else self.column
                end = self._closing(index, opening["ticks"])
                self._add_code(opening, self.lines[index + 1 : end])
                index = end + 1
        self._end_prose()

    def _follow_list(self, line: str) -> None:
        """Keep in mind how far in an item's text stands, for its fences stand there too."""
        item = _ITEM.match(line)
        if item:
            self.column = item.end()
        elif line and not line[0].isspace():
            self.column = 0

    def _end_prose(self) -> None:
        self.parts.append(Part(text="\n".join(self.prose), is_code=False))
        self.prose = []

    def _add_code(self, opening: re.Match[str], body: Sequence[str]) -> None:
        """A block, as far in as it was.

        A list's item may hold it, and Markdown takes its indent off each line.
        """
        if self.from_page and not opening["item"] and _is_box(body):
            self.prose += ("", *body, "")
            return
        self._end_prose()
        first, said = opening[0].rstrip(), opening["info"].strip()
        if not any(line.strip() for line in body) and not _LANGUAGE.match(said):
            # words on the fence's own line, by an author who took it for the code's
            indent = " " * opening.end("item")
            first, body = first[: opening.end("ticks")], [indent + said]
        if any(line.strip() for line in body):
            text = "\n".join((first, *body, " " * opening.end("item") + opening["ticks"]))
            self.parts.append(Part(text=text, is_code=True))
        else:
            self.removed[EMPTY_FENCE.id] += 1

    def _fence(self, index: int) -> re.Match[str] | None:
        """The line as a fence; one that is further in is code in a block, or text."""
        match = self.fences.get(index)
        if not match or self._is_drawn(match):
            return None
        return match if match.end("indent") < self.column + _TOO_FAR else None

    def _is_drawn(self, match: re.Match[str]) -> bool:
        """Whether an author drew a line of tildes.

        Of a page's code the older tool made blocks with backticks alone.
        """
        return self.from_page and match["ticks"][0] == "~"

    def _is_left_open(self, index: int, match: re.Match[str]) -> bool:
        """Whether a line of tildes in a document opens a block that none closes: a drawn one.

        Tools that escape no tilde leave it as it was. A text may be cut inside a block.
        """
        if self.from_page or match["ticks"][0] != "~" or match["item"] or self.column:
            return False
        said = match["info"].strip()
        if (said and _LANGUAGE.match(said)) or self.lines[-1].endswith(_CUT_MARK):
            return False
        return self.closing_below[index] < len(match["ticks"])

    def _closing(self, start: int, ticks: str) -> int:
        """The line that closes a fence.

        The end where none does, as in a seed that was cut inside it.
        """
        for index in range(start + 1, len(self.lines)):
            match = self._fence(index) if index in self.fences else None
            if (
                match
                and match["ticks"].startswith(ticks)
                and not (match["item"] or match["info"].strip())
            ):
                return index
        return len(self.lines)

    def _outer_end(self, first: int) -> int:
        """The line that ends the outer fence of a `<pre>` in a `<pre>`; 0 where `first` opens none.

            0  ```        <- first: opens the outer fence
            1
            2  ```        <- only blank lines before it, text right behind it: opens the inner one
            3  make test
            4  ```        <- closes the inner one
            5  prose, or more blocks
            6  ```        <- returned: 6

        All fences came out bare. Text never stands right behind a fence that closes, so line 2
        cannot close line 0.
        """
        inner = next(
            (index for index in range(first + 1, len(self.lines)) if self.lines[index].strip()),
            first,
        )
        if not (self._is_bare(first) and self._opens(inner)):
            return 0
        index = self._closing(inner, _BARE)
        if index == len(self.lines):
            return index if self.lines[-1].endswith(_CUT_MARK) else 0
        if not self.lines[index - 1].strip():
            return 0
        while (index := index + 1) < len(self.lines):
            fence = self._fence(index)
            if (
                fence
                and self._is_bare(index)
                and (self.lines[index - 1].strip() or not self._opens(index))
            ):
                break
            if fence:
                index = self._closing(index, fence["ticks"])
        return index

    def _is_bare(self, index: int) -> bool:
        return self._fence(index) is not None and self.lines[index].strip() == _BARE

    def _opens(self, index: int) -> bool:
        """Whether a bare fence has text right behind it, as far in."""
        if not self._is_bare(index) or index + 1 == len(self.lines):
            return False
        indent = self.lines[index].removesuffix(_BARE)
        following = self.lines[index + 1]
        return (
            following.startswith(indent)
            and bool(following.strip())
            and not self._is_bare(index + 1)
        )
