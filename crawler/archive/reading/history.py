"""What became of an article.

Each body that it ever had, each look at it, and what changed between two bodies.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

from crawler.archive.database import insert, is_packed, record_of, text_of
from crawler.archive.reading.snapshots import each_snapshot, hurt_pages
from crawler.article import Origin
from crawler.credentials import without_secrets
from crawler.fields import harmless_line

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from crawler.archive.reading.snapshots import Snapshot
    from crawler.article import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One body that an article had.

    `at` is when a copy with it was first fetched, `shown` whether the row has it.
    """

    body_hash: str
    at: str
    state: str
    origin: str
    url: str
    evidence: str
    characters: int
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One look at an article; `state` is empty where no page came at all."""

    at: str
    url: str
    state: str
    http_status: int | None
    origin: str
    detail: str
    evidence: str


_BODY = "SELECT body FROM revisions WHERE article_id = ? AND body_hash = ?"
_REVISIONS = """
SELECT r.body_hash, r.at, r.state, r.origin, r.url, r.evidence, r.characters,
    r.body_hash = a.body_hash AS shown
FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
WHERE r.article_id = ? ORDER BY r.at, r.body_hash
"""
_EVENTS = """
SELECT at, url, state, http_status, origin, detail, evidence FROM events
    WHERE article_id = ? ORDER BY at, id
"""


_EVENT = insert("events")


class History:
    """What became of every article of an archive; what it writes is a transaction.

    `find` gives the key of the article that a key, or an address in any spelling, leads to.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
        find: Callable[[str], str | None],
    ) -> None:
        self._connection = connection
        self._transaction = transaction
        self._find = find

    def revisions(self, article_id: str) -> list[Revision]:
        """Every body that an article had, the oldest first."""
        names = tuple(Revision.__dataclass_fields__)
        rows = self._connection.execute(_REVISIONS, (article_id,)).fetchall()
        return [
            record_of(self._connection, "revisions", Revision, names, row, shown=bool(row[-1]))
            for row in rows
        ]

    def body(self, article_id: str, body_hash: str) -> str | None:
        """The text of one revision; None where there is none of that hash."""
        return body_of(self._connection, article_id, body_hash)

    def is_hurt(self, article_id: str, body_hash: str) -> bool:
        """Whether a text or a page of an article is damaged, or its text lost.

        Then the same is of use once more.
        """
        is_there = not body_hash or has_text(self._connection, article_id, body_hash)
        return not is_there or bool(hurt_pages(self._connection, article_id))

    def events(self, article_id: str) -> list[Event]:
        """Every look at an article, the oldest first."""
        names = tuple(Event.__dataclass_fields__)
        rows = self._connection.execute(_EVENTS, (article_id,)).fetchall()
        return [record_of(self._connection, "events", Event, names, row) for row in rows]

    def note_look(  # noqa: PLR0913  (what an event holds)
        self,
        url: str,
        *,
        at: str,
        state: State | None = None,
        detail: str = "",
        http_status: int | None = None,
        origin: Origin = Origin.FETCH,
    ) -> None:
        """Note a look at an address that gave no article: an album's page, or no answer at all."""
        with self._transaction():
            look = (at, without_secrets(url), self._find(url), state or "", http_status)
            said = harmless_line(detail)
            self._connection.execute(_EVENT, (*look, origin.value, said, ""))

    def snapshots(
        self, text: str | None = None, *, below_version: int = sys.maxsize
    ) -> Iterator[Snapshot]:
        """The stored pages of one article, or of all that a cleaner before `below_version` read.

        Whoever reads them may save in between.
        """
        article_id = self._find(text) if text else None
        if text is None or article_id:
            yield from each_snapshot(
                self._connection, below_version=below_version, article_id=article_id
            )


def is_hurt(connection: sqlite3.Connection, article_id: str, body_hash: str) -> bool:
    """Whether a text of an article is there, and damaged."""
    row = connection.execute(_BODY, (article_id, body_hash)).fetchone()
    return row is not None and not _is_sound(row[0], body_hash)


def has_text(connection: sqlite3.Connection, article_id: str, body_hash: str) -> bool:
    """Whether a text of an article is there, and sound."""
    row = connection.execute(_BODY, (article_id, body_hash)).fetchone()
    return row is not None and _is_sound(row[0], body_hash)


def _is_sound(packed: object, body_hash: str) -> bool:
    return isinstance(packed, bytes) and is_packed(packed, body_hash)


def body_of(connection: sqlite3.Connection, article_id: str, body_hash: str) -> str | None:
    """The text of one revision; None where there is none of that hash."""
    row = connection.execute(_BODY, (article_id, body_hash)).fetchone()
    return text_of(connection, row[0], article_id) if row else None


_COMPARED = 4_000_000
"""Pairs of lines that are compared at most; real texts have some hundred lines each."""


def compare(
    old: str, new: str, *, names: tuple[str, str] = ("before", "after"), context: int = 3
) -> list[str]:
    """What changed between two bodies, as the lines of a unified diff without line ends.

    Empty where nothing did. The time that finding the least change takes grows with the square of
    the lines; of texts that have very many, all between the first and the last change stands
    there as one change.
    """
    before, after = old.splitlines(), new.splitlines()
    if len(before) * len(after) <= _COMPARED:
        return list(unified_diff(before, after, *names, n=context, lineterm=""))
    return _as_one_change(before, after, names) if before != after else []


def _as_one_change(before: list[str], after: list[str], names: tuple[str, str]) -> list[str]:
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    gone, come = before[start : len(before) - end], after[start : len(after) - end]
    # (where one side has nothing, the line before it is named)
    where = f"@@ -{start + bool(gone)},{len(gone)} +{start + bool(come)},{len(come)} @@"
    lines = [*(f"-{line}" for line in gone), *(f"+{line}" for line in come)]
    return [f"--- {names[0]}", f"+++ {names[1]}", where, *lines]


def _common(one: list[str], other: list[str]) -> int:
    """How many lines two texts have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    return next((index for index, (left, right) in pairs if left != right), shorter)
