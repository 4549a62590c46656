"""Several rows that turn out to be one article become one, with everything that hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive.database import WRITTEN, insert, quoted
from crawler.archive.saving.exported import move_exported
from crawler.archive.saving.stories import dissolve

if TYPE_CHECKING:
    import sqlite3

MOVED = ("urls", "events", "queue", "seeds", "web_captures")
"""Tables whose rows simply change hands."""

KEYED = ("snapshots", "pictures", "evidence", "exported")
"""Tables in which the article is part of the key: what both rows have stands once."""

REWRITTEN = ("copies", "removed")
"""Tables that are written anew with the merged row."""

PERSONAL = ("reader_stars", "reader_tags", "reader_notes")
"""What a person added: all of it moves, and what both rows have counts from the earlier day."""

EARLIER_COUNTS = {
    "reader_stars": "(article_id) DO UPDATE SET at = min(at, excluded.at)",
    "reader_tags": "(article_id, tag) DO UPDATE SET at = min(at, excluded.at)",
    "reader_notes": "(article_id, text) DO UPDATE SET at = min(at, excluded.at)",
}

EARLIER_LOOK_COUNTS = """(article_id, body_hash) DO UPDATE SET
    at = excluded.at, state = excluded.state, origin = excluded.origin, url = excluded.url,
        evidence = excluded.evidence
WHERE (excluded.at, excluded.evidence) < (at, evidence)
"""
"""Of two looks at one body the revision keeps the earlier one."""

_COLUMNS = ", ".join(WRITTEN["revisions"][1:])
_REVISIONS = insert(
    "revisions",
    select=f"SELECT ?, {_COLUMNS} FROM revisions WHERE article_id = ?",  # noqa: S608
    on_conflict=EARLIER_LOOK_COUNTS,
)
_JOINED = {
    table: insert(
        table,
        select=f"SELECT ?, {', '.join(WRITTEN[table][1:])} FROM {table} WHERE article_id = ?",  # noqa: S608
        on_conflict=earlier,
    )
    for table, earlier in EARLIER_COUNTS.items()
}


def lacks_row(connection: sqlite3.Connection, article_id: str, rows: set[str]) -> bool:
    """Whether an article has no row though its addresses lead to `rows`: one was deleted by SQL.

    Who calls this writes one. What hangs on the old one is its own, but for what was taken out of a
    copy that nobody knows.
    """
    gone = {row for row in rows if not connection.execute(_ROW, (row,)).fetchone()}
    if not gone or (article_id not in gone and gone != rows):
        return False
    connection.execute("DELETE FROM removed WHERE article_id = ?", (article_id,))
    return True


_ROW = "SELECT 1 FROM articles WHERE id = ?"


def merge_rows(connection: sqlite3.Connection, article_id: str, rows: set[str]) -> bool:
    """Make one row, under `article_id`, of all of `rows`; returns whether there was anything to do.

    Copies and removals are dropped with the rows: who calls this writes the merged row, its copies
    and removals.
    """
    others = sorted(rows - {article_id})
    if len(rows) > 1:
        for row in sorted(rows):
            dissolve(connection, row)
    for other in others:
        _take_along(connection, article_id, other, is_there=article_id in rows)
    if article_id not in rows:
        # and all beneath
        connection.execute("UPDATE articles SET id = ? WHERE id = ?", (article_id, others.pop(0)))
    for other in others:
        _move(connection, article_id, other)
        connection.execute("DELETE FROM articles WHERE id = ?", (other,))
    return rows != {article_id}


def hanging_on(connection: sqlite3.Connection, article_id: str) -> list[tuple[str, str]]:
    """Every table, and its column, that has a row of an article; a person's own ones, too.

    Their names come as SQL takes them. What has no row is left alone: of a table with a full-text
    index and its triggers older SQLite refuses every statement that would write.
    """
    return _with_rows(connection, article_id, _REFERENCES)


_REFERENCES = """
SELECT one.name, found."from"
FROM sqlite_master AS one CROSS JOIN pragma_foreign_key_list(one.name) AS found
WHERE one.type = 'table' AND lower(found."table") = 'articles'
"""
_OURS = ", ".join(f"'{table}'" for table in WRITTEN)
_REFERENCES_OF_OTHERS = f"{_REFERENCES} AND one.name NOT IN ({_OURS})"


def _with_rows(
    connection: sqlite3.Connection, article_id: str, references: str
) -> list[tuple[str, str]]:
    found = connection.execute(references).fetchall()
    names = [(quoted(table), quoted(column)) for table, column in found]
    return [
        (table, column)
        for table, column in names
        if connection.execute(
            f"SELECT 1 FROM {table} WHERE {column} = ? LIMIT 1",  # noqa: S608
            (article_id,),
        ).fetchone()
    ]


def _take_along(
    connection: sqlite3.Connection, article_id: str, other: str, *, is_there: bool
) -> None:
    """Let rows of a person's own tables follow their article: their keys may say otherwise."""
    for table, column in _with_rows(connection, other, _REFERENCES_OF_OTHERS):
        if not is_there:  # until then they refer to nothing
            connection.execute("PRAGMA defer_foreign_keys = ON")
        follow = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?"  # noqa: S608
        connection.execute(follow, (article_id, other))


_GIVE_WAY = (
    """
    DELETE FROM pictures AS p WHERE article_id = ? AND state <> 'stored' AND EXISTS (
        SELECT 1 FROM pictures AS o WHERE o.article_id = ? AND o.url = p.url
            AND (o.state = 'stored' OR p.sha256 IS NULL AND o.sha256 IS NOT NULL))
    """,
    """
    DELETE FROM evidence WHERE article_id = ? AND verdict IN ('candidate', 'pointer')
        AND (way, source, sha256) IN (
            SELECT way, source, sha256 FROM evidence
            WHERE article_id = ? AND verdict IN ('refused', 'accepted'))
    """,
)
"""What one row has, and the other has better: a picture that came, and what a person decided."""


def _move(connection: sqlite3.Connection, article_id: str, other: str) -> None:
    for given_up in _GIVE_WAY:
        connection.execute(given_up, (article_id, other))
    for table in (*MOVED, *KEYED):
        # (names from above)
        move = f"UPDATE OR IGNORE {table} SET article_id = ? WHERE article_id = ?"  # noqa: S608
        connection.execute(move, (article_id, other))
    move_exported(connection, article_id, other)
    connection.execute(_REVISIONS, (article_id, other))
    for table in PERSONAL:
        connection.execute(_JOINED[table], (article_id, other))
    for table in ("revisions", *KEYED, *REWRITTEN, *PERSONAL):
        # (names from above)
        connection.execute(f"DELETE FROM {table} WHERE article_id = ?", (other,))  # noqa: S608
