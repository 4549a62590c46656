"""The listing that links make: each article once, with all that is said of it."""

from __future__ import annotations

from crawler.clean.exports import Link
from crawler.clean.listings.records import ListKind, Refused, listing_of
from tests.clean.listings.samples import long, short


def test_an_article_that_is_named_twice_is_one_with_what_either_says() -> None:
    links = [Link(url=short(1), title="潮", number=1), Link(url=short(1), account="灯塔", number=4)]
    [link] = listing_of(ListKind.LINES, links).links
    assert (link.title, link.account, link.number) == ("潮", "灯塔", 1)


def test_the_first_word_counts_where_two_disagree() -> None:
    links = [Link(url=short(1), title="潮"), Link(url=short(1), title="汐")]
    assert listing_of(ListKind.TABLE, links).links[0].title == "潮"


def test_of_two_addresses_the_one_that_wechat_answers_stays() -> None:
    signed, bare = long(1), long(1).partition("&chksm")[0]
    links = [Link(url=bare, title="潮"), Link(url=signed)]
    [link] = listing_of(ListKind.TABLE, links).links
    assert (link.url, link.title) == (signed, "潮")
    [link] = listing_of(ListKind.TABLE, links[::-1]).links
    assert link.url == signed


def test_articles_keep_the_order_of_the_list() -> None:
    links = [Link(url=short(number)) for number in (3, 1, 2, 1)]
    assert [link.url for link in listing_of(ListKind.LINES, links).links] == [
        short(3),
        short(1),
        short(2),
    ]


def test_an_album_is_no_article() -> None:
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&album_id=1"
    assert not listing_of(ListKind.LINES, [Link(url=album)]).links


def test_a_list_of_nothing_says_so_and_one_of_broken_links_does_not() -> None:
    assert listing_of(ListKind.LINES, [], elsewhere=3).problem
    broken = Refused(number=2, line="mp.weixin.qq.com/s", why="is cut off")
    assert not listing_of(ListKind.LINES, [], refused=[broken]).problem
