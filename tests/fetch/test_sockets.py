from __future__ import annotations

from functools import cache
from ipaddress import ip_network
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
import pytest

from crawler.config import FetchConfig
from crawler.errors import ConfigError
from crawler.fetch import ArchiveClient, Fetcher
from crawler.fetch import sockets as guarded
from crawler.fetch.limits import Deadline
from crawler.fetch.sockets import GuardedBackend, resolve

if TYPE_CHECKING:
    from pathlib import Path


class Sockets(httpcore.NetworkBackend):
    """Says where one would have connected to."""

    def __init__(self, broken: tuple[str, ...] = ()) -> None:
        self.asked: list[str] = []
        self.limits: list[float] = []
        self._broken = broken

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_: Any
    ) -> httpcore.NetworkStream:
        self.asked.append(f"{host}:{port}")
        self.limits.append(timeout or 0.0)
        if host in self._broken:
            raise httpcore.ConnectError(host)
        return httpcore.NetworkStream()


def connect(backend: GuardedBackend, host: str = "mp.weixin.qq.com") -> None:
    backend.deadline.restart()
    with backend.deadline.run():
        backend.connect_tcp(host, 443, 15.0)


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    sockets = Sockets()
    answers = [["93.184.216.34"], ["127.0.0.1"]]  # a name that changes its mind
    backend = GuardedBackend(
        deadline=Deadline(90), resolve=lambda *_: answers.pop(0), inner=sockets
    )
    connect(backend)
    assert sockets.asked == ["93.184.216.34:443"]
    with pytest.raises(ValueError, match="is not on the open internet"):
        connect(backend)
    assert len(sockets.asked) == 1


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes between what is measured and what is handed on, however busy the machine."""
    monkeypatch.setattr(guarded, "time", SimpleNamespace(monotonic=lambda: 0.0))


@pytest.mark.usefixtures("still")
def test_the_next_address_of_a_name_is_tried_where_one_does_not_answer_within_the_same_time() -> (
    None
):
    sockets = Sockets(broken=("2606:2800:220:1::1",))
    found = ["2606:2800:220:1::1", "93.184.216.34"]
    connect(GuardedBackend(deadline=Deadline(90), resolve=lambda *_: found, inner=sockets))
    assert sockets.asked == ["2606:2800:220:1::1:443", "93.184.216.34:443"]
    assert sockets.limits == [7.5, 15.0]


def test_where_no_address_answers_the_last_error_is_told() -> None:
    sockets = Sockets(broken=("93.184.216.34",))
    with pytest.raises(httpcore.ConnectError):
        connect(
            GuardedBackend(
                deadline=Deadline(90), resolve=lambda *_: ["93.184.216.34"], inner=sockets
            )
        )
    with pytest.raises(httpcore.ConnectError, match="has no address"):
        connect(GuardedBackend(deadline=Deadline(90), resolve=lambda *_: [], inner=sockets))


def test_a_trusted_network_is_let_through_and_only_that() -> None:
    sockets = Sockets()
    trusted = (ip_network("198.18.0.0/15"),)
    connect(
        GuardedBackend(
            deadline=Deadline(90), trusted=trusted, resolve=lambda *_: ["198.18.0.7"], inner=sockets
        )
    )
    assert sockets.asked == ["198.18.0.7:443"]
    with pytest.raises(ValueError, match="is not on the open internet"):
        connect(
            GuardedBackend(
                deadline=Deadline(90),
                trusted=trusted,
                resolve=lambda *_: ["10.0.0.1"],
                inner=sockets,
            )
        )


def test_a_gateway_is_asked_as_it_is_named() -> None:
    sockets = Sockets()
    connect(
        GuardedBackend(deadline=Deadline(90), named=frozenset({"127.0.0.1"}), inner=sockets),
        host="127.0.0.1",
    )
    assert sockets.asked == ["127.0.0.1:443"]


@pytest.mark.usefixtures("still")
def test_the_time_for_all_bounds_the_time_to_connect() -> None:
    sockets = Sockets()
    deadline = Deadline(2, clock=lambda: 0.0)
    connect(GuardedBackend(deadline=deadline, resolve=lambda *_: ["93.184.216.34"], inner=sockets))
    assert sockets.limits == [2.0]
    with pytest.raises(httpcore.ConnectTimeout):
        connect(
            GuardedBackend(
                deadline=Deadline(0), resolve=lambda *_: ["93.184.216.34"], inner=sockets
            )
        )


def test_a_name_of_this_machine_resolves_to_itself() -> None:
    assert {"127.0.0.1", "::1"} & set(resolve("localhost", 443))


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 70}.com"])
@pytest.mark.parametrize("is_named", [True, False])
def test_a_host_that_no_resolver_takes_is_no_connection(host: str, *, is_named: bool) -> None:
    sockets = Sockets()
    named = frozenset({host} if is_named else ())
    with pytest.raises(httpcore.ConnectError):
        connect(GuardedBackend(deadline=Deadline(90), named=named, inner=sockets), host=host)
    assert sockets.asked == []


@pytest.mark.parametrize("url", ["http://１２７.0.0.1/", "http://h/\0", f"http://h/{'a' * 70_000}"])
def test_what_is_no_address_for_the_client_cannot_be_reached(url: str) -> None:
    with pytest.raises(httpx.ConnectError, match="it is no address"), guarded.addresses_named():
        httpx.Request("GET", url)


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        *(("SSL_CERT_FILE", place) for place in ("gone/there.pem", ".", "empty.pem")),
        *(("SSLKEYLOGFILE", place) for place in ("gone/there.txt", ".")),
    ],
)
def test_certificates_that_a_variable_of_the_shell_spoils_are_named_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, place: str
) -> None:
    (tmp_path / "empty.pem").write_bytes(b"none\n")
    for name in guarded._OF_TLS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(tmp_path / place))
    monkeypatch.setattr(guarded, "_tls", cache(guarded._tls.__wrapped__))
    for make in (
        lambda: Fetcher(FetchConfig()),
        lambda: ArchiveClient("https://web.archive.org/web", contact="a@example.org"),
    ):
        with pytest.raises(ConfigError, match="certificates cannot be checked") as caught:
            make()
        assert caught.value.subject == f"{variable}={tmp_path / place}"
