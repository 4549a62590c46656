"""What columns and keys are called, and what their values say of an article."""

from __future__ import annotations

import pytest

from crawler.clean.listings.fields import (
    ROLES,
    article_links,
    link_of,
    names_other_site,
    own_links,
    plain,
    title_of_link,
)
from tests.clean.listings.samples import long, short


@pytest.mark.parametrize("key", ["_accountName", "Account name", "account_name", "ACCOUNT-NAME"])
def test_a_key_is_compared_without_case_and_joints(key: str) -> None:
    assert plain(key) == "accountname"


def test_every_name_of_a_role_is_written_as_it_is_compared() -> None:
    assert all(plain(name) == name for names in ROLES.values() for name in names)


def test_links_to_articles_are_found_in_their_order_and_others_left() -> None:
    text = f"见 {short(2)}，与 {long(1)}；https://example.org/a 不算"
    assert article_links(text) == [short(2), long(1)]
    assert names_other_site([text])
    assert not names_other_site(["潮", "weixin"])


def test_the_link_of_a_row_stands_in_a_column_for_links_or_nowhere() -> None:
    assert own_links({"url": "https://example.org", "原文链接": short(1)}) == [short(1)]
    assert own_links({"title": short(1)}) == []


@pytest.mark.parametrize("key", ["articleurl", "pageurl", "网址", "文章地址", "permalink"])
@pytest.mark.parametrize("more", ["sourceurl", "originalurl", "原文链接"])
def test_a_link_to_read_more_is_the_rows_own_only_where_no_other_is(key: str, more: str) -> None:
    assert own_links({more: short(2), key: short(1)}) == [short(1)]
    assert own_links({more: short(2), key: ""}) == [short(2)]


def test_a_link_takes_what_its_row_says() -> None:
    row = {
        "标题": " 潮\n水 ",
        "公众号": "灯塔通讯",
        "发布时间": "2024-05-08 18:30",
        "fakeid": "MzA5MzE5MDAzOA==",
        "aid": "2650000001_2",
        "saved at": "昨天",
    }
    link = link_of(short(1), {plain(key): value for key, value in row.items()}, 7)
    assert (link.title, link.account, link.date) == ("潮 水", "灯塔通讯", "2024-05-08")
    assert (link.biz, link.mid, link.idx) == ("MzA5MzE5MDAzOA==", "2650000001", "2")
    assert (link.saved, link.number) == ("昨天", 7)


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Q&amp;A &#x27;渡口&#39; &quot;甲&quot;&nbsp;&lt;乙&gt;", "Q&A '渡口' \"甲\" <乙>"),
        ("R&D &copy AT&T;", "R&D &copy AT&T;"),
        ("https&#58;//example.com/", ""),
        ("甲&#10;乙&#0;&#xD800;", "甲 乙\ufffd\ufffd"),
        ("mp.weixin.qq.com/s?a=1&amp;pass_ticket&#61;SECRET", "mp.weixin.qq.com/s?a=1"),
    ],
)
def test_a_title_that_a_row_says_as_html_does_is_read_so(written: str, title: str) -> None:
    assert link_of(short(1), {"title": written}, 1).title == title


@pytest.mark.parametrize("name", ["Nan", "NONE"])
def test_a_name_that_no_program_writes_for_nothing_is_one(name: str) -> None:
    link = link_of(short(1), {"author": name, "account": name, "title": name}, 1)
    assert (link.author, link.account, link.title) == (name, name, name)


@pytest.mark.parametrize(
    "name",
    [
        *("web", "公众号", "https://mp.weixin.qq.com/", "RSS", "None", "nan", "NULL"),
        *("WEBLINK", "pocket", "singlefile", "reader_add_from_import_url", "书签", "RSS订阅"),
    ],
)
def test_a_platform_or_an_address_is_no_accounts_name(name: str) -> None:
    assert link_of(short(1), {"source": name}, 1).account == ""
    assert link_of(short(1), {"source": name, "媒体": "书签"}, 1).account == "书签"
    assert link_of(short(1), {"source": name}, 1, account="灯塔通讯").account == "灯塔通讯"


