"""What exports wrote where: the manifest of a folder, by which a person's changes are known."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from crawler.archive.database import ArchivePart, insert_if_there
from crawler.inputs import expanded, resolved

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


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
        rows = self._connection.execute(_BELOW, (_name_of(folder),)).fetchall()
        return {
            article_id: ExportedFile(
                article_id=article_id, path=path, sha256=sha256, writing=writing
            )
            for article_id, path, sha256, writing in rows
            if _stays_below(path)
        }

    def note(self, folder: Path, files: Iterable[ExportedFile]) -> None:
        """Keep what is on the disk, or about to be."""
        name = _name_of(folder)
        rows = [(name, one.article_id, one.path, one.sha256, one.writing) for one in files]
        if rows:
            with self._transaction():
                self._connection.executemany(_NOTE, rows)


_BELOW = "SELECT article_id, path, sha256, writing FROM exported WHERE folder = ?"
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
