"""Writes anew what is damaged: a text or a page that comes whole once more, a row of its copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.reading import has_text, hurt_pages, is_hurt, is_sound_page
from crawler.archive.saving.rows import copies_of, refresh_row, shown_now

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


def show_best(connection: sqlite3.Connection, article_id: str) -> None:
    """Show the best of an article's copies whose texts are there, in a row that was made anew.

    Its file is still to be read again. Raises ArchiveError where what is kept of them is damaged.
    """
    copies = {
        key: copy
        for key, copy in copies_of(connection, article_id).items()
        if not copy["body_hash"] or has_text(connection, article_id, copy["body_hash"])
    }
    if any(copy["body_hash"] for copy in copies.values()):
        shown = {**shown_now(connection, article_id, copies), "cleaner_version": 0}
        refresh_row(connection, article_id, shown, {})
