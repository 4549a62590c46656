"""Texts in those rows of a table that name no link, where others do."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from crawler.clean.listings.fields import OF_MESSAGES
from crawler.clean.listings.texts import is_remark, is_text, letters_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_LETTERS_OF_A_TEXT = 500
_MOST_OF_A_TITLE = 64


def _letters_of_paragraph(words: str) -> int:
    """How many letters a cell has; none where it may be a title whose link is yet to be found."""
    letters = letters_of(words)
    return letters if letters > _MOST_OF_A_TITLE or "。" in words else 0


@dataclass(slots=True)
class TextsAlone:
    """How many there are: whole ones, and such as go on below their link, a paragraph a row."""

    whole: int = 0
    goes_on: bool = False  # from a row with a link, in rows of one cell
    letters: int = 0  # of these

    def note(
        self, names: Sequence[str], row: Sequence[str], *, is_link: bool, is_other: bool
    ) -> None:
        """Note a row: whether it has a link to an article, or something else to say whose it is."""
        if not OF_MESSAGES.isdisjoint(names):  # a long one is no article's text, nor in JSON
            return
        is_alone = not (is_link or is_other)
        named = zip_longest(names, row, fillvalue="") if is_alone else ()
        cells = [(name, cell) for name, cell in named if cell]
        if is_alone and self.goes_on and len(cells) == 1 and not is_remark(cells[0][0]):
            self.letters += _letters_of_paragraph(cells[0][1])
            return
        self.whole = self.count + any(is_text(*cell) for cell in cells)
        self.goes_on, self.letters = is_link, 0

    @property
    def count(self) -> int:
        """How many there are by now."""
        return self.whole + (self.letters >= _LETTERS_OF_A_TEXT)
