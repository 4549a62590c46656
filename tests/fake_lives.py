"""A WeChat in process whose articles are published, edited and taken down as a clock runs.

No socket: the fetcher is given a network that answers by itself. It keeps account of what it
served, so that what the archive says can be held against what happened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import httpcore

from tests.clean.pages.lookalikes import modern, notice
from tests.fake_answers import FIRST_MID, NOTICES, VERIFICATION, article

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

GATEWAY = "http://127.0.0.1:9"
DAY = 86_400.0
_SHANGHAI = 8 * 3600
_PHRASES = {200: "OK", 429: "Too Many Requests", 503: "Service Unavailable"}
DEATHS = ("deleted", "violation", "complaint", "cancelled", "send_failed", "rumour")


def day_of(moment: float) -> int:
    """The day in China, counted from 1970."""
    return int((moment + _SHANGHAI) // DAY)


@dataclass(slots=True, kw_only=True)
class Life:
    """What becomes of one article; moments are seconds since 1970."""

    number: int
    born: float
    edited: float | None = None
    died: float | None = None
    back: float | None = None

    def is_gone(self, now: float) -> bool:
        """Whether a notice stands in its place."""
        return self.died is not None and self.died <= now and not (self.back and self.back <= now)

    def version(self, now: float) -> int:
        """Which of its texts is shown."""
        return int(self.edited is not None and self.edited <= now)


@cache
def _page(number: int, version: int, published: int) -> bytes:
    body = f"<p>第{number}夜，灯塔照常亮起，守塔人记下了潮水的高度。</p><p>{words_of(version)}</p>"
    return article(number, body, create_timestamp=str(published), content_noencode=body)


def _shell(number: int) -> bytes:
    """The same page without its article."""
    return modern("", title=f"灯塔日记 {number}", mid=str(FIRST_MID + number), idx="1")


def words_of(version: int) -> str:
    """By what the text of each version is known."""
    return ("风向北，浪高二尺。", "更正：风向南，浪高三尺。")[version]


@dataclass(kw_only=True)
class Lives:
    """The server. `weather` is what goes wrong on a day: captcha, limited, busy, flaky, shells.

    On a day of `slips` one notice in twenty is a mistake, and the article is there a day later.
    """

    lives: Mapping[int, Life]
    clock: Callable[[], float]
    weather: Mapping[int, str] = field(default_factory=dict)
    requests: Counter[int] = field(default_factory=Counter)
    served: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    slipped: set[int] = field(default_factory=set)

    def answer(self, target: str) -> tuple[int, bytes]:
        """Status and body for an address."""
        now = self.clock()
        day = day_of(now)
        self.requests[day] += 1
        query = parse_qs(urlsplit(target).query)
        life = self.lives[int(query["mid"][0]) - FIRST_MID]
        wrong = self._wrong(self.weather.get(day, ""), self.requests[day], life)
        if wrong:
            return wrong
        if life.is_gone(now):
            return 200, notice(NOTICES[DEATHS[life.number % len(DEATHS)]])
        version = life.version(now)
        self.served[life.number].append(version)
        return 200, self.page(life, version)

    def page(self, life: Life, version: int) -> bytes:
        """An article's page."""
        return _page(life.number, version, int(life.born))

    def _wrong(self, weather: str, nth: int, life: Life) -> tuple[int, bytes] | None:
        """What comes in place of the page on a bad day."""
        match weather:
            case "captcha" if nth > 20:
                return 200, VERIFICATION
            case "limited" if nth > 20:
                return 429, b"slow down"
            case "busy":
                return 503, b"busy"
            case "flaky" if nth % 5 == 0:
                return 503, b"busy"
            case "shells" if nth % 7 == 0:
                return 200, _shell(life.number)
            case "slips" if nth % 20 == 0:
                self.slipped.add(life.number)
                return 200, notice(NOTICES["deleted"])
        return None


class Network(httpcore.NetworkBackend):
    """A network on which only the fake answers, at once."""

    def __init__(self, lives: Lives) -> None:
        self._lives = lives

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection, whoever is asked for."""
        del host, port, timeout, local_address, socket_options
        return _Connection(self._lives)


class _Connection(httpcore.NetworkStream):
    """One connection: what is written is a request, what is read is its answer."""

    def __init__(self, lives: Lives) -> None:
        self._lives = lives
        self._asked, self._answer = b"", b""

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take a request, whole or in pieces."""
        del timeout
        self._asked += buffer
        if b"\r\n\r\n" not in self._asked:
            return
        target = self._asked.split(b" ", 2)[1].decode()
        self._asked = b""
        status, body = self._lives.answer(target)
        head = (
            f"HTTP/1.1 {status} {_PHRASES[status]}\r\nContent-Type: text/html; charset=UTF-8\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._answer += head.encode() + body

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Give some of the answer."""
        del timeout
        some, self._answer = self._answer[:max_bytes], self._answer[max_bytes:]
        return some

    def close(self) -> None:
        """Nothing is open."""

    def get_extra_info(self, info: str) -> Any:
        """A connection that can be used again."""
        return False if info == "is_readable" else None
