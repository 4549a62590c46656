"""What keeping an article costs: `python -m bench.archive [--articles N] [--batch N] [--index]`.

Saves invented articles in batches, then inserts the very rows that came of it with plain sqlite3
into the very tables, and prints both rates and their ratio; then saves them all again, which writes
nothing, and audits the archive.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.archive.archive import Archive
from crawler.archive.saving.arrival import arrival_of
from crawler.article import Article, Origin, State, sha256
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORDS = "灯塔夜航海面风声潮水码头来信灯火旧船归途雨季山路书页钟声桥头河岸"


def invented(count: int, seed: int = 7) -> Iterator[Article]:
    """Articles of some 3,000 characters of 200 accounts.

    Four in ten are hollow, as among real seeds.
    """
    dice = random.Random(seed)  # noqa: S311  (invented texts are no secret)
    for number in range(count):
        biz = f"MzI0{number % 200:06}MA=="
        signed = "" if number % 10 < 4 else f"&chksm={dice.randbytes(38).hex()}"
        sn = dice.randbytes(16).hex()
        link = f"http://mp.weixin.qq.com/s?__biz={biz}&mid={2650000000 + number}&idx=1&sn={sn}"
        form = parse_url(f"{link}{signed}#rd")
        title = "".join(dice.choices(_WORDS, k=18))
        text = "\n\n".join(
            "".join(dice.choices(_WORDS, k=dice.randint(20, 200))) + "。" for _ in range(27)
        )
        state = State.OK if signed else State.HOLLOW
        yield Article(
            id=form.article_id,
            url=form.given,
            title=title,
            source=f"江畔手记{number % 200}",
            account=f"江畔手记{number % 200}",
            state=state,
            origin=Origin.SEED,
            fetch_date=f"2025-10-06T17:17:02.{number % 1_000_000:06}",
            date=f"202{number % 6}-{number % 12 + 1:02}-{number % 28 + 1:02}",
            body=f"# {title}\n\n{text}\n" if signed else "",
            biz=biz,
            mid=str(2650000000 + number),
            idx="1",
            sn=form.sn,
            evidence=sha256(f"{number}".encode()),
            aliases=(form.request, form.canonical),
            removed={"tail": 31, "head-title": 1, "novel-reader": 3},
        )


def batches(articles: Iterable[Article], size: int) -> Iterator[list[Article]]:
    """The articles in lists of at most `size`."""
    remaining = iter(articles)
    while batch := list(islice(remaining, size)):
        yield batch


class Clock(NamedTuple):
    """Seconds on the wall and seconds of the processor.

    On a busy machine only the second can be compared.
    """

    wall: float
    processor: float

    @classmethod
    def now(cls) -> Clock:
        """What both clocks say."""
        return cls(time.perf_counter(), time.process_time())

    def since(self) -> Clock:
        """How long ago that was."""
        now = Clock.now()
        return Clock(now.wall - self.wall, now.processor - self.processor)


def save_all(archive: Archive, articles: list[Article], size: int) -> Clock:
    """How long saving takes, in transactions of `size`."""
    start = Clock.now()
    for batch in batches(articles, size):
        with archive.transaction():
            for article in batch:
                archive.save_all([arrival_of(article, f"seeds/{article.mid}.md")])
    return start.since()


def insert_rows(source: Path, target: Path, articles: int, size: int) -> Clock:
    """How long plain sqlite3 takes for the same rows and tables, in as many transactions."""
    with sqlite3.connect(source) as made:
        tables = [
            name for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        tables = [
            name
            for name in tables
            if not name.startswith(("_", "sqlite_", "search_", "articles_fts"))
        ]
        rows: dict[str, list[Any]] = {
            name: made.execute(f"SELECT * FROM {name}").fetchall()  # noqa: S608
            for name in tables
        }
    steps = -(-articles // size)
    with Archive.open(target, ngram=None) as archive:
        plain = archive.database.conn
        start = Clock.now()
        for step in range(steps):
            plain.execute("BEGIN IMMEDIATE")
            for name in sorted(tables, key=lambda name: name != "articles"):
                share = rows[name][
                    len(rows[name]) * step // steps : len(rows[name]) * (step + 1) // steps
                ]
                if not share:
                    continue
                marks = ", ".join("?" * len(share[0]))
                plain.executemany(f"INSERT OR IGNORE INTO {name} VALUES ({marks})", share)  # noqa: S608
            plain.execute("COMMIT")
        return start.since()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--batch", type=int, default=200)
    parser.add_argument("--index", action="store_true", help="with the full-text index")
    options = parser.parse_args()
    articles = list(invented(options.articles))
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch, "archive.db")
        with Archive.open(path, ngram=2 if options.index else None) as archive:
            ours = save_all(archive, articles, options.batch)
            again = save_all(archive, articles, options.batch)
            start = Clock.now()
            found = len(list(archive.audit(today="2026-12-31")))
            audited = start.since()
        least = insert_rows(path, Path(scratch, "plain.db"), options.articles, options.batch)
        size = path.stat().st_size / 1e6
    count = options.articles
    print(f"{count:,} articles, {options.batch} a transaction: {count / ours.wall:,.0f} a second")
    print(f"the same rows with plain sqlite3: {count / least.wall:,.0f} a second")
    print(
        f"ratio {ours.wall / least.wall:.2f} on the wall, "
        f"{ours.processor / least.processor:.2f} of the processor"
    )
    print(f"saved again, nothing new: {count / again.wall:,.0f} a second")
    print(f"archive {size:.0f} MB; audit {audited.wall:.1f} s, {found} finding(s)")


if __name__ == "__main__":
    main()
