"""CSV that Datasette sends: no cell of it is run as a formula, and none steers a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.archive.search import csv_cell
from crawler.fields import harmless

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Send = Callable[[Any], Awaitable[None]]

_CELL = re.compile(r'"(?:[^"]++|"")*+"|[^,"\r\n]++')
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?", re.ASCII | re.IGNORECASE)
_CSV = (b"text/plain", b"text/csv")


def tamed_row(row: str) -> str:
    """A row of CSV whose texts no spreadsheet takes for formulas; numbers stay."""
    return _CELL.sub(_tamed_cell, harmless(row))


def _tamed_cell(cell: re.Match[str]) -> str:
    if _NUMBER.fullmatch(cell[0]):
        return cell[0]
    quote = '"' if cell[0].startswith('"') else ""
    return f"{quote}{csv_cell(cell[0].removeprefix(quote))}"


def tamed(path: str, send: Send) -> Send:
    """What sends the answer at a path; Datasette sends CSV one row a message."""
    if not path.endswith(".csv"):
        return send
    is_csv = False

    async def send_tamed(message: Any) -> None:
        nonlocal is_csv
        if message["type"] == "http.response.start":
            is_csv = dict(message.get("headers", ())).get(b"content-type", b"").startswith(_CSV)
        elif is_csv and message.get("body"):
            message = {**message, "body": tamed_row(message["body"].decode()).encode()}
        await send(message)

    return send_tamed
