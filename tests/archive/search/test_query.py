from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.search.query import COLUMNS, lenient_query, literal_query, parse_query
from crawler.errors import InputError


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ("诈骗", '"诈骗"'),
        ("电信诈骗", '"电信 信诈 诈骗"'),
        ("诈\ufe0f骗 葛\U000e0100城", '"诈骗" "葛城"'),
        ("Apache 日志", '"Apache" "日志"'),
        ("CVE-2024-3094", '"CVE-2024-3094"'),
        ("C++ 漏洞", '"C++" "漏洞"'),
        ("SQL注入", '"SQL 注入"'),
        ('"电信 诈骗"', '"电信 信 诈骗"'),
        ("骗", '"骗"*'),
        ("的", '("的" OR "\ue000的")'),
        ("title:的 诈骗", '(title: ("的" OR "\ue000的") AND "诈骗")'),
        ('"的 人"', '"的 人"*'),
        ("^的", '^"的"*'),
        ("NEAR(的 一, 5)", 'NEAR("的"* "一"*, 5)'),
        ("诈骗*", '"诈骗"'),
        ("log*", '"log"*'),
        ('"log rot"*', '"log rot"*'),
        ("title:诈骗", 'title: "诈骗"'),
        ("Title : 诈骗", 'Title : "诈骗"'),
        ("-body: 诈骗", '-body: "诈骗"'),
        ("{title account}: 诈骗", '{title account}: "诈骗"'),
        ("标题:诈骗", '"标题 题 : 诈骗"'),
        ("^诈骗", '^"诈骗"'),
        ('"电信" + 诈骗', '"电信 信 诈骗"'),
        ("诈骗 OR 赌博", '("诈骗" OR "赌博")'),
        ("诈骗 AND 赌博 NOT 缅北", '("诈骗" AND ("赌博" NOT "缅北"))'),
        ("诈骗 or and", '"诈骗" "or" "and"'),
        ("(诈骗 OR 赌博) 通报", '(("诈骗" OR "赌博") AND "通报")'),
        ('NEAR("电信" 诈骗, 5)', 'NEAR("电信" "诈骗", 5)'),
        ('NEAR("电信" 诈骗, ５)', 'NEAR("电信" "诈骗" "5")'),
        ("诈骗 ， 🔥", '"诈骗"'),
        ("say \x00 诈骗", '"say" "诈骗"'),
    ],
)
def test_what_people_type_becomes_an_expression_over_ngrams(words: str, match: str) -> None:
    assert " ".join(parse_query(words).match.split()) == match


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("，。", "no letter, digit or character"),
        ("🔥", "no letter, digit or character"),
        ("诈骗 AND", "needs a word after AND"),
        ("OR 诈骗", "needs a word before OR"),
        ("NOT 诈骗", "needs a word before NOT"),
        ("诈骗 AND OR 赌博", "needs a word before OR"),
        ('"诈骗', "a quotation mark that is never closed"),
        ("(诈骗", "a parenthesis that is never closed"),
        ("诈骗)", "a parenthesis that was never opened"),
        ("()", "needs a word"),
        ("title:", "needs a word"),
        ('NEAR("a" "b"', "needs NEAR to look like"),
        ("NEAR(, 5)", "needs words inside NEAR"),
        ("(" * 60 + "诈骗" + ")" * 60, "nests more than 8"),
        ("诈" * 3000, "is 3000 characters long"),
    ],
)
def test_a_broken_search_says_what_is_wrong(words: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_query(words)
    assert what in str(caught.value)


@pytest.mark.parametrize("words", ['"诈骗', "诈骗 AND", "(诈骗", "诈骗)"])
def test_a_search_box_takes_broken_syntax_as_words(words: str) -> None:
    assert "诈骗" in lenient_query(words).match


def test_a_literal_search_knows_no_syntax() -> None:
    assert literal_query("a OR title:b").match == '"a" "OR" "title:b"'
    assert literal_query("(的 b").match == '"b" AND ("的" OR "\ue000的")'


def test_terms_are_the_words_to_highlight_and_not_those_ruled_out() -> None:
    assert parse_query('title:诈骗 AND ("电信 网络" OR log*) NOT 缅北').terms == (
        "诈骗",
        "电信 网络",
        "log",
    )


SYNTAX = st.lists(
    st.sampled_from(
        [
            "诈骗",
            "诈",
            "的",
            "SQL注入",
            "log",
            '"',
            '"电信 诈骗"',
            "(",
            ")",
            "AND",
            "OR",
            "NOT",
            "NEAR(",
            ",",
            "5",
            "+",
            "^",
            "*",
            "title:",
            "{title body}:",
            "-",
            "- body :",
            "，",
            "🔥",
            "'",
            ";",
            "\\",
            "C++",
            "\x00",
            " ",
            "\u3000",
            "�",
        ]
    ),
    max_size=14,
).flatmap(lambda parts: st.sampled_from([" ".join(parts), "".join(parts)]))


@pytest.mark.parametrize("ngram", [2, 6])
@given(words=SYNTAX | st.text(max_size=40))
def test_whatever_is_typed_is_a_clear_error_or_an_expression_that_fts5_takes(
    ngram: int, words: str
) -> None:
    try:
        match = parse_query(words, ngram=ngram).match
    except InputError:
        match = lenient_query(words, ngram=ngram).match
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute(f"CREATE VIRTUAL TABLE texts USING fts5({', '.join(COLUMNS)})")
        conn.execute("SELECT 1 FROM texts WHERE texts MATCH ?", (match,)).fetchall()


@pytest.mark.parametrize("level", ["({} OR a)", "(a OR b AND c NOT title:{} d)", "(({} a))"])
@pytest.mark.parametrize("words", ["诈骗", "的"])
def test_the_deepest_search_that_is_allowed_is_not_too_deep_for_fts5(
    level: str, words: str
) -> None:
    while (deeper := level.format(words)).count("(") <= 8:
        words = deeper
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE VIRTUAL TABLE texts USING fts5(title)")
        conn.execute(
            "SELECT 1 FROM texts WHERE texts MATCH ?", (parse_query(words).match,)
        ).fetchall()


def test_a_hundred_alternatives_are_no_depth() -> None:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE VIRTUAL TABLE texts USING fts5(title)")
        match = parse_query(" OR ".join(["诈骗", "a AND b NOT c"] * 60)).match
        conn.execute("SELECT 1 FROM texts WHERE texts MATCH ?", (match,)).fetchall()
