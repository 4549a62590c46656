"""Every row of the table proves itself."""

from __future__ import annotations

import re

import pytest

from crawler.clean.promotion.blocks import words_of
from crawler.clean.promotion.senses import Sense, Wording
from crawler.clean.promotion.wordings import WORDINGS, senses_of


def _applies(row: Wording, text: str) -> bool:
    pattern = re.compile(row.pattern)
    words = words_of(text)
    return bool(pattern.search(words) if row.anywhere else pattern.match(words))


@pytest.mark.parametrize(("row", "text"), [(row, text) for row in WORDINGS for text in row.matches])
def test_every_wording_knows_its_own_examples(row: Wording, text: str) -> None:
    assert _applies(row, text)
    assert row.sense in senses_of(words_of(text))


@pytest.mark.parametrize(("row", "text"), [(row, text) for row in WORDINGS for text in row.spares])
def test_every_wording_lets_real_text_alone(row: Wording, text: str) -> None:
    assert not _applies(row, text)


def test_every_wording_has_a_name_of_its_own_and_says_where_it_was_seen() -> None:
    assert len({row.id for row in WORDINGS}) == len(WORDINGS)
    assert all(row.evidence and row.matches and row.spares for row in WORDINGS)


def test_every_sense_has_a_wording() -> None:
    assert {row.sense for row in WORDINGS} == set(Sense)


def test_no_words_make_no_sense() -> None:
    assert not senses_of("")


def test_a_hostile_text_is_judged_in_no_time() -> None:
    for text in ("关" * 100_000, "(" * 100_000, "一、" * 50_000, "推荐" * 50_000, "来源" * 50_000):
        senses_of(text)
