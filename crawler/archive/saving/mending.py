"""Writes a text anew whose row is damaged, where the same comes whole once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive.reading import is_hurt

if TYPE_CHECKING:
    import sqlite3

_MENDED = "UPDATE revisions SET body = ? WHERE article_id = ? AND body_hash = ?"
_UNREAD = "UPDATE seeds SET cleaner_version = 0 WHERE article_id = ?"


def mend_text(
    connection: sqlite3.Connection, article_id: str, body_hash: str, packed: bytes
) -> bool:
    """Write a text of an article anew, if what is kept of it is damaged; whether it was.

    It is named by its hash, so that nothing else can take its place.
    """
    if not is_hurt(connection, article_id, body_hash):
        return False
    connection.execute(_MENDED, (packed, article_id, body_hash))
    return True


def read_again(connection: sqlite3.Connection, article_id: str) -> None:
    """Let the files of an article, of which a text is damaged, count as read by no cleaner yet."""
    connection.execute(_UNREAD, (article_id,))
