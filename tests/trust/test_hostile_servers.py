"""Servers that answer with anything at all: each request ends in words, and leads nowhere else."""

from __future__ import annotations

import gzip
import json
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.article import State
from crawler.config import FetchConfig
from crawler.errors import CrawlerError
from crawler.fetch import ArchiveClient, Fetcher
from crawler.fetch.limits import Limits
from crawler.flows.recover import Recovery
from crawler.flows.recover_web import WebWay
from tests.archive.specimens import UNSIGNED, make_article
from tests.fetch.conftest import FakeTime
from tests.trust.hostile import HostileServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MB = 1 << 20
NOW = "2026-11-26T10:00:00.000000"
OK = b"HTTP/1.1 200 OK\r\n"
EMPTY = b"\r\nContent-Length: 0\r\n\r\n"
PIECES = b"Transfer-Encoding: chunked\r\n\r\n"
MEMENTO = OK + b"Memento-Datetime: Wed, 01 Jan 2020 00:00:00 GMT\r\n"
LOCATIONS = (
    b"http://[::1", b"http://[x]/", b"//", b"http://", b"http:///a", b"\x00", b"\xff\xfe", b"a\tb",
    b"http://a:99999999/", b"http://a:b/", b"http://169.254.169.254/latest/", b"http://10.0.0.1/",
    b"http://127.0.0.1:1/", b"http://localhost:1/", b"http://0/", b"http://[::ffff:10.0.0.1]/",
    b"http://2130706433/", b"http://0x7f.1/", b"file:///etc/passwd", b"gopher://a/", b"data:,a",
    b"javascript:a", b"/" + b"a" * 60_000, b"?" * 9000, b"http://mp.weixin.qq.com@10.0.0.1/",
    b"http://mp.weixin.qq.com.evil.example/", b"https://mp.weixin.qq.com:444/s/a",
    b"\\\\10.0.0.1\\a",
    b"http://xn--\xff/", b"http://\xe2\x80\xae/", b"%00", b"%0d%0aX: y", b"..//..//", b"#",
)  # fmt: skip
CDX = (
    b"[" * 100_000, b"[[" + b'"a",' * 100_000, b'[["timestamp"],[' + b"9" * 100_000 + b"]]",
    b"\xff" * 9999, b"a b c\n" * 20_000, b" " * MB, b"\n" * MB, b"{" * 999, b"null", b"[]", b"[[]]",
    json.dumps([["timestamp", "original"], ["20200101000000", "http://10.0.0.1/"]]).encode(),
    json.dumps([["timestamp", "original"], [{"a": 1}, [2]], [None, True]]).encode(),
    json.dumps([["original", "timestamp"], *[[UNSIGNED, "2" * 14]] * 9999, [], ["key"]]).encode(),
    b"<http://a>; rel=memento" * 9999, b"<" * MB, b'<http://a>; rel="' + b"memento " * 99_999,
    b"\x1b[2J\r\n\x1b]0;a\x07",
)  # fmt: skip


