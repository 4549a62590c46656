"""What taking off promotion needs.

Every whole text of an account, and a place for what is shown of it.

A revision keeps the whole body; the row of `articles` shows it less the account's promotion, and
`removed` says what that was. So promotion can be learned anew, or given back, at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.database import text_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Mapping

PREFIX = "promo:"
"""How the rule ids of promotion begin."""


Body = tuple[str, str, str, str]
"""All that promotion depends on of one article, beside its text.

Key, hash of the body, date, state.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeText:
    """One article of an account: its whole body, and what the archive shows of it."""

    id: str
    date: str
    state: str
    body: str
    shown: str
    removed: Mapping[str, int]  # promotion that was taken, by rule


def accounts_with_texts(
    connection: sqlite3.Connection, article_ids: Collection[str] | None = None
) -> list[str]:
    """Every account that has an article with a body, by name; or those of some articles."""
    if article_ids is None:
        return [account for (account,) in connection.execute(_ACCOUNTS)]
    rows = (connection.execute(_ACCOUNT_OF, (article_id,)).fetchone() for article_id in article_ids)
    return sorted({row[0] for row in rows if row})


def bodies_of(connection: sqlite3.Connection, account: str) -> list[Body]:
    """The bodies of an account's articles, by key."""
    return connection.execute(_BODIES, (account,)).fetchall()


def is_whole(connection: sqlite3.Connection, account: str) -> bool:
    """Whether no promotion was ever taken off an account's articles."""
    return connection.execute(_ANY_TAKEN, (account,)).fetchone() is None


def whole_texts(connection: sqlite3.Connection, account: str) -> Iterator[WholeText]:
    """The whole bodies of an account's articles, some at a time.

    Whoever reads them may show others in between.
    """
    last = -1
    while rows := connection.execute(_TEXTS, (account, last)).fetchall():
        last = rows[-1][0]
        for _, article_id, date, state, packed, shown in rows:
            body = text_of(connection, packed, article_id)
            removed = dict(connection.execute(_TAKEN, (article_id,)))
            yield WholeText(
                id=article_id, date=date, state=state, body=body, shown=shown, removed=removed
            )


def texts_with(connection: sqlite3.Connection, words: str) -> Iterator[str]:
    """Every whole body, of any article and revision, that holds these words."""
    last = -1
    while rows := connection.execute(_EVERY_BODY, (last,)).fetchall():
        last = rows[-1][0]
        texts = (text_of(connection, packed, article_id) for _, article_id, packed in rows)
        yield from (text for text in texts if words in text)


def show_body(
    connection: sqlite3.Connection, article_id: str, body: str, removed: Mapping[str, int]
) -> None:
    """Show a body, and say what promotion is missing from it."""
    connection.execute("UPDATE articles SET body = ? WHERE id = ?", (body, article_id))
    connection.execute(
        "DELETE FROM removed WHERE article_id = ? AND rule_id GLOB 'promo:*'", (article_id,)
    )
    rows = [(article_id, rule_id, count) for rule_id, count in removed.items()]
    connection.executemany(
        "INSERT INTO removed (article_id, rule_id, count) VALUES (?, ?, ?)", rows
    )


_ACCOUNTS = (
    "SELECT DISTINCT account FROM articles WHERE body_hash <> '' AND account <> '' ORDER BY account"
)
_ACCOUNT_OF = "SELECT account FROM articles WHERE id = ? AND body_hash <> '' AND account <> ''"
_BODIES = "SELECT id, body_hash, date, state FROM articles WHERE account = ? AND body_hash <> '' ORDER BY id"
_TEXTS = """
SELECT a.rowid, a.id, a.date, a.state, r.body, a.body FROM articles a
JOIN revisions r ON r.article_id = a.id AND r.body_hash = a.body_hash
WHERE a.account = ? AND a.rowid > ? ORDER BY a.rowid LIMIT 100
"""
_EVERY_BODY = (
    "SELECT rowid, article_id, body FROM revisions WHERE rowid > ? ORDER BY rowid LIMIT 100"
)
_TAKEN = "SELECT rule_id, count FROM removed WHERE article_id = ? AND rule_id GLOB 'promo:*'"
_ANY_TAKEN = """
SELECT 1 FROM articles a JOIN removed r ON r.article_id = a.id
WHERE a.account = ? AND a.body_hash <> '' AND r.rule_id GLOB 'promo:*' LIMIT 1
"""
