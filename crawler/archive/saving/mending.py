"""Writes a text or a page anew whose row is damaged, where the same comes whole once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.reading import hurt_pages, is_hurt, is_sound_page

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]

_MENDED = "UPDATE revisions SET body = ? WHERE article_id = ? AND body_hash = ?"
_MENDED_PAGE = "UPDATE snapshots SET content = ?, bytes = ? WHERE article_id = ? AND sha256 = ?"
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


def mend_all(connection: sqlite3.Connection, article_id: str, parts: Mapping[str, Rows]) -> None:
    """Write what is damaged of an article's texts and pages anew from another archive's rows.

    What is sound stays: nobody else can tell whether a page is of the bytes that it says.
    """
    for row in parts.get("revisions", ()):
        mend_text(connection, article_id, row["body_hash"], row["body"])
    hurt = hurt_pages(connection, article_id)
    for row in parts.get("snapshots", ()) if hurt else ():
        if row["sha256"] in hurt and is_sound_page(row["content"], row["bytes"]):
            values = (row["content"], row["bytes"], article_id, row["sha256"])
            connection.execute(_MENDED_PAGE, values)


def read_again(connection: sqlite3.Connection, article_id: str) -> None:
    """Let the files of an article, of which a text is damaged, count as read by no cleaner yet."""
    connection.execute(_UNREAD, (article_id,))
