"""Whether the full-text index holds the words of the articles, all of them and no others.

SQLite keeps no sum over its pages, and a bit that falls in those of the index leaves them pages: a
word is another one then, or stands elsewhere, and nobody finds its article by it. So each word is
counted with all its places, and compared with an index that is made of the same texts, a few at a
time.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from zlib import crc32

from crawler.archive.search.index import SEARCH_STATEMENTS, ngram_of, tokens_of_row
from crawler.archive.search.ngrams import has_words, is_within_word
from crawler.archive.search.query import literal_phrase
from crawler.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTERS = 2_000_000  # of the texts that are indexed at once, in memory
_TEXTS = 100  # that are read at once, so that nobody who writes waits for all of them
_WORDS = 200  # of which one is looked up, as a search does it
_MADE = 20_000  # the same of an index that was just made
_TRIES = 3  # for others may write while it is read

_FIRST = -1 << 63
_INDEXED = """
    SELECT rowid, body, title, account, source FROM articles
    WHERE rowid > ? AND rowid NOT IN (SELECT article FROM search_pending)
    ORDER BY rowid LIMIT ?
"""
# What other programs wrote over: the index still holds the words that stood there.
_NOTED = "SELECT article, body, title, account, source FROM search_pending WHERE indexed"
_INSERT = "INSERT INTO articles_fts (rowid, body, title, account, source) VALUES (?, ?, ?, ?, ?)"
# bytes before they are written: a part is in memory anyhow
_HELD = f"INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', {64 << 20})"  # noqa: S608
_VIEW = "CREATE VIRTUAL TABLE temp.search_words USING fts5vocab('main', 'articles_fts', 'instance')"
_DROP = "DROP TABLE IF EXISTS temp.search_words"
# The places of a word as numbers of which SQLite has the sum, however many they are.
_PLACES = """
    SELECT term, count(1), sum(doc), sum((doc % 8191 * 32 + unicode(col) % 32) * (offset + 1))
    FROM temp.search_words WHERE term > ? GROUP BY term ORDER BY term LIMIT ?
"""
_NEAR = 20  # letters on each side of one that is another, and the words in which they stand
_HOLDS = """
    SELECT 1 FROM articles_fts WHERE articles_fts MATCH ?
    AND rowid = (SELECT rowid FROM articles WHERE id = ?)
    AND rowid NOT IN (SELECT article FROM search_pending)
"""
_PLACES_OF_ONE = "SELECT count(1) FROM temp.search_words WHERE term = ?"


def is_index_whole(connection: sqlite3.Connection) -> bool:
    """Whether the index holds what the texts of the articles give, and nothing else.

    Reads all of both; texts that cannot be read are no fault of the index. Raises
    sqlite3.DatabaseError where that cannot be read itself.
    """
    ngram = ngram_of(connection) or 2
    for _ in range(_TRIES):
        before, held = _written(connection), _sum(connection, _WORDS)
        try:
            due = _due(connection, ngram)
        except sqlite3.DatabaseError:
            return True
        if held == due:
            return True
        if _written(connection) == before:
            return False
    return True  # as far as one can tell while it is written


def holds_instead(connection: sqlite3.Connection, article_id: str, other: str, body: str) -> bool:
    """Whether the index holds another text of an article than its row, where they first differ.

    Then no program wrote that letter: whatever one writes is noted, and indexed. False where the
    index does not tell.
    """
    ngram = ngram_of(connection)
    other, body = plain_text(other), plain_text(body)  # addresses are not indexed
    pairs = enumerate(zip(other, body, strict=False))
    place = next((at for at, (one, two) in pairs if one != two), None)
    if ngram is None or place is None:
        return False

    def holds(words: str) -> bool:
        match = f"body: {literal_phrase(words, ngram=ngram)}"
        return connection.execute(_HOLDS, (match, article_id)).fetchone() is not None

    try:
        return holds(_near(other, place)) and not holds(_near(body, place))
    except sqlite3.DatabaseError:
        return False


def note_as_held(connection: sqlite3.Connection, article_id: str, body: str, held: str) -> None:
    """Say that the index holds another text than the damaged one of which a repair was noted.

    SQLite takes out of an index, and out of the number of its words, whatever it is told.
    """
    if ngram_of(connection) is not None:
        connection.execute(_NOTED_AS, (held, article_id, body))


_NOTED_AS = """
    UPDATE search_pending SET body = ?
    WHERE article = (SELECT rowid FROM articles WHERE id = ?) AND indexed AND body = ?
"""


def _near(text: str, place: int) -> str:
    """The words around a place, side by side: a letter that is none now may leave one beside it.

    Whole ones, for of a part the index knows nothing, and on each side one at least, if there is
    one: else what somebody took out of an empty line would seem to be there still.
    """
    first, last = max(place - _NEAR, 0), min(place + 1 + _NEAR, len(text))
    if not has_words(text[first:place]):
        while first and not has_words(text[first]):
            first -= 1
    if not has_words(text[place + 1 : last]):
        while last < len(text) and not has_words(text[last - 1]):
            last += 1
    while is_within_word(text, first):
        first -= 1
    while is_within_word(text, last):
        last += 1
    return text[first:last]


def _written(connection: sqlite3.Connection) -> int:
    """A number that is another one after others wrote."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _due(connection: sqlite3.Connection, ngram: int) -> int:
    """The sum of an index of all texts: that of its parts, in whatever order."""
    total = 0
    texts = _texts(connection)
    while part := _part(texts, ngram):
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
            made.execute(SEARCH_STATEMENTS["articles_fts"].replace('"articles"', '""'))
            made.execute(_HELD)
            made.execute("BEGIN")
            made.executemany(_INSERT, part)
            made.execute("COMMIT")
            total += _sum(made, _MADE)
    return total


def _part(texts: Iterator[tuple[Any, ...]], ngram: int) -> list[tuple[object, ...]]:
    """The next articles, as the index takes them."""
    part: list[tuple[object, ...]] = []
    letters = 0
    for number, *row in texts:
        tokens = tokens_of_row(tuple(row), ngram)
        part.append((number, *tokens))
        letters += sum(map(len, tokens))
        if letters > _LETTERS:
            break
    return part


def _texts(connection: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    """The texts of which the index is, with the numbers of their rows."""
    yield from connection.execute(_NOTED).fetchall()
    last = _FIRST
    while rows := connection.execute(_INDEXED, (last, _TEXTS)).fetchall():
        yield from rows
        if rows[-1][0] <= last:
            raise sqlite3.DatabaseError("rows of the table stand in it again and again")
        last = rows[-1][0]


def _sum(connection: sqlite3.Connection, words: int) -> int:
    """A number that is another one, most likely, where any word stands elsewhere."""
    connection.execute(_DROP)
    connection.execute(_VIEW)
    total, last = 0, ""
    while rows := connection.execute(_PLACES, (last, words)).fetchall():
        for word, count, numbers, places in rows:
            total += crc32(word.encode()) * (count + 3 * numbers + 7 * places)
        if rows[-1][0] <= last:
            raise sqlite3.DatabaseError("words of the index do not rise")
        last, count = rows[-1][:2]
        if connection.execute(_PLACES_OF_ONE, (last,)).fetchone() != (count,):
            raise sqlite3.DatabaseError("a word of the index is not found in it")
    connection.execute(_DROP)
    return total