def _with(head: bytes, body: bytes) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _bomb(size: int) -> bytes:
    """So many MB of nothing, packed once and told again and again, and no end."""
    packer = zlib.compressobj(1, wbits=31)
    first, again = (packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + again * (size - 1)


ANSWERS: dict[str, bytes] = {
    "nothing": b"",
    "no HTTP": b"hello\r\n\r\n",
    "zeros": bytes(MB),
    "a head without end": OK + b"X: " + b"a" * MB,
    "heads without end": OK + b"X: a\r\n" * 99_999,
    "no head's end": OK,
    "a status of words": b"HTTP/1.1 abc OK\r\n\r\n",
    "a status below any": b"HTTP/1.1 000 OK\r\n\r\n",
    "a status above any": b"HTTP/1.1 999 OK\r\nContent-Length: 0\r\n\r\n",
    "another protocol": b"HTTP/9.9 200 OK\r\n\r\n",
    "to go on, for ever": b"HTTP/1.1 100 Continue\r\n\r\n" * 9999,
    "another protocol to come": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\n\r\n",
    "a length below none": OK + b"Content-Length: -1\r\n\r\na",
    "a length of words": OK + b"Content-Length: a\r\n\r\na",
    "a length of digits without end": OK + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\na",
    "two lengths": OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\naa",
    "a length and pieces": OK + b"Content-Length: 1\r\n" + PIECES + b"1\r\na\r\n0\r\n\r\n",
    "too short": OK + b"Content-Length: 99\r\n\r\na",
    "a piece of words": OK + b"Transfer-Encoding: chunked\r\n\r\nx\r\na\r\n0\r\n\r\n",
    "a piece below none": OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\na\r\n",
    "a piece larger than any": OK + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\na",
    "pieces without end": OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 9999,
    "another way of sending": OK + b"Transfer-Encoding: gzip\r\n\r\na",
    "broken gzip": _with(OK + b"Content-Encoding: gzip\r\n", b"\x1f\x8b\x08\0" + b"a" * 99),
    "cut gzip": _with(OK + b"Content-Encoding: gzip\r\n", gzip.compress(b"a" * 9999)[:-9]),
    "a bomb": _with(OK + b"Content-Encoding: gzip\r\n", _bomb(512)),
    "gzip in gzip": _with(OK + b"Content-Encoding: gzip, gzip\r\n", gzip.compress(b"a")),
    "another coding": _with(OK + b"Content-Encoding: br\r\n", b"a"),
    "a charset of its own": _with(OK + b"Content-Type: text/html; charset=\xff\x00\r\n", b"a"),
    "a charset that reads files": _with(OK + b"Content-Type: text/html; charset=/etc/x\r\n", b"a"),
    "a moment that is none": _with(OK + b"Memento-Datetime: \xff\x00 yesterday\r\n", b"a"),
    "words for a terminal": b"HTTP/1.1 500 \x1b[2J\x1b]0;a\x07\r\nX: \x1b[2J" + EMPTY,
    "wait for years": b"HTTP/1.1 503 a\r\nRetry-After: 99999999999999999999" + EMPTY,
    "wait for words": b"HTTP/1.1 429 a\r\nRetry-After: \xff -1" + EMPTY,
    "wait till no day": b"HTTP/1.1 429 a\r\nRetry-After: Wed, 99 Foo 99999" + EMPTY,
    **{
        f"leads to {place[:30]!r}, {number}": b"HTTP/1.1 302 a\r\nLocation: " + place
        + EMPTY
        for number, place in enumerate(LOCATIONS)
    },
    **{
        f"captured, and leads to {place[:30]!r}, {number}": MEMENTO.replace(b"200", b"302")
        + b"Location: " + place + EMPTY
        for number, place in enumerate(LOCATIONS)
    },
    **{f"an index of {body[:20]!r}, {number}": _with(OK, body) for number, body in enumerate(CDX)},
    "a page of another": _with(MEMENTO, b"<html><script>var msg_title='a'</script>" + b"<b>" * 999),
}  # fmt: skip
"""What a server may answer with."""

SMALL = Limits(page=4 * MB, silence=5.0, connect=5.0)
MOST = 40  # requests for one question: tries, and the redirects of each


def _settings(time: FakeTime) -> dict[str, Any]:
    return {"clock": time, "sleep": time.sleep, "chance": lambda: 0.0}


def _client(port: int, **settings: Any) -> ArchiveClient:
    return ArchiveClient(
        f"http://127.0.0.1:{port}/web",
        contact="mailto:a@example.org",
        index_limits=SMALL,
        capture_limits=SMALL,
        **_settings(FakeTime()),
        **settings,
    )


def _ask_index(port: int, folder: Path) -> None:
    del folder
    with _client(port) as client:
        client.index(f"http://127.0.0.1:{port}/web/cdx?url=a")


def _ask_capture(port: int, folder: Path) -> None:
    del folder
    with _client(port) as client:
        client.capture(f"http://127.0.0.1:{port}/web/20200101000000id_/{UNSIGNED}")


def _recover(port: int, folder: Path) -> None:
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_article(body="", state=State.HOLLOW))
        with _client(port, exchange=archive.pace.exchange) as client:
            way = WebWay(archive, [client], now=lambda: NOW, again=False)
            list(Recovery(archive, now=lambda: NOW).go([way]))


def _fetch(port: int, folder: Path) -> None:
    del folder
    time = FakeTime()
    config = FetchConfig(gateway=f"http://127.0.0.1:{port}", attempts=2)
    with Fetcher(config, **_settings(time)) as fetcher:
        fetcher.get(UNSIGNED)


WAYS: dict[str, Callable[[int, Path], None]] = {
    "an index": _ask_index,
    "a capture": _ask_capture,
    "a run of recovery": _recover,
    "a page of WeChat's": _fetch,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ANSWERS)
def test_whatever_a_server_answers_ends_in_words(name: str, way: str, tmp_path: Path) -> None:
    with HostileServer(ANSWERS[name]) as server:
        said = _said(WAYS[way], server.port, tmp_path)
        assert "\x1b" not in said
        assert server.asked <= MOST


def _said(way: Callable[[int, Path], None], port: int, folder: Path) -> str:
    """What an error of ours says, if there is one."""
    try:
        way(port, folder)
    except CrawlerError as error:
        return str(error)
    return ""
