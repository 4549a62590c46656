"""What stands inside a line.

Marks that a converter leaves in the text, and the line written from them.

A converter that works from the inside out cannot know what will stand beside a `**` or a `_`. So it
leaves marks (code points that Unicode keeps for a program's own use), and once a whole line is
known its text is escaped and its emphasis written with both neighbours in sight.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.markdown.escapes import escape_line_start, escape_text
from crawler.clean.markdown.runs import BOLD, ITALIC, LINE_BREAK, STRIKE, Link, Run, join_runs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STYLE_ON = {BOLD: "\ufdd0", ITALIC: "\ufdd1", STRIKE: "\ufdd2"}
STYLE_OFF = {BOLD: "\ufdd3", ITALIC: "\ufdd4", STRIKE: "\ufdd5"}
LINK_ON, LINK_TARGET, LINK_OFF = "\ufdd6", "\ufdd7", "\ufdd8"
READY_ON, READY_OFF = "\ufdd9", "\ufdda"  # around Markdown that is written already
PICTURE_ON = "\ufddb"  # the same, where emphasis does not matter; ends with READY_OFF
BREAK = "\ufddc"

MARKS = "\ufdd0-\ufddc"
_BRACKET = re.compile(r"[\[\]]")
_LINK_IN_LINK = re.compile(r"\][(\[:]")
_MARK = re.compile(f"([{MARKS}])")
_LOOSE_END = re.compile(r"(?<!\\)(?:\\\\)*+\\\Z")
_LIVE_TILDE = re.compile(r"(?<!\\)((?:\\\\)*+)~")
_ON = {mark: style for style, mark in STYLE_ON.items()}
_OFF = {mark: style for style, mark in STYLE_OFF.items()}


def styled(text: str, style: int) -> str:
    """A text marked as bold, italic or struck."""
    return f"{STYLE_ON[style]}{text}{STYLE_OFF[style]}" if text else ""


def linked(text: str, target: str) -> str:
    """A text marked as a link."""
    return f"{LINK_ON}{text}{LINK_TARGET}{target}{LINK_OFF}"


def ready(markdown: str) -> str:
    """Markdown that is not to be escaped: a code span, a formula, an element."""
    return f"{READY_ON}{markdown}{READY_OFF}"


def picture(markdown: str) -> str:
    """A picture's Markdown, which no emphasis needs to hold."""
    return f"{PICTURE_ON}{markdown}{READY_OFF}"


def write_heading(marked: str) -> str:
    """The Markdown of a heading's words from their marked text, without the signs before them."""
    if _MARK.search(marked) is None:
        line = _escape(marked, "", "", in_cell=False)
    else:
        line = join_runs(_pieces(marked, in_cell=False))
    line = line.strip()
    # which would close the heading, and not be seen
    return f"{line[:-1]}\\#" if line.endswith("#") and not line.endswith("\\#") else line


def write_line(marked: str, *, in_cell: bool = False, strikes: bool = False) -> str:
    """The Markdown of one paragraph, or of one line of a cell, from its marked text.

    Breaks within it stay breaks. `strikes`: a tilde may stand in another line of the cell, and the
    two would strike out what is between.
    """
    # Unicode counts the marks as not printable
    if marked.isprintable() or _MARK.search(marked) is None:
        line = _escape(marked, "", "", in_cell=in_cell, strikes=strikes)
    else:
        line = join_runs(_pieces(marked, in_cell=in_cell, strikes=strikes))
    return _start(line, in_cell=in_cell)


def join_lines(lines: Sequence[str]) -> str:
    """Written lines as one line of a cell, where a break is an element.

    A backslash at the end of one would escape that element.
    """
    ends = len(lines) - 1
    return "<br>".join(
        _LOOSE_END.sub(r"\g<0>\\", line) if index < ends else line
        for index, line in enumerate(lines)
    )


