"""What looking again goes by, and what it found: the looks at each article, and the deaths.

All of it follows from the events. A look tells something where it found a text or a notice that
says that the article is gone; what a captcha, a shell or a broken answer leaves is a try.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.database import record_of
from crawler.article import OF_THE_LINK, Origin, State

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """An article that is there, and the looks at it. Moments are as events have them, "" is none.

    `dead_since` and `dead_at` are the first and the latest look that found it gone, since the
    latest that found it there; `tries` are those after `told_at` that told nothing.
    """

    id: str
    title: str
    account: str
    published: str  # a moment, or a day
    first_seen: str
    told_at: str  # the latest look that told something
    dead_since: str
    dead_at: str
    tries: int
    tried_at: str
    checked_at: str  # the latest look of all, as the article's row has it

    @property
    def is_gone(self) -> bool:
        """Whether the latest look that told something found it gone."""
        return bool(self.dead_since)

    @property
    def is_dead(self) -> bool:
        """Whether looks on two days found it gone."""
        return self.dead_at[:10] > self.dead_since[:10]


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A row of the view `deaths`."""

    article_id: str
    title: str
    account: str
    url: str
    date: str
    last_seen_alive: str
    first_seen_dead: str
    confirmed: str
    seen_again: str
    state: str
    notice: str
    characters: int
    revisions: int
    snapshots: int
    pictures: int


class Watching:
    """The looks at every article of an archive."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def articles(self, until: str = "3") -> list[Watched]:
        """Every article that has its text, or that WeChat says, or said before a refusal, is gone.

        What still waits for a text is the queue's. Looks after `until` count for nothing: a clock
        that was ahead has written them.
        """
        names = tuple(Watched.__dataclass_fields__)
        rows = self._connection.execute(_WATCHED, (until,)).fetchall()
        return [record_of(self._connection, "events", Watched, names, row) for row in rows]

    def deaths(self, limit: int = -1) -> list[Death]:
        """The deaths, the latest first."""
        names = tuple(Death.__dataclass_fields__)
        rows = self._connection.execute(_DEATHS, (limit,)).fetchall()
        return [record_of(self._connection, "events", Death, names, row) for row in rows]

    def latest_look(self) -> str:
        """When we last looked at any article of WeChat's ourselves; "" where we never did."""
        (latest,) = self._connection.execute(_LATEST).fetchone()
        return str(latest)


def _listed(states: list[State]) -> str:
    return ", ".join(f"'{state}'" for state in states)


_ALIVE = _listed([state for state in State if state.has_body])
_DEAD = _listed([state for state in State if state.is_death])
_ALIVE_NOW = _listed([state for state in State if state.has_body and not state.worth_fetching])
_REFUSED = _listed(sorted(OF_THE_LINK))
_LOOKED = "('fetch', 'capture', 'seed')"
# A date that is none counts for nothing, here and in the view.
_WATCHED = f"""
WITH looks AS (
    SELECT article_id, at, origin, state IN ({_ALIVE}) AS alive, state IN ({_DEAD}) AS dead
    FROM events
    WHERE article_id IS NOT NULL AND origin IN {_LOOKED} AND at > '2' AND at < ?
),
told AS (
    SELECT article_id, min(at) AS first_seen,
        coalesce(max(CASE WHEN alive THEN at END), '') AS alive_at,
        coalesce(max(CASE WHEN alive OR dead THEN at END), '') AS told_at
    FROM looks GROUP BY article_id
),
since AS (
    SELECT told.article_id, told.first_seen, told.told_at,
        coalesce(min(CASE WHEN dead AND at > alive_at THEN at END), '') AS dead_since,
        coalesce(max(CASE WHEN dead AND at > alive_at THEN at END), '') AS dead_at,
        total(NOT alive AND NOT dead AND at > told_at AND origin = 'fetch') AS tries,
        coalesce(max(CASE WHEN NOT alive AND NOT dead AND at > told_at THEN at END), '') AS tried_at
    FROM told JOIN looks ON looks.article_id = told.article_id GROUP BY told.article_id
)
SELECT a.id, a.title, coalesce(nullif(a.account, ''), a.source),
    coalesce(nullif(a.published_at, ''), a.date), coalesce(first_seen, a.fetch_date),
    coalesce(nullif(told_at, ''), a.fetch_date),
    coalesce(dead_since, ''), coalesce(dead_at, ''),
    CAST(coalesce(tries, 0) AS INTEGER), coalesce(tried_at, ''),
    a.checked_at
FROM articles AS a LEFT JOIN since ON since.article_id = a.id
WHERE a.state IN ({_ALIVE_NOW}, {_DEAD}) OR a.state IN ({_REFUSED}) AND dead_since <> ''
ORDER BY a.id
"""  # noqa: S608
_DEATHS = f"""
SELECT {", ".join(Death.__dataclass_fields__)} FROM deaths
    ORDER BY confirmed DESC, article_id LIMIT ?
"""  # noqa: S608
_LATEST = f"""
SELECT coalesce(max(at), '') FROM events
    WHERE origin = '{Origin.FETCH}' AND at > '2' AND at < '3'
"""  # noqa: S608
