"""The one seam to the network.

Httpx over a backend that connects to the very address it has checked.

A name that resolves to loopback, private, link-local or metadata addresses is refused at connect
time, and the connection goes to the address that was looked at, so that a name cannot change its
mind in between (DNS rebinding).
"""

from __future__ import annotations

import os
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeAlias

import httpcore
import httpx

from crawler.errors import ConfigError
from crawler.fetch.addresses import RefusedAddressError, is_public
from crawler.telling import said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from ipaddress import IPv4Network, IPv6Network
    from ssl import SSLContext

    from crawler.fetch.limits import Deadline

    Resolve: TypeAlias = Callable[[str, int], list[str]]


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a name, as the system knows them, the preferred one first."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def can_resolve(host: str) -> bool:
    """Whether the system knows an address of a host: no more than a question for it is sent."""
    try:
        return bool(resolve(host, 443))
    except OSError:
        return False


@dataclass(kw_only=True)
class GuardedBackend(httpcore.NetworkBackend):
    """Connects to public addresses, to networks that the user trusts, and to hosts of settings."""

    deadline: Deadline
    inner: httpcore.NetworkBackend
    named: frozenset[str] = frozenset()  # hosts that a setting names, wherever they are
    trusted: tuple[IPv4Network | IPv6Network, ...] = ()
    resolve: Resolve = resolve

    def connect_tcp(  # noqa: D102  (httpcore's own signature)
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        _check_name(host)
        addresses = [host] if host in self.named else self._checked(host, port)
        until = time.monotonic() + self.deadline.shorten(timeout, httpcore.ConnectTimeout)
        for untried in range(len(addresses), 0, -1):
            share = max(until - time.monotonic(), 0.01) / untried
            try:
                stream = self.inner.connect_tcp(
                    addresses[-untried], port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if untried == 1:
                    raise
            else:
                return _TimedStream(stream, self.deadline)
        raise httpcore.ConnectError(f"{host} has no address")

    def _checked(self, host: str, port: int) -> list[str]:
        """The addresses of the name.

        One that is not public condemns them all: nobody honest mixes them.
        """
        try:
            addresses = self.resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved ({said_by(error)})") from error
        inside = [address for address in addresses if not self._allowed(address)]
        if inside:
            raise RefusedAddressError(
                f"{host} resolves to {', '.join(inside[:3])}, which is not on the open internet"
            )
        return addresses

    def _allowed(self, text: str) -> bool:
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            return False
        return is_public(address) or any(address in network for network in self.trusted)


def _check_name(host: str) -> None:
    """Raises ConnectError for what no resolver takes: `a..b`, or 64 letters without a dot."""
    try:
        host.encode("idna")
    except UnicodeError:
        raise httpcore.ConnectError(f"{host} is no name of a host") from None


class _TimedStream(httpcore.NetworkStream):
    """A connection on which each read ends with the exchange.

    A byte a second would otherwise stretch it for ever.
    """

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.shorten(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.shorten(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limit = self._deadline.shorten(timeout, httpcore.ConnectTimeout)
        return _TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, limit), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


@cache
def _tls() -> SSLContext:
    """What certificates are checked against.

    It takes 30 ms to read, so once a process is enough. Raises ConfigError where it cannot be read,
    as where a variable of the shell names a file that is gone.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # also what OpenSSL says of a file without certificates
        what = f"certificates cannot be checked: {error.strerror or error}"
        raise ConfigError(_set_for_tls(), what, "set it right, or unset it") from None


def _set_for_tls() -> str:
    """What the shell says of certificates, by variable."""
    said = [f"{name}={os.environ[name]}" for name in _OF_TLS if os.environ.get(name)]
    return ", ".join(said) or "the system"


_OF_TLS = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "OPENSSL_CONF")


class Transport(httpx.BaseTransport):
    """httpx's way to the network over a backend of ours, which its own transport does not take."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(), network_backend=backend, max_keepalive_connections=2
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request; the answer's body is still to be read."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        with _errors_of_httpx():
            answer = self._pool.handle_request(
                httpcore.Request(
                    request.method, url, headers=request.headers.raw, extensions=request.extensions
                )
            )
        stream = _Stream(answer)
        return httpx.Response(
            answer.status, headers=answer.headers, stream=stream, extensions=answer.extensions
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _errors_of_httpx():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def addresses_named() -> Iterator[None]:
    """What is no address for httpx, whoever let it through, is one that cannot be reached."""
    try:
        yield
    except (httpx.InvalidURL, UnicodeError) as error:
        raise httpx.ConnectError(f"it is no address ({said_by(error)})") from None


@contextmanager
def _errors_of_httpx() -> Iterator[None]:
    """Each error of httpcore has its namesake in httpx."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise getattr(httpx, type(error).__name__, httpx.TransportError)(said_by(error)) from error
