from __future__ import annotations

from crawler.clean.promotion.learning import Account, Evidence, evidence_of, known_blocks
from crawler.clean.promotion.walks import Edge, read_edges, read_known
from crawler.config import PromoConfig

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
