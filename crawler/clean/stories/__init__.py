"""Which texts are one story: told more than once, by any accounts, the same or nearly so."""

from crawler.clean.stories.groups import Joined, Member, best_of, earliest_of, join_pairs
from crawler.clean.stories.likeness import are_same
from crawler.clean.stories.shingles import Pieces, letters_of, shingles_of
from crawler.clean.stories.signatures import VERSION, Shelf, Signed, is_sound, sign

__all__ = [
    "VERSION",
    "Joined",
    "Member",
    "Pieces",
    "Shelf",
    "Signed",
    "are_same",
    "best_of",
    "earliest_of",
    "is_sound",
    "join_pairs",
    "letters_of",
    "shingles_of",
    "sign",
]
