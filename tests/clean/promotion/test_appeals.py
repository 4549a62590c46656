"""Every row of the table proves itself."""

from __future__ import annotations

import re

import pytest

from crawler.clean.promotion.appeals import APPEALS, appeal_of
from crawler.clean.promotion.blocks import words_of
from crawler.clean.promotion.phrases import LONGEST, Appeal


@pytest.mark.parametrize(("row", "text"), [(row, text) for row in APPEALS for text in row.matches])
def test_every_appeal_knows_its_own_examples(row: Appeal, text: str) -> None:
    assert re.fullmatch(row.pattern, words_of(text))
    assert appeal_of(words_of(text)) is not None


@pytest.mark.parametrize("text", [text for row in APPEALS for text in row.spares])
def test_no_appeal_takes_what_an_article_says(text: str) -> None:
    assert appeal_of(words_of(text)) is None


def test_every_appeal_has_a_name_of_its_own_and_says_where_it_was_seen() -> None:
    assert len({row.id for row in APPEALS}) == len(APPEALS)
    assert all(row.evidence and row.matches and row.spares for row in APPEALS)


def test_a_long_block_is_no_appeal_however_much_it_calls() -> None:
    assert appeal_of("欢迎关注我们" * 20) is None
    assert len("欢迎关注我们" * 20) > LONGEST


def test_no_words_call_to_nobody() -> None:
    assert appeal_of("") is None
