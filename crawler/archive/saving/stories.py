"""Table `stories`: which articles have the same text, or nearly.

What stands in it follows from the articles and can be made anew at any time. An article has a row
once its text was signed; a group is all rows that name the same earliest article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.archive.database import (
    WRITTEN,
    ArchivePart,
    in_order,
    insert,
    read_as,
    readable,
    text_of,
)
from crawler.archive.saving.addresses import LISTED, listed

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator


class Unsigned(NamedTuple):
    """An article whose text was not signed yet."""

    id: str
    body_hash: str
    cut: bool  # its end is missing
    body: str


class StoryRow(NamedTuple):
    """What was signed of an article's text."""

    article_id: str
    body_hash: str
    cut: bool
    version: int
    text: str  # a name for its letters; empty where they are too few to compare
    signature: str


class StoryMember(NamedTuple):
    """An article of a group, with what tells the earliest and the best."""

    group: str
    named_best: str
    id: str
    published: str
    state: str
    origin: str
    producer: str
    fetch_date: str
    characters: int
    evidence: str


class Stories(ArchivePart):
    """The groups of an archive."""

    def drop_stale(self, version: int) -> None:
        """Drop what was signed of texts that changed; their groups have to be looked at again."""
        with self._transaction():
            for (article_id,) in self._connection.execute(_STALE, (version,)).fetchall():
                dissolve(self._connection, article_id)

    def drop(self, article_ids: Collection[str]) -> None:
        """Drop what was signed of these articles, and have their groups looked at again."""
        with self._transaction():
            for article_id in article_ids:
                dissolve(self._connection, article_id)

    def count_unsigned(self) -> int:
        """How many articles have a text that was not signed."""
        return int(self._connection.execute(_COUNT_UNSIGNED).fetchone()[0])

    def unsigned(self) -> Iterator[Unsigned]:
        """Every article whose whole text was not signed. Whoever reads them may write between."""

        def some(after: int) -> list[tuple[Any, ...]]:
            return self._connection.execute(_UNSIGNED, (after,)).fetchall()

        for _, article_id, body_hash, cut, packed in in_order(self._connection, "articles", some):
            body = text_of(self._connection, packed, article_id)
            yield Unsigned(article_id, body_hash, bool(cut), body)

    def keep(self, rows: Collection[StoryRow]) -> None:
        """Keep what was signed; it is not compared yet.

        What another process signed meanwhile stays, and what it changed is left to be signed anew.
        """
        with self._transaction():
            signed = [(*row, 0, None, None, row.article_id, row.body_hash) for row in rows]
            self._connection.executemany(_KEEP, signed)

    def signed(self, *, only_fresh: bool = False) -> Iterator[StoryRow]:
        """Every text that is long enough to compare, or those that were not compared yet.

        Others may write while they are compared.
        """
        rows = _FRESH if only_fresh else _SIGNED

        def some(after: int) -> list[tuple[Any, ...]]:
            with read_as(self._connection, readable):  # one with a damaged letter is signed anew
                return self._connection.execute(rows, (after,)).fetchall()

        for _, *row in in_order(self._connection, "stories", some):
            yield StoryRow(*row)

    def body(self, text: str) -> str:
        """A whole body whose letters have this name; "" where none has it any more."""
        row = self._connection.execute(_BODY, (text,)).fetchone()
        return text_of(self._connection, row[1], row[0]) if row else ""

    def holding(self, text: str) -> list[str]:
        """The articles whose letters have this name."""
        rows = self._connection.execute("SELECT article_id FROM stories WHERE text = ?", (text,))
        return [article_id for (article_id,) in rows]

    def groups(self) -> list[tuple[str, str]]:
        """Of every article in a group its key, and that of the group's earliest."""
        return self._connection.execute(_GROUPS).fetchall()

    def join(self, groups: Collection[Collection[str]], *, compared: Collection[str]) -> None:
        """Let articles be groups, each named by its least key, and note which texts are compared.

        Those that another process signed meanwhile are not among them.
        """
        with self._transaction():
            for group in groups:
                there = self._still(group)
                self._connection.executemany(_NAME, [(*there[:1] * 2, one) for one in there])
            self._connection.executemany(_COMPARED, [(text,) for text in compared])

    def members(self) -> Iterator[StoryMember]:
        """Every article of a group, group by group."""
        for row in self._connection.execute(_MEMBERS).fetchall():
            yield StoryMember(*row)

    def name(self, group: str, *, earliest: str, best: str) -> None:
        """Say which article of a group is the earliest, and which has the best copy."""
        with self._transaction():
            if len(self._still({earliest, best})) == len({earliest, best}):
                self._connection.execute(_RENAME, (earliest, best, group))

    def _still(self, group: Collection[str]) -> list[str]:
        """Those that no other process took out meanwhile, by key."""
        return [key for (key,) in self._connection.execute(_STILL, (listed(group),))]

    def cut_beside_whole(self) -> list[tuple[str, str]]:
        """Every article that was cut, in whose group is a whole one, and the best of the group.

        Those of one group come together.
        """
        return self._connection.execute(_CUT_BESIDE_WHOLE).fetchall()

    def same_as(self, article_id: str) -> list[str]:
        """The other articles of an article's group, by key."""
        return [other for (other,) in self._connection.execute(_OTHERS, (article_id,) * 2)]


