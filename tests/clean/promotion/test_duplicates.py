from __future__ import annotations

from crawler.clean.promotion.duplicates import leaders_of_duplicates

COURSE = [
    "这门课讲三十六种结绳的方法，每一种都有图，学费全免，只收绳子的钱。",
    "报名的人要先会打三种结。",
]


def test_an_article_that_was_posted_again_points_to_its_first_post() -> None:
    other = ["山路比前一天更长，走到第七块界碑的时候下起了很大的雨，向导也没有办法。"]
    assert leaders_of_duplicates([COURSE, other, [*COURSE, "再开一次"]]) == [0, 1, 0]


def test_articles_that_share_a_short_heading_are_no_duplicates() -> None:
    one, other = (
        ["概述", "第一篇写的是河边的旧桥和桥下的水，写了很久。"],
        ["概述", "第二篇写的是山里的新路和路边的树，也很久。"],
    )
    assert leaders_of_duplicates([one, other]) == [0, 1]


def test_no_articles_have_no_leaders() -> None:
    assert leaders_of_duplicates([]) == []
