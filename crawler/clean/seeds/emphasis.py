"""Emphasis of others, mended.

Markdown as the seeds hold it, with markers split, doubled, or unable to close.

The tool that made the seeds wrote `**0****1**`, `**支持「****读书圈」**` and `**“重点”**内容`, and
43 of 100 of its articles show asterisks. The markers still tell what was bold; `runs.py` writes it
again so that it closes.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.clean.markdown import (
    BOLD,
    ELEMENT,
    ITALIC,
    LINE_BREAK,
    NESTING,
    STRIKE,
    Run,
    join_runs,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TOKEN = re.compile(
    r"""(?P<atom>\\(?![ ]*+\n)[^\n] | \]\([^()\n]*\)   # escapes, targets of links
              | <[^<>\s]*>)                                # elements
      # of a number that is masked: no two words that are emphasized have so many between them
      | (?P<mask>(?<=1[0-9]{2})(?<![0-9*]1[0-9]{2})\*{4}(?=[0-9]{4}(?![0-9*]))
              | (?<=[0-9A-Za-z])(?<!\*)\*{7,}(?=[0-9A-Za-z]))
      | (?P<ticks>`+) | (?P<stars>\*+) | (?P<waves>~~) | (?P<newline>(?:\\|[ ]*)\n[ ]*)
      | (?P<text>(?:[^\\\]<`*~\n ]++ | [ ]++(?!\n))++ | .)""",
    re.VERBOSE,
)
_TAGS = {
    f"<{slash}{name}>": (style, not slash) for style, name in ELEMENT.items() for slash in ("", "/")
}
_BEFORE_TEXT = re.compile(
    r"(?:[ \t]*(?:>|[-*+](?=\s|\Z)|[0-9]{1,9}[.)](?=\s)|#{1,6}(?=\s)))*(?:[ \t]+(?=\S))?"
)
_RULE = re.compile(r"[ \t]*(?:\*[ \t]*){3}(?:[ \t]+\*|\Z)")
_WORDS = r"[^*~<`\\\n\]]"
_BESIDE = r"[^\s，。：；！？、（）《》“”‘’【】—…·,.:;!?()\"']"
SETTLED = re.compile(
    rf"{_WORDS}*+(?:"
    rf"(?:(?<!{_BESIDE})|(?=\*+[^\W_]))(?P<mark>\*\*?+)(?=[^\s*]){_WORDS}++"
    rf"(?:(?<=[^\W_])(?P=mark)|(?<=\S)(?P=mark)(?!{_BESIDE}))(?!\s*\*){_WORDS}*+)+"
    rf"|\*{{3}}[^\W_](?:{_WORDS}*+(?<=[^\W_]))\*{{3}}"
)
"""A line of words with bold or italic ones whose markers close as they stand.

`mend_emphasis` gives it back unchanged.

