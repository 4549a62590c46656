from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import Rendered, render_body
from crawler.clean.body.pictures import read_picture


def rendered(markup: str) -> Rendered:
    return render_body(body_of_markup(markup))


def test_pictures_are_counted_each_time_they_stand() -> None:
    assert (
        rendered(
            '<p><img src="https://a/1"><img src="https://a/1"><img src="https://a/2"></p>'
        ).image_count
        == 3
    )


def test_the_address_that_loads_late_is_the_picture_and_not_its_placeholder() -> None:
    found = read_picture({"src": "data:image/gif;base64,R0", "data-src": "http://mmbiz.qpic.cn/a"})
    assert found.address == "https://mmbiz.qpic.cn/a"


def test_a_picture_may_stand_in_a_set_of_sizes_alone() -> None:
    assert read_picture({"srcset": "https://a.cn/1 2x, https://a.cn/2 3x"}).address == (
        "https://a.cn/1"
    )


@pytest.mark.parametrize("name", ["pic_blank.gif", "pic_blank7aba49.gif"])
@pytest.mark.parametrize("words", ["[微笑]", "[ThumbsDown]", "[Sun Glasses]", "😳", "✌️", "👍🏻"])
def test_a_sprite_of_an_emoji_is_its_words_or_its_sign(words: str, name: str) -> None:
    found = read_picture({"src": f"https://res.wx.qq.com/{name}", "alt": words})
    assert (found.address, found.instead, found.rule) == ("", words, "")


@pytest.mark.parametrize(
    "src", ["data:image/gif;base64,R0lGOD", "data:,", "images/ef/ef19.gif", ""]
)
@pytest.mark.parametrize("classes", ["we-emoji__GoForIt we-emoji", "icon_emotion_single"])
def test_a_sprite_that_a_tool_put_into_the_page_is_its_words(src: str, classes: str) -> None:
    said = {"src": src, "class": classes, "alt": "[加油]"}
    assert read_picture(said) == ("", "", "[加油]", "", False)
    other = {**said, "src": "https://a.cn/1.png", "alt": "加油的人"}
    assert read_picture(other).address == "https://a.cn/1.png"


@pytest.mark.parametrize("words", ["", "图片", "img", "-", " "])
def test_a_blank_picture_that_says_no_emoji_is_a_spacer(words: str) -> None:
    found = read_picture({"src": "https://res.wx.qq.com/pic_blank7aba49.gif", "alt": words})
    assert (found.address, found.instead, found.rule) == ("", "", "picture-spacer")


def test_a_picture_that_its_style_makes_a_dot_is_a_tracker_and_one_that_claims_it_is_none() -> None:
    assert read_picture({"src": "https://a.cn/t.gif", "style": "width:1px;height:1px"}).rule == (
        "picture-tracker"
    )
    for style in ("", "height:1px", "width:1px"):
        said = {"src": "https://a.cn/a.png", "data-w": "1", "style": style}
        assert read_picture(said).address == "https://a.cn/a.png"
