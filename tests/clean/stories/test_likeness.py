from __future__ import annotations

import pytest

from crawler.clean.stories import are_same


def pieces(first: int, last: int) -> frozenset[str]:
    return frozenset(map(str, range(first, last)))


@pytest.mark.parametrize(("last", "same"), [(100, True), (133, True), (134, False)])
def test_two_texts_are_the_same_if_they_share_three_quarters(last: int, *, same: bool) -> None:
    assert are_same(pieces(0, 100), pieces(0, last), cut=False) is same
    assert are_same(pieces(0, last), pieces(0, 100), cut=False) is same


@pytest.mark.parametrize(("first", "same"), [(0, True), (10, True), (11, False)])
def test_a_text_that_was_cut_is_the_same_as_one_that_holds_it(first: int, *, same: bool) -> None:
    assert are_same(pieces(0, 100), pieces(first, 900), cut=True) is same
    assert not are_same(pieces(0, 100), pieces(first, 900), cut=False)


def test_nothing_is_not_the_same_as_anything() -> None:
    assert not are_same(frozenset(), frozenset(), cut=True)
