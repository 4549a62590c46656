"""Gate: how fast one host may be asked, and whether at all.

A frozen value and pure arithmetic, no clock and no sleep.

Moments are epoch seconds. A Gate is kept outside (by the archive) between requests and between
runs, so that a restart, or a second process, goes no faster. Every step therefore first settles
what a clock that jumped may have left behind.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from crawler.article import State

if TYPE_CHECKING:
    from collections.abc import Mapping

Row: TypeAlias = "Mapping[str, str | int | float | None]"

HOUR = 3600.0
COOL_DOWNS = (1 * HOUR, 6 * HOUR, 24 * HOUR)
"""After the first block, the second and every later one.

Blocks were seen to last about six hours.
"""

ARCHIVE_COOL_DOWNS = (1 * HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 24 * HOUR)
"""The same of a web archive.

The Internet Archive's firewall shuts out for an hour whoever goes on after a 429, and doubles it.
"""

LONGEST_RETRY_AFTER = COOL_DOWNS[0]
PROBE_LEASE = 300.0
"""Seconds after which a probe whose process died may be sent again.

Longer than any request may take.
"""

_DAY = 24 * HOUR
_BEIJING = 8 * HOUR

# What came says nothing about how we are treated: the article is odd, or the link was.
_SAYS_NOTHING = frozenset(
    {State.UNSIGNED, State.HOLLOW, State.UNREADABLE, State.SYSTEM, State.NOT_WECHAT}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one host may be asked."""

    interval: float  # seconds between two starts
    jitter: float = 0.0  # up to so many seconds more
    daily_limit: int = 0  # requests a day in China; 0 is no limit
    watch_limit: int = 0  # so many of them for looking again; 0 is a run that does not
    cool_downs: tuple[float, ...] = COOL_DOWNS  # after the first block, the second, and so on


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What is known of one host: the last request of any run, today's count, and the breaker."""

    started_at: float = 0.0  # the start of the last request
    # drawn at that start, 0 to 1: the share of the jitter that the next one waits
    dice: float = 0.0
    not_before: float = 0.0  # the server's own Retry-After
    day: int = 0  # days since 1970 in China, of `used`
    used: int = 0
    watched: int = 0  # so many of `used` looked again
    trips: int = 0  # blocks in a row, without a success between them
    closed_until: float = 0.0
    why: str = ""  # the state that closed it
    probe_at: float = 0.0  # the start of a probe that nobody has judged yet

    @classmethod
    def from_row(cls, row: Row | None) -> Gate:
        """The gate that a row holds.

        What is missing or makes no sense there is as if it never was.
        """
        new, row = cls(), row or {}
        return replace(
            new, **{name: _sound(row.get(name), default) for name, default in new.to_row().items()}
        )

    def to_row(self) -> Row:
        """The gate as plain scalars by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A gate's answer.

    Go now (`wait` 0), ask again after `wait` seconds, or stop until `until` because of `why`.
    """

    wait: float = 0.0
    until: float = 0.0
    why: str = ""


OUT_OF_BUDGET = "daily_limit"
OUT_OF_SHARE = "watch_limit"
PROBING = "probe"


def take_turn(
    gate: Gate, now: float, pace: Pace, dice: float, *, continuing: bool = False
) -> tuple[Gate, Turn]:
    """Ask for the next start.

    A start is taken only by the answer 0; any other leaves it to be asked for again.

    `dice` is 0 to 1. `continuing` marks a redirect or a retry, which belongs to a request that had
    its turn, so it may go through while that one is the probe.
    """
    gate = settled(gate, now, pace.cool_downs)
    refusal = _refusal(gate, now, pace, continuing=continuing)
    if refusal:
        return gate, refusal
    wait = max(gate.started_at + pace.interval + pace.jitter * gate.dice, gate.not_before) - now
    if wait > 0:
        return gate, Turn(wait=wait)
    probe_at = now if gate.trips else 0.0
    started = replace(
        gate,
        started_at=now,
        dice=dice,
        not_before=0.0,
        used=gate.used + 1,
        watched=gate.watched + bool(pace.watch_limit),
        probe_at=probe_at,
    )
    return started, Turn()


