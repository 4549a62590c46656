"""The archive for programs that ask by the Model Context Protocol, read-only and bounded.

The official package of the protocol is the optional extra `mcp`; this module imports without it.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from concurrent.futures import Future, InvalidStateError, wait
from functools import partial
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from crawler.errors import ArchiveError, InputError, extra_missing
from crawler.inputs import is_file
from crawler.mcp.lines import Answers, Lines, Questions, refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO, TextIO

    from mcp.server import MCPServer

__all__ = ["make_server", "run_server"]


def make_server(path: Path) -> MCPServer:
    """A server of one archive, which each question opens for reading.

    Raises ConfigError where the extra is not installed, ArchiveError where there is no such file.
    """
    if not is_file(path):
        raise ArchiveError(str(path), "no such archive", "make one with: crawler reclean")
    try:
        from crawler.mcp.server import build_server  # noqa: PLC0415 -- it needs the extra
    except ModuleNotFoundError as error:
        raise extra_missing("crawler mcp", error, "mcp") from None
    return build_server(path)


def run_server(path: Path) -> None:
    """Answer on standard output what is asked on standard input, until that ends.

    Raises as `make_server`, InputError where no questions can be read any more, and OSError where
    nobody takes the answers.
    """
    server = make_server(path)
    asked, told = sys.stdin, sys.stdout
    questions = Questions()
    over: Future[None] = Future()
    answers = Answers(_own(told.buffer, "wb"), questions, partial(_end, over))
    source, is_passed = _own(asked.buffer, "rb"), partial(_is_passed, answers)
    lines = Lines(source, questions, lambda why: _end(over, _unread(why)), is_passed)
    sys.stdin = _standing_for(io.BufferedReader(lines))
    sys.stdout = _standing_for(io.BufferedWriter(answers))
    try:
        _run_aside(partial(server.run, "stdio"), over)
    finally:
        sys.stdin, sys.stdout = asked, told


def _is_passed(answers: Answers, line: bytes) -> bool:
    """Whether a line is the protocol's own; one that is no message is answered at once."""
    from crawler.mcp.server import is_message  # noqa: PLC0415 -- it needs the extra

    refused = refusal(line, is_message)
    if refused:
        answers.say(refused)
    return not refused


def _unread(failure: OSError) -> InputError:
    """That whoever asked is gone, as a terminal or a socket may be, or never could be heard."""
    what = f"cannot be read: {failure.strerror or failure}"
    return InputError("standard input", what, "start it anew from the program that asks")


def _standing_for(buffer: BinaryIO) -> TextIO:
    """What the package of the protocol takes for a standard stream; it asks for the buffer alone.

    A stream of text closes its buffer when it is let go of, and waits for whoever uses that.
    """
    return cast("TextIO", SimpleNamespace(buffer=buffer))


def _own(stream: BinaryIO, mode: str) -> BinaryIO:
    """A stream to the same place, which nobody closes or empties when the process ends.

    For that a lock is waited for, which is held by whoever waits for the other end.
    """
    try:
        number = os.dup(stream.fileno())
    except (OSError, ValueError):
        return stream
    return cast("BinaryIO", open(number, mode, closefd=False))


def _run_aside(work: Callable[[], None], over: Future[None]) -> None:
    """Run a server in a thread, until it ends, or what it does is `over`, or a signal comes.

    It waits for the other end in threads that no signal wakes, and for these when it ends. Those
    of a daemon are daemons, and nobody waits for them.
    """

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001  (it is raised where it is waited for)
            _end(over, error)
        else:
            _end(over, None)

    Thread(target=run, name="mcp", daemon=True).start()
    while not wait([over], _LOOK).done:
        pass
    over.result()


_LOOK = 1.0  # seconds; on Windows Ctrl-C is seen only between two waits


def _end(over: Future[None], error: BaseException | None) -> None:
    """Say how it ended; what comes first counts."""
    with contextlib.suppress(InvalidStateError):
        if error is None:
            over.set_result(None)
        else:
            over.set_exception(error)
