"""What comes in on standard input, line by line, so that every question can be answered.

The package of the protocol passes over a line that is no JSON to it without a word, and whoever
asked waits for ever: half a character in a string, which JSON may spell, is enough for that. And it
takes lines of any length.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

    from typing_extensions import Buffer

MOST = 1 << 20  # bytes of a line; a question has some hundred
_ESCAPE = re.compile(rb"\\(?:(u[dD][89abAB]..\\u[dD][c-fC-F]..)|(u[dD][89a-fA-F]..)|.)")


def whole_characters(line: bytes) -> bytes:
    """A line of JSON in which U+FFFD stands for each half character."""
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[2] else found[0], line)


class Lines(io.RawIOBase):
    """A stream of such lines; one that is too long is left out."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._waiting = b""

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, target: Buffer) -> int:
        """As io has it: what is left of a line, or of the next one."""
        view = memoryview(target).cast("B")
        if not self._waiting:
            self._waiting = whole_characters(self._next())
        part, self._waiting = self._waiting[: len(view)], self._waiting[len(view) :]
        view[: len(part)] = part
        return len(part)

    def _next(self) -> bytes:
        while _is_cut(line := self._source.readline(MOST)):
            while _is_cut(self._source.readline(MOST)):
                pass
        return line


def _is_cut(line: bytes) -> bool:
    return len(line) == MOST and not line.endswith(b"\n")
