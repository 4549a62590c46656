"""Words that take turns at the end of an account's articles. All of them are invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.clean.promotion import Sample, learn, strip

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT = "山间日课"
CALL = "欢迎关注我们"


def _story(number: int) -> str:
    return f"第{number}天，山路走到第{number * 7}个弯，{chr(0x5000 + number)}家的灯还亮着。"


def _endings(end: Callable[[int], list[str]], count: int = 24) -> list[list[str]]:
    """What is left behind the stories of an account whose articles end so."""
    texts = ["\n\n".join([_story(n), _story(n + 99), *end(n), CALL]) for n in range(count)]
    samples = [
        Sample(id=str(n), text=text, date=f"2024-01-{n + 1:02d}") for n, text in enumerate(texts)
    ]
    promo = learn(samples, account=ACCOUNT)
    return [strip(text, promo).text.split("\n\n")[2:] for text in texts]


@pytest.mark.parametrize(
    "values",
    [
        ("答案：甲", "答案：乙", "答案：丙"),
        ("宜出行", "宜嫁娶"),
        ("推荐指数：★", "推荐指数：★★", "推荐指数：★★★"),
        ("92号：7.1元", "92号：7.2元", "92号：7.3元"),
    ],
)
def test_the_answer_or_the_price_of_each_day_stays(values: tuple[str, ...]) -> None:
    def end(number: int) -> list[str]:
        return [values[number % len(values)]]

    assert _endings(end) == [end(number) for number in range(24)]


def test_a_slogan_goes_and_so_does_the_one_in_its_place() -> None:
    assert _endings(lambda number: ["山里见" if number < 12 else "河边见"]) == [[]] * 24


def test_plain_words_that_change_between_two_blocks_of_promotion_stay() -> None:
    def end(number: int) -> list[str]:
        return [CALL, f"第{number}课讲{chr(0x6000 + number)}字"]

    assert _endings(end)[3] == end(3)


@pytest.mark.parametrize(
    "facts",
    [
        ("报名时间：{0}月{1}日", "报名费：{1}0元/人", "名额{1}人", "联系电话：0512-{1}"),
        ("【报名时间】2024年{0}月{1}日", "【咨询电话】0512-{1}"),
        ("📞 联系电话：138{1}", "💰 报名费：{1}元/人", "🕐 报名截止：{0}月{1}日"),
        ("优惠价 | {1}元", "报名电话 | 0512-{1}"),
        ("本场报名费{1}元每人", "活动报名截止{0}月{1}日13时"),
        ("报名请拨打138{1}",),
    ],
)
def test_numbers_that_each_article_says_itself_stay(facts: tuple[str, ...]) -> None:
    def end(number: int) -> list[str]:
        return [fact.format(number % 12 + 1, number + 1) for fact in facts]

    assert _endings(end) == [end(number) for number in range(24)]


def test_numbers_that_hardly_any_article_has_alone_go() -> None:
    phones = ("0512-66001180", "0512-66003345", "0512-66007777", "0512-66008822")
    assert _endings(lambda number: [f"联系电话：{phones[number // 6]}"]) == [[]] * 24
    assert _endings(lambda number: [f"第{number}期报名中"]) == [[]] * 24
