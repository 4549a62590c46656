"""Find articles again: ranked, with the place where the words stand.

`index` keeps what is searched here in step.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.search.chosen import EVERYTHING
from crawler.archive.search.index import REBUILD, ngram_of
from crawler.archive.search.query import parse_query
from crawler.archive.search.signs import said_in
from crawler.archive.search.snippet import MARKS, highlight, snippet
from crawler.errors import ArchiveError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.archive.search.chosen import Filter
    from crawler.archive.search.query import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found.

    `title` and `snippet` are plain text with the hits between the caller's marks.
    """

    id: str
    title: str
    account: str
    date: str
    url: str
    state: str
    snippet: str


# Other tools write bodies without their hash, so that the body itself is asked.
_SEARCH = """
    SELECT a.id, a.title, a.account, a.source, a.date, a.url, a.state, a.body
    FROM articles_fts CROSS JOIN articles AS a ON a.rowid = articles_fts.rowid
    WHERE articles_fts MATCH ? AND articles_fts.rowid >= ?
        AND (coalesce(a.body, '') = '') = ?{chosen}
    ORDER BY articles_fts.rank LIMIT ?
"""
_NTH_LATEST = (
    "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
)
_COUNT_SHELLS = """
    SELECT count(*) FROM articles_fts CROSS JOIN articles AS a ON a.rowid = articles_fts.rowid
    WHERE articles_fts MATCH ? AND articles_fts.rowid >= ?
        AND coalesce(a.body_hash, '') = '' AND coalesce(a.body, '') = ''{chosen}
"""

_LOWEST = -(2**63)

RANKED = 10_000
"""How many articles are ranked at most: the latest ones that hold the words.

Ranking 10,000 takes some 15 ms, and 60,000 some 100; and of words that more articles hold the rank
says little.
"""


def search(  # noqa: PLR0913  (all that a search can be asked)
    connection: sqlite3.Connection,
    words: str,
    *,
    limit: int = 20,
    shells: bool = False,
    chosen: Filter = EVERYTHING,
    marks: tuple[str, str] = MARKS,
) -> list[Hit]:
    """The articles that hold the words, best first, each with the place where it was found.

    With `shells`, articles of which only the title is known come after those with a text; bm25
    would put them before (292 of 394 hits on first pages of a real collection), because a bare
    title is all about its words. The best are those of the latest `RANKED` articles that hold the
    words, unless these are too few. Raises InputError for a broken search and ArchiveError for a
    broken index.
    """
    query = parse_query(words, ngram=ngram_of(connection) or 2)
    with _errors_told(words):
        rows = _best(connection, query, limit, chosen, shells=False)
        if shells and len(rows) < limit:
            rows += _best(connection, query, limit - len(rows), chosen, shells=True)
    return [_hit(row, query.terms, marks) for row in rows]


def count_shells(connection: sqlite3.Connection, words: str, *, chosen: Filter = EVERYTHING) -> int:
    """How many of the latest `RANKED` articles that hold the words have no text of their own.

    Raises as `search` does.
    """
    query = parse_query(words, ngram=ngram_of(connection) or 2)
    sql, values = _conditions(query, chosen)
    with _errors_told(words):
        first = _first_ranked(connection, query.match, wanted=1)
        count = _COUNT_SHELLS.format(chosen=sql)
        (number,) = connection.execute(count, (query.match, first, *values)).fetchone()
    return int(number)


def _conditions(query: Query, chosen: Filter) -> tuple[str, tuple[str, ...]]:
    """What follows on a WHERE and something: the filter, and what must stand in a text."""
    sql, values = chosen.conditions()
    return sql + f" AND {said_in('a', '?')}" * len(query.said), (*values, *query.said)


def _best(
    connection: sqlite3.Connection, query: Query, limit: int, chosen: Filter, *, shells: bool
) -> list[tuple[str | None, ...]]:
    """The best articles with a text, or without; older ones too where the latest are too few."""
    sql, values = _conditions(query, chosen)
    best = _SEARCH.format(chosen=sql)
    match = query.match
    first = _first_ranked(connection, match, wanted=limit)
    rows = connection.execute(best, (match, first, shells, *values, limit)).fetchall()
    if len(rows) < limit and first > _LOWEST:
        rows = connection.execute(best, (match, _LOWEST, shells, *values, limit)).fetchall()
    return rows


def _first_ranked(connection: sqlite3.Connection, match: str, *, wanted: int) -> int:
    """The lowest row number to rank."""
    if wanted > RANKED:
        return _LOWEST
    row = connection.execute(_NTH_LATEST, (match, RANKED - 1)).fetchone()
    return int(row[0]) if row else _LOWEST


def _hit(row: Sequence[str | None], terms: Sequence[str], marks: tuple[str, str]) -> Hit:
    article_id, title, account, source, date, url, state, body = (value or "" for value in row)
    return Hit(
        id=article_id,
        title=highlight(title, terms, marks=marks),
        account=account or source,
        date=date,
        url=url,
        state=state,
        snippet=snippet(body, terms, marks=marks),
    )


@contextmanager
def _errors_told(words: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if "fts5:" in str(error):
            advice = "put it into double quotes"
            raise InputError(f"search for {words!r}", str(error), advice) from error
        what = f"cannot be read ({error})"
        raise ArchiveError("the search index", what, REBUILD) from error
