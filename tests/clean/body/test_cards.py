from __future__ import annotations

import html
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from crawler.clean.body.cards import (
    WidgetLine,
    say_audio,
    say_channel,
    say_mini_program,
    say_other,
    say_quote,
    say_red_packet,
    say_shop,
    say_vote,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_name_that_was_spelled_for_an_address_is_decoded_and_a_percentage_stays() -> None:
    assert say_audio({"name": "%E6%BD%AE"})[0].words == "音频：潮"
    assert say_audio({"name": "涨了 5%20 次"})[0].words == "音频：涨了 5%20 次"
    assert say_audio({"name": "%E6%BD"})[0].words == "音频：%E6%BD"


def test_an_unknown_card_says_what_its_attributes_say_in_words() -> None:
    assert say_other({"data-id": "x1", "data-what": "看潮", "data-url": "https://a"}) == [
        WidgetLine("看潮")
    ]


def test_a_mini_program_that_stands_in_a_line_has_the_words_that_are_shown_there() -> None:
    said = {
        "data-miniprogram-nickname": "潮汐",
        "data-miniprogram-title": "首页",
        "data-miniprogram-textcontent": "点这里看潮",
    }
    assert say_mini_program(said) == [WidgetLine("小程序：潮汐：首页：点这里看潮")]
    same = said | {"data-miniprogram-textcontent": "首页"}
    assert say_mini_program(same) == [WidgetLine("小程序：潮汐：首页")]


def test_a_cover_for_red_packets_has_its_name() -> None:
    assert say_red_packet({"data-name": quote("看潮")}) == [WidgetLine("红包封面：看潮")]
    assert say_red_packet({}) == [WidgetLine("红包封面")]


def test_a_channel_says_each_thing_once() -> None:
    said = say_channel({"data-nickname": "某人", "data-desc": "看潮", "data-intro": "看潮"})
    assert said == [WidgetLine("视频号：某人：看潮")]


@pytest.mark.parametrize("escaped", [str, html.escape, quote])
@pytest.mark.parametrize(
    "options", ['["山","海"]', '[{"name":"山"},{"content":"海"}]', '[{"title":"山"},{"text":"海"}]']
)
def test_a_vote_has_its_choices_however_they_are_written(
    options: str, escaped: Callable[[str], str]
) -> None:
    subject = escaped(f'[{{"title":"去 哪","options":{options}}}]')
    assert say_vote({"data-votesubject": subject}) == [("投票：去 哪：山 / 海", "")]


def test_half_a_character_in_a_vote_can_be_stored() -> None:
    subject = r'{"title":"去哪\ud83d","options":["\udc00山"]}'
    assert say_vote({"data-votesubject": subject}) == [("投票：去哪\ufffd：\ufffd山", "")]


def test_a_vote_that_is_no_json_is_still_a_vote() -> None:
    assert say_vote({"data-votesubject": "[" * 9_999, "data-title": "去哪"}) == [
        WidgetLine("投票：去哪")
    ]


def test_a_shop_says_its_name_and_what_it_shows() -> None:
    assert say_shop({"data-nickname": "潮店", "data-title": "雨衣"}) == [
        WidgetLine("商店：潮店：雨衣")
    ]
    assert say_shop({"data-title": "雨衣"}) == [WidgetLine("商店：雨衣")]


def test_a_quotation_says_its_source_and_its_words() -> None:
    said = {"data-title": "观潮记", "data-nickname": "阿岭", "data-content": "潮来了。"}
    assert say_quote(said) == [WidgetLine("观潮记（阿岭）"), WidgetLine("潮来了。")]
