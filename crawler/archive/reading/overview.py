"""What an archive holds, in numbers: the answers behind `crawler status`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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


def overview(connection: sqlite3.Connection, *, now: str, accounts: int = 10) -> Overview:
    """Count what the archive holds at `now`, a moment as the queue writes it."""
    ready, waiting, needs_link = connection.execute(_QUEUE, (now, now)).fetchone()
    numbers = connection.execute(_NUMBERS).fetchone()
    return Overview(
        states=dict(connection.execute(_STATES).fetchall()),
        accounts=dict(connection.execute(_ACCOUNTS, (accounts,)).fetchall()),
        months=dict(connection.execute(_MONTHS).fetchall()),
        ready=ready,
        waiting=waiting,
        needs_link=needs_link,
        account_count=numbers[0],
        characters=numbers[1],
        revisions=numbers[2],
        events=numbers[3],
    )


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
    (SELECT count(*) FROM revisions),
    (SELECT count(*) FROM events)
"""
