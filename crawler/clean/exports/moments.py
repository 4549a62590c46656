"""Moments in every form in which tools write them, as days and times in Beijing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from crawler.times import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_YEAR, _LAST_YEAR = 2011, 2099  # the platform opened in 2012; 1970 stands for "unknown"
_DAY_MINUTES = 24 * 60 - 1  # no zone is farther off
_LONGEST = 80  # characters; the longest form is a browser's with the zone's name behind it


class Moment(NamedTuple):
    """A day (YYYY-MM-DD) and, where its time is known, the moment (ISO 8601, +08:00)."""

    date: str = ""
    at: str = ""


_DAY_FIRST = re.compile(
    r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?"
    # (of a zone PostgreSQL writes hours alone)
    r"(?:[T\s]{1,3}(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?([+-][01]\d)?)?)?"
    r"\s?(Z|[+-]\d{2}:?\d{2}|\(UTC [+-]\d{2}:\d{2}\))?",
    re.ASCII,
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(Z)?", re.ASCII)
# in seconds, or with as many digits more as thousandths, millionths and the like have
_EPOCH = re.compile(r"(\d{10})(?:\d{3}){0,3}(?:\.\d+)?", re.ASCII)
_CTIME = re.compile(
    r"\w{3} (\w{3} \d{1,2}) (\d\d:\d\d:\d\d)(?: (CST|UTC|GMT|[+-]\d{4}))? (\d{4})", re.ASCII
)
_BROWSER = re.compile(
    r"\w{3} (\w{3} \d{1,2} \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})(?: \(.*\))?", re.ASCII
)
_BROWSERS_ZONE = re.compile(r" GMT([+-]\d{4})", re.ASCII)
# (atomic: a tag that never ends is read once, however often it says this)
_SHOWN = re.compile(
    rb"(?P<tag><(?>[^<>]*?\sid=[\"']?publish_time\b)[^<>]*+>\s*+)(?P<words>[^<]{5,40})"
)
_TIME = re.compile(r"\d:\d\d\s*\Z", re.ASCII)
_WEEKDAY = re.compile(r"[A-Za-z]{3,5},")  # May 8, 2026 8:30 PM has a comma as early
# digits of full width, and the dashes that editors make of hyphens
_AS_TYPED = {ord("０") + digit: str(digit) for digit in range(10)} | {
    0x2010: "-",
    0x2011: "-",
    0x2013: "-",
}
# behind a time WeChat shows the province or the country
_PLACE = re.compile(
    r"(?<=\d:\d\d) (?:(?:发布|发表)于 ?)?(?!.{0,2}[早晚午晨夜])[\u4e00-\u9fff]{2,8}\Z"
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)(?=,)")  # as Logseq writes a day: Mar 5th, 2024
_DAY_OF_WEEK = re.compile(r"\A[A-Za-z]{3,9}, ")
# as moment.js and Go write a zone; Python takes a moment with such a one for UTC's, and China's
# zone for America's
_ZONE_OF_MAIL = re.compile(r" (?:(?P<hours>[+-]\d\d):(?P<minutes>\d\d)|CST)\Z", re.ASCII)
_ENGLISH = tuple(
    f"{day}{time}"
    for day in ("%B %d, %Y", "%b %d, %Y")
    for time in (" %I:%M %p", " %H:%M", " %I:%M:%S %p", " %H:%M:%S", "")
)
_BEFORE_TIME = re.compile(r"(?<=\d\d\d\d)(?:,| at)(?= )", re.ASCII)  # as browsers write it
_ZONE_OF_ENGLISH = re.compile(
    r" (?:(?P<china>CST)"
    r"|(?:GMT|UTC|Z)?(?:(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>\d\d)?)?)\Z",
    re.ASCII,
)

# the hours that a part of the day has, of 24: 下午3:05 and 下午15:05 are one moment
_PARTS = {
    "凌晨": range(7), "清晨": range(4, 12), "早晨": range(4, 12), "早上": range(4, 12),
    "上午": range(12), "AM": range(12), "中午": range(11, 15), "下午": range(12, 24),
    "PM": range(12, 24), "傍晚": range(16, 21), "晚上": range(17, 24),
}  # fmt: skip
_WEEK = (
    "(?:星期|礼拜|禮拜|周|週)[一二三四五六日天]|[月火水木金土日]曜日?"
    "|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
)
_WRITTEN = re.compile(
    r"(?P<year>\d{4}) ?[-/年.] ?(?P<month>\d{1,2}+) ?[-/月.] ?(?P<day>\d{1,2}+)(?: ?[日号號]|\.)?"
    r"(?P<week>"
    rf"[ ,，]{{0,2}}(?:{_WEEK})| ?[(（](?:{_WEEK}|[一二三四五六月火水木金土日])[)）])?"
    r"(?:(?:[ ,，]{0,2}|T)(?P<part>[凌清早上中下傍晚][晨上午晚])? ?(?<!\d)(?P<hour>\d{1,2}+)"
    r"(?: ?[:：](?P<minute>\d\d)(?:[:：](?P<second>\d\d)(?:\.\d{1,9}+)?)?"
    r"| ?[时時点點] ?(?P<minutes_of_hour>\d{1,2}+) ?分(?: ?(?P<seconds_of_minute>\d{1,2}+) ?秒)?)"
    r"(?: ?(?P<half>[AP]\.?M\b\.?|[凌清早上中下傍晚][晨上午晚]))?"
    r"(?P<zone> ?[(（[]?(?:(?P<china>CST|Asia/Shanghai|北京时间)|Z|UTC|GMT"
    # (3:05-5 and 3:05-05:00 may be spans of time)
    r"|(?:(?:UTC|GMT) ?|(?=[+-]\d{4}|\+\d\d:\d\d|-\d\d:\d\d\[))"
    r"(?P<sign>[+-])(?P<hours>1[0-4]|0?\d)(?::?(?P<minutes>[0-5]\d))?"
    # a zone's name behind its offset says nothing more (Go), nor does its place (Java)
    r"(?: (?:UTC|GMT|HKT|SGT|JST|KST|BST|CES?T|[ECMP][SD]T)|\[[A-Za-z_/]{3,40}+\])?"
    r")[])）]?)?)?",
    re.ASCII | re.IGNORECASE,
)
_DAY_OF_MONTH = re.compile(r"(\d{1,2}+) ([A-Za-z]{3,9}+),? (\d{4})(?!\d)(.*+)", re.ASCII)


def read_moment(text: str, *, utc: bool = False) -> Moment:
    """The moment that a text is, all of it; an empty one where it is none.

    A time without a zone is Beijing's, or UTC where `utc` says that the tool writes that.
    """
    text = " ".join(text[: _LONGEST + 1].translate(_AS_TYPED).split())
    if not text or len(text) > _LONGEST:
        return Moment()
    text = _PLACE.sub("", text)
    zone = UTC if utc else SHANGHAI
    return next((found for form in _FORMS if (found := form(text, zone)).date), Moment())


def local_form(text: str, *, utc: bool = False) -> str:
    """A moment as front matter's `fetch_date` has it: Beijing's clock, without an offset."""
    found = read_moment(text, utc=utc)
    return found.at.removesuffix("+08:00") or found.date


def in_china(content: bytes, saved: str) -> bytes:
    """A page that shows its moment in China's zone, where `saved` says what its reader's zone was.

    Pages leave it to the browser to write that, and SingleFile keeps what is shown, not the script
    that knows better. A day without a time stays as it is.
    """
    zone = _BROWSERS_ZONE.search(saved)
    if not zone or zone[1] == "+0800":
        return content

    def moved(shown: re.Match[bytes]) -> bytes:
        words = shown["words"].decode("utf-8", "replace")
        at = read_moment(f"{words.strip()}{zone[1]}").at if _TIME.search(words) else ""
        return shown["tag"] + at[:16].replace("T", " ").encode() if at else shown[0]

    return _SHOWN.sub(moved, content, count=1)


def _day_first(text: str, zone: timezone) -> Moment:
    found = _DAY_FIRST.fullmatch(text)
    if not found:
        return Moment()
    *numbers, hours, offset = found.groups()
    return _moment(numbers, _zone(offset or hours) or zone)


def _compact(text: str, zone: timezone) -> Moment:
    found = _COMPACT.fullmatch(text)
    if not found:
        return Moment()
    *numbers, offset = found.groups()
    return _moment(numbers, _zone(offset) or zone)


def _epoch(text: str, _: timezone) -> Moment:
    found = _EPOCH.fullmatch(text)
    return _in_beijing(datetime.fromtimestamp(int(found[1]), UTC)) if found else Moment()


_NAMED_ZONES = {"CST": SHANGHAI, "UTC": UTC, "GMT": UTC}


def _ctime(text: str, zone: timezone) -> Moment:
    """Tue Mar 5 00:30:00 2024, as C writes it, and `date` with a zone before the year."""
    found = _CTIME.fullmatch(text)
    if not found:
        return Moment()
    day, time, offset, year = found.groups()
    zone = _NAMED_ZONES.get(offset or "") or _zone(offset) or zone
    try:
        moment = datetime.strptime(f"{day} {year} {time}", "%b %d %Y %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return Moment()
    return _in_beijing(moment)


def _browser(text: str, _: timezone) -> Moment:
    found = _BROWSER.fullmatch(text)
    if not found:
        return Moment()
    try:
        return _in_beijing(datetime.strptime(" ".join(found.groups()), "%b %d %Y %H:%M:%S %z"))
    except ValueError:
        return Moment()


def _mail(text: str, zone: timezone) -> Moment:
    """RFC 1123: Sat, 23 May 2026 03:29:00 GMT."""
    if not _WEEKDAY.match(text):
        return Moment()
    said = _ZONE_OF_MAIL.search(text)
    if said:
        text = f"{text[: said.start()]} {said['hours'] or '+08'}{said['minutes'] or '00'}"
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return Moment()
    if not moment.tzinfo:
        own = UTC if " -0000" in text else zone
        moment = moment.replace(tzinfo=own)
    return _in_beijing(moment)


def _english(text: str, zone: timezone) -> Moment:
    """May 8, 2026 8:30 PM, or Fri, May 8, 2026, 20:30 GMT+8."""
    if "," not in text:
        return Moment()
    text = _BEFORE_TIME.sub("", _ORDINAL.sub("", _DAY_OF_WEEK.sub("", text)))
    said = _ZONE_OF_ENGLISH.search(text)
    if said:
        text, zone = text[: said.start()], _zone_of_english(said)
    for form in _ENGLISH:
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=zone)
        except ValueError:
            continue
        return _in_beijing(moment) if ":" in form else _plain_day(moment)
    return Moment()


def _zone_of_english(said: re.Match[str]) -> timezone:
    """GMT, UTC, +0800, GMT+8, or CST, which in China is China's."""
    if said["china"]:
        return SHANGHAI
    hours = int(said["hours"] or 0)
    return _zone(f"{said['sign'] or '+'}{hours:02}{said['minutes'] or '00'}") or UTC


