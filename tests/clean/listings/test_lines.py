from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.clean.listings import read_list
from crawler.clean.listings.lines import read_lines as read_each_line
from tests.clean.listings.samples import long, short

if TYPE_CHECKING:
    from crawler.clean.listings import Listing

DAILY = f"""# 每日文章（2024-05-08）

- 灯塔通讯
  - [潮水的高度]({short(1)})
  - [雾号的用法]({long(2)})
- 守塔人
  - [ ] [换灯记]({short(3)})
"""


def read_lines(text: str) -> Listing:
    return read_each_line(text.splitlines(keepends=True))


def test_a_daily_report_gives_each_article_its_account_and_day() -> None:
    links = read_lines(DAILY).links
    assert [(link.title, link.account, link.date) for link in links] == [
        ("潮水的高度", "灯塔通讯", "2024-05-08"),
        ("雾号的用法", "灯塔通讯", "2024-05-08"),
        ("换灯记", "守塔人", "2024-05-08"),
    ]


def test_an_address_of_a_reference_stands_under_no_item() -> None:
    text = f"  * [潮水][1]\n  * [雾号][2]\n\n   [1]: {short(1)}\n   [2]: {short(2)}\n"
    assert [(link.title, link.account) for link in read_lines(text).links] == [("", "")] * 2


def test_the_words_beside_a_link_are_its_title() -> None:
    text = f"""潮水的高度 {short(1)}
雾号：{short(2)}
{short(3)} 换灯记
1. {short(4)}
> 【油料】 {short(5)}  # 以后再看
{short(6)}
"""
    titles = [link.title for link in read_lines(text).links]
    assert titles == ["潮水的高度", "雾号", "换灯记", "", "油料", ""]


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("【视频】潮水 URL", "【视频】潮水"),
        ("- [ ] “潮水”与“雾号” URL # 以后再看", "“潮水”与“雾号”"),
        ("潮水（上）: URL", "潮水（上）"),
        ("潮水(CVE-2024-1) URL", "潮水(CVE-2024-1)"),
        ("潮水周刊 #026 - 雾号 URL", "潮水周刊 #026 - 雾号"),
        ("（潮水） URL", "潮水"),
        ('"潮水 URL', "潮水"),
        ("潮水） <URL>", "潮水"),
        ("**[潮水（上）]** URL", "潮水（上）"),
        ("潮水 - URL - 备注", "潮水 - 备注"),
        ("  [1]: URL", ""),
        ("[^12]: URL", ""),
        ("[1] URL", ""),
        ("1/2 URL", ""),
        ('[a0]: <URL> "潮水"', "潮水"),
        ("[潮水]: URL", "潮水"),
        ("[^1]: 潮水。URL", "潮水"),
        ("1984 URL", "1984"),
        ("潮水「URL」", "潮水"),
        ('潮水 "URL"', "潮水"),
        ("[[URL][潮水]]", "潮水"),
        ("[[调研]潮水](URL)", "[调研]潮水"),
        (r"[\[调研\]潮水](URL)", "[调研]潮水"),
    ],
)
def test_a_title_keeps_its_own_marks_and_loses_those_around_it(line: str, title: str) -> None:
    [link] = read_lines(line.replace("URL", short(1))).links
    assert link.title == title


def test_an_article_named_twice_is_one_under_its_better_link() -> None:
    [link] = read_lines(f"{long(1, signed=False)}\n[潮水]({long(1)})\n").links
    assert link.url == long(1)
    assert (link.title, link.number) == ("潮水", 1)


def test_a_day_is_that_of_its_section_and_not_of_one_before() -> None:
    text = f"""# 2024-05-08 日报
## 昨日（2024-05-07）
{short(1)}
## 今日
{short(2)}
# 其他
{short(3)}
"""
    days = [link.date for link in read_lines(text).links]
    assert days == ["2024-05-07", "2024-05-08", ""]


def test_what_is_not_whole_is_named_with_its_line_and_the_rest_is_taken() -> None:
    listing = read_lines(f"# 清单\n{short(1)}words\nhttps://example.com/a\n{short(2)}\n")
    assert [link.url for link in listing.links] == [short(2)]
    assert [(one.number, one.line) for one in listing.refused] == [
        (2, f"{short(1)}words"),
        (3, "https://example.com/a"),
    ]


