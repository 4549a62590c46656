"""How fast a large archive is searched, in process: by the length of the word, and by its sort.

Part of `python -m bench.search`, over an archive as `crawler` makes it: the whole articles of the
sample again and again with new identities. Each word is asked as `crawler search` does: 20 hits
with their snippets, and the count of articles without a text. Words are drawn from random places of
the texts, so that frequent ones are drawn more often.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections import Counter
from typing import TYPE_CHECKING

from crawler.archive.database import insert
from crawler.archive.reading import COLUMNS
from crawler.archive.search import count_shells, search
from crawler.plain import plain_text

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from crawler.archive import Archive

Row = tuple[str, str, str]  # title, account, body

LENGTHS = range(2, 9)
WORDS = 40  # of each length
FREQUENT = 20
_SINGLE = "single, most frequent"
_MEDIAN, _LATE = 10, 50  # milliseconds, for words of 2 to 8 characters and for single ones
_RUN = re.compile("[\u4e00-\u9fff]+")


def fill_archive(archive: Archive, rows: Sequence[Row], number: int, bodies: int) -> None:
    """So many articles, of which `bodies` of a hundred have one; no index is kept."""
    connection = archive.database.conn
    kinds = {row[1]: row[2] for row in connection.execute("PRAGMA table_info(articles)")}
    empty = {name: 0 if kinds[name] == "INTEGER" else "" for name in COLUMNS}
    statement = insert("articles", columns=COLUMNS)
    with archive.transaction():
        connection.executemany(
            statement,
            (
                tuple({**empty, **_article(rows, place, bodies)}[name] for name in COLUMNS)
                for place in range(number)
            ),
        )


def _article(rows: Sequence[Row], place: int, bodies: int) -> dict[str, str | int]:
    title, account, body = rows[place % len(rows)]
    body = body if place * 37 % 100 < bodies else ""
    url = f"https://mp.weixin.qq.com/s?__biz=MzA{place % 977}==&mid={place}&idx=1&sn={place:032x}"
    return {
        "id": f"MzA{place % 977}==:{place}:1",
        "url": url,
        "title": title,
        "source": account,
        "account": account,
        "date": f"20{18 + place % 8}-{1 + place % 12:02}-{1 + place % 28:02}",
        "kind": "normal",
        "state": "ok" if body else "hollow",
        "characters": len(body),
        "body_hash": f"{place:064x}" if body else "",
        "front_matter": f"---\ntitle: {title}\nurl: {url}\nsource: {account}\n---\n\n",
        "body": body,
    }


def print_latencies(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Print the median and the 95th percentile of a search, by sort of word."""
    texts = [_RUN.findall(plain_text(body)) for *_, body in rows]
    words = {f"{length} characters": _drawn(texts, length) for length in LENGTHS}
    words[_SINGLE] = _most_frequent(texts)
    print("\n| words | searched | median, ms | 95th percentile, ms | slowest |")
    print("| --- | --- | --- | --- | --- |")
    times = {
        name: [(_milliseconds(connection, word), word) for word in drawn]
        for name, drawn in words.items()
    }
    longer = [one for name, group in times.items() if name != _SINGLE for one in group]
    groups = {**times, "all of 2 to 8 characters": longer, "all": [*longer, *times[_SINGLE]]}
    for name, group in groups.items():
        _print_row(name, group)
    print(f"\nthe goal: a median of {_MEDIAN} ms, and {_LATE} ms at the 95th percentile")


def _drawn(texts: Sequence[Sequence[str]], length: int) -> list[str]:
    chance = random.Random(length)  # noqa: S311 -- the same draw every time
    words: set[str] = set()
    while len(words) < WORDS:
        run = chance.choice(chance.choice(texts) or [""])
        if len(run) >= length:
            start = chance.randrange(len(run) - length + 1)
            words.add(run[start : start + length])
    return sorted(words)


def _most_frequent(texts: Sequence[Sequence[str]]) -> list[str]:
    counts = Counter(character for runs in texts for run in runs for character in run)
    return [character for character, _ in counts.most_common(FREQUENT)]


def _milliseconds(connection: sqlite3.Connection, word: str) -> float:
    """The median of three searches: what a reader waits who goes on looking."""
    return 1000 * statistics.median(_seconds(connection, word) for _ in range(3))


def _seconds(connection: sqlite3.Connection, word: str) -> float:
    started = time.perf_counter()
    search(connection, word)
    count_shells(connection, word)
    return time.perf_counter() - started


def _print_row(name: str, times: Sequence[tuple[float, str]]) -> None:
    numbers = [number for number, _ in times]
    late = statistics.quantiles(numbers, n=20)[-1]
    slowest, word = max(times)
    cells = f"{len(times)} | {statistics.median(numbers):.1f} | {late:.1f} | {word} {slowest:.1f}"
    print(f"| {name} | {cells} |", flush=True)


def repeated_words(rows: Sequence[Row]) -> Iterator[str]:
    """A word of some lengths out of random articles."""
    chance = random.Random(5)  # noqa: S311 -- the same draw every time
    for length in (2, 3, 4, 6, 8):
        runs = _RUN.findall(plain_text(chance.choice(rows)[2]))
        long = [run for run in runs if len(run) > length]
        yield chance.choice(long)[:length] if long else "安全漏洞数据分析"[:length]