def dissolve(connection: sqlite3.Connection, article_id: str) -> None:
    """Drop what was signed of an article, and have its group compared again."""
    connection.execute(_DISSOLVE, (article_id,))
    connection.execute("DELETE FROM stories WHERE article_id = ?", (article_id,))


_DISSOLVE = """
UPDATE stories SET compared = 0, earliest = NULL, best = NULL
WHERE earliest = (SELECT earliest FROM stories WHERE article_id = ?)
"""
_STALE = """
SELECT s.article_id FROM stories s LEFT JOIN articles a ON a.id = s.article_id
WHERE a.id IS NULL OR s.body_hash <> a.body_hash OR s.cut <> (a.state <> 'ok') OR s.version <> ?
"""
_WHERE_UNSIGNED = """
FROM articles a JOIN revisions r ON r.article_id = a.id AND r.body_hash = a.body_hash
WHERE a.body_hash <> '' AND NOT EXISTS (SELECT 1 FROM stories s WHERE s.article_id = a.id)
"""
_COUNT_UNSIGNED = f"SELECT count(*) {_WHERE_UNSIGNED}"
_UNSIGNED = f"""
SELECT a.rowid, a.id, a.body_hash, a.state <> 'ok', r.body {_WHERE_UNSIGNED}
AND a.rowid > ? ORDER BY a.rowid LIMIT 100
"""
_KEEP = insert(
    "stories",
    select=f"""
    SELECT {", ".join("?" * len(WRITTEN["stories"]))}
    WHERE EXISTS (SELECT 1 FROM articles WHERE id = ? AND body_hash = ?)
    """,  # noqa: S608
    on_conflict="DO NOTHING",
)
_COMPARED = "UPDATE stories SET compared = 1 WHERE text = ? AND compared = 0"
_COLUMNS = "article_id, body_hash, cut, version, text, signature"
_SIGNED_TEXTS = f"SELECT rowid, {_COLUMNS} FROM stories WHERE text <> ''"  # noqa: S608  (names from above)
_SOME = "AND rowid > ? ORDER BY rowid LIMIT 200"
_SIGNED = f"{_SIGNED_TEXTS} {_SOME}"
_FRESH = f"{_SIGNED_TEXTS} AND compared = 0 {_SOME}"
_BODY = """
SELECT s.article_id, r.body FROM stories s
JOIN revisions r ON r.article_id = s.article_id AND r.body_hash = s.body_hash
WHERE s.text = ? ORDER BY s.article_id LIMIT 1
"""
_GROUPS = "SELECT article_id, earliest FROM stories WHERE earliest IS NOT NULL"
_NAME = "UPDATE stories SET earliest = ?, best = ? WHERE article_id = ?"
_STILL = f"SELECT id FROM articles WHERE id IN {LISTED} ORDER BY id"  # noqa: S608
_RENAME = "UPDATE stories SET earliest = ?, best = ? WHERE earliest = ?"
_MEMBERS = """
SELECT s.earliest, s.best, a.id, coalesce(nullif(a.published_at, ''), a.date),
    a.state, a.origin, a.producer, CASE WHEN EXISTS (
        SELECT 1 FROM events e
        WHERE e.article_id = a.id AND e.at = '' AND e.evidence = a.evidence AND a.evidence <> ''
    ) THEN '' ELSE a.fetch_date END, a.characters, a.evidence
FROM stories s JOIN articles a ON a.id = s.article_id
WHERE s.earliest IS NOT NULL ORDER BY s.earliest, a.id
"""
_CUT_BESIDE_WHOLE = """
SELECT s.article_id, s.best FROM stories s JOIN stories b ON b.article_id = s.best
WHERE s.cut AND NOT b.cut ORDER BY s.best, s.article_id
"""
_OTHERS = """
SELECT o.article_id FROM stories s JOIN stories o ON o.earliest = s.earliest
WHERE s.article_id = ? AND o.article_id <> ? ORDER BY o.article_id
"""
