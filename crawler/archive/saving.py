"""Saves one article: its row, its revision, its event, its addresses, its account, its place in the queue.

The row is a function of all copies ever seen (`copies`), so that no order of arrival makes a difference. An article
that the archive does not know takes the short way of plain inserts; most do, and a collection has 150,000.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from crawler.archive import copies as fold
from crawler.archive.accounts import meet
from crawler.archive.links import forms_of, keep_forms, known_forms, rows_of
from crawler.archive.merge import unite
from crawler.archive.packing import pack
from crawler.archive.queue import settle
from crawler.archive.rows import copies_of, insert_row, refresh_row, write_copies
from crawler.article import State

if TYPE_CHECKING:
    import sqlite3

    from crawler.archive.copies import Copy
    from crawler.article import Article
    from crawler.urls import ArticleUrl


class Change(StrEnum):
    """What saving an article did to the archive."""

    ADDED = "added"  # a row that was not there
    UPDATED = "updated"  # the row shows this copy now, or knows more through it
    KEPT = "kept"  # the row keeps a better copy; this one is an event beside it
    UNCHANGED = "unchanged"  # nothing was new, and nothing was written


_EVENT = """
INSERT INTO events (at, url, article_id, state, http_status, origin, detail, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_SAME_EVENT = """
SELECT 1 FROM events WHERE at = ?1 AND url = ?2 AND article_id = ?3 AND state = ?4 AND evidence = ?8
"""
_REVISION = """
INSERT INTO revisions (article_id, body_hash, at, state, origin, url, evidence, characters, body)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (article_id, body_hash) DO UPDATE SET
    at = excluded.at, state = excluded.state, origin = excluded.origin, url = excluded.url, evidence = excluded.evidence
WHERE (excluded.at, excluded.evidence) < (at, evidence)
"""
_SURROGATE = re.compile("[\ud800-\udfff]")
_TEXTS = ("title", "source", "account", "author", "digest", "cover", "detail", "body")
_OF_COPY = ("body_hash", "fetch_date", "state", "origin", "url", "evidence", "characters")


def save_article(connection: sqlite3.Connection, article: Article) -> tuple[str, Change]:
    """Save one article within the transaction that is open; returns the key of its row and what changed.

    Raises InputError where its address is none of WeChat's.
    """
    article = _storable(article)
    forms = forms_of(article)
    article_id, rows = rows_of(connection, article.id, forms)
    if rows:
        return article_id, _join(connection, article_id, article, forms, rows)
    copy = fold.copy_of(article)
    insert_row(connection, article_id, copy, article.body)
    connection.execute(_EVENT, _event(article_id, article))
    _keep_body(connection, article_id, copy, article.body)
    meet(connection, article)
    keep_forms(connection, article_id, forms)
    settle(connection, article_id, article.state, article.date, forms)
    return article_id, Change.ADDED


def _storable(article: Article) -> Article:
    """The article as SQLite can hold it: no half characters, which a page's script may spell; no body for a notice."""
    if article.body and not article.state.has_body:
        article = replace(article, body="")
    texts: dict[str, str] = {name: getattr(article, name) for name in _TEXTS}
    try:
        "".join(texts.values()).encode()
    except UnicodeEncodeError:
        whole: dict[str, Any] = {name: _SURROGATE.sub("\ufffd", text) for name, text in texts.items()}
        return replace(article, **whole)
    return article


def _event(article_id: str, article: Article) -> tuple[str | int | None, ...]:
    look = (article.fetch_date, article.url, article_id, article.state.value, article.http_status)
    return (*look, article.origin.value, article.detail, article.evidence)


def _keep_body(connection: sqlite3.Connection, article_id: str, copy: Copy, body: str) -> None:
    if body:
        connection.execute(_REVISION, (article_id, *(copy[name] for name in _OF_COPY), pack(body.encode())))


def _join(
    connection: sqlite3.Connection, article_id: str, article: Article, forms: list[ArticleUrl], rows: set[str]
) -> Change:
    """Save one more copy of an article that is there, perhaps in several rows that become one now."""
    before = _copies_of_all(connection, rows)
    copy = fold.copy_of(article)
    after = fold.prune({**before, fold.key_of(copy): copy})
    united = unite(connection, article_id, rows)
    learned = keep_forms(connection, article_id, forms)
    event = _event(article_id, article)
    known = connection.execute(_SAME_EVENT, event).fetchone()
    if known and after == before and not united and not learned:
        return Change.UNCHANGED
    if not known:
        connection.execute(_EVENT, event)
    _keep_body(connection, article_id, copy, article.body)
    meet(connection, article)
    if after != before or united:
        write_copies(connection, article_id, after)
    changed = _show(connection, article_id, after, {copy["body_hash"]: article.body})
    return Change.UPDATED if changed or united else Change.KEPT


def _copies_of_all(connection: sqlite3.Connection, rows: set[str]) -> dict[str, Copy]:
    return {key: copy for row in sorted(rows) for key, copy in copies_of(connection, row).items()}


def _show(connection: sqlite3.Connection, article_id: str, copies: dict[str, Copy], bodies: dict[str, str]) -> bool:
    """Bring the row and its place in the queue in step with its copies; returns whether the row shows anything new."""
    changed = refresh_row(connection, article_id, copies, bodies)
    shown = fold.fold(copies)
    settle(connection, article_id, State(shown["state"]), shown["date"], known_forms(connection, article_id))
    return changed


def join_rows(connection: sqlite3.Connection, article_id: str, rows: set[str]) -> None:
    """Make one row of several that are one article, under `article_id`, with everything that hangs on them."""
    copies = fold.prune(_copies_of_all(connection, rows))
    unite(connection, article_id, rows)
    write_copies(connection, article_id, copies)
    _show(connection, article_id, copies, {})
