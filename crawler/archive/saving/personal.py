"""What a person adds to articles: stars, tags and notes, in tables of their own.

No page, seed or cleaner writes there, so that nothing of it is lost when an article is read anew,
turns out to be another one's, or is carried into another archive. `forget` alone takes it out.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from crawler.archive.database import ArchivePart, insert
from crawler.archive.saving.merge import PERSONAL
from crawler.characters import on_one_line, visible
from crawler.credentials import without_secrets
from crawler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_TAG, LONGEST_NOTE = 60, 20_000  # characters

_READS = frozenset(
    {
        *(sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION),
        *(sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_SAVEPOINT),
    }
)
_KEEPS = frozenset({"data_version", "busy_timeout", "wal_checkpoint"})  # what each write asks
_WRITES = frozenset({sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})


class Personal(ArchivePart):
    """Stars, tags and notes by the key of their article; every change is a transaction.

    Adding what is there already changes nothing, and so does removing what is not. Raises
    InputError for an article that the archive has not, and for a text that is empty or too long.
    """

    def write_nothing_else(self) -> None:
        """Let this connection write these tables, and from now on nothing else at all."""
        self._connection.set_authorizer(_allowed)

    def star(self, article_id: str, *, at: str) -> None:
        """Keep an article among those that a person likes to find again."""
        self._add("reader_stars", article_id, at=at)

    def unstar(self, article_id: str) -> None:
        """Take its star off."""
        with self._transaction():
            self._connection.execute(_UNSTAR, (article_id,))

    def tag(self, article_id: str, tag: str, *, at: str) -> None:
        """Give an article a tag, which is one line; credentials of links are left out."""
        self._add("reader_tags", article_id, _checked(_as_tag(tag), LONGEST_TAG), at=at)

    def untag(self, article_id: str, tag: str) -> None:
        """Take a tag off."""
        self._remove("reader_tags", article_id, tag, _as_tag)

    def note(self, article_id: str, text: str, *, at: str) -> None:
        """Write a note beside an article; credentials of links are left out."""
        self._add("reader_notes", article_id, _checked(_as_note(text), LONGEST_NOTE), at=at)

    def unnote(self, article_id: str, text: str) -> None:
        """Remove a note, by its text; a form ends each of its lines in another way."""
        self._remove("reader_notes", article_id, text, _as_note)

    def _add(self, table: str, article_id: str, *text: str, at: str) -> None:
        with self._transaction():
            found = "SELECT 1 FROM articles WHERE id = ?"
            if not self._connection.execute(found, (article_id,)).fetchone():
                raise InputError(article_id, "no such article in the archive")
            self._connection.execute(_ADD[table], (article_id, *text, at))

    def _remove(
        self, table: str, article_id: str, text: str, written: Callable[[str], str]
    ) -> None:
        """Remove what says the same as it would be written, whoever wrote it."""
        select, delete = _REMOVE[table]
        with self._transaction():
            rows = self._connection.execute(select, (article_id,)).fetchall()
            texts = [kept for (kept,) in rows if isinstance(kept, str)]  # (a damaged one is none)
            same = [(article_id, kept) for kept in texts if written(kept) == written(text)]
            self._connection.executemany(delete, same)


_ADD = {table: insert(table, on_conflict="DO NOTHING") for table in PERSONAL}
_UNSTAR = "DELETE FROM reader_stars WHERE article_id = ?"
_REMOVE = {
    "reader_tags": (
        "SELECT tag FROM reader_tags WHERE article_id = ?",
        "DELETE FROM reader_tags WHERE article_id = ? AND tag = ?",
    ),
    "reader_notes": (
        "SELECT text FROM reader_notes WHERE article_id = ?",
        "DELETE FROM reader_notes WHERE article_id = ? AND text = ?",
    ),
}


def _as_tag(text: str) -> str:
    """A tag as it is kept: one line."""
    return without_secrets(on_one_line(text))


def _as_note(text: str) -> str:
    """A note as it is kept."""
    return without_secrets(visible("\n".join(text.splitlines()).strip()))


def _checked(text: str, longest: int) -> str:
    if not text:
        raise InputError("the text", "is empty", "write something")
    if len(text) > longest:
        raise InputError("the text", f"has over {longest:,} characters", "make it shorter")
    return text


def _allowed(action: int, name: str | None, *_: str | None) -> int:
    """SQLite asks this of each step of each statement."""
    if action in _READS or (action in _WRITES and name in PERSONAL):
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and name in _KEEPS:
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY
