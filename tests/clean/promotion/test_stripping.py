"""What a take leaves: enough of the article, and nothing that means nothing alone."""

from __future__ import annotations

import pytest

from crawler.clean.promotion import Sample, learn, strip
from crawler.config import PromoConfig
from tests.growth import assert_linear

CALL = "扫码订阅《山间周刊》"
CODE = "![](https://mmbiz.qpic.cn/mmbiz_png/Code0001/640)"
ABOUT = "山间周刊由几位住在山里的人创办，写山里的路、山里的树和山里的人，每周一期。"


def story(number: int) -> list[str]:
    return [
        f"第{number}天的山路比前一天更长，走到第{number * 7}块界碑时下起了雨，向导说不要紧。",
        f"傍晚到了村子，一共{number + 20}户人家，灯一盏一盏地亮起来，狗叫了{number + 2}声。",
    ]


def stripped(*tail: str, head: tuple[str, ...] = (), count: int = 8) -> list[str]:
    """The first of some articles that all begin and end so, less their promotion."""
    samples = [
        Sample(id=str(number), text="\n\n".join([*head, *story(number), *tail]))
        for number in range(count)
    ]
    return strip(samples[0].text, learn(samples, account="山间周刊")).text.split("\n\n")


@pytest.mark.parametrize("orphan", ["---", "END", "— 完 —", "往期推荐", "★", "####"])
def test_what_means_nothing_without_promotion_goes_with_it(orphan: str) -> None:
    assert stripped(orphan, CALL, CODE) == story(0)


def test_a_rule_stays_where_nothing_is_taken() -> None:
    text = "\n\n".join([*story(1), "---"])
    assert strip(text, learn([])).text == text


def test_an_account_that_is_named_at_the_head_is_taken_with_its_motto() -> None:
    assert stripped(head=("山间周刊", "写给山里人的朋友")) == story(0)


def test_a_motto_alone_may_be_how_an_article_begins() -> None:
    head = ("写给山里人的朋友",)
    assert stripped(head=head) == [*head, *story(0)]


def test_what_an_account_says_of_itself_goes_under_its_heading() -> None:
    text = "\n\n".join([*story(1), *story(2), "关于山间周刊", ABOUT])
    result = strip(text, learn([], account="山间周刊"))
    assert result.text.split("\n\n") == [*story(1), *story(2)]
    assert result.removed == {"promo:tail:about": 2}


@pytest.mark.parametrize(
    "appeal", ["长按识别二维码关注我们", "点击“阅读原文”了解更多", "觉得有用请点个赞", "欢迎投稿"]
)
def test_an_appeal_goes_from_an_article_that_stands_alone(appeal: str) -> None:
    text = "\n\n".join([*story(1), appeal])
    assert strip(text, learn([])).text.split("\n\n") == story(1)


def test_the_code_beside_an_appeal_goes_with_it() -> None:
    for tail in ([CALL, CODE], [CODE, "长按上方二维码关注我们"]):
        text = "\n\n".join([*story(1), *tail])
        assert strip(text, learn([])).text.split("\n\n") == story(1)


def test_the_picture_that_the_text_points_to_stays() -> None:
    for words in ("全部名单请见下图", "本周的清单如下："):
        text = "\n\n".join([*story(1), words, CODE, "扫码关注山间周刊", CODE])
        assert strip(text, learn([])).text.split("\n\n") == [*story(1), words, CODE]


def test_an_appeal_inside_an_article_stays() -> None:
    text = "\n\n".join([*story(1), CALL, *story(2)])
    assert strip(text, learn([])).text == text


def test_code_that_an_item_begins_with_is_one_piece_to_its_end() -> None:
    code = "- ```\n  echo hello\n\n\n  关注我们\n  ```"
    text = "\n\n".join([*story(1), code])
    assert strip(text, learn([])).text == text
    assert strip(f"点击蓝字关注我们\n\n{text}\n\n{CALL}", learn([])).text == text


def test_words_below_code_that_reads_as_a_call_are_read_to_the_last_line() -> None:
    call = "点击下方名片，关注我们"
    end = "潮水退去，沙洲上留下许多脚印，守塔的人记下每一艘船的名字和时刻，" * 4
    for code in (f"- ```\n  {call}\n  ```\n- {end}", f"> ```\n> {call}\n> ```\n> {end}"):
        text = "\n\n".join([*story(1), code])
        assert strip(text, learn([])).text == text


def test_twice_the_calls_among_twice_the_prose_is_twice_the_work() -> None:
    unit = "欢迎投稿\n\n潮水退去，露出一片沙洲。\n\n"
    assert_linear(lambda size: strip(unit * size, learn([])), 150)


@pytest.mark.parametrize("unit", ["欢迎关注我们\n\n", "欢迎关注我们\n\n---\n\n"])
def test_twice_the_calls_at_an_edge_is_twice_the_work(unit: str) -> None:
    story_of_one = "\n\n".join(story(1))

    def stripped_of(size: int) -> str:
        return strip(f"{unit * size}{story_of_one}\n\n{unit * size}", learn([])).text

    assert stripped_of(200) == story_of_one
    assert_linear(stripped_of, 2_000)


def test_a_list_of_other_articles_goes_with_its_heading_from_an_article_alone() -> None:
    links = [f"[第{number}件旧事](https://mp.weixin.qq.com/s?mid={number})" for number in (1, 2)]
    text = "\n\n".join([*story(1), "往期回顾", *links])
    assert strip(text, learn([])).text.split("\n\n") == story(1)


def test_a_take_of_more_than_half_of_the_letters_does_not_happen() -> None:
    about = [f"{index}：{ABOUT}" for index in "甲乙丙丁"]
    samples = [
        Sample(id=str(number), text="\n\n".join([story(number)[0], *about])) for number in range(8)
    ]
    result = strip(samples[0].text, learn(samples))
    assert result.text == samples[0].text
    assert result.removed == {}
    assert result.spared == 4


def test_pictures_are_nothing_left_without_text() -> None:
    text = "\n\n".join([CODE.replace("Code", "Own"), CALL])
    result = strip(text, learn([]))
    assert (result.text, result.spared) == (text, 2)


def test_the_edge_that_leaves_enough_is_stripped_where_the_other_would_not() -> None:
    about = [f"{ABOUT}{index}" for index in "甲乙丙丁"]
    samples = [
        Sample(id=str(number), text="\n\n".join([CALL, *story(number), *about]))
        for number in range(8)
    ]
    result = strip(samples[0].text, learn(samples))
    assert result.text.split("\n\n") == [*story(0), *about]
    assert result.spared == 4


def test_nothing_goes_where_promotion_is_switched_off() -> None:
    text = "\n\n".join([*story(1), CALL])
    assert strip(text, learn([], PromoConfig(enabled=False))).text == text
