"""What of an article is compared with others: its letters, and the pieces that they are made of."""

from __future__ import annotations

from crawler.clean.markdown import split_document
from crawler.folding import fold_script, title_key
from crawler.plain import plain_text

LENGTH = 5
"""Letters a shingle: two or three words of Chinese, which different texts seldom share."""


def letters_of(body: str) -> str:
    """The letters and digits of an article's body, folded, without its pictures.

    Marks, white space, links and emphasis differ between copies of one text. The title is a part of
    it: a few words that go with pictures say little without.
    """
    title, _, text = split_document(body)
    return title_key(fold_script(f"{title}\n{plain_text(text)}"))


def shingles_of(letters: str) -> frozenset[str]:
    """Every piece of `LENGTH` letters, once."""
    return frozenset(pieces_of(letters))


def pieces_of(letters: str) -> list[str]:
    """The same in their order, as often as each stands there; a sketch of them is the same."""
    return [letters[start : start + LENGTH] for start in range(len(letters) - LENGTH + 1)]
