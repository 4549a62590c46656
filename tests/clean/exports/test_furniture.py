"""What a tool put around a text: its head is read, its tail taken off and counted."""

from __future__ import annotations

import pytest

from crawler.clean.exports.fields import read_sheet
from crawler.clean.exports.furniture import account_of, names_of, take_head, take_tail
from crawler.clean.exports.producers import PRODUCERS, UNKNOWN

BY_ID = {row.id: row for row in PRODUCERS}
LINK = "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTuV"


def test_joplins_keys_at_the_end_are_fields_and_the_first_line_is_the_title() -> None:
    sheet = read_sheet(f"潮汐手记\n\n潮水退了。\n\nid: 1a\nsource_url: {LINK}\ntype_: 1")
    assert take_head(sheet, BY_ID["joplin-raw"])
    assert (sheet.title, sheet.text.strip()) == ("潮汐手记", "潮水退了。")
    assert sheet.fields["sourceurl"] == LINK


def test_joplins_keys_in_the_midst_of_a_text_stay() -> None:
    sheet = read_sheet("潮汐手记\n\nid: 1a\ntype_: 1\n\n潮水退了。")
    take_head(sheet, BY_ID["joplin-raw"])
    assert "type_: 1" in sheet.text


def test_lines_of_an_unknown_tool_are_taken_where_one_is_the_link() -> None:
    sheet = read_sheet(f"# 潮汐手记\n\n> 作者: 阿岭\n> 链接: {LINK}\n\n潮水退了。")
    assert take_head(sheet, UNKNOWN)
    assert (sheet.title, sheet.text.strip()) == ("潮汐手记", "潮水退了。")
    assert LINK in sheet.fields.values()


def test_lines_of_an_unknown_tool_stay_where_none_is_the_link() -> None:
    sheet = read_sheet("# 潮汐手记\n\n作者: 阿岭\n\n潮水退了。")
    take_head(sheet, UNKNOWN)
    assert "作者: 阿岭" in sheet.text
    assert "作者" not in sheet.fields


def test_the_tail_of_a_page_goes_from_its_first_line_on_and_is_counted() -> None:
    text = "潮水退了。\n\n---\n\n预览时标签不可点\n\n微信扫一扫\n关注该公众号"
    producer = next(row for row in PRODUCERS if "page" in row.tail)
    left, _, counts = take_tail(text, producer)
    assert left.strip() == "潮水退了。"
    assert counts["tail:page"] == 4


def test_the_tail_of_a_clipper_names_the_account_and_goes_with_it() -> None:
    producer = next(row for row in PRODUCERS if "clipper" in row.tail)
    left, account, counts = take_tail(
        "潮水退了。\n\n阅读原文\n\n临港日志\n\n向上滑动看下一个\n", producer
    )
    assert (left.strip(), account) == ("潮水退了。", "临港日志")
    assert counts["tail:clipper"] == 3


def test_a_text_without_a_tail_stays_as_it_is() -> None:
    producer = next(row for row in PRODUCERS if "clipper" in row.tail)
    assert take_tail("潮水退了。\n阅读原文的人不多", producer) == (
        "潮水退了。\n阅读原文的人不多",
        "",
        {},
    )


@pytest.mark.parametrize(
    ("before", "account"),
    [
        (["临港日志"], "临港日志"),
        (["临港日志", "赞 分享 在看"], "临港日志"),
        (["![](https://a.example/b.png)"], ""),
        (["轻触阅读原文"], ""),
        (["这一行太长" * 9], ""),
        ([], ""),
    ],
)
def test_the_name_before_the_last_line_is_the_accounts(before: list[str], account: str) -> None:
    assert account_of([*before, "", "向上滑动看下一个"]) == account
    assert account_of(before) == ""


@pytest.mark.parametrize(
    ("byline", "author", "account"),
    [
        ("渡口", "", "渡口"),
        ("阿青 渡口", "阿青", "渡口"),
        ("A Qing 渡口", "A Qing", "渡口"),
        ("阿青 Ferry Park", "阿青", "Ferry Park"),
        ("Ferry Park Ferry Park", "Ferry Park", "Ferry Park"),
        ("渡口VS Code", "渡口VS Code", ""),
        ("A Qing FerryPark", "A Qing FerryPark", ""),
        ("阿青 渡口 夜话", "阿青", "渡口 夜话"),
        ("Ferry 36码头", "Ferry", "36码头"),
        ("FerryPark A看渡口", "FerryPark", "A看渡口"),
        ("阿青 A Qing 36码头", "阿青", "A Qing 36码头"),
    ],
)
def test_a_byline_is_parted_only_where_it_can_be_told(
    byline: str, author: str, account: str
) -> None:
    assert names_of(byline) == (author, account)
