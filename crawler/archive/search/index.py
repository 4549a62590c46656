"""The full-text index of the archive.

Kept in step by triggers, checked on opening, rebuilt where it is damaged.

`articles_fts` is an FTS5 table over `articles` (external content), so `sqlite-utils search`,
Datasette and plain SQL find it by themselves; but what stands in it are the `tokens` of the text.
Python writes them, and a trigger cannot call Python where some other tool writes the row. So
triggers of plain SQL note which rows changed, with the text that the index still holds for them, in
`search_pending`, and `sync` brings the index up to date: in the transaction of every save of ours,
and on opening for what others wrote.

Table `search_index` holds one row: how the index was built (by which version, with which tables of
characters, of what length), and a fingerprint of it. FTS5 keeps the
totals of all rows and tokens in one record, which every write changes; if it is not what we left,
somebody else wrote (`populate-fts`, `rebuild-fts`, `enable-fts --replace`) and the index is built
anew.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from crawler.archive.search.tokens import tokens_of
from crawler.folding import folding_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.archive.search.tokens import Ready, Tokens

_Row = tuple[object, ...]  # body, title, account, source

Track = Callable[[Iterable[_Row], int], Iterable[_Row]]
"""What gives rows on as they are, and sees them pass; the number is how many there are."""

INDEX_VERSION = 8
"""Raised whenever `tokens_of` gives other tokens for the same text.

An older index is built anew.
"""

REBUILD = "check that the archive can be written, and run: crawler index --rebuild"

_SETTINGS = {
    "rank": "bm25(1.0, 8.0, 4.0, 2.0)",  # a word in the title says more than one among thousands
    # bytes held before they are written: a third less time to build than with the usual 1 MB
    "hashsize": 64 << 20,
    # parts of a size before they become one: a tenth less time than with the usual 4
    "automerge": 8,
}

SEARCH_STATEMENTS = {
    "search_index": (
        "CREATE TABLE search_index (version INTEGER, ngram INTEGER, fingerprint TEXT, folding TEXT)"
    ),
    "search_pending": (
        "CREATE TABLE search_pending"
        " (article INTEGER PRIMARY KEY, indexed INTEGER, body, title, account, source)"
    ),
    # The body stands first, because FTS5 spends two bytes on every word of every article in any
    # later column.
    "articles_fts": "CREATE VIRTUAL TABLE articles_fts"
    ' USING FTS5(body, title, account, source, content="articles")',
    # INSERT OR REPLACE, as `sqlite-utils insert --replace` does it, deletes the old row without a
    # delete trigger.
    "search_replace": """
        CREATE TRIGGER search_replace BEFORE INSERT ON articles BEGIN
            INSERT INTO search_pending
                SELECT rowid, 1, body, title, account, source FROM articles
                WHERE id = NEW.id AND rowid NOT IN (SELECT article FROM search_pending);
        END""",
    "search_insert": """
        CREATE TRIGGER search_insert AFTER INSERT ON articles BEGIN
            INSERT INTO search_pending
                SELECT NEW.rowid, 0, NULL, NULL, NULL, NULL
                WHERE NEW.rowid NOT IN (SELECT article FROM search_pending);
        END""",
    "search_update": """
        CREATE TRIGGER search_update AFTER UPDATE ON articles
        WHEN OLD.rowid IS NOT NEW.rowid OR OLD.title IS NOT NEW.title OR OLD.account IS NOT NEW.account
            OR OLD.source IS NOT NEW.source OR OLD.body IS NOT NEW.body
        BEGIN
            INSERT INTO search_pending
                SELECT OLD.rowid, 1, OLD.body, OLD.title, OLD.account, OLD.source
                WHERE OLD.rowid NOT IN (SELECT article FROM search_pending);
            INSERT INTO search_pending
                SELECT NEW.rowid, 0, NULL, NULL, NULL, NULL
                WHERE NEW.rowid NOT IN (SELECT article FROM search_pending);
        END""",
    "search_delete": """
        CREATE TRIGGER search_delete AFTER DELETE ON articles BEGIN
            INSERT INTO search_pending
                SELECT OLD.rowid, 1, OLD.body, OLD.title, OLD.account, OLD.source
                WHERE OLD.rowid NOT IN (SELECT article FROM search_pending);
        END""",
}
"""Name -> statement, in the order to make them.

A row is noted once: its first note holds what the index holds.

