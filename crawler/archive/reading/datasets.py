"""What datasets say of articles beside their rows: promotion, and groups of the same text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.reading.whole_texts import PREFIX

if TYPE_CHECKING:
    import sqlite3


class Beside(NamedTuple):
    """What is known of all articles, by key; an article that is not named has none of it."""

    promotion: dict[str, int]  # blocks of promotion that were taken
    spared: frozenset[str]  # articles that keep theirs
    stories: dict[str, tuple[str, str]]  # the earliest of its group, and the best


_TAKEN = "SELECT article_id, sum(count) FROM removed WHERE rule_id LIKE ? GROUP BY article_id"
_STORIES = "SELECT article_id, earliest, coalesce(best, earliest) FROM stories WHERE earliest <> ''"


def beside_articles(connection: sqlite3.Connection) -> Beside:
    """Read it from the tables `removed`, `learned` and, where the archive has it, `stories`."""
    taken = dict(connection.execute(_TAKEN, (f"{PREFIX}%",)).fetchall())
    spared: set[str] = set()
    for (listed,) in connection.execute("SELECT spared FROM learned").fetchall():
        spared.update(_keys(listed))
    rows = connection.execute(_STORIES).fetchall() if _has_stories(connection) else []
    stories = {key: (earliest, best) for key, earliest, best in rows}
    return Beside(taken, frozenset(spared), stories)


def _keys(listed: str) -> list[str]:
    try:
        keys = json.loads(listed)
    except (ValueError, RecursionError):
        return []
    return [key for key in keys if isinstance(key, str)] if isinstance(keys, list) else []


def _has_stories(connection: sqlite3.Connection) -> bool:
    found = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'stories'"
    return connection.execute(found).fetchone() is not None
