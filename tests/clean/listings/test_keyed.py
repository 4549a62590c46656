from __future__ import annotations

import pytest

from crawler.clean.listings import read_list
from crawler.clean.listings.keyed import Keyed, key_of
from crawler.clean.listings.lines import read_lines
from tests.clean.listings.samples import short

Said = tuple[str, str, str]
WHOLE = ("潮水", "灯塔通讯", "2024-05-08")


def _said(text: str) -> list[Said]:
    links = read_lines(text.splitlines(keepends=True)).links
    return [(link.title, link.account, link.date or link.listed) for link in links]


@pytest.mark.parametrize(
    "record",
    [
        "标题：潮水\n公众号：灯塔通讯\n发布时间：2024-05-08 10:30\n链接：URL\n",
        "链接：URL\n标题：潮水\n公众号：灯塔通讯\n日期：2024-05-08\n",
        "1. 标题：潮水\n   公众号：灯塔通讯\n   时间：2024-05-08\n   链接：URL\n",
        "- title: 潮水\n  url: URL\n  account: 灯塔通讯\n  date: 2024-05-08\n",
        "- url: 'URL'\n  title: \"潮水\"\n  account: 灯塔通讯\n  published: 2024-05-08\n",
        "  title: \"潮水\",\n  account: '灯塔通讯',\n  day: '2024-05-08',\n  url: 'URL',\n",
        "  - **title**: 潮水\n    **url**: <URL>\n    account: 灯塔通讯\n    date: 2024-05-08\n",
        "【标题】潮水\n【公众号】灯塔通讯\n【发布时间】2024-05-08\n【链接】URL\n",
        "> 标题: 潮水\n> 公众号: 灯塔通讯\n> 摘要: 浪高三尺。\n> 日期: 2024-05-08\n> 链接: URL\n",
        "## 潮水\n\n- 公众号：灯塔通讯\n- 日期：2024-05-08\n- 链接：[点此](URL)\n",
        "标题：潮水\n公众号：灯塔通讯 | **日期**：2024-05-08\n链接：URL\n",
        "标题：潮水\n链接：URL 公众号：灯塔通讯；发布时间：2024-05-08\n",
        "## 潮水\n公众号：灯塔通讯 | 发布时间：2024-05-08 | 链接：URL\n",
        "标题：潮水\n公众号：灯塔通讯，发布时间：2024-05-08，链接：URL\n",
        "標題：潮水\n公眾號：灯塔通讯\n發佈時間：2024-05-08\n文章連結：URL\n",
        "标题：潮水\n公众号：灯塔通讯\n日期：2024-05-08\n来源链接：URL\n",
        "潮水 公众号：灯塔通讯 日期：2024-05-08 URL\n",
        "- 标题：潮水 | 公众号：灯塔通讯 | 发布时间：2024-05-08： URL\n",
        "URL 潮水，公众号：灯塔通讯，日期：2024-05-08\n",
        "潮水 日期：2024-05-08 | 公众号：灯塔通讯 | 收藏于 2024-06-01 | URL\n",
        "[潮水](URL) 日期：2024-05-08 公众号：灯塔通讯，值得一看。\n",
        "潮水 日期：2024-05-08 公众号：灯塔通讯 已读：是 URL\n",
        "title: '潮水', account: '灯塔通讯', date: '2024-05-08', url: 'URL',\n",
    ],
)
@pytest.mark.parametrize("end", ["", "\n", "-----\n"])
def test_lines_of_keys_say_of_the_link_among_them(record: str, end: str) -> None:
    text = "".join(record.replace("URL", short(n)) + end for n in range(3))
    told = [*_said(text)]
    assert len(told) == 3
    assert {one[1:] for one in told} == {WHOLE[1:]}
    assert {one[0] for one in told} == {"潮水"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("标题：潮水\n\n链接：URL", ("", "", "")),  # nobody knows whose a title is above a gap
        ("# 收藏\n\n链接：URL", ("", "", "")),  # a heading may be of all links below
        ("## 2024-05-08\n\n公众号：灯塔通讯\n链接：URL", ("", *WHOLE[1:])),
        ("时间：2024-05-08\n链接：URL", ("", "", "")),  # of anything
        ("标题：潮水\n见 URL", ("见", "", "")),
        ("潮水\n点击查看：URL", ("", "", "")),
        ("公众号： | 发布时间：2024-05-08\n链接：URL", ("", "", "2024-05-08")),
        ("公众号：灯塔通讯 | 作者：甲 | URL", ("", "", "")),
        ("公众号：灯塔通讯 潮水 发布时间：2024-05-08 URL", ("", "", "")),  # nor where a name ends
        ("1. 公众号：灯塔通讯 潮水 发布时间：2024-05-08 URL", ("", "", "")),
        ("标题：潮水 链接：URL", ("潮水", "", "")),
        ("阅读：一种生活方式 URL", ("阅读：一种生活方式", "", "")),
        ("潮水\n[微信原文](URL)", ("", "", "")),
        ("<URL> 潮水", ("潮水", "", "")),
        ("[微信公众平台](URL)", ("", "", "")),
        ("Weixin Official Accounts Platform URL", ("", "", "")),
        ("- 公众号：灯塔通讯\n  - [潮水](URL)", ("潮水", "灯塔通讯", "")),
        ("- 标题：潮水\n  - URL", ("", "", "")),
    ],
)
def test_what_stands_elsewhere_is_said_of_no_link(text: str, said: Said) -> None:
    assert _said(text.replace("URL", short(1))) == [said]


