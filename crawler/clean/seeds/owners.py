"""What a seed's owner wrote above or below the page, as `#待读`: no part of it.

Whether a page is an article's is asked of the page alone. An empty one with a line below it was an
article of that line, and nobody fetched it any more.
"""

from __future__ import annotations

from typing import NamedTuple

from crawler.characters import on_one_line
from crawler.clean.seeds.furniture import end_of_labels, is_aside
from crawler.clean.seeds.titles import split_heading

CUT_AT = 8000  # characters of converted page, without the heading that the tool put before it
CUT_MARK = "..."

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
