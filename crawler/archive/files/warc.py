"""Pages in the field's own format: snapshots out as WARC, and pages of anybody's WARC in."""

from __future__ import annotations

import hashlib
import zlib
from base64 import b32decode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, Protocol

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.bufferedreaders import (  # type: ignore[import-untyped]
    DecompressingBufferedReader,
)
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.limitreader import LimitReader  # type: ignore[import-untyped]
from warcio.statusandheaders import (  # type: ignore[import-untyped]
    StatusAndHeadersParserException,
)

from crawler.archive.files.atomic import whole_file
from crawler.archive.files.encodings import PackedError, read_content
from crawler.archive.files.heads import HeadLoader, NoHead, words_of
from crawler.archive.files.records import RecordWriter
from crawler.errors import InputError
from crawler.inputs import name_of, open_input
from crawler.times import from_utc
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]

    from crawler.archive.reading import Snapshot

MAX_PAGE = 32 << 20  # bytes; a page of WeChat's has some 3 MB
MAX_PICTURE = 32 << 20
MAX_RECORD = 2 << 30  # bytes of any record, unpacked: films are archived, too
MAX_LINE = 64 << 10  # bytes of a line in a record's head
MAX_LINES = 2000
# what warcio raises for damage; a response without an address ends in an AttributeError
_NO_WARC = (
    *(ArchiveLoadFailed, StatusAndHeadersParserException, zlib.error),
    *(EOFError, ValueError, AttributeError, LookupError, TypeError),
)
_TYPES = ("response", "resource", "conversion")
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """A page out of a WARC file, or out of one that a tool saved.

    `charset` is what its header said, `fetched_at` is written as `Article.fetch_date`, and
    `is_whole` tells whether it is as it was written; None where its record does not say how.
    `written_at` is when its file was written last: a copy of it says so too, so that is no look.
    """

    url: str
    content: bytes
    charset: str
    http_status: int | None
    fetched_at: str
    is_whole: bool | None = None
    written_at: str = ""

    @property
    def at(self) -> str:
        """The moment of what came along with it: its own, or its file's."""
        return self.fetched_at or self.written_at


class WantsPictures(Protocol):
    """Who takes pictures out of a WARC file, as they come there between the pages."""

    def wants(self, address: str) -> bool:
        """Whether a picture is one of a page that came before."""

    def take(self, address: str, content: bytes, *, at: str) -> None:
        """Take one that is whole."""


def write_warc(path: Path, snapshots: Iterable[Snapshot], *, software: str) -> int:
    """Write snapshots to a WARC file, compressed where its name ends in .gz; returns how many.

    Raises ArchiveError where the file cannot be written; it is whole or not there.
    """
    count = 0
    with whole_file(path) as file:
        writer = RecordWriter(file, packed=path.name.endswith(".gz"), software=software)
        for snapshot in snapshots:
            writer.write(snapshot)
            count += 1
    return count


def read_warc(
    path: Path, file: BinaryIO | None = None, pictures: WantsPictures | None = None
) -> Iterator[SavedPage]:
    """Every HTML page of a WARC or ARC file, compressed or not, in its order.

    `file` is what is read where the path leads into a packed file; `pictures` takes what it wants.

    What is no page is passed over.

    Raises InputError where the file cannot be read as one; what was yielded before is good.
    """
    try:
        with file or open_input(path) as opened:
            records = _Records(opened)
            records.reader = reader = _BoundedReader(opened)
            problem = ""
            for record in records:
                reader.end_head()
                problem = problem or _problem_of(record)
                try:
                    page = _page(record)
                except _PageLeftOutError as error:
                    page, problem = None, problem or str(error)
                picture = _picture(record, pictures) if pictures and not page else b""
                failure = _end_of(record)
                if page:
                    yield replace(page, is_whole=_is_whole(record, page.content))
                if pictures and picture and not failure and _is_whole(record, picture) is not False:
                    pictures.take(_address_of(record), picture, at=_moment_of(record))
                if failure:
                    raise failure
                reader.begin_record()
            if reader.is_within or reader.is_within_pack:
                raise ValueError("it ends within the head of a record")
            if problem:  # what stands behind it was read all the same
                raise ValueError(problem)
    except _NO_WARC as error:
        what = f"cannot be read as WARC: {words_of(error)}"
        raise InputError(name_of(path), what, "give a WARC file") from error
    except OSError as error:
        raise InputError(
            name_of(path), f"cannot be read: {error.strerror or error}", "check the file"
        ) from error


