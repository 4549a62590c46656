"""`Fetcher.get(url) -> Response`.

One polite, bounded request at a time, each redirect checked before it is sent.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import httpcore
import httpx

from crawler.credentials import without_passwords
from crawler.errors import ConfigError, ConnectionFailed, FetchError, InputError
from crawler.fetch.addresses import (
    PICTURE_HOSTS,
    RefusedAddressError,
    is_captcha,
    networks_of,
    shown,
    target_of,
)
from crawler.fetch.limits import Deadline, Limits
from crawler.fetch.pace import Pace
from crawler.fetch.response import Response, interrupted, opened, read_content
from crawler.fetch.retry import retry_after, retrying
from crawler.fetch.sockets import GuardedBackend, Transport, addresses_named, resolve
from crawler.fetch.turns import (
    Alone,
    Exchange,
    MemoryExchange,
    SupersededError,
    Turns,
    always,
    beside_others,
    tell_nobody,
)
from crawler.telling import said_by
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from crawler.article import State
    from crawler.config import FetchConfig
    from crawler.errors import CoolingDown
    from crawler.fetch.sockets import Resolve

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Fetcher:
    """Sends requests one at a time, no faster than the gate of each host allows. For one thread.

    There is no httpx.Client here: it keeps cookies, and reads redirects before we have checked
    them.

    `exchange(host, step)` reads, changes and writes what is known of a host as one step: with an
    archive's `pace.exchange` all runs on it keep one pace, and with `alone` none of them
    asks a host while another waits for its answer. `watch_limit` is for a run that only
    looks again: so many of the day's requests it may take. The other arguments are seams for tests.
    """

    def __init__(  # noqa: PLR0913  (seams, each with the only default that a user needs)
        self,
        config: FetchConfig,
        *,
        exchange: Exchange | None = None,
        alone: Alone = beside_others,
        on_wait: Callable[[str, float], None] = tell_nobody,
        watch_limit: int = 0,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
        limits: Limits | None = None,
        resolve: Resolve = resolve,
        sockets: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._config = config
        self._watch_limit = watch_limit
        self._limits = limits or Limits()
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._hosts = PICTURE_HOSTS | {HOST} | {host.lower() for host in config.hosts}
        self._turns = Turns(
            pace_of=self._pace_of,
            exchange=exchange or MemoryExchange(),
            clock=clock,
            sleep=sleep,
            chance=chance,
            on_wait=on_wait,
            alone=alone,
        )
        self.asked = 0
        """How many addresses were asked for, each with its tries and redirects."""
        self.is_wanted: Callable[[], bool] = always
        """Whether a request is wanted still, before its turn: another run may have had it."""
        self._deadline = Deadline(self._limits.total, monotonic)
        self._gateway = _gateway(config.gateway)
        trusted = networks_of(config.trusted_networks)
        backend = GuardedBackend(
            deadline=self._deadline,
            named=self._named(),
            trusted=trusted,
            resolve=resolve,
            inner=sockets or httpcore.SyncBackend(),
        )
        self._headers = _headers(config)
        self._transport = Transport(backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transport.close()

    def get(self, url: str, *, is_wanted: Callable[[], bool] | None = None) -> Response:
        """Fetch one address, in its turn, trying again where that may help.

        `is_wanted` is asked in the place of the fetcher's own. What WeChat says is a Response,
        whatever its status below 500. A redirect to a captcha is not followed: it is a Response
        without content whose `url` is the captcha's. Raises
        InputError where the address is not to be asked, FetchError where no whole answer came,
        CoolingDown or BudgetSpent where nothing may be sent now, SupersededError where it is not
        wanted any more.
        """
        try:
            target = self._target(url)
        except RefusedAddressError as error:
            raise InputError(shown(url), str(error), self._advice(url)) from None
        first_wait = self._pace_of(_host(target)).interval
        retries = retrying(
            self._config.attempts, first_wait, sleep=self._sleep, chance=self._chance
        )
        tried: list[str] = []
        self.asked += 1
        self._deadline.restart()
        try:
            response: Response = retries(self._follow, target, tried, is_wanted or self.is_wanted)
        except FetchError:
            self._turns.judge(_host(target), None)
            raise
        except SupersededError:
            self.asked -= 1
            raise
        return response

    def judge(self, state: State, *, host: str = HOST) -> CoolingDown | None:
        """Tell the gate what the last answer was: it closes, opens again, or stays as it is.

        Gives the error that stops the run where the gate is closed now; the next `get` would raise
        it. With `--unsigned try`, tell State.UNSIGNED for an unsigned link: whatever came, it says
        nothing about us.
        """
        return self._turns.judge(host, state)

    def _follow(self, target: str, tried: list[str], is_wanted: Callable[[], bool]) -> Response:
        """One try: the request, and those that its redirects lead to."""
        passed: list[str] = []
        url = target
        while True:
            asked = always if tried else is_wanted
            with self._turns.next_at(_host(url), continuing=bool(tried), is_wanted=asked):
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
            url = self._target(location, base=here)
        except RefusedAddressError as error:
            raise FetchError(
                start, f"leads to {shown(location)}, which {error}", "nothing was sent there"
            ) from None
        if url in passed:
            raise FetchError(
                start, f"redirects in a circle, back to {url}", "check the link in a browser"
            )
        if len(passed) > MAX_REDIRECTS:
            raise FetchError(
                start, f"redirects more than {MAX_REDIRECTS} times", "check the link in a browser"
            )
        return url

    def _send(self, url: str) -> tuple[Response, str]:
        """One request and its answer, with the address that it redirects to, if any."""
        timeouts = httpx.Timeout(self._limits.silence, connect=self._limits.connect).as_dict()
        headers = {"Host": _host(url)} | self._headers
        with self._deadline.run():
            try:
                with addresses_named():
                    request = httpx.Request(
                        "GET", self._address(url), headers=headers, extensions={"timeout": timeouts}
                    )
                answer = self._transport.handle_request(request)
            except RefusedAddressError as error:  # as in a hotel, before one has signed in
                raise ConnectionFailed(
                    url, f"was not asked: {error}", "see [fetch] trusted_networks"
                ) from None
            except httpx.TransportError as error:
                raise interrupted(url, error, self._limits, self._deadline) from error
            try:
                return self._read(url, answer)
            finally:
                answer.close()

    def _read(self, url: str, answer: httpx.Response) -> tuple[Response, str]:
        asked = retry_after(answer.headers.get("retry-after", ""), self._clock())
        if asked and (answer.status_code >= 500 or answer.status_code == 429):
            self._turns.hold_back(_host(url), asked)
        response = opened(url, answer)
        location = answer.headers.get("location", "")
        if location and answer.status_code in _REDIRECTS:
            return response, location
        return replace(
            response,
            content=read_content(url, answer, limits=self._limits, deadline=self._deadline),
        ), ""

    def _target(self, text: str, base: str = "") -> str:
        """The address to ask for; `base` is the page that redirects there.

        Raises RefusedAddressError.
        """
        return target_of(text, hosts=self._hosts, base=base)

    def _advice(self, url: str) -> str:  # noqa: ARG002  (feeds name the address in theirs)
        """What to do where an address was refused."""
        return "[fetch] hosts in config.toml allows more hosts"

    def _named(self) -> frozenset[str]:
        """Hosts that are connected to wherever they are, as a setting names them."""
        return frozenset((self._gateway.host,)) if self._gateway else frozenset()

    def _address(self, url: str) -> httpx.URL:
        """Where to connect: to the address itself, or to the gateway with the same path."""
        target = httpx.URL(url)
        return self._gateway.copy_with(raw_path=target.raw_path) if self._gateway else target

    def _pace_of(self, host: str) -> Pace:
        config = self._config
        if host in PICTURE_HOSTS:
            return Pace(interval=config.picture_interval, jitter=config.picture_interval / 2)
        return Pace(
            interval=config.interval,
            jitter=config.jitter,
            daily_limit=config.daily_limit,
            watch_limit=self._watch_limit,
        )


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _gateway(setting: str) -> httpx.URL | None:
    if not setting:
        return None
    try:
        url = httpx.URL(setting)
        host = url.host  # which may be none in letters, as `xn--`
    except (httpx.InvalidURL, UnicodeError) as error:
        what = f"[fetch] gateway = {without_passwords(setting)!r}: {said_by(error)}"
        raise ConfigError("config.toml", what, "give scheme, host and port") from None
    if not host or url.userinfo or url.path != "/":
        raise ConfigError(
            "config.toml",
            f"[fetch] gateway = {without_passwords(setting)!r} is no origin",
            "give scheme, host and port only",
        )
    return url


def _headers(config: FetchConfig) -> dict[str, str]:
    """What every request says.

    Who we are, always the same, and that an answer in Chinese and gzip is wanted.
    """
    if not (config.user_agent.isascii() and config.user_agent.isprintable()):
        raise ConfigError(
            "config.toml", f"[fetch] user_agent = {config.user_agent!r}", "it takes plain ASCII"
        )
    return {
        "User-Agent": config.user_agent,
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/*,*/*;q=0.8",
        "Accept-Language": "zh-CN",  # notices follow it
        "Accept-Encoding": "gzip",  # all that we can bound while it is decoded
    }
