from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.search import index
from crawler.archive.search.ngrams import index_text, phrase
from crawler.archive.search.tokens import FREQUENT, frequent_match, tokens_of
from tests.archive.search.conftest import ARTICLES, add_article, found

LETTERS = st.sampled_from("的一诈骗aＱ7，。 \n\ue000")


def body_tokens(text: str, ngram: int = 2) -> str:
    return tokens_of(text, "", "", "", ngram)[0]


def finds(tokens: str, match: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE VIRTUAL TABLE texts USING fts5(body)")
        conn.execute("INSERT INTO texts VALUES (?)", (tokens,))
        return (
            conn.execute("SELECT 1 FROM texts WHERE texts MATCH ?", (match,)).fetchone() is not None
        )


@given(text=st.text(LETTERS, max_size=20), character=st.sampled_from("的一"))
def test_a_frequent_character_is_found_exactly_where_it_stands(text: str, character: str) -> None:
    assert finds(body_tokens(text), frequent_match(character)) == (character in text)


@given(text=st.text(LETTERS, max_size=20), words=st.text("的一诈骗 a，", min_size=2, max_size=5))
def test_the_mark_of_a_frequent_character_is_part_of_no_phrase(text: str, words: str) -> None:
    tokens, prefix = phrase(words)
    match = f'"{tokens}"' + "*" * prefix
    assert finds(body_tokens(text), match) == finds(index_text(text), match)


@pytest.mark.parametrize("words", ["的", "的*", '"的"', "，的。"])
def test_a_single_frequent_character_is_looked_up_and_not_gathered_from_its_pairs(
    words: str,
) -> None:
    assert frequent_match(words) == '("的" OR "\ue000的")'


@pytest.mark.parametrize("words", ["骗", "的人", "a", "", "的 人"])
def test_all_other_words_are_phrases(words: str) -> None:
    assert frequent_match(words) == ""


def test_an_index_of_longer_grams_needs_no_marks() -> None:
    assert body_tokens("好的人", 6) == index_text("好的人", ngram=6)
    assert frequent_match("的", 6) == ""


def test_every_frequent_character_stands_in_the_list_once() -> None:
    assert len(set(FREQUENT)) == len(FREQUENT)


@pytest.mark.parametrize("mark", ["\ufe0f", "\u034f", "\u3164", "\u180b", "\U000e0100", "\u200d"])
def test_marks_that_show_nothing_hide_no_word(mark: str) -> None:
    assert tokens_of(mark.join("电信诈骗"), "", "", "") == tokens_of("电信诈骗", "", "", "")


@given(texts=st.tuples(*[st.text(st.characters(exclude_categories=()), max_size=40)] * 4))
def test_any_text_at_all_gives_tokens(texts: tuple[str, str, str, str]) -> None:
    assert len(tokens_of(*texts)) == len(texts)


def test_every_process_makes_the_same_tokens() -> None:
    text = FREQUENT + "，SQL注入"
    code = (
        f"from crawler.archive.search.tokens import tokens_of; print(ascii(tokens_of({text!r},"
        f" {text!r}, '', '')))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"}
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == ascii(tokens_of(text, text, "", ""))


def test_tokens_that_were_made_beforehand_are_taken(archive: sqlite3.Connection) -> None:
    add_article(archive, "a:5", "标题", "账号", "正文")
    index.sync_index(archive, {("正文", "标题", "账号", "账号", 2): ("别处 处", "", "", "")})
    assert found(archive, "别处") == {"a:5"}
    assert found(archive, "正文") == set()


@pytest.mark.parametrize(
    "arguments",
    [("旧文", "标题", "账号", "账号", 2), ("正文", "标题", "账号", "账号", 6)],
    ids=["of another text", "of another length"],
)
def test_tokens_of_something_else_are_not_taken(
    archive: sqlite3.Connection, arguments: tuple[str, str, str, str, int]
) -> None:
    add_article(archive, "a:5", "标题", "账号", "正文")
    index.sync_index(archive, {arguments: ("别处 处", "", "", "")})
    assert found(archive, "正文") == {"a:5"}


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("一", {"a:2"}),  # of 一次, and inside of nothing else
        ("信", {"a:1"}),
        ("title:信", {"a:1"}),
        ("title:地", set()),
        ("-title: 使", {"a:2"}),
        ("NEAR(信 网, 5)", {"a:1"}),
        ("NEAR(信 件, 3)", set()),
        ("^公", {"a:1"}),
        ("^信", set()),
        ("信 NOT 骗", set()),
        ("(信 OR 使) 近", {"a:1"}),
        ("的 Apache", {"a:2"}),
    ],
)
def test_frequent_characters_go_with_all_syntax(
    archive: sqlite3.Connection, words: str, ids: set[str]
) -> None:
    assert len(ARTICLES) == 4
    assert found(archive, words) == ids
