"""Pictures of our own making."""

from __future__ import annotations

import struct
import zlib
from functools import cache


@cache
def paint(width: int, height: int) -> bytes:
    """A small PNG: dusk over a harbour, one light in it."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            light = max(0, 120 - abs(x - width * 3 // 4) - 2 * abs(y - height // 2))
            rows += bytes(
                (
                    30 + y * 120 // height + light,
                    60 + y * 80 // height + light // 2,
                    110 - y * 40 // height,
                )
            )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