class _Records(ArchiveIterator):  # type: ignore[misc]
    """Says nothing to the terminal: warcio writes what it cannot place there, as it came."""

    INC_RECORD = ""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file, arc2warc=True, check_digests=True)
        self.loader = _Loader(arc2warc=True)


class _Loader(HeadLoader):
    """Compares with its digest what a record was when it was written.

    warcio itself breaks on a digest that is none.
    """

    def wrap_digest_verifying_stream(
        self, stream: Any, rec_type: str, rec_headers: Any, *_: Any, length: int
    ) -> tuple[Any, bool]:
        """The stream of a record, which takes its digest where it says one; and whether it does."""
        block, payload = (
            _digest_of(rec_headers.get_header(f"WARC-{part}-Digest") or "")
            for part in ("Block", "Payload")
        )
        if not block or rec_type not in _TYPES:
            return stream, False
        return _Digested(stream, length, block, payload), True


class _Digest(NamedTuple):
    """What takes a digest, and the digest that a record says."""

    made: Any
    said: bytes

    @property
    def holds(self) -> bool:
        """Whether what was read is what was written."""
        return bool(self.made.digest() == self.said)

    def is_of(self, content: bytes) -> bool:
        """Whether some content is what was written."""
        return hashlib.new(self.made.name, content).digest() == self.said


def _digest_of(told: str) -> _Digest | None:
    """The digest that a record says; None for one that is not known."""
    name, _, value = told.strip().partition(":")
    taken = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}.get(name.lower().replace("-", ""))
    if not taken:
        return None
    made = taken()
    try:
        is_hex = len(value) == 2 * made.digest_size
        padded = value.upper() + "=" * (-len(value) % 8)
        said = bytes.fromhex(value) if is_hex else b32decode(padded)
    except ValueError:
        return None
    return _Digest(made, said) if len(said) == made.digest_size else None


class _Digested(LimitReader):  # type: ignore[misc]
    """The block of a record, which is digested as it is read."""

    def __init__(self, stream: Any, length: int, block: _Digest, payload: _Digest | None) -> None:
        super().__init__(stream, length)
        self._block, self._payload = block, payload
        self._is_payload = False

    def begin_payload(self) -> None:
        """From here on it is the payload: the head of HTTP was read, where there is one."""
        self._is_payload = True

    def _update(self, read: bytes) -> bytes:
        self._block.made.update(read)
        if self._is_payload and self._payload:
            self._payload.made.update(read)
        return bytes(super()._update(read))

    def holds(self, content: bytes) -> bool | None:
        """Whether a record is what was written; None where its head alone is not, or may be.

        Who copies records with warcio writes their heads of HTTP anew and keeps the digests. What
        that of a payload is taken of, tools do not agree: as it was sent, or as it is shown.
        """
        if self._block.holds:
            return True
        payload = self._payload
        return None if payload and (payload.holds or payload.is_of(content)) else False


def _is_whole(record: ArcWarcRecord, content: bytes) -> bool | None:
    """Whether a record that was read to its end is as it was written; None where none tells."""
    stream = record.raw_stream
    return stream.holds(content) if isinstance(stream, _Digested) else None


class _BoundedReader(DecompressingBufferedReader):  # type: ignore[misc]
    """Raises ValueError for what no archive of pages holds, before it fills memory or time.

    warcio reads a line to its end and a record to its length, whatever they are: a file of zeros is
    one line, and a few MB of gzip are a record of many GB.
    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.is_within_pack = False
        self.begin_record()

    def begin_record(self) -> None:
        """Count from the start: a record was read as far as it is wanted."""
        self._lines = self._bytes = 0
        self._is_head = True
        self.is_within = False
        """Whether a head was begun since; warcio takes the end of a file for that of all heads."""

    def end_head(self) -> None:
        """Count no lines until the next record: each piece of a page may have one before it."""
        self._is_head = False

    def read(self, length: int | None = None) -> bytes:
        """Some bytes of a record's content."""
        content: bytes = super().read(length)
        self._count(len(content))
        return content

    def readline(self, length: int | None = None) -> bytes:
        """One line of a record's head."""
        line: bytes = super().readline(min(length or MAX_LINE, MAX_LINE))
        self._lines += self._is_head
        self.is_within = self.is_within or bool(line.strip())
        # warcio gives up some blocks before the length that it is given
        is_endless = len(line) > MAX_LINE // 2 and not line.endswith(b"\n")
        if is_endless or self._lines > MAX_LINES:
            raise ValueError("a record's head is longer than any")
        self._count(len(line))
        return line

    def _decompress(self, data: bytes) -> bytes:
        """As warcio does it, which takes what is damaged for the end, and says so on stderr."""
        if not (self.decompressor and data and self.num_block_read):
            content: bytes = super()._decompress(data)
        else:
            try:
                content = self.decompressor.decompress(data)
            except zlib.error as error:
                raise ValueError(f"what is packed is damaged ({error})") from None
        self.is_within_pack = bool(self.decompressor) and not self.decompressor.eof
        return content

    def _count(self, read: int) -> None:
        self._bytes += read
        if self._bytes > MAX_RECORD:
            raise ValueError(f"a record is larger than {MAX_RECORD >> 20:,} MB")


