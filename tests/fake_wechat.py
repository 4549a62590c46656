"""A WeChat of our own on loopback, to be used as `[fetch] gateway`.

It serves, refuses, breaks, and keeps a record.

    python -m tests.fake_wechat [--port N] [--pages FOLDER] [--verify-after N]

What it answers at `/s/NAME-NUMBER` is listed at `/`; a long link with chksm is article `mid -
2650000000`, one without comes back hollow. `--pages` serves each NAME.html or NAME.html.gz below a
folder at `/s/NAME`.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import re
import ssl
import threading
import time
from collections import Counter, deque
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs, urlsplit

from tests import fake_answers
from tests.fake_answers import ANSWERS, HTML, Answer

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

_TOKEN = re.compile(r"/s/(?P<name>[a-z_]+)-(?P<number>\d{1,20})")
_PHRASES = {200: "OK", 302: "Found", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One request, as it arrived."""

    at: float  # on the fake's clock, which tests share with the fetcher
    host: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    connection: int  # the client's port, which tells connections apart


class FakeWeChat:
    """A context manager that serves from a thread of its own.

    `verify_after`: the requests for articles after which it only asks for verification, until
    `forgive` is called. `pages`: a folder of real pages, served at `/s/` and their name.
    `certificate`: a file with a certificate and its key, with which it speaks TLS, for browsers.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        port: int = 0,
        pages: Path | None = None,
        verify_after: int | None = None,
        certificate: Path | None = None,
    ) -> None:
        self.record: list[Seen] = []
        self.verify_after = verify_after
        self._clock = clock
        self._pages: dict[str, Path] = {}
        for path in pages.rglob("*.html*") if pages else ():
            name = path.name.partition(".html")[0]
            self._pages |= {name: path, f"{name:-<22}"[:22]: path}
        self._asked: Counter[str] = Counter()
        self._next: deque[Answer] = deque()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.fake = self
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        if certificate:
            self._server.socket = _speaking_tls(self._server.socket, certificate)

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        ).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stopped.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def names(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [seen.path for seen in self.record]

    @property
    def gaps(self) -> list[float]:
        """Seconds between the starts of one request and the next."""
        return [later.at - sooner.at for sooner, later in pairwise(self.record)]

    def answer_next(self, *answers: Answer) -> None:
        """Give these to whatever is asked next, one each."""
        self._next.extend(answers)

    def forgive(self) -> None:
        """Ask for no more verification."""
        self.verify_after = None

    def serve_forever(self) -> None:
        """Serve until interrupted."""
        with contextlib.suppress(KeyboardInterrupt):
            self._server.serve_forever()

    def answer(self, seen: Seen) -> Answer:
        """What a request gets; it is recorded first."""
        with self._lock:
            self.record.append(replace(seen, at=self._clock()))
            nth = self._asked[seen.path]
            self._asked[seen.path] += 1
            if self._next:
                return self._next.popleft()
            if self.verify_after is not None and len(self.record) > self.verify_after:
                return Answer(body=fake_answers.VERIFICATION)
        return self._routed(seen, nth)

    def _routed(self, seen: Seen, nth: int) -> Answer:
        parts = urlsplit(seen.path)
        token = _TOKEN.fullmatch(parts.path)
        if seen.host.endswith((".qpic.cn", ".qlogo.cn")):
            return _picture(seen)
        if token and token["name"] in ANSWERS:
            return ANSWERS[token["name"]](int(token["number"]), nth)
        page = self._pages.get(parts.path.removeprefix("/s/"))
        if page:
            return Answer(
                body=gzip.decompress(page.read_bytes())
                if page.suffix == ".gz"
                else page.read_bytes()
            )
        return _by_path(parts.path, parse_qs(parts.query))


def _speaking_tls(listener: socket.socket, certificate: Path) -> ssl.SSLSocket:
    """The same socket by TLS, of which each handler has the handshake to itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context.wrap_socket(listener, server_side=True, do_handshake_on_connect=False)