@pytest.mark.parametrize(
    ("named", "hides"),
    [
        ("所属公众号", {"来源": "采集"}),
        ("wechatname", {"source": "crawler"}),
        ("feedname", {"feed": "12"}),
        ("mpname", {"account": "3090000000"}),
        ("nickname", {"account": "gh_0123456789ab"}),
        ("公众号名", {"nickname": "王小明", "来源": "微信公众号"}),
    ],
)
def test_a_column_that_names_the_account_comes_before_one_that_may_mean_another(
    named: str, hides: dict[str, str]
) -> None:
    assert link_of(short(1), {**hides, named: "灯塔通讯"}, 1).account == "灯塔通讯"


@pytest.mark.parametrize("named", ["article_title", "推文标题", "msg_title"])
def test_a_column_that_names_the_title_comes_before_one_that_may_name_anything(named: str) -> None:
    assert link_of(short(1), {"name": "灯塔通讯", plain(named): "潮水"}, 1).title == "潮水"
    assert link_of(short(1), {"name": "潮水"}, 1).title == "潮水"


@pytest.mark.parametrize(
    ("row", "account"),
    [
        ({"account": "18180"}, "18180"),
        ({"公众号": "1818", "来源": "原创"}, "1818"),
        ({"公众号": "1818", "nickname": "王小明"}, "1818"),
        ({"feed": "12", "source": "灯塔通讯"}, "灯塔通讯"),
        ({"公众号": "3090000000", "账号名称": "灯塔通讯"}, "灯塔通讯"),
    ],
)
def test_a_number_is_an_account_where_it_stands_as_one_or_nothing_else_names_it(
    row: dict[str, str], account: str
) -> None:
    assert link_of(short(1), row, 1).account == account


@pytest.mark.parametrize("value", ["12", "2650000001", "2650000001_", "x_1", "2650000001_123"])
def test_another_number_is_no_articles_key(value: str) -> None:
    assert link_of(short(1), {"id": value}, 1).mid == ""


@pytest.mark.parametrize("name", ["推送时间", "pub_time", "time_str", "datetime"])
@pytest.mark.parametrize("account", ["公众号名", "账号", "gzh_name", "channel_name"])
def test_days_and_accounts_have_many_names(name: str, account: str) -> None:
    row = {plain(name): "2024-05-08 18:30", plain(account): "灯塔通讯"}
    link = link_of(short(1), row, 1)
    assert (link.date, link.account) == ("2024-05-08", "灯塔通讯")


def test_the_moment_of_we_mp_rss_is_that_of_publication_and_any_other_is_not() -> None:
    row = {"updated": "2024-05-08T18:30:00+08:00"}
    assert link_of(short(1), row, 1).date == ""
    assert link_of(short(1), {**row, "channelname": "灯塔通讯"}, 1).date == "2024-05-08"


@pytest.mark.parametrize("told", ["", "0", "2024-05-08 18:30"])
def test_when_a_spider_made_its_row_is_no_moment_of_publication(told: str) -> None:
    row = {"createtime": "2024-05-09 10:00:00"}
    assert link_of(short(1), row, 1).date == "2024-05-09"  # of WeChat's answers
    assert link_of(short(1), {**row, "publishtime": told}, 1).date == told[:10].removeprefix("0")


@pytest.mark.parametrize("name", ["pub_date", "published", "发表时间", "群发时间", "datetime"])
def test_nor_is_it_beside_a_day_in_another_column(name: str) -> None:
    row = {"createtime": "2024-05-09 10:00:00", plain(name): "2024-05-08 18:30"}
    assert link_of(short(1), row, 1).date == "2024-05-08"
    assert link_of(short(1), {**row, plain(name): ""}, 1).date == "2024-05-09"
    listed = link_of(short(1), {**row, plain(name): "", "日期": "2024-05-08"}, 1)
    assert (listed.date, listed.listed) == ("", "2024-05-08")


