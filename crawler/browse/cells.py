"""What Datasette sends of its own: no credential stands in it, whatever an archive holds.

And no cell of its CSV is run as a formula, and none steers a terminal.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from contextlib import suppress
from contextvars import ContextVar
from hashlib import blake2b
from pathlib import PurePath
from secrets import token_bytes
from threading import Lock
from typing import TYPE_CHECKING, Any

from datasette.utils import tilde_decode, tilde_encode  # type: ignore[import-untyped]

from crawler.archive.database import pack, unpack
from crawler.archive.search import csv_cell
from crawler.credentials import without_secrets
from crawler.fields import harmless

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    Send = Callable[[Any], Awaitable[None]]

_CELL = re.compile(r'"(?:[^"]++|"")*+"|[^,"\r\n]++')
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?", re.ASCII | re.IGNORECASE)
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)  # of JSON
_PACKED = b"\x28\xb5\x2f\xfd"  # what zstd begins with, as texts and pages are kept
_PACKED_BASE64 = base64.b64encode(_PACKED)[:5].decode()
_LARGEST, _MOST_UNPACKED = 16 << 20, 256 << 20  # bytes of one value, and of one answer
# a value as it stands in the address of its row, of what is behind it, or of a choice; before it
# may stand the end of an encoded sign
_IN_AN_ADDRESS = re.compile(
    r"(?<![\w~+-])(?P<sign>(?<=%)[0-9A-Fa-f]{2})?+(?P<value>[\w+-]*+~[\w~+-]++)", re.ASCII
)


def tamed_row(row: str) -> str:
    """A row of CSV whose texts no spreadsheet takes for formulas; numbers stay."""
    return _CELL.sub(_tamed_cell, _with_tamed_addresses(harmless(row)))


def _tamed_cell(cell: re.Match[str]) -> str:
    if _NUMBER.fullmatch(cell[0]):
        return cell[0]
    quote = '"' if cell[0].startswith('"') else ""
    return f"{quote}{csv_cell(cell[0].removeprefix(quote))}"


def tamed_json(text: str) -> str:
    """JSON in whose texts no credentials stand; what shows nothing stays, by its number."""
    packed = _Packed()

    def tamed_string(string: re.Match[str]) -> str:
        said = json.loads(string[0], strict=False)
        told = packed.tamed_base64(said) if said.startswith(_PACKED_BASE64) else tamed_page(said)
        return string[0] if told == said else json.dumps(told)

    return _STRING.sub(tamed_string, text)


class _Packed:
    """Makes values that an archive keeps packed such as no credentials stand in.

    Nothing is sent of what does not unpack, for it may be a part, and of more than pages have.
    """

    def __init__(self) -> None:
        self._left = _MOST_UNPACKED

    def tamed_base64(self, text: str) -> str:
        """The same in the letters in which JSON has it; another text that begins so as it is."""
        try:
            packed = base64.b64decode(text, validate=True)
        except ValueError:
            return tamed_page(text)
        told = self.tamed(packed)
        return text if told is packed else base64.b64encode(told).decode()

    def tamed(self, packed: bytes) -> bytes:
        """The value itself where none stand in it."""
        try:
            said = unpack(packed) if self._left > 0 else b""
        except ValueError:
            said = b""
        self._left -= len(said)
        if not said or len(said) > _LARGEST:
            return b""
        text = said.decode("utf-8", "surrogateescape")
        told = without_secrets(text)
        return packed if told == text else pack(told.encode("utf-8", "surrogateescape"))


def tamed_page(text: str) -> str:
    """A page in which no credentials stand, nor in the addresses of its rows."""
    return _with_tamed_addresses(without_secrets(text))


def _with_tamed_addresses(text: str) -> str:
    if "~" not in text:  # as in most texts, which are long
        return text
    return _IN_AN_ADDRESS.sub(_tamed_value, text)


def _tamed_value(value: re.Match[str]) -> str:
    said = tilde_decode(value["value"])
    told = without_secrets(said)
    if told == said:
        return value[0]
    return f"{value['sign'] or ''}{_stand_in(value['value'], tilde_encode(told))}"


_STOOD: dict[str, str] = {}  # what stood in addresses, by what is sent in its place
_MOST, _LONGEST = 4_000, 2_000  # a page has a thousand rows at most
_SALT = token_bytes(16)
_LOCK = Lock()


def _stand_in(said: str, told: str) -> str:
    """What stands for a value without its credentials, and leads where that did.

    Else the rows behind the last of a page would be those behind another: the page again.
    """
    if len(said) > _LONGEST:
        return told
    sent = f"{told}-{blake2b(said.encode(), key=_SALT, digest_size=8).hexdigest()}"
    with _LOCK:
        _STOOD.pop(sent, None)
        _STOOD[sent] = said  # as the newest
        if len(_STOOD) > _MOST:
            del _STOOD[next(iter(_STOOD))]
    return sent


def as_meant(scope: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, where an address that was sent without credentials is followed."""
    meant = dict(scope)
    if isinstance(scope.get("path"), str):
        meant["path"] = _meant(scope["path"])
    for name in ("raw_path", "query_string"):
        if isinstance(scope.get(name), bytes):
            meant[name] = _meant(scope[name].decode("latin-1")).encode("latin-1")
    return meant


def _meant(address: str) -> str:
    return _IN_AN_ADDRESS.sub(_meant_value, address)


def _meant_value(value: re.Match[str]) -> str:
    return f"{value['sign'] or ''}{_STOOD.get(value['value'], value['value'])}"


def _tamed_header(value: bytes) -> bytes:
    return tamed_page(value.decode("latin-1")).encode("latin-1")


def _told(tame: Callable[[str], str], body: bytes) -> bytes:
    if body.startswith(_PACKED):
        return _Packed().tamed(body)
    with suppress(UnicodeDecodeError):  # of a value that is no text
        return tame(body.decode()).encode()
    return body


# by how an address ends; of lines of JSON Datasette says that they are plain text
_ENDINGS: Mapping[str, Callable[[str], str]] = {
    ".csv": tamed_row,
    ".json": tamed_json,
    ".blob": tamed_page,  # of a text, too, where one is asked for
}
_FILES = ("/-/static", "/archive-static/")
BROKE_OFF: ContextVar[bool] = ContextVar("broke_off", default=False)
"""Whether the CSV that is being sent ends with words of why there is no more of it."""


def tamed(path: str, send: Send) -> Send:
    """What sends the answer at a path: Datasette sends CSV one row a message, all else in one."""
    if path.startswith(_FILES):
        return send
    tame = _ENDINGS.get(PurePath(path).suffix, tamed_page)

    async def send_tamed(message: Any) -> None:
        nonlocal tame
        if message["type"] == "http.response.start":
            headers = message.get("headers", ())
            if dict(headers).get(b"content-type", b"").startswith(b"text/html"):
                tame = tamed_page
            # in which stand addresses, too: where JSON goes on, and what a file is to be called
            told = [(name, _tamed_header(value)) for name, value in headers]
            message = {**message, "headers": told}
        elif BROKE_OFF.get() and not message.get("more_body"):
            raise ConnectionError  # so that nobody takes it for whole
        elif message.get("body"):
            message = {**message, "body": await asyncio.to_thread(_told, tame, message["body"])}
        await send(message)

    return send_tamed
