"""What came back: an answer read to its end and within limits, or what went wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx

from crawler.article import State
from crawler.errors import FetchError
from crawler.fetch.addresses import PICTURE_HOSTS, is_captcha, shown
from crawler.fetch.limits import Body, CutShortError, OverLimitError
from crawler.fetch.retry import Interrupted, Unreachable
from crawler.telling import said_by
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crawler.fetch.limits import Deadline, Limits

VERIFICATION_MARK = b"mmbizwap:secitptpage/verify"
"""Tells a verification page by its bytes.

So one which comes as a server's error, or cut short, is not retried.
"""

# what is in each of its notices that it is asked too often (a test goes through those that cleaning
# knows), and in an article, which may quote them
_TOO_OFTEN = tuple(
    words.encode()
    for words in (
        "访问过于频繁",
        "操作频繁",
        "操作过于频繁",
        "请输入验证码",
        "请输入图片中的字符",
    )
)
_ARTICLE = b"js_content"

# Of one connection or one reader, or of how the content was packed on its way.
_LEFT_OUT = frozenset(
    {
        "connection",
        "content-encoding",
        "content-length",
        "keep-alive",
        "location",
        "proxy-authenticate",
        "set-cookie",
        "set-cookie2",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_ENDS = ("content-length", "transfer-encoding", "content-encoding")  # gzip has an end of its own
MAX_HEAD_LINES = 100
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,80}", re.ASCII)
_CHARSET = re.compile(r"[A-Za-z0-9_.:-]{1,40}")
_MAX_TYPE = 1000  # characters of a Content-Type; to find its parts takes their square
_KEPT_HEADERS = (
    "content-type",
    "content-length",
    "date",
    "last-modified",
    "memento-datetime",
    "retry-after",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, read to its end."""

    url: str  # where the redirects ended
    status: int
    content: bytes = b""  # after one layer of gzip
    charset: str = ""  # of the Content-Type
    # the few that say something, names in lower case
    headers: Mapping[str, str] = field(default_factory=dict)
    redirects: tuple[str, ...] = ()  # the addresses that led to `url`
    head: str = ""  # status line and headers, less what is secret or only of the transport
    has_end: bool = True  # whether it said where it ends, so that no half of it passes for all

    @property
    def block(self) -> State | None:
        """VERIFICATION or RATE_LIMITED where that is plain before the page is read."""
        if is_captcha(self.url):
            return State.VERIFICATION
        return State.RATE_LIMITED if self.status == 429 else None


def opened(url: str, answer: httpx.Response) -> Response:
    """The response as far as its head tells."""
    return Response(
        url=url,
        status=answer.status_code,
        charset=_charset_of(answer),
        headers={
            name: shown(answer.headers[name]) for name in _KEPT_HEADERS if name in answer.headers
        },
        head=_head_of(answer),
        has_end=any(answer.headers.get(name, "") not in ("", "identity") for name in _ENDS),
    )


def _charset_of(answer: httpx.Response) -> str:
    """The charset that the Content-Type names; "" where it names none that anybody could read."""
    if len(answer.headers.get("content-type", "")) > _MAX_TYPE:
        return ""
    try:
        charset = answer.charset_encoding or ""
    # Python's reader of mail, for a number of thousands of digits or a null; or, before 3.14, for
    # one parameter in two ways, numbered and not
    except (ValueError, TypeError):
        return ""
    return charset if _CHARSET.fullmatch(charset) else ""


def _head_of(answer: httpx.Response) -> str:
    """The head as it can be kept beside the decoded content."""
    lines = [shown(f"{answer.http_version} {answer.status_code} {answer.reason_phrase}".rstrip())]
    for name, value in _as_written(answer):
        if name.lower() not in _LEFT_OUT and _HEADER_NAME.fullmatch(name):
            lines.append(f"{name}: {shown(value)}")
    return "\r\n".join(lines[:MAX_HEAD_LINES])


def _as_written(answer: httpx.Response) -> list[tuple[str, str]]:
    """The headers, in the letters in which they came."""
    raw = answer.headers.raw
    return [(name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in raw]


def read_content(url: str, answer: httpx.Response, *, limits: Limits, deadline: Deadline) -> bytes:
    """The whole body, as far as it may go.

    A verification page is an answer however it comes: as a server's error, or cut short; so is a
    notice of WeChat's that it is asked too often, as a server's error. Raises
    Interrupted where another try may bring more, FetchError where it will not.
    """
    limit = limits.picture if urlsplit(url).hostname in PICTURE_HOSTS else limits.page
    try:
        body = Body(answer.headers.get("content-encoding", ""), limit)
        failure = _fill(url, body, answer, lambda error: interrupted(url, error, limits, deadline))
    except OverLimitError as error:
        raise FetchError(url, str(error), "nothing of it was kept") from None
    if failure and VERIFICATION_MARK not in body.so_far and not _asks_for_rest(url, answer, body):
        raise failure
    return body.so_far


def _asks_for_rest(url: str, answer: httpx.Response, body: Body) -> bool:
    """Whether a server's error is WeChat's notice that it is asked too often."""
    is_wechats = urlsplit(url).hostname == HOST and answer.status_code >= 500
    page = body.so_far
    return is_wechats and _ARTICLE not in page and any(mark in page for mark in _TOO_OFTEN)


def _fill(
    url: str,
    body: Body,
    answer: httpx.Response,
    broken: Callable[[httpx.TransportError], FetchError],
) -> FetchError | None:
    try:
        for chunk in answer.iter_raw():
            body.feed(chunk)
        body.finish()
    except CutShortError as error:
        return Interrupted(url, str(error), "try again later")
    except httpx.TransportError as error:
        return broken(error)
    if answer.status_code >= 500:
        return Interrupted(
            url, f"was answered with HTTP status {answer.status_code}", "try again later"
        )
    return None


def interrupted(
    url: str, error: httpx.TransportError, limits: Limits, deadline: Deadline
) -> FetchError:
    """The error in the user's words, with the bound that it met.

    It is an Interrupted where another try may help: not where the time of all tries is over.
    """
    if isinstance(error, httpx.TimeoutException) and deadline.left <= 0:
        return FetchError(url, f"took more than {limits.total:g} s in all", "try again later")
    if isinstance(error, httpx.ConnectTimeout):
        return Unreachable(
            url, f"gave no connection within {limits.connect:g} s", "try again later"
        )
    if isinstance(error, httpx.TimeoutException):
        return Interrupted(url, f"sent nothing for {limits.silence:g} s", "try again later")
    if isinstance(error, httpx.ConnectError):
        return Unreachable(
            url, f"cannot be reached: {said_by(error)}", "check the connection, or try again later"
        )
    return Interrupted(url, f"broke off: {said_by(error)}", "try again later")
