"""C++ finds C++: signs that begin or end a word stand in what is found, too."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive.search import install_index, sync_index
from crawler.archive.search.signs import as_said, says
from crawler.archive.search.snippet import snippet
from crawler.plain import plain_text
from tests.archive.search.conftest import add_article, found, make_table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BODIES = {
    "s:1": "用 C++ 重写，比 C 快。",
    "s:2": "用 C\\+\\+ 重写的另一个。",
    "s:3": "C# 与 .NET 的脚本。",
    "s:4": "C 语言入门，选项 x 与 net 各是什么。",
    "s:5": "选项 -x 解压。",
    "s:6": "改用Ｃ＋＋与Ｃ＃来写。",
    "s:7": "話題 #防詐騙# 與 @東岸日報 的來信。",
    "s:8": "防诈骗，东岸日报。",
    "s:9": "先装 **.NET** 平台\n再学 **Rust**++ 版，`ls -l\ncd /tmp`。",
}


@pytest.fixture
def signs(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "signs.db")) as conn:
        make_table(conn)
        install_index(conn)
        for article_id, body in BODIES.items():
            add_article(conn, article_id, "笔记", "手记", body)
        sync_index(conn)
        yield conn


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("C++", {"s:1", "s:2", "s:6"}),
        ("c++ 重写", {"s:1", "s:2"}),
        ("Ｃ++", {"s:1", "s:2", "s:6"}),
        ('"C++"', {"s:1", "s:2", "s:6"}),
        ("ｃ＋＋", {"s:1", "s:2", "s:6"}),
        ("#防诈骗", {"s:7"}),
        ("＃防詐騙", {"s:7"}),
        ("@东岸日报", {"s:7"}),
        ("C#", {"s:3", "s:6"}),
        (".NET", {"s:3", "s:9"}),
        ('".NET 平台"', {"s:9"}),
        ('" .NET  平台 "', {"s:9"}),
        ('"学 Rust++"', {"s:9"}),
        ('"-l cd /tmp"', {"s:9"}),
        ('"+l cd /tmp"', set()),
        ("-x", {"s:5"}),
        ("C", {"s:1", "s:2", "s:3", "s:4", "s:6"}),
        ("C NOT 重写", {"s:3", "s:4", "s:6"}),
        (
            "C++ OR .NET",
            {"s:1", "s:2", "s:3", "s:6", "s:9"},
        ),
        ("(C++ AND 快) OR 入门", {"s:1", "s:4"}),
        ("C NOT C++", {"s:3", "s:4"}),
        ("C NOT C++ NOT 脚本", {"s:4"}),
        ("C NOT (C++ OR .NET)", {"s:4"}),
        ("C NOT (语言 AND C++)", {"s:1", "s:2", "s:3", "s:4", "s:6"}),
        ("(C NOT C++) OR 快", {"s:1", "s:3", "s:4"}),
        ("C (C++ OR 入门)", {"s:1", "s:2", "s:4", "s:6"}),
        ("body: (C++ OR 入门)", {"s:1", "s:2", "s:4", "s:6"}),
        ("title: (C++ OR 入门)", set()),
        ("title: (笔记 NOT C++)", set(BODIES)),
        ("title: (笔记 NOT {title body}: (C++ OR C#))", set(BODIES)),
        ("重写 NOT 快", {"s:2"}),
    ],
)
def test_signs_that_begin_or_end_a_word_must_stand_there(
    signs: sqlite3.Connection, words: str, ids: set[str]
) -> None:
    assert found(signs, words) == ids


@pytest.mark.parametrize("words", ["玩转C++", "account: C++", ".NET驿站", "source: .NET"])
def test_signs_of_an_account_are_found_in_its_name(signs: sqlite3.Connection, words: str) -> None:
    add_article(signs, "s:20", "指针与引用", "玩转C++", "浪。")
    signs.execute("UPDATE articles SET source = '.NET驿站' WHERE id = 's:20'")
    sync_index(signs)
    assert found(signs, words) == {"s:20"}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("title: C++", {"s:21"}),
        ("body: C#", {"s:3", "s:6", "s:21"}),
        ("C++ NOT title: C#", {"s:1", "s:2", "s:6", "s:21"}),
        ("-body: C#", set()),
        ("{title account}: (C++ OR C#)", {"s:21"}),
        ("title: (body: C++)", set()),
        ("title: (学 AND {title body}: (C++ OR Rust#))", {"s:21"}),
        ("title: (学 AND body: (C++ OR Rust#))", set()),
        ("title: ({title body}: (C++ OR Rust#))", {"s:21"}),
        ("title: ((-title: (C++ OR Rust#)))", set()),
    ],
)
def test_signs_that_are_asked_of_a_column_must_stand_there(
    signs: sqlite3.Connection, words: str, ids: set[str]
) -> None:
    add_article(signs, "s:21", "学 C++ 的三个月", "手记", "改用 C#。")
    sync_index(signs)
    assert found(signs, words) == ids


def test_a_text_is_made_ready_once_for_all_the_words_of_a_search(
    signs: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(text: str) -> str:
        read.append(text)
        return plain_text(text)

    monkeypatch.setattr("crawler.archive.search.signs.plain_text", counted)
    add_article(signs, "s:22", "笔记", "手记", " ".join(f"**a{n}**+" for n in range(20)))
    sync_index(signs)
    assert found(signs, " OR ".join(f"a{n}+" for n in range(20, 0, -1))) == {"s:22"}
    assert len(read) <= 1


@pytest.mark.parametrize(
    "word", ["CVE-2024-3094", "a.b", "诈骗，", "诈骗。", "50%", "what?", "end.", "++"]
)
def test_other_signs_ask_for_nothing(word: str) -> None:
    assert not as_said(word)


def test_the_signs_are_marked_with_their_word() -> None:
    assert snippet("先写 C，再写 C++，最后写 C#。", ["C++"]) == "先写 C，再写 [C++]，最后写 C#。"
    assert snippet("先写Ｃ，再写Ｃ＋＋。", ["C++"]) == "先写Ｃ，再写[Ｃ＋＋]。"
    assert snippet("话题 #防诈骗#。", ["＃防詐騙"]) == "话题 [#防诈骗]#。"


def test_signs_are_told_of_whatever_another_tool_put_into_a_row() -> None:
    assert not says(None, None, None, None, "c++")
    assert not says(5, b"C++", 7, None, "c#")
    assert says("C\\#", None, None, None, "c#")
