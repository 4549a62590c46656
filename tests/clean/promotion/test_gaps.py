from __future__ import annotations

from crawler.clean.promotion import gaps
from crawler.clean.promotion.walks import read_edges

CALL = "扫码关注本刊"
CODE = "![](https://mmbiz.qpic.cn/mmbiz_png/Code/640)"
PROSE = "山路很长，走了一整天才到。"


def link(number: int) -> str:
    return f"[第{number}件旧事](https://mp.weixin.qq.com/s?__biz=A&mid={number}&idx=1)"


def test_neighbours_are_pairs_with_something_between_them() -> None:
    assert list(gaps.neighbours([0, 1, 4])) == [(1, 4)]
    assert list(gaps.neighbours([2])) == [(-1, 2)]


def test_a_picture_between_promotion_may_change_and_a_sentence_may_not() -> None:
    assert gaps.may_change(read_edges([CALL, CODE, CALL]).head, 0, 2)
    assert not gaps.may_change(read_edges([CALL, PROSE * 9, CALL]).head, 0, 2)


def test_a_list_of_links_belongs_to_its_heading() -> None:
    side = read_edges([PROSE, "往期推荐", link(1), link(2), CALL]).tail
    assert gaps.related_lists(side, [0]) == {1, 2, 3}


def test_the_editors_may_stand_between_a_list_of_links_and_promotion() -> None:
    side = read_edges([PROSE, "相关阅读：", link(1), "责任编辑：某某", CALL]).tail
    assert gaps.related_lists(side, [0]) == {2, 3}


def test_two_links_make_an_ending_and_one_does_not() -> None:
    two, one = read_edges([PROSE, link(1), link(2)]).tail, read_edges([PROSE, link(1)]).tail
    assert gaps.ending(two, gaps.Ending.LINKS) == [0, 1]
    assert gaps.ending(one, gaps.Ending.LINKS) == []


def test_an_invitation_goes_with_the_promotion_behind_it() -> None:
    side = read_edges([PROSE, "加入我们的读者群", CODE, CALL]).tail
    assert gaps.invitations(side, {0}) == {1, 2}
