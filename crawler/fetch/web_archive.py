"""`ArchiveClient`: one web archive, asked politely.

One bounded request at a time, to that archive's host and to no other, wherever it redirects. Two
paces, one of the index and one of captures, go by one gate, so that together they are no faster
than the slower of both allows; and who is asked to wait there, waits with both.
"""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urljoin, urlsplit

import httpcore
import httpx

from crawler import __version__
from crawler.article import State
from crawler.credentials import without_secrets
from crawler.errors import ConfigError, FetchError, InputError
from crawler.fetch.addresses import (
    RefusedAddressError,
    is_captcha,
    is_inside,
    measured,
    networks_of,
    shown,
)
from crawler.fetch.limits import MB, Deadline, Limits
from crawler.fetch.pace import ARCHIVE_COOL_DOWNS, Pace
from crawler.fetch.response import Response, interrupted, opened, read_content
from crawler.fetch.retry import LONGEST_WAIT, Interrupted, retry_after, retrying
from crawler.fetch.sockets import GuardedBackend, Transport, resolve
from crawler.fetch.turns import (
    Alone,
    Exchange,
    MemoryExchange,
    Turns,
    always,
    beside_others,
    tell_nobody,
)
from crawler.telling import said_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

    from crawler.fetch.sockets import Resolve

# The Internet Archive allows 30 questions a minute to its index; its own client keeps to 24.
INDEX_PACE = Pace(interval=60 / 24, jitter=0.5, cool_downs=ARCHIVE_COOL_DOWNS)
CAPTURE_PACE = Pace(interval=60 / 30, jitter=0.5, cool_downs=ARCHIVE_COOL_DOWNS)
TIMEMAPS = "/timemap/link"
"""How the address of an archive ends that has TimeMaps (RFC 7089), and no index."""

ATTEMPTS = 2  # of one address in one run, where the network or the server failed
MAX_REDIRECTS = 5
# an index looks for a minute, perhaps, before it sends the first byte; 5,000 captures, as many as
# are asked for, take some 2 MB
INDEX_LIMITS = Limits(silence=90.0, total=180.0, page=16 * MB)
CAPTURE_LIMITS = Limits(total=180.0)
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BLOCKS = frozenset({429, 503})
_ELSEWHERE = "see [fetch] trusted_networks, and [recover] archives"
_AS_IT_IS = "/:?#[]@!$&'()*+,;=%-._~"


