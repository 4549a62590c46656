"""What exports wrote where: the manifest of a folder, by which a person's changes are known."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from crawler.archive.database import WRITTEN, ArchivePart, check_row, insert_if_there
from crawler.archive.saving.copies import load_copy
from crawler.article import Origin
from crawler.errors import ArchiveError
from crawler.inputs import expanded, resolved

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable
    from pathlib import Path

_FORMER = tuple("/." * number for number in range(1, 9))
"""Behind the name of a folder, which it does not change: of an article that became one with others,
or of which two archives tell, each file is a row, whose key says the folder and the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """The file of one article: its path below the folder, and SHA-256 of its document.

    `writing` is that of a document that may be on the disk already, for it is noted before it is
    written; "" where none is on its way.
    """

    article_id: str
    path: str
    sha256: str = ""
    writing: str = ""


class ExportedFiles(ArchivePart):
    """The manifests of an archive; every change is a transaction."""

    def below(self, folder: Path) -> dict[str, ExportedFile]:
        """The files that exports wrote below a folder, by the key of their article.

        Rows that lead out of it, as another archive's may, are passed over: no export wrote those.
        """
        return {file.article_id: file for file in self._files(_name_of(folder))}

    def former(self, folder: Path) -> list[ExportedFile]:
        """The other files of articles that have several: of those that became one with them."""
        name = _name_of(folder)
        return [file for ending in _FORMER for file in self._files(name + ending)]

    def _files(self, name: str) -> list[ExportedFile]:
        rows = self._connection.execute(_BELOW, (name,)).fetchall()
        return [
            ExportedFile(article_id=article_id, path=path, sha256=sha256, writing=writing)
            for article_id, path, sha256, writing in rows
            if _stays_below(path)
        ]

    def titles_without_link(self, article_id: str) -> set[str]:
        """The titles under which an article's copies came that named no link, or may have."""
        said = self._connection.execute(_TITLE, (article_id,)).fetchall()
        for (fields,) in self._connection.execute(_COPIES, (article_id,)).fetchall():
            with suppress(ValueError):  # one that is damaged has none
                copy = load_copy(fields)
                said.append((copy["title"], copy["origin"]))
        return {title for title, origin in said if origin == Origin.ADOPTED}

    def note(self, folder: Path, files: Iterable[ExportedFile]) -> None:
        """Keep what is on the disk, or about to be."""
        name = _name_of(folder)
        rows = [(name, one.article_id, one.path, one.sha256, one.writing) for one in files]
        if rows:
            with self._transaction():
                self._connection.executemany(_NOTE, rows)

    def settle(self, folder: Path, file: ExportedFile, gone: Iterable[str]) -> None:
        """Keep which file an article has, and that others are no more, by their paths."""
        name = _name_of(folder)
        with self._transaction():
            self.note(folder, [file])
            for ending in _FORMER:
                of_article = (name + ending, file.article_id)
                self._connection.executemany(_GONE, [(*of_article, path) for path in gone])

    def take(self, other: ExportedFiles) -> None:
        """Know what another archive wrote that had this one's place before.

        Which of both wrote later nobody knows, so that what both say of an article stays. What is
        damaged there stays there.
        """
        rows = other._connection.execute(_ALL).fetchall()
        with self._transaction():
            for row in rows:
                with suppress(ArchiveError):
                    check_row(self._connection, "exported", WRITTEN["exported"], row)
                    self._put_beside(row)
                    self._connection.execute(_NOTE, row)

    def _put_beside(self, row: tuple[str, ...]) -> None:
        """Let what is known of a file, and something else than this, be of one beside it."""
        key = folder, article_id = row[:2]
        known = self._connection.execute(_KNOWN, key).fetchone()
        if known and known != row[2:]:
            for ending in _FORMER:
                self._connection.execute(_BESIDE, (ending, folder, article_id))


def move_exported(connection: sqlite3.Connection, article_id: str, other: str) -> None:
    """Let an article that became one with another keep its files beside that one's."""
    for ending in _FORMER:
        connection.execute(_MOVE, (ending, article_id, other))


_ALL = "SELECT folder, article_id, path, sha256, writing FROM exported"
_BESIDE = "UPDATE OR IGNORE exported SET folder = folder || ? WHERE folder = ? AND article_id = ?"
_KNOWN = "SELECT path, sha256, writing FROM exported WHERE folder = ? AND article_id = ?"
_BELOW = "SELECT article_id, path, sha256, writing FROM exported WHERE folder = ?"
_COPIES = "SELECT fields FROM copies WHERE article_id = ?"
_TITLE = "SELECT title, origin FROM articles WHERE id = ?"
_GONE = "DELETE FROM exported WHERE folder = ? AND article_id = ? AND path = ?"
_MOVE = "UPDATE OR IGNORE exported SET folder = folder || ?, article_id = ? WHERE article_id = ?"
_NOTE = insert_if_there(
    "exported",
    on_conflict="""(folder, article_id) DO UPDATE SET
    path = excluded.path, sha256 = excluded.sha256, writing = excluded.writing
""",
)


def _name_of(folder: Path) -> str:
    """The folder as text; a byte of its name that is none is written out."""
    name = resolved(expanded(folder)).as_posix()
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _stays_below(path: str) -> bool:
    found = PurePath(path)
    return not found.anchor and ".." not in found.parts
