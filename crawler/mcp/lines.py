"""What comes in on standard input, line by line, so that every question can be answered.

The package of the protocol passes over a line that is no JSON to it without a word, and whoever
asked waits for ever: half a character in a string, which JSON may spell, is enough for that. And it
takes lines of any length. What is JSON and no message of the protocol is answered here. Where no
more lines come it drops the questions that it is at: so the end is told to it when they are
answered.
"""

from __future__ import annotations

import io
import json
import re
from codecs import BOM_UTF8
from threading import Condition, Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from typing_extensions import Buffer

_PATIENCE = 30.0  # seconds; a question takes one
MOST = 1 << 20  # bytes of a line; a question has some hundred
_ESCAPE = re.compile(rb"\\(?:(u[dD][89abAB]..\\u[dD][c-fC-F]..)|(u[dD][89a-fA-F]..)|.)")


def whole_characters(line: bytes) -> bytes:
    """A line of JSON in which U+FFFD stands for each half character."""
    told = line.removeprefix(BOM_UTF8)  # with which some programs begin what they write
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[2] else found[0], told)


def refusal(line: bytes, is_message: Callable[[str], bool]) -> bytes:
    """What is answered to a line of JSON that asks nothing in the protocol's way; else b"".

    So is a question whose number is none, which would be taken for one that wants no answer. What
    is said in answer to us, who ask nothing, is none.
    """
    text = line.decode(errors="replace")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return b""
    is_object, number = isinstance(told, dict), _number(told, "id")
    if is_object and not told.keys().isdisjoint(_ANSWERS) and "method" not in told:
        return b""
    if is_message(text) and (number or "id" not in told):
        return b""
    answered = {"jsonrpc": "2.0", "id": told["id"] if number else None, "error": _INVALID}
    return json.dumps(answered).encode() + b"\n"


_ANSWERS = ("result", "error")
_INVALID = {"code": -32600, "message": "Invalid Request"}


class Questions:
    """Those that were asked, and not answered yet, by their numbers."""

    def __init__(self) -> None:
        self._open: set[str] = set()
        self._change = Condition()

    def note_asked(self, line: bytes) -> None:
        """Note what a line asks; one that is no question, or is taken back, needs no answer."""
        told = _read(line)
        with self._change:
            if told.get("method") == "notifications/cancelled":
                self._open.discard(_number(told.get("params"), "requestId"))
            elif isinstance(told.get("method"), str) and told.get("jsonrpc") == "2.0":
                self._open |= {_number(told, "id")} - {""}

    def note_answered(self, line: bytes) -> None:
        """Note what a line answers."""
        told = _read(line)
        with self._change:
            if "result" in told or "error" in told:
                self._open.discard(_number(told, "id"))
                self._change.notify_all()

    def wait(self, patience: float) -> None:
        """Return when all are answered, or no answer came for so many seconds."""
        with self._change:
            while self._open and self._change.wait(patience):
                pass


def _number(told: object, name: str) -> str:
    """The number of a question, which may be a word; "" where there is none that gets an answer."""
    number = told.get(name) if isinstance(told, dict) else None
    is_one = isinstance(number, str | int) and not isinstance(number, bool)
    return repr(number) if is_one else ""


def _read(line: bytes) -> dict[str, Any]:
    """What stands in a line; nothing, where it is no object of JSON."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


class Lines(io.RawIOBase):
    """A stream of such lines; one that is too long is left out."""

    def __init__(
        self,
        source: BinaryIO,
        questions: Questions | None = None,
        on_failure: Callable[[OSError], None] = lambda _: None,
        is_passed: Callable[[bytes], bool] = lambda _: True,
    ) -> None:
        """The end comes when all `questions` are answered.

        `on_failure` hears of it when nothing can be read any more; of each line `is_passed` says
        whether it is one to be read here.
        """
        self._is_passed = is_passed
        self._source = source
        self._on_failure = on_failure
        self._questions = questions or Questions()
        self._waiting = b""

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, target: Buffer) -> int:
        """As io has it: what is left of a line, or of the next one."""
        view = memoryview(target).cast("B")
        if not self._waiting:
            self._waiting = self._passed()
            if not self._waiting:
                self._questions.wait(_PATIENCE)
        part, self._waiting = self._waiting[: len(view)], self._waiting[len(view) :]
        view[: len(part)] = part
        return len(part)

    def _passed(self) -> bytes:
        """The next line that is one to be read; b"" at the end."""
        while True:
            try:
                line = whole_characters(self._next())
            except OSError as failure:
                self._on_failure(failure)
                raise
            self._questions.note_asked(line)
            if not line or self._is_passed(line):
                return line

    def _next(self) -> bytes:
        while _is_cut(line := self._source.readline(MOST)):
            while _is_cut(self._source.readline(MOST)):
                pass
        return line


class Answers(io.RawIOBase):
    """What goes out on standard output; the questions hear of it."""

    def __init__(
        self,
        target: BinaryIO,
        questions: Questions,
        on_failure: Callable[[OSError], None] = lambda _: None,
    ) -> None:
        """`on_failure` hears of it when nobody takes what goes out."""
        self._target = target
        self._on_failure = on_failure
        self._questions = questions
        self._line = b""
        self._turn = Lock()
        self._kept: list[bytes] = []

    def writable(self) -> bool:
        """It is there to be written to."""
        return True

    def write(self, content: Buffer) -> int:
        """As io has it: all of it goes out at once."""
        came = bytes(content)
        with self._turn:
            self._put(came)
            while self._kept and not self._line:
                self._put(self._kept.pop(0))
        return len(came)

    def say(self, line: bytes) -> None:
        """Let a line of ours go out, behind the one that is under way."""
        with self._turn:
            if self._line:
                self._kept.append(line)
            else:
                self._put(line)

    def _put(self, came: bytes) -> None:
        try:
            self._target.write(came)
            self._target.flush()
        except OSError as failure:
            self._on_failure(failure)
            raise
        *lines, self._line = (self._line + came).split(b"\n")
        for line in lines:
            self._questions.note_answered(line)


def _is_cut(line: bytes) -> bool:
    return len(line) == MOST and not line.endswith(b"\n")