def test_keys_that_a_tab_parts_from_what_they_say_name_no_columns() -> None:
    record = "标题:\t潮水\n来源:\t灯塔通讯\n地址:\t{}\n-----\n"
    links = read_list("".join(record.format(short(n)) for n in (1, 2)).encode()).links
    assert [(link.title, link.account) for link in links] == [WHOLE[:2]] * 2
    [link] = read_list(f"标题：,链接：\n潮水,{short(1)}\n".encode()).links
    assert link.title == "潮水"


def test_lines_of_keys_around_two_links_are_said_of_neither() -> None:
    assert _said(f"标题：潮水\n链接：{short(1)}\n原文链接：{short(2)}\n") == [("", "", "")] * 2


@pytest.mark.parametrize(
    ("line", "pair"),
    [
        ("标题：潮水", ("标题", "潮水")),
        ("- **标题** ：潮水", ("标题", "潮水")),
        ("***标题***：潮水", ("标题", "潮水")),
        ("**【标题】**：潮水", ("标题", "潮水")),
        ("Title: '潮''水'", ("title", "'潮''水'")),
        (r'- title: "潮\"水\""', ("title", r'"潮\"水\""')),
        ('title: "潮"与"水"', ("title", '"潮"与"水"')),
        ("我说：潮水", ("", "")),
        ("https://a.cn", ("", "")),
    ],
)
def test_a_key_is_one_that_lists_have(line: str, pair: tuple[str, str]) -> None:
    assert key_of(line) == pair


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (r'"\u6F6E\u6C34 \"x\""', '潮水 "x"'),
        (r'"C:\\a"', r"C:\a"),
        ("'it''s'", "it's"),
        (r"C:\Windows", r"C:\Windows"),
        ("潮水一夜\n    又一夜", "潮水一夜 又一夜"),
        (">-\n    潮水\n    一夜", "潮水 一夜"),
        ('"潮水\\\n    \\ 一夜"', "潮水 一夜"),
        ("'潮水\n    一夜'", "潮水 一夜"),
    ],
)
def test_a_value_of_yaml_says_what_it_means(written: str, title: str) -> None:
    text = f"- account: 灯塔通讯\n  title: {written}\n  url: {short(1)}\n"
    assert _said(text) == [(title, "灯塔通讯", "")]


def test_a_heading_above_several_records_is_the_title_of_none() -> None:
    record = "- 发布时间：2024-05-08\n- 链接：{}\n\n"
    text = f"## 灯塔通讯\n\n{record}{record}## 潮声\n\n{record}".format(*map(short, (1, 2, 3)))
    assert _said(text) == [("", "", "2024-05-08")] * 3
    text = f"## 潮水\n\n{record}## 灯塔\n\n{record}".format(*map(short, (1, 2)))
    assert [title for title, *_ in _said(text)] == ["潮水", "灯塔"]
    titled = f"标题：晚潮\n公众号：潮声\n链接：{short(2)}\n"
    text = f"# 收藏\n\n公众号：灯塔通讯\n链接：{short(1)}\n\n{titled}"
    assert [title for title, *_ in _said(text)] == ["", "晚潮"]
    text = f"## 潮水\n\n{record}## 灯塔\n\n链接：{{}}\n".format(*map(short, (1, 2)))
    assert [title for title, *_ in _said(text)] == ["潮水", ""]


@pytest.mark.parametrize(
    "between",
    [
        "  category: 人工智能\n  views: 100\n",
        "  tags:\n    - AI\n",
        "  备注已读完\n",
        "  note：已读\n",
    ],
)
def test_what_stands_below_a_value_is_no_part_of_it(between: str) -> None:
    text = f"- account: 灯塔通讯\n  title: 潮水\n{between}  url: {short(1)}\n"
    assert _said(text) == [("潮水", "灯塔通讯", "")]
    text = f"- title: 潮水\n  account: 灯塔通讯\n{between}  date: 2024-05-08\n  url: {short(1)}\n"
    assert _said(text) == [WHOLE]
    text = (
        f"标题：潮水\n公众号：灯塔通讯\n{between}日期：2024-05-08\n  这篇很好\n链接：{short(1)}\n"
    )
    assert _said(text) == [WHOLE]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. 链接：URL1\n2. 标题：丁\n   链接：URL2\n", [("", ""), ("丁", "")]),
        (
            "- 公众号：甲\n - 标题：丁\n   链接：URL1\n - 标题：戊\n   链接：URL2\n- 公众号：乙",
            [("丁", "甲"), ("戊", "甲")],
        ),
        (
            "- account: 甲\n  title: 丁\n  url: URL1\n- title: 戊\n  url: URL2\n- account: 乙",
            [("丁", "甲"), ("戊", "")],
        ),
        (
            "公众号：甲\n标题：丁\n链接：URL1\n标题：戊\n链接：URL2\n公众号：乙\n标题：己",
            [("", "")] * 2,
        ),
        ("- account: 甲\n  articles:\n    - title: 丁\n      url: URL1\n", [("丁", "甲")]),
        ("- 链接：URL1\n- 标题：丁\n  链接：URL2\n", [("", "")] * 2),
    ],
)
def test_what_is_said_of_the_next_article_is_not_said_of_this_one(
    text: str, said: list[tuple[str, str]]
) -> None:
    found = _said(text.replace("URL1", short(1)).replace("URL2", short(2)))
    assert [one[:2] for one in found] == said


def test_of_records_without_a_link_nothing_is_kept() -> None:
    record = Keyed()
    for number in range(100):
        record.take(f"标题：第{number}篇\n", [], 0)
    assert not record._run
    assert _said(f"标题：潮水\n标题：无\n标题：晚潮\n链接：{short(1)}\n") == [("", "", "")]
    assert _said(f"链接：{short(1)}\n链接：无\n链接：{short(2)}\n标题：晚潮") == [("", "", "")] * 2
