"""Waiting for one's turn: the gates of all hosts, with a clock, a sleep and chance."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from crawler.article import State
from crawler.errors import BudgetSpent, CoolingDown
from crawler.fetch import pace
from crawler.telling import on_the_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from crawler.fetch.pace import Gate, Pace, Row, Turn

T = TypeVar("T")

_SAVING = 1.0  # seconds in which a run has written what came, after it had its answer
_LONG = 60.0  # seconds; whoever waits longer without a word seems to hang
_WHY = {
    State.VERIFICATION: "WeChat asked for verification",
    State.RATE_LIMITED: "the server asked to slow down",
    pace.PROBING: "one request is asking whether the block is over",
}

_SPENT = {
    pace.OUT_OF_BUDGET: ("the daily limit", "[fetch] daily_limit"),
    pace.OUT_OF_SHARE: ("what watching may take of the daily limit", "[watch] share"),
}


class SupersededError(Exception):
    """While one waited for a turn, another run has done what it was for; none was taken."""


class Exchange(Protocol):
    """Reads a host's row (None at first), writes the one that `step` gives.

    Returns `step`'s own answer. All of it in one transaction, so that two processes keep one pace.
    """

    def __call__(self, host: str, step: Callable[[Row | None], tuple[Row, T]], /) -> T:
        """Do one step."""
        ...


class MemoryExchange:
    """Rows that last as long as the process."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    def __call__(self, host: str, step: Callable[[Row | None], tuple[Row, T]], /) -> T:
        """Do one step."""
        self.rows[host], answer = step(self.rows.get(host))
        return answer


class Alone(Protocol):
    """Keeps other runs from asking a host in a block, and waits for one that does, by `sleep`.

    Gives whether one did.
    """

    def __call__(
        self, host: str, sleep: Callable[[float], None], /
    ) -> AbstractContextManager[bool]:
        """For one request."""
        ...


@contextmanager
def beside_others(host: str, sleep: Callable[[float], None]) -> Iterator[bool]:
    """Of a run that knows of no other."""
    del host, sleep
    yield False


def always() -> bool:
    """Of a request that is wanted whatever others do meanwhile."""
    return True


def tell_nobody(host: str, seconds: float) -> None:
    """Of a wait, whoever has nobody to tell."""
    del host, seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The gates of all hosts. `clock` gives epoch seconds, `chance` 0 to 1."""

    pace_of: Callable[[str], Pace]
    exchange: Exchange
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    on_wait: Callable[[str, float], None] = tell_nobody  # is told of a long wait, before
    alone: Alone = beside_others

    @contextmanager
    def next_at(
        self, host: str, *, continuing: bool = False, is_wanted: Callable[[], bool] = always
    ) -> Iterator[None]:
        """A block in which the next request to a host may be sent; it counts as started there.

        No other run on the archive sends one meanwhile. Raises CoolingDown or BudgetSpent where
        nothing may be sent, SupersededError where it is not wanted any more.
        """
        while True:
            with self.alone(host, self.sleep) as after_another:
                if after_another:
                    self.sleep(_SAVING)
                if not is_wanted():
                    raise SupersededError
                wait = self._wait_of(host, continuing=continuing)
                if not wait:
                    yield
                    return
            if wait >= _LONG:
                self.on_wait(host, wait)
            self.sleep(wait)

    def judge(self, host: str, state: State | None, *, at_least: float = 0.0) -> CoolingDown | None:
        """Record the answer; `at_least` is how long the server itself asks to be left alone.

        Returns the CoolingDown that the next request would raise, if this answer closed the gate.
        """
        cool_downs = self.pace_of(host).cool_downs
        gate = self._change(
            host, lambda gate, now: pace.verdict(gate, state, now, cool_downs, at_least=at_least)
        )
        if state is None or not state.stops_the_run or gate.closed_until <= self.clock():
            return None
        return _cooling(host, gate.closed_until, gate.why)

    def hold_back(self, host: str, seconds: float) -> None:
        """Obey a Retry-After, in this run and in others."""
        self._change(host, lambda gate, now: pace.hold_back(gate, seconds, now))

    def _wait_of(self, host: str, *, continuing: bool) -> float:
        turn = self._ask(host, continuing=continuing)
        if turn.why:
            raise _refused(host, turn)
        return turn.wait

    def _ask(self, host: str, *, continuing: bool) -> Turn:
        dice, limits = self.chance(), self.pace_of(host)

        def step(row: Row | None) -> tuple[Row, Turn]:
            now = self.clock()  # here: while one waits for the row, another run may start
            gate = pace.Gate.from_row(row)
            gate, turn = pace.take_turn(gate, now, limits, dice, continuing=continuing)
            return gate.to_row(), turn

        return self.exchange(host, step)

    def _change(self, host: str, change: Callable[[Gate, float], Gate]) -> Gate:
        def step(row: Row | None) -> tuple[Row, Gate]:
            gate = change(pace.Gate.from_row(row), self.clock())
            return gate.to_row(), gate

        return self.exchange(host, step)


def _refused(host: str, turn: Turn) -> CoolingDown | BudgetSpent:
    if turn.why not in _SPENT:
        return _cooling(host, turn.until, turn.why)
    reached, setting = _SPENT[turn.why]
    what = f"{reached} is reached; nothing is sent until {on_the_clock(turn.until)}"
    return BudgetSpent(host, what, f"run again then, or raise {setting}")


def _cooling(host: str, until: float, why: str) -> CoolingDown:
    reason = _WHY.get(why, why)
    return CoolingDown(
        host, f"{reason}; nothing is sent until {on_the_clock(until)}", "run again then"
    )
