"""Which tool made a document: by its front matter, and by its first lines."""

from __future__ import annotations

import re
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING

from crawler.clean.exports.fields import MAX_HEAD, Sheet, read_sheet
from crawler.clean.exports.producers import PRODUCERS, UNKNOWN

if TYPE_CHECKING:
    from crawler.clean.exports.records import Producer

_MARKS = {row.id: re.compile(row.mark) for row in PRODUCERS if row.mark}
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_FIRST_LINES = 12  # of words; no head of a tool's has more


def identify(text: str) -> Producer:
    """The producer of a document by its first lines; `UNKNOWN` where no row knows it."""
    return producer_of(read_sheet(text), text)


def producer_of(sheet: Sheet, text: str) -> Producer:
    """The same of one that was taken apart."""
    head, tail = _head_of(sheet, text), text[-MAX_HEAD:]
    return next((row for row in PRODUCERS if _is_by(row, sheet, head, tail)), UNKNOWN)


def _head_of(sheet: Sheet, text: str) -> str:
    """Front matter and the first lines, where tools leave their marks.

    Below them an article may speak of a tool, or show its lines in code.
    """
    above = text[: len(text) - len(sheet.text)]
    lines = sheet.text[:MAX_HEAD].split("\n")
    fence = next((index for index, line in enumerate(lines) if _FENCE.match(line)), len(lines))
    counted = accumulate(bool(line.strip()) for line in lines[:fence])
    end = sum(1 for _ in takewhile(lambda count: count <= _FIRST_LINES, counted))
    return above[:MAX_HEAD] + "\n".join([*lines[:end], ""])


def _is_by(row: Producer, sheet: Sheet, head: str, tail: str) -> bool:
    if row.keys and not (row.keys <= sheet.keys and row.without.isdisjoint(sheet.keys)):
        return False
    sample = tail if row.mark.endswith(r"\Z") else head
    return not row.mark or _MARKS[row.id].search(sample) is not None
