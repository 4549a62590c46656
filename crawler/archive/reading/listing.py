"""Articles in a row, chosen and sorted: what `crawler list` shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.database import record_of

if TYPE_CHECKING:
    import sqlite3

    from crawler.archive.search import Filter

SORTS = {
    "date": "a.date DESC, a.id",
    "fetched": "a.fetch_date DESC, a.id",
    "title": "a.title, a.id",
    "account": "a.account, a.date DESC, a.id",
    "longest": "a.characters DESC, a.id",
}
"""What articles can be sorted by, and how SQL says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One article in a list; `account` is its source where no account is known."""

    id: str
    date: str
    account: str
    title: str
    state: str
    kind: str
    characters: int
    fetch_date: str
    url: str


_LIST = """
SELECT a.id, a.date, coalesce(nullif(a.account, ''), a.source), a.title, a.state, a.kind,
    a.characters, a.fetch_date, a.url
FROM articles AS a WHERE 1{chosen} ORDER BY {sort} LIMIT ?
"""


def listed(
    connection: sqlite3.Connection, chosen: Filter, *, sort: str = "date", limit: int = 20
) -> list[Listed]:
    """The articles that a filter chooses, sorted by one of `SORTS`, the first `limit` of them."""
    sql, values = chosen.conditions()
    statement = _LIST.format(chosen=sql, sort=SORTS[sort])
    rows = connection.execute(statement, (*values, limit)).fetchall()
    names = Listed.__slots__
    return [record_of(connection, "articles", Listed, names, row) for row in rows]


def count_listed(connection: sqlite3.Connection, chosen: Filter) -> int:
    """How many articles a filter chooses."""
    sql, values = chosen.conditions()
    statement = f"SELECT count(*) FROM articles AS a WHERE 1{sql}"  # noqa: S608  (marks only)
    return int(connection.execute(statement, values).fetchone()[0])
