"""Workers end with the run that they work for, however that ends."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

import pytest

from crawler.errors import CrawlerError
from crawler.flows import workers
from tests.conftest import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Collection
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
    assert _said_by(_RUN, tmp_path) == "stopped\n"


def _said_by(program: str, folder: Path) -> str:
    """What a program and its workers say until all of them have ended."""
    script = folder / "run.py"
    script.write_text(program, encoding="utf-8")
    run = subprocess.Popen(  # noqa: S603
        [sys.executable, str(script)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        said, _ = run.communicate(timeout=PATIENCE)  # which its workers hold open, too
    finally:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
    return said


_KILLED = """
import os, signal
from crawler.flows.workers import in_batches

def size(batch, _):
    return len(batch)

if __name__ == "__main__":
    for _ in in_batches(size, [range(300)] * 40, None, workers=2):
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signal")
def test_workers_whose_run_is_killed_end_with_it_and_hold_no_pipe_open(tmp_path: Path) -> None:
    assert _said_by(_KILLED, tmp_path) == ""


# What loads where workers are made of, at the moment at which a terminal gives Ctrl-C to all.
_LOADING = """
import multiprocessing, os, signal

if multiprocessing.parent_process() or "spawn" in os.environ.get("OF", ""):
    os.kill(os.getpid(), signal.SIGINT)

def size(batch, _):
    return len(batch)
"""
_LOADED = """
import os
from crawler.flows.workers import in_batches
from loading import size

os.environ["OF"] = "spawn"
if __name__ == "__main__":
    print(sum(in_batches(size, [range(300)] * 4, None, workers=2)))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_what_workers_are_made_of_hears_no_ctrl_c_while_it_loads(tmp_path: Path) -> None:
    for name, text in (("loading", _LOADING), ("run", _LOADED)):
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "run.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603
    assert (done.stdout, done.stderr) == ("1200\n", "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_ctrl_c_just_before_workers_are_started_is_heard_again_when_it_is_pressed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resource_tracker.ensure_running()
    mask = signal.pthread_sigmask

    def pressed(how: int, signals: Collection[int]) -> set[signal.Signals | int]:
        before = mask(how, signals)
        if how == signal.SIG_BLOCK and signals:  # Python tells of it when it has masked it
            raise KeyboardInterrupt
        return before

    monkeypatch.setattr(signal, "pthread_sigmask", pressed)
    with pytest.raises(KeyboardInterrupt):
        list(workers.in_batches(len, [range(500)] * 2, None, workers=2))  # type: ignore[arg-type]
    assert signal.SIGINT not in mask(signal.SIG_UNBLOCK, {signal.SIGINT})


def test_workers_that_cannot_be_reached_by_a_file_are_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_path(*_: object) -> None:
        raise OSError("AF_UNIX path too long")

    monkeypatch.setattr(ProcessPoolExecutor, "submit", no_path)
    with pytest.raises(CrawlerError, match=r"cannot be started: AF_UNIX path too long; .* TMPDIR"):
        list(workers.in_batches(len, [range(500)] * 2, None, workers=2))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(errno.ENOENT, "No such file or directory"),  # /dev/shm, in a chroot
        OSError(errno.ENOSYS, "Function not implemented"),
        NotImplementedError("system provides too few semaphores"),
        ImportError("This platform lacks a functioning sem_open implementation"),
    ],
)
def test_where_processes_can_share_no_locks_all_is_done_in_this_one(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def no_locks(*_: object) -> None:
        raise error

    monkeypatch.setattr(ProcessPoolExecutor, "__init__", no_locks)
    sizes = workers.in_batches(_size_of, [range(300)] * 3, None, workers=2)
    assert list(sizes) == [300] * 3


def _size_of(batch: range, _: None) -> int:
    return len(batch)


def _end_of_it(_: object, __: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such signal")
def test_a_worker_that_the_system_kills_ends_the_run_in_words() -> None:
    with pytest.raises(CrawlerError, match=r"were killed, .* fewer --workers"):
        list(workers.in_batches(_end_of_it, [range(300)] * 40, None, workers=2))
