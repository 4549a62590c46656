"""Reads an answer to its end and no further: inflated by ourselves, because httpx cannot bound what it decodes."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.errors import FetchError
from crawler.fetch.retry import Interrupted

if TYPE_CHECKING:
    from collections.abc import Iterable

CONNECT_SECONDS = 15.0
SILENCE_SECONDS = 30.0  # between two bytes
PAGE_SECONDS = 90.0  # for all of one exchange, which a drip of a byte a second would otherwise stretch for ever

_GZIP = 16 + zlib.MAX_WBITS
_STEP = 1 << 16  # bytes inflated at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much one answer may hold, in bytes after decoding."""

    size: int
    what: str

    def too_large(self, url: str) -> FetchError:
        """The error of an answer that does not end."""
        return FetchError(url, f"is larger than the {self.size >> 20} MB that {self.what} may have", "nothing was kept")


PAGE = Bounds(size=16 << 20, what="a page")  # real pages have 2 to 4 MB
PICTURE = Bounds(size=32 << 20, what="a picture")


def read_bounded(url: str, chunks: Iterable[bytes], *, encoding: str, bounds: Bounds) -> bytes:
    """The whole body, decoded once.

    `encoding` is the Content-Encoding. Raises Interrupted where it is cut short, FetchError where it is too large or
    is not encoded as we asked.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return _read_plain(url, chunks, bounds)
    if encoding not in ("gzip", "x-gzip"):
        raise FetchError(url, f"came as {encoding[:40]!r}, though only gzip was asked for", "nothing was kept")
    return _read_gzip(url, chunks, bounds)


def _read_plain(url: str, chunks: Iterable[bytes], bounds: Bounds) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > bounds.size:
            raise bounds.too_large(url)
    return bytes(body)


def _read_gzip(url: str, chunks: Iterable[bytes], bounds: Bounds) -> bytes:
    """One layer: a page that is compressed twice is no page."""
    body = bytearray()
    inflater = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            rest = chunk
            while rest and not inflater.eof:
                body += inflater.decompress(rest, _STEP)
                rest = inflater.unconsumed_tail
                if len(body) > bounds.size:
                    raise bounds.too_large(url)
        body += inflater.flush()
    except zlib.error as error:
        raise Interrupted(url, f"came with broken gzip ({error})", "try again later") from None
    if not inflater.eof:  # zlib takes a stream that stops in the middle for a whole one
        raise Interrupted(url, f"was cut short after {len(body):,} bytes", "try again later")
    if len(body) > bounds.size:
        raise bounds.too_large(url)
    return bytes(body)
