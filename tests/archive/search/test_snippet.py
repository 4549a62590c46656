from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.search.query import lenient_query
from crawler.archive.search.snippet import find_hits, highlight, snippet
from tests.growth import assert_linear, count_lines


def shown(text: str, words: str, length: int = 120) -> str:
    return snippet(text, lenient_query(words).terms, length=length)


@pytest.mark.parametrize(
    ("text", "words", "place"),
    [
        ("近日警方通报电信网络诈骗案", "电信网络诈骗", "近日警方通报[电信网络诈骗]案"),
        ("近日警方通报电信**网络**诈骗案", "网络诈骗", "近日警方通报电信[网络诈骗]案"),
        ("防范 SQL 注入", "SQL注入", "防范 [SQL 注入]"),
        ("防范ＳＱＬ注入", "sql注入", "防范[ＳＱＬ注入]"),
        ("漏洞 CVE-2024-3094 通报", "cve-2024-3094", "漏洞 [CVE-2024-3094] 通报"),
        ("log 与 syslog 不同", "log", "[log] 与 syslog 不同"),
        ("Apache 的访问日志", "日志 Apache", "[Apache] 的访问[日志]"),
        ("诈骗与赌博", "诈骗 NOT 赌博", "[诈骗]与赌博"),
        ("诈诈骗骗", "诈骗", "诈[诈骗]骗"),
        ("[官方通告](https://example.com/诈骗)", "诈骗", "官方通告"),
        ("没有", "诈骗", "没有"),
        ("", "诈骗", ""),
    ],
)
def test_hits_are_marked_in_the_original_words(text: str, words: str, place: str) -> None:
    assert shown(text, words) == place


def test_the_titles_heading_is_not_shown_again() -> None:
    assert shown("# 诈骗\n\n正文里的诈骗", "诈骗") == "正文里的[诈骗]"


def test_the_part_with_most_different_words_is_shown() -> None:
    text = "诈骗。" + "无关。" * 100 + "诈骗用的日志。" + "无关。" * 100
    assert "[诈骗]用的[日志]" in shown(text, "诈骗 日志", length=40)


def test_a_part_begins_at_a_sentence_where_one_is_near() -> None:
    assert shown("无关。" * 50 + "这一句里有诈骗。" + "无关。" * 50, "诈骗", length=40).startswith(
        "…"
    )
    assert "无关。这一句里有[诈骗]。" in shown(
        "无关。" * 50 + "这一句里有诈骗。" + "无关。" * 50, "诈骗", length=40
    )


def test_a_title_is_shown_whole_with_its_hits() -> None:
    assert (
        highlight("诈骗与反诈骗", ("诈骗",), marks=("<b>", "</b>")) == "<b>诈骗</b>与反<b>诈骗</b>"
    )


@given(text=st.text(max_size=300), words=st.text(max_size=12), length=st.integers(10, 80))
def test_a_snippet_is_never_longer_than_was_asked_for(text: str, words: str, length: int) -> None:
    terms = lenient_query(words).terms
    found = snippet(text, terms, marks=("", ""), length=length)
    assert len(found.strip("…")) <= length
    assert "\n" not in found


@given(
    text=st.text("诈骗 log，*\n", max_size=60), words=st.text("诈骗log ", min_size=1, max_size=6)
)
def test_marks_only_add_to_the_text(text: str, words: str) -> None:
    terms = lenient_query(words).terms
    plain, marked = (snippet(text, terms, marks=marks) for marks in (("", ""), ("\x01", "\x02")))
    assert marked.replace("\x01", "").replace("\x02", "") == plain


@given(
    text=st.text("诈骗a ，", max_size=60),
    terms=st.lists(st.text("诈骗a ", min_size=1, max_size=4), max_size=3),
)
def test_hits_come_in_order_and_never_overlap(text: str, terms: list[str]) -> None:
    hits = find_hits(text, terms)
    assert all(one.end <= other.start for one, other in pairwise(hits))


@pytest.mark.parametrize("words", ["诈骗", "诈", "诈骗 诈 骗", "a b c d"])
@pytest.mark.parametrize("piece", ["诈骗", "诈，", "a ", "。"])
def test_hostile_text_takes_linear_steps(piece: str, words: str) -> None:
    assert_linear(lambda size: shown(piece * size, words), 1_000)


def test_a_word_that_is_searched_for_again_and_again_is_looked_for_once() -> None:
    text = "甲 a " * 500
    once = count_lines(lambda: snippet(text, ("a",)))
    again = count_lines(lambda: snippet(text, ("a", "A", "ａ", '"a"') * 60))
    assert again < 2 * once
    assert find_hits(text, ("a", "A") * 50) == find_hits(text, ("a",))


def test_a_text_of_nothing_but_hits_takes_few_steps_for_each() -> None:
    text = "a " * 2_000
    assert count_lines(lambda: snippet(text, ("a", "b"))) < 30 * len(text)
    assert snippet(text, ("a", "b")).startswith("[a] [a] ")


def test_the_words_side_by_side_are_shown_though_one_of_them_stands_alone_more_often() -> None:
    text = "甲，" * 300 + "。中间的话。" + "甲与乙" + "，丙" * 300
    assert "[甲]与[乙]" in snippet(text, ("甲", "乙"))