Two in three of the lines with `**` in seeds are such, and matching costs a tenth of mending.
"""
_ALL_BOLD = re.compile(r"\*\*((?:[^*\n]|\*(?!\*))+)(?<![#\\])\*\*\Z")


def mend_emphasis(text: str) -> str:
    """Markdown with the emphasis of its maker's intent.

    Every `**` and `*` either renders or is gone.

    `text` is one line, or the lines of one paragraph; never code. Markers are taken in pairs from
    the left, whatever CommonMark makes of them; `****` joins what it separates; of an odd number
    the last `**` is dropped, and an odd `*` or `~~` is kept as characters. What was mended once is
    not changed again.
    """
    mended = text
    for _ in range(_MOST_LOOKS):
        before, mended = mended, _mended_once(mended)
        # more of them than before are those that a marker kept two apart, as in `~**~`
        if not any(mended.count(mark) > before.count(mark) for mark in ("~~", "``")):
            return mended
    return text


_MOST_LOOKS = 10  # at one text; what needs more was made to, and stays as it is


def _mended_once(text: str) -> str:
    if not _may_hold_emphasis(text) or _RULE.match(text) or SETTLED.fullmatch(text):
        return text
    start = _BEFORE_TEXT.match(text)
    head = start.group() if start else ""
    words = text[len(head) :]
    # the only mark was an item's, or what follows is
    if not _may_hold_emphasis(words) or SETTLED.fullmatch(words):
        return text
    return head + join_runs(_paired(_tokens(words)))


def _may_hold_emphasis(text: str) -> bool:
    return "*" in text or "~~" in text or "<" in text


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """(what it is, its text); a code span is one atom."""
    index = 0
    unclosed: set[int] = set()
    while match := _TOKEN.match(text, index):
        kind, token = match.lastgroup or "", match.group()
        index = match.end()
        if kind == "mask":
            kind, token = "atom", token.replace("*", "\\*")
        if kind == "ticks":
            kind = "atom"
            end = -1 if len(token) in unclosed else _end_of_code(text, token, index)
            if end < 0:
                unclosed.add(len(token))
            else:
                token, index = token + text[index:end], end
        yield kind, token


def _end_of_code(text: str, ticks: str, start: int) -> int:
    for match in re.compile("`+").finditer(text, start):
        if match.group() == ticks:
            return match.end()
    return -1


@dataclass(slots=True)
class _Switches:
    """The styles that are on, and the runs so far.

    A marker switches; one that is never answered is undone.
    """

    runs: list[Run | None] = field(default_factory=list)
    style: int = 0
    # style -> where in `runs` its marker stood
    opened_at: dict[int, int] = field(default_factory=dict)
    doubled: bool = False  # bold was opened by `****`, so that is what closes it
    by_waves: bool = False  # it was `~~` that struck out last, not an element

    def add(self, text: str, *, breaks: bool) -> None:
        """Take text over as it is; `breaks`: it is the end of a line, as code over two is not."""
        run = LINE_BREAK if breaks else Run(text, self.style)
        self.runs.append(run)

    def switch(self, style: int) -> None:
        if not self.style & style:
            self.opened_at[style] = len(self.runs)
            self.runs.append(None)
        self.style ^= style

    def undo(self, style: int) -> None:
        """Take a marker back that nothing closed: `*` and `~~` were typed, the others go."""
        index = self.opened_at[style]
        for later in range(index + 1, len(self.runs)):
            run = self.runs[later]
            if run and run != LINE_BREAK:
                self.runs[later] = Run(run.text, run.style & ~style)
        if style == ITALIC:
            self.runs[index] = Run("\\*")
        elif style == STRIKE and self.by_waves:
            self.runs[index] = Run("~~")

    def finished(self) -> list[Run]:
        for style in NESTING:
            if self.style & style:
                self.undo(style)
        return [run for run in self.runs if run]


def _paired(tokens: Iterable[tuple[str, str]]) -> list[Run]:
    """The tokens as runs: each marker taken as switching its style on or off."""
    switches = _Switches()
    row = list(tokens)
    ahead = Counter(len(token) for kind, token in row if kind == "stars")
    for kind, token in row:
        if kind == "stars":
            ahead[len(token)] -= 1
            _switch_stars(switches, len(token), ahead)
        elif kind == "waves":
            switches.by_waves = True
            switches.switch(STRIKE)
        elif token in _TAGS:
            style, on = _TAGS[token]
            if on != bool(switches.style & style):
                switches.by_waves = switches.by_waves and style != STRIKE
                switches.switch(style)
        else:
            switches.add(token, breaks=kind == "newline")
    return switches.finished()


def _switch_stars(switches: _Switches, length: int, ahead: Mapping[int, int]) -> None:
    """`**` switches bold, `*` italic.

    `****` joins two bold stretches, or stands for nothing, or doubles `**`.

    `ahead` says how many runs of asterisks of each length follow.
    """
    bold = bool(switches.style & BOLD)
    if length == 4:
        if bold == switches.doubled and (bold or ahead[4]):
            switches.switch(BOLD)
            switches.doubled = not bold
        return
    if length == 6 and bold and (switches.style & ITALIC or ahead[2] % 2 or ahead[4]):
        # what closes here opens again: `**` + `****`
        switches.doubled = not (switches.style & ITALIC or ahead[2] % 2)
        return
    if length // 2 % 2:
        switches.switch(BOLD)
    if length % 2:
        switches.switch(ITALIC)


def without_bold(words: str) -> str:
    """The words of a heading or of a header's cell, less a bold that is over all of them."""
    match = _ALL_BOLD.match(words)
    return match[1] if match else words
