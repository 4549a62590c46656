"""What a file that is written may take the place of, whatever writes it."""

from __future__ import annotations

import io
import zipfile
from itertools import product
from typing import TYPE_CHECKING

import pytest

from tests.archive.files.test_images import png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


def _zip(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name in names:
            file.writestr(name, "a letter of two years")
    return packed.getvalue()


OTHERS = {
    "thesis.docx": _zip("[Content_Types].xml", "word/document.xml"),
    "package.zip": _zip("datapackage.json", "data.csv"),
    "letter.txt": b"two years of work",
    "packed.gz": b"\x1f\x8b\x08\x00 and no more",
    "feed.rss": b'<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel/></rss>',
    "feed.xml": b'<?xml version="1.0" encoding="none"?><feed xmlns="http://www.w3.org/2005/Atom"/>',
    "page.html": b"<html><feed xmlns='http://www.w3.org/2005/Atom'>",
    "picture.png": png(8, 8),
}
WRITES = {
    "warc": ("export", "--warc"),
    "wacz": ("export", "--wacz"),
    "atom": ("export", "--atom"),
    "epub": ("export", "--epub"),
    "deaths": ("watch", "--plan", "--feed"),
}


def test_a_file_of_another_kind_stays_and_is_named(seeded: Crawler, folder: Path) -> None:
    for name, content in OTHERS.items():
        (folder / name).write_bytes(content)
    for command, name in product(WRITES.values(), OTHERS):
        result = seeded(*command, name)
        assert result.exit_code == 1
        assert f"{name}: is there already, and is not a" in result.stderr
    assert {name: (folder / name).read_bytes() for name in OTHERS} == OTHERS


def test_a_file_takes_the_place_of_one_of_its_kind_and_of_an_empty_one(
    seeded: Crawler, folder: Path
) -> None:
    for kind, command in WRITES.items():
        (folder / kind).touch()
        assert [seeded(*command, kind).exit_code for _ in range(3)] == [0, 0, 0]
        assert (folder / kind).stat().st_size
    before = {kind: (folder / kind).read_bytes() for kind in WRITES}
    for kind, name in product(WRITES, WRITES):
        if before[kind][:9] != before[name][:9] or {kind, name} == {"wacz", "epub"}:
            assert seeded(*WRITES[kind], name).exit_code == 1
    assert {kind: (folder / kind).read_bytes() for kind in WRITES} == before
    assert [seeded("export", "--warc", "a.gz").exit_code for _ in range(2)] == [0, 0]


def test_overwrite_says_that_a_file_of_another_kind_may_go(seeded: Crawler, folder: Path) -> None:
    letter = folder / "letter.txt"
    for option in ("--warc", "--wacz", "--atom", "--epub"):
        letter.write_bytes(OTHERS["letter.txt"])
        assert seeded("export", option, "letter.txt", "--overwrite").exit_code == 0
        assert letter.read_bytes() != OTHERS["letter.txt"]


def test_a_table_takes_no_other_files_place(seeded: Crawler, folder: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")
    (folder / "data").mkdir()
    mine = folder / "data" / "evidence.parquet"
    mine.write_bytes(b"no table")
    assert seeded("export", "--parquet", "data").exit_code == 1
    assert mine.read_bytes() == b"no table"
    mine.unlink()
    assert [seeded("export", "--parquet", "data").exit_code for _ in range(2)] == [0, 0]


OWN = (
    *("archive.db", "archive.db-wal", "archive.db-shm", "archive.db-journal"),
    *("archive.db.capture-token", "images", "images/ab/c.png", "./x/../archive.db-wal"),
)
TAKES_A_NAME = {
    **WRITES,
    "folder": ("export",),
    "vault": ("export", "--vault"),
    "parquet": ("export", "--parquet"),
    "backup": ("backup",),
    "salvage": ("audit", "--salvage"),
}


def test_nothing_is_written_to_a_name_that_the_archive_needs_or_below_it(
    seeded: Crawler, folder: Path
) -> None:
    before = sorted(folder.rglob("*"))
    for command, name, below in product(TAKES_A_NAME.values(), OWN, ("", "/below")):
        result = seeded(*command, name + below)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert sorted(folder.rglob("*")) == before
    assert seeded("export", "--warc", "archive.db-wal", "--overwrite").exit_code == 1


def test_a_name_of_the_archives_is_known_behind_a_link(seeded: Crawler, folder: Path) -> None:
    (folder / "here").symlink_to(folder)
    (folder / "real.db").write_bytes((folder / "archive.db").read_bytes())
    (folder / "archive.db").unlink()
    (folder / "archive.db").symlink_to("real.db")
    for name in ("here/archive.db-wal", "real.db-wal", "here/images/x", "archive.db-wal"):
        assert "cannot be written: it is" in seeded("export", "--warc", name).stderr
    assert seeded("status").exit_code == 0
