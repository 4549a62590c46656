"""Recovery from a made-up collection: who came back, with what, how quickly and in what memory.

    .venv/bin/python -m bench.recover --missing 50000 --documents 15000

Strangers are texts that are not the article's; none may come back. The figures that stand in
docs/recover.md are from here.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

from crawler.archive import Archive
from crawler.flows import ElsewhereWay, Recovery
from tests.ruins import PROVABLE, Ruin, build_ruins, ruins, write_collection

SEED = 20261126


def main() -> None:
    """Build, recover, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--missing", type=int, default=50_000, help="articles without a text")
    parser.add_argument("--documents", type=int, default=15_000, help="articles of the collection")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    articles = ruins(options.missing, seed=SEED)
    offered = articles[: options.documents]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_collection(folder / "foreign", offered, seed=SEED)
        with Archive.open(folder / "archive.db") as archive:
            build_ruins(archive, articles)
            before = _forget_peak()
            started, worked = time.perf_counter(), _worked()
            recovery = Recovery(archive, now=lambda: "2026-11-26T00:00:00")
            way = ElsewhereWay(paths, workers=options.workers)
            verdicts = Counter(str(found.verdict) for found in recovery.go([way]))
            seconds = time.perf_counter() - started
            _print(
                f"{options.missing:,} missing, {len(paths):,} documents: {seconds:.1f} s"
                f" ({_worked() - worked:.1f} s of them the writer's work),"
                f" {recovery.shelf.looks:,} comparisons,"
                f" peak memory {before:,} -> {_peak():,} MB"
            )
            _print(f"verdicts: {dict(verdicts)}")
            _print_outcome(archive, offered)


def _print_outcome(archive: Archive, offered: list[Ruin]) -> None:
    came = Counter((one.kind, _came_back(archive, one)) for one in offered)
    for kind in dict.fromkeys(one.kind for one in offered):
        counts = {what: count for (name, what), count in came.items() if name == kind}
        _print(f"  {'provable' if kind in PROVABLE else '':9} {kind}: {counts}")
    provable = sum(count for (kind, _), count in came.items() if kind in PROVABLE)
    restored = sum(
        count for (kind, what), count in came.items() if kind in PROVABLE and what == "its own text"
    )
    strangers = sum(count for (_, what), count in came.items() if what == "A STRANGER'S TEXT")
    _print(f"restored {restored:,} of {provable:,} provable; {strangers:,} strangers")


def _came_back(archive: Archive, one: Ruin) -> str:
    record = archive.get(one.identity.id)
    if record is None or not record.body:
        return "nothing"
    return "its own text" if one.mark in record.body else "A STRANGER'S TEXT"


def _worked() -> float:
    """Seconds of a processor that this process took, its workers' left out."""
    return sum(os.times()[:2])


def _forget_peak() -> int:
    """Let the peak of memory begin now, where the system can; returns what it is then."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _peak()


def _peak() -> int:
    """The most memory that this process took, in MB."""
    status = Path("/proc/self/status")
    if status.is_file():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
