from __future__ import annotations

import json

import pytest

from crawler.clean.listings import documents_of_feed, read_list
from tests.clean.listings.samples import short

RSS = (
    '<?xml version="1.0"?><rss version="2.0" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>灯塔通讯</title>'
    "<item><title>潮水</title><link>{}</link>"
    "<content:encoded><![CDATA[{}]]></content:encoded></item></channel></rss>"
)


PICTURE = "<img src='https://mmbiz.qpic.cn/a'>"


@pytest.mark.parametrize(
    ("text", "given", "is_its"),
    [
        ("{0}。<a href='{1}'>潮水</a>。{0}", "https://blog.example/1", False),
        ("{0}，见<a href='{1}'>潮水</a>。", "https://blog.example/1", False),
        ("{0}。<p>见{1}，来源</p>{0}", "tag:1", False),
        ("{0}。<a href='{1}'>潮水</a>。{0}", "http://nas:8001/1", True),
        ("{0}。<a href='{1}'>潮水</a>。{0}", "http://192.168.1.2/1", True),
        (PICTURE + "{0}<a href='{1}'>潮</a>{0}", "tag:1", True),
        ("{0}<img src='/?u=mmbiz.qpic.cn%2Fa'><a href='{1}'>潮</a>{0}", "tag:1", True),
        ("<div id='js_content'>{0}{1}{0}</div>", "https://r.io/1", True),
        ("{0}<p><a href='{1}'><b>阅读原文</b></a></p>", "tag:1", True),
        ("<p>来源：{1}</p>{0}", "tag:1", True),
        ("<p>信息来源：{1}</p>{0}", "tag:1", True),
        (PICTURE + "<p>来源：{1}</p>{0}", "https://r.io/1", True),
        ("{0}<p><a href='{1}'><b>阅读原文</b></a></p>", "https://r.io/1", None),
        ("<p>来源：{1}</p>{0}", "https://r.io/1", None),
        (PICTURE + "{0}<a href='{1}'>潮</a>{0}", "https://r.io/1", None),
        (PICTURE + "{0}<p>图片来源：<a href='{1}'>潮</a></p>", "https://r.io/1", None),
    ],
)
def test_a_post_that_names_an_article_is_that_where_something_says_so(
    text: str, given: str, *, is_its: bool | None
) -> None:
    """A site's own needs two signs; with one alone its text is told."""
    words = text.format("潮水照常上涨，灯塔照常亮着。" * 16, short(1))
    rss = RSS.format(given, words)
    item = {"url": given, "title": "潮水", "content_html": words}
    feed = {"version": "https://jsonfeed.org/version/1", "title": "灯塔通讯", "items": [item]}
    for content in (rss.encode(), json.dumps(feed).encode()):
        [link] = read_list(content).links
        assert link.url == short(1)
        assert link.left or is_its is not None
        assert len(documents_of_feed("a", content)) == (is_its or 0)


@pytest.mark.parametrize(
    ("text", "given", "is_accounts"),
    [
        ("<div id='js_content'>{0}{1}{0}</div>", "https://r.io/1", True),
        ("<p>来源：{1}</p>{0}", "http://nas:8001/1", True),
        (PICTURE + "<p>来源：{1}</p>{0}", "https://blog.example/1", False),
        (PICTURE + "{0}<p><a href='{1}'>阅读原文</a></p>", "https://blog.example/1", False),
    ],
)
def test_a_site_that_posts_an_article_again_tells_neither_its_account_nor_its_day(
    text: str, given: str, *, is_accounts: bool
) -> None:
    words = text.format("潮水照常上涨，灯塔照常亮着。" * 20, short(1))
    dated = f"<link>{given}</link><pubDate>Tue, 01 Oct 2024 08:00:00 +0800</pubDate>"
    rss = RSS.format(given, words).replace(f"<link>{given}</link>", dated)
    item = {"url": given, "date_published": "2024-10-01T08:00:00+08:00", "content_html": words}
    feed = {"version": "https://jsonfeed.org/version/1", "title": "灯塔通讯", "items": [item]}
    for content in (rss.encode(), json.dumps(feed).encode()):
        [document] = documents_of_feed("a", content)
        assert document.known
        told = (document.known.account, document.known.date)
        assert told == (("灯塔通讯", "2024-10-01") if is_accounts else ("", ""))


@pytest.mark.parametrize("rel", ["related", "via"])
@pytest.mark.parametrize("words", ["读过，推荐。", "潮水照常上涨，灯塔照常亮着。" * 16])
def test_what_a_post_is_about_is_queued_and_its_words_are_no_text_of_it(
    rel: str, words: str
) -> None:
    """They are told where they are long, for a reader's feed may have the article's there."""
    for site, is_its in (("https://blog.example/1", False), ("http://nas:8001/1", True)):
        links = f"<link href='{site}'/><link rel='{rel}' href='{short(1)}'/>"
        said = f"{links}<title>潮</title><content type='html'>{words}</content>"
        atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{said}</entry></feed>"
        item = {"url": site, "external_url": short(1), "content_html": words}
        feed = {"version": "https://jsonfeed.org/version/1", "items": [item]}
        for content in (atom.encode(), json.dumps(feed).encode()):
            [link] = read_list(content).links
            assert link.url == short(1)
            assert link.left == (not is_its and len(words) > 99)
            assert len(documents_of_feed("a", content)) == is_its


@pytest.mark.parametrize(
    ("page", "picture", "is_its"),
    [
        ("https://blog.example/1", "", False),
        ("https://blog.example/1", PICTURE, True),
        ("http://nas:8001/1", "", True),
        ("tag:1", "", True),
        (short(1), "", True),
    ],
)
def test_a_post_on_a_site_that_leads_to_an_article_is_none_of_its_text(
    page: str, picture: str, *, is_its: bool
) -> None:
    words = "潮水照常上涨，灯塔照常亮着。" * 20 + picture
    dated = f"<link>{short(1)}</link><guid>{page}</guid><pubDate>Tue, 01 Oct 2024</pubDate>"
    rss = RSS.format(short(1), words).replace(f"<link>{short(1)}</link>", dated)
    item = {"url": short(1), "id": page, "date_published": "2024-10-01", "content_html": words}
    feed = {"version": "https://jsonfeed.org/version/1", "title": "灯塔通讯", "items": [item]}
    for content in (rss.encode(), json.dumps(feed).encode()):
        [link] = read_list(content).links
        assert (link.left, link.account) == (not is_its, "灯塔通讯" * is_its)
        assert len(documents_of_feed("a", content)) == is_its


@pytest.mark.parametrize("html", [False, True])
def test_a_sites_plain_words_about_an_article_are_not_taken_in_place_of_its_text(
    *, html: bool
) -> None:
    words = "灯塔的光每隔七秒扫过一次海面。" * 40
    item = {"url": short(1), "id": "https://a.example/1", "content_text": words}
    item |= {"content_html": f"<p>{words}</p>"} if html else {}
    feed = {"version": "https://jsonfeed.org/version/1", "title": "潮水", "items": [item]}
    [link] = read_list(json.dumps(feed).encode()).links
    assert (link.text, link.left, link.account) == ("", True, "")
    assert not documents_of_feed("a", json.dumps(feed).encode())
    item["content_text"] = words[:120]  # a digest, as a reader of feeds has it
    item.pop("content_html", "")
    [link] = read_list(json.dumps(feed).encode()).links
    assert (link.text, link.left, link.account) == ("", False, "潮水")
