"""Find articles again: ranked, with the place where the words stand.

`index` keeps what is searched here in step.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.search.chosen import EVERYTHING, LACKS_TEXT
from crawler.archive.search.index import REBUILD, ngram_of
from crawler.archive.search.query import FOUND, parse_query
from crawler.archive.search.signs import register_says
from crawler.archive.search.snippet import MARKS, highlight, snippet
from crawler.archive.search.tellings import Tellings
from crawler.errors import ArchiveError, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.archive.search.chosen import Chosen
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
    more: int = 0
    """How many other articles have the same text, or nearly."""


BEST = "best"
ORDERS = {
    BEST: "articles_fts.rank, a.rowid",
    "newest": "a.date DESC, a.rowid DESC",
    "oldest": "a.date = '', a.date, a.rowid",
    "longest": "a.characters DESC, a.rowid",
}
"""What comes first, and how SQL says it; of articles AS a all but the best."""

_MATCHES = """
    FROM articles_fts CROSS JOIN articles AS a ON a.rowid = articles_fts.rowid
    WHERE articles_fts MATCH ? AND articles_fts.rowid >= ?
"""
# The numbers of rows alone are sorted: their texts are read of those that are shown.
_IN_ORDER = f"""
    SELECT a.rowid {_MATCHES} AND ({LACKS_TEXT}) = ?{{chosen}} ORDER BY {{order}}
"""
_LATEST = f"SELECT a.rowid, a.date {_MATCHES} AND NOT ({LACKS_TEXT}){{chosen}}"
_TITLED = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? AND rowid >= ?"
_NTH_LATEST = (
    "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
)
_COUNT_SHELLS = f"SELECT count(*) {_MATCHES} AND {LACKS_TEXT}{{chosen}}"
_SHOWN = """
    SELECT id, title, account, source, date, url, state, coalesce(nullif(body, ''), digest)
    FROM articles WHERE rowid = ?
"""
# An archive has this table; what else may be searched has not.
_HAS_STORIES = "SELECT 1 FROM sqlite_master WHERE name = 'stories'"
_STORY = """
    SELECT s.earliest, CAST(coalesce(s.signature, '') AS BLOB)
    FROM articles AS a JOIN stories AS s ON s.article_id = a.id
    WHERE a.rowid = ? AND s.earliest IS NOT NULL
"""
_MORE = "SELECT count(*) - 1 FROM stories WHERE earliest = ?"

_LOWEST = -(2**63)

RANKED = 1_000
"""How many articles are ranked at most.

bm25 takes 1.2 microseconds for each, and first counts all that hold a word: 20 milliseconds where
500,000 do. Of words that more than 1,000 articles hold it says little.
"""

ENOUGH = 20
"""Articles with a text among the latest `RANKED` with which a list may begin: a page of them."""


class Shells(NamedTuple):
    """How many articles without a text were found, and whether these are all."""

    number: int
    are_all: bool


class _Asked(NamedTuple):
    """What is asked of the index, and of the rows that it finds."""

    match: str
    condition: str
    values: tuple[str, ...]


def search(  # noqa: PLR0913  (all that a search can be asked)
    connection: sqlite3.Connection,
    words: str,
    *,
    limit: int = 20,
    offset: int = 0,
    order: str = BEST,
    shells: bool = False,
    fold: bool = True,
    chosen: Chosen = EVERYTHING,
    marks: tuple[str, str] = MARKS,
) -> list[Hit]:
    """The articles that hold the words, best first, each with the place where it was found.

    With `fold`, of articles that have the same text, or nearly, the first hit alone.
    With `shells`, articles of which only the title is known come after those with a text; bm25
    would put them before (292 of 394 hits on first pages of a real collection), because a bare
    title is all about its words. Of words that more than `RANKED` articles hold, the latest come
    first, unless these are few: those that hold the words in their titles, and of these the latest.
    `order` is one of `ORDERS`; a list begins alike, whatever its `limit`, and goes on at `offset`.
    Raises InputError for a broken search and ArchiveError for a broken index.
    """
    query = _parsed(connection, words)
    with _errors_told(words):
        asked = _asked(query, chosen)
        texts = _texts(connection, asked, order)
        shown = _one_of_each(connection, texts) if fold else map(_Shown, texts)
        if shells:
            shown = chain(shown, map(_Shown, _in_order(connection, asked, order, shells=True)))
        page = islice(shown, offset, offset + limit)
        hits = (_hit(connection, one, query.terms, marks) for one in page)
        return [hit for hit in hits if hit]


def _parsed(connection: sqlite3.Connection, words: str) -> Query:
    """The query that words are, which the connection can answer from then on."""
    query = parse_query(words, ngram=_ngram(connection))
    if query.condition.sql:
        register_says(connection)
    return query


def matching(query: Query, chosen: Chosen = EVERYTHING) -> tuple[str, tuple[str, ...]]:
    """That an article holds the words, as conditions like those of a `Filter`, for counting."""
    asked = _asked(query, chosen)
    return f" AND {FOUND}{asked.condition}", (asked.match, *asked.values)


def count_shells(
    connection: sqlite3.Connection, words: str, *, chosen: Chosen = EVERYTHING
) -> Shells:
    """How many articles that hold the words have no text of their own.

    Of words that more than `RANKED` articles hold, those among the latest are counted. Raises as
    `search` does.
    """
    query = _parsed(connection, words)
    asked = _asked(query, chosen)
    with _errors_told(words):
        first = _nth_latest(connection, asked.match, RANKED)
        count = _COUNT_SHELLS.format(chosen=asked.condition)
        (number,) = connection.execute(count, (asked.match, first, *asked.values)).fetchone()
    return Shells(int(number), first == _LOWEST)


def _asked(query: Query, chosen: Chosen) -> _Asked:
    """A search with its filter, and with what must stand in a text."""
    sql, values = chosen.conditions()
    if query.condition.sql:
        sql += f" AND {query.condition.sql}"
    return _Asked(query.match, sql, (*values, *query.condition.values))


def _ngram(connection: sqlite3.Connection) -> int:
    """How long the index's n-grams are. Raises ArchiveError where there is none of this version."""
    ngram = ngram_of(connection)
    if ngram is None:
        raise ArchiveError("the search index", "is missing, or of another version", REBUILD)
    return ngram


