"""Promotion told from content on real seeds, as labels by hand say, and on the shipped seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bench.promo import (
    FRESH,
    LAST,
    OF_PAGES,
    SMALL,
    UNSEEN,
    Accounts,
    Score,
    read_accounts,
    read_labels,
    read_pages,
    residues_of,
    score,
)
from crawler.clean.promotion import learn, strip
from tests.conftest import PAGES, SEEDS

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (SEEDS / "INDEX.tsv").is_file(), reason="no real seeds beside this checkout"
    ),
]

SHIPPED = "000_89060f971c5e2995.txt"


@pytest.fixture(scope="module")
def accounts() -> Accounts:
    return read_accounts(SEEDS)


@pytest.fixture(scope="module")
def looked_at(accounts: Accounts) -> Score:
    return score(accounts, read_labels())


def test_labels_still_name_blocks_that_are_there(looked_at: Score) -> None:
    assert looked_at.articles >= 330
    assert looked_at.lost <= 0.01 * looked_at.labels


def test_hardly_any_content_is_taken_for_promotion(looked_at: Score) -> None:
    assert looked_at.precision >= 0.998, looked_at.worst


@pytest.mark.parametrize(
    ("table", "articles", "recall"),
    [(UNSEEN, 110, 0.92), (SMALL, 150, 0.89), (LAST, 130, 0.88), (FRESH, 110, 0.92)],
)
def test_no_content_is_taken_of_accounts_that_were_labelled_before_they_were_scored(
    accounts: Accounts, table: Path, articles: int, recall: float
) -> None:
    blind = score(accounts, read_labels(table))
    assert blind.articles >= articles
    assert blind.precision >= 0.998, blind.worst
    assert blind.recall >= recall


@pytest.mark.skipif(not PAGES.is_dir(), reason="no real pages beside this checkout")
def test_pages_of_other_fields_lose_their_promotion_too() -> None:
    pages = score(read_pages(PAGES), read_labels(OF_PAGES))
    assert pages.articles >= 40
    assert pages.precision >= 0.97, pages.worst
    assert pages.recall >= 0.87


def test_most_blocks_of_promotion_are_found(looked_at: Score) -> None:
    assert looked_at.recall >= 0.90


def test_few_articles_begin_or_end_in_plain_promotion(accounts: Accounts) -> None:
    left = [
        bool(residues_of(strip(sample.text, promo).text))
        for name, samples in accounts.items()
        for promo in [learn(samples, account=name)]
        for sample in samples
    ]
    assert sum(left) <= 0.07 * len(left)


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
