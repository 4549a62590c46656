"""How soon the front page of `crawler serve` comes, of an archive of so many articles.

`python -m bench.front [ARTICLES] [ROUNDS]`

The articles are invented: a fifth have a text of about 4,000 characters, as in the real collection.
The pages are asked of the server itself, over a socket, as a browser asks them.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from crawler.archive import Archive
from crawler.archive.saving import arrival_of
from crawler.article import Article, Origin, State
from tests.browse.conftest import serving

PAGES = ("/", "/articles", "/account/江畔手记7", "/states")
ACCOUNTS = 700
TEXT = "这是为测量而写的一段话，里面没有任何人的文章。" * 180
AT_ONCE = 500


def _article(number: int) -> Article:
    whole = number % 5 == 0
    biz, mid = f"MzA{number % ACCOUNTS}", 2650000000 + number
    date = f"{2015 + number % 11}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    title = f"第{number}号记录"
    return Article(
        id=f"{biz}:{mid}:1",
        url=f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid}&idx=1&sn=0a&chksm=0b",
        title=title,
        source=f"江畔手记{number % ACCOUNTS}",
        account=f"江畔手记{number % ACCOUNTS}",
        author="",
        state=State.OK if whole else State.HOLLOW,
        origin=Origin.SEED,
        fetch_date="2026-02-11T09:30:00",
        date=date,
        body=f"# {title}\n\n{TEXT}\n" if whole else "",
        biz=biz,
        mid=str(mid),
        idx="1",
        evidence=f"{number:064x}",
    )


def _fill(path: Path, articles: int) -> None:
    with Archive.open(path, ngram=None) as archive:
        for start in range(0, articles, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, articles))
            archive.save_all([arrival_of(_article(number)) for number in numbers])


def _seconds(client: httpx.Client, page: str) -> float:
    start = time.perf_counter()
    client.get(page).raise_for_status()
    return time.perf_counter() - start


def main(articles: int = 60_000, rounds: int = 30) -> None:
    """Print the first, the median and the slowest time of each page, in milliseconds."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        _fill(path, articles)
        size = path.stat().st_size >> 20
        print(f"{articles:,} articles, {size:,} MB; milliseconds of {rounds} rounds")
        with serving(path) as address, httpx.Client(base_url=address, timeout=60) as client:
            for page in PAGES:
                first, *others = (1000 * _seconds(client, page) for _ in range(rounds))
                median, slowest = statistics.median(others), max(others)
                print(
                    f"{page:<24} first {first:6.1f}  median {median:6.1f}  slowest {slowest:6.1f}"
                )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
