"""Cleaning in a process of its own, which may hang or die of a document: that one fails, by name.

No engine can do that for us: where a task of theirs kills its process, the whole table is lost. The
process is a plain one (`crawler.batch.child`), for workers of engines may not have children of
`multiprocessing`.
"""

from __future__ import annotations

import signal
import sys
from functools import partial
from multiprocessing import Pipe
from subprocess import DEVNULL, Popen
from typing import TYPE_CHECKING, Any, Self

from crawler.batch.documents import clean_document, failed_document
from crawler.errors import CrawlerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    Record = dict[str, Any]
    Clean = Callable[[bytes, str, str], Record]

SECONDS = 60.0
"""How long one document may take: 10,000 times as long as most do."""

_GRACE = 10.0  # seconds more, after which the kernel is not waited for


class IsolatedCleaner:
    """Cleans one document after another as `clean_document` does, and survives each of them.

    One that takes longer than `seconds`, or kills the process that cleans it, gets a record whose
    `error` says so. `clean` is a function of a module, which that process imports. To be closed,
    and for one thread at a time.
    """

    def __init__(self, clean: Clean = clean_document, *, seconds: float = SECONDS) -> None:
        self._clean = clean
        self._seconds = seconds
        self._child: tuple[Popen[bytes], Connection] | None = None

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
        process, connection = self._child = self._child or self._start()
        try:
            connection.send((html, charset, url))
            if not connection.poll(self._seconds + _GRACE):
                return failed_document(html, url, self._give_up(process))
            record: Record = connection.recv()
        except (EOFError, OSError):
            return failed_document(html, url, self._cause())
        except BaseException:  # Ctrl-C: the answer would be taken for that to the next document
            self.close()
            raise
        return record

    def close(self) -> int:
        """End the process; returns its exit code, or the negative number of what killed it."""
        if not self._child:
            return 0
        process, connection = self._child
        self._child = None
        connection.close()  # which is the process's word to end, where it lives
        return process.wait()

    def _start(self) -> tuple[Popen[bytes], Connection]:
        if sys.platform == "win32":
            what = "cannot end a process that takes too long on this system"
            raise CrawlerError("crawler.batch", what, "use Linux, macOS, or clean_table")
        ours, theirs = Pipe()
        with theirs:
            number = theirs.fileno()
            program = (sys.executable, "-P", "-m", "crawler.batch.child", str(number))
            process = Popen(program, stdin=DEVNULL, stdout=DEVNULL, pass_fds=[number])  # noqa: S603
        try:
            ours.send(sys.path)
            ours.send((self._clean, self._seconds))
            ours.recv()
        except (EOFError, OSError):
            ours.close()
            what = f"the process to clean in did not start (exit code {process.wait()})"
            raise CrawlerError("crawler.batch", what, "see what it says above") from None
        return process, ours

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
