"""Spreadsheets in forms that are refused by name: XLS, and ODS.

What reads them takes all memory for one cell in the last corner, or ends the process; so it is only
looked whether they name articles at all, and a person is told to save them in another form.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO

from crawler.clean.listings.limits import check_packing
from crawler.urls import HOST

_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"  # which is a ZIP's first file
_HEAD = 200
_CHUNK = 1 << 20
_MAX_BYTES = 128 << 20
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, NotImplementedError,
    RuntimeError, OverflowError,
)  # fmt: skip


def office_form(content: bytes) -> str:
    """The name of the form of such a spreadsheet; "" for any other file."""
    if content.startswith(_XLS):
        return "XLS"
    return "ODS" if _ODS in content[:_HEAD] else ""


def names_wechat(content: bytes) -> bool:
    """Whether such a spreadsheet names any address of WeChat's; a broken one may."""
    if content.startswith(_XLS):  # its texts are of one byte a letter, or of two
        return any(HOST.encode(encoding) in content for encoding in ("ascii", "utf-16-le"))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            check_packing(packed.getinfo("content.xml"))
            with packed.open("content.xml") as file:
                return _names_it(file)
    except _BROKEN:
        pass
    return True


def _names_it(file: IO[bytes]) -> bool:
    tail = b""
    for _ in range(_MAX_BYTES // _CHUNK):
        chunk = file.read(_CHUNK)
        if HOST.encode() in tail + chunk:
            return True
        if not chunk:
            return False
        tail = chunk[-len(HOST) :]
    return True
