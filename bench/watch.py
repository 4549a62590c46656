"""Sixty days of a watched archive: `python -m bench.watch [--articles N] [--looks N] [--hazard H]`.

20,000 articles at 500 looks a day before a WeChat in process, on a clock of its own: which deaths
are known and how soon, what was called dead and was not, whether every last good text is there, how
many requests a day was asked. `tests/sixty_days.py` says what the model is. It takes five minutes
of a processor; the slow tests run a tenth of it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.sixty_days import HAZARDS, YEAR, live_through


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.watch", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--looks", type=int, default=500, help="a day")
    parser.add_argument("--hazard", choices=[*HAZARDS, "even"], default="weibo")
    parser.add_argument(
        "--filled-in", type=int, default=YEAR, help="days in which the archive was filled"
    )
    given = parser.parse_args()
    print(
        f"{given.articles:,} articles within {given.filled_in} days, {given.looks:,} looks a day,"
        f" hazard: {given.hazard}"
    )
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        came = live_through(
            Path(folder),
            count=given.articles,
            looks=given.looks,
            hazard=given.hazard,
            filled_in=given.filled_in,
        )
        size = (Path(folder) / "archive.db").stat().st_size
    for line in came.lines():
        print(f"  {line}")
    print(f"  {time.process_time() - started:.0f} s of processor, {size / 1e6:.0f} MB of archive")


if __name__ == "__main__":
    main()
