"""How soon a page that a browser sends is in the archive, and its answer there.

python -m bench.capture

The server is the real one, in a process of its own, its archive holds 2,000 articles, and each
page comes over a connection as a browser's does. Pages of 3 MB, as WeChat's are, and of 2 KB, as
the fake's; with real ones beside the checkout also those. What is promised is a median under
300 ms.
"""

from __future__ import annotations

import gzip
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from crawler.archive import Archive
from tests.browse.conftest import serving_door
from tests.browse.library import make_article
from tests.conftest import PAGES
from tests.fake_answers import article, heavy, long_link

if TYPE_CHECKING:
    from collections.abc import Iterable

PROMISED = 300  # milliseconds
THERE = 2_000
TOKEN = "T" + "o" * 42
HEADERS = {
    "Origin": "https://mp.weixin.qq.com",
    "Authorization": f"Bearer {TOKEN}",
    "Content-Type": "application/json",
}


def _sent(url: str, html: bytes) -> bytes:
    text = html.decode("utf-8", "replace")
    return json.dumps({"url": url, "html": text, "whole": True}).encode()


def _real() -> list[bytes]:
    return [
        _sent("https://mp.weixin.qq.com/mp/other", gzip.decompress(path.read_bytes()))
        for path in sorted(PAGES.rglob("*.html.gz"))
    ]


def _measure(site: httpx.Client, bodies: Iterable[bytes]) -> list[float]:
    """The milliseconds until each page that is an article was kept and answered."""
    taken = []
    for body in bodies:
        start = time.perf_counter()
        answer = site.post("/capture", content=body, headers=HEADERS)
        if answer.json()["stored"]:
            taken.append((time.perf_counter() - start) * 1000)
    return taken


def main() -> int:
    """Print one line for each sort of page; 1 where a median is over what is promised."""
    numbers = range(100_000, 100_100)
    pages = {
        "2 KB": (_sent(long_link(number), article(number)) for number in numbers),
        "3 MB": (_sent(long_link(n), heavy(n)) for n in range(200_003, 203_003, 100)),
        "real": _real(),
    }
    slow = False
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "archive.db"
        with Archive.open(path) as archive, archive.transaction():
            for number in range(THERE):
                archive.save(make_article(number))
        with (
            serving_door(path, TOKEN) as address,
            httpx.Client(base_url=address, timeout=60) as site,
        ):
            for name, bodies in pages.items():
                taken = _measure(site, bodies)
                if taken:
                    median = statistics.median(taken)
                    slow = slow or median > PROMISED
                    print(
                        f"{name:5} {len(taken):4} pages, median {median:6.1f} ms,"
                        f" the slowest {max(taken):6.1f} ms"
                    )
    return int(slow)


if __name__ == "__main__":
    raise SystemExit(main())
