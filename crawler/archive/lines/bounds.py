"""What a row of another archive may say, table by table.

Whoever wrote the lines may have made them up. A moment that is still to come, a wait of years, a
version that does not exist or a question that was never answered would keep this archive from
looking again for as long as it says. So what steers later work is held to what our own runs write.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from crawler.archive.saving import LONGEST_WAIT, queue_key, with_moment
from crawler.article import CLEANER_VERSION, Origin, State, Verdict
from crawler.errors import InputError
from crawler.fields import KEY, sound
from crawler.times import SKEW, as_written, comparable, moment_of
from crawler.urls import HOST, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    Row = dict[str, Any]

_LONGEST_CLOSED = timedelta(days=2)  # of a host: a day's cool-down, and a clock that is ahead
_DAY = 24 * 3600
_MOST_ATTEMPTS = 100_000
_MOST_REQUESTS = 1_000_000

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9.\[\]:_-]{1,260}", re.ASCII)
_PAGE = re.compile(r"(?:page:[0-9]{1,9})?", re.ASCII)
_DIGITS = re.compile(r"[0-9]{14}", re.ASCII)
_STATUS = re.compile(r"[0-9]{0,3}|-", re.ASCII)
_TOKEN = re.compile(r"[!-~]{0,8000}", re.ASCII)


class Bounds(NamedTuple):
    """How far ahead moments may lie, seen from one now."""

    moment: str  # as `Article.fetch_date`
    digits: str  # as web archives write it
    wait: str
    seconds: float  # since 1970
    closed: float
    day: int

    @classmethod
    def of(cls, now: datetime) -> Bounds:
        """Those that hold at a moment."""
        latest = now + SKEW
        return cls(
            moment=as_written(latest),
            digits=latest.astimezone(UTC).strftime("%Y%m%d%H%M%S"),
            wait=as_written(now + LONGEST_WAIT),
            seconds=latest.timestamp(),
            closed=(now + _LONGEST_CLOSED).timestamp(),
            day=int(latest.timestamp() // _DAY) + 1,
        )

    def dated(self, event: Row) -> Row:
        """A look as it may be kept: what a document says of a moment to come is only said."""
        at = event["at"]
        if not at or self._has_been(at):
            return event
        return {**event, "at": "", "detail": with_moment(event["detail"], at)}

    def told_in_time(self, account: Row) -> Row:
        """What is known of an account, without moments that documents say and cannot have been."""
        unsaid = {name: "" for name in _OF_ACCOUNT if not self._has_been(account[name])}
        return {**account, **unsaid}

    def _has_been(self, moment: str) -> bool:
        return moment_of(moment) is not None and comparable(moment) <= self.moment

    def check(self, table: str, row: Row) -> None:
        """Raises ValueError, which names the column, where a row says what it may not."""
        looked = row.get("origin", Origin.FETCH) in _LOOKS  # else a document says when
        for column in _PASSED.get(table, ()) if looked else ():
            if str(row.get(column) or "") > self.moment:
                raise ValueError(f"{table}.{column} lies in the future, by this clock")
        for column, is_sound in _SOUND.get(table, {}).items():
            if column in row and not is_sound(row[column], self):
                raise ValueError(f"{table}.{column} holds what it may not")
        agrees = _AGREES.get(table)
        if agrees and not agrees(row):
            raise ValueError(f"a row of {table} does not agree with itself")


_OF_ACCOUNT = ("told_at", "first_seen", "last_seen")
_LOOKS = (Origin.FETCH, Origin.CAPTURE)
_PASSED = {
    "articles": ("fetch_date", "checked_at"),
    "copies": ("fetch_date",),
    "revisions": ("at",),
    "events": ("at",),
    "pictures": ("at",),
    "snapshots": ("fetched_at",),
    "evidence": ("at",),
    "forgotten": ("at",),
    "web_queries": ("at",),
    "web_captures": ("looked_at",),
    "reader_stars": ("at",),
    "reader_tags": ("at",),
    "reader_notes": ("at",),
}
"""Moments that had passed when the row was written."""


def _is_version(value: Any, _: Bounds) -> bool:
    return value in range(CLEANER_VERSION + 1)


def _is_state(value: Any, _: Bounds) -> bool:
    return value == "" or value in frozenset(State)


def _is_hash(value: Any, _: Bounds) -> bool:
    return _HASH.fullmatch(value) is not None


def _is_hash_or_none(value: Any, bounds: Bounds) -> bool:
    return value == "" or _is_hash(value, bounds)


def _is_key(value: Any, _: Bounds) -> bool:
    return is_key(value)


def is_key(value: str) -> bool:
    """Whether a text may be the key of an article."""
    return KEY.fullmatch(value) is not None


def _is_name(value: Any, bounds: Bounds) -> bool:
    return _is_key(value, bounds) or _is_link(value, bounds)


def _is_link(value: Any, _: Bounds) -> bool:
    try:
        parse_url(value)
    except InputError:
        return False
    return True


def _is_server(value: Any, _: Bounds) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc) and "@" not in parts.netloc


def _is_passed(value: Any, bounds: Bounds) -> bool:
    return value is None or 0 <= value <= bounds.seconds


def _is_closed(value: Any, bounds: Bounds) -> bool:
    return value is None or 0 <= value <= bounds.closed


def _counts(most: float) -> Callable[[Any, Bounds], bool]:
    return lambda value, _: value is None or 0 <= value <= most


def _fits(pattern: re.Pattern[str]) -> Callable[[Any, Bounds], bool]:
    return lambda value, _: pattern.fullmatch(value) is not None


def _is_among(*words: str) -> Callable[[Any, Bounds], bool]:
    return lambda value, _: value in words


def _is_whole(value: Any, _: Bounds) -> bool:
    return PurePosixPath(value).is_absolute() or PureWindowsPath(value).is_absolute()


def _are_keys(value: Any, _: Bounds) -> bool:
    try:
        keys = json.loads(value)
    except (ValueError, RecursionError):
        return False
    return isinstance(keys, list) and all(isinstance(one, str) and is_key(one) for one in keys)


_SOUND: dict[str, dict[str, Callable[[Any, Bounds], bool]]] = {
    "articles": {"cleaner_version": _is_version, "characters": _counts(1 << 31)},
    "copies": {"cleaner_version": _is_version, "characters": _counts(1 << 31)},
    "accounts": {"biz": lambda value, _: bool(sound("biz", value))},
    "seeds": {"sha256": _is_hash, "state": _is_state, "cleaner_version": _is_version},
    "events": {"state": _is_state, "origin": _is_among(*Origin)},
    "revisions": {"state": _is_state, "origin": _is_among(*Origin)},
    "snapshots": {"sha256": _is_hash, "url": _is_link},
    "pictures": {"state": _is_among("stored", "missing", "blocked", "too_large")},
    "evidence": {"verdict": _is_among(*Verdict), "sha256": _is_hash_or_none},
    "exported": {"folder": _is_whole, "sha256": _is_hash_or_none, "writing": _is_hash_or_none},
    "forgotten": {"name": _is_name, "article": _is_key},
    "learned": {"spared": _are_keys},
    "queue": {
        "state": _is_state,
        "attempts": _counts(_MOST_ATTEMPTS),
        "needs_link": _counts(1),
        "not_before": lambda value, bounds: value <= bounds.wait,
    },
    "pace": {
        "host": _fits(_HOST),
        "why": lambda value, bounds: value is None or _is_state(value, bounds),
        "started_at": _is_passed,
        "probe_at": _is_passed,
        "not_before": _is_closed,
        "closed_until": _is_closed,
        "dice": _counts(1),
        "day": lambda value, bounds: value is None or 0 <= value <= bounds.day,
        "used": _counts(_MOST_REQUESTS),
        "trips": _counts(_MOST_REQUESTS),
        "watched": _counts(_MOST_REQUESTS),
    },
    "web_queries": {
        "server": _is_server,
        "query": lambda value, _: HOST in value,
        "captures": _counts(1 << 31),
        "following": _fits(_TOKEN),
    },
    "web_captures": {
        "server": _is_server,
        "url": _is_link,
        "captured_at": lambda value, bounds: (
            bool(_DIGITS.fullmatch(value)) and value <= bounds.digits
        ),
        "status": _fits(_STATUS),
    },
}
"""Table -> column -> whether it may hold a value. What is not named, its type alone binds."""


def _leads_there(row: Row) -> bool:
    """Whether a link that a text mentions is a signed one, of the article that it is noted for."""
    try:
        form = parse_url(row["link"])
    except InputError:
        return False
    return bool(form.signed and form.identity) and queue_key(form) == row["url"]


def _asks_there(row: Row) -> bool:
    """Whether a question asks for WeChat's pages, and goes on at the archive that it asked."""
    query, following = row["query"], row["following"]
    if not query.startswith("http"):
        return query.startswith(f"{HOST}/") and (
            "page:" not in following or _PAGE.fullmatch(following) is not None
        )
    is_there = not following or urlsplit(following).netloc == urlsplit(row["server"]).netloc
    return is_there and urlsplit(query).hostname == HOST


_AGREES: dict[str, Callable[[Row], bool]] = {"mentions": _leads_there, "web_queries": _asks_there}
"""Table -> whether the columns of a row fit one another."""
