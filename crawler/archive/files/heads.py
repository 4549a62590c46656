"""Heads in a WARC: those of HTTP that warcio refuses, which would end the reading of the file.

And what is said where it ends nonetheless.
"""

from __future__ import annotations

import re
from typing import Any

from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecordLoader  # type: ignore[import-untyped]
from warcio.statusandheaders import (  # type: ignore[import-untyped]
    StatusAndHeaders,
    StatusAndHeadersParser,
    StatusAndHeadersParserException,
)

from crawler.telling import said_by

_STATUS = re.compile(r"HTTP/[1-3](?:\.\d)? \d{3}\b", re.ASCII | re.IGNORECASE)
_ANY = StatusAndHeadersParser([], verify=False)


class NoHead(StatusAndHeaders):  # type: ignore[misc]
    """Of an answer whose block begins with something else."""

    def __init__(self) -> None:
        super().__init__("", [], protocol="")


class HeadLoader(ArcWarcRecordLoader):  # type: ignore[misc]
    """Takes the status lines of HTTP/2 and in small letters, and costs a record without one alone.

    Some tools write `HTTP/2 200`, as curl prints it.
    """

    def load_http_headers(self, rec_type: str, uri: str, stream: Any, length: int | None) -> Any:
        """The head of a record's HTTP; None where it has none to have."""
        try:
            return super().load_http_headers(rec_type, uri, stream, length)
        except StatusAndHeadersParserException as error:
            line = str(error.statusline)
            if rec_type != "response" or not _STATUS.match(line):
                return NoHead()
            return _ANY.parse(stream, line.encode("utf-8", "replace"))


def words_of(error: Exception) -> str:
    """What is wrong with a file; warcio repeats the line at which it stops, whatever that is."""
    is_line = any(mark in str(error) for mark in ("first line: ", "Found"))
    return _NO_RECORD if is_line and isinstance(error, _REPEATS) else said_by(error)


_REPEATS = (ArchiveLoadFailed, StatusAndHeadersParserException)
_NO_RECORD = "something else stands in it where a record should begin"
