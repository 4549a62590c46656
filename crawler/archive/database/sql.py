"""How a row is inserted: the columns of every table that is written, and the one statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WRITTEN: dict[str, tuple[str, ...]] = {
    "urls": ("url", "canonical", "article_id"),
    "revisions": (
        *("article_id", "body_hash", "at", "state", "origin"),
        *("url", "evidence", "characters", "body"),
    ),
    "events": (
        *("at", "url", "article_id", "state"),
        *("http_status", "origin", "detail", "evidence"),
    ),
    "copies": ("article_id", "copy", "fields"),
    "snapshots": ("article_id", "sha256", "url", "fetched_at", "bytes", "content", "head"),
    "queue": (
        *("url", "request", "article_id", "state", "needs_link", "attempts"),
        *("not_before", "last_error", "why", "date", "title", "source"),
    ),
    "accounts": (
        *("biz", "name", "alias", "description", "avatar"),
        *("told_at", "first_seen", "last_seen"),
    ),
    "removed": ("article_id", "rule_id", "count"),
    "seeds": ("sha256", "path", "article_id", "state", "cleaner_version"),
    "images": ("sha256", "path", "type", "bytes", "width", "height"),
    "pictures": ("article_id", "url", "sha256", "state", "at"),
    "exported": ("folder", "article_id", "path", "sha256", "writing"),
    "forgotten": ("name", "article", "at"),
    "mentions": ("url", "link"),
    "web_queries": ("server", "query", "at", "captures", "following"),
    "web_captures": (
        *("server", "captured_at", "url", "article_id"),
        *("status", "digest", "looked_at", "outcome"),
    ),
    "reader_stars": ("article_id", "at"),
    "reader_tags": ("article_id", "tag", "at"),
    "reader_notes": ("article_id", "text", "at"),
    "stories": (
        *("article_id", "body_hash", "cut", "version", "text", "signature"),
        *("compared", "earliest", "best"),
    ),
    "pace": (
        *("host", "started_at", "dice", "not_before", "day", "used", "watched"),
        *("trips", "closed_until", "why", "probe_at"),
    ),
    "learned": ("account", "fingerprint", "spared"),
    "evidence": (
        *("article_id", "way", "source", "version", "url", "title", "account", "date"),
        *("sha256", "agreed", "differs", "verdict", "at", "offered"),
    ),
}
"""Table -> its columns, in the order in which a row's values are given.

A number that SQLite gives a row by itself is left out. A test holds this to the migrations; the
columns of `articles` follow from the fields of an article (`archive.saving.copies`).
"""


def quoted(name: str) -> str:
    """The name of a table or a column that is none of ours, as SQL takes any."""
    return '"' + name.replace('"', '""') + '"'


def insert(
    table: str, *, columns: Sequence[str] = (), select: str = "", on_conflict: str = ""
) -> str:
    """The statement that inserts one row, its values in the order of `WRITTEN`.

    `columns` are those of a table that is not in `WRITTEN`. `select` gives the rows in place of
    values; before a conflict it needs a WHERE, for SQLite would read ON as that of a join.
    `on_conflict` says what happens to a row that is there.
    """
    names = columns or WRITTEN[table]
    rows = select or f"VALUES ({', '.join('?' * len(names))})"
    conflict = f"\nON CONFLICT {on_conflict.strip()}" if on_conflict else ""
    return f"INSERT INTO {table} ({', '.join(names)})\n{rows.strip()}{conflict}"


def insert_if_there(table: str, *, on_conflict: str = "") -> str:
    """The same for a row that hangs on an article, where that is still in the archive.

    Whoever works on articles for a while may come back after another process forgot one, or learned
    its key: then there is nothing for the row to hang on.
    """
    given = ", ".join(f"? AS {name}" for name in WRITTEN[table])
    there = "EXISTS (SELECT 1 FROM articles WHERE id = given.article_id)"
    still = f"SELECT * FROM (SELECT {given}) AS given WHERE article_id IS NULL OR {there}"  # noqa: S608
    return insert(table, select=still, on_conflict=on_conflict)
