"""What an archive holds, in numbers: the answers behind `crawler status`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts of one archive."""

    states: dict[str, int]  # state -> articles, the most frequent first
    accounts: dict[str, int]  # account -> articles with a body, the largest first
    account_count: int
    months: dict[str, int]  # YYYY-MM -> articles with a body, in order of time
    ready: int  # queue entries that can be fetched now
    waiting: int  # queue entries whose time has not come
    needs_link: int  # queue entries of which only a link without chksm is known
    characters: int
    revisions: int
    events: int


class Counts(NamedTuple):
    """What a first page counts: each out of an index, without reading an article."""

    texts: int  # articles with a body
    states: dict[str, int]
    accounts: dict[str, int]
    months: dict[str, int]


def counts(connection: sqlite3.Connection, *, accounts: int = 10) -> Counts:
    """Count articles by state, and those with a body by month and by account, the largest ones."""
    return Counts(
        texts=connection.execute(_TEXTS).fetchone()[0],
        states=dict(connection.execute(_STATES).fetchall()),
        accounts=dict(connection.execute(_ACCOUNTS, (accounts,)).fetchall()),
        months=dict(connection.execute(_MONTHS).fetchall()),
    )


def overview(connection: sqlite3.Connection, *, now: str) -> Overview:
    """Count what the archive holds at `now`, a moment as the queue writes it."""
    ready, waiting, needs_link = connection.execute(_QUEUE, (now, now)).fetchone()
    numbers = connection.execute(_NUMBERS).fetchone()
    counted = counts(connection)
    return Overview(
        states=counted.states,
        accounts=counted.accounts,
        months=counted.months,
        ready=ready,
        waiting=waiting,
        needs_link=needs_link,
        account_count=numbers[0],
        characters=numbers[1],
        revisions=numbers[2],
        events=numbers[3],
    )


_TEXTS = "SELECT count(*) FROM articles WHERE body_hash <> ''"
_STATES = "SELECT state, count(*) FROM articles GROUP BY state ORDER BY count(*) DESC, state"
_ACCOUNTS = """
SELECT account, count(*) FROM articles WHERE body_hash <> '' AND account <> ''
GROUP BY account ORDER BY count(*) DESC, account LIMIT ?
"""
_MONTHS = """
SELECT substr(date, 1, 7), count(*) FROM articles
    WHERE body_hash <> '' AND date GLOB '[12][0-9][0-9][0-9]-[01][0-9]*' GROUP BY 1 ORDER BY 1
"""
_QUEUE = """
SELECT
    count(*) FILTER (WHERE needs_link = 0 AND not_before <= ?),
    count(*) FILTER (WHERE needs_link = 0 AND not_before > ?),
    count(*) FILTER (WHERE needs_link = 1)
FROM queue
"""
_NUMBERS = """
SELECT
    (SELECT count(DISTINCT account) FROM articles WHERE account <> ''),
    (SELECT coalesce(sum(characters), 0) FROM articles),
    (SELECT count(1) FROM revisions),
    (SELECT count(1) FROM events)
"""
