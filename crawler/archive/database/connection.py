"""The archive's connection: whatever SQLite raises gets its words here, once for all."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar
from weakref import WeakSet

from crawler.archive.database.forks import keep_from_children
from crawler.archive.database.unfinished import take_back
from crawler.errors import ArchiveError
from crawler.inputs import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from crawler.archive.database.place import Place

Given = TypeVar("Given")

RESTORE = (
    "run crawler audit to see what is hurt, and restore a backup,"
    " or save what can be read with: crawler audit --salvage NEW.db"
)
_LOCKED = (
    "is locked by another program",
    "wait until that is done, then run the same command again",
)
_IN_THE_WAY = (
    "nothing was written; if it is yours, give it another name:"
    " sqlite-utils rename-table ARCHIVE OLD NEW"
)
_MOVED = (
    "was moved away, or another was put in its place, while this ran",
    "nothing of this batch was written; what was reported before is in the file that was moved",
)
_MEANWHILE = (
    "was written while this ran, and had to be read as one that nobody writes",
    "what was read may be of two states of it; run the same command again",
)
_FORBIDDEN = ("may not be opened", "check the permissions of the file and its folder")
_DAMAGED = ("is damaged", RESTORE)
_ENDLESS = ("is damaged: to read it takes more steps than any of its size", RESTORE)
_OF_PARENT = (
    "was opened by the process that this one was forked from",
    "open it once more here",
)
_MISUSED = {  # by what the module's own words begin with, for which SQLite has no code
    "SQLite objects created in a thread": (
        "was opened by another thread of this program",
        "open it once more in this one",
    ),
    "Cannot operate on a closed": ("is closed", "open it once more"),
}
UNFINISHED = (
    "holds a write that did not come to its end, which cannot be seen to where nothing is written",
    "copy it, with the -wal or -journal beside it, to a folder that may be written",
)
_MEANINGS = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_PROTOCOL: _LOCKED,  # others had its write-ahead log at every try
    sqlite3.SQLITE_READONLY: (
        "is read-only",
        "nothing was written; make the file and its folder writable",
    ),
    sqlite3.SQLITE_READONLY_DBMOVED: _MOVED,
    sqlite3.SQLITE_READONLY_RECOVERY: UNFINISHED,
    sqlite3.SQLITE_READONLY_ROLLBACK: UNFINISHED,
    sqlite3.SQLITE_PERM: _FORBIDDEN,
    sqlite3.SQLITE_AUTH: _FORBIDDEN,
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "check that its folder exists and may be used"),
    sqlite3.SQLITE_FULL: (
        "the disk is full",
        "nothing of this batch was written; free some space and run again",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk gave an error",
        "nothing of this batch was written; check the disk and its space",
    ),
    sqlite3.SQLITE_NOTADB: (
        "is not an SQLite database",
        "give the path of an archive, or of a file that is not there",
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_INTERRUPT: _ENDLESS,  # by us alone; Ctrl-C is Python's
}
# What the sqlite3 module says without a code of SQLite's. Its own words quote the stored text.
_UNDECODABLE = "Could not decode to UTF-8"
_NO_FORMAT = "unsupported file format"  # of a head in which a number is none of SQLite's
# The module also fails to decode what a damaged schema puts into SQLite's own message.
_RAISED = (sqlite3.Error, UnicodeDecodeError)


def is_damage(error: Exception) -> bool:
    """Whether what SQLite raised says that the file is hurt, or is none of its own."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    hurt = code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    is_raised = isinstance(error, sqlite3.Error)
    return is_raised and (hurt or str(error).startswith((_UNDECODABLE, _NO_FORMAT)))


class DatabaseError(ArchiveError, sqlite3.DatabaseError):
    """What SQLite raised, in words; still an error of SQLite's for whoever asks for one."""


class ConstraintError(DatabaseError, sqlite3.IntegrityError):
    """A row that its table does not take."""


def named(error: Exception, path: Path | str) -> ArchiveError:
    """The error with what happened and what to do next; it names the archive.

    It is one of SQLite's, too, unless the caller is wrong, which says nothing of the file.
    """
    code = getattr(error, "sqlite_errorcode", None)
    told = str(error)
    for begins, words in _MISUSED.items():
        if told.startswith(begins):
            return ArchiveError(str(path), *words)
    if told.startswith(_UNDECODABLE) or isinstance(error, UnicodeDecodeError):
        column = told.removeprefix(_UNDECODABLE).split(" with text")[0].strip()
        return _coded(path, (f"is damaged ({column or 'a text'} is not UTF-8)", RESTORE), code)
    if told == _NO_FORMAT:
        return _coded(path, _DAMAGED, code)
    if told.startswith(("no such column", "no such table")):
        what = f"lacks a part of its tables ({told})"
        return _coded(path, (what, RESTORE), code)
    if told.endswith("already exists"):
        return _coded(path, (f"holds what this version makes anew ({told})", _IN_THE_WAY), code)
    known = (_MEANINGS.get(one) for one in (code or 0, (code or 0) & 0xFF))
    meaning = next(filter(None, known), (f"SQLite says: {told}", ""))
    return _coded(path, meaning, code)


