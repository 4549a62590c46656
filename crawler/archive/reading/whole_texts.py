"""What taking off promotion needs.

Every whole text of an account, and a place for what is shown of it.

A revision keeps the whole body; the row of `articles` shows it less the account's promotion, and
`removed` says what that was. So promotion can be learned anew, or given back, at any time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.archive.database import (
    ArchivePart,
    in_order,
    insert,
    insert_if_there,
    read_as,
    readable,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

PREFIX = "promo:"
"""How the rule ids of promotion begin."""


class Body(NamedTuple):
    """All that promotion depends on of one article, beside its text and its account's name."""

    id: str
    hash: str
    date: str
    state: str
    biz: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeText:
    """One article of an account: its whole body, and what the archive shows of it."""

    id: str
    date: str
    state: str
    biz: str
    body: str
    shown: str
    removed: Mapping[str, int]  # promotion that was taken, by rule


class Texts(ArchivePart):
    """The whole texts of an archive, by account; what it writes is a transaction."""

    def accounts(self, article_ids: Collection[str] | None = None) -> list[str]:
        """Every account that has an article with a body, by name; or those of some articles."""
        execute = self._connection.execute
        if article_ids is None:
            return [account for (account,) in execute(_ACCOUNTS)]
        rows = (execute(_ACCOUNT_OF, (article_id,)).fetchone() for article_id in article_ids)
        return sorted({row[0] for row in rows if row})

    def unlearned(self) -> list[str]:
        """Every account with an article with a body that was not learned, or not since it came."""
        return [account for (account,) in self._connection.execute(_UNLEARNED)]

    def bodies_of(self, account: str) -> list[Body]:
        """Of every article of an account with a body what promotion depends on, by key."""
        return [Body(*row) for row in self._connection.execute(_BODIES, (account,))]

    def links_to(self, states: Collection[str]) -> Iterator[tuple[str, str]]:
        """The key of each article in one of these states, beside each signed link to it.

        Those stand in texts, or are known beside the one that was sent.
        """
        with read_as(self._connection, readable):  # a damaged link leads nowhere, and stops nothing
            asked = {"states": json.dumps(sorted(states))}
            rows = self._connection.execute(_LINKS_TO, asked).fetchall()
        yield from rows

    def promotion_removed(self, account: str) -> int:
        """How many blocks of promotion are missing from what an account's articles show."""
        (count,) = self._connection.execute(_TAKEN_FROM, (account,)).fetchone()
        return int(count)

    def learned_from(self, account: str) -> str:
        """The fingerprint of what an account's promotion was learned from; "" if it never was."""
        found = "SELECT fingerprint FROM learned WHERE account = ?"
        row = self._connection.execute(found, (account,)).fetchone()
        return str(row[0]) if row else ""

    def keep_learned(self, account: str, fingerprint: str, spared: Sequence[str]) -> None:
        """Keep what promotion was learned from, and the articles that keep theirs."""
        row = (account, fingerprint, json.dumps(spared))
        with self._transaction():
            self._connection.execute(_KEEP_LEARNED, row)

    def has_promotion_removed(self, account: str) -> bool:
        """Whether promotion was taken off any of an account's articles."""
        return self._connection.execute(_ANY_TAKEN, (account,)).fetchone() is not None

    def of_account(self, account: str) -> Iterator[WholeText]:
        """The whole bodies of an account's articles, and what is shown of them, some at a time.

        Whoever reads them may show others in between.
        """

        def some(after: int) -> list[tuple[Any, ...]]:
            return self._connection.execute(_TEXTS, (account, after)).fetchall()

        rows = in_order(self._connection, "articles", some)
        for _, article_id, date, state, biz, packed, shown in rows:
            body = text_of(self._connection, packed, article_id)
            removed = dict(self._connection.execute(_TAKEN, (article_id,)))
            yield WholeText(
                id=article_id,
                date=date,
                state=state,
                biz=biz,
                body=body,
                shown=shown,
                removed=removed,
            )

    def holding(self, words: str) -> Iterator[tuple[str, str]]:
        """Every whole body, of any article and revision, that holds these words, with its key."""

        def some(after: int) -> list[tuple[Any, ...]]:
            return self._connection.execute(_EVERY_BODY, (after,)).fetchall()

        for _, article_id, packed in in_order(self._connection, "revisions", some):
            text = text_of(self._connection, packed, article_id)
            if words in text:
                yield article_id, text

    def show(self, article_id: str, body: str, removed: Mapping[str, int]) -> None:
        """Set the body that is shown, and say what promotion is missing from it, by rule."""
        rows = [(article_id, rule_id, count) for rule_id, count in removed.items()]
        with self._transaction():
            self._connection.execute(
                "UPDATE articles SET body = ? WHERE id = ?", (body, article_id)
            )
            self._connection.execute(_FORGET_TAKEN, (article_id,))
            self._connection.executemany(_KEEP_TAKEN, rows)


