"""What a picture is, told by its own first bytes: links lie about it in one case of five."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageType:
    """A kind of picture: its media type, the suffix of its files, and how it says its size."""

    media_type: str
    suffix: str
    signature: re.Pattern[bytes]
    size: Callable[[bytes], tuple[int, int]]


def _png(content: bytes) -> tuple[int, int]:
    return _pair(">II", content, 16)


def _gif(content: bytes) -> tuple[int, int]:
    return _pair("<HH", content, 6)


def _bmp(content: bytes) -> tuple[int, int]:
    width, height = _pair("<ii", content, 18)
    return width, abs(height)  # a negative height says that the rows go downwards


def _jpeg(content: bytes) -> tuple[int, int]:
    """Walk from segment to segment to the one that begins the frame."""
    place = 2
    for _ in range(MOST_SEGMENTS):
        if place + 9 > len(content) or content[place] != 0xFF:
            break
        marker = content[place + 1]
        if marker == 0xFF:  # padding
            place += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = _pair(">HH", content, place + 5)
            return width, height
        else:
            place += 2 + max(2, *struct.unpack_from(">H", content, place + 2))
    return 0, 0


MOST_SEGMENTS = 100_000
"""Of a JPEG, and bytes that fill up what is between them"""


def _webp(content: bytes) -> tuple[int, int]:
    match content[12:16]:
        case b"VP8X":
            return _int24(content, 24) + 1, _int24(content, 27) + 1
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case _:
            width, height = _pair("<HH", content, 26)
            return width & 0x3FFF, height & 0x3FFF


def _int24(content: bytes, place: int) -> int:
    return int.from_bytes(content[place : place + 3], "little")


def _avif(content: bytes) -> tuple[int, int]:
    place = content.find(b"ispe", 0, 1 << 16)
    return _pair(">II", content, place + 8) if place > 0 else (0, 0)


def _unsaid(_: bytes) -> tuple[int, int]:
    return 0, 0


def _pair(form: str, content: bytes, place: int) -> tuple[int, int]:
    first, second = struct.unpack_from(form, content, place)
    return int(first), int(second)


# (drawing programs write a comment before the type, and entities within it)
_SVG = (
    rb"(?:\xef\xbb\xbf)?\s{0,64}+(?:(?:<\?xml[^>]{0,200}+>|<!--(?:[^-]|-(?!->)){0,400}+-->"
    rb"|<!DOCTYPE[^>\[]{0,400}+(?:\[[^\]]{0,4000}+\]\s{0,64}+)?+>)\s{0,64}+){0,8}+<svg[\s>]"
)


def _type(
    media_type: str, suffix: str, signature: bytes, size: Callable[[bytes], tuple[int, int]]
) -> ImageType:
    return ImageType(
        media_type=media_type, suffix=suffix, signature=re.compile(signature, re.DOTALL), size=size
    )


TYPES = (
    _type("image/jpeg", ".jpg", rb"\xff\xd8\xff", _jpeg),
    _type("image/png", ".png", rb"\x89PNG\r\n\x1a\n", _png),
    _type("image/gif", ".gif", rb"GIF8[79]a", _gif),
    _type("image/webp", ".webp", rb"RIFF....WEBP", _webp),
    _type("image/bmp", ".bmp", rb"BM.{12}[\x0c\x28\x38\x6c\x7c]\x00", _bmp),
    _type("image/avif", ".avif", rb"....ftypavi[fs]", _avif),
    # active content: kept as a file, never shown inside a page
    _type("image/svg+xml", ".svg", _SVG, _unsaid),
)


def measure(content: bytes) -> tuple[ImageType, int, int] | None:
    """The type, width and height (pixels, 0 where it does not say).

    None where the bytes are no picture.
    """
    for kind in TYPES:
        if kind.signature.match(content):
            try:
                width, height = kind.size(content)
            except (struct.error, IndexError):
                return kind, 0, 0  # cut short
            return kind, max(0, width), max(0, height)
    return None