class ArchiveClient:
    """Asks one web archive, whose replay stands below `base`. For one thread.

    `contact` is how its keepers reach the user; `exchange`, `alone` and `on_wait` are as `Fetcher`
    has them. The other arguments are seams for tests.
    """

    def __init__(  # noqa: PLR0913  (seams, each with the only default that a user needs)
        self,
        base: str,
        *,
        contact: str,
        exchange: Exchange | None = None,
        alone: Alone = beside_others,
        on_wait: Callable[[str, float], None] = tell_nobody,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
        index_limits: Limits = INDEX_LIMITS,
        capture_limits: Limits = CAPTURE_LIMITS,
        trusted_networks: Iterable[str] = (),
        resolve: Resolve = resolve,
        sockets: httpcore.NetworkBackend | None = None,
    ) -> None:
        self.base = base.removesuffix(TIMEMAPS)
        self.has_index = self.base == base
        """Whether it lists all captures of an account; else only those of one address each."""
        self.contact = contact
        self._origin = _origin(base)
        self.host = urlsplit(base).netloc.lower()
        self._clock, self._sleep, self._chance = clock, sleep, chance
        self._on_wait, self._alone = on_wait, alone
        exchange = exchange or MemoryExchange()
        self._index_turns = self._turns(INDEX_PACE, exchange)
        self._capture_turns = self._turns(CAPTURE_PACE, exchange)
        self._index_limits, self._capture_limits = index_limits, capture_limits
        self._deadline = Deadline(index_limits.total, monotonic)
        self._headers = _headers(contact)
        backend = GuardedBackend(
            deadline=self._deadline,
            inner=sockets or httpcore.SyncBackend(),
            named=frozenset(filter(is_inside, (urlsplit(base).hostname or "",))),
            trusted=networks_of(trusted_networks),
            resolve=resolve,
        )
        self._transport = Transport(backend)
        self.asked = 0
        """How many requests were sent, redirects and second tries among them."""
        self.brought_capture = False
        """Whether what was asked last brought a capture, if only one that leads on or is too large.

        Not where that was interrupted: then another try may bring more.
        """

    def _turns(self, pace: Pace, exchange: Exchange) -> Turns:
        return Turns(
            pace_of=lambda _: pace,
            exchange=exchange,
            clock=self._clock,
            sleep=self._sleep,
            chance=self._chance,
            on_wait=self._on_wait,
            alone=self._alone,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transport.close()

    def index(self, url: str, *, is_wanted: Callable[[], bool] = always) -> Response:
        """Ask the archive's index, or for a TimeMap, if that is wanted still when its turn comes.

        Raises InputError where the address is not the archive's, FetchError where no whole answer
        came, CoolingDown where it asks to be left alone: then no other question may be sent, and
        SupersededError where it is not wanted any more. The words of a 404 come with it: an index
        may say so that it holds nothing.
        """
        return self._get(url, self._index_turns, self._index_limits, is_wanted)

    def capture(self, url: str, *, is_wanted: Callable[[], bool] = always) -> Response:
        """Ask for one raw capture, if that is wanted still. Raises as `index` does.

        The answer's `url` is that of the capture which came, and its header `memento-datetime` says
        when that was captured; its content is empty unless the status is 200. A captured redirect
        to a captcha is not followed: its `url` is the captcha's.
        """
        return self._get(url, self._capture_turns, self._capture_limits, is_wanted)

    def _get(
        self, url: str, turns: Turns, limits: Limits, is_wanted: Callable[[], bool]
    ) -> Response:
        if not url.startswith(self._origin):
            raise InputError(shown(url), f"is not on {self.host}", "nothing was sent there")
        self._deadline.restart()
        self.brought_capture = False
        first_wait = turns.pace_of(self.host).interval
        retries = retrying(ATTEMPTS, first_wait, sleep=self._sleep, chance=self._chance)
        tried: list[str] = []
        try:
            response: Response = retries(self._follow, url, turns, limits, tried, is_wanted)
        except FetchError as error:
            turns.judge(self.host, None)
            if isinstance(error.__cause__, Interrupted) or self._deadline.left <= 0:
                self.brought_capture = False
            raise
        return response

    def _follow(
        self,
        start: str,
        turns: Turns,
        limits: Limits,
        tried: list[str],
        is_wanted: Callable[[], bool],
    ) -> Response:
        """One try: the request, and those that its redirects lead to."""
        url = start
        for _ in range(MAX_REDIRECTS + 1):
            asked = always if tried else is_wanted
            with turns.next_at(self.host, continuing=bool(tried), is_wanted=asked):
                tried.append(url)
                response, location = self._send(url, turns, limits)
            if not location:
                return response
            url = self._next(start, response, location)
            if is_captcha(url.partition("id_/")[2]):
                return replace(response, url=url.partition("?")[0])
        raise FetchError(start, f"redirects more than {MAX_REDIRECTS} times", "it was left out")

    def _next(self, start: str, response: Response, location: str) -> str:
        """The next address, which is the archive's, too.

        A captured redirect leads on in the web of that day, so that its capture is asked for.
        Credentials that it carries are not sent.
        """
        try:
            target = without_secrets(urljoin(response.url, location))
            sent = measured(quote(target, safe=_AS_IT_IS))
        except RefusedAddressError as error:
            raise FetchError(start, f"leads to what {error}", "nothing was sent there") from None
        except ValueError:
            raise FetchError(start, "leads to what is no address", "nothing was sent") from None
        if target.startswith(self._origin):
            return sent
        moment = response.url.removeprefix(f"{self.base}/").partition("/")[0]
        if "memento-datetime" in response.headers and moment.endswith("id_"):
            return f"{self.base}/{moment}/{sent.partition('#')[0]}"
        raise FetchError(
            start, f"leads to {shown(target)}, which is not on {self.host}", "nothing was sent"
        )

    def _send(self, url: str, turns: Turns, limits: Limits) -> tuple[Response, str]:
        """One request and its answer, with the address that it redirects to, if any."""
        timeouts = httpx.Timeout(limits.silence, connect=limits.connect).as_dict()
        try:
            request = httpx.Request(
                "GET", measured(url), headers=self._headers, extensions={"timeout": timeouts}
            )
        except (RefusedAddressError, httpx.InvalidURL, UnicodeError) as error:
            raise FetchError(
                shown(url), f"cannot be sent: {said_by(error)}", "it was left out"
            ) from None
        self.asked += 1
        with self._deadline.run():
            try:
                answer = self._transport.handle_request(request)
            except RefusedAddressError as error:
                raise FetchError(url, f"was not asked: {error}", _ELSEWHERE) from None
            except httpx.TransportError as error:
                raise interrupted(url, error, limits, self._deadline) from error
            try:
                return self._read(url, answer, turns, limits)
            finally:
                answer.close()

    def _read(
        self, url: str, answer: httpx.Response, turns: Turns, limits: Limits
    ) -> tuple[Response, str]:
        response = opened(url, answer)
        is_memento = "memento-datetime" in response.headers  # then its status is the capture's
        self.brought_capture = self.brought_capture or is_memento
        asked = retry_after(answer.headers.get("retry-after", ""), self._clock())
        has_failed = response.status >= 500 and not is_memento
        is_block = response.status in _BLOCKS and not is_memento
        if is_block or (has_failed and asked > LONGEST_WAIT):
            cooling = turns.judge(self.host, State.RATE_LIMITED, at_least=asked)
            if cooling:
                raise cooling
        elif asked and has_failed:
            turns.hold_back(self.host, asked)
        location = answer.headers.get("location", "")
        if location and response.status in _REDIRECTS:
            return response, location
        is_of_index = turns is self._index_turns and TIMEMAPS not in url
        is_read = response.status == 200 or (response.status == 404 and is_of_index)
        if is_read or has_failed:
            content = read_content(url, answer, limits=limits, deadline=self._deadline)
            response = replace(response, content=content)
        turns.judge(self.host, State.OK)
        return response, ""


def _origin(base: str) -> str:
    parts = urlsplit(base)
    if not parts.hostname or "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            "config.toml",
            f"[recover] archives: {shown(base)} is no address of an archive",
            'it takes addresses like "https://web.archive.org/web"',
        )
    return f"{parts.scheme}://{parts.netloc}/"


def _headers(contact: str) -> dict[str, str]:
    """What every request says: which program asks, and how its user is reached."""
    contact = contact.strip()
    if not contact:
        raise ConfigError(
            "config.toml",
            "[recover] contact is empty, and web archives are to know who asks them",
            'set it, e.g. contact = "mailto:you@example.org"',
        )
    if not (contact.isascii() and contact.isprintable()):
        raise ConfigError("config.toml", f"[recover] contact = {contact!r}", "it takes plain ASCII")
    return {
        "User-Agent": f"wechat-article-archive/{__version__} (+{contact})",
        "Accept": "*/*",
        "Accept-Encoding": "gzip",  # all that we can bound while it is decoded
    }
