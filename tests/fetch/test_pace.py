from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import State
from crawler.fetch.pace import (
    COOL_DOWNS,
    HOUR,
    LONGEST_RETRY_AFTER,
    OUT_OF_BUDGET,
    OUT_OF_SHARE,
    PROBE_LEASE,
    PROBING,
    Gate,
    Pace,
    hold_back,
    take_turn,
    verdict,
)

NOW = 1_780_000_000.0
PACE = Pace(interval=6.0, jitter=4.0, daily_limit=2000)
MOMENTS = st.floats(0, 4e9)
BLOCKS = [State.VERIFICATION, State.RATE_LIMITED]
ANSWERS_OF_WECHAT = [
    State.OK,
    State.PAID,
    State.DELETED,
    State.VIOLATION,
    State.BAD_LINK,
    State.ALBUM,
]
SAY_NOTHING = [State.UNSIGNED, State.HOLLOW, State.UNREADABLE, State.SYSTEM, None]


def start(gate: Gate, now: float, pace: Pace = PACE, dice: float = 0.0) -> Gate:
    gate, turn = take_turn(gate, now, pace, dice)
    assert not turn.wait
    assert not turn.why
    return gate


def tripped(times: int, now: float = NOW) -> Gate:
    gate = Gate()
    for _ in range(times):
        gate = verdict(replace(gate, closed_until=0.0), State.VERIFICATION, now)
    return gate


def test_the_first_request_starts_at_once() -> None:
    gate, turn = take_turn(Gate(), NOW, PACE, 0.5)
    assert not turn.wait
    assert gate.started_at == NOW


@pytest.mark.parametrize(("dice", "gap"), [(0.0, 6.0), (0.5, 8.0), (1.0, 10.0)])
def test_the_next_start_is_an_interval_and_a_share_of_the_jitter_away(
    dice: float, gap: float
) -> None:
    _, turn = take_turn(start(Gate(), NOW, dice=dice), NOW + 1, PACE, 0.0)
    assert turn.wait == pytest.approx(gap - 1)


def test_asking_in_vain_takes_no_start_and_moves_none() -> None:
    gate = start(Gate(), NOW)
    asked = gate
    for second in range(6):
        asked, turn = take_turn(asked, NOW + second, PACE, 0.9)
        assert turn.wait
    assert asked == gate


@given(st.lists(st.tuples(MOMENTS, st.floats(0, 1)), max_size=30))
def test_no_clock_however_it_jumps_makes_anyone_wait_longer_than_interval_and_jitter(
    asked: list[tuple[float, float]],
) -> None:
    gate = Gate()
    for now, dice in asked:
        gate, turn = take_turn(gate, now, replace(PACE, daily_limit=0), dice)
        assert 0 <= round(turn.wait, 9) <= 10.0
        if turn.wait:
            gate, turn = take_turn(gate, now + turn.wait + 1e-3, replace(PACE, daily_limit=0), dice)
            assert not turn.wait


@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0, 1)), max_size=60))
def test_starts_are_never_closer_than_the_interval(steps: list[tuple[float, float]]) -> None:
    gate, now, starts = Gate(), NOW, []
    for step, dice in steps:
        now += step
        gate, turn = take_turn(gate, now, PACE, dice)
        starts += [] if turn.wait else [now]
    assert all(later - sooner >= 6.0 for sooner, later in pairwise(starts))


def test_a_clock_that_went_back_a_year_neither_bursts_nor_hangs() -> None:
    gate = start(Gate(), NOW, dice=1.0)
    back = NOW - 365 * 24 * HOUR
    gate, turn = take_turn(gate, back, PACE, 0.0)
    assert turn.wait == 10.0
    start(gate, back + 10)


def test_looking_again_has_a_share_of_the_day_that_fetching_does_not_count_against() -> None:
    fetching = Pace(interval=0.0, daily_limit=10)
    watching = replace(fetching, watch_limit=2)
    gate = start(start(Gate(), NOW, fetching), NOW, fetching)
    gate = start(start(gate, NOW, watching), NOW, watching)
    assert (gate.used, gate.watched) == (4, 2)
    _, turn = take_turn(gate, NOW, watching, 0.0)
    assert turn.why == OUT_OF_SHARE
    gate = start(gate, NOW, fetching)
    assert start(gate, turn.until, watching).watched == 1


def test_looking_again_ends_where_the_day_does_however_much_of_its_share_is_left() -> None:
    watching = Pace(interval=0.0, daily_limit=3, watch_limit=3)
    gate = start(Gate(), NOW, replace(watching, watch_limit=0))
    gate = start(start(gate, NOW, watching), NOW, watching)
    assert take_turn(gate, NOW, watching, 0.0)[1].why == OUT_OF_BUDGET


def test_the_daily_limit_ends_with_the_day_in_china() -> None:
    pace = Pace(interval=0.0, daily_limit=2)
    gate = start(start(Gate(), NOW, pace), NOW, pace)
    gate, turn = take_turn(gate, NOW, pace, 0.0)
    assert turn.why == OUT_OF_BUDGET
    assert (turn.until + 8 * HOUR) % (24 * HOUR) == 0
    assert 0 < turn.until - NOW <= 24 * HOUR
    assert not take_turn(gate, turn.until - 1, pace, 0.0)[1].wait
    assert take_turn(gate, turn.until - 1, pace, 0.0)[1].why
    start(gate, turn.until, pace)


def test_a_clock_that_goes_back_and_forth_gives_no_second_budget() -> None:
    pace = Pace(interval=0.0, daily_limit=1)
    gate = start(Gate(), NOW, pace)
    for now in (NOW - 24 * HOUR, NOW, NOW - 1, NOW):
        gate, turn = take_turn(gate, now, pace, 0.0)
        assert turn.why == OUT_OF_BUDGET


