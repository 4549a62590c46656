"""Moments, as the house writes them and as the world does.

The house keeps Shanghai's time. Looks (`fetch_date`, events, the queue) are ISO 8601 without an
offset and with microseconds, as seeds have them; what a page says of itself (`published_at`) is ISO
8601 with +08:00. What cannot be read as a moment is the empty string.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""WeChat's time zone. China keeps no summer time, so the offset is fixed."""

SKEW = timedelta(days=1)
"""By which another machine's clock may be ahead."""

DAY_ALONE = len("2019-05-17")
"""Characters of a moment of which only the day is known."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(2011, 1, 1, tzinfo=UTC)  # the platform opened in August 2012
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_MOMENT = re.compile(r"[0-9]{4}[0-9TtWZz:., +-]{0,36}\Z", re.ASCII)
_DATE_ON_PAGE = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?(?:\s{1,4}(\d{1,2}):(\d{2})(?::(\d{2}))?)?",
    re.ASCII,
)


def as_written(moment: datetime) -> str:
    """Write a moment as front matter, events and the queue do: in Shanghai, without an offset."""
    return moment.astimezone(SHANGHAI).replace(tzinfo=None).isoformat(timespec="microseconds")


def moment_of(written: str) -> datetime | None:
    """Read a moment or a day of ours, in Shanghai; None where it is none.

    Such as one that has no year in UTC: the calendar begins and ends there earlier. Python takes
    any sign between a day and an hour; here it is a T or a space.
    """
    if not _MOMENT.match(written):
        return None
    try:
        moment = _in_zone(datetime.fromisoformat(written), SHANGHAI)
        return moment.astimezone(UTC).astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        return None


def comparable(written: str) -> str:
    """A moment of ours in the one spelling that sorts as time passes; "" where it is none."""
    moment = moment_of(written)
    return as_written(moment) if moment else ""


def can_have_been(written: str, now: datetime) -> bool:
    """Whether a moment of ours is one, and had come at `now`, by any machine's clock."""
    moment = moment_of(written)
    return moment is not None and moment <= now + SKEW


def as_utc(written: str) -> str:
    """Turn a moment of ours into UTC, as WARC writes it; 1970 where it is none."""
    moment = (moment_of(written) or _EPOCH).astimezone(UTC).replace(tzinfo=None)
    return f"{moment.isoformat(timespec='microseconds')}Z"


def from_utc(moment: str) -> str:
    """Turn an ISO 8601 moment, in UTC where it names no zone, into one of ours.

    1970 is none: so `as_utc` writes what is none.
    """
    try:
        found = _in_zone(datetime.fromisoformat(moment), UTC)
        return "" if found == _EPOCH else as_written(found)
    except (ValueError, OverflowError):
        return ""


def from_epoch(seconds: str) -> str:
    """Turn digits, seconds since 1970, into the +08:00 moment of a post that can be."""
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return ""
    return _if_possible(datetime.fromtimestamp(int(seconds), tz=SHANGHAI))


def from_page(text: str) -> str:
    """Turn a date as pages show it (2024年12月18日 18:08) into a +08:00 moment.

    A day alone (2019-05-17) stays one. 昨天 gives nothing: nobody knows of which day it was said.
    """
    found = _DATE_ON_PAGE.fullmatch(text.strip())
    if not found:
        return ""
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    try:
        moment = _if_possible(datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI))
    except ValueError:
        return ""
    return moment if found[4] else moment[:DAY_ALONE]


def _in_zone(moment: datetime, zone: timezone) -> datetime:
    """The moment, in that zone where it names none."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _if_possible(moment: datetime) -> str:
    return moment.isoformat() if _EARLIEST <= moment <= _LATEST else ""