def _problem_of(record: ArcWarcRecord) -> str:
    """Why nobody can tell whether a record is a page, as where its head is damaged; else ""."""
    if record.rec_type not in _KNOWN:
        return "a record in it is of no type that is known, and was left out"
    if record.rec_type == "response" and isinstance(record.http_headers, NoHead):
        return "an answer in it has no head of HTTP, and was left out"
    is_text = record.rec_type in _TYPES and _type_of(record)[0] == "text/plain"
    address = _address_of(record).replace("/s?", "/s/")  # (Browsertrix's beside pages are `urn:`)
    if is_text and f"{HOST}/s/" in address and not address.startswith("urn:"):
        return "the text of a page stands in it without the page, and was left out"
    return ""


def _end_of(record: ArcWarcRecord) -> Exception | None:
    """Read a record to its end. Returns what is wrong there, so that its page is kept first."""
    try:
        _check_end(record)
    except (*_NO_WARC, OSError) as error:
        return error
    return None


def _check_end(record: ArcWarcRecord) -> None:
    """Raises ValueError where a file ends within a record, be it in its head."""
    stream = record.raw_stream
    while stream.read(_BLOCK):
        pass
    if stream.limit > 0 or not record.rec_headers.get_header("Content-Length"):
        raise ValueError("it ends within a record")


_KNOWN = frozenset(
    {
        *("warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion"),
        *("continuation", "arc_header"),
    }
)
_BLOCK = 1 << 16


class _PageLeftOutError(ValueError):
    """A page of WeChat's that is larger than any, or packed; the others are read all the same."""


def _picture(record: ArcWarcRecord, pictures: WantsPictures) -> bytes:
    """The picture that a record holds; b"" where it holds none, or one that nobody wants."""
    is_picture = _type_of(record)[0].startswith("image/") and record.rec_type in _TYPES
    is_sent = not record.http_headers or record.http_headers.get_statuscode() == "200"
    is_small = record.raw_stream.limit <= MAX_PICTURE
    if not (is_picture and is_sent and is_small and pictures.wants(_address_of(record))):
        return b""
    try:
        content = read_content(record, MAX_PICTURE + 1)
    except PackedError:
        return b""
    return content if len(content) <= MAX_PICTURE else b""


def _type_of(record: ArcWarcRecord) -> tuple[str, str]:
    """The type of what a record holds, and what else is said with it."""
    headers = record.http_headers or record.rec_headers
    media_type, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    return media_type.strip().lower(), parameters


def _address_of(record: ArcWarcRecord) -> str:
    return record.rec_headers.get_header("WARC-Target-URI") or ""


def _moment_of(record: ArcWarcRecord) -> str:
    return from_utc(record.rec_headers.get_header("WARC-Date") or "")


def _page(record: ArcWarcRecord) -> SavedPage | None:
    media_type, parameters = _type_of(record)
    if record.rec_type not in _TYPES or media_type not in _HTML:
        return None
    url = _address_of(record)
    is_small = record.raw_stream.limit <= 2 * MAX_PAGE  # as sent; a piece of it is read at once
    try:
        content = read_content(record, MAX_PAGE + 1) if is_small else b""
    except PackedError as error:
        if HOST not in url:
            return None
        raise _PageLeftOutError(f"{error}, and was left out") from error
    if not is_small or len(content) > MAX_PAGE:
        if HOST not in url:
            return None
        raise _PageLeftOutError(f"a page in it has more than {MAX_PAGE >> 20} MB, and was left out")
    if record.raw_stream.limit > 0 and not record.raw_stream.read(1):
        raise ValueError("it ends within a page")
    status = record.http_headers.get_statuscode() if record.http_headers else ""
    is_status = status.isdecimal() and len(status) == 3
    http_status = int(status) if is_status else None
    return SavedPage(
        url=url,
        content=content,
        charset=parameters.lower().partition("charset=")[2].partition(";")[0].strip(" \"'"),
        http_status=http_status,
        fetched_at=_moment_of(record),
    )
