"""Whether a picture reaches its end, told by its own bytes.

It is asked of an answer alone that did not say how long it is: half of one looks like a whole one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive.files.image_types import MOST_SEGMENTS, measure

if TYPE_CHECKING:
    from collections.abc import Callable


def is_cut(content: bytes) -> bool:
    """Whether a picture stops before its end; what stands behind that is nobody's matter.

    One whose inside is not as its kind has it is taken for whole, as what shows it may do.
    """
    measured = measure(content)
    is_whole = _ENDS.get(measured[0].suffix) if measured else None
    return is_whole is not None and not is_whole(content)


def _jpeg(content: bytes) -> bool:
    """Go from segment to segment to the picture itself: a preview before it has an end, too."""
    place = 2
    for _ in range(MOST_SEGMENTS):
        if content[place : place + 1] != b"\xff":
            return place < len(content)
        marker = content[place + 1 : place + 2]
        if marker == b"\xda":  # in what follows no 0xff stands before another byte than zero
            return content.find(b"\xff\xd9", place) > 0
        if marker == b"\xd9":
            return True
        is_padding = marker == b"\xff"
        place += 1 if is_padding else 2 + max(2, int.from_bytes(content[place + 2 : place + 4]))
    return True


def _png(content: bytes) -> bool:
    return b"IEND\xaeB`\x82" in content


def _gif(content: bytes) -> bool:
    place = 13 + _colours(content[10:11])
    while place < len(content):
        kind = content[place]
        if kind == _PICTURE:
            place += 11 + _colours(content[place + 9 : place + 10])
        elif kind == _EXTENSION:
            place += 2
        else:
            return True  # the end, or what no GIF has
        while size := int.from_bytes(content[place : place + 1]):
            place += 1 + size
        place += 1
    return place == len(content)  # some lack the sign of their end alone


_EXTENSION, _PICTURE = 0x21, 0x2C


def _colours(flags: bytes) -> int:
    """Bytes of the table of colours of which these flags tell."""
    told = int.from_bytes(flags)
    return 3 << (told & 7) + 1 if told & 0x80 else 0


def _webp(content: bytes) -> bool:
    told = 8 + int.from_bytes(content[4:8], "little")
    return len(content) + 1 >= told  # which counts a byte that fills it up, there or not


def _avif(content: bytes) -> bool:
    """Go from box to box to that of the picture; one of size nothing goes on to the end."""
    place = 0
    while place + 8 <= len(content):
        size = int.from_bytes(content[place : place + 4])
        if size == 1:
            size = int.from_bytes(content[place + 8 : place + 16])
        is_picture = content[place + 4 : place + 8] == b"mdat"
        place += size
        if size < 8 or (is_picture and place <= len(content)):
            return True
    return place == len(content)


def _svg(content: bytes) -> bool:
    return b"</svg" in content


_ENDS: dict[str, Callable[[bytes], bool]] = {
    ".jpg": _jpeg,
    ".png": _png,
    ".gif": _gif,
    ".webp": _webp,
    ".avif": _avif,
    ".svg": _svg,
}
"""By the suffix of each kind that says where it ends; what is said of BMP is often wrong."""
