from __future__ import annotations

import pytest

from crawler.clean.promotion.blocks import read_block
from crawler.clean.promotion.walks import DEPTH, Edge, read_edges, read_known, walk

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


def test_a_short_block_is_remembered_and_a_whole_text_is_not() -> None:
    assert read_known(PROSE) is read_known(PROSE)
    text = PROSE * 1_000
    assert read_known(text) == read_known(text)
    assert read_known(text) is not read_known(text)


def test_a_walk_stops_at_prose() -> None:
    side = read_edges(["山间周刊出品", PROSE, "山间的朋友们"]).head
    assert walk(side, Edge.HEAD, _known("山间周刊出品", "山间的朋友们")) == [0]


def test_a_walk_goes_over_what_is_empty_and_over_rules() -> None:
    side = read_edges(["扫码关注本刊", "####", "---", "扫码加入读者群", PROSE]).head
    assert walk(side, Edge.HEAD, _known("扫码关注本刊", "扫码加入读者群")) == [0, 3]


def test_nothing_is_reached_where_nothing_is_known() -> None:
    assert walk(read_edges([PROSE]).tail, Edge.TAIL, set()) == []


def test_an_appeal_carries_a_walk_without_being_known() -> None:
    side = read_edges([PROSE, "山间的朋友们", "长按识别二维码关注我们"]).tail
    assert walk(side, Edge.TAIL, _known("山间的朋友们")) == [0, 1]


@pytest.mark.parametrize(
    "topic", ["Part 2 影响", "0x03", "第三部分", "Timeline", "2024/5/1", "总结"]
)
def test_no_walk_goes_over_a_heading_or_a_date(topic: str) -> None:
    side = read_edges([PROSE, "扫码加入读者群", topic, "扫码关注本刊"]).tail
    assert walk(side, Edge.TAIL, _known("扫码关注本刊", "扫码加入读者群")) == [0]


def test_plain_words_behind_the_pictures_of_the_day_are_the_articles_own() -> None:
    picture = "![](https://mmbiz.qpic.cn/mmbiz_png/Day/640)"
    side = read_edges([PROSE, "处置情况如上", picture, "山间周刊出品"]).tail
    assert walk(side, Edge.TAIL, _known("处置情况如上", "山间周刊出品")) == [0]


def test_a_call_behind_a_changing_picture_is_reached() -> None:
    picture = "![](https://mmbiz.qpic.cn/mmbiz_png/Day/640)"
    side = read_edges([PROSE, "扫码关注本刊", picture, "山间周刊出品"]).tail
    assert walk(side, Edge.TAIL, _known("扫码关注本刊", "山间周刊出品")) == [0, 2]


def test_plain_words_under_a_date_belong_to_it() -> None:
    side = read_edges([PROSE, "2024/5/1", "某实验室发布漏洞通告。", "扫码关注本刊"]).tail
    assert walk(side, Edge.TAIL, _known("某实验室发布漏洞通告。")) == [0]
