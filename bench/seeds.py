"""How fast seeds become rows: `python -m bench.seeds [FOLDER] [--workers N] [--repeat N]`.

Prints seeds a second (read, clean, save) in the given number of processes, beside the floor:
reading the same files and inserting the finished rows with plain sqlite3. `--repeat` copies the
folder N times with new identities first, so that a sample stands for a collection.
"""

from __future__ import annotations

import argparse
import re
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.archive import Archive
from crawler.flows import find_seeds, reclean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "seeds"
_MID = re.compile(rb"mid=(\d+)")
_TOKEN = re.compile(rb"(qq\.com/s/)([\w-]{4})")


def repeated(folder: Path, times: int, target: Path) -> Path:
    """Copies of every seed below `folder`, each round with identities of its own."""
    files, _ = find_seeds([folder])
    for number in range(times):
        below = target / f"{number:03}"
        below.mkdir(parents=True)
        for index, path in enumerate(files):
            content = _MID.sub(rb"mid=%d\1" % (number + 1), path.read_bytes(), count=1)
            content = _TOKEN.sub(rb"\g<1>%04d" % number, content, count=1)
            (below / f"{index}.md").write_bytes(content)
    return target


def clean_into(files: Sequence[Path], database: Path, workers: int, *, index: bool) -> float:
    """Seconds that reclean takes over the files, with or without the full-text index."""
    start = time.perf_counter()
    with Archive.open(database, ngram=2 if index else None) as archive:
        for _ in reclean(files, archive, workers=workers):
            pass
    return time.perf_counter() - start


TABLES = (
    "articles",
    "urls",
    "revisions",
    "events",
    "copies",
    "removed",
    "seeds",
    "accounts",
    "queue",
)


def floor(files: Sequence[Path], database: Path, target: Path, *, keyed: bool) -> float:
    """Seconds that reading the files and inserting the finished rows takes with plain sqlite3.

    `keyed`: into tables with the archive's own keys and indexes, without which it could not be
    asked for anything.
    """
    source = sqlite3.connect(database)
    rows = {table: source.execute(f"select * from {table}").fetchall() for table in TABLES}  # noqa: S608
    kept = (
        "select sql from sqlite_master where sql is not null and type <> 'trigger' "  # noqa: S608
        f"and tbl_name in {TABLES}"
    )
    schema = (
        [statement for (statement,) in source.execute(kept)]
        if keyed
        else list(map(_bare(source), TABLES))
    )
    start = time.perf_counter()
    for path in files:
        path.read_bytes()
    with sqlite3.connect(target) as plain:
        for statement in schema:
            plain.execute(statement)
        for table in TABLES:
            marks = ", ".join("?" * len(rows[table][0])) if rows[table] else ""
            plain.executemany(f"insert into {table} values ({marks})", rows[table])  # noqa: S608
    return time.perf_counter() - start


def _bare(source: sqlite3.Connection) -> Callable[[str], str]:
    def statement(table: str) -> str:
        columns = ", ".join(row[1] for row in source.execute(f"pragma table_info({table})"))
        return f"create table {table} ({columns})"

    return statement


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=0)
    parser.add_argument("--no-index", action="store_true", help="without the full-text index")
    options = parser.parse_args()
    if not options.folder.is_dir():
        sys.exit(f"{options.folder}: no such folder; give a folder of seeds")
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch)
        folder = (
            repeated(options.folder, options.repeat, place / "seeds")
            if options.repeat
            else options.folder
        )
        files, _ = find_seeds([folder])
        seconds = clean_into(
            files, place / "archive.db", options.workers, index=not options.no_index
        )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        bare = floor(files, place / "archive.db", place / "bare.db", keyed=False)
        keyed = floor(files, place / "archive.db", place / "keyed.db", keyed=True)
        size = (place / "archive.db").stat().st_size / 1e6
        rate = len(files) / seconds
        print(
            f"{len(files):,} seeds in {seconds:.1f} s: {rate:,.0f} a second, {options.workers}"
            " worker(s)"
        )
        print(f"floor {bare:.1f} s: {seconds / bare:.1f} times as long")
        print(
            f"floor with the archive's keys and indexes {keyed:.1f} s: {seconds / keyed:.1f} times"
            " as long"
        )
        print(f"peak {peak:.0f} MB; archive {size:.0f} MB")


if __name__ == "__main__":
    main()
