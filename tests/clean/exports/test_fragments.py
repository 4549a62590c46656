"""Pieces of HTML that feeds, readers and databases keep of an article."""

from __future__ import annotations

import re

import pytest

from crawler.clean.exports.fragments import is_html, read_fragment, without_anchors

PICTURE = "<img src='https://mmbiz.qpic.cn/mmbiz_png/abc/640?wx_fmt=png'>"


@pytest.mark.parametrize(
    "text",
    [
        "<p>潮</p>",
        "\n <!DOCTYPE html><html>",
        "<en-note>潮</en-note>",
        "<br/>",
        "<H2>潮</H2>",
        "<!-- 甲 -->\n<!-- - -- ->\n -->\n<html>",
        "<!--><!---><!-- 甲 --!><meta charset=utf-8>",
        "<!-- 甲 --><?xml version='1.0'?><![if !IE]><title>潮</title>",
        "<link rel=icon><body>潮",
    ],
)
def test_a_text_that_begins_with_an_element_of_html_is_html(text: str) -> None:
    assert is_html(text)


@pytest.mark.parametrize(
    "text",
    [
        "潮 <b>水</b>",
        "# 潮\n\n<p>水</p>",
        "<https://a.example>",
        "<x>潮",
        "",
        "<!-- 甲 -->\n<div align=center>\n\n**潮**\n\n</div>",
        "<!-- 甲\n<html>",
        "<!-- 甲 -->\n潮 <html>",
        "<title> 怎么写\n\n潮水退了。",
        "<meta> 与 <link> 是页头的",
        "<base>\n\n潮",
        "<title-bar>潮",
    ],
)
def test_markdown_that_holds_some_is_not(text: str) -> None:
    assert not is_html(text)


@pytest.mark.parametrize(
    "above",
    [
        '<a name="dnk2I"></a>\n',
        '\ufeff<a id="a"></a>\n\n',
        "<!-- toc -->\n\n",
        '<!-- - -- -> -->\n<a name="dnk2I"></a>\n<a name="b"></a>\n',
    ],
)
def test_what_shows_nothing_above_markdown_makes_no_html_of_it(above: str) -> None:
    text = '# 潮\n\n<a name="c"></a>\n## 水\n'
    assert without_anchors(f"{above}{text}") == text


@pytest.mark.parametrize(
    "text",
    [
        '<a name="a"></a>\n<h1>潮</h1>',
        "<!-- 甲 -->\n<html>",
        '<a name="a">潮</a>\n水',
        '<a name="a" href="https://a.example"></a>\n水',
        "<!-- 甲 -->",
        "<!-- 甲\n水",
        "潮 <!-- 甲 -->\n水",
    ],
)
def test_anchors_above_html_or_with_words_and_comments_alone_stay(text: str) -> None:
    assert without_anchors(text) == text


@pytest.mark.parametrize(
    "note",
    [
        '<en-media type="image/png" hash="0"/>',
        "<en-media hash='0' style='a' TYPE='image/jpeg'></en-media>",
    ],
)
def test_a_picture_that_evernote_keeps_apart_is_lost_to_the_text(note: str) -> None:
    _, mended = read_fragment(f"<en-note><div>潮水</div>{note}<div>退了。</div></en-note>")
    assert (mended.text, mended.pictures_lost) == ("潮水\n\n退了。", 1)


@pytest.mark.parametrize("server", ["", "http://nas:8001"])
@pytest.mark.parametrize(
    "address",
    [
        "https://mmbiz.qpic.cn/a/640?wx_fmt=png&amp;tp=webp",
        "https%3A%2F%2Fmmbiz.qpic.cn%2Fa%2F640%3Fwx_fmt%3Dpng%26tp%3Dwebp",
    ],
)
def test_a_picture_that_we_mp_rss_shows_by_its_server_has_its_own_address(
    server: str, address: str
) -> None:
    proxied = f"{server}/static/res/logo/{address}"
    for image in (f"<img src='{proxied}'>", f'<img data-src="{proxied}" src="{proxied}">'):
        _, mended = read_fragment(f"<p>潮水</p><p>{image}</p>")
        shown = "![](https://mmbiz.qpic.cn/a/640?wx_fmt=png&tp=webp)"
        assert (mended.text, mended.pictures_lost) == (f"潮水\n\n{shown}", 0)


def test_a_sound_that_evernote_keeps_is_no_picture() -> None:
    _, mended = read_fragment('<en-note>潮水<en-media type="audio/mpeg" hash="0"/></en-note>')
    assert (mended.text, mended.pictures_lost) == ("潮水", 0)


def test_the_article_in_a_page_is_read_and_the_rest_of_it_is_not() -> None:
    page = "<html><body><h1>站名</h1><div id='js_content'><p>潮水退了。</p></div></body></html>"
    _, mended = read_fragment(page)
    assert mended.text == "潮水退了。"


@pytest.mark.parametrize(
    ("byline", "said"),
    [
        ("原创 阿岭 2024-05-08 18:30 浙江", {"author": "阿岭", "date": "2024-05-08 18:30"}),
        ("<span>2024-05-08 18:30</span>", {"date": "2024-05-08 18:30"}),
        (
            "<span>阿岭</span> <span>2024-05-08 18:30</span> <span>浙江</span>",
            {"author": "阿岭", "date": "2024-05-08 18:30"},
        ),
    ],
)
def test_a_byline_before_the_text_is_taken_off_and_said(byline: str, said: dict[str, str]) -> None:
    found, mended = read_fragment(f"<p>{byline}</p><p>潮水退了。</p>")
    assert (found, mended.text) == (said, "潮水退了。")


@pytest.mark.parametrize(
    "line",
    [
        "2024-05-08 18:30 那天，潮水退了，露出礁石与一片浅滩。",
        "2024-05-08 18:30 图书馆报告厅",
        "主讲：阿岭 2024-05-08 18:30",
        "阿岭 2024-05-08 18:30 北京",
        '<span style="color:red">直播预告 </span><span leaf="">2024-05-08 18:30</span>',
        "原创 2024-05-08 18:30 的故事",
    ],
)
def test_a_day_in_the_text_is_no_byline(line: str) -> None:
    found, mended = read_fragment(f"<p>{line}</p><p>退潮。</p>")
    assert (found, mended.text) == ({}, f"{re.sub('<[^<>]*>', '', line)}\n\n退潮。")


def test_a_picture_without_an_address_counts_as_lost() -> None:
    _, mended = read_fragment(f"<p>潮</p>{PICTURE}<img alt='图'>")
    assert (mended.pictures_lost, mended.removed) == (1, {"picture-lost": 1})
    assert mended.text.count("![") == 1


def test_nothing_at_all_gives_an_empty_text() -> None:
    assert read_fragment("")[1].text == ""


def test_code_and_words_about_pictures_are_left_alone_and_pictures_are_not() -> None:
    code = "![[a]]\n![](data:x)\n\n![图片](b.png)"
    proxy = "https://images.weserv.nl/?url=https%3A%2F%2Fa.example%2Fb"
    shown = f"<p>写 ![[a]] 与 ![渡](data:x) 与 ![口]()</p><img src='{proxy}'><pre>{code}</pre>"
    _, mended = read_fragment(shown)
    assert f"```\n{code}\n```" in mended.text
    assert "![](https://a.example/b)" in mended.text
    assert mended.pictures_lost == 0
    for words in ("a", "渡", "data:x", "口"):
        assert words in mended.text.partition("```")[0]
