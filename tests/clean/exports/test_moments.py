from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.exports.moments import Moment, in_china, local_form, read_moment

NOON = "2026-05-23T11:29:00+08:00"


@pytest.mark.parametrize(
    "text",
    [
        "2026年5月23日 11:29",
        "2026/05/23 11:29",
        "2026-05-23 11:29:00",
        "2026-05-23T03:29:00Z",
        "2026-05-23T03:29:00.250Z",
        "2026-05-23T11:29:00+0800",
        "2026-05-23 03:29:00.25+00",
        "2026-05-23 11:29:00+08",
        "2026-05-23T11:29:00 (UTC +08:00)",
        "1779506940",
        "1779506940000",
        "1779506940000000",
        "Sat May 23 11:29:00 2026",
        "Sat May 23 11:29:00 CST 2026",
        "Sat May 23 03:29:00 +0000 2026",
        "Sat May 23 03:29:00 UTC 2026",
        "Sat, 23 May 2026 03:29:00 GMT",
        "Sat, 23 May 2026 11:29:00 +0800",
        "Sat, 23 May 2026 11:29:00 +08:00",
        "Sat, 23 May 2026 11:29:00 CST",
        "Sat, 23 May 2026 03:29:00 -0000 (UTC)",
        "May 23, 2026 11:29 AM",
        "20260523T032900Z",
        "202605231129",
        "Sat May 23 2026 11:29:00 GMT+0800 (中国标准时间)",
        *("2026-05-23 11:29 AM", "2026-05-23, 11:29", "2026-05-23 11:29:00 a.m."),
        *("2026年5月23日 上午11:29", "2026年5月23日上午11点29分", "2026年5月23日 11时29分"),
        *("2026-05-23 11:29:00 +0800 CST", "2026-05-23 03:29:00.5 +0000 UTC"),
        *("2026-05-22 22:29:00 -0500 CDT", "2026-05-23 12:29 (UTC+9)", "2026-05-23 11:29 CST"),
        *("2026-05-23 11:29 (UTC+8)", "2026-05-23 03:29 UTC", "2026-05-23 12:29 AM GMT-3"),
        *("2026-05-23T11:29:00[Asia/Shanghai]", "2026-05-23T05:29:00+02:00[Europe/Paris]"),
        *("2026年05月23日 星期六 11:29", "2026-05-23周六 11:29", "2026-05-23 週六 11:29"),
        *("2026/05/23(土) 11:29", "2026-05-23 Sat 11:29", "2026年5月23日（星期六）11：29"),
        *("23 May 2026 11:29", "Saturday, 23 May 2026, 11:29 AM", "2026. 5. 23. 11:29"),
    ],
)
def test_one_moment_in_every_form_that_tools_write(text: str) -> None:
    assert read_moment(text) == Moment("2026-05-23", NOON)


@pytest.mark.parametrize("day", ["May 8, 2026", "May 08, 2026", "July 18, 2026"])
@pytest.mark.parametrize(
    "time", [" 8:30 PM", ", 8:30\u202fPM", " at 8:30 PM", " 20:30", ", 20:30:00"]
)
def test_an_evening_is_no_morning_whether_its_day_has_one_digit_or_two(day: str, time: str) -> None:
    date = read_moment(day).date
    assert read_moment(day + time) == Moment(date, f"{date}T20:30:00+08:00")


@pytest.mark.parametrize(
    "text",
    [
        *("2026-05-23", "2026/5/23", "20260523", "2026年5月23日"),
        *("2026-05-23 星期六", "2026. 5. 23.", "23 May 2026", "May 23rd, 2026"),
    ],
)
def test_a_day_alone_tells_no_time(text: str) -> None:
    assert read_moment(text) == Moment("2026-05-23", "")


