"""Every row of the table proves itself."""

from __future__ import annotations

import re

import pytest

from crawler.clean.promotion.blocks import words_of
from crawler.clean.promotion.companions import (
    COMPANIONS,
    LONGEST,
    Companion,
    is_companion,
    is_reach,
    serves_article,
)


@pytest.mark.parametrize(
    ("row", "text"), [(row, text) for row in COMPANIONS for text in row.matches]
)
def test_every_companion_knows_its_own_examples(row: Companion, text: str) -> None:
    assert re.fullmatch(row.pattern, words_of(text))
    assert is_companion(words_of(text))
    assert is_reach(words_of(text)) or not row.reaches


@pytest.mark.parametrize("text", [text for row in COMPANIONS for text in row.spares])
def test_no_companion_takes_what_an_article_says(text: str) -> None:
    assert not is_companion(words_of(text))


def test_every_companion_has_a_name_of_its_own_and_says_where_it_was_seen() -> None:
    assert len({row.id for row in COMPANIONS}) == len(COMPANIONS)
    assert all(row.evidence and row.matches and row.spares for row in COMPANIONS)


def test_long_words_and_none_are_no_companion() -> None:
    assert not is_companion("如需" + "长" * LONGEST)
    assert not is_companion("")


def test_words_about_an_event_or_a_job_serve_the_article() -> None:
    assert serves_article("培训报名咨询")
    assert not serves_article("更多精彩")