def _coded(path: Path | str, words: tuple[str, str], code: int | None) -> DatabaseError:
    kind = DatabaseError
    if (code or 0) & 0xFF == sqlite3.SQLITE_CONSTRAINT:
        kind = ConstraintError
    error = kind(str(path), *words)
    if code is not None:
        error.sqlite_errorcode = code
    return error


_EVERY = 100_000  # steps of SQLite's machine, after which those of a statement are counted
_STEPS = 10_000_000  # which take less than a second
_STEPS_OF_A_BYTE = 20  # no question to an archive of texts takes 0.1, none to one of links 2
_BYTES_OF_A_ROW = 200
_WITHOUT_BOUND = -1 << 62


class Work:
    """Ends a statement that takes more steps than any of the file's size.

    A page of a damaged or forged table may stand in it again and again, so that some kilobytes are
    rows without end. To SQLite, count(*) of a whole table is one step: count(1) is asked for.
    """

    def __init__(self, size: Callable[[], int]) -> None:
        self.cursor: ArchiveCursor | None = None  # whose statement runs
        self._size = size

    def is_endless(self) -> bool:
        """Whether the statement that runs is one; asked each `_EVERY` steps."""
        if self.cursor is None:
            return False
        cursor = self.cursor
        if cursor.steps == 0:  # what is written meanwhile, as of its rows, gives it no more
            cursor.bound = _STEPS + self._size() * _STEPS_OF_A_BYTE
        cursor.steps += _EVERY
        return cursor.steps > cursor.bound


class ArchiveCursor(sqlite3.Cursor):
    """A cursor whose errors are named, whether a statement or a row gives them."""

    connection: ArchiveConnection
    steps = 0  # of SQLite's machine that its statement has taken
    bound = 0  # of them, as the file was when the first were counted

    def execute(self, *arguments: Any) -> Self:
        """As sqlite3 does it; where another program is in the way, that is said, and waited for."""
        self.steps = 0
        try:
            return self._told(super().execute, *arguments)
        except DatabaseError as error:
            if not self.connection.waits_on(error):
                raise
        return self.execute(*arguments)

    def executemany(self, *arguments: Any) -> Self:
        """As sqlite3 does it. Whatever many rows take, they come to their end."""
        self.steps = _WITHOUT_BOUND
        return self._told(super().executemany, *arguments)

    def executescript(self, sql_script: str) -> Self:
        """As sqlite3 does it."""
        self.steps = 0
        self._told(super().executescript, sql_script)
        return self

    def __next__(self) -> Any:
        return self._told(super().__next__)

    def fetchone(self) -> Any:
        """As sqlite3 does it."""
        return next(self, None)

    def fetchall(self) -> list[Any]:
        """As sqlite3 does it."""
        return self._told(super().fetchall)

    def _told(self, step: Callable[..., Given], *arguments: Any) -> Given:
        """What a step gives, with its errors named and its work counted as that of this cursor."""
        work = self.connection.work
        before, work.cursor = work.cursor, self
        try:
            return step(*arguments)
        except DatabaseError:  # out of the rows that are being written
            raise
        except _RAISED as error:
            raise self.connection.meanwhile() or named(error, self.connection.path) from error
        finally:
            work.cursor = before


