r"""Mends what the older tool broke, and nothing else: Markdown in, Markdown out, code left alone.

Counted over 12,685 bodies of seeds: literal `**` shows in 43 % of the articles, non-breaking spaces
in 46 %, `\_` in 16 %, `\*` in 12 %, zero-width marks in 6 %, empty headings in 6 %; of 2,345 tables
88 % have an empty header row. What was mended once is not changed again.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from crawler.clean.seeds.apart import signs_apart, signs_back
from crawler.clean.seeds.characters import (
    as_code,
    as_shown,
    without_marks,
)
from crawler.clean.seeds.damage import EMPTY_HEADING, HEADING_MARK
from crawler.clean.seeds.emphasis import SETTLED, mend_emphasis
from crawler.clean.seeds.fences import split_fences
from crawler.clean.seeds.headings import mend_headings
from crawler.clean.seeds.links import link_each_block, mend_links
from crawler.clean.seeds.spans import (
    lines_beside_code,
    outside_protected,
    quoted_code,
    replaced_outside_code,
    without_html_in_code,
)
from crawler.clean.seeds.tables import is_table, mend_table
from crawler.dialect import TAG

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A text after mending, and what was taken out, by rule."""

    text: str
    removed: Mapping[str, int] = field(default_factory=dict)


BLANK_LINE = re.compile(r"\n(?:[ \t]*\n)+")
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\n)+")
_ESCAPED_UNDERSCORE = re.compile(r"(?<=\w)(?<!\\_)(?:\\_)++(?=\w)")
# the words of a formula, in which TeX itself wants the backslash
_WORDS_OF_TEX = re.compile(r"(\\(?:text|math|operatorname|mbox)[a-z]{0,4}\{[^{}\n]*+\})")
# (behind what may begin a quotation or an item, before a space, it would begin a list)
_LONE_STAR = re.compile(
    r"(?<=\S)\\\*|(?<=[^\s>+*.)-] )\\\*|(?<=[>+*.)-] )\\\*(?!\s)|(^[ ]*)\\\*(?=\S)",
    re.MULTILINE,
)
_LIVE_TAG = re.compile(rf"(?<!\\)((?:\\\\)*+)(?!{TAG.pattern})<(?=[A-Za-z/!?])")
_IN_ADDRESS = r"(?:[#$%&+,./0-9:;=?@A-Z_a-z{}-]|!(?!\[))"  # a picture may follow
# with escapes or without: one that failed would be looked for again from each `http` in it
_ADDRESS = re.compile(rf"https?://{_IN_ADDRESS}*+(?:\\[_*]{_IN_ADDRESS}*+)*+")
_NEAR = 2000  # characters in which the words of a link begin
_MAY_EMPHASISE = re.compile(r"\*|(?<![0-9A-Za-z_])_|_(?![0-9A-Za-z_])")
# of words in italics, where a tool escapes those of the address itself
_OPENING = re.compile(r"(?<![0-9A-Za-z_\\])_{1,3}(?![\s_])")
_CLOSING = re.compile(r"(?<![\\_])_{1,3}\Z")
_BREAK = re.compile(r"<br[ ]?/>", re.IGNORECASE)  # as other tools write it


NOTHING_TO_MEND = re.compile(
    r"""
    (?: (?:[*]|\#{1,6})[ ](?=[^\s\#*!\[-]) | (?=\S) )         # an item, a heading, or text at once
    (?: [^*~<\\\[\]\#|\n]++                                # words, code spans among them
      | (?<=!)\[ | \[(?!\ ?\]) | \](?!\()                   # brackets
      | \]\(https://[^()\s\\<*~|]++\)                      # links and pictures
      | (?<=[^\n\ \#])\# | ~(?!~)
      | \n(?:[ ]*+(?:[*]|\#{1,6})[ ](?=[^\s\#*!\[-]))?
    )*+
    (?<!\s)
    """,
    re.VERBOSE,
)
"""A block that mending would give back unchanged, as three in four are.

Matching costs a tenth of mending.
"""


