"""Workers end with the run that they work for, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest

from crawler.errors import CrawlerError
from crawler.flows import workers
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

# A run that is interrupted while its workers are busy, and again while it waits for them.
_RUN = """
import signal, sys, threading, time
from crawler.flows.workers import in_batches

def slow(batch, seconds):
    time.sleep(seconds)
    return len(batch)

if __name__ == "__main__":
    try:
        for _ in in_batches(slow, [range(300)] * 12, 1.0, workers=2):
            press = signal.pthread_kill, (threading.get_ident(), signal.SIGINT)
            threading.Timer(0.4, *press).start()
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        print("stopped")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a group of processes is of POSIX")
def test_a_run_that_is_interrupted_while_it_waits_for_its_workers_ends(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(_RUN, encoding="utf-8")
    run = subprocess.Popen(  # noqa: S603
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said, _ = run.communicate(timeout=PATIENCE)  # which its workers hold open, too
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
    assert said == "stopped\n"


def test_workers_that_cannot_be_reached_by_a_file_are_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_path(*_: object) -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", no_path)
    with pytest.raises(CrawlerError, match=r"cannot be started: AF_UNIX path too long; .* TMPDIR"):
        list(workers.in_batches(len, [range(500)] * 2, None, workers=2))  # type: ignore[arg-type]


def _end_of_it(_: object, __: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signal")
def test_a_worker_that_the_system_kills_ends_the_run_in_words() -> None:
    with pytest.raises(CrawlerError, match=r"were killed, .* fewer --workers"):
        list(workers.in_batches(_end_of_it, [range(300)] * 40, None, workers=2))