def test_a_clock_that_was_set_far_ahead_for_a_while_ends_no_budget_for_ever() -> None:
    pace = Pace(interval=0.0, daily_limit=1)
    gate = start(Gate(), NOW + 1000 * 24 * HOUR, pace)
    gate, turn = take_turn(gate, NOW, pace, 0.0)
    start(gate, turn.until, pace)


@pytest.mark.parametrize("state", BLOCKS)
def test_the_first_block_closes_the_gate_for_an_hour(state: State) -> None:
    gate = verdict(start(Gate(), NOW), state, NOW + 1)
    _, turn = take_turn(gate, NOW + HOUR, PACE, 0.0)
    assert turn.until == NOW + 1 + HOUR
    assert turn.why == state


def test_each_block_in_a_row_closes_it_for_longer_up_to_a_day() -> None:
    assert [tripped(times).closed_until - NOW for times in (1, 2, 3, 4, 9)] == [
        *COOL_DOWNS,
        24 * HOUR,
        24 * HOUR,
    ]


def test_a_cool_down_ends_with_one_probe_and_no_second_until_it_is_judged() -> None:
    gate = tripped(1)
    later = gate.closed_until
    gate = start(gate, later)
    _, turn = take_turn(gate, later + 100, PACE, 0.0)
    assert turn.why == PROBING
    assert turn.until == later + PROBE_LEASE
    start(verdict(gate, State.OK, later + 101), later + 102)


def test_a_redirect_or_a_retry_of_the_probe_belongs_to_it() -> None:
    gate = start(tripped(1), NOW + HOUR)
    _, turn = take_turn(gate, NOW + HOUR + 20, PACE, 0.0, continuing=True)
    assert not turn.wait
    assert not turn.why


def test_a_retry_does_not_slip_through_a_gate_that_another_run_closed_meanwhile() -> None:
    gate = verdict(start(Gate(), NOW), State.VERIFICATION, NOW + 1)
    assert take_turn(gate, NOW + 20, PACE, 0.0, continuing=True)[1].why == State.VERIFICATION


def test_a_probe_whose_process_died_may_be_sent_again_after_a_while() -> None:
    gate = start(tripped(1), NOW + HOUR)
    start(gate, NOW + HOUR + PROBE_LEASE)


@pytest.mark.parametrize("state", ANSWERS_OF_WECHAT)
def test_whatever_wechat_says_of_an_article_resets_the_breaker(state: State) -> None:
    gate = verdict(start(tripped(2), NOW + 6 * HOUR), state, NOW + 6 * HOUR + 1)
    assert (gate.trips, gate.closed_until, gate.why) == (0, 0.0, "")


@pytest.mark.parametrize("state", SAY_NOTHING)
def test_what_says_nothing_about_us_neither_trips_nor_resets_but_ends_the_probe(
    state: State | None,
) -> None:
    gate = verdict(start(tripped(2), NOW + 6 * HOUR), state, NOW + 6 * HOUR + 1)
    assert gate.trips == 2
    start(gate, NOW + 6 * HOUR + 11)


@pytest.mark.parametrize("state", [*BLOCKS, *ANSWERS_OF_WECHAT])
def test_what_was_asked_before_the_gate_closed_neither_lengthens_nor_ends_the_cool_down(
    state: State,
) -> None:
    gate = tripped(1)
    assert verdict(gate, state, NOW + 60).closed_until == gate.closed_until
    assert verdict(gate, state, NOW + 60).trips == 1


@given(st.integers(1, 6), MOMENTS)
def test_no_clock_however_it_jumps_makes_a_cool_down_longer_than_it_is(
    times: int, now: float
) -> None:
    gate, turn = take_turn(tripped(times), now, PACE, 0.0)
    assert turn.until - now <= COOL_DOWNS[min(times, 3) - 1] + 1e-3
    if turn.until:
        start(gate, turn.until + 1)


def test_a_retry_after_is_obeyed_up_to_the_first_cool_down() -> None:
    gate = start(Gate(), NOW)
    assert take_turn(hold_back(gate, 120, NOW), NOW, PACE, 0.0)[1].wait == 120
    assert take_turn(hold_back(gate, 1e9, NOW), NOW, PACE, 0.0)[1].wait == LONGEST_RETRY_AFTER
    assert take_turn(hold_back(gate, 1, NOW), NOW, PACE, 0.0)[1].wait == 6.0


def test_a_gate_comes_back_from_its_row_as_it_was() -> None:
    gate = start(tripped(3), NOW + 24 * HOUR, dice=0.25)
    assert Gate.from_row(gate.to_row()) == gate
    assert Gate.from_row(None) == Gate.from_row({}) == Gate()


@given(
    st.dictionaries(
        st.sampled_from(list(Gate().to_row())),
        st.one_of(
            st.none(),
            st.text(),
            st.integers(),
            st.floats(),
            st.sampled_from([math.inf, math.nan, -1, 2**63]),
        ),
    ),
    MOMENTS,
)
def test_no_row_however_damaged_breaks_the_gate_or_closes_it_for_ever(
    row: dict[str, float], now: float
) -> None:
    gate, turn = take_turn(Gate.from_row(row), now, PACE, 0.5)
    assert 0 <= turn.wait <= LONGEST_RETRY_AFTER
    assert turn.until - now <= COOL_DOWNS[-1] + 1e-3
    assert Gate.from_row(gate.to_row()) == gate


def test_a_damaged_share_of_the_jitter_is_at_most_all_of_it() -> None:
    gate = Gate.from_row({"started_at": NOW, "dice": 1e9})
    assert take_turn(gate, NOW, PACE, 0.0)[1].wait == 10.0
