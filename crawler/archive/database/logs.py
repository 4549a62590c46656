"""The write-ahead log beside a database, which SQLite knows by its name alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from crawler.archive.database.connection import is_damage
from crawler.archive.database.unfinished import beside_of, without_link
from crawler.errors import ArchiveError
from crawler.inputs import size_of, uri_of

if TYPE_CHECKING:
    from pathlib import Path

_STRANGE = (
    "can be read, but not with the -wal beside it, which may be that of another file",
    "nothing was written; put the -wal and the -shm aside, and run the same again",
)
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
_LONGEST = 1 << 20  # bytes of a name, or of what makes a table
_EVERY, _MOST = 10_000, 100  # steps of SQLite's machine, and how often so many


def check_log(path: Path) -> None:
    """Raises ArchiveError where a database can be read, but not with the log that lies beside it.

    As where a backup was copied to the place of another archive. Whoever opens the file to write
    folds that log in, if only as it closes, and nothing can be read any more.
    """
    real = without_link(path)
    if not size_of(beside_of(real, "-wal")):
        return
    uri = f"{uri_of(real.absolute())}?mode=ro"
    if not _is_archive(uri) and _is_archive(f"{uri}&immutable=1"):
        raise ArchiveError(str(path), *_STRANGE)


def _is_archive(uri: str) -> bool:
    """Whether the first row of each table can be read, and articles have one; or it is not told.

    A list of tables may have been forged as anything else may: it may name one without end.
    """
    left = iter([False] * _MOST)
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=0)) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
            connection.set_progress_handler(lambda: next(left, True), _EVERY)
            names = [name for (name,) in connection.execute(_TABLES).fetchall()]
            for name in names:
                quoted = name.replace('"', '""')
                connection.execute(f'SELECT 1 FROM "{quoted}" LIMIT 1').fetchone()  # noqa: S608
    except sqlite3.Error as error:
        return not is_damage(error)
    except UnicodeDecodeError:  # of SQLite's own words, which quote a damaged list
        return False
    return "articles" in names
