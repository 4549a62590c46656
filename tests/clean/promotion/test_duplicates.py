from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from crawler.clean.promotion.duplicates import leaders_of_duplicates, weighed
from tests.growth import assert_linear

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

COURSE = [
    "这门课讲三十六种结绳的方法，每一种都有图，学费全免，只收绳子的钱。",
    "报名的人要先会打三种结。",
]


def leaders(articles: Iterable[Sequence[str]]) -> list[int]:
    return leaders_of_duplicates([weighed(blocks) for blocks in articles])


def test_an_article_that_was_posted_again_points_to_its_first_post() -> None:
    other = ["山路比前一天更长，走到第七块界碑的时候下起了很大的雨，向导也没有办法。"]
    assert leaders([COURSE, other, [*COURSE, "再开一次"]]) == [0, 1, 0]


def test_articles_that_share_a_short_heading_are_no_duplicates() -> None:
    one, other = (
        ["概述", "第一篇写的是河边的旧桥和桥下的水，写了很久。"],
        ["概述", "第二篇写的是山里的新路和路边的树，也很久。"],
    )
    assert leaders([one, other]) == [0, 1]


def test_no_articles_have_no_leaders() -> None:
    assert leaders([]) == []


def test_twice_the_articles_that_are_made_of_common_blocks_is_twice_the_work() -> None:
    opening = [
        f"第{n}段：守塔人每天清晨都把同一段话写在日志的第一页，{'年复一年，' * 5}" for n in "一二三"
    ]
    pictures = [f"![](https://mmbiz.qpic.cn/mmbiz_png/{number}/640)" for number in range(40)]
    chance = Random(1)
    posts = [[*opening, *chance.sample(pictures, 8)] for _ in range(200)]
    assert_linear(lambda count: leaders(posts[:count]), 100)


def test_a_post_is_known_again_behind_many_others_that_begin_as_it_does() -> None:
    opening = "港口的日志每天都以这一句开头，后面写的是当天的船只、潮水与风向，各不相同。"
    posts = [
        [opening, f"第{n}天，进港的船有{n}艘，潮水和风向都记在了后面的表里。"] for n in range(25)
    ]
    assert leaders([*posts, posts[3]])[-1] == 3
