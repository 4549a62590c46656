from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from crawler.clean.promotion.learning import (
    Account,
    Evidence,
    Known,
    Walks,
    evidence_of,
    known_blocks,
    still_known,
)
from crawler.clean.promotion.walks import Edge, read_edges, read_known
from crawler.config import PromoConfig
from tests.growth import assert_linear

if TYPE_CHECKING:
    from collections.abc import Sequence

EVIDENCE = Evidence(articles=5, share=0.25)
CALL = "扫码关注本刊"


def test_the_settings_are_asked_for_whole_or_four_fifths_of_them() -> None:
    config = PromoConfig(min_articles=10, min_share=0.5)
    assert evidence_of(config) == Evidence(articles=10, share=0.5)
    assert evidence_of(config).times(0.8) == Evidence(articles=8, share=0.4)


def test_a_block_needs_so_many_articles_within_one_stretch() -> None:
    assert EVIDENCE.is_enough([1, 2, 3, 4, 5], 100)
    assert not EVIDENCE.is_enough([1, 2, 3, 4], 100)
    assert not EVIDENCE.is_enough([0, 20, 40, 60, 80], 100)


def test_what_enough_articles_end_in_is_known_at_the_tail_and_not_at_the_head() -> None:
    articles = [read_edges([f"第{number}天的山路很长。", CALL]) for number in range(6)]
    known = known_blocks(Account(articles, "山间周刊", frozenset()), EVIDENCE)
    assert known == {Edge.HEAD: frozenset(), Edge.TAIL: {read_known(CALL).key}}


@pytest.mark.parametrize(
    "tail",
    [
        ("一、总结", "关于我们", "写给山里人的朋友"),
        ("05", "关于我们", "山间周刊"),
        ("联系方式如下：", "关于我们", CALL, "山间周刊"),
        ("如下：", "关于我们"),
    ],
)
def test_learning_ends_where_an_appeal_stands_under_what_leads_to_it(
    tail: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, drop = count(), Walks.drop

    def counted(walks: Walks, dropped: Known) -> set[str]:
        assert next(rounds) < 20, "it does not end"
        return drop(walks, dropped)

    monkeypatch.setattr(Walks, "drop", counted)
    articles = [read_edges([f"第{number}天的山路很长。", *tail]) for number in range(6)]
    known = known_blocks(Account(articles, "山间周刊", frozenset()), EVIDENCE)
    assert known.keys() == set(Edge)


def _with_latest_titles(size: int) -> Account:
    """Articles that each end in the titles of the last ones, of which none is an edge of many."""
    titles = [
        "".join(chr(0x4E00 + number * 97 % 5000 + place) for place in (0, 700, 30))
        for number in range(size + 12)
    ]
    tails = (titles[number : number + 12] for number in range(size))
    articles = [
        read_edges([f"第{number}天的山路很长。", *tail]) for number, tail in enumerate(tails)
    ]
    return Account(articles, "山间周刊", frozenset())


def test_what_is_known_is_what_walks_over_it_reach_and_no_more() -> None:
    account = _with_latest_titles(60)
    known = known_blocks(account, EVIDENCE)
    settled = still_known(account, known, EVIDENCE)
    assert all(known[edge] <= settled[edge] for edge in Edge)


def test_twice_the_lists_of_the_latest_titles_is_twice_the_work() -> None:
    accounts = {size: _with_latest_titles(size) for size in (1, 80, 160)}
    assert_linear(lambda size: known_blocks(accounts[size], EVIDENCE), 80)
