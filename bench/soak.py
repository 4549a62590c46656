"""Memory over a long run: `python -m bench.soak [--urls N] [--flow]`.

Fetches 5,000 URLs from the fake WeChat, which runs in a process of its own, at full speed:
articles, galleries, notices, pages of 3 MB, cut answers, redirects. Prints the curve of resident
memory and how far it is from flat. `--flow` takes the whole way, URL -> archive; without it the
fetcher runs alone.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.archive import Archive
from crawler.config import FetchConfig
from crawler.errors import CrawlerError
from crawler.fetch import Fetcher
from crawler.flows import ArticleFetch
from tests.fake_answers import long_link, short_link

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
EACH = 20  # points of the curve
_ODD = (
    "gallery",
    "text",
    "repost",
    "deleted",
    "violation",
    "http",
    "flaky",
    "missing",
    "cut_gzip",
    "double",
)


def links(count: int) -> Iterator[str]:
    """One in ten is a page of 3 MB, one in ten something odd, the rest are articles."""
    for number in range(count):
        if number % 10 == 3:
            yield short_link("heavy", number * 100 + 3)
        elif number % 10 == 7:
            yield short_link(_ODD[number // 10 % len(_ODD)], number * 100 + 1)
        else:
            yield long_link(number)


def megabytes() -> float:
    """Resident memory now; its peak where the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text(encoding="ascii", errors="replace"))
        return int(found[1]) / 1024 if found else 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fetch(urls: Iterator[str], fetcher: Fetcher) -> Iterator[bool]:
    """Fetch each; yields whether it came."""
    for url in urls:
        try:
            fetcher.get(url)
        except CrawlerError:
            yield False
        else:
            yield True


def archive(urls: Sequence[str], fetcher: Fetcher, store: Archive) -> Iterator[bool]:
    """Take each the whole way; yields whether it is in the archive."""
    for outcome in ArticleFetch(archive=store, fetcher=fetcher).run(urls):
        yield outcome.error is None


def run(count: int, gateway: str, *, flow: bool) -> list[float]:
    """Run through all URLs; gives the memory at each point of the curve."""
    config = FetchConfig(gateway=gateway, interval=0.0, jitter=0.0, daily_limit=1_000_000)
    curve: list[float] = []
    came = 0
    with ExitStack() as stack:
        fetcher = stack.enter_context(Fetcher(config, sleep=lambda _: None))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = stack.enter_context(closing(Archive.open(folder / "archive.db")))
        steps = (
            archive(list(links(count)), fetcher, store) if flow else fetch(links(count), fetcher)
        )
        for number, arrived in enumerate(steps, 1):
            came += arrived
            if number % max(count // EACH, 1) == 0:
                curve.append(megabytes())
                print(
                    f"{number:7,} URLs  {curve[-1]:7.1f} MB  {'#' * int(curve[-1] / 2)}", flush=True
                )
    print(f"{came:,} of {count:,} came")
    return curve


def main() -> None:
    """Print the curve."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.soak", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--urls", type=int, default=5000)
    parser.add_argument("--flow", action="store_true", help="the whole way, URL -> archive")
    given = parser.parse_args()
    command = [sys.executable, "-u", "-m", "tests.fake_wechat", "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as fake:  # noqa: S603  (our own)
        try:
            gateway = re.search(r'"(http\S+)"', fake.stdout.readline() if fake.stdout else "")
            if not gateway:  # without one the real WeChat would be asked, at full speed
                sys.exit("the fake WeChat did not start")
            start, cpu = time.perf_counter(), time.process_time()
            curve = run(given.urls, gateway[1], flow=given.flow)
            seconds, spent = time.perf_counter() - start, time.process_time() - cpu
        finally:
            fake.terminate()
    settled = curve[len(curve) // 10 :]
    print(
        f"{given.urls / seconds:.0f} URLs a second; {spent / given.urls * 1000:.1f} ms of CPU each"
    )
    apart = max(settled) - min(settled)
    print(
        f"memory after the first tenth: {min(settled):.1f} to {max(settled):.1f} MB, {apart:.1f}"
        " apart"
    )


if __name__ == "__main__":
    main()
