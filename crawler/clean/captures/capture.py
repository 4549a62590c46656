"""One capture of a page in a web archive, as an index or a TimeMap names it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_REPLAYED = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/(https?:/{1,2}[^/].*)\Z", re.ASCII | re.DOTALL)
_PORT_OF_THE_WEB = re.compile(r"(https?://[^/?#@:]++):(?:80|443)(?![^/?#])", re.IGNORECASE)
_EARLIEST, _LATEST = "19950101000000", "21000101000000"
MAX_LINES = 200_000
"""Captures of one answer: more than any account has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A page as it stood at `at`, fourteen digits of UTC. `url` is the address as captured."""

    at: str
    url: str
    status: str = ""  # of HTTP; "" where it is not told
    mime: str = ""
    digest: str = ""  # the same for the same bytes

    @property
    def moment(self) -> str:
        """When it was captured, as ISO 8601 in UTC; "" where `at` is no moment."""
        try:
            return datetime.strptime(self.at, "%Y%m%d%H%M%S").replace(tzinfo=UTC).isoformat()
        except ValueError:  # as another archive's lines may say it
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One answer of an index or a TimeMap.

    `following` asks for what comes behind it, a resumption key; `maps` are other TimeMaps.
    `problem` says why this is no whole answer, so that it is not taken for one.
    """

    captures: tuple[Capture, ...] = ()
    following: str = ""
    maps: tuple[str, ...] = ()
    flaws: tuple[str, ...] = ()  # of single lines, which are left out
    lines: int = 0  # how many there were, broken ones too
    problem: str = ""


def is_timestamp(text: str) -> bool:
    """Whether these are the fourteen digits of a moment at which the web could be archived."""
    if not (len(text) == 14 and text.isascii() and text.isdigit()):
        return False
    try:
        datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return False
    return _EARLIEST <= text < _LATEST


def original_of(replayed: str) -> Capture | None:
    """The capture that an address of replay leads to; None where it is no such address."""
    match = _REPLAYED.search(replayed)
    if not match or not is_timestamp(match[1]):
        return None
    scheme, _, rest = match[2].partition(":/")
    return Capture(at=match[1], url=without_port(f"{scheme}://{rest.lstrip('/')}"))


def without_port(url: str) -> str:
    """An address without the port that the web has anyway.

    Some crawlers wrote it into what they captured, and archives list it so (`http://host:80/s`);
    they find the capture by either.
    """
    port = _PORT_OF_THE_WEB.match(url)
    return f"{port[1]}{url[port.end() :]}" if port else url
