"""MHTML: a page as mail, its pictures as attachments, by Python's own reader of mail."""

from __future__ import annotations

from email.errors import MessageError
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.clean.exports import local_form
from crawler.links import find_links
from crawler.urls import PageType, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_MAX_BYTES = 32 << 20  # six times that is in memory while it is read; pictures stand behind a page
_MAX_LINES = 1_000_000  # Chromium writes lines of 76 characters
_MAX_PARTS = 5000  # a page has some 200 pictures
_MAX_HEADERS = 100_000  # Chromium writes six for each part
_MAX_HEADER = 8192
_MAX_TYPE = 1000  # characters of a Content-Type; Python's reader takes their square for its parts
_MAX_DEPTH = 100  # of mail in mail: each line of the innermost is held against all ends around it
_AT_ONCE = 1 << 20


class MhtmlPage(NamedTuple):
    """The page that an MHTML file holds."""

    url: str  # less credentials; "" where no header names an article
    content: bytes
    charset: str
    saved: str  # as `Article.fetch_date`; "" where no header tells
    pictures: Mapping[str, bytes]  # address, or `cid:` and the part's name -> content
    is_cut: bool  # whether what stands behind its first 32 MB was left
    is_followed: bool  # whether another file may stand behind its end, or another article there


def read_mhtml(content: bytes) -> MhtmlPage | None:
    """The page of an MHTML file; None where it holds none."""
    end = len(content) if len(content) <= _MAX_BYTES else content.rfind(b"\n--", 0, _MAX_BYTES) + 1
    if _is_too_large(content, end):
        return None
    try:
        message = _message(content, end)
        parts = list(_parts(message))
    except (MessageError, LookupError, ValueError, TypeError, RecursionError):
        return None
    pages = list(filter(_is_html, parts))
    if not pages:
        return None
    # a frame of the page, or another form of it, may stand before it
    named = [(part, link) for part in pages if (link := _link(_header(part, "Content-Location")))]
    page = named[0][0] if named else pages[0]
    located = (_header(part, name) for part, name in ((page, "Content-Location"),
               (message, "Snapshot-Content-Location"), (message, "Content-Location")))  # fmt: skip
    return MhtmlPage(
        url=next((found for place in located if (found := _link(place))), ""),
        content=_payload(page),
        charset=_charset_of(page),
        saved=local_form(_header(message, "Date").replace("-0000", "+0000")),
        pictures=dict(_pictures(parts)),
        is_cut=end < len(content),
        is_followed=bool((message.epilogue or "").strip()) or _are_several(named),
    )


def _are_several(named: Iterable[tuple[Message, str]]) -> bool:
    """Whether pages with these links are those of several articles; frames are of none."""
    urls = [parse_url(link) for _, link in named]
    return len({url.article_id for url in urls if url.page_type is PageType.ARTICLE}) > 1


def _is_too_large(content: bytes, end: int) -> bool:
    return (
        content.count(b"\n", 0, end) > _MAX_LINES
        or content.count(b"\n--", 0, end) - content.count(b"\n-->", 0, end) > _MAX_PARTS
    )


class _Bounded(Compat32):
    """Headers as they are, for Quantic's Content-Type is none, but no longer than any has to be."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        longest = _MAX_TYPE if name.lower() == "content-type" else _MAX_HEADER
        return name, value[:longest]


_POLICY = _Bounded()


class _Budget:
    """Makes the parts of a mail, as Python's reader comes to them, and no more than any has.

    What is written there tells less: the reader takes more for blanks than stands there, and every
    few lines of a report of delivery for a part.
    """

    def __init__(self) -> None:
        self._count = self._around = self._headers = 0

    def __call__(self, policy: Compat32 = _POLICY) -> Message:
        self._count += 1
        if self._count > _MAX_PARTS:
            raise MessageError("more parts than any page has")
        return _Part(self, policy)

    def enclose(self) -> None:
        """Count a part that holds others."""
        self._around += 1
        if self._around > _MAX_DEPTH:
            raise MessageError("more mail in mail than any page has")

    def head(self) -> None:
        """Count a header, of whichever part."""
        self._headers += 1
        if self._headers > _MAX_HEADERS:
            raise MessageError("more headers than any page has")


class _Part(Message):
    """A part that tells when it is read as one that holds others, and when it has a header more."""

    def __init__(self, parts: _Budget, policy: Compat32) -> None:
        super().__init__(policy)
        self._parts = parts

    def set_raw(self, name: str, value: str) -> None:
        """Take a header as its reader gives it."""
        self._parts.head()
        super().set_raw(name, value)

    def get_boundary(self, failobj: Any = None) -> Any:
        """What its reader asks of a part that holds others, and nobody else does."""
        self._parts.enclose()
        return super().get_boundary(failobj)


def _message(content: bytes, end: int) -> Message:
    """The mail up to a place, in pieces, for else all of it stands in memory as text once more."""
    parser = BytesFeedParser(_Budget(), policy=_POLICY)
    for start in range(0, end, _AT_ONCE):
        parser.feed(content[start : min(start + _AT_ONCE, end)])
    return parser.close()


def _parts(message: Message) -> Iterator[Message]:
    for part in message.walk():
        if not part.is_multipart():
            yield part


def _header(part: Message, name: str) -> str:
    return " ".join(str(part.get(name, ""))[:_MAX_HEADER].split())


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _charset_of(part: Message) -> str:
    try:
        return str(part.get_content_charset() or "")
    # a number of thousands of digits, or a null, in an extended parameter; one that stands there in
    # two ways, numbered and not (before Python 3.14)
    except (ValueError, TypeError):
        return ""


def _is_html(part: Message) -> bool:
    return part.get_content_type() == "text/html" and _payload(part).lstrip()[:1] == b"<"


def _link(location: str) -> str:
    return next((found.link for found in find_links(location) if found.link), "")


def _pictures(parts: list[Message]) -> Iterator[tuple[str, bytes]]:
    for part in parts:
        location, name = _header(part, "Content-Location"), _header(part, "Content-ID").strip("<>")
        if part.get_content_maintype() == "image" or _is_picture_address(location):
            content = _payload(part)
            for address in (location, f"cid:{name}" if name else ""):
                if address and content:
                    yield address, content


def _is_picture_address(location: str) -> bool:
    return "qpic.cn/" in location or "qlogo.cn/" in location
