"""How well and how fast archives are searched.

`python -m bench.search [--articles N] [--queries N] [--rounds N]`.

Over the whole articles of `../shared/seeds` (invented texts where they are absent) it prints recall
and precision by the length of the word, for our index and for what SQLite offers, beside the size
of each index and the time to build it; then what the index costs in reclean. Then it repeats the
articles with new identities, N in all, and prints how long searches take there: as `crawler search`
asks, with 20 snippets; as `sqlite-utils search --limit 20` does; and as Datasette does, which looks
for the words and ranks nothing. `--articles 1000000 --bodies 20 --queries 0 --rounds 0` is a
million of them alone: a quarter of an hour on a quiet machine, and 4 GB of disk below TMPDIR.
"""

from __future__ import annotations

import argparse
import csv
import random
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database

from bench.indexing import print_cost
from bench.recall import draw, draw_mixed, holds, make_truth, score
from bench.scale import fill_archive, print_latencies, repeated_words
from crawler.archive import Archive
from crawler.archive.search import index
from crawler.archive.search.find import search
from crawler.archive.search.query import parse_query
from crawler.frontmatter import split_front_matter
from crawler.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds"
LENGTHS = range(1, 13)
TYPICAL = (
    "骗",
    "诈骗",
    "电信网络诈骗",
    "Apache 日志",
    "CVE-2024-3094",
    "SQL注入",
    "漏洞 NOT Windows",
    "title:安全",
    "数据",
    "的",
    "一",
    "中",
    "点",
    "问",
)

_TABLE = """
    CREATE TABLE articles (
        id TEXT PRIMARY KEY NOT NULL, url TEXT, title TEXT, source TEXT,
        account TEXT, date TEXT, state TEXT, digest TEXT, body TEXT
    )
"""

Row = tuple[str, str, str]  # title, account, body


def read_seeds(folder: Path) -> Iterator[Row]:
    """The articles of a folder of seeds that came whole, less the page's tail."""
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as lines:
        whole = [
            row["path"]
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if "path" in row
        ]
    for path in whole:
        front, body = split_front_matter(
            (folder / path).read_text(encoding="utf-8", errors="replace")
        )
        text = body.partition("\n预览时标签不可点")[0]
        if front and len(text) > 600:
            yield front.title, front.source, text


