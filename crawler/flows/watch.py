"""Looking again at what is there: what was edited, what is gone, what came back.

It fetches as `crawler fetch` does and writes what that writes; which look found what follows from
the events. A death is called one after a second look on another day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.archive import Change
from crawler.errors import InputError
from crawler.fetch import SupersededError
from crawler.links import as_kept
from crawler.telling import for_people
from crawler.times import SKEW, as_written, moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from crawler.archive import Archive, Record
    from crawler.archive.reading import Watched
    from crawler.flows.fetch import ArticleFetch
    from crawler.flows.outcome import Outcome
    from crawler.flows.schedule import Planned, Schedule

DRIFT = timedelta(minutes=10)
"""By which two clocks that are both right may differ, and one that is set right may jump."""

_READ_BY = ("origin", "cleaner_version")
_EDITABLE = ("title", "modified_at", "body_hash")


class Found(StrEnum):
    """What a look found, compared with the one before."""

    SAME = "same"
    EDITED = "edited"
    RENEWED = "renewed"  # its page, in place of a copy by a tool or by an older cleaner
    MOVED = "moved"  # another article stands there now
    GONE = "gone"  # a notice in its place, for the first time
    DEAD = "dead"  # the same on another day: the death is confirmed
    STILL_DEAD = "still dead"
    BACK = "back"  # it was gone, and is there
    NOTHING = "nothing"  # a captcha, a shell, no answer: it tells nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One look again."""

    planned: Planned
    link: str
    outcome: Outcome
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The way through an archive for another look; `way` asks `again`, and for `only_changes`."""

    way: ArticleFetch
    schedule: Schedule

    @property
    def archive(self) -> Archive:
        """Where all of it is kept."""
        return self.way.archive

    def check_clock(self) -> None:
        """Raises InputError where an earlier run looked at what is later than now.

        Looks in a wrong order would make a death of a hiccup, and a young article of an old one.
        """
        latest, now = moment_of(self.archive.watched.latest_look()), self.way.now()
        if latest is None or latest <= now + DRIFT:
            return
        what = (
            f"says {for_people(now.isoformat())}, and the latest look is of"
            f" {for_people(latest.isoformat())}: it went back"
        )
        advice = "set it; or, if it was ahead then and is right now, add --trust-clock"
        raise InputError("the clock", what, advice)

    def planned(self) -> list[Planned]:
        """The next look at every article that has a link which WeChat answers."""
        planned = self._plan(self.way.now())
        return [one for one in planned if self._link_of(one.article)]

    def due(self) -> list[Planned]:
        """The looks whose time has come, in the order in which they are worth most."""
        now = self.way.now()
        return [one for one in self._plan(now) if one.at <= now]

    def _plan(self, now: datetime) -> list[Planned]:
        looked_at = self.archive.watched.articles(until=as_written(now + SKEW))
        return self.schedule.plan(looked_at, now)

    def run(self, due: Sequence[Planned], *, limit: int | None = None) -> Iterator[Seen]:
        """Look again, asking for `limit` links at most; yields each look once it is on disk.

        What another run looked at since the plan was made is left out, also where that was while
        this one waited for its turn. Raises what `ArticleFetch.run` does.
        """
        current: list[tuple[Planned, str, Record]] = []
        fetcher = self.way.fetcher
        begun = before_it = fetcher.asked

        def links() -> Iterator[str]:
            nonlocal before_it
            for one in due:
                link = self._link_of(one.article)
                before = self._unseen(one.article)
                if link and before:
                    current[:] = [(one, link, before)]
                    before_it = fetcher.asked
                    yield link

        def is_wanted() -> bool:
            # a second address of one look is where its article went
            is_first = fetcher.asked == before_it + 1
            return not is_first or self._unseen(current[0][0].article) is not None

        def outcomes() -> Iterator[Outcome]:
            to_see, fetcher.is_wanted = links(), is_wanted
            while True:
                left = None if limit is None else limit - (fetcher.asked - begun)
                try:
                    yield from self.way.run(to_see, limit=left)
                except SupersededError:
                    continue
                return

        for outcome in outcomes():
            [(one, link, before)] = current
            found = self._found(one.article, link, before, outcome)
            yield Seen(planned=one, link=link, outcome=outcome, found=found)

    def _link_of(self, article: Watched) -> str:
        """What to look at an article by; "" of one that is gone, where all its links are refused.

        (The best one is no refused one while there is another.)
        """
        link = self.archive.signed_form(article.id)
        is_refused = article.is_gone and as_kept(link) in self.archive.queue.refused(article.id)
        return "" if is_refused else link

    def _unseen(self, article: Watched) -> Record | None:
        """What the archive shows of an article; None where it was looked at since the plan."""
        record = self.archive.get(article.id)
        return record if record and record.checked_at == article.checked_at else None

    def _found(self, article: Watched, link: str, before: Record, outcome: Outcome) -> Found:
        state = outcome.state
        if state is None or not (state.has_body or state.is_death):
            return Found.NOTHING
        now = self.archive.get(link)
        if now is None or self.archive.find(outcome.article_id) != now.id:
            return Found.MOVED
        if outcome.error:
            return Found.NOTHING
        if state.is_death:
            return _found_gone(article, now.checked_at)
        if article.is_gone:
            return Found.BACK
        if outcome.change is Change.UNCHANGED:
            return Found.SAME
        return _found_text(before, now)


def _found_gone(article: Watched, at: str) -> Found:
    if article.is_dead:
        return Found.STILL_DEAD
    is_another_day = article.is_gone and at[:10] > article.dead_since[:10]
    return Found.DEAD if is_another_day else Found.GONE


def _found_text(before: Record, now: Record) -> Found:
    """Whether a text is an edit: only of what the same cleaner read of a page can that be said."""
    if any(getattr(before, name) != getattr(now, name) for name in _READ_BY):
        return Found.RENEWED
    changed = any(getattr(before, name) != getattr(now, name) for name in _EDITABLE)
    return Found.EDITED if changed else Found.SAME
