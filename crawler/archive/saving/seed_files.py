"""Which files were read, by their SHA-256: what each turned out to be, and where it lay."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from crawler.archive.database import ArchivePart, check_row, insert
from crawler.archive.saving.linkless import LINKLESS
from crawler.article import CLEANER_VERSION, State
from crawler.credentials import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINKLESS = f"""
SELECT seeds.sha256 FROM seeds JOIN articles ON articles.id = seeds.article_id
    WHERE {LINKLESS}
"""  # noqa: S608
_UNSAID = """
SELECT seeds.sha256, articles.account, articles.date
    FROM seeds JOIN articles ON articles.id = seeds.article_id
    WHERE articles.account = '' OR articles.date = ''
"""
_WAITING = f"""
SELECT seeds.sha256, articles.id FROM json_each(?) AS asked
    CROSS JOIN seeds ON seeds.sha256 = asked.value
    CROSS JOIN articles ON articles.id = seeds.article_id
    WHERE {LINKLESS}
"""  # noqa: S608
# (where somebody deleted an article's row by SQL its file is read again, as an audit says)
_KNOWN = """
SELECT sha256 FROM seeds WHERE cleaner_version >= ? AND (
    article_id IS NULL
    OR EXISTS (SELECT 1 FROM articles WHERE articles.id = seeds.article_id)
)
"""
_OF_OTHERS = """
SELECT 1 FROM revisions WHERE article_id = ?
    AND evidence NOT IN (SELECT sha256 FROM seeds WHERE article_id = ?)
"""
_NOTE_STRANGER = insert(
    "seeds",
    on_conflict="""(sha256) DO UPDATE
SET state = excluded.state, cleaner_version = excluded.cleaner_version
WHERE excluded.cleaner_version > cleaner_version
""",
)


class SeedFiles(ArchivePart):
    """The files that articles were read from, and those that were none of WeChat's."""

    def known(self, cleaner_version: int = CLEANER_VERSION) -> frozenset[str]:
        """The SHA-256 of every file that this cleaner, or a later one, has read and kept."""
        rows = self._connection.execute(_KNOWN, (cleaner_version,))
        return frozenset(sha256 for (sha256,) in rows)

    def linkless(self) -> frozenset[str]:
        """The SHA-256 of every file that names no link of its article."""
        rows = self._connection.execute(_LINKLESS)
        return frozenset(sha256 for (sha256,) in rows)

    def unsaid(self) -> frozenset[tuple[str, str]]:
        """What is unknown of the article of a file, account or date, with the file's SHA-256."""
        rows = self._connection.execute(_UNSAID)
        said = ((sha256, {"account": account, "date": date}) for sha256, account, date in rows)
        return frozenset(
            (name, sha256) for sha256, of_it in said for name in of_it if not of_it[name]
        )

    def waiting(self, files: Iterable[str]) -> dict[str, str]:
        """Those of some files that name no link, by SHA-256, with the keys of their rows."""
        asked = json.dumps([*files])
        return dict(self._connection.execute(_WAITING, (asked,)).fetchall())

    def gave_all(self, key: str, article_id: str) -> bool:
        """Whether every text of a row came from files that are of that article now."""
        return self._connection.execute(_OF_OTHERS, (key, article_id)).fetchone() is None

    def note_strangers(self, files: Iterable[tuple[str, str]]) -> None:
        """Remember seed files that are not WeChat's by SHA-256 and path: they are read once."""
        rows = [
            (digest, without_secrets(path), None, State.NOT_WECHAT, CLEANER_VERSION)
            for digest, path in files
        ]
        with self._transaction():
            self._connection.executemany(_NOTE_STRANGER, rows)

    def all(self) -> list[tuple[str, str, str]]:
        """Path, SHA-256 and state of every seed file of WeChat's that was read, by path."""
        found = "SELECT path, sha256, state FROM seeds WHERE state <> 'not_wechat' ORDER BY path"
        return self._connection.execute(found).fetchall()

    def path_of(self, evidence: str) -> str:
        """The path of a file that was read, "" where its SHA-256 is none of those."""
        found = "SELECT path FROM seeds WHERE sha256 = ?"
        row = self._connection.execute(found, (evidence,)).fetchone()
        return str(row[0]) if row else ""

    def state_of(self, evidence: str) -> State | None:
        """What a seed file that was read turned out to be."""
        found = "SELECT state FROM seeds WHERE sha256 = ?"
        row = self._connection.execute(found, (evidence,)).fetchone()
        if row is None:
            return None
        check_row(self._connection, "seeds", ("state",), row)
        return State(row[0])

    def gave_article(self, sha256: str) -> bool:
        """Whether the archive has an article out of the seed file with this SHA-256."""
        found = "SELECT 1 FROM seeds WHERE sha256 = ? AND article_id IS NOT NULL"
        return self._connection.execute(found, (sha256,)).fetchone() is not None
