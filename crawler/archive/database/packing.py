"""Texts and pages as the archive keeps them: zstd-compressed, and unpacked within a bound."""

from __future__ import annotations

import threading

import zstandard

from crawler.article import sha256

# bytes; no page has more than some 5 MB, and a damaged frame must not take the memory
MAX_UNPACKED = 64 << 20


class _Tools(threading.local):
    """What packs and unpacks, for each thread anew: two that share one get each other's bytes."""

    def __init__(self) -> None:
        # half the time of level 3 for 3 % more bytes
        self.pack = zstandard.ZstdCompressor(level=1).compress
        self.pack_tight = zstandard.ZstdCompressor(level=15, write_checksum=True).compress
        self.unpack = zstandard.ZstdDecompressor().decompress


_tools = _Tools()


def pack(content: bytes) -> bytes:
    """Compress; the size stands in the frame."""
    return _tools.pack(content)


def is_packed(packed: bytes, digest: str) -> bool:
    """Whether the bytes unpack to content with that SHA-256."""
    try:
        return sha256(unpack(packed)) == digest
    except ValueError:
        return False


def pack_tight(content: bytes) -> bytes:
    """Compress more slowly and a tenth smaller: for what is written once between two requests.

    With a checksum, as no other column has the hash of what is kept so.
    """
    return _tools.pack_tight(content)


def unpack(packed: bytes) -> bytes:
    """Undo `pack`.

    Raises ValueError where the bytes are damaged or claim to be larger than any page is.
    """
    try:
        if zstandard.frame_content_size(packed) > MAX_UNPACKED:
            raise ValueError("larger than any page is")
        return _tools.unpack(packed, max_output_size=MAX_UNPACKED)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from error
