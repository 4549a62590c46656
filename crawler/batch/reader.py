"""Reading tables in a process of its own, which may die of one: that one is named.

What its process is, and why there is one, says `crawler.batch.reading`.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from crawler.batch.reading import FOOTER, MB, OUT_OF_MEMORY, PAGES
from crawler.errors import InputError
from crawler.inputs import MAX_PAGE_BYTES, name_of
from crawler.processes import start

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

    from crawler.batch.reading import Footer
    from crawler.processes import Child

MEMORY = 176
"""MB that reading may take beside the 70 that its process has: less than 300 in all."""

_PATIENCE = 600.0  # seconds; pieces may come from afar, and some tables unpack for ever

# The pool that Arrow prefers takes a gigabyte of addresses at once, and uses little of it; and what
# is freed is to be the system's again, which glibc's own threshold, once it has risen, prevents.
_EXACT = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(256 << 10),
}


class ReadPage(NamedTuple):
    """A page as it stands in a table; `html` is None where it is larger than any page."""

    html: bytes | None
    charset: str
    url: str


class IsolatedReader:
    """Reads footers and row groups, each within `memory` MB, and survives each of them.

    To be closed, and for one thread at a time.
    """

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory = memory
        self._child: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> int:
        """End the process; returns its exit code, or the negative number of what killed it."""
        child, self._child = self._child, None
        return child.end() if child else 0

    def _kill(self) -> None:
        """End the process, whatever it is at."""
        child, self._child = self._child, None
        if child:
            child.kill()

    def footer(self, path: Path) -> Footer:
        """What a file says of itself. Raises InputError where it cannot be read."""
        with self._asked(FOOTER, path, subject=name_of(path)) as connection:
            found: Footer = _answer(connection)
        return found

    def pages(self, path: Path, number: int, digest: str, *, subject: str) -> Iterator[ReadPage]:
        """The pages of a row group, one in memory at a time.

        Raises InputError, which names the `subject`, where they cannot be read, or where the file
        is not the one whose footer has this digest.
        """
        with self._asked(PAGES, path, number, digest, subject, subject=subject) as connection:
            while told := _answer(connection):
                charset, url, size = told
                html: bytes | None = b""
                if size > MAX_PAGE_BYTES:
                    html = None
                elif size:
                    html = connection.recv_bytes()
                yield ReadPage(html, charset, url)
                connection.send(None)  # which asks for the next

    @contextmanager
    def _asked(self, *question: object, subject: str) -> Iterator[Connection]:
        """The line on which the answers to a question come.

        A process that does not send all of them, or from which not all are taken, is ended.
        """
        child = self._child or start("crawler.batch.reading", self._memory * MB, env=_EXACT)
        self._child = child
        try:
            child.connection.send(question)
            yield child.connection
        except InputError:  # which the process sent as its answer
            raise
        except TimeoutError:
            self._kill()
            what = f"takes more than {_PATIENCE:g} seconds to be read on to the next page"
            raise InputError(subject, what, "write it anew in smaller pieces") from None
        except (EOFError, OSError):
            raise self._ended(subject) from None
        except BaseException:
            self._kill()
            raise

    def _ended(self, subject: str) -> InputError:
        """What ended the process, in words."""
        code = self.close()
        what = f"needs more than {self._memory:,} MB of memory to be read"
        if code < 0:
            name = signal.Signals(-code).name
            what = f"{what}, or is broken: it killed the process that read it ({name})"
        elif code != OUT_OF_MEMORY:
            what = f"ended the process that read it (exit code {code})"
        return InputError(subject, what, "write it anew in smaller pieces, or see --memory")


def _answer(connection: Connection) -> Any:
    """What the process answers. Raises the error that it sends, and TimeoutError."""
    if not connection.poll(_PATIENCE):
        raise TimeoutError
    answer = connection.recv()
    if isinstance(answer, InputError):
        raise answer
    return answer
