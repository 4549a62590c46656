"""Signatures of texts: MinHash, so that like texts are found without comparing each with each.

A signature says of the whole text (64 numbers) and of its beginning (16 more, for a copy that was
cut is like nothing but the beginning of the whole one). Two texts are looked at together where four
numbers in a row agree: of pairs that share 60 % of their pieces nine in ten are, of 80 % all but
two in ten thousand.
"""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from itertools import islice, product
from typing import TYPE_CHECKING, NamedTuple

from rensa import RMinHash  # type: ignore[import-untyped]

from crawler.article import sha256
from crawler.clean.stories.shingles import pieces_of

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 500 + RMinHash.ALGORITHM_VERSION
"""Of signatures; another one is not compared with these."""

SHORTEST = 60
"""Letters that a text must have to be compared: shorter ones are the captions of pictures."""

_WHOLE, _BEGINNING = 64, 16  # numbers
_ROW = 4  # numbers a band
_HEAD = 1_000  # letters of a beginning; a copy that was cut has some 8,000 characters
_SEED = 20
_LEAST_ALIKE = 0.55  # of the numbers: four deviations below what counts
_MOST_SEEN = 500  # texts that share a band with one, half of them by the rarest bands
_MOST_LIKE = 30  # that are told, and so many less likely ones
_SIGNATURE = struct.Struct(f"<{_WHOLE + _BEGINNING}I")
_BAND_BYTES = 4 * _ROW
_BYTES_OF_WHOLE = 4 * _WHOLE


class Signed(NamedTuple):
    """What is kept of a text: a name for its letters, and its signature in base64.

    Both are empty for a text that is too short to be compared.
    """

    text: str
    signature: str


def sign(letters: str) -> Signed:
    """The signature of a text's letters; a function of these alone."""
    if len(letters) < SHORTEST:
        return Signed("", "")
    numbers = [*_minhash(letters, _WHOLE), *_minhash(letters[:_HEAD], _BEGINNING)]
    packed = b64encode(_SIGNATURE.pack(*numbers)).decode("ascii")
    return Signed(sha256(letters.encode())[:32], packed)


def is_sound(signature: str) -> bool:
    """Whether this is a signature; a letter of one that was kept may be damaged."""
    try:
        return len(b64decode(signature, validate=True)) == _SIGNATURE.size
    except (ValueError, TypeError):
        return False


def _minhash(letters: str, numbers: int) -> list[int]:
    sketch = RMinHash(num_perm=numbers, seed=_SEED)
    sketch.update(pieces_of(letters))
    return list(sketch.digest())


class Shelf:
    """Texts by what is found in their signatures."""

    def __init__(self) -> None:
        # by place, band, and whether the end is missing; dicts, for sets have no order. Most stand
        # alone, and have none: of 10,000 texts that are all others 71 MB would be dicts of one
        self._by_band: dict[bytes, Signed | dict[Signed, None]] = {}

    def add(self, signed: Signed, *, cut: bool) -> None:
        """Put a text on the shelf; `cut` where its end is missing."""
        for place, band in _bands_of(signed):
            there = self._by_band.setdefault(_key_of(place, band, cut=cut), signed)
            if isinstance(there, dict):
                there[signed] = None
            elif there != signed:
                self._by_band[_key_of(place, band, cut=cut)] = {there: None, signed: None}

    def like(self, signed: Signed, *, cut: bool) -> list[tuple[Signed, bool]]:
        """The texts that may be the same as this one, each with whether that was cut.

        That beginnings are alike counts where one was cut. Of a crowd that is all alike, as the
        days of one bulletin are, only so many are looked at, for each of it asks: half of them by
        the bands that fewest share, half by those that most do. The likeliest come first, then some
        that are less so, for a crowd of one telling would hide another one of the same story.
        """
        shelves = sorted(self._beside(signed, cut=cut), key=lambda shelf: len(shelf[0]))
        found: dict[Signed, bool] = {}
        for some in (shelves, shelves[::-1]):
            there = ((other, was_cut) for others, was_cut in some for other in others)
            for other, was_cut in islice(there, _MOST_SEEN // 2):
                found[other] = was_cut or found.get(other, False)
        own = _numbers(signed)
        likeness = {
            other: _agreeing(own, _numbers(other)) for other in found if other.text != signed.text
        }
        alike = [
            other
            for other, (of_whole, _) in likeness.items()
            if cut or found[other] or of_whole >= _LEAST_ALIKE * _WHOLE
        ]
        best = sorted(alike, key=lambda other: (-sum(likeness[other]), other.text))
        rest = best[_MOST_LIKE:]
        spread = rest[:: len(rest) // _MOST_LIKE + 1]
        return [(other, found[other]) for other in (*best[:_MOST_LIKE], *spread)]

    def _beside(self, signed: Signed, *, cut: bool) -> Iterator[tuple[dict[Signed, None], bool]]:
        """The texts that share a band, band by band, with whether they were cut."""
        for (place, band), other_cut in product(_bands_of(signed), (False, True)):
            shelf = self._by_band.get(_key_of(place, band, cut=other_cut))
            if shelf and (cut or other_cut or place < _BYTES_OF_WHOLE):
                yield shelf if isinstance(shelf, dict) else {shelf: None}, other_cut


def _bands_of(signed: Signed) -> Iterator[tuple[int, bytes]]:
    packed = b64decode(signed.signature)
    for place in range(0, len(packed), _BAND_BYTES):
        yield place, packed[place : place + _BAND_BYTES]


def _key_of(place: int, band: bytes, *, cut: bool) -> bytes:
    return bytes((place // _BAND_BYTES, cut)) + band


def _agreeing(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, int]:
    """How many numbers of two signatures agree, of the whole texts and of their beginnings."""
    same = list(map(int.__eq__, one, other))
    return sum(same[:_WHOLE]), sum(same[_WHOLE:])


def _numbers(signed: Signed) -> tuple[int, ...]:
    return _SIGNATURE.unpack(b64decode(signed.signature))
