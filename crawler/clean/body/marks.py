"""Marks that stand before a line: bullets and numbers that an editor wrote or set beside it."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.clean.body.paragraphs import Leaf

BULLETS = "•●○▪■◆·∙◦‣"
COPY_LABELS = frozenset({"复制", "复制代码", "copy", "copy code", "copied!", "已复制"})
"""What a card of code offers, beside its code."""
UNREAD = "\uffff"
"""Stands for words that were not looked at: no label, no number, no code and no formula's word."""
_MARK = re.compile(
    rf"(?:[{BULLETS}◇□★☆▶►▸➤➢✓✔√※▌|丨-]"
    r"|[(（]?[0-9]{1,3}[)）.、．:：/]?|[①-⑳❶-❿⓵-⓾]|[A-Za-z][.、:：]"
    r"|[一二三四五六七八九十]{1,3}[、.．:：]?|(?i:part|no|step|chapter)[.\s]{0,2}[0-9]{1,3})\Z"
)
_WRITTEN_BULLET = re.compile(rf"[{BULLETS}][ \u3000\xa0]*(?=\S)")
# 007 is a name: as an item's number it would be 7
_WRITTEN_NUMBER = re.compile(r"(0|[1-9][0-9]{0,2})[.)、．][ \u3000\xa0]*(?=[^\s0-9])")


LONGEST_MARK = 12  # characters


def is_mark(text: str) -> bool:
    """Whether a text is no more than a bullet, a number or a letter that counts."""
    return len(text) <= LONGEST_MARK and _MARK.match(text.strip()) is not None


def list_mark(text: str) -> tuple[str, int, int]:
    """The list that a line is an item of by the mark that it begins with.

    Returns ("ul" or "ol", the number, the length of the mark); ("", 0, 0) where it has none.
    """
    bullet = _WRITTEN_BULLET.match(text)
    if bullet:
        return "ul", 0, bullet.end()
    number = _WRITTEN_NUMBER.match(text)
    return ("ol", int(number[1]), number.end()) if number else ("", 0, 0)


def without_start(leaves: list[Leaf], length: int) -> list[Leaf]:
    """A line without so many of its first characters."""
    kept: list[Leaf] = []
    for leaf in leaves:
        gone = min(length, len(leaf.text)) if leaf.kind == "text" else 0
        length -= gone
        if gone < len(leaf.text) or leaf.kind != "text":
            kept.append(leaf._replace(text=leaf.text[gone:]))
    return kept


def start_of(leaves: list[Leaf]) -> str:
    """The words that a line begins with, up to what is no word: a mark does not go over that."""
    return text_of(list(takewhile(lambda leaf: leaf.kind == "text", leaves)))


def is_plain(leaves: list[Leaf]) -> bool:
    """Whether there is nothing but words in a line: no picture, code or formula, and no link."""
    return all(leaf.kind in ("text", "break") and not leaf.href for leaf in leaves)


def text_of(leaves: list[Leaf]) -> str:
    """The words of a line, less what is no word."""
    return "".join(leaf.text for leaf in leaves if leaf.kind == "text")
