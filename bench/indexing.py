"""What the full-text index costs where seeds become rows.

Reclean, promotion and all, with and without it.

The time is the processor's in one process, and the clock's with a process on every core, as the
command runs.

Once over a folder of seeds, nearly all of which have bodies, and once over a mix as in a real
collection, where one in five has: the same seeds, beside those without a body as often as it takes,
each time with another identity.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.seeds import repeated
from crawler.archive.archive import Archive
from crawler.config import PromoConfig
from crawler.flows import Stripping, find_seeds, reclean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def print_cost(folder: Path, *, share: int = 20, rounds: int = 3) -> None:
    """Print the time of reclean with and without the index.

    `share` of a hundred seeds of the mix have a body.
    """
    files, _ = find_seeds([folder])
    with tempfile.TemporaryDirectory() as scratch:
        bare = _without_body(files, Path(scratch))
        bodies = len(files) - len(bare)
        print(
            "\n| reclean of | seeds | with a body | without the index, CPU s | with it | more ",
            end="",
        )
        print("| on every core, s | with it | more |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        _print_row("the sample", files, bodies, rounds)
        if bare:
            times = round(bodies * (100 - share) / share / len(bare))
            below = repeated(_copied(bare, Path(scratch, "bare")), times, Path(scratch, "repeated"))
            mix = [*files, *find_seeds([below])[0]]
            _print_row("a mix as collected", mix, bodies, rounds)


def _without_body(files: Sequence[Path], scratch: Path) -> list[Path]:
    """The WeChat seeds among these that give an article without a text."""
    with Archive.open(scratch / "states.db", ngram=None) as archive:
        for _ in reclean(files, archive):
            pass
        rows = archive.database.execute(
            "SELECT path FROM seeds JOIN articles ON articles.id = seeds.article_id WHERE"
            " articles.body_hash = ''"
        )
        return [Path(path) for (path,) in rows.fetchall()]


def _copied(files: Sequence[Path], target: Path) -> Path:
    target.mkdir()
    for number, path in enumerate(files):
        shutil.copyfile(path, target / f"{number}.md")
    return target


def _print_row(name: str, files: Sequence[Path], bodies: int, rounds: int) -> None:
    """Alternate, and take the best of each, as other programs share the machine."""
    cells = [_compared(files, rounds, time.process_time, workers=1)]
    cells.append(_compared(files, rounds, time.perf_counter, workers=os.cpu_count() or 1))
    print(f"| {name} | {len(files):,} | {bodies:,} | {' | '.join(cells)} |", flush=True)


def _compared(
    files: Sequence[Path], rounds: int, clock: Callable[[], float], *, workers: int
) -> str:
    pairs = [[_seconds(files, clock, workers, ngram) for ngram in (None, 2)] for _ in range(rounds)]
    without, with_it = map(min, zip(*pairs, strict=True))
    return f"{without:.2f} | {with_it:.2f} | {100 * (with_it / without - 1):.0f} %"


def _seconds(
    files: Sequence[Path], clock: Callable[[], float], workers: int, ngram: int | None
) -> float:
    """What `crawler reclean` takes into a new archive."""
    with tempfile.TemporaryDirectory() as scratch:
        started = clock()
        with Archive.open(Path(scratch, "archive.db"), ngram=ngram) as archive:
            stripping = Stripping(archive, PromoConfig())
            for _ in reclean(files, archive, workers=workers, stripping=stripping):
                pass
            archive.name_articles()
            for _ in stripping.strip_all(archive.texts.accounts()):
                pass
        return clock() - started
