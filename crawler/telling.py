"""How numbers, moments and words to paste are told to people."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime

from crawler.times import DAY_ALONE, SHANGHAI, moment_of

_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 input", "2,000 inputs"; `plural` where that takes no s."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def quoted(word: str) -> str:
    """A key, a link or a file's name as it can be pasted into a shell, whoever wrote it."""
    return shlex.quote(word)


def on_the_clock(seconds: float) -> str:
    """Seconds since 1970, as `for_people` writes a moment; what no calendar has is its last day."""
    return _in_words(datetime.fromtimestamp(min(seconds, _LATEST), tz=UTC))


def for_people(written: str) -> str:
    """A moment of ours as people read it: Shanghai's, to the minute, with its offset.

    A day alone, and what is no moment, stay as they are.
    """
    if len(written) <= DAY_ALONE:
        return written
    moment = moment_of(written)
    return _in_words(moment) if moment else written


def _in_words(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M} +08:00"
