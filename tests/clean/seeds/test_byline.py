from __future__ import annotations

import pytest

from crawler.clean.seeds.byline import read_byline

COVER = "![cover_image](https://mmbiz.qpic.cn/a/0)"
TITLE = "# 渡轮恢复通航"


def test_what_stands_before_the_text_is_read_in_its_order() -> None:
    blocks = [COVER, TITLE, "原创", "林小渡", "临港日志", "正文。"]
    byline = read_byline(blocks, account="临港日志", title="渡轮恢复通航", source="")
    assert byline.end == 5
    assert byline.cover == "https://mmbiz.qpic.cn/a/0"
    assert (byline.heading, byline.author, byline.account) == ("渡轮恢复通航", "林小渡", "临港日志")
    assert byline.removed == {"head:title": 1, "head:original": 1, "head:byline": 2}


def test_what_the_novel_readers_button_says_is_a_texts_own_where_no_reader_is_named() -> None:
    for button, end in (["去阅读"], 4), (["在小说阅读器读本章", "去阅读"], 6):
        blocks = [COVER, TITLE, "林小渡", "临港日志", *button, "正文。"]
        byline = read_byline(blocks, account="临港日志", title="渡轮恢复通航", source="")
        assert byline.end == end


def test_a_text_without_a_byline_is_left_whole() -> None:
    byline = read_byline(["正文。"], account="临港日志", title="渡轮恢复通航", source="")
    assert (byline.end, byline.removed) == (0, {})


@pytest.mark.parametrize("first", ["潮水退去，沙洲露出。" * 9, "![图](https://mmbiz.qpic.cn/b/0)"])
def test_a_paragraph_or_a_picture_above_the_accounts_name_is_no_author(first: str) -> None:
    blocks = [COVER, TITLE, first, "临港日志", "正文。"]
    byline = read_byline(blocks, account="临港日志", title="渡轮恢复通航", source="")
    assert (byline.end, byline.author) == (2, "")


@pytest.mark.parametrize("name", ["临港日志社", "新临港日志"])
def test_an_account_that_was_renamed_is_known_by_most_of_its_name(name: str) -> None:
    blocks = [COVER, TITLE, "林小渡", name, "正文。"]
    byline = read_byline(blocks, account="临港日志", title="渡轮恢复通航", source="")
    assert (byline.author, byline.account) == ("林小渡", name)


def test_a_line_that_may_be_the_texts_own_is_not_taken_for_a_name() -> None:
    blocks = [COVER, TITLE, "今天下了一场雨，船停了。", "正文。"]
    byline = read_byline(blocks, account="", title="渡轮恢复通航", source="")
    assert byline.end == 2


@pytest.mark.parametrize(
    "lines", [["前言"], ["引言", "导语"], ["原创", "前言", "第一章"], ["引言", "导语", "临港日志"]]
)
def test_where_the_tail_names_the_account_no_line_of_the_text_is_taken_for_a_name(
    lines: list[str],
) -> None:
    blocks = [COVER, TITLE, *lines, "正文。"]
    byline = read_byline(blocks, account="临港日志", title="渡轮恢复通航", source="某号")
    assert (byline.end, byline.account, byline.author) == (2, "", "")


def test_where_nothing_names_the_account_a_lone_name_is_it() -> None:
    blocks = [COVER, TITLE, "原创", "林小渡", "临港日志", "正文。"]
    byline = read_byline(blocks, account="", title="渡轮恢复通航", source="")
    assert (byline.end, byline.author, byline.account) == (5, "林小渡", "临港日志")
    signed = [COVER, TITLE, "林小渡", "临港日志", "临港日志", "正文。"]
    assert read_byline(signed, account="临港日志", title="渡轮恢复通航", source="").end == 5
    doubled = [COVER, TITLE, "临港日志", "临港日志", "正文。"]
    assert read_byline(doubled, account="", title="渡轮恢复通航", source="").end == 4
