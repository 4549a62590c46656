"""Pages as a server packed them for the way, unpacked within a bound.

A crawler's WARC keeps what was sent: by gzip and deflate, of today's servers by Brotli and zstd.
"""

from __future__ import annotations

import re
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import zstandard
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader  # type: ignore[import-untyped]

from crawler.characters import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]

_PIECE = 8  # bytes of Brotli or zstd, of which a dozen may be 16 MB
_ZSTD_WINDOW = 8 << 20  # bytes; of what is sent by HTTP no more is allowed [RFC 9659]
_PLAIN = ("", "identity")
_BEGINNING = 200  # bytes; some tools unpack a page, and leave the header that says how it was sent
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")


class PackedError(ValueError):
    """What was sent is packed in a way that is not known, or is damaged."""


class _Endless:
    """Unpacks without a bound of its own, and does not tell where it ended."""

    unused_data = None

    def __init__(self, decompress: Callable[[bytes], bytes]) -> None:
        self.decompress = decompress


def _brotli() -> _Endless:
    stream = import_module("brotli").Decompressor()
    return _Endless(getattr(stream, "decompress", None) or stream.process)


def _zstd() -> _Endless:
    stream = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
    return _Endless(stream.decompress)


_WAYS = {**BufferedReader.DECOMPRESSORS, "br": _brotli, "zstd": _zstd}


def read_content(record: ArcWarcRecord, bound: int) -> bytes:
    """What a record holds, unpacked, of which no more than `bound` bytes are.

    Raises PackedError where it is packed so that it cannot be read.
    """
    headers = record.http_headers
    said = (headers.get_header("Content-Encoding") or "") if headers else ""
    way = said.strip().lower().removeprefix("x-")
    stream = _as_sent(record)
    if way in _WAYS:
        stream.DECOMPRESSORS = {
            name: partial(_Unpacking, make, bound) for name, make in _WAYS.items()
        }
        stream.set_decomp(way)
    content: bytes = stream.read(bound)
    is_unpacked = way in _WAYS and stream.decompressor
    if way not in _PLAIN and not is_unpacked and _NO_TEXT.search(content, 0, _BEGINNING):
        raise PackedError(f"a page in it was packed by {visible(way)[:20]}, and cannot be unpacked")
    return content


def _as_sent(record: ArcWarcRecord) -> Any:
    """What a record holds, put together: warcio's own stream fails at Brotli from 1.2 on."""
    headers = record.http_headers
    way = (headers.get_header("Transfer-Encoding") or "") if headers else ""
    is_in_pieces = way.strip().lower() == "chunked"
    return (ChunkedDataReader if is_in_pieces else BufferedReader)(record.raw_stream)


class _Unpacking:
    """Unpacks a page as far as it is read, and nothing behind that.

    warcio unpacks at once what it has read: a page that was sent in one piece as a whole, and of
    Brotli 16 KB, which may be many GB.
    """

    def __init__(self, make: Callable[[], Any], bound: int) -> None:
        self._inner = make()
        self._room = bound
        self._has_bound = hasattr(self._inner, "unconsumed_tail")  # as zlib's

    @property
    def unused_data(self) -> bytes | None:
        """What stands behind the end, as zlib tells it."""
        told: bytes | None = self._inner.unused_data
        return told

    def decompress(self, data: bytes) -> bytes:
        """Unpack some more bytes."""
        step = len(data) if self._has_bound else _PIECE
        parts: list[bytes] = []
        for start in range(0, len(data), step):
            if self._room <= 0:
                break
            bound = (self._room,) if self._has_bound else ()
            parts.append(self._inner.decompress(data[start : start + step], *bound))
            self._room -= len(parts[-1])
        return b"".join(parts)
