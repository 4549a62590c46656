from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import FetchError
from crawler.fetch.retry import LONGEST_WAIT, Interrupted, backoff, retry_after, retrying

NOW = 1_780_000_000.0


@pytest.mark.parametrize(("attempt", "most"), [(1, 5.0), (2, 10.0), (3, 20.0), (99, LONGEST_WAIT)])
def test_the_wait_after_a_try_is_anything_up_to_a_bound_that_doubles(
    attempt: int, most: float
) -> None:
    assert backoff(attempt, 5.0, 0.0) == 0.0
    assert backoff(attempt, 5.0, 0.5) == most / 2
    assert backoff(attempt, 5.0, 1.0) == most


def test_the_waits_between_tries_follow_chance_and_the_last_error_is_told_with_their_number() -> (
    None
):
    slept: list[float] = []

    def fail() -> None:
        raise Interrupted("link", "broke off", "try again later")

    with pytest.raises(FetchError) as caught:
        retrying(3, 5.0, sleep=slept.append, chance=lambda: 0.5)(fail)
    assert str(caught.value) == "link: broke off (3 tries); try again later"
    assert type(caught.value) is FetchError
    assert slept == [2.5, 5.0]


def test_what_no_other_try_can_mend_is_told_at_once() -> None:
    def fail() -> None:
        raise FetchError("link", "is too large")

    slept: list[float] = []
    with pytest.raises(FetchError, match="is too large"):
        retrying(3, 5.0, sleep=slept.append, chance=lambda: 0.5)(fail)
    assert slept == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 7 ", 7.0),
        ("0", 0.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("٣", 0.0),
        ("1e9", 0.0),
    ],
)
def test_a_retry_after_in_seconds_is_a_plain_number_or_nothing(header: str, seconds: float) -> None:
    assert retry_after(header, NOW) == seconds


def test_a_retry_after_as_a_date_counts_from_now_and_never_back() -> None:
    then = datetime.fromtimestamp(NOW, UTC)
    assert retry_after(format_datetime(then + timedelta(minutes=5), usegmt=True), NOW) == 300
    assert (
        retry_after(format_datetime(then + timedelta(minutes=5)).replace("+0000", "-0000"), NOW)
        == 300
    )
    assert retry_after(format_datetime(then - timedelta(minutes=5), usegmt=True), NOW) == 0


@given(
    st.one_of(
        st.text(),
        st.from_regex(
            r"\w{3}, \d{1,3} (Jan|Feb) \d{1,6} \d\d:\d\d:\d\d [+-]\d{4,6}", fullmatch=True
        ),
    )
)
def test_no_retry_after_however_odd_breaks_anything(header: str) -> None:
    assert retry_after(header, NOW) >= 0
