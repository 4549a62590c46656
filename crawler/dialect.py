"""What our Markdown may hold, where its writer and its readers have to agree: HTML, and fences.

Markdown has no sign for a break within a cell or for raised text, and its emphasis does not close
everywhere beside Chinese punctuation. For these the cleaner writes an element of HTML, bare,
without an attribute. Nothing else in an archived text is live: every other `<` is escaped.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

TAGS = frozenset({"br", "strong", "em", "del", "sub", "sup"})
"""Names of the elements that a text may hold; `br` alone has no end."""

TAG = re.compile(rf"<(?:br|/?(?:{'|'.join(sorted(TAGS - {'br'}))}))>")
"""One such tag just as it is written. `<br/>` and `<strong class="a">` are none."""

# as programs write links: into a page, its site, or another document
_LEADS = re.compile(
    r"https?://|(?:ftp|mailto|tel):|#|\.{0,2}/|[!-~]+\.(?:md|html?)(?:#|\Z)", re.IGNORECASE
)
_OF_A_FILE = re.compile(r"[/.:]")


def leads(target: str) -> bool:
    """Whether a link may lead to where its target says: that of `arr[0](words)` is words."""
    return _LEADS.match(unquote(target)) is not None


def names_file(target: str) -> bool:
    """Whether the target of a picture may be a file; `![](words)` is words, `![]()` is nothing."""
    return not target or _OF_A_FILE.search(unquote(target)) is not None


_OPENING = re.compile(
    r"(?P<before>(?:[ \t>]|[-+*][ \t]|[0-9]{1,9}+[.)][ \t])*+)(?P<marks>`{3,}+(?=[^`]*+\Z)|~{3,}+)"
)
_CLOSING = re.compile(r"(?P<before>[ \t>]*+)(?P<marks>`{3,}+|~{3,}+)[ \t]*+\Z")
_TOO_FAR = 4  # characters; a fence so much further in than the one that opened is code


def fence_after(line: str, fence: str) -> str:
    """What opened the block of code that goes on behind a line, or ""; `fence` is that before it.

    A paragraph may begin with a span of code, which has backticks behind its own: it opens nothing.
    A block may show lists and quotes that hold fences: none of these ends it. One in a quote ends
    with that, at a line which lacks its marks.
    """
    if ends_above(line, fence):
        fence = ""
    if "```" not in line and "~~~" not in line:
        return fence
    if fence:
        return "" if _closes(line, fence) else fence
    opening = _OPENING.match(line)
    return opening[0] if opening else ""


def ends_above(line: str, fence: str) -> bool:
    """Whether the quote that `fence` opened a block of code in has ended before a line."""
    depth = _measured(fence)[1] if fence else 0
    return depth > 0 and line[: len(line) - len(line.lstrip(" \t>"))].count(">") < depth


def _closes(line: str, fence: str) -> bool:
    found = _CLOSING.match(line)
    if not found:
        return False
    marks, depth, column = _measured(fence)
    if not found["marks"].startswith(marks):
        return False
    before = found["before"]
    return before.count(">") == depth and len(before) < column + _TOO_FAR


def _measured(fence: str) -> tuple[str, int, int]:
    """The marks of what opened a block of code, in how many quotes, and where they stand.

    Thousands of lines may stand below a fence of thousands of marks, so that the last one is
    remembered: itself, as one that is only equal would be compared for each line.
    """
    last, measured = _LAST[0]
    if last is not fence:
        before = fence.rstrip(fence[-1])
        measured = fence[len(before) :], before.count(">"), len(before)
        _LAST[0] = fence, measured
    return measured


_LAST: list[tuple[str, tuple[str, int, int]]] = [("", ("", 0, 0))]
