from __future__ import annotations

import pytest

from crawler.clean.exports.fields import read_sheet
from crawler.clean.exports.furniture import take_head, take_heading
from crawler.clean.exports.producers import UNKNOWN
from crawler.clean.exports.says import account_in, links_in, own_link, what_it_says
from tests.lookalikes import link


@pytest.mark.parametrize(
    "platform", ["wechat", "微信公众号", "wechat-monitor", "https://a.example"]
)
def test_a_source_that_is_the_platform_is_no_account(platform: str) -> None:
    sheet = read_sheet(f"---\nsource: {platform}\nurl: {link(1)}\n---\n")
    assert what_it_says(sheet, UNKNOWN).account == ""


@pytest.mark.parametrize(
    "kind",
    ["公众号文章", "WeChat Article", "wechat-article-exporter", "剪藏", "Cubox", "N/A", "无", "-"],
)
def test_a_source_that_is_a_kind_or_a_tool_is_no_account(kind: str) -> None:
    for key in ("source", "来源"):
        sheet = read_sheet(f"---\n{key}: {kind}\nurl: {link(1)}\n---\n")
        assert what_it_says(sheet, UNKNOWN).account == ""
    sheet = read_sheet(f"---\nsource: {kind}\n公众号: Cubox\nurl: {link(1)}\n---\n")
    assert what_it_says(sheet, UNKNOWN).account == "Cubox"  # which has one


@pytest.mark.parametrize(
    "words",
    [
        *(
            "微信公众号-渡口",
            "公众号 - 渡口",
            "微信公众号 渡口",
            "微信公众号（渡口）",
            "公众号：渡口",
        ),
        *("渡口（微信公众号）", "渡口 | 微信公众号", "渡口(公众号)", "微信/渡口", "WeChat: 渡口"),
    ],
)
def test_a_source_names_an_account_beside_the_word_for_one(words: str) -> None:
    sheet = read_sheet(f"---\nsource: {words}\nurl: {link(1)}\n---\n")
    assert what_it_says(sheet, UNKNOWN).account == "渡口"
    assert account_in(words) == "渡口"


@pytest.mark.parametrize(
    "nothing", ["null", "NULL", "~", "None", "undefined", '"undefined"', "[None]"]
)
def test_what_a_program_writes_for_nothing_is_no_name(nothing: str) -> None:
    sheet = read_sheet(f"---\naccount: {nothing}\nauthor: {nothing}\nurl: {link(1)}\n---\n")
    says = what_it_says(sheet, UNKNOWN)
    assert (says.account, says.author) == ("", "")


@pytest.mark.parametrize("name", ["Nan", "NONE"])
def test_a_name_that_no_program_writes_for_nothing_is_one(name: str) -> None:
    sheet = read_sheet(f"---\ntitle: {name}\nauthor: {name}\naccount: [{name}]\n---\n")
    says = what_it_says(sheet, UNKNOWN)
    assert (says.title, says.author, says.account) == (name, name, name)


@pytest.mark.parametrize(
    ("written", "title"), [("null", "渡口"), ("None", "渡口"), ('"None"', "None")]
)
def test_a_title_that_says_nothing_gives_way_to_the_heading(written: str, title: str) -> None:
    sheet = read_sheet(f"---\ntitle: {written}\nurl: {link(1)}\n---\n# 渡口\n\n六点。\n")
    take_heading(sheet)
    assert what_it_says(sheet, UNKNOWN).title == title


@pytest.mark.parametrize("key", ["link", "canonical_url", "permalink", "文章链接", "链接"])
def test_what_an_author_links_to_is_the_source_only_where_no_other_key_is(key: str) -> None:
    sheet = read_sheet(f"---\nsource_url: {link(2)}\n{key}: {link(1)}\n---\n")
    assert what_it_says(sheet, UNKNOWN).url == link(1)
    assert what_it_says(read_sheet(f"---\nsource_url: {link(2)}\n---\n"), UNKNOWN).url == link(2)


def test_a_source_in_words_names_account_day_and_author() -> None:
    sheet = read_sheet("---\nsource: 微信公众号「渡口」2026-05-23 推送 / 阿青\n---\n")
    says = what_it_says(sheet, UNKNOWN)
    assert (says.account, says.moment.date, says.author) == ("渡口", "2026-05-23", "阿青")


