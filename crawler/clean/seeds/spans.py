"""What of a text Markdown shows as it stands, whatever signs it holds: code, and targets of links.

Code is a span, which may go over the lines of its paragraph, or a fenced block in a quote (blocks
outside of quotes are parts of their own, `fences.py`). Whoever mends prose asks here first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from crawler.dialect import ends_above, fence_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MARK = re.compile(
    r"(?P<escape>\\[\\`])|(?P<ticks>`++)"
    # a tag inside makes it no target: where no words of a link stand before it, the tag would live
    r"|\]\((?:<https?://[^()<>\s]{1,2000}+>|[^()\s<]{0,2000}+[^()\n<]{0,200}+)\)"
    r"|<https?://[^<>\s]{1,2000}+>"
)
_TICKS = re.compile("`++")
_END = r"\n|\Z|>|`{3,}+[^`\n]*+(?:\n|\Z)|(?:[-+*]|[0-9]{1,9}[.)]|#{1,6})(?:\s|\Z)"
# of elements that end a paragraph, as comments and declarations do [CommonMark: HTML blocks]
_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details"
    "|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header"
    "|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|pre"
    "|script|search|section|style|summary|table|tbody|td|textarea|tfoot|th|thead|title|tr|track|ul"
)
_BEFORE_HTML = re.compile(
    rf"\n[ \t>]*+(?=<(?:[?]|!(?:--|\[|[a-z])|/?(?:{_NAMES})(?:\s|/?>|\Z)))", re.IGNORECASE
)
_ROW, _FIRST_ROW = r"\|", r"\|[^\n]*+\n[ \t>|:]*+-"
_MAX_DEPTH = 24  # of quotes in one another
_HIDDEN = "\x1a"  # no text holds it, and to a pattern it is neither a space nor a sign
_QUOTED = re.compile(r"[ \t>]*+")


class _Span(NamedTuple):
    start: int
    end: int
    is_code: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A place outside code that a pattern found; its groups, as they stand in the text."""

    match: re.Match[str]
    text: str

    def __getitem__(self, group: int | str) -> str:
        """The text of a group; "" where it took no part."""
        start, end = self.match.span(group)
        return self.text[start:end]


def outside_protected(text: str, mend: Callable[[str], str], *, raw: bool = False) -> str:
    """The text with its prose mended: everything but code and link targets.

    `raw`: it is a page's, whose backslashes are text and escape nothing.
    """
    return _mended_around(((span.start, span.end) for span in _spans(text, raw=raw)), text, mend)


def replaced_outside_code(
    pattern: re.Pattern[str], write: Callable[[Found], str], text: str, *, raw: bool = False
) -> str:
    """The text with each place rewritten that a pattern finds, unless it stands in code."""
    pieces = []
    index = 0
    for match in pattern.finditer(without_code(text, raw=raw)):
        written = _apart(write(Found(match, text)), text, *match.span())
        pieces += [text[index : match.start()], written]
        index = match.end()
    return "".join([*pieces, text[index:]])


def _apart(written: str, text: str, start: int, end: int) -> str:
    """What stands in a place now, with a space where backticks would run together by it."""
    before = start > 0 and text[start - 1] == "`" != text[start:end][:1]
    after = text[end : end + 1] == "`" != text[start:end][-1:]
    if not written:
        return " " if before and after else ""
    first = " " if before and written.startswith("`") else ""
    last = " " if after and written.endswith("`") else ""
    return f"{first}{written}{last}"


def without_code(text: str, *, raw: bool = False) -> str:
    """The text, as long as it was, with a sign that nothing looks for in place of code."""
    if "`" not in text and "~~~" not in text:
        return text
    pieces = []
    index = 0
    for span in _spans(text, raw=raw):
        if span.is_code:
            pieces += [text[index : span.start], _HIDDEN * (span.end - span.start)]
            index = span.end
    return "".join([*pieces, text[index:]])


def without_html_in_code(text: str) -> str:
    """The text with a space for each end of a line in code behind which its `<` would be live.

    It shows the same: an element that ends a paragraph ends the span of code in it, too.
    """
    if "`" not in text or not _BEFORE_HTML.search(text):
        return text
    pieces = []
    index = 0
    for span in _spans(text, raw=False):
        if span.is_code and text[span.start] == "`":
            pieces += [text[index : span.start], _BEFORE_HTML.sub(" ", text[span.start : span.end])]
            index = span.end
    return "".join([*pieces, text[index:]])


