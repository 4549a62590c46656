"""`Fetcher.get(url) -> Response`: one polite, bounded request at a time, each redirect checked before it is sent."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import httpx

from crawler.article import State
from crawler.errors import ConfigError, FetchError, InputError
from crawler.fetch.addresses import PICTURE_HOSTS, RefusedAddressError, is_captcha, networks_of, target_of
from crawler.fetch.bounds import Body, Bounds, CutShortError, OverBoundError
from crawler.fetch.pace import Pace
from crawler.fetch.retry import Interrupted, retry_after, retrying
from crawler.fetch.sockets import Deadline, GuardedBackend, Transport, resolve
from crawler.fetch.turns import Exchange, MemoryExchange, Turns
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from crawler.config import FetchConfig
    from crawler.errors import CoolingDown
    from crawler.fetch.sockets import Resolve

MAX_REDIRECTS = 5
VERIFICATION_MARK = b"mmbizwap:secitptpage/verify"
"""Tells a verification page by its bytes, so that one which comes as a server's error, or cut short, is not retried."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEPT_HEADERS = ("content-type", "content-length", "date", "last-modified", "retry-after")


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, read to its end."""

    url: str  # where the redirects ended
    status: int
    content: bytes  # after one layer of gzip
    charset: str = ""  # of the Content-Type
    headers: Mapping[str, str] = field(default_factory=dict)  # the few that say something, names in lower case
    redirects: tuple[str, ...] = ()  # the addresses that led to `url`
    retry_after: float = 0.0  # seconds that the server asks to wait

    @property
    def block(self) -> State | None:
        """VERIFICATION or RATE_LIMITED where that is plain before the page is read."""
        if is_captcha(self.url):
            return State.VERIFICATION
        return State.RATE_LIMITED if self.status == 429 else None


class Fetcher:
    """Sends requests one at a time, no faster than the gate of each host allows. For one thread.

    `exchange(host, step)` reads, changes and writes what is known of a host as one step: with an archive's
    `exchange_pace` all runs on it keep one pace. The other arguments are seams for tests.
    """

    def __init__(  # noqa: PLR0913  (seams, each with the only default that a user needs)
        self,
        config: FetchConfig,
        *,
        exchange: Exchange | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        bounds: Bounds | None = None,
        resolve: Resolve = resolve,
    ) -> None:
        self._config = config
        self._bounds = bounds or Bounds()
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._hosts = PICTURE_HOSTS | {HOST} | {host.lower() for host in config.hosts}
        self._turns = Turns(
            pace_of=self._pace_of, exchange=exchange or MemoryExchange(), clock=clock, sleep=sleep, chance=chance
        )
        self._deadline = Deadline()
        self._gateway = _gateway(config.gateway)
        trusted = networks_of(config.trusted_networks)
        host = self._gateway.host if self._gateway else ""
        backend = GuardedBackend(deadline=self._deadline, gateway=host, trusted=trusted, resolve=resolve)
        self._client = _client(config, self._bounds, Transport(backend))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, url: str) -> Response:
        """Fetch one address, in its turn, trying again where that may help.

        What WeChat says is a Response, whatever its status below 500. A redirect to a captcha is not followed: it is
        a Response without content whose `url` is the captcha's. Raises InputError where the address is not to be
        asked, FetchError where no whole answer came, CoolingDown or BudgetSpent where nothing may be sent now.
        """
        try:
            target = target_of(url, hosts=self._hosts)
        except RefusedAddressError as error:
            raise InputError(_shown(url), str(error), "[fetch] hosts in config.toml allows more hosts") from None
        retries = retrying(self._config.attempts, sleep=self._sleep, chance=self._chance)
        tried: list[str] = []
        try:
            response: Response = retries(self._follow, target, tried)
        except FetchError:
            self._turns.judge(_host(target), None)
            raise
        return response

    def judge(self, state: State, *, host: str = HOST) -> CoolingDown | None:
        """Tell the gate what the last answer was: it closes, opens again, or stays as it is.

        Gives the error that stops the run where the gate is closed now; the next `get` would raise it. With
        `--unsigned try`, tell State.UNSIGNED for an unsigned link: whatever came, it says nothing about us.
        """
        return self._turns.judge(host, state)

    def _follow(self, target: str, tried: list[str]) -> Response:
        """One try: the request, and those that its redirects lead to."""
        passed: list[str] = []
        url = target
        self._deadline.allow(self._bounds.total)
        while True:
            self._turns.wait_for(_host(url), continuing=bool(tried))
            tried.append(url)
            response, location = self._send(url)
            if not location:
                return replace(response, redirects=tuple(passed))
            passed.append(url)
            url = self._redirect(passed, location)
            if is_captcha(url):
                return replace(response, url=url, redirects=tuple(passed))

    def _redirect(self, passed: list[str], location: str) -> str:
        """The next address, checked."""
        start, here = passed[0], passed[-1]
        try:
            url = target_of(location, hosts=self._hosts, base=here)
        except RefusedAddressError as error:
            raise FetchError(start, f"leads to {_shown(location)}, which {error}", "nothing was sent there") from None
        if url in passed:
            raise FetchError(start, f"redirects in a circle, back to {url}", "check the link in a browser")
        if len(passed) > MAX_REDIRECTS:
            raise FetchError(start, f"redirects more than {MAX_REDIRECTS} times", "check the link in a browser")
        return url

    def _send(self, url: str) -> tuple[Response, str]:
        """One request and its answer, with the address that it redirects to, if any."""
        host = _host(url)
        request = self._client.build_request("GET", self._address(url), headers={"Host": host})
        with self._deadline.run():
            try:
                answer = self._client.send(request, stream=True)
            except RefusedAddressError as error:
                raise FetchError(url, f"was not asked: {error}", "see [fetch] trusted_networks") from None
            except httpx.TransportError as error:
                raise self._interrupted(url, error) from error
            try:
                return self._read(url, answer)
            finally:
                answer.close()

    def _read(self, url: str, answer: httpx.Response) -> tuple[Response, str]:
        asked = retry_after(answer.headers.get("retry-after", ""), self._clock())
        if asked:
            self._turns.hold_back(_host(url), asked)
        response = Response(
            url=url,
            status=answer.status_code,
            content=b"",
            charset=answer.charset_encoding or "",
            headers={name: answer.headers[name][:200] for name in _KEPT_HEADERS if name in answer.headers},
            retry_after=asked,
        )
        location = answer.headers.get("location", "")
        if location and answer.status_code in _REDIRECTS:
            return response, location
        return replace(response, content=self._content(url, answer)), ""

    def _content(self, url: str, answer: httpx.Response) -> bytes:
        """The whole body. A verification page is an answer however it comes; any other failure may be tried again."""
        limit = self._bounds.picture if _host(url) in PICTURE_HOSTS else self._bounds.page
        try:
            body = Body(answer.headers.get("content-encoding", ""), limit)
            failure = self._fill(url, body, answer)
        except OverBoundError as error:
            raise FetchError(url, str(error), "nothing of it was kept") from None
        if failure and VERIFICATION_MARK not in body.so_far:
            raise failure
        return body.so_far

    def _fill(self, url: str, body: Body, answer: httpx.Response) -> Interrupted | None:
        try:
            for chunk in answer.iter_raw():
                body.feed(chunk)
            body.finish()
        except CutShortError as error:
            return Interrupted(url, str(error), "try again later")
        except httpx.TransportError as error:
            return self._interrupted(url, error)
        if answer.status_code >= 500:
            return Interrupted(url, f"was answered with HTTP status {answer.status_code}", "try again later")
        return None

    def _interrupted(self, url: str, error: httpx.TransportError) -> Interrupted:
        bounds = self._bounds
        if isinstance(error, httpx.ConnectTimeout):
            return Interrupted(url, f"gave no connection within {bounds.connect:g} s", "try again later")
        if isinstance(error, httpx.TimeoutException) and self._deadline.left <= 0:
            return Interrupted(url, f"took more than {bounds.total:g} s in all", "try again later")
        if isinstance(error, httpx.TimeoutException):
            return Interrupted(url, f"sent nothing for {bounds.silence:g} s", "try again later")
        if isinstance(error, httpx.ConnectError):
            return Interrupted(url, f"cannot be reached: {error}", "check the connection, or try again later")
        return Interrupted(url, f"broke off: {error or type(error).__name__}", "try again later")

    def _address(self, url: str) -> httpx.URL:
        """Where to connect: to the address itself, or to the gateway with the same path."""
        target = httpx.URL(url)
        return self._gateway.copy_with(raw_path=target.raw_path) if self._gateway else target

    def _pace_of(self, host: str) -> Pace:
        config = self._config
        if host in PICTURE_HOSTS:
            return Pace(interval=config.picture_interval, jitter=config.picture_interval / 2)
        return Pace(interval=config.interval, jitter=config.jitter, daily_limit=config.daily_limit)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _shown(text: str) -> str:
    """A stranger's text as an error may carry it: short, without control characters."""
    shortened = text if len(text) <= 200 else f"{text[:200]}..."
    return "".join(sign if sign.isprintable() else "?" for sign in shortened) or "''"


def _gateway(setting: str) -> httpx.URL | None:
    if not setting:
        return None
    try:
        url = httpx.URL(setting)
    except httpx.InvalidURL as error:
        raise ConfigError(
            "config.toml", f"[fetch] gateway = {setting!r}: {error}", "give scheme, host and port"
        ) from None
    if not url.host or url.userinfo or url.path != "/":
        raise ConfigError(
            "config.toml", f"[fetch] gateway = {setting!r} is no origin", "give scheme, host and port only"
        )
    return url


def _client(config: FetchConfig, bounds: Bounds, transport: httpx.BaseTransport) -> httpx.Client:
    """A client that says who it is, always the same, keeps no cookies, and follows nothing by itself."""
    if not (config.user_agent.isascii() and config.user_agent.isprintable()):
        raise ConfigError("config.toml", f"[fetch] user_agent = {config.user_agent!r}", "it takes plain ASCII")
    return httpx.Client(
        transport=transport,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(bounds.silence, connect=bounds.connect),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        headers={
            "User-Agent": config.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/*,*/*;q=0.8",
            "Accept-Language": "zh-CN",  # notices follow it
            "Accept-Encoding": "gzip",  # all that we can bound while it is decoded
        },
    )
