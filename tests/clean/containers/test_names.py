"""The names of a ZIP's members that do not say what they are written in."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from crawler.clean.containers import Packed
from crawler.clean.containers.names import encoding_of, path_of


def _packed(names: list[bytes]) -> zipfile.ZipFile:
    """A ZIP of these names, which says nothing of UTF-8."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for number, name in enumerate(names):
            packed.writestr(f"{number:02}".ljust(len(name), "_"), b"x")
    content = file.getvalue()
    for number, name in enumerate(names):
        content = content.replace(f"{number:02}".ljust(len(name), "_").encode(), name)
    return zipfile.ZipFile(io.BytesIO(content))


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", ["潮水.md"]),
        ("gbk", ["潮水.md"]),
        *(("gbk", [f"{name}.md"]) for name in ("朱镕基", "对话陈珺", "王玥的一天", "瑄", "A–B")),
        ("gbk", ["朱镕基.md", "潮水.md", "瑄.md"]),
        ("cp950", ["渡輪停航紀事.md"]),
        ("cp950", ["這裏的夜晚.md", "夢裏花落.md", "恒生指數創新高.md", "港口恢復通航.md", "a.md"]),
    ],
)
def test_a_name_that_does_not_say_its_charset_is_read(encoding: str, names: list[str]) -> None:
    packed = _packed([name.encode(encoding) for name in names])
    found = [path_of(info, encoding_of(packed)) for info in packed.infolist()]
    assert found == names


@pytest.mark.parametrize(("written", "name"), [(b"__.md", "潮水.md"), (b"..", "__.md")])
def test_a_name_in_utf_8_beside_one_that_lacks_letters_counts(written: bytes, name: str) -> None:
    """Unless it is that of another name, as where a tool renamed the file and left it."""
    field = b"\1" + zlib.crc32(written).to_bytes(4, "little") + "潮水.md".encode()
    info = zipfile.ZipInfo("__.md")
    info.extra = struct.pack("<HH", 0x7075, len(field)) + field
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped_file:
        zipped_file.writestr(info, b"x")
    assert Packed(io.BytesIO(file.getvalue())).names() == [name]
