"""The way without a gateway.

TLS by the name that was asked for, over a connection to the address that was checked.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import httpcore
import pytest

from crawler.config import FetchConfig
from crawler.errors import FetchError
from crawler.fetch import Fetcher, sockets
from tests.fake_answers import article, long_link
from tests.fetch.conftest import NO_LENGTH, PATIENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crawler.fetch.limits import Limits

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")

OPEN_ADDRESS = "93.184.216.34"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(article(1))

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class _Diverted(httpcore.SyncBackend):
    """Connects to this machine whatever the address, and tells which it was."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[tuple[str, int]] = []

    def connect_tcp(
        self, host: str, port: int, *given: Any, **named: Any
    ) -> httpcore.NetworkStream:
        self.asked.append((host, port))
        return super().connect_tcp("127.0.0.1", self.port, *given, **named)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
        " -nodes -days 2 -subj /CN=lighthouse"
    )
    extra = [
        "-addext",
        "subjectAltName=DNS:mp.weixin.qq.com",
        "-keyout",
        str(path),
        "-out",
        f"{path}.crt",
    ]
    # (fixed words)
    subprocess.run([*command.split(), *extra], check=True, capture_output=True)  # noqa: S603
    path.write_bytes(path.read_bytes() + path.with_name("both.pem.crt").read_bytes())
    return path


@pytest.fixture
def served(certificate: Path) -> Iterator[_Diverted]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = HTTPServer(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    ).start()
    yield _Diverted(server.server_port)
    server.shutdown()
    server.server_close()


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test's own certificate pass for one that the world trusts."""
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(sockets, "_tls", lambda: context)


@pytest.fixture
def open_direct(served: _Diverted) -> Callable[..., Fetcher]:
    config = FetchConfig(attempts=1, interval=0.0, jitter=0.0, hosts=("other.example",))

    def fetcher(limits: Limits = PATIENT) -> Fetcher:
        return Fetcher(config, resolve=lambda *_: [OPEN_ADDRESS], limits=limits, sockets=served)

    return fetcher


@pytest.mark.usefixtures("trusted")
def test_tls_goes_by_the_name_and_the_connection_by_the_checked_address(
    open_direct: Callable[..., Fetcher], served: _Diverted
) -> None:
    with open_direct() as fetcher:
        assert fetcher.get(long_link(1)).content == article(1)
    assert served.asked == [(OPEN_ADDRESS, 443)]


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_refused(open_direct: Callable[..., Fetcher]) -> None:
    with (
        open_direct() as fetcher,
        pytest.raises(FetchError, match=r"cannot be reached: .*Hostname mismatch"),
    ):
        fetcher.get("https://other.example/feed")


def test_a_certificate_that_nobody_vouches_for_is_refused(
    open_direct: Callable[..., Fetcher],
) -> None:
    with (
        open_direct() as fetcher,
        pytest.raises(FetchError, match=r"cannot be reached: .*CERTIFICATE_VERIFY_FAILED"),
    ):
        fetcher.get(long_link(1))


@pytest.mark.usefixtures("trusted")
def test_a_server_that_never_finishes_its_handshake_is_left(
    open_direct: Callable[..., Fetcher], served: _Diverted
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        served.port = mute.getsockname()[1]
        with (
            open_direct(NO_LENGTH) as fetcher,
            pytest.raises(FetchError, match=r"took more than 1.5 s in all"),
        ):
            fetcher.get(long_link(1))
