"""Cards of articles in exports of chats."""

from __future__ import annotations

import csv
import io
import json
from html import escape
from typing import TYPE_CHECKING

import pytest

from crawler.clean.listings import read_list
from tests.clean.listings.samples import long, short
from tests.growth import assert_linear

if TYPE_CHECKING:
    from collections.abc import Callable


def _item(number: int, title: str) -> str:
    return (
        f"<title><![CDATA[{title}]]></title><url><![CDATA[{long(number)}]]></url>"
        f"<pub_time>{1_700_000_000 + number}</pub_time>"
    )


MESSAGE = (
    f"<msg><appmsg>{_item(1, '潮水')}<mmreader><category><name><![CDATA[灯塔]]></name>"
    f"<item>{_item(1, '潮水')}</item><item>{_item(2, '渡口 & 船')}</item>"
    "</category></mmreader></appmsg></msg>"
)
SHARED = (
    f"wxid_a:\n<msg><appmsg><title>渡口 &amp; 船</title><type>5</type><url>{escape(long(2))}</url>"
    "<sourcedisplayname>灯塔</sourcedisplayname></appmsg><appname></appname></msg>"
)


def _as_json(message: str) -> bytes:
    return json.dumps([{"createTime": 1_800_000_000, "content": message}]).encode()


def _as_table(message: str) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows([["id", "StrContent", "CreateTime"], ["1", message, "1800000000"]])
    return file.getvalue().encode()


def _as_chatlog(message: str) -> bytes:
    file = io.StringIO()
    head = ["Time", "SenderName", "Sender", "TalkerName", "Talker", "Content"]
    csv.writer(file).writerows([head, ["2024-07-03 17:46:40", "李四", "a", "群", "b", message]])
    return file.getvalue().encode()


@pytest.mark.parametrize("form", [_as_json, _as_table, _as_chatlog])
def test_a_message_says_title_account_and_day_of_each_of_its_articles(
    form: Callable[[str], bytes],
) -> None:
    links = read_list(form(MESSAGE)).links
    assert [(link.url, link.title, link.account, link.date, link.left) for link in links] == [
        (long(1), "潮水", "灯塔", "2023-11-15", False),
        (long(2), "渡口 & 船", "灯塔", "2023-11-15", False),
    ]


@pytest.mark.parametrize("form", [_as_json, _as_table, _as_chatlog])
def test_a_card_that_was_shared_says_title_and_account(form: Callable[[str], bytes]) -> None:
    [link] = read_list(form(SHARED)).links
    assert (link.url, link.title, link.account, link.date) == (long(2), "渡口 & 船", "灯塔", "")


@pytest.mark.parametrize("form", [_as_json, _as_table, _as_chatlog, str.encode])
def test_a_card_in_words_says_its_title(form: Callable[[str], bytes]) -> None:
    [link] = read_list(form(f"[链接|渡口 [一]]({long(2)})")).links
    assert (link.url, link.title, link.account, link.date) == (long(2), "渡口 [一]", "", "")


@pytest.mark.parametrize("message", ["看看", "<favitem><pagetitle>收藏文</pagetitle></favitem>\n"])
def test_what_stands_beside_a_link_in_a_chat_is_no_title(message: str) -> None:
    [link] = read_list(_as_chatlog(f"{message} {long(2)}")).links
    assert (link.url, link.title, link.account, link.date) == (long(2), "", "", "")


@pytest.mark.parametrize("form", [_as_table, _as_chatlog])
def test_a_long_message_is_no_text_of_an_article(form: Callable[[str], bytes]) -> None:
    _, _, long_one = form("光扫过海面。" * 120).partition(b"\n")
    assert read_list(form(long(1)) + long_one).unplaced == 0


@pytest.mark.parametrize("form", [_as_table, _as_chatlog, lambda cell: json.dumps([cell]).encode()])
@pytest.mark.parametrize(("words", "left"), [("光扫过海面。" * 120, True), ("光扫过。", False)])
def test_a_text_around_a_card_in_words_is_told(
    form: Callable[[str], bytes], words: str, *, left: bool
) -> None:
    """As where several messages are forwarded, of which one is the card."""
    cards = [f"[链接|渡口]({long(number)})" for number in (1, 2)]
    links = read_list(form(f"{words} {' '.join(cards)}")).links
    assert [(link.title, link.left) for link in links] == [("渡口", left), ("渡口", False)]


def test_an_answer_says_nothing_of_what_it_quotes() -> None:
    quoted = escape(f"<msg><appmsg><title>潮水</title><url>{short(1)}</url></appmsg></msg>")
    answer = f"<msg><appmsg><title>好！</title><refermsg>{quoted}</refermsg></appmsg></msg>"
    [link] = read_list(_as_json(answer)).links
    assert (link.url, link.title) == (short(1), "")


def test_the_work_of_reading_a_message_grows_as_it_does() -> None:
    for piece in ("<item>", "<title>", "<title><![CDATA[", "]", f"<item>{_item(1, '潮')}"):
        message = f"<msg><appmsg>{_item(2, '渡口')}"
        assert_linear(lambda size: read_list(_as_json(message + piece * size)), 200)  # noqa: B023


def test_what_is_quoted_ends_where_the_next_one_begins() -> None:
    [link] = read_list(_as_json(f"<msg><appmsg><title><![CDATA[渡 ]{_item(1, '潮 < 水')}")).links
    assert link.title == "潮 < 水"