def _written(text: str, zone: timezone) -> Moment:
    """2024年3月5日 星期二 下午3:05, 2024-03-05 3:05 PM, 2024-03-05 15:05:00 +0800 CST."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        return Moment()
    if found["zone"]:
        zone = _zone_of_english(found)
    elif found["week"] or found["part"] or found["minutes_of_hour"]:
        zone = SHANGHAI  # as who writes so means his own clock, whatever his tool else writes
    hour, part = found["hour"], (found["part"] or "") + (found["half"] or "")
    if part:
        hour = _hour_of_part(int(hour), part)
        if not hour:
            return Moment()
    minute = found["minute"] or found["minutes_of_hour"]
    second = found["second"] or found["seconds_of_minute"]
    return _moment([*found.group("year", "month", "day"), hour, minute, second], zone)


def _hour_of_part(shown: int, part: str) -> str:
    """The hour of 24 that a clock of 12, or of 24, shows in this part of the day; "" for none."""
    other = {0: 0, 12: 0}.get(shown, shown + 12)
    hours = _PARTS.get(part.upper().replace(".", ""), ())
    return next((str(one) for one in (shown, other) if one in hours), "")


def _day_of_month(text: str, zone: timezone) -> Moment:
    """5 March 2024 15:05."""
    found = _DAY_OF_MONTH.fullmatch(_DAY_OF_WEEK.sub("", text))
    if not found:
        return Moment()
    day, month, year, rest = found.groups()
    return _english(f"{month} {day}, {year}{rest}", zone)


_FORMS: tuple[Callable[[str, timezone], Moment], ...] = (
    _day_first,
    _epoch,
    _ctime,
    _compact,
    _english,  # of this and the next mail's reader would take an evening for a morning
    _day_of_month,
    _mail,
    _browser,
    _written,  # last, as it takes what tools seldom write
)


def _zone(offset: str | None) -> timezone | None:
    if not offset:
        return None
    if offset == "Z":
        return UTC
    sign, digits = offset.strip("(UTC )")[0], re.sub(r"\D", "", offset)
    minutes = min(int(digits[:2]) * 60 + int(digits[2:] or 0), _DAY_MINUTES)
    if sign == "-":
        minutes = -minutes
    return timezone(timedelta(minutes=minutes))


def _moment(numbers: list[str | None], zone: timezone) -> Moment:
    year, month, day, *time = numbers
    hour, minute, second = (int(part or 0) for part in time)
    try:
        moment = datetime(
            int(year or 0), int(month or 0), int(day or 0), hour, minute, second, tzinfo=zone
        )
    except ValueError:
        return Moment()
    if not time[0]:
        return _plain_day(moment)
    return _in_beijing(moment)


def _plain_day(moment: datetime) -> Moment:
    """A day without a time is the day that it says, whatever the zone."""
    in_range = _FIRST_YEAR <= moment.year <= _LAST_YEAR
    return Moment(f"{moment:%Y-%m-%d}") if in_range else Moment()


def _in_beijing(moment: datetime) -> Moment:
    try:
        moment = moment.astimezone(SHANGHAI)
    except OverflowError:
        return Moment()
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return Moment()
    return Moment(f"{moment:%Y-%m-%d}", moment.replace(microsecond=0).isoformat())
