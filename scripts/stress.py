"""Runs all tests many times in a row on a machine that is busy with something else.

`python -m scripts.stress [RUNS]` keeps four processors busy with stress-ng and runs all tests, the
quick and the slow ones together, ten times, each time in another order, with more workers than a
small machine has processors, so that the tests are in each other's way too. It says how many runs
passed and on which commit, and names what failed; the exit code is 1 where anything did.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
RUNS = 10
BUSY = ("stress-ng", "--cpu", "4", "--quiet")
WORKERS = "16"
EVERYTHING = ("-m", "slow or not slow", "--dist", "worksteal", "--tb=short")
_FAILED = re.compile(r"^(?:\[gw\d+\].*?)?(?:FAILED|ERROR) (tests/.*?) *(?: - .*)?$", re.MULTILINE)


@contextmanager
def busy_machine() -> Iterator[None]:
    """Four processes that do nothing but count, for as long as the tests run."""
    with subprocess.Popen(BUSY) as busy:  # noqa: S603  (a constant)
        try:
            yield
        finally:
            busy.terminate()


def failures() -> list[str]:
    """Run all tests; returns a line for each that failed, or one where nothing ran.

    Tests are named as they end, so that they are known where pytest itself does not get to its end.
    """
    command = [sys.executable, "-m", "pytest", "-v", "-n", WORKERS, *EVERYTHING]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode == 0:
        return []
    print(done.stdout[-20_000:], done.stderr[-2_000:], flush=True)
    named = list(dict.fromkeys(_FAILED.findall(done.stdout)))
    return named or [f"the tests ended with {done.returncode}"]


def commit() -> str:
    """What is checked out, by its short name."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout.strip()


def main(arguments: list[str]) -> int:
    """Run all, and say what came of it."""
    if shutil.which(BUSY[0]) is None:
        print(f"needs {BUSY[0]}: install it first")
        return 2
    runs = int(arguments[0]) if arguments else RUNS
    passed = 0
    with busy_machine():
        for number in range(1, runs + 1):
            failed = failures()
            passed += not failed
            print(f"run {number}: {'; '.join(failed) or 'passed'}", flush=True)
    print(f"{passed} of {runs} runs passed on {commit()}")
    return int(passed < runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
