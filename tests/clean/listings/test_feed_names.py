from __future__ import annotations

import pytest

from crawler.clean.listings import read_list
from crawler.clean.listings.feed_names import account_of_title, without_account
from tests.clean.listings.samples import long, short


@pytest.mark.parametrize(
    ("title", "account"),
    [
        ("灯塔通讯", "灯塔通讯"),
        ("灯塔通讯|看海", "灯塔通讯"),
        ("微信公众号 - 灯塔通讯", "灯塔通讯"),
        ("灯塔通讯 的微信公众号", "灯塔通讯"),
        ("WeWe-RSS", ""),
        ("|看海", "|看海"),
    ],
)
def test_the_account_is_what_a_title_of_rsshub_names(title: str, account: str) -> None:
    assert account_of_title(title, [short(1)], of_hub=True) == account


def test_a_title_of_any_other_tool_is_the_account_as_it_stands() -> None:
    assert account_of_title("灯塔|通讯", [short(1)]) == "灯塔|通讯"


@pytest.mark.parametrize(
    ("title", "account"),
    [
        *(("微信公众号", ""), ("RSS", ""), ("Feed", ""), ("Wechat2RSS", "")),
        *(("安全 - FreshRSS", ""), ("Starred - Miniflux", "")),
        *(("微信公众号：灯塔通讯", "灯塔通讯"), ("灯塔通讯 - 微信公众号", "灯塔通讯")),
    ],
)
def test_a_title_of_a_reader_or_a_platform_names_no_account(title: str, account: str) -> None:
    assert account_of_title(title, [short(1)]) == account


def test_a_feed_of_articles_of_two_accounts_names_none() -> None:
    other = long(2).replace("__biz=Mz", "__biz=Nz")
    assert account_of_title("灯塔通讯", [long(1), other]) == ""


def test_a_channel_writes_the_account_before_each_title() -> None:
    assert without_account("灯塔通讯: 潮水", "灯塔通讯") == "潮水"
    assert without_account("港口: 潮水", "灯塔通讯") == ""
    assert without_account("潮水", None) == ""


def _feed(head: str, *authors: str) -> bytes:
    entries = "".join(
        f"<entry><title>潮水{number}</title><author>{author}</author><link href='{short(number)}'/>"
        "</entry>"
        for number, author in enumerate(authors, start=1)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>灯塔</title>{head}{entries}</feed>".encode()


def test_an_item_of_we_mp_rss_has_its_account_as_its_author() -> None:
    links = read_list(_feed("<author>Mp-We-Rss</author>", "港口日报", "渡轮周刊")).links
    assert [link.account for link in links] == ["港口日报", "渡轮周刊"]


def test_an_item_of_any_other_feed_has_who_wrote_it() -> None:
    links = read_list(_feed("", "林小渡", "何晚")).links
    assert [link.account for link in links] == ["灯塔", "灯塔"]