def repair(text: str, *, from_page: bool = True) -> Mended:
    """Mend a body.

    Code blocks are never altered, save for fences that are empty, doubled, or never closed.

    `from_page`: the older tool made it of a page; else it is a document, in which every sign is
    Markdown already.
    """
    parts, removed = split_fences(text.strip("\n"), from_page=from_page)
    mending = _Mending(from_page=from_page, counts=Counter(removed))
    written = [as_code(part.text) if part.is_code else mending.prose(part.text) for part in parts]
    if from_page:
        is_prose = [not part.is_code for part in parts]
        written = mend_headings(written, is_prose, mend_text)
    return Mended(
        text="\n\n".join(piece for piece in written if piece), removed=dict(mending.counts)
    )


@dataclass(slots=True, kw_only=True)
class _Mending:
    """The mending of one body.

    What was taken so far, and whether a list is open, which code may interrupt.
    """

    from_page: bool
    counts: Counter[str]
    in_list: bool = False

    def prose(self, text: str) -> str:
        text = link_each_block(as_shown(text)) if self.from_page else without_marks(text)
        blocks = BLANK_LINE.split(text)
        if self.from_page and ("\n " in text or "\n\t" in text or text[:1].isspace()):
            blocks = list(map(self._indented_as_meant, blocks))
        is_whole = NOTHING_TO_MEND.fullmatch
        return "\n\n".join(
            filter(None, [block if is_whole(block) else self._block(block) for block in blocks])
        )

    def _indented_as_meant(self, block: str) -> str:
        """A block less an indent that belongs to no list's item.

        Four spaces would make code of it.
        """
        stripped = block.lstrip()
        if _LIST_ITEM.match(stripped):
            self.in_list = True
            return block
        indented = block.lstrip("\n").startswith("  ")
        self.in_list = self.in_list and (indented or not stripped)
        return block if self.in_list else stripped

    def _block(self, block: str) -> str:
        """What stands between two blank lines, mended around the code of its quotes."""
        pieces = []
        index = 0
        for start, end in quoted_code(block):
            pieces += [self._prose_of_block(block[index:start]), as_code(block[start:end])]
            index = end
        pieces.append(self._prose_of_block(block[index:]))
        return "\n".join(filter(None, pieces))

    def _prose_of_block(self, block: str) -> str:
        block = block.strip("\n").rstrip()
        if NOTHING_TO_MEND.fullmatch(block) or SETTLED.fullmatch(block):
            return block
        if self.from_page:
            return self._indented_block(block)
        return signs_back(self._indented_block(signs_apart(block)))

    def _indented_block(self, block: str) -> str:
        indent = " " * (len(block) - len(block.lstrip(" ")))
        lines = block.split("\n")
        inside = len(list(takewhile(lambda line: line.startswith(indent), lines)))
        rest = "\n".join(lines[inside:])
        if not indent or (rest and not _STARTS.match(rest)):
            return self._mended_block(block)
        inner = self._mended_block("\n".join(line.removeprefix(indent) for line in lines[:inside]))
        inner = indent + _LINE_BEGINS.sub(indent, inner) if inner else ""
        return "\n".join(filter(None, (inner, self._mended_block(rest) if rest else "")))

    def _mended_block(self, block: str) -> str:
        is_indented = block[:1].isspace()
        block = mend_links(block, self.counts)
        if is_table(block):
            return mend_table(block, mend_text)
        if "#" in block:
            block = HEADING_MARK.apply(block, self.counts)
        stars = block.count("*")
        block = "\n".join(_mend_paragraph(each, stars) for each in _paragraphs(block))
        if "#" in block:
            block = EMPTY_HEADING.apply(block, self.counts)
        return _BLANK_LINES.sub("", block).rstrip() if is_indented else block.strip()


_STARTS = re.compile(r"[ \t]*(?:[-+*]|[0-9]{1,9}[.)]|#{1,6}|>+)(?=\s|\Z)")