def _start(line: str, *, in_cell: bool) -> str:
    if in_cell:
        return line.replace("  \n", "<br>")
    if "\n" not in line:
        return escape_line_start(line)
    return "\n".join(escape_line_start(part) for part in line.split("\n"))


def _escape(  # noqa: PLR0913  (what stands around a text, each thing by its name)
    text: str,
    before: str,
    after: str,
    *,
    in_cell: bool,
    in_brackets: bool = False,
    strikes: bool = False,
) -> str:
    text = escape_text(text, edges=(before, after), in_brackets=in_brackets, in_cell=in_cell)
    if strikes:
        text = _LIVE_TILDE.sub(r"\1\\~", text)
    return text.replace("|", "\\|") if in_cell else text


def _pieces(marked: str, *, in_cell: bool, strikes: bool = False) -> list[Run | Link]:
    """The marked text as runs and links."""
    parts = _MARK.split(marked)
    strikes = strikes or STYLE_ON[STRIKE] in parts or sum("~" in text for text in _texts(parts)) > 1
    pieces: list[Run | Link] = []
    outside: list[Run | Link] = pieces
    style = 0
    index = 0
    odd = False
    while index < len(parts):
        text, mark = parts[index], parts[index + 1] if index + 1 < len(parts) else ""
        if text:
            around = _edges(parts, index)
            written = _escape(text, *around, in_cell=in_cell, in_brackets=odd, strikes=strikes)
            pieces.append(Run(written, style))
        index += 2
        if mark in _ON:
            style |= _ON[mark]
        elif mark in _OFF:
            style &= ~_OFF[mark]
        elif mark in (READY_ON, PICTURE_ON):
            is_picture = mark == PICTURE_ON
            own = 0 if is_picture else style
            pieces.append(Run(parts[index], own, neutral=is_picture))
            index += 2
        elif mark == BREAK:
            pieces.append(LINE_BREAK)
        elif mark == LINK_ON:
            outside, pieces = pieces, []
            odd = not _brackets_pair(parts, index)
        elif mark == LINK_TARGET:
            inside = tuple(piece for piece in pieces if isinstance(piece, Run))
            outside.append(Link(inside, parts[index]))
            pieces = outside
            odd = False
            index += 2
    return pieces


def _texts(parts: list[str]) -> Iterator[str]:
    """The parts that are words: neither Markdown that is written already nor a link's target."""
    for index in range(0, len(parts), 2):
        if not index or parts[index - 1] not in (READY_ON, PICTURE_ON, LINK_TARGET):
            yield parts[index]


def _brackets_pair(parts: list[str], index: int) -> bool:
    """Whether the brackets in a link's words pair and make no link, so that they need no escape."""
    depth = 0
    while index < len(parts):
        if _LINK_IN_LINK.search(parts[index]):
            return False
        # those of code pair with none
        written = parts[index - 1] in (READY_ON, PICTURE_ON)
        for bracket in () if written else _BRACKET.findall(parts[index]):
            depth += 1 if bracket == "[" else -1
            if depth < 0:
                return False
        if index + 1 < len(parts) and parts[index + 1] == LINK_TARGET:
            break
        index += 2
    return depth == 0


def _edges(parts: list[str], index: int) -> tuple[str, str]:
    """What will stand before and after a text.

    A mark becomes punctuation, a break or the line's end a space.
    """
    before = parts[index - 1] if index else ""
    return (_as_edge(before), _edge_after(parts, index))


def _edge_after(parts: list[str], index: int) -> str:
    edge = ""
    for later in range(index + 1, len(parts), 2):
        if parts[later] == LINK_ON:
            return "["
        edge = edge or _as_edge(parts[later])
        if parts[later + 1] or parts[later] in (READY_ON, PICTURE_ON, BREAK):
            break
    return edge


def _as_edge(mark: str) -> str:
    if not mark:
        return ""
    if mark in (STYLE_ON[STRIKE], STYLE_OFF[STRIKE]):
        return "~"
    return " " if mark == BREAK else "*"
