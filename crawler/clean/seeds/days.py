"""The day that a bulletin states of itself.

A seed's `date` is the day on which its collector found the article, the next one as a rule: of 352
bulletins that state their own day 341 were found a day later. Titles state it, and lines before the
text; but most dates in a text are those of events, of terms and of periods. So only what stands
where an issue's date stands counts, and only a day shortly before the collector's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_DATE = (
    r"(?<![0-9.年月日/~～–—-])(?P<year>20[0-9]{2})(?:年|[./-])(?P<month>[01]?[0-9])(?:月|[./-])"
    r"(?P<day>[0-3]?[0-9])(?![0-9.])日?"
)
_SHORT_DATE = r"(?P<month>[01]?[0-9])月(?P<day>[0-3]?[0-9])日"
_WEEKDAY = r"[\s，,（(|]{0,3}(?:星期|周)(?P<weekday>[一二三四五六日天])[)）]?"
_ALONE = r"(?!日?[0-9\s]{0,3}[-–—~～至到起前后止截开举])"  # no period, no term, no event
_NO_NAME = r"(?=[\W_A-Za-z]|更新|发布|[日早晚简]报|\Z)"  # nor the day of one
_LAST = r"(?:\s{0,2}[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)?\W{0,4}\Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedDay:
    """A form in which a title, or a line before the text, states the day of its issue.

    The pattern has the groups `month` and `day`, `year` or `weekday`, or both.
    """

    id: str
    place: str  # "title" or "text"
    pattern: re.Pattern[str]
    matches: tuple[str, ...]  # each states the 5th of March 2024
    spares: tuple[str, ...]
    evidence: str


STATED_DAYS = (
    StatedDay(
        id="title-day",
        place="title",
        pattern=re.compile(rf"(?<!截至)(?<!截止)(?<![自于从至到在前]){_DATE}{_ALONE}{_NO_NAME}"),
        matches=("安全日报（2024.03.05）", "阅读推荐 2024-03-05 潮汐", "2024年3月5日更新明细"),
        spares=(
            "周报（2024.3.5-3.11）",
            "2024.2.28-2024.3.5",
            "截至2024年3月5日",
            "2024年3月5日起停用",
            "2024年3月5日观潮节公告",
            "潮汐 3.5",
        ),
        evidence="安全日报（...）, 阅读推荐 ...: dailies that number no issue, 60 of 1,534 seeds",
    ),
    StatedDay(
        id="text-day-alone",
        place="text",
        pattern=re.compile(rf"\W{{0,4}}{_DATE}(?:{_WEEKDAY})?{_LAST}"),
        matches=("2024年3月5日", "（2024-03-05）", "2024/3/5 08:30", "2024年3月5日 星期二"),
        spares=(
            "2024年3月5日，潮水",
            "2024.3.5-2024.3.11",
            "2024年3月5日 星期三",
            "2024年3月5日12:00 ～3月6日12:00",
        ),
        evidence="a line of its own below the byline, as notices and dailies have it",
    ),
    StatedDay(
        id="text-day-of-week",
        place="text",
        pattern=re.compile(rf"\W{{0,4}}(?:今天是)?{_SHORT_DATE}{_WEEKDAY}(?![^。]{{0,12}}[点时])"),
        matches=("3月5日 星期二", "3月5日（周二），农历正月廿五", "今天是3月5日，星期二"),
        spares=("3月5日 星期一", "3月5日", "会议在3月5日 星期二", "3月5日（周二）上午九点"),
        evidence="news of the morning begin with day and weekday; the weekday proves the year",
    ),
    StatedDay(
        id="text-day-labelled",
        place="text",
        pattern=re.compile(
            r"\W{0,4}(?:(?:发布|更新|发表|撰写|编写|编制|报告|刊发|出版|推送)?(?:日期|时间)"
            rf"\W{{0,3}}[：:]|写于)\W{{0,3}}{_DATE}(?:{_WEEKDAY})?{_LAST}"
        ),
        matches=("更新日期：2024-03-05", "**时间：2024年3月5日**", "写于2024年3月5日"),
        spares=("会议时间：2024年3月5日", "截止时间：2024年3月5日", "时间：2024年3月5日-6日"),
        evidence="更新日期： and 时间： beside 作者：, in 15 of 1,534 seeds",
    ),
    StatedDay(
        id="text-day-of-issue",
        place="text",
        pattern=re.compile(
            r"(?=.{0,40}(?:第\s{0,2}[0-9]{1,5}\s{0,2}期|[日早晚晨简]报|快讯|情报|热点|资讯|速递|推送))"
            rf"[^。，]{{0,20}}{_DATE}{_ALONE}[^。]{{0,24}}\Z"
        ),
        matches=("【日报】2024-03-05", "2024-03-05 情报共享", "第12期 2024年3月5日"),
        spares=("第12期（2024年3月5日-3月11日）", "2024-03-05 潮水", "日报说，2024年3月5日涨潮。"),
        evidence="a heading that names the issue and its day",
    ),
)

_LINES = 10  # before which the day of an issue stands
_LONGEST = 60  # characters of such a line
_LATE = 3  # days after which a collector has found what came out
_OF_AN_EVENT = re.compile(r"地点|地址|主题|嘉宾|主办|活动|会议|直播|报名|Place|Location")
_MARKS = re.compile(r"[#*_>\\]+")
_WEEKDAYS = "一二三四五六日"


def stated_day(title: str, text: str, given: str) -> tuple[str, str]:
    """The day that an article states of itself, and where: "title" or "text".

    `given` is the collector's day. ("", "") where the article states no day, the same one, two, or
    one that the collector cannot have found that late.
    """
    found = _date_of(given)
    if not found:
        return "", ""
    days = dict(reversed([*_days_of_title(title, found), *_days_of_text(text, found)]))
    if len(days) != 1:
        return "", ""
    day, place = days.popitem()
    late = timedelta(days=1) <= found - day <= timedelta(days=_LATE)
    return (day.isoformat(), place) if late else ("", "")


def day_by(row: StatedDay, words: str, found: date) -> date | None:
    """The day that some words state in the form of a row; `found` tells a year that they lack."""
    match = row.pattern.search(words) if row.place == "title" else row.pattern.match(words)
    if not match:
        return None
    said = match.groupdict()
    years = [int(said["year"])] if said.get("year") else [found.year, found.year - 1]
    days = (_date_of(f"{year}-{said['month']:0>2}-{said['day']:0>2}") for year in years)
    return next((day for day in days if day and _agrees(day, said.get("weekday"))), None)


def _agrees(day: date, weekday: str | None) -> bool:
    return not weekday or _WEEKDAYS[day.weekday()] == weekday.replace("天", "日")


def _days_of_title(title: str, found: date) -> Iterator[tuple[date, str]]:
    for row in STATED_DAYS:
        if row.place == "title" and (day := day_by(row, title, found)):
            yield day, "title"


def _days_of_text(text: str, found: date) -> Iterator[tuple[date, str]]:
    """The days in the lines before the text begins; one beside a place is an event's.

    Below it stand the days of documents that are quoted, and under letters those of their signing.
    """
    lines = (_MARKS.sub("", line).strip() for line in text.split("\n", 3 * _LINES))
    first = list(takewhile(_is_short, (line for line in lines if line)))[:_LINES]
    for line, following in pairwise([*first, ""]):
        if _OF_AN_EVENT.search(line + following):
            continue
        rows = (day_by(row, line, found) for row in STATED_DAYS if row.place == "text")
        if day := next(filter(None, rows), None):
            yield day, "text"


def _is_short(line: str) -> bool:
    return len(line) <= _LONGEST or line.startswith(("![", "[!["))


def _date_of(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso[:10])
    except ValueError:
        return None
