"""`POST /capture`: the one way in that a web page might find, so that nearly all is refused.

Asked in this order, each before the next costs anything: is this origin one of ours, does it hold
the token, is it JSON and not too long, is nobody else being served. Then the body is read, counted
and against a clock, and one thread with a connection of its own takes it. Whoever holds no token is
told nothing that another page could read: no answer to it names an origin that may.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol

from crawler.browse.clients import is_client
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PATH = "/capture"
MAX_BODY = 16 << 20
_SECONDS = 20.0  # to read a body, which comes over loopback
_IDLE = 2.0  # seconds without a page after which what ends a run is done
_BLANK: Mapping[str, Any] = {
    "stored": False,
    "state": "",
    "title": "",
    "account": "",
    "characters": 0,
    "pictures": 0,
    "missing": [],
}
_BUSY = "another page is being taken in; try again in a moment"


class Taker(Protocol):
    """What takes a page in, in a thread of its own."""

    def take(self, body: bytes) -> dict[str, Any]:
        """Judge and keep what was sent; raises ArchiveError where nothing can be written."""

    def finish(self) -> None:
        """Do what is to be done once after many."""


class _Refused(Exception):
    """Why nothing is taken, with the status of the answer that says so."""

    def __init__(self, status: int, line: str) -> None:
        super().__init__(line)
        self.status = status
        self.line = line


class Door:
    """Lets pages in to a taker, one at a time, from whoever holds the token.

    `token` is asked for it at each page, so that one that was replaced opens nothing any more.
    """

    def __init__(
        self, token: Callable[[], str], taker: Taker, *, seconds: float = _SECONDS
    ) -> None:
        self._token = token
        self._taker = taker
        self._seconds = seconds
        self._is_busy = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="capture")
        self._later: asyncio.TimerHandle | None = None

    def before(self, app: Any) -> Any:
        """An ASGI application before which this door stands; it goes on answering all else."""

        async def answer(scope: Any, receive: Any, send: Any) -> None:
            is_asked = scope["type"] == "http" and scope["path"] == PATH
            if is_asked and scope["method"] not in {"GET", "HEAD"}:
                await self._answer(scope, receive, send)
            else:
                await app(scope, receive, send)

        return answer

    def close(self) -> None:
        """Finish what was begun."""
        self._thread.submit(self._taker.finish)
        self._thread.shutdown()

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        headers = _headers_of(scope)
        origin = headers.get("origin", "")
        is_known = is_client(origin)
        if is_known and scope["method"] == "OPTIONS":
            await _send(send, 204, b"", _permission(origin, headers))
            return
        allowed = {}
        try:
            self._check_who(scope, headers, is_known=is_known)
            allowed = _readable_by(origin)
            status, told = await self._served(headers, receive)
        except _Refused as refused:
            status, told = refused.status, {**_BLANK, "line": refused.line}
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        await _send(send, status, body, {**allowed, "content-type": "application/json"})

    def _check_who(self, scope: Any, headers: Mapping[str, str], *, is_known: bool) -> None:
        if not is_known:
            raise _Refused(403, "only WeChat's pages and the extension may bring pages in")
        if scope["method"] != "POST":
            raise _Refused(405, "pages come by POST")
        given = headers.get("authorization", "").encode("latin-1")
        try:
            token = self._token().encode()
        except ArchiveError as error:
            raise _Refused(
                401, "the archive's token cannot be read; see: crawler capture"
            ) from error
        if not secrets.compare_digest(given, b"Bearer " + token):
            raise _Refused(401, "the token is not this archive's; crawler capture shows it")

    async def _served(self, headers: Mapping[str, str], receive: Any) -> tuple[int, dict[str, Any]]:
        _check_what(headers)
        if self._is_busy:
            raise _Refused(503, _BUSY)
        self._is_busy = True
        try:
            body = await self._read(receive)
            told = await self._taken(body)
        finally:
            self._is_busy = False
        return (200 if told["stored"] else 422), told

    async def _read(self, receive: Any) -> bytes:
        body = bytearray()
        try:
            async with asyncio.timeout(self._seconds):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise _Refused(400, "the page broke off on its way")
                    body += message.get("body", b"")
                    if len(body) > MAX_BODY:
                        raise _too_large()
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise _Refused(408, "the page took too long on its way") from None

    async def _taken(self, body: bytes) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        if self._later:
            self._later.cancel()
        try:
            return await loop.run_in_executor(self._thread, self._taker.take, body)
        except ArchiveError as error:
            raise _Refused(503, f"nothing was kept: {error.what}; {error.advice}") from None
        except Exception:  # noqa: BLE001  (no traceback reaches a page or a terminal)
            raise _Refused(500, "nothing was kept: the page broke the reading of it") from None
        finally:
            self._later = loop.call_later(_IDLE, self._thread.submit, self._taker.finish)


def _headers_of(scope: Any) -> dict[str, str]:
    """The headers by name; of one that is given twice both values count, joined by a comma."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found


def _check_what(headers: Mapping[str, str]) -> None:
    """Raises where it is no JSON as it stands, or longer than any page."""
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise _Refused(415, "a page comes as application/json")
    if "content-encoding" in headers:
        raise _Refused(415, "a page comes as it is, not packed")
    length = headers.get("content-length", "0")
    if length.isascii() and length.isdigit() and int(length[:20]) > MAX_BODY:
        raise _too_large()


def _too_large() -> _Refused:
    return _Refused(413, f"a page with its pictures has at most {MAX_BODY >> 20} MB")


def _readable_by(origin: str) -> dict[str, str]:
    """Headers that let one origin read the answer."""
    return {"access-control-allow-origin": origin, "vary": "Origin"}


def _permission(origin: str, headers: Mapping[str, str]) -> dict[str, str]:
    """What a browser wants to hear before it sends a token and JSON from a page to loopback."""
    found = {
        **_readable_by(origin),
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "authorization, content-type",
        "access-control-max-age": "600",
    }
    if headers.get("access-control-request-private-network") == "true":
        found["access-control-allow-private-network"] = "true"
    return found


async def _send(send: Any, status: int, body: bytes, headers: Mapping[str, str]) -> None:
    every = {
        **headers,
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        # in a frame it looks as if nothing had answered
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    }
    pairs = [(name.encode(), value.encode("latin-1")) for name, value in every.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
