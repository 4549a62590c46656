"""What became of an article.

Each body that it ever had, each look at it, and what changed between two bodies.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import unified_diff
from typing import TYPE_CHECKING

from crawler.archive.database import text_of

if TYPE_CHECKING:
    import sqlite3


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


def revisions_of(connection: sqlite3.Connection, article_id: str) -> list[Revision]:
    """Every body that an article had, the oldest first."""
    names = tuple(Revision.__dataclass_fields__)
    rows = connection.execute(_REVISIONS, (article_id,)).fetchall()
    return [
        Revision(**{**dict(zip(names, row, strict=True)), "shown": bool(row[-1])}) for row in rows
    ]


def events_of(connection: sqlite3.Connection, article_id: str) -> list[Event]:
    """Every look at an article, the oldest first."""
    names = tuple(Event.__dataclass_fields__)
    return [
        Event(**dict(zip(names, row, strict=True)))
        for row in connection.execute(_EVENTS, (article_id,))
    ]


def body_of(connection: sqlite3.Connection, article_id: str, body_hash: str) -> str | None:
    """The text of one revision; None where there is none of that hash."""
    row = connection.execute(
        "SELECT body FROM revisions WHERE article_id = ? AND body_hash = ?", (article_id, body_hash)
    ).fetchone()
    return text_of(connection, row[0], article_id) if row else None


def compare(
    old: str, new: str, *, names: tuple[str, str] = ("before", "after"), context: int = 3
) -> list[str]:
    """What changed between two bodies, as the lines of a unified diff without line ends.

    None where nothing did.
    """
    lines = unified_diff(old.splitlines(), new.splitlines(), *names, n=context, lineterm="")
    return list(lines)
