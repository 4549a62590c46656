"""An account's own repeated head and tail blocks: what is learned, what goes, and what never does.

All accounts and texts are invented. The figures over real seeds are kept by
tests/clean/test_promo_labels.py.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.promotion import Promo, Sample, learn, strip
from crawler.clean.promotion.walks import Edge
from crawler.config import PromoConfig

if TYPE_CHECKING:
    from crawler.clean.promotion.promo import PromoBlock

BANNER = "![](https://mmbiz.qpic.cn/mmbiz_gif/Banner0001/640?wx_fmt=gif)"
FOLLOW = "**扫码订阅《山间周刊》**"
PHONE = "征订热线：000-12345678"
SHARE = "觉得有用就点个“在看”吧"
CODE = "![](https://mmbiz.qpic.cn/mmbiz_jpg/QrCode0001/640?wx_fmt=jpeg)"
HEAD = (BANNER, FOLLOW, PHONE)
TAIL = (SHARE, CODE)
PLAIN = ("山间周刊出品", "山里人的朋友")


def picture(name: object) -> str:
    return f"![](https://mmbiz.qpic.cn/mmbiz_png/Own{name}/640?wx_fmt=png&from=appmsg)"


def link(name: object) -> str:
    return f"[山里的第{name}件旧事](https://mp.weixin.qq.com/s?__biz=A&mid={name}&idx=1)"


def story(number: int) -> list[str]:
    """Three paragraphs and a picture that no other article has."""
    return [
        f"第{number}天的山路比前一天更长，走到第{number * 7}块界碑时下起了雨。",
        picture(number),
        f"向导说这条路他走过{number * 3}次，每一次看见的云都不一样。",
        f"傍晚到了村子，一共{number + 20}户人家，灯一盏一盏地亮起来。",
    ]


def article(number: int, *, head: tuple[str, ...] = HEAD, tail: tuple[str, ...] = TAIL) -> Sample:
    text = "\n\n".join([*head, *story(number), *tail])
    return Sample(id=f"a:{number:04}:1", text=text, date=f"2024-01-{number % 28 + 1:02}")


def account(
    count: int = 8, *, head: tuple[str, ...] = HEAD, tail: tuple[str, ...] = TAIL
) -> list[Sample]:
    return [article(number, head=head, tail=tail) for number in range(count)]


def stripped(
    samples: list[Sample], number: int = 0, config: PromoConfig | None = None
) -> list[str]:
    return strip(samples[number].text, learn(samples, config)).text.split("\n\n")


def test_what_repeats_at_the_head_and_the_tail_goes_and_every_paragraph_stays() -> None:
    samples = account()
    assert stripped(samples) == story(0)


def test_what_was_taken_is_counted_by_rule_and_given_back() -> None:
    samples = account()
    promo = learn(samples)
    result = strip(samples[0].text, promo)
    assert sum(result.removed.values()) == 5
    assert result.head.split("\n\n") == list(HEAD)
    assert result.tail.split("\n\n") == list(TAIL)
    heads = {f"promo:head:{block.key[:12]}" for block in promo.blocks if block.kind is Edge.HEAD}
    assert heads == {rule for rule in result.removed if rule.startswith("promo:head:")}


def test_what_was_learned_says_how_often_and_how_it_reads() -> None:
    promo = learn(account(9))
    assert promo.total == 9
    assert {(block.kind, block.example, block.count) for block in promo.blocks} == {
        *((Edge.HEAD, text, 9) for text in HEAD),
        *((Edge.TAIL, text, 9) for text in TAIL),
    }


@given(st.permutations(range(9)))
def test_the_order_of_the_articles_does_not_matter(order: list[int]) -> None:
    samples = [*account(6), *(replace(one, id=f"b{one.id}") for one in account(3))]
    assert learn([samples[at] for at in order]) == learn(samples)


def _certain(promo: Promo) -> list[PromoBlock]:
    return [block for block in promo.blocks if block.certain]


def _anywhere(parts: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(parts), max_size=14)


PARTS = [
    *HEAD,
    *TAIL,
    "往期推荐",
    link(1),
    link(2),
    picture("x"),
    "---",
    "原文来源：河边日报",
    "没有别的话了。",
    "小标题",
    "```\nx = 1\n```",
    "####",
]


@given(_anywhere(PARTS))
def test_stripping_twice_is_stripping_once(parts: list[str]) -> None:
    promo = learn(account(tail=("往期推荐", link(3), link(4), *TAIL)))
    once = strip("\n\n".join(parts), promo).text
    assert strip(once, promo).text == once
    assert strip(once, promo).removed == {}


@given(_anywhere(PARTS).filter(bool))
def test_no_article_is_ever_emptied(parts: list[str]) -> None:
    promo = learn(account(tail=("往期推荐", link(3), link(4), *TAIL)))
    assert strip("\n\n".join(parts), promo).text.strip()


@given(_anywhere(PARTS))
def test_nothing_vanishes_unaccounted(parts: list[str]) -> None:
    result = strip("\n\n".join(parts), learn(account()))
    pieces = [result.text, result.head, result.tail]
    assert sorted("\n\n".join(filter(None, pieces)).split("\n\n")) == sorted(
        "\n\n".join(parts).split("\n\n")
    )


def test_an_article_that_is_nothing_but_promotion_stays_as_it_is() -> None:
    advertisement = "\n\n".join([*HEAD, *TAIL])
    result = strip(advertisement, learn(account()))
    assert result.text == advertisement
    assert not result.removed


def test_a_text_without_promotion_comes_back_to_the_letter() -> None:
    text = "一段。\n\n\n\n另一段。  \n"
    assert strip(text, learn(account())).text == text


def test_four_articles_are_no_evidence_for_words() -> None:
    samples = account(4, head=PLAIN, tail=(*reversed(PLAIN),))
    assert stripped(samples) == samples[0].text.split("\n\n")


def test_two_articles_are_evidence_for_a_picture_at_the_very_end() -> None:
    assert stripped(account(2, head=PLAIN, tail=(CODE,))) == [*PLAIN, *story(0)]
    one = account(1, head=(), tail=(CODE,))
    assert stripped(one) == [*story(0), CODE]


def test_five_articles_of_many_are_no_evidence() -> None:
    plain = [article(number, head=(), tail=()) for number in range(100, 140)]
    spread = [
        replace(one, date=f"2024-02-{number * 5 + 1:02}")
        for number, one in enumerate(account(5, tail=PLAIN))
    ]
    others = [
        replace(one, date=f"2024-02-{number % 28 + 1:02}") for number, one in enumerate(plain)
    ]
    assert _certain(learn([*spread, *others])) == []


def test_an_account_that_changed_its_promotion_over_the_years_loses_the_old_and_the_new() -> None:
    old = [replace(one, date=f"2022-01-{number + 1:02}") for number, one in enumerate(account(8))]
    new = [
        article(number, head=(), tail=("加入我们的读者群", picture("NewCode")))
        for number in range(50, 90)
    ]
    samples = [*old, *new]
    assert stripped(samples, 0) == story(0)
    assert stripped(samples, 10) == story(52)


@pytest.mark.parametrize(
    "inside",
    [
        "参考链接：",
        "**漏洞描述**",
        "**02**",
        "免责声明：本文只供学习，不得用于别处。",
        "影响范围",
        "处置建议",
        "本刊的立场始终如一。",
        "---",
        "一键关注，好文不断",
        "```\nprint()\n```",
    ],
)
def test_what_repeats_inside_articles_stays(inside: str) -> None:
    samples = [
        replace(
            one, text="\n\n".join([*HEAD, *story(number)[:2], inside, *story(number)[2:], *TAIL])
        )
        for number, one in enumerate(account())
    ]
    assert stripped(samples) == [*story(0)[:2], inside, *story(0)[2:]]


@pytest.mark.parametrize(
    "line",
    [
        "原文来源：河边日报",
        "（来源：河边日报网站）",
        "编译：河边社",
        "题图：某图库许可",
        "编辑：某某",
        "免责声明：文中内容不构成建议。",
        "本文由河边社编译，转载请注明出处。",
        "```\nreturn 0\n```",
        "1.请先备份再动手。",
    ],
)
def test_a_source_or_a_notice_stays_even_at_the_very_edge(line: str) -> None:
    samples = account(tail=(line, *TAIL))
    assert stripped(samples) == [*story(0), line]


@pytest.mark.parametrize(
    "line",
    [
        "关键词",
        "本周概况",
        "以下文章来源于河边，作者某某",
        "编者按：这是一个老栏目。",
        "01",
        "第12期",
    ],
)
def test_a_heading_at_the_head_of_every_article_stays(line: str) -> None:
    samples = account(head=(BANNER, line))
    assert stripped(samples) == [line, *story(0)]


def test_numbers_links_and_addresses_of_pictures_may_change_within_promotion() -> None:
    def changing(number: int) -> tuple[str, ...]:
        return (
            f"读者群已有{number * 10 + 100}人加入，[点击进群](https://example.com/{number})",
            f"![](https://mmbiz.qpic.cn/sz_mmbiz_jpg/QrCode0001/0?tp=webp&n={number})",
        )

    samples = [article(number, tail=changing(number)) for number in range(8)]
    assert stripped(samples) == story(0)


def test_a_changing_picture_between_promotion_goes_with_it() -> None:
    samples = [article(number, tail=(SHARE, picture(f"Ad{number}"), PHONE)) for number in range(8)]
    assert stripped(samples) == story(0)


def test_changing_pictures_before_the_first_line_of_promotion_go_with_it() -> None:
    samples = [article(number, head=(picture(f"Top{number}"), FOLLOW)) for number in range(8)]
    assert stripped(samples) == story(0)


def test_a_list_of_other_articles_goes_with_its_heading() -> None:
    samples = [
        article(
            number, tail=("**往期推荐**", link(number), link(number + 50), link(number + 99), *TAIL)
        )
        for number in range(8)
    ]
    assert stripped(samples) == story(0)


def test_a_list_of_other_articles_at_the_very_end_goes_without_a_heading() -> None:
    assert stripped([article(0, head=(), tail=(link(0), link(50)))]) == story(0)


def test_one_link_at_the_very_end_stays_and_so_does_a_list_of_other_addresses() -> None:
    one = (link(0),)
    others = ("[甲](https://example.com/1)", "[乙](https://example.com/2)")
    assert stripped([article(0, head=(), tail=one)]) == [*story(0), *one]
    assert stripped([article(0, head=(), tail=others)]) == [*story(0), *others]


def test_the_source_stays_where_promotion_surrounds_it() -> None:
    samples = [
        article(
            number,
            tail=(
                "往期推荐",
                link(1),
                link(2),
                "原文链接",
                f"https://example.com/story{number}a",
                *TAIL,
            ),
        )
        for number in range(8)
    ]
    assert stripped(samples) == [*story(0), "原文链接", "https://example.com/story0a"]


def test_an_article_that_was_posted_many_times_counts_once() -> None:
    course = [
        "这门课讲三十六种结绳的方法，每一种都有图。",
        picture("Course"),
        "学费全免，只收绳子的钱，另有一段很长的说明。",
    ]
    posts = [
        Sample(
            id=f"c:{number}", text="\n\n".join([*course, f"第{number}次开课"]), date="2024-01-05"
        )
        for number in range(9)
    ]
    promo = learn([*posts, *account(6, head=(), tail=())])
    assert promo.total == 7
    assert promo.blocks == ()


def test_short_articles_with_much_promotion_are_no_duplicates() -> None:
    about = tuple(
        f"关于本刊的第{number}段介绍，说的都是同一回事，欢迎关注。" * 2 for number in "甲乙丙丁"
    )
    samples = [
        Sample(id=f"s:{number}", text="\n\n".join([story(number)[0], *about]), date="2024-01-05")
        for number in range(8)
    ]
    assert learn(samples).total == 8
    assert {block.example for block in learn(samples).blocks} == set(about)


def test_settings_can_add_a_block_that_goes_from_the_first_article_on() -> None:
    config = PromoConfig(add=PLAIN)
    assert stripped(account(1, head=PLAIN, tail=()), 0, config) == story(0)


def test_an_added_block_goes_only_at_the_edge() -> None:
    text = "\n\n".join([*story(1), PLAIN[0], *story(2)])
    assert strip(text, learn([], PromoConfig(add=PLAIN))).text == text


def test_settings_can_pin_a_block_that_stays() -> None:
    config = PromoConfig(pin=("扫码订阅《山间周刊》",))
    assert stripped(account(), 0, config) == [FOLLOW, *story(0)]


def test_a_pinned_block_stays_between_promotion_too() -> None:
    config = PromoConfig(pin=(CODE,))
    assert stripped(account(tail=(SHARE, CODE, PHONE)), 0, config) == [*story(0), CODE]


def test_an_exempt_account_is_left_whole() -> None:
    config = PromoConfig(exempt=("山间周刊",))
    assert learn(account(), config, account="山间周刊") == Promo()
    assert learn(account(), config, account="河边日报").blocks


def test_nothing_is_learned_where_promotion_is_switched_off() -> None:
    assert learn(account(), PromoConfig(enabled=False)) == Promo()


def test_stricter_settings_ask_for_more() -> None:
    assert stripped(account(8, head=PLAIN, tail=()), 0, PromoConfig(min_articles=9))[:2] == [*PLAIN]
    half = [
        *account(6, tail=PLAIN),
        *(article(number, head=(), tail=()) for number in range(50, 60)),
    ]
    assert _certain(learn(half, PromoConfig(min_share=0.9))) == []


def test_more_articles_are_asked_for_of_a_longer_stretch() -> None:
    config = PromoConfig(min_articles=30)
    assert stripped(account(40), 0, config) == story(0)
    assert _certain(learn(account(29, tail=()), config)) == []


def test_an_account_without_articles_teaches_nothing() -> None:
    assert learn([]).blocks == ()
    assert strip("一段话。", Promo()).text == "一段话。"


@given(st.lists(st.text(alphabet="扫码关注甲乙\n `![](x)#-1。：", max_size=60), max_size=8))
def test_any_texts_can_be_learned_from_and_stripped(texts: list[str]) -> None:
    samples = [Sample(id=str(number), text=text) for number, text in enumerate(texts)]
    promo = learn(samples, PromoConfig(min_articles=2))
    for text in texts:
        assert bool(strip(text, promo).text.strip()) is bool(text.strip())
