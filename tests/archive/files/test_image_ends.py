from __future__ import annotations

import struct

import pytest

from crawler.archive.files import is_cut
from tests.archive.files.test_images import png
from tests.fake_answers import GIF

THUMB = b"\xff\xe1\x00\x0eExif\xff\xd8\xff\xda\x00\x02\xff\xd9"  # a preview, with an end of its own
JPEG = (
    b"\xff\xd8"
    + THUMB
    + b"\xff\xff\xc0\x00\x0b\x08\0\1\0\1\1\1\x11\0"
    + b"\xff\xda\x00\x08\1\1\0\0\x3f\0"
    b"\x12\xff\x00\x34" + b"\xff\xd9"
)
WEBP = b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + bytes(14)
AVIF = b"\0\0\0\x14ftypavif" + bytes(8) + b"\0\0\0\x0cmdat1234"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>'
WHOLE = {"png": png(9, 9), "gif": GIF, "jpeg": JPEG, "webp": WEBP, "avif": AVIF, "svg": SVG}


@pytest.mark.parametrize("name", WHOLE)
def test_a_picture_that_stops_anywhere_behind_its_head_is_cut(name: str) -> None:
    whole = WHOLE[name]
    assert not is_cut(whole)
    assert not is_cut(whole + b"\0 what a camera or an editor puts behind it")
    assert all(is_cut(whole[:end]) for end in range(40 if name == "jpeg" else 21, len(whole) - 6))


@pytest.mark.parametrize(
    "content",
    [b"", b"no picture", b"BM" + bytes(12) + b"\x28\0", b"\xff\xd8" + THUMB + b"rubbish", GIF[:-1]],
    ids=["nothing", "no picture", "no end", "rubbish", "trailer alone"],
)
def test_what_has_no_end_that_is_known_is_not_said_to_be_cut(content: bytes) -> None:
    assert not is_cut(content)
