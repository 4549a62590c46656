"""What packing pages as WACZ promises."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from crawler.archive.files import wacz, write_wacz
from crawler.archive.files.wacz import surt_of
from crawler.errors import ArchiveError
from tests.archive.specimens import ID, SHORT, SIGNED, UNSIGNED, make_page

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive.archive import Archive

PAGE = "<html><body id=js_content>灯塔</body></html>".encode()
MADE = "2026-11-26T18:00:00.000000"


def _write(archive: Archive, path: Path) -> int:
    titles = {ID: "夜航的灯塔"}
    snapshots = archive.history.snapshots()
    return write_wacz(path, snapshots, titles=titles, software="test", created=MADE)


def _lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.decode().splitlines()]


@pytest.fixture
def packed(archive: Archive, tmp_path: Path) -> Path:
    archive.save(make_page(), snapshot=PAGE)
    archive.save(
        make_page(fetch_date="2026-03-03T00:30:00.000001"),
        snapshot=PAGE + b" ",
        head="HTTP/1.1 200 OK\r\nContent-Type: text/html",
    )
    assert _write(archive, tmp_path / "pages.wacz") == 2
    return tmp_path / "pages.wacz"


def test_the_package_says_what_is_in_it(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        said = json.loads(archive.read("datapackage.json"))
        assert (said["profile"], said["wacz_version"]) == ("data-package", "1.1.1")
        assert said["created"] == "2026-11-26T10:00:00Z"
        assert {one["path"]: one["bytes"] for one in said["resources"]} == {
            name: len(archive.read(name))
            for name in archive.namelist()
            if not name.startswith("datapackage")
        }
        assert archive.getinfo("archive/pages.warc.gz").compress_type == zipfile.ZIP_STORED


def test_the_pages_are_listed_with_title_address_and_moment(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        header, first, second = _lines(archive.read("pages/pages.jsonl"))
    assert header["format"] == "json-pages-1.0"
    assert (first["title"], first["url"]) == ("夜航的灯塔", SHORT)
    assert [one["ts"][:10] for one in (first, second)] == ["2026-01-01", "2026-03-02"]
    assert first["id"] != second["id"]


def test_every_line_of_the_index_leads_to_its_record(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        warc = archive.read("archive/pages.warc.gz")
        lines = gzip.decompress(archive.read("indexes/index.cdx.gz")).decode().splitlines()
    assert lines == sorted(lines)
    kinds = []
    for line in lines:
        key, moment, rest = line.split(" ", 2)
        told = json.loads(rest)
        start = int(told["offset"])
        [record] = ArchiveIterator(io.BytesIO(warc[start : start + int(told["length"])]))
        headers = record.rec_headers
        assert (key, len(moment)) == (surt_of(headers.get_header("WARC-Target-URI")), 14)
        assert headers.get_header("WARC-Payload-Digest") == told["digest"]
        kinds.append(record.rec_type)
    assert kinds == ["conversion", "response"]


def test_the_index_is_in_blocks_that_another_index_names(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wacz, "LINES", 20)
    for number in range(21):
        page = make_page(fetch_date=f"2026-01-02T03:04:05.{number:06}")
        archive.save(page, snapshot=PAGE + b" " * number)
    _write(archive, tmp_path / "pages.wacz")
    with zipfile.ZipFile(tmp_path / "pages.wacz") as packed:
        index = packed.read("indexes/index.cdx.gz")
        meta, *blocks = packed.read("indexes/index.idx").decode().splitlines()
    assert meta.startswith("!meta 0 {")
    sizes = []
    for block in blocks:
        told = json.loads(block.split(" ", 2)[2])
        packed_lines = index[told["offset"] : told["offset"] + told["length"]]
        lines = gzip.decompress(packed_lines).decode().splitlines()
        assert lines[0].startswith(block.rpartition(" {")[0])
        sizes.append(len(lines))
    assert sizes == [20, 1]


@pytest.mark.parametrize(
    "url",
    [SHORT, SIGNED, UNSIGNED.partition("#")[0], "https://mp.weixin.qq.com/s/", SIGNED + "&A=b&a=B"],
)
def test_addresses_are_sorted_as_everybody_sorts_them(url: str) -> None:
    surt = pytest.importorskip("surt", reason="extra webarchive-tests")
    assert surt_of(url) == surt.surt(url)


def test_a_package_is_whole_or_not_there(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_page(), snapshot=PAGE)
    archive.database.conn.execute("UPDATE snapshots SET content = x'00'")
    with pytest.raises(ArchiveError, match="is damaged"):
        _write(archive, tmp_path / "pages.wacz")
    assert not [path for path in tmp_path.iterdir() if "wacz" in path.name]


@pytest.mark.skipif(not find_spec("wacz"), reason="extra webarchive-tests")
def test_the_package_wacz_finds_it_valid(packed: Path) -> None:
    command = (sys.executable, "-m", "wacz", "validate", "-f", str(packed))
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert "is valid" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0
