"""Where a request may go: allowed hosts by name, and public addresses when the name is resolved to connect."""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import httpcore

from crawler.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

HOSTS = frozenset(
    {
        "mp.weixin.qq.com",
        "mmbiz.qpic.cn",  # pictures of articles
        "mmbiz.qlogo.cn",  # formulas, older pictures
        "wx.qlogo.cn",  # avatars
        "res.wx.qq.com",
    }
)

_ADVICE = "add it to [fetch] hosts in config.toml if you trust it"


def checked_target(url: str, location: str, hosts: Collection[str]) -> str:
    """The address that `url`, or a redirect of it, leads to: https, on an allowed host.

    Raises FetchError where it may not be requested.
    """
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        port = parts.port
    except ValueError:
        raise FetchError(url, f"leads to {location[:200]!r}, which is no address", "nothing was sent there") from None
    if parts.scheme not in ("http", "https"):
        raise FetchError(
            url, f"leads to a {parts.scheme or 'nameless'} address, {target[:200]}", "nothing was sent there"
        )
    if (parts.hostname or "") not in hosts or parts.username is not None or port not in (None, 80, 443):
        raise FetchError(url, f"leads to {target[:200]}, which is not on an allowed host", _ADVICE)
    return parts._replace(scheme="https", netloc=parts.hostname or "", fragment="").geturl()


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the open internet: not loopback, private, link-local, metadata or the like."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to the very address that it has checked, so that a name cannot change its mind in between.

    Every read also ends at `deadline` (on `clock`), which bounds an answer that drips, its headers included.
    """

    def __init__(self, *, clock: Callable[[], float], resolve: Callable[[str, int], list[str]] = resolve) -> None:
        self._inner = httpcore.SyncBackend()
        self._resolve = resolve
        self._clock = clock
        self.deadline = float("inf")
        self.unguarded: str | None = None  # the host of a configured gateway

    def connect_tcp(  # noqa: D102  (httpcore's own signature)
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._inner.connect_tcp(self._address(host, port), port, timeout, local_address, socket_options)
        return _BoundedStream(stream, self)

    def _address(self, host: str, port: int) -> str:
        if host == self.unguarded:
            return host
        try:
            addresses = self._resolve(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved: {error}") from error
        strange = [address for address in addresses if not is_public(address)]
        if strange or not addresses:
            what = f"resolves to {', '.join(strange) or 'nothing'}, which is not on the open internet"
            raise FetchError(host, what, "check the name server; nothing was sent")
        return addresses[0]

    def remaining(self, timeout: float | None) -> float:
        """Seconds that a read or write may still take."""
        left = self.deadline - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole exchange took too long")
        return min(left, timeout) if timeout is not None else left


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, backend: GuardedBackend) -> None:
        self._inner = inner
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._backend.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._backend.remaining(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _BoundedStream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