@pytest.mark.parametrize(
    ("time", "at"),
    [
        *(
            ("8:30 下午", "20:30"),
            ("8:30 上午", "08:30"),
            ("8:30 PM", "20:30"),
            ("20:30 PM", "20:30"),
            ("12:30 PM", "12:30"),
        ),
        *(("12:30 AM", "00:30"), ("0:30 AM", "00:30"), ("上午12:30", "00:30")),
        *(("凌晨12:30", "00:30"), ("凌晨3:30", "03:30"), ("中午12:30", "12:30")),
        *(("中午1:30", "13:30"), ("下午3:30", "15:30"), ("下午12:30", "12:30")),
        *(("下午15:30", "15:30"), ("晚上8:30", "20:30"), ("晚上 11:30", "23:30")),
        # what may be either, or neither, is none
        *(("晚上12:30", ""), ("晚上3:30", ""), ("15:30 AM", ""), ("0:30 PM", "")),
        *(("下午3:30 PM", ""), ("凌晨8:30", ""), ("25:30 PM", ""), ("下午3:30-05:00", "")),
        *(("15:30 EST", ""), ("15:30[America/Chicago]", ""), ("15:30 CST[America/Chicago]", "")),
        *(("15:30 +0800 edited", ""), ("星期八", ""), ("周二报", ""), ("15:3", "")),
    ],
)
def test_a_part_of_the_day_tells_which_hour_is_meant(time: str, at: str) -> None:
    found = Moment("2026-05-23", f"2026-05-23T{at}:00+08:00") if at else Moment()
    assert read_moment(f"2026-05-23 {time}") == found


@pytest.mark.parametrize(
    "text", ["", "昨天", "2026-13-40", "1970-01-01 00:00:00", "5 月", "12", "9" * 60, "x" * 9000]
)
def test_what_is_no_moment_of_a_post_gives_none(text: str) -> None:
    assert read_moment(text) == Moment()


@pytest.mark.parametrize("day", ["Sat, ", "Saturday, ", ""])
@pytest.mark.parametrize("time", [" 8:30 PM", ", 8:30 PM", " 20:30"])
def test_an_english_day_of_the_week_before_the_month_changes_nothing(day: str, time: str) -> None:
    assert read_moment(f"{day}May 23, 2026{time}").at == "2026-05-23T20:30:00+08:00"


@pytest.mark.parametrize(
    "day", ["May 8, 2026", "May 18, 2026", "Mon, May 18, 2026", "8 May 2026", "Mon, 18 May 2026"]
)
@pytest.mark.parametrize(
    "time",
    [
        *(" 12:30 GMT", " 12:30 +0000", " 12:30:00 Z", ", 12:30 PM UTC", " 8:30 PM +0800"),
        *(", 8:30 PM GMT+8", " at 8:30 PM CST", " 20:30 +08:00", " 18:00 GMT+5:30"),
    ],
)
def test_an_english_time_is_in_the_zone_behind_it(day: str, time: str) -> None:
    date = read_moment(day).date
    assert read_moment(day + time) == Moment(date, f"{date}T20:30:00+08:00")


def test_an_english_day_with_a_zone_and_no_time_is_that_day() -> None:
    assert read_moment("May 8, 2026 +1300") == Moment("2026-05-08", "")


def test_a_time_without_a_zone_is_utc_where_its_tool_writes_that() -> None:
    assert read_moment("2026-05-23 20:00:00", utc=True).date == "2026-05-24"
    assert read_moment("2026-05-23 8:00 PM", utc=True).date == "2026-05-24"
    assert read_moment("2026年5月23日 晚上8:00", utc=True).date == "2026-05-23"


def test_a_saving_time_is_written_as_seeds_have_it() -> None:
    assert local_form("2026-06-01T02:03:04.000Z") == "2026-06-01T10:03:04"
    assert local_form("2026-06-01") == "2026-06-01"


@given(st.text(alphabet="0123456789-/:TZ+ ().年月日 GMTay,下午周二时分PC[]", max_size=60))
def test_no_text_stops_it(text: str) -> None:
    found = read_moment(text)
    assert found.at[:10] in ("", found.date)


SAVED = "Thu Mar 06 2025 01:02:03 GMT{}"


def test_a_page_whose_reader_was_in_china_stays_as_it_came() -> None:
    page = '<em id="publish_time">2025年3月5日 04:30</em>'.encode()
    assert in_china(page, SAVED.format("+0800")) is page
    assert b">2025-03-05 12:30<" in in_china(page, SAVED.format("+0000"))


def test_a_tag_that_never_ends_is_read_once_for_its_moment() -> None:
    """For each time that it said so all that followed was read: 160 KB took seven seconds."""
    page = b"<div" + b" id=publish_time" * 500_000
    assert in_china(page, SAVED.format("+0000")) == page