def _by_path(path: str, query: Mapping[str, list[str]]) -> Answer:
    if path == "/s":
        number = int(query.get("mid", ["0"])[0]) - fake_answers.FIRST_MID
        if "chksm" not in query:
            return ANSWERS["unsigned"](number, 0)
        return Answer(body=fake_answers.article(number))
    if path == "/mp/appmsgalbum" and query.get("f") == ["json"]:
        return Answer(
            body=fake_answers.album(), headers={"Content-Type": "application/json; charset=UTF-8"}
        )
    if path == "/mp/appmsgalbum":
        return Answer(body=fake_answers.album_page())
    if path == "/feed":
        return Answer(
            body=fake_answers.feed(), headers={"Content-Type": "application/rss+xml; charset=UTF-8"}
        )
    if path == "/":
        return Answer(
            body="\n".join(sorted(ANSWERS)).encode() + b"\n", headers={"Content-Type": "text/plain"}
        )
    return Answer(status=404, body=b"nothing here")


def _picture(seen: Seen) -> Answer:
    """A picture; with a foreign Referer the placeholder, as 200."""
    foreign = "weixin.qq.com" not in seen.headers.get("referer", "weixin.qq.com")
    kind, body = ("gif", fake_answers.GIF) if "gif" in seen.path else ("png", fake_answers.PNG)
    return Answer(
        body=fake_answers.PLACEHOLDER if foreign else body,
        headers={
            "Content-Type": f"image/{kind}",
            "Cache-Control": "max-age=2592000",
            "Access-Control-Allow-Origin": "*",
        },
        gzip=False,
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    fake: FakeWeChat

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.stopped = threading.Event()
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that hang up are what is tested here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # head and body go out in two pieces, and need not wait for one another
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        host, port = headers.get("host", ""), int(self.client_address[1])
        seen = Seen(at=0.0, host=host, path=self.path, headers=headers, connection=port)
        self._deliver(self.server.fake.answer(seen))

    def log_message(self, *_: object) -> None:
        """Keep quiet; the record says it all."""

    def _deliver(self, answer: Answer) -> None:
        body = (
            gzip.compress(answer.body, 1, mtime=0) if answer.gzip and answer.body else answer.body
        )
        head = self._head(answer, body)
        if answer.pieces is not None or answer.cut is not None:
            self.close_connection = True
        if answer.drip:
            self._send(answer, [bytes([byte]) for byte in head])
        elif answer.status:
            self.wfile.write(head)
        self._send(answer, [body[: answer.cut]] if answer.pieces is None else answer.pieces)

    def _send(self, answer: Answer, pieces: object) -> None:
        for piece in pieces:  # type: ignore[attr-defined]
            if answer.pause and self.server.stopped.wait(answer.pause):
                return
            self.wfile.write(piece)

    def _head(self, answer: Answer, body: bytes) -> bytes:
        headers = {"Content-Type": HTML} | dict(answer.headers)
        if answer.gzip and body:
            headers.setdefault("Content-Encoding", "gzip")
        if answer.pieces is not None:
            headers["Connection"] = "close"
        elif answer.length != -1:
            headers["Content-Length"] = str(len(body) if answer.length is None else answer.length)
        lines = [f"HTTP/1.1 {answer.status} {_PHRASES.get(answer.status, 'Something')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1")


def main() -> None:
    """Serve by hand."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fake_wechat", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--pages", type=Path, help="a folder of pages, served at /s/NAME")
    parser.add_argument(
        "--verify-after", type=int, help="ask for verification after so many requests"
    )
    given = parser.parse_args()
    fake = FakeWeChat(port=given.port, pages=given.pages, verify_after=given.verify_after)
    # (used by hand)
    print(f'[fetch] gateway = "{fake.url}"   (names at {fake.url}/; Ctrl-C ends it)')  # noqa: T201
    fake.serve_forever()


if __name__ == "__main__":
    main()
