"""What going out to WARC and coming in from it promises."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tracemalloc
import zlib
from base64 import b32encode
from importlib import import_module
from typing import TYPE_CHECKING

import httpx
import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.archive.files.warc import read_warc, write_warc
from crawler.errors import ArchiveError, InputError
from tests.archive.specimens import SHORT, SIGNED, make_page
from tests.conftest import PATIENCE
from tests.pywb_server import needs_pywb, pywb

if TYPE_CHECKING:
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]

    from crawler.archive.archive import Archive
    from crawler.archive.files.warc import SavedPage

PAGE = "<html><body id=js_content>灯塔</body></html>".encode()


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_snapshots_come_back_as_they_went_out(archive: Archive, tmp_path: Path, name: str) -> None:
    archive.save(make_page(), snapshot=PAGE)
    archive.save(make_page(fetch_date="2026-03-03T00:30:00.000001"), snapshot=PAGE + b" ")
    assert write_warc(tmp_path / name, archive.history.snapshots(), software="test") == 2
    first, second = read_warc(tmp_path / name)
    assert (first.url, first.content, first.charset) == (SHORT, PAGE, "utf-8")
    assert (first.fetched_at, first.http_status) == ("2026-01-02T03:04:05.000006", None)
    assert (second.fetched_at, second.content) == ("2026-03-03T00:30:00.000001", PAGE + b" ")


def test_writing_the_same_again_says_the_same_of_every_page(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_page(), snapshot=PAGE)
    for name in ("a.warc", "b.warc"):
        write_warc(tmp_path / name, archive.history.snapshots(), software="test")
    assert list(read_warc(tmp_path / "a.warc")) == list(read_warc(tmp_path / "b.warc"))


HEAD = "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html; charset=gbk\r\nVary: Origin"


def _records(path: Path) -> list[tuple[str, ArcWarcRecord, bytes]]:
    with path.open("rb") as file:
        return [
            (record.rec_type, record, record.content_stream().read())
            for record in ArchiveIterator(file)
        ]


def test_a_page_whose_head_was_kept_is_an_answer_that_says_it_is_not_all(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_page(), snapshot=PAGE, head=HEAD)
    write_warc(tmp_path / "a.warc.gz", archive.history.snapshots(), software="test")
    [_, (kind, record, content)] = _records(tmp_path / "a.warc.gz")
    assert (kind, content) == ("response", PAGE)
    assert record.http_headers.get_statuscode() == "200"
    assert record.http_headers.get_header("Server") == "nginx"
    assert record.http_headers.get_header("Content-Type") == "text/html; charset=utf-8"
    assert record.http_headers.get_header("Content-Length") == str(len(PAGE))
    assert record.rec_headers.get_header("WARC-Truncated") == "unspecified"
    [page] = read_warc(tmp_path / "a.warc.gz")
    assert (page.content, page.http_status, page.charset) == (PAGE, 200, "utf-8")


def test_a_page_alone_is_a_conversion_of_the_answer_that_it_came_in(
    archive: Archive, tmp_path: Path
) -> None:
    archive.save(make_page(), snapshot=PAGE)
    names = []
    for name in ("a.warc", "b.warc"):
        write_warc(tmp_path / name, archive.history.snapshots(), software="test")
        [_, (kind, record, content)] = _records(tmp_path / name)
        assert (kind, content, record.http_headers) == ("conversion", PAGE, None)
        names.append(record.rec_headers.get_header("WARC-Refers-To"))
    assert names[0] == names[1]
    assert names[0].startswith("<urn:uuid:")


def test_a_target_has_no_fragment_and_nothing_has_secrets(archive: Archive, tmp_path: Path) -> None:
    link = SIGNED + "&key=abc123&uin=77#rd"
    page = PAGE + f'<a href="{link}">'.encode()
    archive.save(make_page(SIGNED + "#rd"), snapshot=page, head=HEAD)
    write_warc(tmp_path / "a.warc", archive.history.snapshots(), software="test")
    [saved] = read_warc(tmp_path / "a.warc")
    assert saved.url == SIGNED
    written = (tmp_path / "a.warc").read_bytes()
    assert b"key=abc123" not in written
    assert b"uin=77" not in written


def test_every_digest_is_right(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_page(), snapshot=PAGE)
    archive.save(make_page(fetch_date="2026-03-03T00:30:00.000001"), snapshot=PAGE, head=HEAD)
    write_warc(tmp_path / "a.warc.gz", archive.history.snapshots(), software="test")
    with (tmp_path / "a.warc.gz").open("rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            record.content_stream().read()


@pytest.mark.parametrize("hurt", ["雾塔", "灯\0\0\0", "灯塔"])
@pytest.mark.parametrize("head", ["", HEAD], ids=["conversion", "response"])
def test_a_page_that_is_not_as_it_was_written_is_known_by_its_digest(
    archive: Archive, tmp_path: Path, hurt: str, head: str
) -> None:
    archive.save(make_page(), snapshot=PAGE, head=head)
    path = tmp_path / "a.warc"
    write_warc(path, archive.history.snapshots(), software="test")
    path.write_bytes(path.read_bytes().replace("灯塔".encode(), hurt.encode()))
    [page] = read_warc(path)
    assert page.is_whole == (hurt == "灯塔")


@pytest.mark.parametrize(
    ("told", "is_whole"),
    [
        ("sha1:{sha1}", True),
        ("SHA-1:{base32}", True),
        ("sha256:{sha256}", True),
        ("sha-256:{sha1}", None),
        ("sha1:{sha256}", None),
        ("sha1:A", None),
        ("md5:{sha1}", None),
        ("{sha1}", None),
        ("sha1:" + "é" * 32, None),
        ("sha1:" + "A" * 32, False),
    ],
)
def test_a_digest_is_read_as_tools_write_it_and_what_is_none_says_nothing(
    tmp_path: Path, told: str, *, is_whole: bool | None
) -> None:
    sha1, sha256 = hashlib.sha1(PAGE), hashlib.sha256(PAGE)  # noqa: S324  (as tools do)
    base32 = b32encode(sha1.digest()).decode()
    said = told.format(sha1=sha1.hexdigest(), sha256=sha256.hexdigest(), base32=base32)
    with (tmp_path / "a.warc").open("wb") as file:
        writer = WARCWriter(file, gzip=False)
        record = writer.create_warc_record(
            SHORT,
            "resource",
            payload=io.BytesIO(PAGE),
            length=len(PAGE),
            warc_content_type="text/html",
            warc_headers_dict={"WARC-Block-Digest": said, "WARC-Payload-Digest": "sha1:A"},
        )
        writer.write_record(record)
    [page] = read_warc(tmp_path / "a.warc")
    assert (page.content, page.is_whole) == (PAGE, is_whole)


_COPIED = b"HTTP/1.1 200 \r\nContent-Type: text/html\r\n%s\r\n"


@pytest.mark.parametrize(
    ("head", "payload", "is_whole"),
    [(b"", PAGE, None), (b"Transfer-Encoding: chunked\r\n", PAGE, None), (b"", b"", False)],
    ids=["as sent", "as shown", "another"],
)
def test_a_page_in_a_record_that_warcio_copied_is_not_taken_for_damaged(
    tmp_path: Path, head: bytes, payload: bytes, *, is_whole: bool | None
) -> None:
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE) if head else PAGE
    block = _COPIED % head + sent
    digests = [
        f"WARC-{part}-Digest: sha1:{hashlib.sha1(content).hexdigest()}"  # noqa: S324
        for part, content in (("Block", block), ("Payload", payload))
    ]
    written = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {SHORT}\r\n"
        "WARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"{digests[0]}\r\n{digests[1]}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    original, copy = tmp_path / "a.warc", tmp_path / "b.warc"
    original.write_bytes(written.encode() + block + b"\r\n\r\n")
    with original.open("rb") as file, copy.open("wb") as copied:
        writer = WARCWriter(copied, gzip=False)
        for record in ArchiveIterator(file):
            writer.write_record(record)
    assert [page.is_whole for page in read_warc(original)] == [True]
    assert [(page.content, page.is_whole) for page in read_warc(copy)] == [(PAGE, is_whole)]


def _foreign(path: Path) -> None:
    body = "灯塔".encode("gbk")
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for kind, status in (
            ('text/html; Charset="GBK"', "200 OK"),
            ("image/png", "200 OK"),
            ("text/html", "404 Gone"),
        ):
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            digests = {"WARC-Block-Digest": "sha1:A", "WARC-Payload-Digest": "sha1:A"}
            writer.write_record(
                writer.create_warc_record(
                    SHORT,
                    "response",
                    payload=io.BytesIO(body),
                    length=len(body),
                    http_headers=headers,
                    warc_headers_dict=digests,
                )
            )


def test_the_html_pages_of_a_crawlers_file_are_read_and_nothing_else(tmp_path: Path) -> None:
    _foreign(tmp_path / "crawl.warc.gz")
    pages = list(read_warc(tmp_path / "crawl.warc.gz"))
    assert [(page.charset, page.http_status) for page in pages] == [("gbk", 200), ("", 404)]
    assert pages[0].content.decode("gbk") == "灯塔"


@pytest.mark.parametrize("content", [b"Cookie: key=5ecre1", b"\x1f\x8b\x08\0\0\0\0\0\0\3garbage"])
def test_a_file_that_is_no_warc_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.warc.gz"
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as WARC") as caught:
        list(read_warc(path))
    assert "5ecre" not in str(caught.value)


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        list(read_warc(tmp_path / "missing.warc"))


def test_a_warc_file_is_whole_or_not_there(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_page(), snapshot=PAGE)
    archive.database.conn.execute("UPDATE snapshots SET content = x'00'")
    with pytest.raises(ArchiveError, match="is damaged"):
        write_warc(tmp_path / "a.warc.gz", archive.history.snapshots(), software="test")
    assert not [path for path in tmp_path.iterdir() if "warc" in path.name]


@pytest.mark.parametrize(
    "content",
    [
        b"\0" * (8 << 20),
        gzip.compress(b"\0" * (64 << 20)),
        b"WARC/1.0\r\n" + b"x" * (1 << 20),
        b"WARC/1.0\r\n" + b"a: b\r\n" * 10_000,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\n123456789\r\n\r\n",
    ],
    ids=["zeros", "zeros packed", "a line without end", "a head without end", "no address"],
)
def test_a_head_without_end_or_address_is_refused_before_it_fills_memory(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "endless.warc"
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as WARC"):
        list(read_warc(path))


def test_a_record_that_unpacks_beyond_any_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.archive.files.warc.MAX_RECORD", 1 << 20)
    head = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a/\r\n"
    head += b"Content-Length: 9000000\r\n\r\n"
    (tmp_path / "bomb.warc.gz").write_bytes(gzip.compress(head + b"\0" * 9_000_000))
    with pytest.raises(InputError, match="a record is larger than 1 MB"):
        list(read_warc(tmp_path / "bomb.warc.gz"))


def _sent(path: Path, content: bytes, *headers: tuple[str, str]) -> list[SavedPage]:
    """A page as a server sent it, read out of a WARC file."""
    said = [("Content-Type", "text/html"), *headers]
    lines = ["HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in said)]
    block = "\r\n".join([*lines, "", ""]).encode() + content
    told = ["WARC/1.0", "WARC-Type: response", f"WARC-Target-URI: {SHORT}", CAPTURED]
    head = "\r\n".join([*told, f"Content-Length: {len(block)}", "", ""])
    path.write_bytes(head.encode() + block + b"\r\n\r\n")
    return list(read_warc(path))


CAPTURED = "WARC-Date: 2026-01-01T00:00:00Z\r\nContent-Type: application/http; msgtype=response"


def _in_pieces(content: bytes, size: int) -> bytes:
    starts = range(0, len(content), size)
    pieces = [content[start : start + size] for start in starts]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))


@pytest.mark.parametrize("way", ["", "gzip", "deflate"])
def test_a_page_that_was_sent_in_thousands_of_pieces_is_read(tmp_path: Path, way: str) -> None:
    page = "".join(f"<p>第{number}次潮水</p>" for number in range(5000)).encode()
    packed = {"": page, "gzip": gzip.compress(page), "deflate": zlib.compress(page, wbits=-15)}
    [read] = _sent(
        tmp_path / "pieces.warc",
        _in_pieces(packed[way], 7),
        ("Transfer-Encoding", "chunked"),
        *([("Content-Encoding", way)] if way else []),
    )
    assert read.content == page


def _packed(content: bytes, way: str) -> bytes:
    packed: bytes
    if way == "br":
        packed = import_module("brotli").compress(content, quality=1)
    elif way == "zstd":
        packed = zstandard.compress(content)
    else:
        packed = gzip.compress(content) if "gzip" in way else zlib.compress(content)
    return packed


@pytest.mark.parametrize("sent", [(), (("Transfer-Encoding", "chunked"),)], ids=["whole", "pieces"])
@pytest.mark.parametrize("way", ["gzip", "x-gzip", "deflate", "br", "zstd", "BR"])
def test_a_page_is_read_however_its_server_packed_it(
    tmp_path: Path, way: str, sent: tuple[tuple[str, str], ...]
) -> None:
    page = "".join(f"<p>第{number}次潮水</p>" for number in range(5000)).encode()
    packed = _packed(page, way.lower())
    content = _in_pieces(packed, 100) if sent else packed
    [read] = _sent(tmp_path / "page.warc", content, *sent, ("Content-Encoding", way))
    assert read.content == page
    [read] = _sent(tmp_path / "unpacked.warc", page, ("Content-Encoding", way))
    assert read.content == page


@pytest.mark.parametrize("way", ["lzw", "br", "zstd", "gzip, br"])
def test_a_page_that_cannot_be_unpacked_is_named_and_left_out(tmp_path: Path, way: str) -> None:
    packed = zlib.compress(bytes(range(256)) * 9)
    with pytest.raises(InputError, match=r"was packed by .* and cannot be unpacked, and was left"):
        _sent(tmp_path / "packed.warc", packed, ("Content-Encoding", way))


@pytest.mark.parametrize("sent", [(), (("Transfer-Encoding", "chunked"),)], ids=["whole", "pieces"])
@pytest.mark.parametrize("way", ["gzip", "deflate", "br", "zstd"])
def test_a_page_that_unpacks_beyond_any_is_named_and_left_out_before_it_fills_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, sent: tuple[tuple[str, str], ...]
) -> None:
    monkeypatch.setattr("crawler.archive.files.warc.MAX_PAGE", 1 << 20)
    zeros = bytes(60 << 20)
    packed = _packed(zeros, way)
    content = _in_pieces(packed, len(packed)) if sent else packed
    tracemalloc.start()
    try:
        with pytest.raises(InputError, match="a page in it has more than 1 MB, and was left out"):
            _sent(tmp_path / "bomb.warc", content, *sent, ("Content-Encoding", way))
        assert tracemalloc.get_traced_memory()[1] < 45 << 20
    finally:
        tracemalloc.stop()


@needs_pywb
@pytest.mark.slow
def test_pywb_lists_and_replays_what_was_written(archive: Archive, tmp_path: Path) -> None:
    archive.save(make_page(), snapshot=PAGE)
    archive.save(
        make_page(fetch_date="2026-03-03T00:30:00.000001"), snapshot=PAGE + b" ", head=HEAD
    )
    write_warc(tmp_path / "a.warc.gz", archive.history.snapshots(), software="test")
    with pywb(tmp_path / "pywb", tmp_path / "a.warc.gz") as collection:
        listed = httpx.get(
            f"{collection}/cdx",
            params={"url": SHORT, "output": "json"},
            trust_env=False,
            timeout=PATIENCE,
        ).text
        told = [json.loads(line) for line in listed.splitlines()]
        pages = [
            httpx.get(
                f"{collection}/{line['timestamp']}id_/{SHORT}", trust_env=False, timeout=PATIENCE
            )
            for line in told
        ]
    assert [line["mime"] for line in told] == ["text/html", "text/html"]
    assert [page.content for page in pages] == [PAGE, PAGE + b" "]
    assert [page.headers["memento-datetime"][:16] for page in pages] == [
        "Thu, 01 Jan 2026",
        "Mon, 02 Mar 2026",
    ]


def _three_pages(*, gzipped: bool) -> bytes:
    file = io.BytesIO()
    writer = WARCWriter(file, gzip=gzipped)
    for number in (1, 2, 3):
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        page = f"<html>{number}</html>".encode()
        digests = {"WARC-Block-Digest": "sha1:A", "WARC-Payload-Digest": "sha1:A"}
        writer.write_record(
            writer.create_warc_record(
                f"{SHORT}{number}",
                "response",
                payload=io.BytesIO(page),
                length=len(page),
                http_headers=head,
                warc_headers_dict=digests,
            )
        )
    return file.getvalue()


@pytest.mark.parametrize("mark", [b"WARC/1.0\r\n", b"\x1f\x8b\x08"], ids=["plain", "gzip"])
def test_a_file_that_was_cut_says_so_wherever_that_was(tmp_path: Path, mark: bytes) -> None:
    content = _three_pages(gzipped=mark.startswith(b"\x1f"))
    starts = [end for end in range(len(content)) if content.startswith(mark, end)]
    path = tmp_path / "cut.warc"
    for end in range(2, len(content), 7):
        path.write_bytes(content[:end])
        try:
            pages = list(read_warc(path))
        except InputError:
            continue
        assert len(pages) == sum(start < end for start in starts), end


@pytest.mark.parametrize("line", [b"HTTP/2 200 O", b"http/1.1 200", b"HTTP/3.0 200"])
def test_the_status_line_of_another_version_of_http_is_read(tmp_path: Path, line: bytes) -> None:
    content = _three_pages(gzipped=False)
    path = tmp_path / "h2.warc"
    path.write_bytes(content.replace(b"HTTP/1.1 200 OK", line.ljust(15), 2))
    assert [page.http_status for page in read_warc(path)] == [200, 200, 200]


def test_an_answer_without_a_head_of_http_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    content = _three_pages(gzipped=False)
    path = tmp_path / "icy.warc"
    path.write_bytes(content.replace(b"HTTP/1.1 200 OK", b"ICY 200 OK     ", 1))
    pages = read_warc(path)
    assert [next(pages).content, next(pages).content] == [b"<html>2</html>", b"<html>3</html>"]
    with pytest.raises(InputError, match="no head of HTTP"):
        next(pages)


def test_a_record_without_its_type_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    content = _three_pages(gzipped=False)
    path = tmp_path / "hurt.warc"
    place = content.index(b"WARC-Type", content.index(b"<html>1"))
    path.write_bytes(content[:place] + b"\x16" + content[place + 1 :])
    pages = read_warc(path)
    assert [next(pages).content, next(pages).content] == [b"<html>1</html>", b"<html>3</html>"]
    with pytest.raises(InputError, match="of no type that is known"):
        next(pages)


@pytest.mark.parametrize(("path", "is_told"), [("s/a", True), ("mp/appmsgreport?a", False)])
def test_a_text_without_its_page_is_told_and_no_answer_of_a_script(
    tmp_path: Path, path: str, *, is_told: bool
) -> None:
    content = _three_pages(gzipped=False)
    place = content.index(b"Content-Type: text/html", content.index(b"WARC-Target-URI"))
    start = content.index(b"WARC-Target-URI: ") + len(b"WARC-Target-URI: ")
    end = content.index(b"\r\n", start)
    told = f"https://mp.weixin.qq.com/{path}".encode()
    content = content[:place] + b"Content-Type: text/plain" + content[place + 23 :]
    file = tmp_path / "text.warc"
    file.write_bytes(content[:start] + told + content[end:])
    pages = read_warc(file)
    assert [next(pages).content for _ in range(2)] == [b"<html>2</html>", b"<html>3</html>"]
    with pytest.raises(InputError if is_told else StopIteration, match=r"without the page|^$"):
        next(pages)


def test_a_text_that_browsertrix_writes_beside_its_page_is_not_told(tmp_path: Path) -> None:
    head = "Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Target-URI: urn:text:https://"
    head += "mp.weixin.qq.com/s/a\r\nContent-Type: text/plain\r\nContent-Length: 1"
    file = tmp_path / "text.warc"
    file.write_bytes(_three_pages(gzipped=False) + f"WARC/1.0\r\nWARC-{head}\r\n\r\na".encode())
    assert len(list(read_warc(file))) == 3
