from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.fetch.pace import Pace
from crawler.fetch.turns import MemoryExchange, SupersededError, Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fetch.conftest import FakeTime

HOST = "mp.weixin.qq.com"
PACE = Pace(interval=6.0)


def _turns(exchange: Callable[..., Any], time: FakeTime) -> Turns:
    return Turns(
        pace_of=lambda _: PACE,
        exchange=exchange,
        clock=time,
        sleep=time.sleep,
        chance=lambda: 0.0,
    )


def test_a_start_that_came_while_one_waited_for_the_row_is_not_put_back(
    fake_time: FakeTime,
) -> None:
    rows = MemoryExchange()
    other = _turns(rows, fake_time)
    kept: list[Any] = []

    def behind_another(host: str, step: Callable[[Any], Any]) -> Any:
        if not kept:
            fake_time.now += 1  # one waits for the row, and somebody starts
            with other.next_at(host):
                pass
            kept.append(rows.rows[host]["started_at"])
        answer = rows(host, step)
        kept.append(rows.rows[host]["started_at"])
        return answer

    with _turns(behind_another, fake_time).next_at(HOST):
        pass
    assert kept == sorted(kept)
    assert kept[-1] - kept[0] == PACE.interval


def test_what_another_run_was_asking_for_is_looked_for_again_once_that_wrote_it(
    fake_time: FakeTime,
) -> None:
    @contextmanager
    def after_another(host: str, sleep: Callable[[float], None]) -> Iterator[bool]:
        assert (host, sleep) == (HOST, fake_time.sleep)
        yield True

    turns = replace(_turns(MemoryExchange(), fake_time), alone=after_another)
    asked_at = fake_time.now
    with (
        pytest.raises(SupersededError),
        turns.next_at(HOST, is_wanted=lambda: fake_time.now == asked_at),
    ):
        pytest.fail("it was written within a second")


def test_nobody_holds_a_host_while_waiting_for_a_turn(fake_time: FakeTime) -> None:
    held: list[float] = []

    @contextmanager
    def alone(host: str, sleep: Callable[[float], None]) -> Iterator[bool]:
        del host, sleep
        began = fake_time.now
        yield False
        held.append(fake_time.now - began)

    turns = replace(_turns(MemoryExchange(), fake_time), alone=alone)
    for _ in range(2):
        with turns.next_at(HOST):
            pass
    assert held == [0, 0, 0]
