"""Copies that named no link, once it is known of which article they are.

They wait in rows of their own, under a key made of what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive.saving.copies import prune_copies
from crawler.archive.saving.merge import merge_rows
from crawler.archive.saving.rows import copies_of, write_copies
from crawler.archive.saving.save import show
from crawler.credentials import without_secrets

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

    from crawler.archive.saving.copies import Copy

LINKLESS = "articles.id >= 'u:' AND articles.id < 'u;' AND articles.url = ''"
"""Rows of copies that name no link, and of which nobody knows it yet."""

_WITHOUT_LINK = f"""
SELECT id, url, title, coalesce(nullif(account, ''), source), date FROM articles
    WHERE {LINKLESS} ORDER BY id
"""  # noqa: S608
_SAME_AS = "UPDATE articles SET same_as = ? WHERE id = ? AND same_as <> ?"
_THERE = "SELECT count(*) FROM articles WHERE id IN (?, ?)"
_TWICE = """
DELETE FROM events WHERE article_id = ? AND id NOT IN (
    SELECT min(id) FROM events WHERE article_id = ?
    GROUP BY at, url, state, http_status, origin, detail, evidence)
"""
_NAME_LINK = ("events", "revisions")


def without_link(connection: sqlite3.Connection) -> list[tuple[str, str, str, str, str]]:
    """Of every copy that names no link its key, address (empty), title, account and date."""
    return connection.execute(_WITHOUT_LINK).fetchall()


def join_copy(
    connection: sqlite3.Connection, key: str, article_id: str, link: Mapping[str, str]
) -> None:
    """Make a copy without a link one of an article's, as if it had come after it.

    `link` are the columns that say the article's address: url, sn, biz, mid, idx. Where another
    process took either out meanwhile, nothing is done.
    """
    if connection.execute(_THERE, (key, article_id)).fetchone() != (2,):
        return
    here = copies_of(connection, article_id)
    there = {name: _linked(copy, link) for name, copy in copies_of(connection, key).items()}
    merge_rows(connection, article_id, {article_id, key})
    for table in _NAME_LINK:
        named = f"UPDATE {table} SET url = ? WHERE article_id = ? AND url = ''"  # noqa: S608
        # (by which nothing is fetched: they keep no preview's key)
        connection.execute(named, (without_secrets(link["url"]), article_id))
    # a merge that is done again brings the looks of the copy once more, as they were without a link
    connection.execute(_TWICE, (article_id, article_id))
    after = prune_copies({**there, **here})
    write_copies(connection, article_id, after)
    show(connection, article_id, after)


def _linked(copy: Copy, link: Mapping[str, str]) -> Copy:
    return {**copy, **link, "same_as": ""}


def note_same_as(connection: sqlite3.Connection, key: str, same_as: str) -> None:
    """Say which article a copy without a link seems to be."""
    copies = {
        name: {**copy, "same_as": same_as} for name, copy in copies_of(connection, key).items()
    }
    if connection.execute(_SAME_AS, (same_as, key, same_as)).rowcount:
        write_copies(connection, key, copies)