def test_the_day_of_saving_is_not_the_day_of_publication() -> None:
    says = what_it_says(read_sheet("---\ndate: 2026-05-23\ncreated: 2026-05-24\n---\n"), UNKNOWN)
    assert says.moment.date == ""


def test_credentials_in_a_link_are_left_out() -> None:
    assert "pass_ticket" not in own_link(f"{link(1)}&key=SECRET&uin=1&pass_ticket=SECRET")


def test_links_of_one_article_count_once() -> None:
    assert len(links_in(f"{link(1)} 与 {link(1)}，还有 {link(2)}。")) == 2
    assert len(links_in(link(1).replace("mp.weixin", "MP.WeiXin"))) == 1


@pytest.mark.parametrize(
    "words",
    [
        "公众号：渡口",
        "微信公众号: 渡口",
        "微信公众号·渡口",
        "微信公众号 / 渡口",
        "公众号「渡口」",
        "渡口",
    ],
)
def test_an_account_that_is_called_one_has_its_own_name(words: str) -> None:
    assert account_in(words) == "渡口"


def test_the_platform_behind_the_word_for_an_account_is_no_name() -> None:
    sheet = read_sheet(f"---\nurl: {link(1)}\naccount: 微信公众号 / mp.weixin.qq.com\n---\n")
    assert what_it_says(sheet, UNKNOWN).account == ""


@pytest.mark.parametrize("key", ["author", "公众号"])
def test_what_a_tool_writes_for_somebody_unknown_is_no_name(key: str) -> None:
    sheet = read_sheet(f"---\n{key}: 未知作者\nurl: {link(1)}\n---\n")
    says = what_it_says(sheet, UNKNOWN)
    assert (says.author, says.account) == ("", "")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("作者: 阿青 | 发布日期: 2025年12月28日", ("", "阿青", "2025-12-28")),
        ("公众号：渡口 | 发布时间：2024-03-05", ("渡口", "", "2024-03-05")),
        ("发布时间：2024-03-05 10:00 公众号：渡口", ("渡口", "", "2024-03-05")),
        ("来源：渡口 · 作者：阿青 · 发布时间：2024-03-05", ("渡口", "阿青", "2024-03-05")),
        ("公众号：渡口\u3000发布时间：2024-03-05；作者：阿青", ("渡口", "阿青", "2024-03-05")),
        ("**公众号**：渡口 | **作者**：阿青", ("渡口", "阿青", "")),
        ("Account: A B | Author: C D, Published: 2024-03-05", ("A B", "C D", "2024-03-05")),
        ("公众号：渡口 | 2024-03-05", ("渡口", "", "2024-03-05")),
        ("来源：渡口 2024年3月5日 10:30", ("渡口", "", "2024-03-05")),
        ("公众号：渡口（2024-03-05）", ("渡口", "", "2024-03-05")),
        ("公众号：渡口 / 2024-03-05", ("渡口", "", "2024-03-05")),
        ("公众号：渡口 发表于：2024-03-05", ("渡口", "", "2024-03-05")),
        ("来源：渡口  时间：2024-03-05", ("渡口", "", "")),
        ("作者：阿青 | 标签：渡口, 船", ("", "阿青", "")),
        ("author: 阿青 | 渡口", ("", "阿青 | 渡口", "")),
        ("author: 阿青（作者：小满）", ("", "阿青（作者：小满）", "")),
        ("标题：为什么 来源：比答案重要", ("", "", "")),
    ],
)  # fmt: skip
def test_keys_that_share_a_line_say_each_its_own(line: str, said: tuple[str, str, str]) -> None:
    sheet = read_sheet(f"{line}\n原文：{link(1)}\n\n船六点开。\n")
    take_head(sheet, UNKNOWN)
    says = what_it_says(sheet, UNKNOWN)
    assert (says.account, says.author, says.moment.date) == said
    assert (says.url, sheet.text.strip()) == (link(1), "船六点开。")


@pytest.mark.parametrize("names", ["阿青 | 编辑：小满", "撰文：阿青｜摄影：小满"])
def test_another_person_behind_a_bar_stays_in_the_name(names: str) -> None:
    sheet = read_sheet(f"---\nurl: {link(1)}\nauthor: {names}\n---\n")
    assert what_it_says(sheet, UNKNOWN).author == names