_ACCOUNTS = (
    "SELECT DISTINCT account FROM articles WHERE body_hash <> '' AND account <> '' ORDER BY account"
)
_UNLEARNED = (
    "SELECT DISTINCT account FROM articles WHERE body_hash <> '' AND account <> ''"
    " AND typeof(account) = 'text'"
    " AND account NOT IN (SELECT account FROM learned WHERE fingerprint <> '')"
    " ORDER BY account"
)
_ACCOUNT_OF = "SELECT account FROM articles WHERE id = ? AND body_hash <> '' AND account <> ''"
_BODIES = (
    "SELECT id, body_hash, date, state, biz FROM articles"
    " WHERE account = ? AND body_hash <> '' ORDER BY id"
)
_TEXTS = """
SELECT a.rowid, a.id, a.date, a.state, a.biz, r.body, a.body FROM articles a
JOIN revisions r ON r.article_id = a.id AND r.body_hash = a.body_hash
WHERE a.account = ? AND a.rowid > ? ORDER BY a.rowid LIMIT 100
"""
_EVERY_BODY = (
    "SELECT rowid, article_id, body FROM revisions WHERE rowid > ? ORDER BY rowid LIMIT 100"
)
_TAKEN = "SELECT rule_id, count FROM removed WHERE article_id = ? AND rule_id GLOB 'promo:*'"
_TAKEN_FROM = """
SELECT coalesce(sum(r.count), 0) FROM articles a JOIN removed r ON r.article_id = a.id
WHERE a.account = ? AND a.body_hash <> '' AND r.rule_id GLOB 'promo:*'
"""
_KEEP_TAKEN = insert_if_there("removed")
_KEEP_LEARNED = insert(
    "learned",
    on_conflict="(account) DO UPDATE SET"
    " fingerprint = excluded.fingerprint, spared = excluded.spared",
)
_ANY_TAKEN = """
SELECT 1 FROM articles a JOIN removed r ON r.article_id = a.id
WHERE a.account = ? AND a.body_hash <> '' AND r.rule_id GLOB 'promo:*' LIMIT 1
"""
_FORGET_TAKEN = "DELETE FROM removed WHERE article_id = ? AND rule_id GLOB 'promo:*'"
_LINKS_TO = """
SELECT a.id, m.link FROM articles AS a JOIN mentions AS m
    ON m.url = 'https://mp.weixin.qq.com/s?__biz=' || a.biz || '&mid=' || a.mid || '&idx=' || a.idx
    WHERE a.state IN (SELECT value FROM json_each(:states)) AND typeof(m.link) = 'text'
UNION
SELECT a.id, u.url FROM articles AS a JOIN urls AS u ON u.article_id = a.id
    WHERE a.state IN (SELECT value FROM json_each(:states))
        AND typeof(u.url) = 'text' AND u.url LIKE '%chksm=%'
ORDER BY 1, 2
"""
