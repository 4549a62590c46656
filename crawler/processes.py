"""Processes beside ours, which take what may hang or kill, and a line to each of them.

They are plain ones, for workers of engines may not have children of `multiprocessing`.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from multiprocessing import Pipe
from subprocess import DEVNULL, Popen, TimeoutExpired
from typing import TYPE_CHECKING, NamedTuple

from crawler.errors import CrawlerError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from multiprocessing.connection import Connection


PATIENCE = 10.0  # seconds in which a process ends that is told to


class Child(NamedTuple):
    """A process, and the line to it."""

    process: Popen[bytes]
    connection: Connection

    def end(self) -> int:
        """Let it end; returns its exit code, or the negative number of what killed it."""
        self.connection.close()  # which is the process's word to end, where it lives
        with suppress(TimeoutExpired):
            return self.process.wait(PATIENCE)
        # it heard nothing, for the child of a fork has the same line
        self.process.kill()
        return self.process.wait()

    def kill(self) -> None:
        """End it, whatever it is at."""
        self.process.kill()
        self.end()


def start(module: str, told: object, *, env: Mapping[str, str] | None = None) -> Child:
    """Start a process that runs a module's `main`, given its end of the line as a number.

    The first that it hears is where to import from, the second what is `told`.
    `env` is what it has in its environment beside ours. Raises CrawlerError where it cannot be
    started or does not answer, and on Windows, where nothing could end it.
    """
    if sys.platform == "win32":
        what = "cannot end a process that takes too long on this system"
        raise CrawlerError(module, what, "use Linux, macOS, or clean_table")
    try:
        process, ours = _started(module, {**os.environ, **(env or {})})
    except OSError as error:
        what = f"the process to work in cannot be started: {error.strerror or error}"
        raise CrawlerError(module, what, "see the limits of this shell: ulimit -a") from None
    try:
        ours.send(sys.path)
        ours.send(told)
        ours.recv()
    except (EOFError, OSError):
        ours.close()
        what = f"the process to work in did not start (exit code {process.wait()})"
        raise CrawlerError(module, what, "see what it says above") from None
    return Child(process, ours)


def _started(module: str, env: Mapping[str, str]) -> tuple[Popen[bytes], Connection]:
    """The process, and our end of the line to it."""
    ours, theirs = Pipe()
    with theirs:
        number = theirs.fileno()
        program = (sys.executable, "-P", "-c", f"from {module} import main; main({number})")
        process = Popen(  # noqa: S603
            program,
            stdin=DEVNULL,
            stdout=DEVNULL,
            pass_fds=[number],
            env=env,
            process_group=0,  # Ctrl-C is for who started it, also while it loads
        )
    return process, ours
