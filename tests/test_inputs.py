from __future__ import annotations

import errno
import io
import os
import re
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import pytest

import crawler
from crawler.errors import InputError
from crawler.inputs import (
    MB,
    expanded,
    is_file,
    is_folder,
    is_there,
    name_of,
    open_input,
    read_input,
    resolved,
    size_of,
)
from tests.trust.faults import SICK, Fault, once

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_regular_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * (3 * MB))
    assert read_input(tmp_path / "a", 3 * MB) == b"x" * (3 * MB)
    with open_input(tmp_path / "a") as file:
        assert file.read(1) == b"x"


def test_what_is_no_regular_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        (tmp_path / "endless").symlink_to("/dev/zero")
        expected = {
            "pipe": "is a named pipe",
            "endless": "is a device",
            "socket": "cannot be read",
            "gone": "no such file",
            ".": "is a folder",
        }
        for name, words in expected.items():
            with pytest.raises(InputError, match=words):
                read_input(tmp_path / name, MB)


def test_a_name_with_a_nul_is_one_of_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_input(tmp_path / "a\0b", MB)


def test_a_sparse_file_is_refused_before_any_of_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(InputError, match="is larger than 2 MB"):
        read_input(tmp_path / "sparse", 2 * MB)


def test_a_file_whose_size_is_not_told_is_counted_while_it_is_read() -> None:
    told = Path("/proc/self/maps")
    if not told.exists():
        pytest.skip("no file here has a size of 0 and content")
    assert told.stat().st_size == 0
    with pytest.raises(InputError, match="is larger than"):
        read_input(told, 100)


def test_a_file_that_has_nothing_to_give_yet_is_named_and_not_waited_for(tmp_path: Path) -> None:
    """As the kernel's own messages are, a regular file of /proc."""
    (tmp_path / "a").write_bytes(b"")
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    with open_input(tmp_path / "a") as file:
        assert isinstance(file, io.FileIO)
        os.dup2(read_end, file.fileno())
        for read in (file.read, lambda: file.read(9), lambda: file.readinto(bytearray(9))):
            with pytest.raises(InputError, match="a: cannot be read"):
                read()
    os.close(read_end)
    os.close(write_end)


def test_a_name_that_is_no_text_is_shown_as_one(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.md")
    assert name_of(path).endswith("\ufffd.md")
    with pytest.raises(InputError) as caught:
        read_input(path, MB)
    assert str(caught.value).encode("utf-8")


def test_links_in_a_circle_names_with_a_nul_and_homes_of_nobody_break_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "circle").symlink_to("circle")
    assert resolved(tmp_path / "circle").is_relative_to(resolved(tmp_path))
    assert expanded(Path("~nobody-of-that-name/x")) == Path("~nobody-of-that-name/x")
    assert expanded(Path("~/x")) == Path.home() / "x"


def test_of_a_path_that_no_system_takes_no_part_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "lstat", None)  # which would break
    path = tmp_path / ("a/" * 3000) / ".."
    assert resolved(path) == path


@pytest.mark.parametrize("through", ["circle", "nowhere/../circle", "a\0", "a/../" * 820 + "a"])
def test_what_leads_through_nothing_leads_nowhere_with_that_taken_back(
    tmp_path: Path, through: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "own.png").write_bytes(b"x")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "circle").symlink_to("circle")
    (folder / "link").symlink_to(outside)
    path = resolved(folder / through / ".." / "link" / "own.png")
    assert not (path.is_relative_to(folder) and is_file(path))


def test_no_path_is_resolved_in_the_way_that_breaks_on_them() -> None:
    breaking = re.compile(r"(?<!Path\(__file__\))\.resolve\(\)|\.expanduser\(\)")
    package = Path(crawler.__file__).parent
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if breaking.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"inputs.py"}


@pytest.mark.parametrize("look", [is_there, is_file, is_folder, size_of])
@pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
def test_what_may_not_be_looked_at_is_named_and_not_taken_for_nothing(
    tmp_path: Path, look: Callable[[Path], object], code: int
) -> None:
    (tmp_path / "a").write_bytes(b"x")
    with once(Fault("stat", tmp_path, 1, code)), pytest.raises(InputError, match="a: cannot be"):
        look(tmp_path / "a")


def test_what_is_not_there_is_nothing_whatever_stands_in_its_way(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"xy")
    (tmp_path / "circle").symlink_to("circle")
    for name in ("b", "a/b", "circle", "x" * 300, "a\0b"):
        path = Path(f"{tmp_path}/{name}")
        assert [look(path) for look in (is_there, is_file, is_folder, size_of)] == [False] * 4
    assert is_there(tmp_path)
    assert is_folder(tmp_path)
    assert is_file(tmp_path / "a")
    assert [size_of(tmp_path / "a"), size_of(tmp_path)] == [2, 0]


def _first_line(file: BinaryIO) -> bytes:
    with io.BufferedReader(cast("io.RawIOBase", file)) as lines:
        return lines.readline()


@pytest.mark.skipif(sys.platform != "linux", reason="it reads a file of /proc")
def test_a_disk_that_fails_while_a_file_is_read_names_it_whoever_reads(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(SICK)
    with pytest.raises(InputError, match="a: cannot be read: Input/output error"):
        read_input(tmp_path / "a", MB)
    for read in (
        lambda file: file.read(),
        lambda file: file.read(9),
        _first_line,
    ):
        with open_input(tmp_path / "a") as file, pytest.raises(InputError, match="a: cannot be"):
            read(file)
