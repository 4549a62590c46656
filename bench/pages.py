"""How long reading and cleaning a page takes, beside a bare lexbor parse of the same page.

    python -m bench.pages [FOLDER]

FOLDER holds gzipped pages (default: ../shared/pages beside the checkout).
"""

from __future__ import annotations

import gzip
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard
from selectolax.lexbor import LexborHTMLParser

from crawler.clean.pages import read_page, shrink_page

if TYPE_CHECKING:
    from collections.abc import Callable

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "pages"
_ROUNDS = 7
# bytes: pages as WeChat serves them since 2023, which are what a fetch brings
_FULL_SIZE = 1_000_000


def best_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER
    paths = sorted(folder.rglob("*.html.gz"))
    if not paths:
        sys.exit(f"{folder}: no *.html.gz here; name a folder of gzipped pages")
    print(f"{'page':58} {'bytes':>9} {'parse':>7} {'read':>7} {'ratio':>6} {'snapshot':>8} state")
    ratios, full, sizes = [], [], []
    compress = zstandard.ZstdCompressor(level=10).compress
    for path in paths:
        content = gzip.decompress(path.read_bytes())
        parse = best_ms(lambda content=content: LexborHTMLParser(content))  # type: ignore[misc]
        read = best_ms(lambda content=content: read_page(content))  # type: ignore[misc]
        size = len(compress(shrink_page(content)))
        name = str(path.relative_to(folder)).removesuffix(".html.gz")
        state = read_page(content).state
        print(
            f"{name:58} {len(content):9} {parse:7.2f} {read:7.2f} {read / parse:6.2f} {size:8}"
            f" {state}"
        )
        ratios.append(read / parse)
        sizes.append(size)
        if len(content) >= _FULL_SIZE:
            full.append(read / parse)
    print(
        f"{len(paths)} pages, median ratio {statistics.median(ratios):.2f}; milliseconds are the"
        f" best of {_ROUNDS}"
    )
    if full:
        print(
            f"{len(full)} pages of {_FULL_SIZE:,} bytes or more, median ratio"
            f" {statistics.median(full):.2f}"
        )
    print(
        f"snapshots, compressed: {statistics.mean(sizes):,.0f} bytes on average, {max(sizes):,} at"
        " most"
    )


if __name__ == "__main__":
    main()
