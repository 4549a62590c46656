"""What of an article is compared with others: its letters, and the pieces that they are made of."""

from __future__ import annotations

from array import array
from itertools import compress
from operator import ne
from typing import TypeAlias

from crawler.clean.markdown import split_document
from crawler.folding import fold_script, title_key
from crawler.plain import plain_text

Pieces: TypeAlias = "frozenset[int] | array[int]"
"""What a text is made of, as numbers of this process alone; in order where they are many."""

LENGTH = 5
"""Letters a shingle: two or three words of Chinese, which different texts seldom share."""


def letters_of(body: str) -> str:
    """The letters and digits of an article's body, folded, without its pictures.

    Marks, white space, links and emphasis differ between copies of one text. The title is a part of
    it: a few words that go with pictures say little without.
    """
    title, _, text = split_document(body)
    return title_key(fold_script(f"{title}\n{plain_text(text)}"))


_LONG = 50_000
"""Letters. As a set each piece of a longer text would take ten times the room."""


def shingles_of(letters: str) -> Pieces:
    """Every piece of `LENGTH` letters, once, as a number."""
    starts = range(len(letters) - LENGTH + 1)
    if len(letters) <= _LONG:
        return frozenset({hash(letters[start : start + LENGTH]) for start in starts})
    numbers = sorted(hash(letters[start : start + LENGTH]) for start in starts)
    is_other = map(ne, numbers, [None, *numbers])  # than the one before it
    return array("q", compress(numbers, is_other))


def pieces_of(letters: str) -> list[str]:
    """The same in their order, as often as each stands there; a sketch of them is the same."""
    return [letters[start : start + LENGTH] for start in range(len(letters) - LENGTH + 1)]
