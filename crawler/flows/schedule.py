"""When an article is looked at again, and which of those that are due comes first. Pure.

Most articles that die do so young: of posts that Weibo took down nearly 90 % went within a day
(Zhu and others, "The Velocity of Censorship", 2013). So the steps grow with age, and where a day
allows too few looks those come first that have grown most, relative to their age, since the last
one: from one day to three is as much as from ten to thirty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crawler.times import can_have_been, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.archive.reading import Watched

DAY = timedelta(days=1)
TRY_AGAIN_AFTER = timedelta(hours=6)
"""After a look that told nothing; doubled with each."""

_YOUNGEST = DAY / 2  # an age below it counts as this, so that no first look outweighs all others
_NEVER_SEEN = 2.0  # by what factor an article has grown of which no look of ours is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The next look at an article.

    `grown` is by what factor it is older then than at the latest look; `confirms` is a second look
    at what was found gone once.
    """

    article: Watched
    at: datetime
    why: str
    grown: float
    confirms: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Ages in days at which an article is looked at, and the days between two looks after that.

    The age of one that died is counted from its death.
    """

    steps: tuple[int, ...]
    every: int

    def plan(self, articles: Iterable[Watched], now: datetime) -> list[Planned]:
        """The next look at each article: first what is due, in its order, then what comes when."""
        planned = [self.next_look(article, now) for article in articles]
        due = [one for one in planned if one.at <= now]
        later = [one for one in planned if one.at > now]
        due.sort(key=lambda one: (not one.confirms, -one.grown, one.article.id))
        later.sort(key=lambda one: (one.at, one.article.id))
        return due + later

    def next_look(self, article: Watched, now: datetime) -> Planned:
        """When an article is looked at again, and why.

        What another machine's clock that was ahead has written counts as now. A look of which no
        moment is known, or one that cannot have been, counts as none: taken for one of now it would
        put the next off with each day.
        """
        is_known = can_have_been(article.told_at, now)
        seen = min(moment_of(article.told_at) or now, now) if is_known else now
        start = min(_start_of(article) or seen, seen)
        at, why = self._step(start, seen)
        grown = (now - start) / max(seen - start, _YOUNGEST)
        if not is_known:
            at, why, grown = now, "no look is known", _NEVER_SEEN
        if article.is_dead:
            why = f"whether it came back: {why}"
        confirms = article.is_gone and not article.is_dead
        if confirms:
            at, why = _on_another_day(seen), "to confirm on another day"
        return Planned(
            article=article,
            at=_after_tries(article, at, now),
            why=why,
            grown=grown,
            confirms=confirms,
        )

    def _step(self, start: datetime, seen: datetime) -> tuple[datetime, str]:
        """The first step after the latest look, counted from a start."""
        for step in sorted(self.steps):
            if start + step * DAY > seen:
                return start + step * DAY, f"day {step}"
        return seen + self.every * DAY, f"every {self.every} days"


def _start_of(article: Watched) -> datetime | None:
    """What an article's age is counted from: its death, else its publication, else a first look."""
    if article.is_dead:
        return moment_of(article.dead_since)
    return moment_of(article.published) or moment_of(article.first_seen)


def _on_another_day(moment: datetime) -> datetime:
    """When a second look counts: in China's next day, and not just after its midnight."""
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    return max(midnight, moment + DAY / 2)


def _after_tries(article: Watched, at: datetime, now: datetime) -> datetime:
    """A moment, put off where looks told nothing."""
    tried = moment_of(article.tried_at)
    if tried is None or not article.tries:
        return at
    wait: timedelta = TRY_AGAIN_AFTER * 2 ** min(article.tries - 1, 5)
    return max(at, min(tried, now) + wait)
