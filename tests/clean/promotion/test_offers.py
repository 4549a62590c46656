"""Offers at the end of an article, and articles whose own point they are. All are invented."""

from __future__ import annotations

import pytest

from crawler.clean.promotion import Promo, strip
from crawler.clean.promotion.appeals import APPEALS
from crawler.clean.promotion.offers import OFFERS

STORY = "山路很长，走了一整天才到村口，天已经黑了，桥头的灯还亮着，有人在等最后一班渡船。"


def left_of(*texts: str) -> list[str]:
    promo = Promo(is_on=True, account="山间周刊")
    return strip("\n\n".join(texts), promo).text.split("\n\n")


def test_offers_are_appeals() -> None:
    assert set(OFFERS) <= set(APPEALS)


def test_an_address_for_contributions_goes_but_is_the_point_of_a_call_for_papers() -> None:
    address = "投稿邮箱：a@example.com"
    assert left_of(STORY, address) == [STORY]
    call = "本刊面向全国征文，题目自拟，字数不限，十二月底截稿，来稿请注明姓名和住址。"
    assert left_of(call, STORY, address) == [call, STORY, address]


@pytest.mark.parametrize(
    "last",
    [
        "联系电话：13800000000（王女士）",
        "请咨询您的主治医生。",
        "居民进门前须扫描健康码。",
        "一九八三年，李师傅加入了这个大家庭，一干就是二十年。",
        "想看候鸟的人，可以在十月进入湿地，远远望见鹤群起飞。",
        "志愿者招募：12月1日起，到居委会登记。",
    ],
)
def test_the_last_paragraph_of_a_notice_or_a_story_is_no_offer(last: str) -> None:
    assert left_of(STORY, last) == [STORY, last]
