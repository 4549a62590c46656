"""What a seed's owner wrote above or below the page, as `#待读`: no part of it.

Whether a page is an article's is asked of the page alone. An empty one with a line below it was an
article of that line, and nobody fetched it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.characters import on_one_line
from crawler.clean.seeds.furniture import (
    OTHER,
    SWIPE_UP,
    TAIL_MARK,
    end_of_labels,
    is_aside,
    tail_rule,
)
from crawler.clean.seeds.titles import split_heading
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

CUT_AT = 8000  # characters of converted page, without the heading that the tool put before it
CUT_MARK = "..."

_ELLIPSIS = "…"  # what editors make of the mark, and of each like it; an author writes two
_END_OF_FILE = "\x1a"  # of DOS, which `copy a + b` still writes
_BLANK = f" \n{_END_OF_FILE}"


class Owned(NamedTuple):
    """A body in three parts; `above` and `below` are "" where its owner wrote nothing there."""

    above: str
    page: str
    below: str


def split_owned(body: str, title: str) -> Owned:
    """The page of a seed with this title, and what stands around it.

    A page begins with its title's heading. It ends where the tool cut it, or in hidden labels.
    """
    above, page = _from_heading(body, title)
    _, converted = split_heading(page, title)
    rest = converted[_end_of_page(converted) :]
    below = rest.strip(_BLANK)
    is_half_a_label = below.endswith(CUT_MARK) and "\n" not in below
    if not rest or is_half_a_label or not is_aside(rest):
        return Owned(above, page, "")
    return Owned(above, page.removesuffix(rest), below)


def _from_heading(body: str, title: str) -> tuple[str, str]:
    """What stands above the title's heading, and all from there."""
    above, mark, rest = body.partition("\n# ")
    if body.startswith("# ") or not mark or not title or not is_aside(above):
        return "", body
    page = f"# {rest}"
    heading = on_one_line(split_heading(page, title)[0])
    return (above.strip(_BLANK), page) if heading == on_one_line(title) else ("", body)


def _end_of_page(converted: str) -> int:
    for end in range(CUT_AT, CUT_AT + len(CUT_MARK) + 1):
        if converted[:end].endswith(CUT_MARK) and converted[end : end + 1] in {"\n", _END_OF_FILE}:
            return end
    return end_of_labels(converted) or len(converted)


def is_page(text: str, title: str) -> bool:
    """Whether a document has the end of a page, or where a tool cut it, as none of ours has."""
    _, converted = split_heading(text.strip(), title)
    mark = f"\n{converted}\n".rfind(f"\n{TAIL_MARK}\n")
    return bool(cut_by_its_tool(converted)) or (mark >= 0 and is_tail(converted[mark:]))


def is_tail(text: str) -> bool:
    """Whether a page's tail follows its mark, and not a text that only speaks of such pages.

    Of 1,424 real ones all have two lines at most that no rule knows, and many that one does.
    """
    lines = [line for line in text.split("\n")[1:] if line.strip()]
    rules = [tail_rule(line) for line in lines if not line.endswith(CUT_MARK)]
    return 2 * rules.count(OTHER) <= len(rules)


def cut_by_its_tool(converted: str) -> str:
    """A page that its tool cut, with the mark that it wrote there; "" of any other."""
    if not ends_as_cut(converted):
        return ""
    others = 0
    if not converted.endswith(CUT_MARK):
        converted = converted.removesuffix(_ELLIPSIS) + CUT_MARK
        others = converted.count(_ELLIPSIS)
    shorter = (len(CUT_MARK) - len(_ELLIPSIS)) * others
    is_one = CUT_AT - shorter <= len(converted) <= CUT_AT + len(CUT_MARK)
    return converted if is_one else ""


def ends_as_cut(text: str) -> bool:
    """Whether a text ends in the mark of a cut, or in what an editor made of that."""
    return text.endswith(CUT_MARK) or (
        text.endswith(_ELLIPSIS) and not text.endswith(2 * _ELLIPSIS)
    )


def is_half_a_mark(line: str) -> bool:
    """Whether the cut fell into the very line that begins the tail."""
    rest = line.removesuffix(CUT_MARK)
    return len(rest) >= 4 and TAIL_MARK.startswith(rest)


def said_of_notes(notes: str, below: str) -> tuple[str, ...]:
    """What is said of notes below a text: a stranger may have written the line above them.

    And of words `below` the line that says where the text is cut: they are its reader's, too.
    """
    return (
        *_said_of(below, "below the line where it is cut"),
        *_said_of(notes.partition("\n")[2].strip(), "below the line of notes"),
    )


def said_above(words: str) -> tuple[str, ...]:
    """What is said of words above a page, which are none of it."""
    return _said_of(words, "above the title")


def said_below(words: str) -> tuple[str, ...]:
    """What is said of words below a page, which are none of it."""
    return _said_of(words, "below the page's end")


def _said_of(words: str, where: str) -> tuple[str, ...]:
    said = counted(len(words), "character")
    return (f"{said} {where} are no part of the text",) if words else ()


def below_the_page(tail: Sequence[str]) -> str:
    """What somebody wrote below a page's end: no tail of 1,424 real ones ends in other lines."""
    known = [index for index, line in enumerate(tail, 1) if line and tail_rule(line) != OTHER]
    start = max(known, default=1)
    if SWIPE_UP not in tail:  # the page was cut: it ends with the line of which half is left
        halves = (index for index, line in enumerate(tail, 1) if _is_half(line))
        start = next(halves, start)
    words = "\n".join(tail[start:]).strip()
    is_cut = words.endswith(CUT_MARK) and "\n" not in words  # half a line of the page's own
    return "" if is_cut else words


def _is_half(line: str) -> bool:
    return line.endswith(CUT_MARK) and tail_rule(line) == OTHER
