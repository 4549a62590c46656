"""A disk that fails once: at a call that is counted, of those for the files of a folder."""

from __future__ import annotations

import builtins
import errno
import io
import os
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CODES: dict[str, tuple[int, ...]] = {
    "stat": (errno.EIO, errno.EACCES),
    "open": (errno.EIO, errno.EACCES, errno.ENOSPC, errno.EMFILE),
    "read": (errno.EIO,),
    "replace": (errno.EIO, errno.EACCES, errno.ENOSPC, errno.EXDEV),
    "unlink": (errno.EACCES,),
    "mkdir": (errno.ENOSPC,),
    "list": (errno.EIO, errno.EACCES),
}
"""What fails, and how a disk may say so."""

_OPENING: tuple[tuple[Any, str], ...] = ((os, "open"), (io, "open"), (builtins, "open"))
_CALLS: dict[str, tuple[tuple[Any, str], ...]] = {
    "stat": ((os, "stat"), (os, "lstat")),
    "open": _OPENING,
    "read": _OPENING,
    "replace": ((os, "replace"), (os, "rename"), (os, "link")),
    "unlink": ((os, "unlink"),),
    "mkdir": ((os, "mkdir"),),
    "list": ((os, "scandir"), (os, "listdir")),
}
SICK = "/proc/self/mem"  # a regular file that opens, and cannot be read
_PLACES = 4  # lines of ours that are told of a call


@dataclass
class Fault:
    """The call of a kind that fails, by its number; 0 is none. `number` is how many there were.

    Only calls for files of the folder count. `file` is that of the call which failed, and `where`
    says who made it.
    """

    kind: str
    folder: Path
    moment: int = 0
    code: int = errno.EIO
    number: int = 0
    file: str = ""
    where: str = ""

    def around(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call as it is, but for the one that fails."""

        def called(given: Any = ".", *others: Any, **named: Any) -> Any:
            reads = self.kind != "read" or _reads(*others[:1], **named)
            if not (reads and self._comes(given)):
                return call(given, *others, **named)
            if self.kind == "read":
                return call(SICK, *others, **named)
            raise OSError(self.code, os.strerror(self.code), os.fspath(given))

        return called

    def _comes(self, given: object) -> bool:
        """Whether this is the call that fails."""
        if not isinstance(given, str | bytes | os.PathLike):
            return False
        path = os.path.abspath(os.fsdecode(given))  # noqa: PTH100  (with no look at the disk)
        if not path.startswith(str(self.folder)):
            return False
        self.number += 1
        if self.number != self.moment:
            return False
        self.file, self.where = path, " < ".join(_callers())
        return True


def _reads(how: object = "r", *, mode: str = "r", **_: object) -> bool:
    """Whether a file is opened to be read alone."""
    if isinstance(how, int):
        return how & os.O_ACCMODE == os.O_RDONLY
    return {str(how), mode} <= {"r", "rb"}


def _callers() -> Iterator[str]:
    """The last lines of ours that led to a call."""
    frame, left = sys._getframe(), _PLACES
    while frame.f_back and left:
        frame = frame.f_back
        path = Path(frame.f_code.co_filename)
        if "crawler" in path.parts[:-1]:
            left -= 1
            yield f"{path.name}:{frame.f_lineno}"


@contextmanager
def once(fault: Fault) -> Iterator[Fault]:
    """Let one call of a kind fail until the block ends."""
    with ExitStack() as stack:
        for module, name in _CALLS[fault.kind]:
            call = fault.around(getattr(module, name))
            stack.enter_context(mock.patch.object(module, name, call))
        yield fault
