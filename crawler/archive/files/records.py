"""Stored pages as records of WARC 1.1, which others read.

A snapshot is the page less its bulk. Where the head of its answer was kept, it leaves as that
answer: a `response` that says by `WARC-Truncated` that not all of its block is there. Where only
the page is there, it leaves as a `conversion` of the answer that came, which `WARC-Refers-To`
names by an identifier that follows from its bytes, so that every export names it alike.
"""

from __future__ import annotations

import io
import re
from string import punctuation
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from crawler.article import sha256
from crawler.credentials import without_secrets
from crawler.times import as_utc

if TYPE_CHECKING:
    from typing import IO

    from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]

    from crawler.archive.reading import Snapshot

_STATUS_LINE = re.compile(r"HTTP/\d(?:\.\d)? \d{3}(?: [ -~]*+)?(?:\r\n|\Z)", re.ASCII)
_HEADER = re.compile(
    r"([!#$%&'*+.^_`|~0-9A-Za-z-]++): ?+([^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*+)"
)
"""What a head is made of: whatever else a row holds would be read as more than it is."""

# what the block is told of anew, or was before it was read
_OF_THE_TRANSPORT = frozenset(
    {"content-type", "content-length", "content-encoding", "transfer-encoding", "connection"}
)
_SCHEMES = ("https://", "http://")
HTML = "text/html; charset=utf-8"  # as snapshots are kept, whatever the page was


class RecordWriter:
    """Writes the records of a WARC file, the first of which says what wrote it."""

    def __init__(self, file: IO[bytes], *, packed: bool, software: str) -> None:
        self._writer = WARCWriter(file, gzip=packed, warc_version="1.1")
        about = f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode()
        self._write("warcinfo", None, about, {"Content-Type": "application/warc-fields"})

    def write(self, snapshot: Snapshot) -> str:
        """Write one page; returns the SHA-256 of what is its payload."""
        # an older version kept what links carry of their readers
        page = snapshot.content.decode("utf-8", "surrogateescape")
        content = without_secrets(page).encode("utf-8", "surrogateescape")
        headers = {"WARC-Date": as_utc(snapshot.fetched_at)}
        url = target_of(snapshot)
        if _STATUS_LINE.match(snapshot.head) and snapshot.url.startswith(_SCHEMES):
            self._write_response(url, content, headers, head=without_secrets(snapshot.head))
        else:
            headers |= {"Content-Type": HTML, "WARC-Refers-To": _original_of(snapshot)}
            self._write("conversion", url, content, headers)
        return sha256(content)

    def _write_response(
        self, url: str, content: bytes, headers: dict[str, str], *, head: str
    ) -> None:
        http_headers = _http_headers(head, len(content))
        http_headers.compute_headers_buffer()  # as warcio writes it, where a value is not ASCII
        block = http_headers.headers_buff + content
        headers |= {
            "WARC-Truncated": "unspecified",
            "WARC-Block-Digest": f"sha256:{sha256(block)}",
            "WARC-Payload-Digest": f"sha256:{sha256(content)}",
        }
        record = self._writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(content),
            length=len(content),
            http_headers=http_headers,
            warc_headers_dict=headers,
        )
        self._writer.write_record(record)

    def _write(self, kind: str, url: str | None, content: bytes, headers: dict[str, str]) -> None:
        """A record with length and digests said, so that warcio need not copy it to learn them."""
        digest = f"sha256:{sha256(content)}"
        record: ArcWarcRecord = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(content),
            length=len(content),
            warc_content_type=headers["Content-Type"],
            warc_headers_dict={
                **headers,
                "WARC-Block-Digest": digest,
                "WARC-Payload-Digest": digest,
            },
        )
        self._writer.write_record(record)


def target_of(snapshot: Snapshot) -> str:
    """The address of a page as the web knows it: a fragment is the reader's, not the server's.

    A row of somebody else may hold any signs: those that no address has are escaped, and what is no
    address at all has a name of ours in its place.
    """
    if not snapshot.url.startswith(_SCHEMES):
        return _original_of(snapshot).strip("<>")
    url = without_secrets(snapshot.url).partition("#")[0]
    return quote(url, safe=punctuation, errors="replace")


def _original_of(snapshot: Snapshot) -> str:
    evidence = snapshot.evidence.encode("utf-8", "replace").decode()
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'sha256:{evidence}')}>"


def _http_headers(head: str, length: int) -> StatusAndHeaders:
    """The head as it was kept, with the type and the length of what stands behind it."""
    protocol_and_status, *lines = head.split("\r\n")
    protocol, _, status = protocol_and_status.partition(" ")
    named = filter(None, map(_HEADER.fullmatch, lines))
    kept = [found.groups() for found in named if found[1].lower() not in _OF_THE_TRANSPORT]
    said = [*kept, ("Content-Type", HTML), ("Content-Length", str(length))]
    return StatusAndHeaders(status, said, protocol=protocol)
