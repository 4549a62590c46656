"""How much and how long: an answer is read to its end and no further.

httpx cannot bound what it decodes (1.8 KB of gzip in gzip took 3 GB of memory), and takes a gzip
stream that stops in the middle for a whole one. So the raw bytes are inflated here, one layer, with
a bound.
"""

from __future__ import annotations

import time
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MB = 1 << 20
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and decoded bytes that one request may take."""

    connect: float = 15.0
    silence: float = 30.0  # between two bytes
    # of one address, with its tries and redirects, less the waits for its turn and between tries
    total: float = 90.0
    page: int = 16 * MB  # real pages have 2 to 4
    picture: int = 32 * MB


class Deadline:
    """The end of an exchange.

    Its time runs only inside `run`, so that waits for one's turn do not count.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seconds = self._left = seconds
        self._until = 0.0

    def restart(self) -> None:
        """Begin another exchange."""
        self._left = self._seconds

    @contextmanager
    def run(self) -> Iterator[None]:
        """Let the time run, for one request."""
        self._until = self._clock() + self._left
        try:
            yield
        finally:
            self._left = self.left

    @property
    def left(self) -> float:
        """Seconds that are left while the time runs."""
        return self._until - self._clock()

    def shorten(self, timeout: float | None, error: type[Exception]) -> float:
        """The timeout, or what is left of the exchange where that is less.

        Raises `error` where nothing is.
        """
        left = self.left
        if left <= 0:
            raise error("the time for the whole exchange is over")
        return left if timeout is None else min(timeout, left)


class OverLimitError(ValueError):
    """An answer is larger than it may be, or not encoded as we asked; says how.

    Another try would bring the same.
    """


class CutShortError(ValueError):
    """An answer ended before its end; says how."""


class Body:
    """Takes an answer's raw bytes as they come and gives its content, of `limit` bytes at most.

    `encoding` is the Content-Encoding. Raises OverLimitError for one that was not asked for.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        self._limit = limit
        self._raw = 0
        self._content = bytearray()
        self._inflater = _inflater(encoding)

    @property
    def so_far(self) -> bytes:
        """The content that has come until now."""
        return bytes(self._content)

    def feed(self, chunk: bytes) -> None:
        """Take some more bytes. Raises OverLimitError or CutShortError."""
        self._raw += len(chunk)
        self._content += self._inflated(chunk) if self._inflater else chunk
        if max(self._raw, len(self._content)) > self._limit:
            raise OverLimitError(f"is larger than {self._limit / MB:g} MB")

    def finish(self) -> bytes:
        """The whole content. Raises CutShortError where the compressed stream did not end."""
        if self._inflater and self._raw and not self._inflater.eof:
            raise CutShortError(f"was cut short: its gzip stops after {self._raw:,} bytes")
        return self.so_far

    def _inflated(self, chunk: bytes) -> bytes:
        if not self._inflater or self._inflater.eof:
            return b""  # what stands behind the end is dropped, as browsers do
        try:
            # One byte more than is allowed tells that there is too much; what zlib keeps back is
            # never asked for.
            return self._inflater.decompress(chunk, self._limit - len(self._content) + 1)
        except zlib.error as error:
            raise CutShortError(f"came with broken gzip ({error})") from None


def _inflater(encoding: str) -> zlib._Decompress | None:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return None
    if encoding in ("gzip", "x-gzip"):
        return zlib.decompressobj(_GZIP)
    raise OverLimitError(f"came encoded as {encoding[:40]!r}, though only gzip was asked for")
