"""What the reading of a copy leaves is told, whatever rule took it."""

from __future__ import annotations

import pytest

from crawler.clean.exports import Document, read_export

LINK = "https://mp.weixin.qq.com/s/AAAABBBBCCCCDDDDEEEE01"
TEXT = "灯亮了一夜，船工说起那年的水。\n\n第二天早上没有人记得是谁点的灯。"


@pytest.mark.parametrize(
    ("head", "left"),
    [
        (f"---\nurl: {LINK}\ndescription: 一段很长的摘要没有人要\n---\n# 渡口的灯\n\n", ""),
        (f"# 渡口的灯\n\n> 来源：微信公众号「甲号」，2026-05-23\n> 原文链接：{LINK}\n\n", ""),
        (f"# 渡口的灯\n\n原文链接：{LINK}\n日期：老船工说的那天\n\n", "日期 老船工说的那天"),
    ],
)  # fmt: skip
def test_lines_of_a_head_that_are_kept_nowhere_are_told(head: str, left: str) -> None:
    adopted = read_export(Document(name="a.md", content=f"{head}{TEXT}\n".encode()))
    assert adopted.text == TEXT
    told = f"1 line of its file is no part of the text ({left})" if left else ""
    assert adopted.left_out == told


def test_a_day_that_may_be_that_of_saving_is_told() -> None:
    head = f"---\ntitle: 渡口的灯\nurl: {LINK}\nauthor: 甲\ndate: 2026-05-01\n---\n"
    adopted = read_export(Document(name="a.md", content=f"{head}{TEXT}\n".encode()))
    assert (adopted.date, adopted.text) == ("", TEXT)
    assert adopted.detail == "its date, 2026-05-01, may be the day of saving, and was left"


@pytest.mark.parametrize(
    ("line", "day", "told"),
    [
        ("日期：2026-05-01", "", "its date, 2026-05-01, may be"),
        ("发布时间：05/01/2026", "", "its day, 05/01/2026, is none that is understood"),
        ("Published: 昨天 10:00", "", "its day, 昨天 10:00, is none"),
        ("推送时间：2026年5月1日 10:00", "2026-05-01", ""),
        ("发布时间：未知", "", ""),
    ],
)
def test_a_day_in_a_head_is_read_or_told(line: str, day: str, told: str) -> None:
    head = f"# 渡口的灯\n\n原文链接：{LINK}\n{line}\n\n"
    adopted = read_export(Document(name="a.md", content=f"{head}{TEXT}\n".encode()))
    assert (adopted.date, adopted.text, adopted.left_out) == (day, TEXT, "")
    assert adopted.detail.startswith(told)
    assert bool(adopted.detail) is bool(told)


def test_a_copy_of_nobodys_without_a_title_is_told() -> None:
    adopted = read_export(Document(name="a.md", content=f"原文链接：{LINK}\n\n{TEXT * 9}".encode()))
    assert (adopted.title, adopted.left_out[:12]) == ("", "has no title")


def test_a_link_without_words_in_a_copy_is_told() -> None:
    other = LINK.replace("01", "02")
    said = f"# 渡口的灯\n\n原文链接：{LINK}\n\n{TEXT}\n\n[]({other})\n"
    adopted = read_export(Document(name="a.md", content=said.encode()))
    assert adopted.text == TEXT
    assert adopted.left_out == "1 link of its file is no part of the text"
