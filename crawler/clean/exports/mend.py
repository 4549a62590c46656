"""The text of another tool, mended: what every tool's Markdown needs, and what one tool breaks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.clean.exports.elements import (
    mend_elements,
    mend_images,
    mend_tables,
    names_closed,
    tags_on_one_line,
)
from crawler.clean.exports.indented import with_indented
from crawler.clean.exports.pictures import local_pictures, mend_pictures, mend_targets
from crawler.clean.exports.players import with_videos
from crawler.clean.exports.references import inline_references
from crawler.clean.exports.wraps import join_hard_breaks, join_soft_wraps
from crawler.clean.seeds import outside_quoted_code, repair, split_fences

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_STARS_AT_FENCE = re.compile(r"^\*{2,}(?=```)|^\*{4}[ \t]*$", re.MULTILINE)
# its account and buttons, each picture of them in the text itself
_EXPORTER_BAR = re.compile(
    r"\n!\[\]\([^\s()]++\) [^\n]{1,60}+\n\s*+!\[\]\(data:image/svg(?:[^\n)]*+\))++"
    r" (?:留言|\d{1,9}+)\s*+\Z"
)
_SETEXT = re.compile(r"(?:\A|(?<=\n\n))(?P<text>[^\n]{1,500})\n(?:=+|-{2,})[ \t]*$", re.MULTILINE)
_UNDERLINE = re.compile(r"\n(?:=|--)")  # which most texts lack, and which is found far sooner
_LONGEST_HEADING = 60  # characters; whole paragraphs were underlined by mistake
_NOT_A_HEADING = re.compile(r"\s*(?:[-+*][ ]|[>|#]|!\[|\d+[.)]\s)|.*[。；;]\Z")
_BOLD = re.compile(r"\A\*\*([^*]+)\*\*\Z")
_FIRST_LEVEL = re.compile(r"^#(?=[ \t]+\S)", re.MULTILINE)
_WIDE_BULLET = re.compile(r"^([ ]*[*+-])[ ]{2,4}(?=\S)", re.MULTILINE)
_LOOSE_ITEM = re.compile(r"\n {2,}\n(?=[ ]*(?:[*+-]|\d{1,9}\.)[ ])")
_BLANK_BEGINNING = re.compile(r"\A(?:[ \t]*\n)++")
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class MendedText:
    """A text after mending, and what was taken out of it, by rule."""

    text: str
    pictures_lost: int = 0
    removed: Mapping[str, int] = field(default_factory=dict)
    refusal: str = ""  # why it was not read at all


def mend_text(text: str, mends: Sequence[str] = ()) -> MendedText:
    """Mend the Markdown of a tool; `mends` name what this tool breaks. Code is left alone."""
    counts: Counter[str] = Counter()
    if "star-fences" in mends:
        text = _STARS_AT_FENCE.sub("", text)
    if "exporter-bar" in mends:
        text, counts["tail:exporter-bar"] = _EXPORTER_BAR.subn("", text)
    fenced, removed = split_fences(text.strip("\n"), from_page=False)
    counts.update(removed)
    parts = with_indented(fenced)
    closed = names_closed(text)
    prose = iter(inline_references([part.text for part in parts if not part.is_code]))
    pieces = [
        part.text if part.is_code else _prose(next(prose), mends, counts, closed) for part in parts
    ]
    mended = repair("\n\n".join(filter(None, pieces)), from_page=False)
    counts.update(mended.removed)
    return MendedText(text=mended.text, pictures_lost=counts["picture-lost"], removed=dict(+counts))


def pictures_named(text: str) -> list[str]:
    """The addresses of pictures beside a document, as its text has them once it is mended.

    For whoever gathers the files before that is done.
    """
    counts: Counter[str] = Counter()
    parts = with_indented(split_fences(text, from_page=False)[0])
    prose = "\n\n".join(inline_references([part.text for part in parts if not part.is_code]))
    prose = mend_images(tags_on_one_line(prose), counts)
    return local_pictures(mend_pictures(mend_targets(prose), counts))


def _prose(text: str, mends: Sequence[str], counts: Counter[str], closed: frozenset[str]) -> str:
    text, players = with_videos(text)
    counts["player"] += players
    text = _LOOSE_ITEM.sub("\n", _BLANK_BEGINNING.sub("", text).rstrip("\n"))
    blocks = [block for block in _BLANK.split(text) if block.strip()]
    for name, join in _JOINS.items():
        if name in mends:
            blocks = [join(block) for block in blocks]
    text = "\n\n".join(blocks)
    if _UNDERLINE.search(text):
        text = _SETEXT.sub(_heading, text)
    rendered = outside_quoted_code(text, lambda prose: mend_tables(prose, counts))
    if rendered == text:
        return _written(text, counts, closed)
    # tables hold blocks of code, too
    parts = split_fences(rendered, from_page=False)[0]
    pieces = [part.text if part.is_code else _written(part.text, counts, closed) for part in parts]
    return "\n\n".join(filter(None, pieces))


def _written(text: str, counts: Counter[str], closed: frozenset[str]) -> str:
    """Prose as we write it."""
    text = outside_quoted_code(
        text,
        lambda prose: mend_pictures(mend_elements(mend_targets(prose), counts, closed), counts),
    )
    text = _FIRST_LEVEL.sub("##", text)
    return _WIDE_BULLET.sub(r"\1 ", text).strip("\n")


_JOINS: Mapping[str, Callable[[str], str]] = {
    "soft-wraps": join_soft_wraps,
    "hard-breaks": join_hard_breaks,
}
MENDS = frozenset({"star-fences", "exporter-bar", *_JOINS})
"""The names of mends that a producer's row may ask for."""


def _heading(match: re.Match[str]) -> str:
    """An underlined line as a heading; a whole paragraph stays one."""
    text = match["text"].strip()
    if not text:
        return match[0]
    if len(text) > _LONGEST_HEADING or _NOT_A_HEADING.match(text):
        return text
    return "## " + _BOLD.sub(r"\1", text)
