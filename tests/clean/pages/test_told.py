from __future__ import annotations

import pytest

from crawler.clean.pages import read_page, shrink_page
from tests.clean.pages.lookalikes import modern, old

EXTRA = (
    "copyright_info: { copyright_stat: '1' * 1, platform: '0' },\n"
    "appmsgalbuminfo: { album_id: '7', title: JsDecode('潮汐手记'), content_size: '12' },\n"
    "hashtags: { hashtag: [ { name: JsDecode('看潮') } ] },\n"
    "topic_infos: [ { topic: JsDecode('#出海#') }, { topic: JsDecode('看潮') } ],\n"
    "ip_wording: { country_name: '', province_name: JsDecode('海南') },\n"
)


def test_what_a_page_tells_besides_its_article_is_kept() -> None:
    page = read_page(modern(extra=EXTRA))
    assert (page.original, page.album, page.place) == ("original", "潮汐手记", "海南")
    assert page.topics == ("看潮", "出海")
    assert page.item_type == "0"
    assert "看潮" not in page.text


def test_a_snapshot_tells_the_same() -> None:
    page = modern(extra=EXTRA)
    assert read_page(shrink_page(page)) == read_page(page)


def test_an_older_page_tells_it_in_its_variables() -> None:
    script = (
        b"<script>window._copyright_stat = \"2\";\nwindow.ip_wording = { provinceName: 'x'"
        b" };</script>"
    )
    page = read_page(old().replace(b"</body>", script + b"</body>"))
    assert (page.original, page.place) == ("reprint", "x")


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ('<span id="copyright_logo">原创</span>', "original"),
        ('<span id="copyright_logo">Original</span>', "original"),
        ('<span id="copyright_logo">原創</span>', "original"),
        ('<span id="copyright_logo">Repost</span>', "reprint"),
        ('<span id="copyright_logo">Оригинал</span>', ""),
        ('<p class="original_primary_card_tips">以下文章来源于原创岛</p>', "reprint"),
    ],
)
def test_a_page_without_its_scripts_shows_whose_it_is(shown: str, meant: str) -> None:
    body = f'<div id="js_article">{shown}<div id="js_content"><p>a</p></div></div>'
    assert read_page(body.encode()).original == meant


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_where_read_more_leads_is_an_address_or_nothing(address: str, kept: str) -> None:
    page = modern(extra=f"source_url: JsDecode('{address}'),\n")
    assert read_page(page).source_url == kept


@pytest.mark.parametrize("address", ["##", "https://mp.weixin.qq.com/s?__biz=MzA%3D&amp;mid=1##"])
def test_read_more_that_a_script_follows_leads_nowhere(address: str) -> None:
    body = '<div id="js_article"><div id="js_content"><p>a</p></div></div>'
    more = f'<a id="js_view_source" href="{address}">阅读原文</a>'
    assert read_page(f"{body}{more}".encode()).source_url == ""


def test_nothing_told_is_nothing_kept() -> None:
    page = read_page(b'<div id="js_article"><div id="js_content"><p>a</p></div></div>')
    assert (page.source_url, page.original, page.topics, page.read_count) == ("", "", (), None)


def test_a_label_is_no_part_of_an_author() -> None:
    meta = b'<div id="meta_content"><em class="rich_media_meta rich_media_meta_text">%s</em></div>'
    body = b'<div id="js_article"><div id="js_content"><p>a</p></div></div>'
    label = meta % "作者&nbsp;阿岭".encode()
    assert read_page(b"<html><body>" + label + body + b"</body></html>").author == "阿岭"


def test_the_name_of_a_kind_of_post_is_no_title() -> None:
    page = b"<html><head><title>%s</title></head><body class='page_share_img'>"
    gallery = page % "分享图片".encode() + "<p id='js_image_desc'>雾散得很慢。</p>".encode()
    read = read_page(gallery + b"<div id='js_article'></div></body></html>")
    assert read.title == "雾散得很慢。"