def _refusal(gate: Gate, now: float, pace: Pace, *, continuing: bool) -> Turn | None:
    if now < gate.closed_until:
        return Turn(until=gate.closed_until, why=gate.why)
    if gate.probe_at and not continuing and now < gate.probe_at + PROBE_LEASE:
        return Turn(until=gate.probe_at + PROBE_LEASE, why=PROBING)
    tomorrow = (gate.day + 1) * _DAY - _BEIJING
    if pace.daily_limit and gate.used >= pace.daily_limit:
        return Turn(until=tomorrow, why=OUT_OF_BUDGET)
    if pace.watch_limit and gate.watched >= pace.watch_limit:
        return Turn(until=tomorrow, why=OUT_OF_SHARE)
    return None


def verdict(
    gate: Gate,
    state: State | None,
    now: float,
    cool_downs: tuple[float, ...] = COOL_DOWNS,
    *,
    at_least: float = 0.0,
) -> Gate:
    """What an answer means for the gate.

    A block closes it, a success resets it, anything else only ends a probe.

    None stands for no answer at all. Whatever comes in while the gate is closed was asked for
    before it closed, by another process perhaps: it neither lengthens the cool-down nor ends it.
    `at_least` is the server's own Retry-After: the first cool-down that is as long is taken, or the
    longest.
    """
    gate = replace(settled(gate, now, cool_downs), probe_at=0.0)
    if now < gate.closed_until or state is None or state in _SAYS_NOTHING:
        return gate
    if not state.stops_the_run:
        return replace(gate, trips=0, closed_until=0.0, why="")
    too_short = sum(seconds < at_least for seconds in cool_downs[:-1])
    trips = max(gate.trips, too_short) + 1
    closed_until = now + _cool_down(trips, cool_downs)
    return replace(gate, trips=trips, closed_until=closed_until, why=str(state))


def hold_back(gate: Gate, seconds: float, now: float) -> Gate:
    """Obey a Retry-After of so many seconds, up to the first cool-down."""
    gate = settled(gate, now)
    return replace(gate, not_before=max(gate.not_before, now + min(seconds, LONGEST_RETRY_AFTER)))


def settled(gate: Gate, now: float, cool_downs: tuple[float, ...] = COOL_DOWNS) -> Gate:
    """The gate without what only a clock that jumped can have written.

    So it neither bursts nor hangs. A clock that went back shows starts in the future: they count
    as now. No wait grows beyond its own length, and the day's count is kept, not given anew.
    """
    today = int((now + _BEIJING) // _DAY)
    stale = gate.day < today
    day = today if stale or gate.day > today + 1 else gate.day
    used = 0 if stale else gate.used
    watched = 0 if stale else gate.watched
    return replace(
        gate,
        started_at=min(gate.started_at, now),
        dice=min(gate.dice, 1.0),
        not_before=min(gate.not_before, now + LONGEST_RETRY_AFTER),
        closed_until=min(gate.closed_until, now + _cool_down(gate.trips, cool_downs)),
        probe_at=min(gate.probe_at, now),
        day=day,
        used=used,
        watched=watched,
    )


def _cool_down(trips: int, cool_downs: tuple[float, ...]) -> float:
    return cool_downs[min(max(trips, 1), len(cool_downs)) - 1]


def _sound(value: object, default: Any) -> Any:
    """The value, if it has the default's type and is finite and not negative, else the default."""
    if isinstance(default, str):
        return value if isinstance(value, str) else default
    if not isinstance(value, int | float) or not math.isfinite(value) or not 0 <= value < 2**53:
        return default
    return type(default)(value)