class _Shown(NamedTuple):
    """The number of a row that is shown, and how many other articles have its text."""

    row: int
    more: int = 0


def _texts(connection: sqlite3.Connection, asked: _Asked, order: str) -> Iterator[int]:
    """The articles that have a text, in their order; of very many the latest before all others."""
    first = _nth_latest(connection, asked.match, RANKED) if order == BEST else _LOWEST
    latest = _latest(connection, asked, first) if first > _LOWEST else []
    before = latest if len(latest) >= ENOUGH else []
    yield from before
    seen = set(before)
    ranked = _in_order(connection, asked, order, shells=False)
    yield from (row for row in ranked if row not in seen)


def _one_of_each(connection: sqlite3.Connection, rows: Iterable[int]) -> Iterator[_Shown]:
    """The rows, and of those with the same text, or nearly, the first."""
    has_stories = connection.execute(_HAS_STORIES).fetchone()
    seen: defaultdict[str, Tellings] = defaultdict(Tellings)
    for row in rows:
        told = connection.execute(_STORY, (row,)).fetchone() if has_stories else None
        if told is None:
            yield _Shown(row)
        elif seen[told[0]].is_new(told[1]):  # once for all of a group, which may be thousands
            yield _Shown(row, *connection.execute(_MORE, told[:1]).fetchone())


def _in_order(
    connection: sqlite3.Connection, asked: _Asked, order: str, *, shells: bool
) -> Iterator[int]:
    """The articles with a text, or those without, by one of `ORDERS`."""
    statement = _IN_ORDER.format(chosen=asked.condition, order=ORDERS[order])
    for (row,) in connection.execute(statement, (asked.match, _LOWEST, shells, *asked.values)):
        yield row


def _latest(connection: sqlite3.Connection, asked: _Asked, first: int) -> list[int]:
    """The articles with a text from a row on: by title first, the latest first."""
    latest = _LATEST.format(chosen=asked.condition)
    rows = connection.execute(latest, (asked.match, first, *asked.values)).fetchall()
    in_title = connection.execute(_TITLED, (f"{{title}} : ({asked.match})", first)).fetchall()
    titled = {row for (row,) in in_title}
    rows.sort(key=lambda row: (row[0] in titled, _text(row[1]), row[0]), reverse=True)
    return [row for row, _ in rows]


def _nth_latest(connection: sqlite3.Connection, match: str, number: int) -> int:
    """The row number from which on so many articles hold the words; the lowest if no more do."""
    row = connection.execute(_NTH_LATEST, (match, number)).fetchone()
    return int(row[0]) + 1 if row else _LOWEST


def _hit(
    connection: sqlite3.Connection, shown: _Shown, terms: Sequence[str], marks: tuple[str, str]
) -> Hit | None:
    row = connection.execute(_SHOWN, (shown.row,)).fetchone()
    if row is None:  # another process took it out meanwhile
        return None
    article_id, title, account, source, date, url, state, body = map(_text, row)
    return Hit(
        id=article_id,
        title=highlight(title, terms, marks=marks),
        account=account or source,
        date=date,
        url=url,
        state=state,
        snippet=snippet(body, terms, marks=marks),
        more=shown.more,
    )


def _text(value: object) -> str:
    """What a column says; bytes are in somebody else's archive where a text should be."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value or "")


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