def _paragraphs(block: str) -> list[str]:
    """The block at each line that begins an item, a heading or a quotation.

    Emphasis does not reach across those; code in a quotation does.
    """
    if "\n" not in block:
        return [block]
    lines = lines_beside_code(block)
    starts = [index for index, line in enumerate(lines) if index == 0 or _STARTS.match(line)]
    return [
        "\n".join(lines[start:end])
        for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    ]


_LINE_BEGINS = re.compile(r"(?<=\n)(?!\n)")
_MARK = r"[ \t]*(?:[-+*]|[0-9]{1,9}[.)])[ ]{1,4}"
_OF_ITEM = re.compile(_MARK)
_TABLE_IN_ITEM = re.compile(rf"(?P<mark>{_MARK})\|[^\n]*\n")


def _mend_paragraph(text: str, stars: int) -> str:
    """A paragraph, an item, or an item that begins with a table, whose rows stand in it.

    `stars`: how many stand in the block; those of a quotation's other lines may pair with its own.
    """
    if text[:1] == ">" and stars > text.count("*"):
        return mend_text(text, lone=False)
    found = _TABLE_IN_ITEM.match(text)
    if not found:
        return _mend_item(text)
    first, *lines = text.split("\n")
    indent = " " * len(found["mark"])
    table = "\n".join((first[len(indent) :], *(line.removeprefix(indent) for line in lines)))
    if not is_table(table):
        return _mend_item(text)
    return found["mark"] + _LINE_BEGINS.sub(indent, mend_table(table, mend_text))


def _mend_item(text: str) -> str:
    """A paragraph, or an item, whose further lines stay under its first one."""
    mark = _OF_ITEM.match(text)
    indent = "\n" + " " * len(mark[0]) if mark else "\n"
    if not mark or text.count(indent) != text.count("\n"):
        return mend_text(text)
    return mend_text(text.replace(indent, "\n")).replace("\n", indent)


_LIST_ITEM = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?=\s)")


def mend_text(text: str, *, lone: bool = True) -> str:
    """One paragraph, heading, list or cell: escapes that are not needed, live tags, emphasis.

    `lone`: no star stands beside the text, in what is shown with it.
    """
    text = without_html_in_code(text)
    if "://" in text and "\\" in text:
        text = outside_protected(text, lambda prose: _ADDRESS.sub(_address, prose))
    text = mend_emphasis(text)
    if "\\" in text or "<" in text:
        # last, for a mark that went may leave one that is not needed
        text = outside_protected(text, _mend_escapes)
    if lone and signs_back(text).count("*") == 1 and "<" not in text:
        # a single one within a line opens nothing
        text = replaced_outside_code(_LONE_STAR, lambda found: f"{found[1]}*", text)
    return text


def _address(match: re.Match[str]) -> str:
    """A bare address as it reads: without the tool's backslashes, in angles if it needs them."""
    if "\\" not in match[0]:
        return match[0]
    near = match.string[max(0, match.start() - _NEAR) : match.start()]
    closing = _CLOSING.search(match[0]) if _OPENING.search(near) else None
    end = match[0][closing.start() :] if closing else ""
    address = match[0].removesuffix(end).replace("\\_", "_").replace("\\*", "*")
    if not _MAY_EMPHASISE.search(address):
        return address + end
    in_words_of_link = near.rfind("[") > near.rfind("]")
    return match[0] if in_words_of_link else f"<{address}>{end}"


def _plain(text: str) -> str:
    return _ESCAPED_UNDERSCORE.sub(lambda match: match[0].replace("\\", ""), text)


def _mend_escapes(text: str) -> str:
    if "\\_" in text:
        text = "".join(
            piece if piece.startswith("\\") and _WORDS_OF_TEX.fullmatch(piece) else _plain(piece)
            for piece in _WORDS_OF_TEX.split(text)
        )
    return _LIVE_TAG.sub(r"\1\\<", _BREAK.sub("<br>", text))