class ArchiveConnection(sqlite3.Connection):
    """A connection that knows which archive it is of, and says so where anything fails."""

    path: Path | str = ""
    patience: float = 0.0  # seconds to wait for another program, once that was said
    on_wait: Callable[[float], None] | None = None  # says so, with how long it may take
    place: Place | None = None

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()
        self._others = -1  # changes with what others write; as it was when the file was in place
        self._process = os.getpid()
        keep_from_children(self)
        self.work = Work(self._size)
        self.set_progress_handler(self.work.is_endless, _EVERY)

    def _size(self) -> int:
        """Bytes of the file, and of what was written here and may not be in it yet."""
        return (self.place.size() if self.place else 0) + self.total_changes * _BYTES_OF_A_ROW

    def close(self) -> None:
        """As sqlite3 does it, and let go of the file though somebody keeps what read of it.

        SQLite itself keeps the file and its lock open until the last statement has ended, and an
        error that is still to be told keeps those that were under way. In the child of a fork
        nothing is done: SQLite would take back what its parent has not written to the end.
        """
        if os.getpid() != self._process:
            return
        for cursor in list(self._cursors):
            with suppress(sqlite3.Error):
                cursor.close()
        if not self._is_in_place():
            self.empty_log()
        self._told(super().close)
        if self.place:
            self.place.let_go()

    def check_place(self) -> None:
        """Raise ArchiveError where the file was moved away, or another is in its place now.

        SQLite itself says so only where it keeps no write-ahead log; with one it goes on writing
        into the file that was moved.
        """
        if not self._is_in_place():
            code = sqlite3.SQLITE_READONLY_DBMOVED
            raise _coded(self.path, _MEANINGS[code], code)
        self._others = self._written_by_others()

    def meanwhile(self) -> DatabaseError | None:
        """The error where a file is read as one that nobody changes, and somebody did."""
        if self.place is None or not self.place.unchanging or self.place.is_kept():
            return None
        return _coded(self.path, _MEANWHILE, None)

    def empty_log(self) -> None:
        """Bring all that the write-ahead log alone has into the file; wait for nobody who reads.

        SQLite knows a log by its name alone: a file that is moved leaves it behind, and one that
        takes its place is hurt by it. Of a file that is not in its place any more the log may be
        that of its successor by now: it is left alone where others wrote meanwhile.
        """
        with suppress(ArchiveError, sqlite3.Error):  # it stays, and is read with its file, as ever
            if self._is_in_place() or self._written_by_others() == self._others:
                self._checkpoint()

    def _checkpoint(self) -> None:
        (patience,) = self.execute("PRAGMA busy_timeout").fetchone()
        self.execute("PRAGMA busy_timeout = 0")
        try:
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self.execute(f"PRAGMA busy_timeout = {patience}")

    def _is_in_place(self) -> bool:
        return self.place is None or self.place.is_kept()

    def _written_by_others(self) -> int:
        return int(self.execute("PRAGMA data_version").fetchone()[0])

    def waits_on(self, error: Exception) -> bool:
        """Whether it is worth another try: another program was in the way, and nobody said so yet.

        From then on each statement has all the patience of the connection. Or one was killed.
        """
        code = getattr(error, "sqlite_errorcode", None) or 0
        if code == sqlite3.SQLITE_READONLY_ROLLBACK:
            return take_back(Path(self.path), timeout=1)
        if self.on_wait is None or code & 0xFF != sqlite3.SQLITE_BUSY:
            return False
        tell, self.on_wait = self.on_wait, None
        tell(self.patience)
        super().execute(f"PRAGMA busy_timeout = {int(self.patience * 1000)}")
        return True

    def cursor(self, factory: Any = ArchiveCursor) -> Any:
        """As sqlite3 does it.

        Raises ArchiveError where it is closed, or in another thread, and in the child of a fork,
        which has none of the locks that SQLite thinks it has: what it wrote would be lost, or hurt
        what its parent writes.
        """
        if os.getpid() != self._process:
            raise ArchiveError(str(self.path), *_OF_PARENT)
        cursor = self._told(super().cursor, factory)
        self._cursors.add(cursor)
        return cursor

    def execute(self, *arguments: Any) -> Any:
        """As sqlite3 does it."""
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        """As sqlite3 does it."""
        return self.cursor().executemany(*arguments)

    def executescript(self, sql_script: str) -> Any:
        """As sqlite3 does it."""
        return self.cursor().executescript(sql_script)

    def _told(self, step: Callable[..., Given], *arguments: Any) -> Given:
        """What a step gives that goes wrong only by how the connection is used."""
        try:
            return step(*arguments)
        except sqlite3.ProgrammingError as error:
            raise named(error, self.path) from error

    def commit(self) -> None:
        """As sqlite3 does it."""
        try:
            super().commit()
        except _RAISED as error:
            if not self.waits_on(error):
                raise named(error, self.path) from error
            self.commit()


@contextmanager
def read_as(
    connection: sqlite3.Connection, text_factory: Callable[[bytes], object]
) -> Iterator[None]:
    """Give texts out as that makes them, for instance those in which a letter is damaged."""
    before, connection.text_factory = connection.text_factory, text_factory
    try:
        yield
    finally:
        connection.text_factory = before


def readable(value: object) -> object:
    """Bytes as the text that they were, with U+FFFD for damaged letters; all else as it is."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def file_of(connection: sqlite3.Connection) -> Path:
    """The file that a connection is to, whatever opened it, and whatever bytes its name has."""
    with read_as(connection, os.fsdecode):
        (name,) = connection.execute(_FILE).fetchone()
    return Path(name)


# (as text, whose bytes are those of the name; those of a blob are in the encoding of the file)
_FILE = "SELECT file FROM pragma_database_list LIMIT 1"


def damaged(connection: sqlite3.Connection, table: str, row: str, what: str) -> ArchiveError:
    """The error that says which row of which table of which archive is damaged."""
    path = name_of(file_of(connection))
    return ArchiveError(path, f"table {table}, {row}: {what}", RESTORE)
