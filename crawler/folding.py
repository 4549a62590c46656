"""What is the same to a reader though it is written otherwise: width, case, marks, white space.

Search folds texts so, and so are titles and names compared wherever nothing better tells which
article a copy is of.
"""

from __future__ import annotations

import re
import unicodedata

WIDE_LETTERS = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a"
"""Full-width digits and letters, for a class of a regular expression."""

_WIDE = re.compile(f"[{WIDE_LETTERS}]+")
_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)}


def fold_width(text: str) -> str:
    """The text with full-width letters and digits (ＳＱＬ) as plain ones.

    Every character keeps its place.
    """
    return _WIDE.sub(lambda wide: wide[0].translate(_NARROW), text)


def title_key(text: str) -> str:
    """A title or a name as it is compared: only letters and digits, without case and accents.

    Empty where it has none: such a title is like no other.
    """
    folded = fold_width(text).lower()
    if not folded.isascii():
        folded = unicodedata.normalize("NFD", folded)
    return "".join(character for character in folded if character.isalnum())
