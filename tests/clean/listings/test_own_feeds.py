from __future__ import annotations

from crawler import __version__
from crawler.clean.listings import documents_of_feed, read_list
from crawler.clean.listings.own_feeds import is_own_feed
from crawler.formats import Entry, Feed, write_feed
from tests.clean.listings.samples import short


def _feed(*entries: Entry) -> bytes:
    feed = Feed(
        id="tag:a,2012:feed:b",
        title="微信公众号文章",
        updated="2024-05-10T08:00:00",
        generator=f"wechat-article-archive {__version__}",
    )
    return write_feed(feed, entries)


def _entry(number: int, *categories: str, published: str = "") -> Entry:
    return Entry(
        id=f"tag:a,2012:{number}",
        title="潮水",
        updated="2024-05-09T08:00:00",
        url=short(number),
        published=published,
        author="渡口",
        html="<p>潮水照常上涨。</p>",
        categories=categories,
    )


def test_each_article_has_its_account_and_never_the_day_on_which_a_copy_was_kept() -> None:
    entries = (
        _entry(1, "灯塔通讯", "ok", published="2024-05-08T09:30:00+08:00"),
        _entry(2, "码头", "ok", published="2024-05-08"),
        _entry(3, "ok"),
    )
    links = read_list(_feed(*entries)).links
    assert [(link.account, link.date, link.published_at) for link in links] == [
        ("灯塔通讯", "2024-05-08", "2024-05-08T09:30:00+08:00"),
        ("码头", "2024-05-08", ""),
        ("", "", ""),
    ]


def test_so_has_a_text_that_stands_there_alone() -> None:
    [document] = documents_of_feed("a.xml", _feed(_entry(4, "码头", "ok")))
    assert document.known
    assert (document.known.account, document.known.date) == ("码头", "")


def test_a_feed_of_another_program_is_none_of_ours() -> None:
    assert not is_own_feed({"generator": "WeWe-RSS"})
    assert not is_own_feed({})