@pytest.mark.parametrize(
    ("name", "value"),
    [("published", "1"), ("day", "Wednesday"), ("时间", "10:00"), ("pub_date", "无")],
)
def test_beside_what_is_no_day_it_is_one(name: str, value: str) -> None:
    row = {"createtime": "2024-05-09 10:00:00", plain(name): value}
    assert link_of(short(1), row, 1).date == "2024-05-09"


@pytest.mark.parametrize("time", ["20:30", "08:30:15"])
@pytest.mark.parametrize("names", [("发布日期", "发布时间"), ("publish_date", "publish_time")])
def test_a_day_and_a_time_in_columns_of_their_own_are_one_moment(
    names: tuple[str, str], time: str
) -> None:
    link = link_of(short(1), {plain(names[0]): "2024-05-08", plain(names[1]): time}, 1)
    assert link.date == "2024-05-08"
    assert link.published_at.startswith(f"2024-05-08T{time}")


def test_qiye45s_time_is_that_of_publication_and_any_other_is_not() -> None:
    assert link_of(short(1), {"time": "2024-05-08", "likenum": "3"}, 1).date == "2024-05-08"
    assert link_of(short(1), {"time": "2024-05-08"}, 1).date == ""


@pytest.mark.parametrize(
    "words", [short(1), "mp.weixin.qq.com", "链接", "原文链接", "source_url", "阅读原文", " URL "]
)
def test_an_address_and_the_name_of_a_link_are_no_title(words: str) -> None:
    assert title_of_link(words) == ""


@pytest.mark.parametrize(
    "words",
    [f"{short(1)}…", f"{short(1)[:20]}…{short(1)[-5:]}", f"「{short(1)}」", f"{short(1)}。"],
)
def test_the_marks_around_an_address_and_the_dots_that_cut_it_short_are_no_title(
    words: str,
) -> None:
    assert title_of_link(words) == ""


@pytest.mark.parametrize("words", ["潮水", "链接世界", "原文链接在哪里", "……？"])
def test_other_words_of_a_link_are_the_title(words: str) -> None:
    assert title_of_link(words) == words


def test_an_address_among_the_words_of_a_link_costs_it_no_title() -> None:
    assert title_of_link(f"潮水 {short(1)}") == "潮水"
    assert title_of_link("见https://tide.example的潮水") == "见 的潮水"
    signed = "https://mp.weixin.qq.com/s?a=潮&key=0123456789abcdef0123&uin=MTIz"
    assert title_of_link(f"退潮 {signed}") == "退潮 潮"


@pytest.mark.parametrize("name", ["&key", "?pass_ticket", "uin", "&exportkey"])
def test_a_secret_behind_the_break_of_a_link_is_in_no_title(name: str) -> None:
    assert title_of_link(f"潮水 {name}={'0123456789abcdef' * 4}&scene=1") == "潮水"
    assert title_of_link("用 ?token=abc 与 &key=1 的夜") == "用 ?token=abc 与 &key=1 的夜"


def test_the_source_is_its_own_where_the_column_for_the_text_is_another_tools() -> None:
    row = {"contenturl": "https://store.example/1.html", "sourceurl": short(1)}
    assert own_links(row) == [short(1)]
    assert own_links({**row, "contenturl": ""}) == []
    assert own_links({**row, "contenturl": long(2)}) == [long(2)]


@pytest.mark.parametrize(
    "title",
    [
        "curl -v 参数详解",
        '讲 "token":"abc" 的泄露',
        'grep -H "x" 的用法',
        'tar -b "20" 备份',
        "Cookie: name=value 是什么",
        "Set-Cookie: SameSite=Lax 全解析",
    ],
)
def test_a_title_about_a_command_or_a_cookie_is_one(title: str) -> None:
    assert title_of_link(title) == title
