"""Pages that leave as WARC and WACZ, whatever somebody wrote into their rows."""

from __future__ import annotations

import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from crawler.archive.database import pack
from crawler.archive.files import read_warc, write_wacz, write_warc
from crawler.archive.reading import Snapshot
from tests.archive.specimens import ID, SIGNED

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PAGE = "<html><body id=js_content>灯塔</body></html>".encode()
HEAD = "HTTP/1.1 200 OK\r\nServer: a"
SNAPSHOT = Snapshot(
    article_id=ID, evidence="0a" * 32, url=SIGNED, fetched_at="2026-01-02T03:04:05.000006",
    http_status=200, cleaner_version=3, packed=pack(PAGE), head=HEAD,
)  # fmt: skip
MEMBERS = {
    "archive/pages.warc.gz", "indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl",
    "datapackage.json", "datapackage-digest.json",
}  # fmt: skip
SIGNS = (
    "\r\nX-A: 1\r\n\r\nHTTP/1.1 200 OK", "\nX-Forged: 1", "\rX-Forged: 1", "\x00", "\x85", " x ",
    "\u2028X-Forged: 1", "../../etc/passwd", '"}\n{"url": "forged', "' --", "\ud800", "\x1b[2J",
    "灯塔", "%0d%0aX-Forged: 1", "\\", "<script>", "\x7f", "a" * 9000, "\ufeff", "", "[", "]:80",
    "\t", "@", "#",
)  # fmt: skip
"""What may stand in the middle of any text."""

HEADS = (
    *(f"HTTP/1.1 200 OK\r\nX-A: a{signs}b" for signs in SIGNS),
    *(f"HTTP/1.1 200 OK\r\nX-A{signs}: b" for signs in SIGNS),
    *(f"HTTP/1.1 200 OK{signs}\r\nX-A: b" for signs in SIGNS),
    *SIGNS, "HTTP/1.1", "HTTP/1.1 abc", "HTTP/9 99999", "GET / HTTP/1.1", "\r\n\r\n", ": \r\n:",
    "HTTP/1.1 200 OK\r\nContent-Length: 0", "HTTP/1.1 200 OK\r\nContent-Length: 99999999999",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip",
    "HTTP/1.1 200 OK\r\ncontent-encoding: br\r\nCONTENT-TYPE: text/plain; charset=gbk",
    "HTTP/1.1 200 OK\r\n folded: 1\r\n\tX-Forged: 1", "HTTP/1.1 206 Partial\r\nSet-Cookie: a=b",
)  # fmt: skip
NASTY: dict[str, list[Snapshot]] = {
    "url": [
        *(replace(SNAPSHOT, url=SIGNED.replace("mid=", f"mid={signs}")) for signs in SIGNS),
        *(replace(SNAPSHOT, url=signs) for signs in SIGNS),
        *(replace(SNAPSHOT, url=signs, head="") for signs in SIGNS),
    ],
    "head": [replace(SNAPSHOT, head=head) for head in HEADS],
    "moment": [
        *(replace(SNAPSHOT, fetched_at=f"2026-01-02{signs}") for signs in SIGNS),
        *(replace(SNAPSHOT, fetched_at=signs) for signs in ("9999-12-31", "0001-01-01", "-1")),
    ],
    "evidence": [replace(SNAPSHOT, evidence=signs, head="") for signs in SIGNS],
    "status": [replace(SNAPSHOT, http_status=status) for status in (None, 0, -1, 10**9)],
    "page": [
        replace(SNAPSHOT, packed=pack(page), head=head)
        for page in (b"", b"\xff\xfe", b"\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\n\r\n")
        for head in (HEAD, "")
    ],
}  # fmt: skip
_OURS = {"Server", "Content-Type", "Content-Length", "Set-Cookie"}
_LINE = re.compile(r"[!-~]+ \d{14} (\{[ -~]+\})")


def _check_package(path: Path, count: int) -> None:
    """That a package holds so many pages, each where its index says, and nothing else."""
    with zipfile.ZipFile(path) as package:
        assert set(package.namelist()) == MEMBERS
        warc = package.read("archive/pages.warc.gz")
        lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().split("\n")
        blocks = package.read("indexes/index.idx").decode().split("\n")
        pages = package.read("pages/pages.jsonl").decode().splitlines()
    assert lines.pop() == blocks.pop() == ""
    assert lines == sorted(lines)
    assert (len(lines), len(pages), len(blocks)) == (count, count + 1, 2)
    for page in pages:
        json.loads(page)
    for line in lines:
        found = _LINE.fullmatch(line)
        assert found, line
        told = json.loads(found[1])
        start = int(told["offset"])
        _check_record(warc[start : start + int(told["length"])], told["url"])
    _check_warc(warc, count)


def _check_warc(warc: bytes, count: int) -> None:
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise")]
    assert kinds[0] == "warcinfo"
    assert len(kinds) == count + 1
    assert {*kinds[1:]} <= {"response", "conversion"}


def _check_record(packed: bytes, url: str) -> None:
    records = 0
    for record in ArchiveIterator(io.BytesIO(packed), check_digests="raise"):
        records += 1
        assert record.rec_headers.get_header("WARC-Target-URI") == url
        named = [name for name, _ in record.rec_headers.headers]
        assert all(name.startswith(("WARC-", "Content-")) for name in named)
        if record.http_headers:
            _check_head(record.http_headers, len(record.content_stream().read()))
    assert records == 1


def _check_head(head: Any, length: int) -> None:
    named = {name for name, _ in head.headers}
    assert all(name in _OURS or name.startswith("X-A") for name in named)
    assert re.fullmatch(r"\d{3}( [ -~]*)?", head.statusline)
    assert int(dict(head.headers)["Content-Length"]) == length


@pytest.mark.parametrize("field", NASTY)
def test_whatever_stands_in_a_row_stays_in_its_place(tmp_path: Path, field: str) -> None:
    for number, snapshot in enumerate(NASTY[field]):
        path = tmp_path / f"{number}.wacz"
        assert _pack(path, [snapshot]) == 1
        _check_package(path, 1)
        warc = tmp_path / f"{number}.warc.gz"
        write_warc(warc, [snapshot], software="test")
        _check_warc(warc.read_bytes(), 1)
        assert all(page.content is not None for page in read_warc(warc))


@pytest.mark.parametrize("title", SIGNS)
def test_titles_stay_in_their_lines(tmp_path: Path, title: str) -> None:
    _pack(tmp_path / "a.wacz", [SNAPSHOT, SNAPSHOT], {ID: title})
    _check_package(tmp_path / "a.wacz", 2)


@pytest.mark.skipif(not find_spec("wacz"), reason="extra webarchive-tests")
def test_the_package_wacz_finds_all_of_them_valid(tmp_path: Path) -> None:
    path = tmp_path / "all.wacz"
    snapshots = [snapshot for some in NASTY.values() for snapshot in some]
    assert _pack(path, snapshots, {ID: "".join(SIGNS)}) == len(snapshots)
    _check_package(path, len(snapshots))
    command = (sys.executable, "-m", "wacz", "validate", "-f", str(path))
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert "is valid" in done.stdout, done.stdout + done.stderr


def _pack(path: Path, snapshots: Iterable[Snapshot], titles: dict[str, str] | None = None) -> int:
    made = "2026-11-26T18:00:00.000000"
    return write_wacz(path, snapshots, titles=titles or {}, software="test", created=made)
