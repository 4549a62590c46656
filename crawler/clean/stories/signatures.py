"""Signatures of texts: MinHash, so that like texts are found without comparing each with each.

A signature says of the whole text (64 numbers) and of its beginning (16 more, for a copy that was
cut is like nothing but the beginning of the whole one). Two texts are looked at together where four
numbers in a row agree: of pairs that share 60 % of their pieces nine in ten are, of 80 % all but
two in ten thousand.
"""

from __future__ import annotations

import struct
from base64 import b64decode, b64encode
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from rensa import RMinHash  # type: ignore[import-untyped]

from crawler.article import sha256
from crawler.clean.stories.shingles import shingles_of

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 100 + RMinHash.ALGORITHM_VERSION
"""Of signatures; another one is not compared with these."""

SHORTEST = 60
"""Letters that a text must have to be compared: shorter ones are the captions of pictures."""

_WHOLE, _BEGINNING = 64, 16  # numbers
_ROW = 4  # numbers a band
_HEAD = 1_000  # letters of a beginning; a copy that was cut has some 8,000 characters
_SEED = 20
_LEAST_ALIKE = 0.55  # of the numbers: four deviations below what counts
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


def _minhash(letters: str, numbers: int) -> list[int]:
    sketch = RMinHash(num_perm=numbers, seed=_SEED)
    sketch.update(list(shingles_of(letters)))
    return list(sketch.digest())


class Shelf:
    """Texts by what is found in their signatures."""

    def __init__(self) -> None:
        self._by_band: defaultdict[tuple[int, bytes], set[tuple[Signed, bool]]] = defaultdict(set)

    def add(self, signed: Signed, *, cut: bool) -> None:
        """Put a text on the shelf; `cut` where its end is missing."""
        for band in _bands_of(signed):
            self._by_band[band].add((signed, cut))

    def like(self, signed: Signed, *, cut: bool) -> Iterator[tuple[Signed, bool]]:
        """The texts that may be the same as this one, each with whether either of both was cut.

        A text may come more than once. That beginnings are alike counts where one was cut.
        """
        for place, band in _bands_of(signed):
            for other, other_cut in self._by_band.get((place, band), ()):
                either = cut or other_cut
                if other.text == signed.text:
                    continue
                if either or (place < _BYTES_OF_WHOLE and _are_alike(signed, other)):
                    yield other, either


def _bands_of(signed: Signed) -> Iterator[tuple[int, bytes]]:
    packed = b64decode(signed.signature)
    for place in range(0, len(packed), _BAND_BYTES):
        yield place, packed[place : place + _BAND_BYTES]


def _are_alike(one: Signed, other: Signed) -> bool:
    agree = sum(map(int.__eq__, _numbers(one), _numbers(other)))
    return agree >= _LEAST_ALIKE * _WHOLE


def _numbers(signed: Signed) -> tuple[int, ...]:
    return _SIGNATURE.unpack(b64decode(signed.signature))[:_WHOLE]
