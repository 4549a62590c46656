"""Promotion told from content on real seeds, as labels by hand say, and on the shipped seed."""

from __future__ import annotations

import pytest

from bench.promo import Accounts, Score, read_accounts, read_labels, score
from crawler.clean.promotion import learn, strip
from tests.conftest import SEEDS

pytestmark = pytest.mark.skipif(
    not (SEEDS / "INDEX.tsv").is_file(), reason="no real seeds beside this checkout"
)

SHIPPED = "000_89060f971c5e2995.txt"


@pytest.fixture(scope="module")
def accounts() -> Accounts:
    return read_accounts(SEEDS)


@pytest.fixture(scope="module")
def scores(accounts: Accounts) -> dict[bool, Score]:
    return score(accounts, read_labels())


def test_labels_still_name_blocks_that_are_there(scores: dict[bool, Score]) -> None:
    assert sum(one.articles for one in scores.values()) >= 200
    assert sum(one.lost for one in scores.values()) <= 0.01 * sum(
        one.labels for one in scores.values()
    )


@pytest.mark.parametrize("tuned_on", [True, False])
def test_hardly_any_content_is_taken_for_promotion(
    scores: dict[bool, Score], *, tuned_on: bool
) -> None:
    assert scores[tuned_on].precision >= 0.995, scores[tuned_on].worst


def test_nine_in_ten_blocks_of_promotion_are_found(scores: dict[bool, Score]) -> None:
    taken = sum(one.taken for one in scores.values())
    assert taken >= 0.9 * (taken + sum(one.missed for one in scores.values()))
    assert scores[True].recall >= 0.93
    assert scores[False].recall >= 0.85


def test_the_shipped_seed_keeps_its_article_and_nothing_else(accounts: Accounts) -> None:
    samples = next(
        samples for samples in accounts.values() if any(one.id == SHIPPED for one in samples)
    )
    seed = next(one for one in samples if one.id == SHIPPED)
    result = strip(seed.text, learn(samples))
    paragraphs = result.text.split("\n\n")
    assert len(paragraphs) == 4
    assert paragraphs[0].startswith("为持续深入打击")
    assert paragraphs[-1] == "（来源：公安部网站）"
    assert result.head.count("![") == 5
    assert result.tail.startswith("**分享网络安全知识")
