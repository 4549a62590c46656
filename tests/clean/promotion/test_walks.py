from __future__ import annotations

from crawler.clean.promotion.blocks import read_block
from crawler.clean.promotion.walks import DEPTH, Edge, read_edges, walk

PROSE = "山路很长，走了一整天才到。"


def _known(*texts: str) -> set[str]:
    return {read_block(text).key for text in texts}


def test_a_side_is_read_from_its_edge_inwards() -> None:
    edges = read_edges(["甲", "乙", "丙"])
    assert [block.text for block in edges.side(Edge.HEAD)] == ["甲", "乙", "丙"]
    assert [block.text for block in edges.side(Edge.TAIL)] == ["丙", "乙", "甲"]


def test_a_side_is_no_deeper_than_it_is_looked_at() -> None:
    edges = read_edges([str(number) for number in range(3 * DEPTH)])
    assert len(edges.head) == len(edges.tail) == DEPTH


def test_a_walk_stops_at_prose() -> None:
    side = read_edges(["扫码关注本刊", PROSE, "扫码加入读者群"]).head
    assert walk(side, _known("扫码关注本刊", "扫码加入读者群")) == [0]


def test_a_walk_goes_over_what_is_empty_and_over_rules() -> None:
    side = read_edges(["扫码关注本刊", "####", "---", "扫码加入读者群", PROSE]).head
    assert walk(side, _known("扫码关注本刊", "扫码加入读者群")) == [0, 3]


def test_nothing_is_reached_where_nothing_is_known() -> None:
    assert walk(read_edges([PROSE]).tail, set()) == []