def test_links_to_other_sites_among_words_are_counted_and_left_alone() -> None:
    listing = read_lines(f"- [别处](https://example.com/a)\n- [潮水]({short(1)})\n")
    assert (len(listing.links), listing.elsewhere, listing.refused) == (1, 1, ())


def test_an_album_is_no_article() -> None:
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&album_id=1"
    listing = read_lines(f"{short(1)}\n{album}\n")
    assert [link.url for link in listing.links] == [short(1)]
    [refused] = listing.refused
    assert (refused.number, "album" in refused.why) == (2, True)
    assert "--discover" in refused.advice


def test_a_text_without_links_says_so() -> None:
    assert "lists no link" in read_lines("潮水\n雾号\n").problem


@pytest.mark.parametrize(
    "line", ["原文链接：{0}", "source: {0}", "- [{0}]({0})", "[阅读原文]({0})"]
)
def test_what_only_says_that_a_link_is_there_is_no_title(line: str) -> None:
    [link] = read_lines(line.format(short(1))).links
    assert (link.url, link.title) == (short(1), "")


KEY = "SeCrEt0123456789abcdef"


@pytest.mark.parametrize(
    "line",
    [
        f"curl '{{0}}' --compressed -H 'Accept: text/html' -H 'Cookie: wxuin=123; ua_id={KEY}'",
        f'$ curl ^"{{0}}^" -b ^"rewardsn=; wap_sid2={KEY}^"',
        f"curl -H 'Host: mp.weixin.qq.com' -H 'x-wechat-key: {KEY}' '{{0}}'",
        f"wget --header='Cookie: sid={KEY}' {{0}}",
        f'Invoke-WebRequest -Uri "{{0}}" -Headers @{{{{"x-wechat-key"="{KEY}"}}}}',
        f"params = {{{{'url': '{{0}}', 'mid': '114', 'key': '{KEY}'}}}}",
    ],
)
def test_a_command_or_a_piece_of_a_script_in_which_a_link_stands_is_no_title(line: str) -> None:
    [link] = read_lines(line.format(short(1))).links
    assert (link.url, link.title) == (short(1), "")


@pytest.mark.parametrize(
    "words",
    [
        "curl 命令详解",
        "curl -O 的用法",
        "HTTP - 协议入门",
        'HTTP "走私"攻击',
        "Cookie: 你不知道的事",
        "cookie=1 与 -b",
    ],
)
def test_the_name_of_a_command_in_a_title_costs_it_nothing(words: str) -> None:
    [link] = read_lines(f"{words} {short(1)}").links
    assert link.title == words


@pytest.mark.parametrize("words", [f"key: {KEY}", f'"cookie": "wap_sid2={KEY}; uin=1"'])
def test_a_credential_in_the_item_above_a_link_is_no_account(words: str) -> None:
    [link] = read_lines(f"- {words}\n  - {short(1)}\n").links
    assert KEY not in link.account


def test_an_address_that_is_not_closed_ends_where_the_next_one_begins() -> None:
    [link, other] = read_lines(f"[目录]([潮水]({short(1)}) {short(2)}").links
    assert (link.title, other.title) == ("潮水", "")
    [link] = read_lines(f"[潮水](https://tide.example/?a[]=1&u={short(1)})").links
    assert link.title == "潮水"


@pytest.mark.parametrize(
    "form", ["潮水 {0} {1}", "{1} 潮水 {0}", "潮水\t{0}<br>{1}", "{{'a': '{0}', 'b': '{1}'}}"]
)
def test_lines_that_are_texts_are_told(form: str) -> None:
    lines = [form.format("光扫过海面。" * 100, short(number)) for number in range(4)]
    assert all(link.left for link in read_lines("\n".join(lines)).links)
    listed = [form.format("光扫过海面。" * 9, short(number)) for number in range(5, 10)]
    assert not any(link.left for link in read_lines("\n".join([*listed, *lines])).links)


@pytest.mark.parametrize("rest", ["&key={}&ascene=1", "&chksm=8b05&key={}&ascene=1"])
def test_what_stands_behind_a_blank_in_a_link_is_no_title(rest: str) -> None:
    line = f"{long(1)} {rest.format('a9f8e7d6c5b4a3f2e1d0c9')}"
    assert [link.title for link in read_list(line.encode()).links] == [""]
