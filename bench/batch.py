"""Cleaning tables of pages on many cores: `python -m bench.batch [FOLDER] [--pages N] ...`.

Prints how many times as fast two workers of Dask are as one, what memory all processes of `crawler
clean-parquet` take together, at two numbers of pages, and what a million pages cost: generated
ones, and where FOLDER (default: ../shared/pages beside the checkout) has gzipped pages, real ones,
each again and again. The goals were set for `--pages 20000 --memory 20000 200000`, on a machine
that does nothing else: 1.8 times as fast, and memory that grows by less than 5 %.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

import psutil
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from crawler.batch import SECONDS, clean_group, clean_groups, find_groups, open_cluster
from tests.batch.pages import table
from tests.clean.pages.lookalikes import modern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.batch.pages import Page

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "pages"
PAGES = 4_000
MEMORY = (2_000, 20_000)
REAL = 400
GROUP = 500  # rows: some seconds of work
PARAGRAPHS = 60
_LOOK_EVERY = 0.2  # seconds


def generated(count: int, paragraphs: int) -> Iterator[Page]:
    """Articles of so many paragraphs, no two alike."""
    for number in range(count):
        body = "".join(
            f'<p style="text-indent:2em"><span>第{number}天的第{place}班渡轮，'
            f"在雾里<strong>照常开航</strong>，乘客{number * place % 977}名。</span></p>"
            for place in range(paragraphs)
        )
        url = f"https://mp.weixin.qq.com/s?__biz=MzA3MTIzNDU2Nw==&mid={number + 1}&idx=1"
        yield modern(body, mid=str(number + 1), link=url), "utf-8", url


def real(folder: Path) -> Iterator[Page]:
    """The gzipped pages of a folder, again and again."""
    contents = [gzip.decompress(path.read_bytes()) for path in sorted(folder.rglob("*.html.gz"))]
    return ((content, None, None) for content in itertools.cycle(contents))


def write(path: Path, pages: Iterable[Page], group: int = GROUP) -> Path:
    """Write pages to a file, a row group at a time."""
    path.parent.mkdir(parents=True)
    rest = iter(pages)
    schema = table([(b"", "", "")]).schema
    pieces = {"use_dictionary": False, "write_batch_size": 8}  # as docs/scale.md has it
    with pq.ParquetWriter(path, schema, compression="zstd", **pieces) as writer:
        while some := list(itertools.islice(rest, group)):
            writer.write_table(table(some))
    return path


def seconds_of(source: Path, out: Path, workers: int) -> float:
    """How long so many workers take for all row groups, from when they are up."""
    groups, _ = find_groups(source, out)
    with open_cluster("", workers) as client:
        client.run(clean_group, groups[0])
        start = time.perf_counter()
        for cleaned in clean_groups(client, groups, seconds=SECONDS):
            if cleaned.error or cleaned.failures:
                sys.exit(str(cleaned.error or cleaned.failed))
        return time.perf_counter() - start


def print_ratio(folder: Path, count: int, paragraphs: int) -> None:
    group = min(GROUP, max(count // 16, 1))  # of few groups one worker would have the last alone
    source = write(folder / "ratio" / "pages.parquet", generated(count, paragraphs), group)
    one, two = (seconds_of(source, folder / f"ratio-{number}", number) for number in (1, 2))
    print(
        f"{count:,} pages: one worker {one:.1f} s, two {two:.1f} s: {one / two:.2f} times as fast"
        " (goal: 1.8)",
        flush=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run of the command took."""

    pages: int
    bytes_in: int  # of the pages, as they were downloaded
    bytes_out: int
    clock: float
    processor: float
    memory: float  # MB of all its processes together, nine tenths of the time
    peak: float  # ... and at most, when all happen to be at their largest: the longer, the likelier


def run_command(source: Path, out: Path) -> Run:
    """Run `crawler clean-parquet`, and look at its processes."""
    columns = pq.read_table(source, columns=["html"]).column("html")
    command = [sys.executable, "-m", "crawler", "clean-parquet", str(source), str(out)]
    spent, start = _processor(), time.perf_counter()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:  # noqa: S603  (our own)
        seen = _watch(process)
    clock = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"clean-parquet ended with {process.returncode}")
    return Run(
        pages=len(columns),
        bytes_in=columns.nbytes,
        bytes_out=sum(path.stat().st_size for path in out.rglob("*.parquet")),
        clock=clock,
        processor=_processor() - spent,
        memory=quantiles(seen, n=10)[-1],
        peak=max(seen),
    )


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(process: subprocess.Popen[bytes]) -> list[float]:
    """The MB that a process and all below it have, again and again until it ends."""
    seen = []
    while process.poll() is None:
        seen.append(_resident(process.pid) / (1 << 20))
        time.sleep(_LOOK_EVERY)
    return seen


def _resident(pid: int) -> int:
    total = 0
    try:
        root = psutil.Process(pid)
        for one in (root, *root.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # one that ended meanwhile
    return total


_COLUMNS = (
    *("pages", "number", "kB each", "s", "s of processor", "MB", "MB at most"),
    *("core hours a million", "GB of records a million"),
)


def print_run(name: str, run: Run, start: Run) -> None:
    """Print a row; what a million costs is told without the start of all processes."""
    hours = (run.processor - start.processor) / run.pages * 1e6 / 3600
    print(
        f"| {name} | {run.pages:,} | {run.bytes_in / run.pages / 1000:,.0f} | {run.clock:,.1f} |"
        f" {run.processor:,.1f} | {run.memory:,.0f} | {run.peak:,.0f} | {hours:.2f} |"
        f" {run.bytes_out / run.pages / 1000:.1f} |",
        flush=True,
    )


def print_runs(
    folder: Path, sizes: Sequence[int], paragraphs: int, real_pages: Iterable[Page]
) -> None:
    print(f"\n| {' | '.join(_COLUMNS)} |\n|{' --- |' * len(_COLUMNS)}")
    start, small, large = (_run_generated(folder, size, paragraphs) for size in (1, *sizes))
    for run in (start, small, large):
        print_run("generated", run, start)
    some = list(real_pages)
    if some:
        source = write(folder / "in-real" / "pages.parquet", some, max(len(some) // 8, 1))
        print_run("real", run_command(source, folder / "out-real"), start)
    growth = 100 * (large.memory / small.memory - 1)
    print(
        f"\nmemory at {large.pages:,} pages beside {small.pages:,}: {growth:+.1f} %"
        " (goal: less than 5)"
    )


def _run_generated(folder: Path, size: int, paragraphs: int) -> Run:
    source = write(folder / f"in-{size}" / "pages.parquet", generated(size, paragraphs))
    return run_command(source, folder / f"out-{size}")


def main() -> None:
    """Print what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--memory", type=int, nargs=2, default=MEMORY, metavar="N")
    parser.add_argument("--paragraphs", type=int, default=PARAGRAPHS, help="of a generated page")
    parser.add_argument("--real", type=int, default=REAL)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        print_ratio(Path(name), given.pages, given.paragraphs)
        real_pages = itertools.islice(real(given.folder), given.real)
        print_runs(Path(name), given.memory, given.paragraphs, real_pages)


if __name__ == "__main__":
    main()
