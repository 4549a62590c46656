"""How many of the articles with some words a search finds, and how many of its finds have them.

The words are drawn from the archive itself; the truth is LIKE, over a plain table that holds each
article's visible words with one space between a Chinese run and a Latin word and none of the signs.
(FTS5 takes `SQL注入`, `SQL 注入` and `SQL“注入”` for the same, Latin words as whole ones; for
Chinese alone this is LIKE over the text itself.)
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.search.ngrams import CJK
from crawler.folding import fold
from crawler.plain import plain_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping

CHINESE = re.compile("[\u3400-\u9fff]+")
MIXED = re.compile(
    "(?<![0-9a-z])[0-9a-z]{2,12} ?[\u3400-\u9fff]+|[\u3400-\u9fff]+ ?[0-9a-z]{2,12}(?![0-9a-z])"
)
_PIECE = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a search gave for some queries, all together."""

    queries: int
    recall: float  # of the articles that hold the words, how many were found: mean over the queries
    # of the articles that were found, how many hold the words: mean over those with a find
    precision: float
    silent: int  # queries that found nothing, although some article holds the words


def make_truth(conn: sqlite3.Connection) -> None:
    """Make table `truth`: one row an article, with its visible words."""
    conn.execute("CREATE TEMP TABLE truth (article INTEGER PRIMARY KEY, words TEXT)")
    rows = conn.execute("SELECT rowid, title, account, source, body FROM articles").fetchall()
    conn.executemany(
        "INSERT INTO truth VALUES (?, ?)",
        (
            (rowid, "|".join(map(normalised, (*names, plain_text(body)))))
            for rowid, *names, body in rows
        ),
    )


def normalised(text: str) -> str:
    """Chinese runs and Latin words, lower-case, where anything between two of them is one space."""
    return f" {' '.join(_PIECE.findall(fold(text).lower()))} "


def draw(conn: sqlite3.Connection, length: int, number: int, *, seed: int = 7) -> list[str]:
    """So many parts of Chinese runs of exactly this length, from random articles."""
    chance = random.Random(f"{seed} {length}")  # noqa: S311 -- the same draw every time
    texts = [words for (words,) in conn.execute("SELECT words FROM truth ORDER BY article")]
    found: list[str] = []
    for _ in range(number * 200):
        if len(found) == number:
            break
        runs = [run for run in CHINESE.findall(chance.choice(texts)) if len(run) >= length]
        if runs:
            run = chance.choice(runs)
            start = chance.randrange(len(run) - length + 1)
            found.append(run[start : start + length])
    return found


def draw_mixed(conn: sqlite3.Connection, number: int, *, seed: int = 7) -> list[str]:
    """So many phrases of a Latin word with up to twelve characters of Chinese beside it."""
    chance = random.Random(seed)  # noqa: S311 -- the same draw every time
    texts = [words for (words,) in conn.execute("SELECT words FROM truth ORDER BY article")]
    found: list[str] = []
    for _ in range(number * 50):
        if len(found) == number:
            break
        phrases = MIXED.findall(chance.choice(texts))
        if phrases:
            first, last = chance.choice(phrases).strip(), chance.randint(1, 12)
            latin_first = first[0].isascii()
            found.append(
                first[: len(first.split()[0]) + 1 + last].strip()
                if latin_first
                else first[-last - 12 :]
            )
    return found


def holds(conn: sqlite3.Connection, words: str) -> set[int]:
    """The articles that hold the words, by LIKE."""
    wanted = normalised(words)
    if not words[0].isascii():
        wanted = wanted[1:]
    if not words[-1].isascii():
        wanted = wanted[:-1]
    return {
        row[0]
        for row in conn.execute("SELECT article FROM truth WHERE words LIKE ?", (f"%{wanted}%",))
    }


def score(
    conn: sqlite3.Connection,
    queries: Iterable[str],
    find: Callable[[str], set[int]],
    truth: Mapping[str, set[int]] | None = None,
) -> Score:
    """Compare a search with LIKE.

    `truth` spares asking LIKE again for queries that were asked before.
    """
    recalls, precisions, silent = [], [], 0
    for words in queries:
        wanted = truth[words] if truth else holds(conn, words)
        found = find(words)
        recalls.append(len(found & wanted) / len(wanted) if wanted else 1.0)
        if found:
            precisions.append(len(found & wanted) / len(found))
        silent += bool(wanted and not found)
    return Score(
        queries=len(recalls),
        recall=_mean(recalls),
        precision=_mean(precisions),
        silent=silent,
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
