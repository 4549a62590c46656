from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.search.ngrams import has_words, index_text, phrase
from crawler.folding import fold_width

NGRAMS = (2, 3, 6)
LETTERS = st.sampled_from("电信网络诈骗案件ａＺ９abQ7ёカ한々𠀀 ，。-_*\n🔥")


def _words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("电信诈骗", ["电信", "信诈", "诈骗", "骗"]),
        ("SQL注入", ["SQL", "注入", "入"]),
        ("注入SQL", ["注入", "入", "SQL"]),
        ("诈骗，电信", ["诈骗", "骗", "，", "电信", "信"]),
        ("字", ["字"]),
        ("plain words", ["plain", "words"]),
        ("ＳＱＬ１", ["SQL1"]),
        ("", []),
    ],
)
def test_every_cjk_character_begins_one_token(text: str, tokens: list[str]) -> None:
    assert _words(index_text(text)) == tokens


@given(text=st.text(LETTERS), unusual=st.sampled_from(["カ", "Ａ", "𠀀"]))
def test_an_unusual_letter_elsewhere_changes_no_token(text: str, unusual: str) -> None:
    assert _words(index_text(f"{text}\n{unusual}")) == [
        *_words(index_text(text)),
        fold_width(unusual),
    ]


def test_longer_grams_stand_side_by_side_by_length_and_single_units_at_both_ends() -> None:
    assert _words(index_text("用SQL注入", ngram=3)) == [
        "用", "SQL", "注", "入",
        "用SQL", "SQL注", "注入",
        "用SQL注", "SQL注入",
        "用", "SQL", "注", "入",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "tokens", "prefix"),
    [
        ("诈骗", "诈骗", False),
        ("电信诈骗", "电信 信诈 诈骗", False),
        ("诈", "诈", True),
        ("SQL注入", "SQL 注入", False),
        ("SQL注", "SQL 注", True),
        ("注SQL", "注 SQL", False),
        ("注入SQL", "注入 入 SQL", False),
        ("电信 诈骗", "电信 信 诈骗", False),
        ("log", "log", False),
    ],
)
def test_a_phrase_says_which_tokens_stand_side_by_side(
    text: str,
    tokens: str,
    prefix: bool,  # noqa: FBT001
) -> None:
    found = phrase(text)
    assert (_words(found.tokens), found.prefix) == (tokens.split(), prefix)


@pytest.mark.parametrize("word", ["诈骗", "电信网络诈骗", "SQL注入", "络"])
def test_six_grams_need_no_rewriting_up_to_six_characters(word: str) -> None:
    text = index_text("电信网络诈骗和SQL注入", ngram=6)
    assert word in _words(text)
    assert phrase(word, ngram=6).tokens == word


@pytest.mark.parametrize("ngram", NGRAMS)
@given(text=st.text(LETTERS, max_size=40), start=st.integers(0, 40), size=st.integers(1, 14))
def test_any_part_of_a_text_is_found_in_its_index(
    ngram: int, text: str, start: int, size: int
) -> None:
    part = _whole_words(text, start, start + size)
    if has_words(part):
        assert _finds(text, part, ngram)


@pytest.mark.parametrize("ngram", NGRAMS)
@given(
    text=st.text("电信网络诈骗", max_size=30), word=st.text("电信网络诈骗", min_size=1, max_size=9)
)
def test_chinese_is_found_exactly_where_it_stands(ngram: int, text: str, word: str) -> None:
    assert _finds(text, word, ngram) == (word in text)


@given(text=st.text(max_size=60))
def test_width_folding_keeps_every_character_in_its_place(text: str) -> None:
    folded = fold_width(text)
    assert len(folded) == len(text)
    assert fold_width(folded) == folded


def _whole_words(text: str, start: int, end: int) -> str:
    """The part, less the Latin words that it cuts: the index holds those whole."""
    latin = r"[^\W_\u3005-\u9fff\uac00-\ud7a3\U00020000-\U000323af]"
    while 0 < start < end and re.match(latin * 2, text[start - 1 : start + 1]):
        start += 1
    while start < end < len(text) and re.match(latin * 2, text[end - 1 : end + 1]):
        end -= 1
    return text[start:end]


def _finds(text: str, word: str, ngram: int) -> bool:
    with closing(sqlite3.connect(":memory:")) as conn:
        conn.execute("CREATE VIRTUAL TABLE texts USING fts5(body)")
        conn.execute("INSERT INTO texts VALUES (?)", (index_text(text, ngram=ngram),))
        tokens, prefix = phrase(word, ngram=ngram)
        match = f'"{tokens}"' + "*" * prefix
        return (
            conn.execute("SELECT 1 FROM texts WHERE texts MATCH ?", (match,)).fetchone() is not None
        )
