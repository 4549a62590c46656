"""Weekly reports and notices repeat their own words at their edges, and lose none of them.

All accounts and texts are invented; the cases beside the checkout are read where they are there.
"""

from __future__ import annotations

import pytest

from crawler.clean.promotion import Sample, learn, strip
from crawler.clean.seeds import read_seed
from tests.conftest import SHARED

CASES = SHARED / "cases"
WEEKS = range(1, 9)


def picture(week: int, name: str = "Chart") -> str:
    return f"![](https://mmbiz.qpic.cn/mmbiz_png/{name}{week}/640)"


def story(week: int) -> list[str]:
    return [
        f"第{week}周，灯塔共亮了{week * 9}次，其中雾夜{week}次，一切如常，没有船只遇险。",
        f"值得一说的是周{'一二三四五六日日'[week - 1]}的大风，最大有{week + 3}级，吹走了旗。",
    ]


def left_of(*tail: str | list[str], head: tuple[str, ...] = ()) -> list[str]:
    """What is left of the first report, of eight that differ where a part is a list."""

    def chosen(week: int) -> list[str]:
        parts = [part if isinstance(part, str) else part[week - 1] for part in tail]
        return [*head, *story(week), *parts]

    samples = [Sample(id=str(week), text="\n\n".join(chosen(week))) for week in WEEKS]
    return strip(samples[0].text, learn(samples)).text.split("\n\n")


def test_figures_of_the_week_are_no_print_of_the_last_weeks() -> None:
    figures = [
        f"本周，中心协调合作单位共处理事件{week * 41}起，其中重点{week}起。" for week in WEEKS
    ]
    assert left_of("本周事件处理情况", figures)[-1] == figures[0]


def test_a_call_word_in_a_long_paragraph_makes_no_call() -> None:
    long = f"请各单位关注灯塔的亮灭，{'及时记下时辰、方向和颜色，' * 9}并报告值班员。"
    numbered = [f"{long}本期编号{week}。" for week in WEEKS]
    assert left_of(numbered)[-1] == numbered[0]


@pytest.mark.parametrize("topic", ["Part 3 结语", "0x03", "第三部分", "Timeline", "总结", "5月1日"])
def test_what_stands_under_a_heading_or_a_date_stays(topic: str) -> None:
    words = "以上是本周的全部记录。"
    assert left_of(topic, words, "扫码关注灯塔周报公众号")[-2:] == [topic, words]


def test_headings_before_the_pictures_of_the_day_stay() -> None:
    parts = (
        "雾夜的灯",
        [picture(week) for week in WEEKS],
        "晴夜的灯",
        [picture(-week) for week in WEEKS],
    )
    assert left_of(*parts)[2:] == ["雾夜的灯", picture(1), "晴夜的灯", picture(-1)]


def test_headings_before_the_links_of_the_day_stay() -> None:
    links = [f"[第{week}周的来信](https://mp.weixin.qq.com/s?mid={week})" for week in WEEKS]
    assert left_of("本周的来信", links)[2:] == ["本周的来信", links[0]]


@pytest.mark.parametrize("heading", ["参考链接", "本周新闻", "## 来信", "来信如下："])
def test_links_of_the_week_under_their_heading_are_no_ending(heading: str) -> None:
    letters = [
        [
            f"[第{week}周的来信之{index}](https://mp.weixin.qq.com/s?mid={week}{index})"
            for week in WEEKS
        ]
        for index in (1, 2, 3)
    ]
    assert left_of(heading, *letters)[2:] == [heading, *(one[0] for one in letters)]


def test_a_call_behind_the_report_goes_and_the_report_stays() -> None:
    code = picture(0, "Code")
    assert left_of("雾夜的灯", [picture(week) for week in WEEKS], "扫码关注灯塔周报", code)[2:] == [
        "雾夜的灯",
        picture(1),
    ]


def test_a_report_of_little_but_repeated_words_is_not_emptied() -> None:
    words = [
        "本周灯塔运行整体平稳，没有发生重大事件，也没有船只报告异常。",
        "雾灯与风灯均已检修完毕。",
    ]
    samples = [
        Sample(id=str(week), text="\n\n".join([*words, picture(week), f"第{week}周。"]))
        for week in WEEKS
    ]
    assert strip(samples[0].text, learn(samples)).text == samples[0].text


@pytest.mark.skipif(not CASES.is_dir(), reason="no cases beside this checkout")
@pytest.mark.parametrize(("case", "lost"), [("r01_weekly_emptied", 0), ("r03_timeline_event", 2)])
def test_the_cases_beside_the_checkout_keep_their_reports(case: str, lost: int) -> None:
    seeds = [
        read_seed(path.read_bytes()) for path in sorted((CASES / "seed_cases" / case).iterdir())
    ]
    samples = [Sample(id=str(index), text=seed.text) for index, seed in enumerate(seeds)]
    promo = learn(samples, account=seeds[0].account)
    for sample in samples:
        result = strip(sample.text, promo)
        assert sum(result.removed.values()) == lost
        assert "漏洞通告" in result.text or result.text == sample.text
