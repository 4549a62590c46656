"""Punctuation at the ends of emphasis, which may stand outside of it.

CommonMark closes no `**` between `：` and a letter, so that `**注意：**不` shows its asterisks. A
reader sees no difference in `**注意**：不`, and it closes everywhere. Signs that belong to a word
(`C++`, `90%`, `.NET`) stay with it, and so does what may be Markdown itself.
"""

from __future__ import annotations

import unicodedata

_PARTNERS = dict(zip('“‘「『《〈（【〔〖(["', '”’」』》〉）】〕〗)]"', strict=True))
_ASCII_AT_START = '("'
_ASCII_AT_END = '.,:;!?)"'


def outside(text: str, *, start: bool, end: bool) -> tuple[int, int]:
    """Where the emphasis of a run begins and ends once its outer punctuation stands outside.

    `text` is Markdown that is written already; `start` and `end` say which ends may not stay as
    they are.
    """
    first = _start(text) if start else 0
    last = _end(text) if end else len(text)
    if first >= last:  # nothing but punctuation
        return (0, 0) if end else (len(text), len(text))
    # a bracket does not go without its partner at the other end
    if last < len(text) and not first and _PARTNERS.get(text[0]) in tuple(text[last:]):
        first = 1
    elif first and last == len(text) and _PARTNERS.get(text[0]) == text[-1]:
        last = _end(text)
    return first, max(first, last)


def _start(text: str) -> int:
    """How many signs at the beginning may move, with the spaces among them."""
    index = 0
    while index < len(text) and _may_move(text[index], _ASCII_AT_START):
        index += 1
    return index


def _end(text: str) -> int:
    """The index behind the last sign that may not move."""
    signs = _ASCII_AT_END
    if "](" in text:
        signs = signs.replace(")", "")  # it may end a link
    if "&" in text:
        signs = signs.replace(";", "")  # it may end an entity
    index = len(text)
    while index and _may_move(text[index - 1], signs):
        index -= 1
    # a backslash would escape what stands behind it then
    return len(text) if text[index - 1 : index] == "\\" else index


def _may_move(sign: str, ascii_signs: str) -> bool:
    if sign.isspace():
        return True
    if sign.isascii():
        return sign in ascii_signs
    return unicodedata.category(sign)[0] == "P"
