from __future__ import annotations

from crawler.clean.body.cards import WidgetLine, say_audio, say_channel, say_other, say_vote


def test_a_name_that_was_spelled_for_an_address_is_decoded_and_a_percentage_stays() -> None:
    assert say_audio({"name": "%E6%BD%AE"})[0].words == "音频：潮"
    assert say_audio({"name": "涨了 5%20 次"})[0].words == "音频：涨了 5%20 次"
    assert say_audio({"name": "%E6%BD"})[0].words == "音频：%E6%BD"


def test_an_unknown_card_says_what_its_attributes_say_in_words() -> None:
    assert say_other({"data-id": "x1", "data-what": "看潮", "data-url": "https://a"}) == [
        WidgetLine("看潮")
    ]


def test_a_channel_says_each_thing_once() -> None:
    said = say_channel({"data-nickname": "某人", "data-desc": "看潮", "data-intro": "看潮"})
    assert said == [WidgetLine("视频号：某人：看潮")]


def test_a_vote_that_is_no_json_is_still_a_vote() -> None:
    assert say_vote({"data-votesubject": "[" * 9_999, "data-title": "去哪"}) == [
        WidgetLine("投票：去哪")
    ]
