"""Copies one behind another in a file, and lists that are written as copies begin."""

from __future__ import annotations

import pytest

from crawler.article import State
from crawler.clean.exports import Document, Form, Link, read_export
from tests.growth import assert_linear
from tests.lookalikes import link

TEXT = "渡口的船六点开，灯塔的灯还亮着，守夜的人在码头上数着浪头。" * 9
HEADS = (
    "---\ntitle: 渡口{n}\nurl: {url}\naccount: 灯塔\n---\n\n",
    "# 渡口{n}\n\n> 公众号: 灯塔\n> 发布时间: 2024-03-05\n> 原文链接: {url}\n\n---\n\n",
    "# 渡口{n}\n\n原创 乙 灯塔 2026-05-23 11:29 北京\n\n> 原文地址: [a]({url})\n\n",
    "# 渡口{n}\n\n> 本文由 [简悦 SimpRead](x) 转码， 原文地址 [a]({url})\n\n",
    "Title: 渡口{n}\n\nURL Source: {url}\n\nMarkdown Content:\n",
    "标题：渡口{n}\n公众号：灯塔\n链接：{url}\n\n",
    "# 渡口{n}\n\n来源：{url}\n\n",
    "来源：{url}\n\n# 渡口{n}\n\n",
    "渡口{n}\n=====\n\n来源：{url}\n\n",
    "标题：渡口{n}\n=====\n\n原文链接：{url}\n\n",
)
RECORDS = (
    *HEADS[:2],
    *HEADS[5:],
    "标题：渡口{n}\n链接：{url}\n-----\n",
    "公众号：灯塔{n}\n链接：{url}\n\n",
    "链接：{url}\n",
    "# 渡口{n}\n\n链接：{url}\n\n",
    "- title: 渡口{n}\n  url: {url}\n  account: 灯塔\n  date: 2024-03-05\n",
    "- url: {url}\n  title: 渡口{n}\n",
)


def _file(head: str, text: str = "", count: int = 9) -> bytes:
    parts = (head.format(n=n, url=link(n)) + text for n in range(1, count + 1))
    return "".join(parts).encode()


def _read(content: bytes) -> tuple[Form, State, str]:
    read = read_export(Document(name="all.md", content=content))
    return read.form, read.state, read.detail


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("count", [2, 9])
def test_copies_one_behind_another_are_named(head: str, count: int) -> None:
    form, state, detail = _read(_file(head, f"{TEXT}\n\n", count))
    assert (form, state) == (Form.REFUSE, State.UNREADABLE)
    assert "give each a file of its own" in detail


def test_copies_whose_titles_are_underlined_keys_are_named_behind_another_kind() -> None:
    first = _file("渡口{n}\n=====\n\n来源：{url}\n\n", f"{TEXT}\n\n", 1)
    others = "".join(
        f"标题：桥{n}\n=====\n\n来源：{link(n)}\n\n{TEXT}\n\n" for n in (2, 3)
    ).encode()
    assert _read(first + others)[:2] == (Form.REFUSE, State.UNREADABLE)


def test_notes_of_joplins_one_behind_another_are_named() -> None:
    block = "\n\nid: {n:032x}\nparent_id: \nsource_url: {url}\ntype_: 1"
    notes = (f"渡口{n}\n\n{TEXT}{block.format(n=n, url=link(n))}" for n in (1, 2))
    assert _read("".join(notes).encode())[:2] == (Form.REFUSE, State.UNREADABLE)
    alone = f"渡口\n\n{TEXT}{block.format(n=1, url=link(1))}"
    assert _read(alone.encode())[:2] == (Form.BODY, State.OK)


def test_copies_without_links_are_named() -> None:
    head = "#  渡口{n}  \n原创 乙  灯塔   2026-05-0{n} 11:29  \n\n"
    assert _read(_file(head, f"{TEXT}\n\n"))[:2] == (Form.REFUSE, State.UNREADABLE)


@pytest.mark.parametrize("head", RECORDS)
@pytest.mark.parametrize("count", [2, 9])
def test_a_list_whose_entries_begin_as_copies_do_is_no_copy(head: str, count: int) -> None:
    assert _read(_file(head, count=count))[:2] == (Form.REFUSE, State.NOT_WECHAT)


@pytest.mark.parametrize("record", [*RECORDS[3:7], *RECORDS[8:]])
@pytest.mark.parametrize("head", ["# 待读\n\n", "---\ntags: x\n---\n", "---\ntitle: 待读\n---\n"])
@pytest.mark.parametrize("last", ["以上。\n", "更新于 2024-03-05", "#待读\n", "- [ ] 写周报\n"])
def test_a_list_below_a_head_of_its_own_is_no_copy(record: str, head: str, last: str) -> None:
    content = f"{head}{_file(record, chr(10)).decode()}\n{last}".encode()
    assert _read(content)[:2] == (Form.REFUSE, State.NOT_WECHAT)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("渡口的船六点开，晚一刻也不等人。" * 5, "", ""), "holds a text below one"),
        (("渡口的船六点开。" * 9, "灯塔的灯还亮着。" * 9, ""), ""),  # digests, as lists have
        (("好文。", "", ""), ""),
    ],
)
def test_of_a_text_below_one_record_alone_it_is_said_that_it_was_left(
    words: tuple[str, ...], told: str
) -> None:
    records = (HEADS[5].format(n=n, url=link(n)) + said for n, said in enumerate(words, start=1))
    read = read_export(Document(name="a.md", content="\n\n".join(records).encode()))
    assert (read.state, read.left_out[:22]) == (State.NOT_WECHAT, told)


def test_a_list_by_account_is_no_copy_of_its_first_entry() -> None:
    entries = (f"标题：渡口{n}\n链接：{link(n)}\n\n" for n in (1, 2))
    text = "# 我的收藏\n\n公众号：灯塔\n\n" + "公众号：潮声\n\n".join(entries)
    assert _read(text.encode())[:2] == (Form.REFUSE, State.NOT_WECHAT)


@pytest.mark.parametrize(
    "behind",
    [
        f"\n\n## 往期\n\n- [渡口]({link(2)})\n",  # what an article links to
        f"\n\n来源：灯塔\n原文链接：{link(2)}\n",  # whom it reprints
        f"\n\n```\n{HEADS[1].format(n=2, url=link(2))}\n```\n",
        f"\n\n# 二\n\n原文链接：{link(2)}\n\n{TEXT}",  # a part of a digest
        f"\n\n{HEADS[1].format(n=1, url=link(1))}{TEXT}",  # the same article's head once more
    ],
)
def test_an_article_that_names_others_is_one(behind: str) -> None:
    content = _file(HEADS[1], TEXT + behind, count=1)
    assert _read(content)[:2] == (Form.BODY, State.OK)


def test_a_copy_that_a_container_knows_is_one() -> None:
    document = Document(name="a.md", content=_file(HEADS[5], TEXT), known=Link(url=link(1)))
    assert read_export(document).form is Form.BODY


@pytest.mark.parametrize("line", ["# 甲\n公众号：乙\n", "链接：甲\n", "---\ntitle: 甲\n"])
def test_the_work_grows_as_the_text_does(line: str) -> None:
    assert_linear(lambda n: _read(_file(HEADS[5], TEXT, 1) + (line * n + link(2)).encode()), 200)
