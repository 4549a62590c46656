"""Kills at moments that are counted, not timed: a statement of SQLite's, a file that is touched.

A process of its own counts what it does, and says so when it comes to the moment that was chosen.
Whoever waits for that kills it; where they are slow, the process kills itself a few events later.
So a kill also lands inside a statement or a commit, and no clock decides whether it lands at all.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import traceback
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

LATEST = 3  # events after its moment, at which a process kills itself
_FILES = frozenset({"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"})
_PROGRAM = (".py", ".pyc", ".so")


@dataclass
class _Events:
    """What a process counts of itself; `moment` is 0 where it is to come to its end."""

    tell: int
    moment: int
    number: int = 0

    def begin(self) -> None:
        """Count from here on, in this process and in its workers."""
        connect = sqlite3.connect

        def counted(*arguments: Any, **options: Any) -> sqlite3.Connection:
            connection: sqlite3.Connection = connect(*arguments, **options)
            connection.set_trace_callback(self.count)
            return connection

        # of this process alone, which ends with the work
        sqlite3.connect = counted  # type: ignore[assignment]
        sys.addaudithook(self.audit)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Python's own word of every file."""
        if event in _FILES and not str(arguments[0]).endswith(_PROGRAM):
            self.count()

    def count(self, _statement: str = "") -> None:
        """One more event."""
        self.number += 1
        if self.number == self.moment:
            os.write(self.tell, b"!")
        elif self.moment and self.number >= self.moment + LATEST:
            os.killpg(0, signal.SIGKILL)


def run(work: Callable[[], int]) -> tuple[int, int]:
    """Run some work in a process of its own: the code that it gives, and how many events it had."""
    child, told = _start(work, 0)
    with os.fdopen(told, "rb") as pipe:
        events = int(pipe.read() or 0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), events


def kill(work: Callable[[], int], moment: int) -> bool:
    """Kill some work, and its own workers, at an event; returns whether it came to that."""
    child, told = _start(work, moment)
    with os.fdopen(told, "rb", buffering=0) as pipe:
        if pipe.read(1) == b"!":
            os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _start(work: Callable[[], int], moment: int) -> tuple[int, int]:
    """Begin the work in a group of processes of its own: its id, and where it tells of itself."""
    told, tell = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.12's, where a runner has threads
        child = os.fork()
    if child:
        os.close(tell)
        return child, told
    code = 1
    try:
        os.setsid()
        events = _Events(tell, moment)
        events.begin()
        code = work()
        os.write(tell, str(events.number).encode())
    except BaseException:  # noqa: BLE001  (nothing of it may reach the runner of the tests)
        traceback.print_exc()
    finally:
        os._exit(code)
