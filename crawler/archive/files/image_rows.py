"""The rows of table `images`, each of which says what the file of a picture holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from crawler.archive.database import WRITTEN, insert
from crawler.archive.files.image_types import measure
from crawler.article import sha256

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

UNSEEN = ""
"""The type of a picture whose row a salvage made, which has not seen its file."""
_TOLD = WRITTEN["images"][1:]
_MEASURED = ", ".join(f"{name} = excluded.{name}" for name in _TOLD)
# as of a row that a salvage made, or that was damaged: else what came would be asked for each time
_OTHER = " OR ".join(f"{name} IS NOT excluded.{name}" for name in _TOLD)
_IMAGE = insert("images", on_conflict=f"(sha256) DO UPDATE SET {_MEASURED} WHERE {_OTHER}")
_KNOWN = f"SELECT 1 FROM images WHERE sha256 = ? AND type <> '{UNSEEN}'"  # noqa: S608

_SHOWN = f"""
    SELECT DISTINCT i.path FROM pictures AS p JOIN images AS i ON i.sha256 = p.sha256
    WHERE p.state = 'stored' AND i.type <> '{UNSEEN}'
"""  # noqa: S608


def count_gone(connection: sqlite3.Connection, root: Path) -> int:
    """How many pictures that articles show have no file below the folder of an archive any more."""
    shown = connection.execute(_SHOWN).fetchall()
    return sum(not os.path.lexists(root / path) for (path,) in shown if isinstance(path, str))


def is_known(connection: sqlite3.Connection, digest: str) -> bool:
    """Whether a picture with this SHA-256 was kept."""
    return connection.execute(_KNOWN, (digest,)).fetchone() is not None


def note_file(connection: sqlite3.Connection, path: str, content: bytes) -> str:
    """Know the file of a picture by what it holds; its SHA-256, "" where it is none."""
    measured = measure(content)
    if measured is None:
        return ""
    kind, width, height = measured
    row = (sha256(content), path, kind.media_type, len(content), width, height)
    connection.execute(_IMAGE, row)
    return row[0]
