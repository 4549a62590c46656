"""`Fetcher.get(url) -> Response`: one polite, bounded request at a time, each redirect checked beforehand."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

import httpcore
import httpx

from crawler.errors import FetchError
from crawler.fetch.addresses import HOSTS, GuardedBackend, checked_target
from crawler.fetch.bounds import CONNECT_SECONDS, PAGE, PAGE_SECONDS, SILENCE_SECONDS, Bounds, read_bounded
from crawler.fetch.pace import Gate, Pace, judge, reserve
from crawler.fetch.retry import Interrupted, retry_after, retrying

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from crawler.article import State
    from crawler.config import FetchConfig

T = TypeVar("T")

PAGE_HOST = "mp.weixin.qq.com"
MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_VERIFICATION = (
    "/mp/wappoc_appmsgcaptcha"  # a redirect there says all; asking for that page as well would not be polite
)
_UNLIMITED = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, read to its end. `url` is where the redirects ended; `retry_after` is in seconds, 0 for none."""

    url: str
    status: int
    content: bytes
    charset: str = ""
    content_type: str = ""
    location: str = ""  # where a redirect points that was not followed
    redirects: tuple[str, ...] = ()
    retry_after: float = 0.0


class _Memory:
    """Keeps the gates where no archive does: for one run alone."""

    def __init__(self) -> None:
        self.rows: dict[str, Mapping[str, Any]] = {}

    def exchange(self, host: str, step: Callable[[Mapping[str, Any] | None], tuple[Mapping[str, Any], T]]) -> T:
        self.rows[host], answer = step(self.rows.get(host))
        return answer


class Fetcher:
    """Sends requests, one at a time, no faster than the gate of their host allows.

    `exchange(host, step)` reads, changes and writes what is known of a host as one step; an archive's
    `exchange_pace` makes all runs on it keep one pace. Clock, sleep and chance are handed in by tests.
    """

    def __init__(  # noqa: PLR0913  (seams for tests, each with its default)
        self,
        config: FetchConfig,
        *,
        exchange: Callable[..., Any] | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._config = config
        self._exchange = exchange or _Memory().exchange
        self._clock = clock
        self._monotonic = monotonic
        self._sleep = sleep
        self._chance = chance
        self._hosts = HOSTS | set(config.hosts)
        self._backend = GuardedBackend(clock=monotonic)
        self._backend.unguarded = urlsplit(config.gateway).hostname if config.gateway else None
        self._client = _client(self._backend, config.user_agent)
        self._retry_after = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, url: str, *, bounds: Bounds = PAGE) -> Response:
        """Fetch one address, trying again where that may help.

        Raises FetchError where no whole answer came, CoolingDown while the host's gate is closed, and BudgetSpent
        when the day's requests are used up.
        """
        target = checked_target(url, "", self._hosts)
        retries = retrying(self._config.attempts, sleep=self._sleep, chance=self._chance)
        response: Response = retries(self._follow, target, bounds)
        self._retry_after = response.retry_after
        return response

    def judge(self, state: State, host: str = PAGE_HOST) -> None:
        """Tell the gate what the last answer turned out to be: it closes, opens again, or stays as it is."""
        asked = self._retry_after

        def step(row: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], None]:
            return judge(Gate.from_row(row), state, now=self._clock(), retry_after=asked).to_row(), None

        self._exchange(host, step)

    def _follow(self, url: str, bounds: Bounds) -> Response:
        """One try: the request, and those that its redirects lead to."""
        passed: list[str] = []
        while True:
            response = self._send(url, bounds)
            if response.status not in _REDIRECTS or not response.location:
                return replace(response, redirects=tuple(passed))
            passed.append(url)
            url = checked_target(url, response.location, self._hosts)
            if urlsplit(url).path.startswith(_VERIFICATION):
                return replace(response, url=url, content=b"", redirects=tuple(passed))
            if url in passed or len(passed) > MAX_REDIRECTS:
                raise FetchError(
                    passed[0], f"redirects in a circle, or more than {MAX_REDIRECTS} times", "check the link"
                )

    def _send(self, url: str, bounds: Bounds) -> Response:
        self._wait_for_turn(urlsplit(url).hostname or "")
        self._backend.deadline = self._monotonic() + PAGE_SECONDS
        try:
            with self._client.stream("GET", self._address(url), headers={"Host": urlsplit(url).netloc}) as answer:
                return self._read(url, answer, bounds)
        except (httpx.TransportError, httpcore.TimeoutException) as error:
            reason = str(error) or type(error).__name__
            raise Interrupted(url, f"could not be fetched: {reason}", "check the connection, or try later") from error
        except httpx.InvalidURL as error:
            raise FetchError(url, f"is no address: {error}", "check the link") from error
        finally:
            self._client.cookies.clear()

    def _wait_for_turn(self, host: str) -> None:
        config = self._config
        pages = host == PAGE_HOST
        pace = Pace(
            interval=config.interval if pages else config.picture_interval,
            jitter=config.jitter if pages else config.picture_interval / 2,
            daily_limit=config.daily_limit if pages else _UNLIMITED,
        )
        chance = self._chance()

        def step(row: Mapping[str, Any] | None) -> tuple[Mapping[str, Any], float]:
            gate, start = reserve(Gate.from_row(row), pace, host=host, now=self._clock(), chance=chance)
            return gate.to_row(), start

        wait = self._exchange(host, step) - self._clock()
        if wait > 0:
            self._sleep(wait)

    def _address(self, url: str) -> httpx.URL:
        """What to connect to: the address itself, or the gateway with the same path."""
        if not self._config.gateway:
            return httpx.URL(url)
        return httpx.URL(self._config.gateway).copy_with(raw_path=httpx.URL(url).raw_path)

    def _read(self, url: str, answer: httpx.Response, bounds: Bounds) -> Response:
        headers = answer.headers
        asked = retry_after(headers.get("Retry-After", ""), self._clock())
        if answer.status_code >= 500:
            raise Interrupted(url, f"answered with HTTP status {answer.status_code}", "try again later", asked)
        chunks = answer.iter_raw()
        return Response(
            url=url,
            status=answer.status_code,
            content=read_bounded(url, chunks, encoding=headers.get("Content-Encoding", ""), bounds=bounds),
            charset=answer.charset_encoding or "",
            content_type=headers.get("Content-Type", "").partition(";")[0].strip().lower(),
            location=headers.get("Location", ""),
            retry_after=asked,
        )


def _client(backend: GuardedBackend, user_agent: str) -> httpx.Client:
    """A client without proxies, cookies or redirects of its own, that connects through the guarded backend."""
    transport = httpx.HTTPTransport(trust_env=False)
    transport._pool = httpcore.ConnectionPool(  # noqa: SLF001  (httpx has no public way to hand in a backend)
        ssl_context=httpx.create_ssl_context(trust_env=False),
        max_connections=2,
        network_backend=backend,
    )
    return httpx.Client(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(SILENCE_SECONDS, connect=CONNECT_SECONDS),
        headers={
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,image/*;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",  # notices follow it
            "Accept-Encoding": "gzip",
        },
    )