(That is said by NOT IN and not by INSERT OR IGNORE, because the conflict clause of the statement
that fires a trigger takes the place of the trigger's own.)
"""
SEARCH_STATEMENTS = {name: statement.strip() for name, statement in SEARCH_STATEMENTS.items()}
_TRIGGERS = ("search_replace", "search_insert", "search_update", "search_delete")
_TABLES = (
    "search_pending", "search_index",
    "articles_fts_data", "articles_fts_idx", "articles_fts_docsize", "articles_fts_config",
)  # fmt: skip

_MADE = "SELECT sql FROM main.sqlite_master WHERE name = 'search_index'"
_EVERY = "SELECT rowid, body, title, account, source FROM articles ORDER BY rowid"
_ADDED = """
    SELECT now.rowid, now.body, now.title, now.account, now.source
    FROM search_pending AS note CROSS JOIN articles AS now ON now.rowid = note.article
    WHERE NOT note.indexed ORDER BY note.article
"""
# What the index holds for a row, and what stands there now, if anything does.
_CHANGED = """
    SELECT note.article, now.rowid IS NOT NULL, note.body, note.title, note.account, note.source,
        now.body, now.title, now.account, now.source
    FROM search_pending AS note LEFT JOIN articles AS now ON now.rowid = note.article
    WHERE note.indexed ORDER BY note.article
"""
_INSERT = "INSERT INTO articles_fts (rowid, body, title, account, source) VALUES (?, ?, ?, ?, ?)"
_DELETE = (
    "INSERT INTO articles_fts (articles_fts, rowid, body, title, account, source)"
    " VALUES ('delete', ?, ?, ?, ?, ?)"
)


def install_index(
    connection: sqlite3.Connection, *, ngram: int = 2, track: Track | None = None
) -> int:
    """Bring the index up to date on opening.

    Made where there is none, built anew where it is damaged or another version's; `track` sees
    that pass.

    Needs table `articles` with the columns id, body, title, account, source; searching needs
    body_hash, too. Returns how many rows were indexed. Runs in the caller's transaction, or in one
    of its own. Raises sqlite3.Error where the file cannot be written.
    """
    if ngram_of(connection) == ngram and is_index_intact(connection):
        return sync_index(connection)
    return rebuild_index(connection, ngram=ngram, track=track)


def ngram_of(connection: sqlite3.Connection) -> int | None:
    """How long the index's n-grams are; None where the database has no index of ours.

    Plugins ask it of every database. In the place of our table somebody else's may have a view,
    which reading would run, for ever if it is made so.
    """
    try:
        made = connection.execute(_MADE).fetchone()
        if not made or made[0] != SEARCH_STATEMENTS["search_index"]:
            return None
        row = connection.execute(
            "SELECT ngram FROM main.search_index WHERE version = ? AND folding = ?",
            (INDEX_VERSION, folding_version()),
        ).fetchone()
    except sqlite3.DatabaseError:
        return None
    return row[0] if row and isinstance(row[0], int) else None


def is_index_intact(connection: sqlite3.Connection) -> bool:
    """Whether the index is as we left it.

    Cheap: it reads a few rows and counts two narrow tables.
    """
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master"
        " WHERE name = 'articles_fts' OR name LIKE 'search\\_%' ESCAPE '\\'"
    )
    there = dict(rows.fetchall())
    if not SEARCH_STATEMENTS.items() <= there.items() or _foreign_triggers(connection):
        return False
    try:
        connection.execute(
            "SELECT rowid FROM articles_fts WHERE articles_fts MATCH 'a' LIMIT 1"
        ).fetchone()
        (kept,) = connection.execute("SELECT fingerprint FROM search_index").fetchone()
        return bool(kept == _fingerprint(connection)) and _rows_agree(connection)
    except sqlite3.DatabaseError:
        return False


def _foreign_triggers(connection: sqlite3.Connection) -> list[str]:
    """Triggers of `sqlite-utils enable-fts`, which would write plain text into our index."""
    rows = connection.execute(
        "SELECT name FROM sqlite_master"
        " WHERE type = 'trigger' AND tbl_name = 'articles' AND sql LIKE '%articles_fts%'"
    )
    return [name for (name,) in rows]


def _fingerprint(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT hex(block) FROM articles_fts_data WHERE id = 1").fetchone()
    return str(row[0]) if row else ""


def _rows_agree(connection: sqlite3.Connection) -> bool:
    """Whether every row is indexed or noted, and nothing else is.

    The highest row number gives away a VACUUM that renumbered the rows, as SQLite reserves the
    right to.
    """
    held = connection.execute("SELECT count(*), max(id) FROM articles_fts_docsize").fetchone()
    rows = connection.execute("SELECT count(*), max(rowid) FROM articles").fetchone()
    if not connection.execute("SELECT EXISTS (SELECT 1 FROM search_pending)").fetchone()[0]:
        return bool(held == rows)
    (added,) = connection.execute(
        "SELECT count(*) FROM search_pending"
        " WHERE NOT indexed AND article IN (SELECT rowid FROM articles)"
    ).fetchone()
    (gone,) = connection.execute(
        "SELECT count(*) FROM search_pending"
        " WHERE indexed AND article NOT IN (SELECT rowid FROM articles)"
    ).fetchone()
    return bool(held[0] + added - gone == rows[0])


def sync_index(connection: sqlite3.Connection, ready: Ready | None = None) -> int:
    """Index the rows that changed since the last time, in the caller's transaction if there is one.

    `ready` holds what `tokens_of` gave for rows that are expected, made beforehand and perhaps
    elsewhere; what is not in it is made here. Costs one look at an empty table where nothing
    changed. Returns how many rows were noted.
    """
    (waiting,) = connection.execute("SELECT EXISTS (SELECT 1 FROM search_pending)").fetchone()
    if not waiting:
        return 0
    with _transaction(connection):
        ngram = ngram_of(connection) or 2
        _insert(connection, connection.execute(_ADDED), ngram, ready)
        for article, there, *texts in connection.execute(_CHANGED):
            old, new = tuple(texts[:4]), tuple(texts[4:]) if there else None
            if old != new:
                _replace(
                    connection,
                    article,
                    tokens_of_row(old, ngram),
                    new and tokens_of_row(new, ngram),
                )
        notes = connection.execute("DELETE FROM search_pending").rowcount
        _seal(connection)
    return notes


def _insert_all(connection: sqlite3.Connection, ngram: int, track: Track | None) -> None:
    rows: Iterable[_Row] = _rising(connection.execute(_EVERY))
    if track:
        (total,) = connection.execute("SELECT count(1) FROM articles").fetchone()
        rows = track(rows, total)
    _insert(connection, rows, ngram)


def _rising(rows: Iterable[tuple[Any, ...]]) -> Iterator[_Row]:
    """The rows, as long as their numbers rise: a page may stand in its table again and again."""
    last = None
    for row in rows:
        if last is not None and row[0] <= last:
            raise _out_of_place()
        last = row[0]
        yield row


def _out_of_place() -> sqlite3.Error:
    error = sqlite3.DatabaseError("rows of the table stand in it again and again")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _insert(
    connection: sqlite3.Connection, rows: Iterable[_Row], ngram: int, ready: Ready | None = None
) -> None:
    connection.executemany(
        _INSERT, ((rowid, *tokens_of_row(tuple(texts), ngram, ready)) for rowid, *texts in rows)
    )


def _replace(connection: sqlite3.Connection, article: int, old: Tokens, new: Tokens | None) -> None:
    connection.execute(_DELETE, (article, *old))
    if new:
        connection.execute(_INSERT, (article, *new))


def tokens_of_row(row: _Row, ngram: int, ready: Ready | None = None) -> Tokens:
    """What the index holds of a row: body, title, account and source."""
    body, title, account, source = ("" if value is None else str(value) for value in row)
    arguments = (body, title, account, source, ngram)
    return (ready and ready.get(arguments)) or tokens_of(*arguments)


def _seal(connection: sqlite3.Connection) -> None:
    """Keep the fingerprint of what was just written.

    A savepoint makes FTS5 write its totals down.
    """
    connection.execute("SAVEPOINT search_seal")
    connection.execute("RELEASE search_seal")
    connection.execute("UPDATE search_index SET fingerprint = ?", (_fingerprint(connection),))


def rebuild_index(
    connection: sqlite3.Connection, *, ngram: int | None = None, track: Track | None = None
) -> int:
    """Drop whatever index there is and build it anew from the articles; returns how many."""
    ngram = ngram or ngram_of(connection) or 2
    with _transaction(connection):
        _drop(connection)
        for statement in SEARCH_STATEMENTS.values():
            connection.execute(statement)
        connection.execute(
            "INSERT INTO search_index VALUES (?, ?, '', ?)",
            (INDEX_VERSION, ngram, folding_version()),
        )
        for setting, value in _SETTINGS.items():
            connection.execute(
                "INSERT INTO articles_fts (articles_fts, rank) VALUES (?, ?)", (setting, value)
            )
        _insert_all(connection, ngram, track)
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
        _seal(connection)
    return int(connection.execute("SELECT count(1) FROM articles_fts_docsize").fetchone()[0])


def compact_index(connection: sqlite3.Connection) -> None:
    """Write the index anew without the words of rows that are gone.

    FTS5 only notes that they are, until their parts of the index happen to be merged.
    """
    if ngram_of(connection) is None:
        return
    with _transaction(connection):
        connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('optimize')")
        _seal(connection)


def defend(connection: sqlite3.Connection, *, on: bool = True) -> None:
    """Let no statement write over the schema or the parts of the index, where Python can say so.

    Before Python 3.12 it cannot.
    """
    if sys.version_info >= (3, 12):
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, on)


def _drop(connection: sqlite3.Connection) -> None:
    defend(connection, on=False)  # a damaged index can be taken away by its parts alone
    try:
        _drop_all(connection)
    finally:
        defend(connection)


def _drop_all(connection: sqlite3.Connection) -> None:
    for name in (*_TRIGGERS, *_foreign_triggers(connection)):
        quoted = name.replace('"', '""')
        connection.execute(f'DROP TRIGGER IF EXISTS "{quoted}"')
    try:
        connection.execute("DROP TABLE IF EXISTS articles_fts")
    except sqlite3.DatabaseError:
        _forget_table(connection)
    for name in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {name}")


def _forget_table(connection: sqlite3.Connection) -> None:
    """Take the table off the schema.

    FTS5 cannot drop one that has lost a part, for it cannot open it.
    """
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("DELETE FROM sqlite_master WHERE name = 'articles_fts'")
    connection.execute("PRAGMA writable_schema = RESET")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """The caller's transaction, or one of our own that takes the write lock at once."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
