from __future__ import annotations

from array import array
from random import Random
from typing import TYPE_CHECKING

import pytest

from crawler.clean.stories import are_same, shingles_of

if TYPE_CHECKING:
    from crawler.clean.stories import Pieces


def pieces(first: int, last: int) -> Pieces:
    return frozenset(range(first, last))


@pytest.mark.parametrize(("last", "same"), [(100, True), (133, True), (134, False)])
def test_two_texts_are_the_same_if_they_share_three_quarters(last: int, *, same: bool) -> None:
    assert are_same(pieces(0, 100), pieces(0, last)) is same
    assert are_same(pieces(0, last), pieces(0, 100)) is same


@pytest.mark.parametrize(("first", "same"), [(0, True), (10, True), (11, False)])
def test_a_text_that_was_cut_is_the_same_as_one_that_holds_it(first: int, *, same: bool) -> None:
    assert are_same(pieces(0, 100), pieces(first, 900), cut=(True, False)) is same
    assert are_same(pieces(first, 900), pieces(0, 100), cut=(False, True)) is same
    assert are_same(pieces(0, 100), pieces(first, 900), cut=(True, True)) is same
    assert not are_same(pieces(0, 100), pieces(first, 900))


def test_a_whole_text_is_another_one_than_what_holds_it_though_that_was_cut() -> None:
    assert not are_same(pieces(0, 100), pieces(0, 900), cut=(False, True))


def test_nothing_is_not_the_same_as_anything() -> None:
    assert not are_same(frozenset(), frozenset(), cut=(True, True))


@pytest.mark.parametrize(("last", "same"), [(133_000, True), (134_000, False)])
def test_long_texts_are_compared_as_short_ones_are(last: int, *, same: bool) -> None:
    short, long = pieces(0, 100_000), array("q", range(100_000))
    for one in (short, long):
        for other in (pieces(0, last), array("q", range(last))):
            assert are_same(one, other) is same
            assert are_same(other, one) is same


def test_the_pieces_of_a_long_text_take_little_room() -> None:
    letters = "".join(map(chr, Random(1).choices(range(0x4E00, 0x9000), k=60_000)))
    long = shingles_of(letters)
    assert isinstance(long, array)
    assert set(long) == {hash(letters[start : start + 5]) for start in range(59_996)}
    assert list(long) == sorted(set(long))
    assert are_same(shingles_of(letters[:40_000]), long, cut=(True, False))
