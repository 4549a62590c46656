"""Cleaning in a process of its own, which may hang or die of a document: that one fails, by name.

No engine can do that for us: where a task of theirs kills its process, the whole table is lost.
What runs in the process is `crawler.batch.child`.
"""

from __future__ import annotations

import os
import signal
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from crawler.batch.documents import clean_document, failed_document
from crawler.errors import ConfigError
from crawler.processes import start

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

    from crawler.processes import Child

    Record = dict[str, Any]
    Clean = Callable[[bytes, str, str], Record]

SECONDS = 60.0
"""How long one document may take: 10,000 times as long as most do."""

_LONGEST = 86_400  # seconds: a day
_GRACE = 10.0  # seconds more, after which the kernel is not waited for


class IsolatedCleaner:
    """Cleans one document after another as `clean_document` does, and survives each of them.

    One that takes longer than `seconds`, or kills the process that cleans it, gets a record whose
    `error` says so. `clean` is a function of a module, which that process imports. To be closed.
    Threads take turns, and the child of a fork starts a process of its own. Raises ConfigError
    where `seconds` is no time to wait.
    """

    def __init__(self, clean: Clean = clean_document, *, seconds: float = SECONDS) -> None:
        if not 0 < seconds <= _LONGEST:
            what = f"seconds = {seconds} is not allowed"
            raise ConfigError("IsolatedCleaner", what, f"it takes more than 0, {_LONGEST} at most")
        self._clean = clean
        self._seconds = seconds
        self._child: Child | None = None
        self._owner = os.getpid()  # which has the line to the child
        self._turn = Lock()

    def __reduce__(self) -> tuple[Callable[[], IsolatedCleaner], tuple[()]]:
        """To another process it goes without its own."""
        return partial(IsolatedCleaner, self._clean, seconds=self._seconds), ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def clean(self, html: bytes, charset: str = "", url: str = "") -> Record:
        """The record of one document.

        Raises CrawlerError where no process can be started, as on Windows.
        """
        if self._owner != os.getpid():  # two at one line would get each other's answers
            self._owner, self._child, self._turn = os.getpid(), None, Lock()
        with self._turn:
            return self._cleaned(html, charset, url)

    def _cleaned(self, html: bytes, charset: str, url: str) -> Record:
        told = (self._clean, self._seconds)
        process, connection = self._child = self._child or start("crawler.batch.child", told)
        try:
            connection.send((charset, url))
            connection.send_bytes(html)
            if not connection.poll(self._seconds + _GRACE):
                return failed_document(html, url, self._give_up(process))
            record: Record = connection.recv()
        except (EOFError, OSError):
            return failed_document(html, url, self._cause())
        except BaseException:  # Ctrl-C: the answer would be taken for that to the next document
            process.kill()
            self.close()
            raise
        return record

    def close(self) -> int:
        """End the process; returns its exit code, or the negative number of what killed it."""
        child, self._child = self._child, None
        return child.end() if child else 0

    def _give_up(self, process: Popen[bytes]) -> str:
        """End a process that the kernel did not end: it is stopped, or another has its line."""
        if process.poll() is not None:
            return self._cause()
        process.kill()
        self.close()
        return self._took_too_long()

    def _took_too_long(self) -> str:
        return f"it took longer than {self._seconds:g} seconds"

    def _cause(self) -> str:
        """What ended the process."""
        code = self.close()
        if code == -signal.SIGALRM:
            return self._took_too_long()
        if code < 0:
            return f"it killed the process that cleaned it ({signal.Signals(-code).name})"
        return f"it ended the process that cleaned it (exit code {code})"
