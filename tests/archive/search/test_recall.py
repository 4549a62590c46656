"""The index against LIKE, on words drawn from the archive itself.

So that a silent zero cannot come back.
"""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from bench.recall import Score, draw, draw_mixed, make_truth, score
from bench.search import read_seeds
from crawler.archive.search import index
from crawler.archive.search.query import parse_query
from tests.archive.search.conftest import make_table
from tests.conftest import SEEDS, needs_shared

if TYPE_CHECKING:
    from collections.abc import Iterator

# Few characters in many orders, so that nearly every word has neighbours that differ from it by one
# character.
CHARACTERS = "电信网络诈骗案件公安通报日志分析"
LATIN = ("Apache", "SQL", "APP", "2024", "v2", "CVE-2024-3094", "log4j")
BETWEEN = ("", "", "", "", "，", "。\n\n", " ", "**", "（", "）", "、")


def invented(number: int) -> Iterator[tuple[str, str, str]]:
    chance = random.Random(11)
    for _ in range(number):
        parts = []
        for _ in range(chance.randint(5, 120)):
            run = "".join(chance.choices(CHARACTERS, k=chance.randint(1, 14)))
            parts += [
                run if chance.random() < 0.8 else chance.choice(LATIN),
                chance.choice(BETWEEN),
            ]
        yield "".join(chance.choices(CHARACTERS, k=6)), "江畔安全观察", "".join(parts)


def fill(conn: sqlite3.Connection, articles: Iterator[tuple[str, str, str]]) -> None:
    make_table(conn)
    index.install_index(conn)
    conn.executemany(
        "INSERT INTO articles (id, title, account, source, body) VALUES (?, ?, ?, ?, ?)",
        (
            (f"a:{number}", title, account, account, body)
            for number, (title, account, body) in enumerate(articles)
        ),
    )
    index.sync_index(conn)
    make_truth(conn)


@pytest.fixture(scope="module")
def invented_archive() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as conn:
        fill(conn, invented(150))
        yield conn


@pytest.fixture(scope="module")
def real_archive() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as conn:
        fill(conn, read_seeds(SEEDS))
        yield conn


def by_index(conn: sqlite3.Connection, words: str) -> set[int]:
    ngram = index.ngram_of(conn) or 2
    match = parse_query(f'"{words}"', ngram=ngram).match
    return {
        row[0]
        for row in conn.execute(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?", (match,)
        )
    }


def perfect(queries: int) -> Score:
    return Score(queries=queries, recall=1.0, precision=1.0, silent=0)


def scored(conn: sqlite3.Connection, queries: list[str]) -> Score:
    return score(conn, queries, lambda words: by_index(conn, words))


@pytest.mark.parametrize("ngram", [2, 6])
def test_five_hundred_words_of_invented_texts_are_found_exactly(
    invented_archive: sqlite3.Connection, ngram: int
) -> None:
    index.install_index(invented_archive, ngram=ngram)
    queries = [words for length in range(1, 13) for words in draw(invented_archive, length, 42)]
    queries += draw_mixed(invented_archive, 60)
    assert len(queries) >= 500
    assert scored(invented_archive, queries) == perfect(len(queries))


@pytest.mark.slow
@needs_shared
@pytest.mark.parametrize("length", range(1, 13))
def test_words_of_every_length_of_real_articles_are_found_exactly(
    real_archive: sqlite3.Connection, length: int
) -> None:
    queries = draw(real_archive, length, 40)
    assert scored(real_archive, queries) == perfect(40)


@pytest.mark.slow
@needs_shared
def test_phrases_of_chinese_and_latin_in_real_articles_are_found_exactly(
    real_archive: sqlite3.Connection,
) -> None:
    queries = draw_mixed(real_archive, 100)
    assert scored(real_archive, queries) == perfect(100)