def invented(number: int) -> Iterator[Row]:
    """Where there are no seeds: characters in a frequency that falls as in real text."""
    chance = random.Random(3)  # noqa: S311 -- the same draw every time
    characters = [chr(0x4E00 + place) for place in range(3000)]
    weights = [1 / (place + 3) for place in range(3000)]
    for place in range(number):
        runs = [
            "".join(chance.choices(characters, weights, k=chance.randint(2, 20)))
            for _ in range(120)
        ]
        yield (
            "".join(chance.choices(characters, weights, k=12)),
            f"账号{place % 40}",
            "，".join(runs),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A way to index: how to make and fill its table, and how to write a query for it."""

    name: str
    make: str  # SQL; empty: ours
    ngram: int
    rewrite: Callable[[str], str]


def _as_typed(words: str) -> str:
    """What FTS5 gets without our plugin: words side by side.

    These have no signs in them that it would trip over.
    """
    return words


def _rewritten(words: str) -> str:
    return parse_query(f'"{words}"').match


ENGINES = (
    Engine(name="bigrams, query rewritten", make="", ngram=2, rewrite=_rewritten),
    Engine(name="bigrams, no plugin", make="", ngram=2, rewrite=_as_typed),
    Engine(name="1- to 6-grams, no plugin", make="", ngram=6, rewrite=_as_typed),
    Engine(name="unicode61", make="tokenize='unicode61'", ngram=0, rewrite=_as_typed),
    Engine(name="trigram", make="tokenize='trigram'", ngram=0, rewrite=_as_typed),
)


def fill(conn: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Put articles into an empty database."""
    conn.execute(_TABLE)
    conn.executemany(
        "INSERT INTO articles VALUES (?, '', ?, ?, ?, '2026-01-01', 'ok', '', ?)",
        (
            (f"a:{number}", title, account, account, body)
            for number, (title, account, body) in enumerate(rows)
        ),
    )
    conn.commit()


def build(conn: sqlite3.Connection, engine: Engine) -> float:
    """Index all articles in one of the ways; the seconds that it took."""
    started = time.perf_counter()
    if not engine.make:
        if index.ngram_of(conn) != engine.ngram:
            index.rebuild_index(conn, ngram=engine.ngram)
    else:
        conn.execute("DROP TABLE IF EXISTS rival")
        conn.execute(
            "CREATE VIRTUAL TABLE rival USING fts5(title, account, source, body, content='',"
            f" {engine.make})"
        )
        rows = conn.execute("SELECT rowid, title, account, source, body FROM articles").fetchall()
        conn.executemany(
            "INSERT INTO rival (rowid, title, account, source, body) VALUES (?, ?, ?, ?, ?)",
            ((*row, plain_text(body)) for *row, body in rows),
        )
    conn.commit()
    return time.perf_counter() - started


def index_bytes(conn: sqlite3.Connection, table: str) -> int:
    """What an index takes, less the room that is empty within its pages."""
    blocks = conn.execute(f"SELECT sum(length(block)) FROM {table}_data").fetchone()[0]  # noqa: S608 -- our own words
    # the same
    sizes = conn.execute(f"SELECT sum(length(sz)) FROM {table}_docsize").fetchone()[0]  # noqa: S608
    return int(blocks) + int(sizes)


def compare(rows: Sequence[Row], number: int) -> None:
    """Print each engine's recall and precision by length, its index's size and time to build."""
    with closing(sqlite3.connect(":memory:")) as conn:
        fill(conn, rows)
        make_truth(conn)
        queries = {str(length): draw(conn, length, number) for length in LENGTHS}
        queries["mixed"] = draw_mixed(conn, number)
        truth = {words: holds(conn, words) for group in queries.values() for words in group}
        size = sum(len(body.encode()) for *_, body in rows)
        print(
            f"{len(rows)} articles, {size / 1e6:.1f} MB of Markdown; {number} words of each length"
        )
        print("recall / precision in %, by the number of characters\n")
        print("| index | " + " | ".join(queries) + " | index / Markdown | articles/s |")
        print("| --- |" + " --- |" * (len(queries) + 2))
        for engine in ENGINES:
            _print_engine(conn, engine, queries, truth, size)


def _print_engine(
    conn: sqlite3.Connection,
    engine: Engine,
    queries: dict[str, list[str]],
    truth: dict[str, set[int]],
    size: int,
) -> None:
    seconds = build(conn, engine)
    table = "rival" if engine.make else "articles_fts"

    def find(words: str) -> set[int]:
        sql = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"  # noqa: S608 -- one of two names
        return {row[0] for row in conn.execute(sql, (engine.rewrite(words),))}

    scores = [score(conn, group, find, truth) for group in queries.values()]
    cells = [f"{100 * one.recall:.0f} / {100 * one.precision:.0f}" for one in scores]
    (articles,) = conn.execute("SELECT count(*) FROM articles").fetchone()
    rate = f"{articles / seconds:,.0f}" if seconds > 0.01 else "same"
    print(
        f"| {engine.name} | "
        + " | ".join(cells)
        + f" | {index_bytes(conn, table) / size:.2f} | {rate} |",
        flush=True,
    )


def latency(rows: Sequence[Row], number: int, bodies: int) -> None:
    """Print how long the index of so many articles takes to build, and searches in it.

    `bodies` of a hundred have one, as the rest of a real collection came hollow.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "archive.db", ngram=None) as archive,
    ):
        started = time.perf_counter()
        fill_archive(archive, rows, number, bodies)
        print(f"\n{number:,} articles written in {time.perf_counter() - started:.0f} s", flush=True)
        conn = archive.database.conn
        cpu, started = time.process_time(), time.perf_counter()
        index.rebuild_index(conn)
        cpu, seconds = time.process_time() - cpu, time.perf_counter() - started
        size = Path(folder, "archive.db").stat().st_size / 1e6
        print(
            f"{number:,} articles, {bodies} % of them with a body: {size:,.0f} MB, of which the"
            " index is",
            end=" ",
        )
        print(
            f"{index_bytes(conn, 'articles_fts') / 1e6:,.0f} MB, built in {seconds:.1f} s (CPU"
            f" {cpu:.1f} s)"
        )
        started = time.perf_counter()
        assert index.install_index(conn) == 0  # noqa: S101 -- else the figure below is of something else
        print(f"checking the index on opening: {1000 * (time.perf_counter() - started):.1f} ms\n")
        print_latencies(conn, rows)
        print(
            "\n| search | articles | crawler, ms | sqlite-utils, ms | unranked, ms |\n| --- | --- |"
            " --- | --- | --- |"
        )
        for words in (*TYPICAL, *repeated_words(rows)):
            _print_search(conn, words)


def _print_search(conn: sqlite3.Connection, words: str) -> None:
    match = parse_query(words).match
    sql = Database(conn).table("articles").search_sql(limit=20)
    counting = "SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?"
    times = (
        _timed(lambda: search(conn, words)),
        _timed(lambda: conn.execute(sql, {"query": match}).fetchall()),
        _timed(lambda: conn.execute(counting, (match,)).fetchone()),
    )
    (found,) = conn.execute(counting, (match,)).fetchone()
    print(
        f"| {words} | {found:,} | " + " | ".join(f"{time:.1f}" for time in times) + " |", flush=True
    )


def _timed(run: Callable[[], object], times: int = 5) -> float:
    """The median of some runs, in milliseconds."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - started)
    return 1000 * statistics.median(seconds)


def main() -> None:
    """Run all parts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--articles", type=int, default=60_000, help="for the latencies; 0 leaves them out"
    )
    parser.add_argument(
        "--bodies",
        type=int,
        nargs="+",
        default=[20, 100],
        help="how many of a hundred of them have a body",
    )
    parser.add_argument(
        "--rounds", type=int, default=3, help="of reclean with and without the index; 0 for none"
    )
    parser.add_argument(
        "--queries", type=int, default=40, help="of each length; 0 leaves the comparison out"
    )
    chosen = parser.parse_args()
    rows = list(read_seeds(SHARED)) if SHARED.is_dir() else list(invented(1_500))
    if chosen.queries:
        compare(rows, chosen.queries)
    if chosen.rounds and SHARED.is_dir():
        print_cost(SHARED, rounds=chosen.rounds)
    for bodies in chosen.bodies if chosen.articles else ():
        latency(rows, chosen.articles, bodies)


if __name__ == "__main__":
    main()
