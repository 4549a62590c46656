"""Moments keep their zone, and what is none is the empty string."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.times import as_utc, as_written, from_epoch, from_page, from_utc, moment_of


def test_a_moment_is_written_as_a_seed_writes_it_in_shanghai() -> None:
    moment = datetime(2025, 10, 6, 9, 17, 2, 990516, tzinfo=UTC)
    assert as_written(moment) == "2025-10-06T17:17:02.990516"


def test_a_moment_of_ours_goes_to_utc_and_comes_back() -> None:
    assert as_utc("2025-10-06T17:17:02.990516") == "2025-10-06T09:17:02.990516Z"
    assert from_utc("2025-10-06T09:17:02.990516Z") == "2025-10-06T17:17:02.990516"
    assert from_utc("2025-10-06T09:17:02") == "2025-10-06T17:17:02.000000"


@pytest.mark.parametrize("end", ["0001-01-01", "0001-01-01T07:59:59", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_the_calendar_are_no_moments(end: str) -> None:
    assert moment_of(end) is None
    assert as_utc(end) == "1970-01-01T00:00:00.000000Z"


def test_what_is_no_moment_is_none() -> None:
    assert as_utc("yesterday").startswith("1970-01-01T00:00:00")
    assert from_utc("yesterday") == ""
    assert from_utc(as_utc("")) == ""
    assert from_utc("9999-12-31T23:59:59Z") == ""


@pytest.mark.parametrize(
    ("seconds", "moment"),
    [
        ("1734516480", "2024-12-18T18:08:00+08:00"),
        ("0", ""),  # before the platform
        ("99999999999", ""),  # after anybody
        ("-5", ""),
        ("１２３", ""),
        ("", ""),
    ],
)
def test_seconds_since_1970_are_a_time_that_a_post_can_have(seconds: str, moment: str) -> None:
    assert from_epoch(seconds) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024年12月18日 18:08", "2024-12-18T18:08:00+08:00"),
        (" 2019-05-17 ", "2019-05-17"),
        ("2019.5.7 8:01:09", "2019-05-07T08:01:09+08:00"),
        ("2019-02-30", ""),
        ("昨天", ""),
        ("1019-05-17", ""),
    ],
)
def test_a_date_as_a_page_shows_it_is_read(text: str, moment: str) -> None:
    assert from_page(text) == moment
