from __future__ import annotations

import io
import tarfile
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.containers import BrokenContainerError, Member, Packed, packed
from tests.clean.containers.samples import tarred, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.clean.containers import Member

FILES = {"a/潮水.md": "潮水".encode(), "b.html": b"<p>", "c.png": b"\x89PNG"}


@pytest.mark.parametrize("content", [zipped(FILES), tarred(FILES)], ids=["zip", "tar"])
def test_files_are_read_by_the_ends_of_their_names(content: bytes) -> None:
    members = list(Packed(io.BytesIO(content)).members((".md", ".html")))
    assert [(member.name, member.content) for member in members] == [
        ("a/潮水.md", "潮水".encode()),
        ("b.html", b"<p>"),
    ]


def test_one_file_is_read_by_its_name() -> None:
    opened = Packed(io.BytesIO(zipped(FILES)))
    assert opened.content("c.png") == b"\x89PNG"
    assert opened.content("../c.png") is None


def _twice(*files: tuple[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as twice, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, content in files:
            twice.writestr(name, content)
    return io.BytesIO(file.getvalue())


def test_files_of_one_name_are_all_read_and_none_hides_another() -> None:
    names = ["a/b.md", "a/b (2).md", "a/b.md", "a/b.md", "a/b.md"]
    file = _twice(*((name, str(number).encode()) for number, name in enumerate(names)))
    members = list(Packed(file).members((".md",)))
    assert sorted(member.content for member in members) == [b"0", b"1", b"2", b"3", b"4"]
    assert len({member.name for member in members}) == 5


@pytest.mark.parametrize(("other", "found"), [(b"1", b"1"), (b"2", None), (b"", None)])
def test_of_pictures_of_one_name_that_differ_none_is_taken(
    other: bytes, found: bytes | None
) -> None:
    assert Packed(_twice(("a.png", b"1"), ("a.png", other))).content("a.png") == found


def test_a_picture_of_another_name_does_not_hide_one_that_is_there_twice() -> None:
    names = ["a.png", "a (1).png", "a.png"]
    for order in (names, names[::-1], sorted(names)):
        packed = Packed(_twice(*((name, name.encode()) for name in order)))
        assert [packed.content(name) for name in names] == [name.encode() for name in names]


@pytest.mark.parametrize("content", [b"", b"1"])
def test_the_files_of_one_name_are_compared_once_however_often_it_is_asked_for(
    content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = Packed(_twice(*[("a.png", content)] * 10))
    asked: list[str] = []
    read = Packed._read

    def noted(self: Packed, name: str) -> Member:
        asked.append(name)
        return read(self, name)

    monkeypatch.setattr(Packed, "_read", noted)
    assert {packed.content("a.png") for _ in range(10)} == {content or None}
    assert len(asked) <= 19


@pytest.mark.parametrize(("system", "name"), [(0, "甲/a.png"), (11, "甲/a.png"), (3, "甲\\a.png")])
def test_a_path_that_windows_wrote_with_backslashes_is_one(system: int, name: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as written:
        info = zipfile.ZipInfo("甲\\a.png")
        info.create_system = system
        written.writestr(info, b"x")
    assert Packed(io.BytesIO(file.getvalue())).content(name) == b"x"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
def test_half_a_zip_is_named(share: float) -> None:
    content = zipped(FILES)
    with pytest.raises(BrokenContainerError, match="cannot be unpacked"):
        Packed(io.BytesIO(content[: int(len(content) * share)]))


def test_a_damaged_file_is_named_and_the_others_come() -> None:
    content = zipped({"a.md": b"tide" * 99, "b.md": b"light"}, compression=zipfile.ZIP_STORED)
    damaged = content.replace(b"tidetide", b"tideTIDE", 1)
    one, two = Packed(io.BytesIO(damaged)).members((".md",))
    assert "cannot be unpacked" in one.problem
    assert (one.content, two.content) == (b"", b"light")


def test_a_bomb_is_stopped_by_what_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_MEMBER_BYTES", 100_000)
    monkeypatch.setattr(packed, "_CHUNK", 1000)
    one, two = Packed(io.BytesIO(zipped({"a.md": bytes(10**7), "b.md": b"x"}))).members((".md",))
    assert "is larger than" in one.problem
    assert two.content == b"x"


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_is_packed_without_a_bound_is_named_and_never_unpacked(way: int) -> None:
    content = zipped({"a.md": bytes(10**5)}, compression=way)
    [one] = Packed(io.BytesIO(content)).members((".md",))
    assert (one.content, "something else than Deflate" in one.problem) == (b"", True)
    with pytest.raises(OSError, match="something else than Deflate"):
        Packed(io.BytesIO(content)).stream("a.md").read()


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_a_file_in_more_folders_than_any_is_named_and_not_looked_for(
    pack: Callable[[dict[str, bytes]], bytes],
) -> None:
    names = [f"{'a/' * (count // 2)}b.md" for count in (packed.MAX_NAME - 4, packed.MAX_NAME)]
    short, long = Packed(io.BytesIO(pack(dict.fromkeys(names, b"x")))).members((".md",))
    assert (short.content, short.problem) == (b"x", "")
    assert (long.content, "its name has more than 1,024 characters" in long.problem) == (b"", True)


def test_all_files_together_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_BYTES", 1000)
    files = {f"{n}.md": bytes(400) for n in range(5)}
    with pytest.raises(BrokenContainerError, match="unpacks to more than"):
        list(Packed(io.BytesIO(zipped(files))).members((".md",)))


def test_what_is_unpacked_again_and_again_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_SPARE", 1000)
    opened = Packed(io.BytesIO(zipped({"a.png": b"x" * 400})))
    assert [opened.content("a.png") for _ in range(5)] == [b"x" * 400] * 3 + [None] * 2


def test_what_is_unpacked_in_vain_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_SPARE", 1000)
    monkeypatch.setattr(packed, "MAX_MEMBER_BYTES", 100)
    files = {f"{n}.md": b"x" * 400 for n in range(5)}
    with pytest.raises(BrokenContainerError, match="unpacks to more than"):
        list(Packed(io.BytesIO(zipped(files))).members((".md",)))


@pytest.mark.parametrize(("stored", "found"), [(b"\x89PNG", b"\x89PNG"), (b"\x89P?G", None)])
def test_of_one_name_all_files_are_unpacked_once_however_many_texts_name_it(
    stored: bytes, found: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = _twice(*[("a.png", b"\x89PNG")] * 9).getvalue()
    opened = Packed(io.BytesIO(written.replace(b"\x89PNG", stored)))
    read: list[str] = []
    unpack = opened._read

    def noted(name: str) -> Member:
        read.append(name)
        return unpack(name)

    monkeypatch.setattr(opened, "_read", noted)
    assert opened.content("a.png") == found
    assert len(read) == 9
    assert {opened.content("a.png") for _ in range(5)} == {found}
    assert len(read) == (14 if found else 9)


def test_more_files_than_any_export_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_MEMBERS", 10)
    with pytest.raises(BrokenContainerError, match="holds more than 10 files"):
        Packed(io.BytesIO(zipped({f"{n}.md": b"" for n in range(20)})))


@given(st.binary())
def test_no_bytes_break_the_unpacking(content: bytes) -> None:
    for given_ in (content, b"PK\x03\x04" + content, zipped(FILES)[: len(content)] + content):
        try:
            list(Packed(io.BytesIO(given_)).members((".md",)))
        except BrokenContainerError:
            continue


def test_a_file_without_a_name_does_not_spoil_the_others() -> None:
    content = zipped({"a.md": b"tide", "b.md": b"light"}, compression=zipfile.ZIP_STORED)
    nameless = content.replace(b"a.md", b"\0.md")  # a name ends at a NUL
    assert [member.content for member in Packed(io.BytesIO(nameless)).members((".md",))] == [
        b"light"
    ]


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE])
@pytest.mark.parametrize(
    "said", [b"1" * 1_000, b"13 path=a.md\n" * 200_000], ids=["number", "long"]
)
def test_what_a_tar_says_of_a_file_is_read_no_further_than_any_does(
    kind: bytes, said: bytes
) -> None:
    head = tarfile.TarInfo("a")
    head.type, head.size = kind, len(said)
    told = head.tobuf(tarfile.USTAR_FORMAT) + said + bytes(-len(said) % 512)
    with pytest.raises(BrokenContainerError, match=r"hundreds of digits|claims"):
        Packed(io.BytesIO(told + tarred(FILES)))


@pytest.mark.parametrize("size", [-512, -1024, -2048])
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, b"Z"])
def test_a_tar_never_goes_back(kind: bytes, size: int) -> None:
    head = tarfile.TarInfo("c.md")
    head.type = kind
    told = bytearray(head.tobuf(tarfile.USTAR_FORMAT))
    told[124:136] = b"\xff" + (256**11 + size).to_bytes(11)
    told[148:156] = b" " * 8
    told[148:156] = b"%06o\0 " % sum(told)
    opened = Packed(io.BytesIO(tarred(FILES)[: 6 * 512] + told + tarred(FILES)))
    assert "cannot be unpacked" in opened.problem
    assert opened.names((".md", ".html")) == ["a/潮水.md", "b.html"]


TARRED = tarred({"a.md": b"tide", "b.md": b"light", "c.md": b"fog"})


@pytest.mark.parametrize("end", [1024, 1030, 1500, 1600, 2048, 2049, 3072])
def test_a_tar_that_was_cut_says_that_there_may_be_more(end: int) -> None:
    opened = Packed(io.BytesIO(TARRED[:end]))
    assert "cannot be unpacked" in opened.problem
    assert opened.content("a.md") == b"tide"


@pytest.mark.parametrize("place", [1024, 1024 + 125, 1024 + 148, 2048])
def test_a_tar_with_a_damaged_head_says_that_there_may_be_more(place: int) -> None:
    damaged = TARRED[:place] + b"\xfe" + TARRED[place + 1 :]
    opened = Packed(io.BytesIO(damaged))
    assert "cannot be unpacked" in opened.problem
    assert opened.content("a.md") == b"tide"


def test_packed_files_that_run_into_one_another_are_told_of() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("a.md", "x")
    for content in (TARRED, packed.getvalue()):
        assert Packed(io.BytesIO(content)).problem == ""
        assert "another file may stand" in Packed(io.BytesIO(content * 2)).problem


def test_a_whole_tar_has_no_problem() -> None:
    assert Packed(io.BytesIO(TARRED)).problem == ""
