"""Find articles again: ranked, with the place where the words stand.

`index` keeps what is searched here in step.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.search.index import REBUILD, ngram_of
from crawler.archive.search.query import parse_query
from crawler.archive.search.snippet import MARKS, highlight, snippet
from crawler.errors import ArchiveError, CrawlerError, InputError

if TYPE_CHECKING:
    from collections.abc import Sequence


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


# A row without a body is short, so that bm25 would put its bare title before every article that
# says something (292 of 394 hits on first pages of a real collection). Only the keys are sorted:
# a sorter that carries the bodies reads all of them.
_SEARCH = """
    WITH best AS MATERIALIZED (
        SELECT f.rowid AS number, b.body_hash = '' AS is_shell, f.rank AS rank
        FROM articles_fts AS f JOIN articles AS b ON b.rowid = f.rowid
        WHERE f.articles_fts MATCH ? AND f.rowid >= ? ORDER BY 2, 3, 1 LIMIT ? OFFSET ?
    )
    SELECT a.id, a.title, a.account, a.source, a.date, a.url, a.state, a.body
    FROM best JOIN articles AS a ON a.rowid = best.number ORDER BY is_shell, rank, number
"""
_NTH_LATEST = (
    "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
)

_LOWEST = -(2**63)

RANKED = 10_000
"""How many articles are ranked at most: the latest ones that hold the words.

Ranking 10,000 takes some 15 ms, and 60,000 some 100; and of words that more articles hold the rank
says little.
"""


def search(
    connection: sqlite3.Connection,
    words: str,
    *,
    limit: int = 20,
    offset: int = 0,
    marks: tuple[str, str] = MARKS,
) -> list[Hit]:
    """The articles that hold the words, best first, each with the place where it was found.

    The best are those of the latest `RANKED` articles that hold the words, unless more are asked
    for than that. Raises InputError for a broken search and ArchiveError for a broken index.
    """
    query = parse_query(words, ngram=ngram_of(connection) or 2)
    try:
        first = _first_ranked(connection, query.match, wanted=limit + offset)
        rows = connection.execute(_SEARCH, (query.match, first, limit, offset)).fetchall()
    except sqlite3.DatabaseError as error:
        raise _told(words, error) from error
    return [_hit(row, query.terms, marks) for row in rows]


def _first_ranked(connection: sqlite3.Connection, match: str, *, wanted: int) -> int:
    """The lowest row number to rank."""
    row = (
        connection.execute(_NTH_LATEST, (match, RANKED - 1)).fetchone()
        if wanted <= RANKED
        else None
    )
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


def _told(words: str, error: sqlite3.DatabaseError) -> CrawlerError:
    if "fts5:" in str(error):
        return InputError(f"search for {words!r}", str(error), "put it into double quotes")
    return ArchiveError("the search index", f"cannot be read ({error})", REBUILD)
