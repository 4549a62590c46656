"""A fetcher in front of the fake WeChat, on one clock that only sleeping moves."""

from __future__ import annotations

import random
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from crawler.config import FetchConfig
from crawler.fetch import Fetcher
from crawler.fetch.limits import Limits
from crawler.fetch.turns import MemoryExchange, tell_nobody
from tests.fake_wechat import FakeWeChat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENT = Limits(connect=600.0, silence=600.0, total=600.0, page=1 << 20, picture=1 << 21)
"""Limits of size that a test can reach, and all the time that a busy machine may need."""

NO_SILENCE = replace(PATIENT, silence=0.3)
"""One bound that a test can wait for. No other may end the same exchange, however slow it is."""

NO_LENGTH = replace(PATIENT, total=1.5)
"""The same for all that one address may take."""


@dataclass
class FakeTime:
    """A clock that only sleeping moves; it remembers how long one slept."""

    now: float = 1_780_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert 0 <= seconds < 100 * 3600
        self.slept.append(seconds)
        self.now += seconds


class OpenFetcher(Protocol):
    """Opens a run.

    A fetcher on the test's clock, which shares what `exchange` holds with other runs.
    """

    def __call__(self, **settings: Any) -> Fetcher: ...


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def wechat(fake_time: FakeTime) -> Iterator[FakeWeChat]:
    with FakeWeChat(clock=fake_time) as fake:
        yield fake


@pytest.fixture
def exchange() -> MemoryExchange:
    """What would be in the archive."""
    return MemoryExchange()


@pytest.fixture
def open_fetcher(
    fake_time: FakeTime, wechat: FakeWeChat, exchange: MemoryExchange
) -> Iterator[OpenFetcher]:
    chance = random.Random(7).random
    with ExitStack() as stack:

        def fetcher(
            *,
            limits: Limits = PATIENT,
            on_wait: Callable[[str, float], None] = tell_nobody,
            **settings: Any,
        ) -> Fetcher:
            config = FetchConfig(**({"gateway": wechat.url} | settings))
            return stack.enter_context(
                Fetcher(
                    config,
                    exchange=exchange,
                    clock=fake_time,
                    sleep=fake_time.sleep,
                    chance=chance,
                    limits=limits,
                    on_wait=on_wait,
                )
            )

        yield fetcher
