from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.fetch.pace import Pace
from crawler.fetch.turns import MemoryExchange, Turns

if TYPE_CHECKING:
    from collections.abc import Callable

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
            other.wait_for(host)
            kept.append(rows.rows[host]["started_at"])
        answer = rows(host, step)
        kept.append(rows.rows[host]["started_at"])
        return answer

    _turns(behind_another, fake_time).wait_for(HOST)
    assert kept == sorted(kept)
    assert kept[-1] - kept[0] == PACE.interval