def lines_beside_code(text: str) -> list[str]:
    """The lines of a text, of which code that goes over several makes one."""
    lines = []
    index = 0
    for line in without_code(text).split("\n"):
        lines.append(text[index : index + len(line)])
        index += len(line) + 1
    return lines


def outside_quoted_code(text: str, mend: Callable[[str], str]) -> str:
    """The text with all mended but the fenced blocks in its quotes."""
    return _mended_around(quoted_code(text), text, mend)


def _mended_around(kept: Iterable[tuple[int, int]], text: str, mend: Callable[[str], str]) -> str:
    pieces = []
    index = 0
    for start, end in kept:
        mended = _apart(mend(text[index:start]), text, index, start)
        pieces += [mended, text[start:end]]
        index = end
    return "".join([*pieces, mend(text[index:])])


def quoted_code(text: str, *, raw: bool = False) -> Iterator[tuple[int, int]]:
    """Where each fenced block in a quote begins and ends; a page has none of tildes (`raw`)."""
    if ">" not in text or ("```" not in text and "~~~" not in text):
        return
    fence, start, index = "", 0, 0
    for line in text.split("\n"):
        if ends_above(line, fence):
            yield start, index - 1
            fence = ""
        before, fence = fence, _quoted_fence(line, fence, raw=raw)
        if fence and not before:
            start = index
        index += len(line) + 1
        if before and not fence:
            yield start, index - 1
    if fence:
        yield start, len(text)


def _quoted_fence(line: str, fence: str, *, raw: bool) -> str:
    after = fence_after(line, fence)
    return after if ">" in after and not (raw and "~" in after) else ""


def _spans(text: str, *, raw: bool) -> Iterator[_Span]:
    """All that is protected, in order."""
    index = 0
    for start, end in quoted_code(text, raw=raw):
        yield from _spans_of_prose(text, index, start, raw=raw)
        yield _Span(start, end)
        index = end
    yield from _spans_of_prose(text, index, len(text), raw=raw)


def _spans_of_prose(text: str, index: int, end: int, *, raw: bool) -> Iterator[_Span]:
    """Spans of code and targets between two places; what begins first is one."""
    paragraph = _Paragraph()
    while match := _MARK.search(text, index, end):
        index = match.end()
        if match["escape"]:
            index -= int(raw)  # which is a sign like any other
        elif not match["ticks"]:
            yield _Span(match.start(), index, is_code=False)
        else:
            if index > paragraph.end:
                paragraph = _paragraph(text, match.start(), end)
            closed = paragraph.closing(index, len(match["ticks"]))
            if closed:
                yield _Span(match.start(), closed)
                index = closed


@dataclass(slots=True, kw_only=True)
class _Paragraph:
    """Where a paragraph ends, and its runs of backticks: length -> where each begins."""

    end: int = -1
    runs: dict[int, list[int]] = field(default_factory=dict)

    def closing(self, index: int, length: int) -> int:
        """Where the run ends that closes a span; 0 where none does."""
        starts = self.runs.get(length, [])
        place = bisect_left(starts, index)
        if place == len(starts):
            return 0
        return starts[place] + length


@lru_cache
def _end_of_paragraph(depth: int, is_row: bool) -> re.Pattern[str]:  # noqa: FBT001
    """The end of a line that is the last of its paragraph, in so many quotes; or of a table's row.

    Elsewhere a bar begins a table only where its head is underlined.
    """
    row = _ROW if is_row else _FIRST_ROW
    return re.compile(rf"\n(?=(?:[ \t]*+>){{0,{depth}}}+[ \t]*+(?:{row}|{_END}))")


def _paragraph(text: str, start: int, limit: int) -> _Paragraph:
    """The rest of the paragraph that holds a place; in a quote it goes on behind the marks of that.

    And behind fewer of them: a line may lack them. [CommonMark: lazy continuation lines]
    """
    line = text.rfind("\n", 0, start) + 1
    marks = _QUOTED.match(text, line, start)
    depth = marks[0].count(">") if marks else 0
    is_row = marks is not None and text.startswith("|", marks.end())
    found = _end_of_paragraph(min(depth, _MAX_DEPTH), is_row).search(text, start, limit)
    end = found.start() if found else limit
    paragraph = _Paragraph(end=end)
    for run in _TICKS.finditer(text, start, paragraph.end):
        paragraph.runs.setdefault(len(run[0]), []).append(run.start())
    return paragraph
