"""Opens the database.

Checks that it is ours, brings it up to date after a backup, and says what is wrong in words.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from crawler.archive.database.additions import acting, altered_views, stand_ins
from crawler.archive.database.connection import UNFINISHED, ArchiveConnection, named
from crawler.archive.database.logs import check_log
from crawler.archive.database.place import Place
from crawler.archive.database.schema import MIGRATIONS, version_of
from crawler.archive.database.statistics import drop_statistics
from crawler.archive.database.unfinished import beside_of, check_journal, take_back, without_link
from crawler.archive.search import defend
from crawler.errors import ArchiveError, InputError, StrangeArchive
from crawler.inputs import (
    is_file,
    is_folder,
    is_held,
    is_there,
    name_of,
    objection,
    size_of,
    uri_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from crawler.archive.database.additions import Addition

LOGS = ("-wal", "-shm", "-journal")
"""How the names of the files end that SQLite keeps beside a database."""
BUSY_TIMEOUT = 60.0  # seconds that one process waits for another's transaction
SILENCE = 1.0  # seconds of that which nobody need be told of
# the inner pages of every index; with SQLite's 2 MB saving 50,000 articles takes a tenth longer
CACHE_KIB = 64 << 10

MAX_VALUE = 128 << 20
"""Bytes of one row at most, so that none that was made to be read fills memory."""

# SQLite 3.7.0 to 3.51.2 can lose a transaction when a WAL file is started over while another
# connection reads; these releases carry the correction. DELETE with synchronous FULL costs nothing
# measurable here.
_WAL_CORRECTED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


@contextmanager
def _files_named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _unopened(path, f"cannot be opened: {error.strerror or error}") from error
    except InputError as error:
        raise _unopened(path, error.what) from error


def _unopened(path: Path, what: str) -> ArchiveError:
    return ArchiveError(str(path), what, "check the path, its permissions and the free space")


def open_database(
    path: Path,
    *,
    read_only: bool,
    create: bool,
    timeout: float = BUSY_TIMEOUT,
    on_wait: Callable[[float], None] | None = None,
) -> ArchiveConnection:
    """Open an archive, made or brought up to date where that is needed and allowed.

    `on_wait` is told once, where another program is in the way, how many seconds that may take.

    Raises ArchiveError, with nothing written, where the file is missing, not ours, newer, locked or
    unusable.
    """
    with _files_named(path):
        _check_path(path, create=create and not read_only)
        _check_files(path)
        check_log(path)
        connection = connect(path, read_only=read_only, timeout=timeout, on_wait=on_wait)
        try:
            _check_ours(connection, path)
            _check_additions(connection, path, read_only=read_only)
            _bring_up_to_date(connection, path, read_only=read_only)
            _refuse_first(altered_views(connection), path)
        except BaseException:
            connection.close()
            raise
    return connection


def _check_path(path: Path, *, create: bool) -> None:
    try:
        is_name = "\0" not in str(path) and bool(os.fsencode(path))
    except UnicodeEncodeError:
        is_name = False
    if not is_name:
        raise ArchiveError(repr(str(path)), "is no name of a file", "choose another path")
    _check_no_log(path)
    if is_there(path):
        return
    if is_there(restoring_of(without_link(path))):
        raise ArchiveError(str(path), _HALF_RESTORED, _RESTORE_AGAIN)
    if not create:
        raise ArchiveError(
            str(path), "no such archive", "make one with: crawler reclean, or crawler fetch URL"
        )
    if not is_folder(path.absolute().parent):
        raise ArchiveError(
            str(path), f"there is no folder {path.parent}", "make it, or choose another path"
        )
    if has_log(path):
        raise ArchiveError(str(path), _LEFT_LOG, _PUT_BACK)


def check_place(path: Path) -> None:
    """Raises ArchiveError where no archive may be put: at a folder, a device, another one's log."""
    what = objection(path)
    if what:
        raise ArchiveError(name_of(path), what, "give the path of a database file")
    _check_no_log(path)


def _check_no_log(path: Path) -> None:
    names = (path.name.removesuffix(log) for log in LOGS if path.name.endswith(log))
    for database in (path.with_name(name) for name in names if name):
        if is_file(database):  # a folder has no log
            what = f"is where SQLite keeps the log of {name_of(database)}, and removes it"
            raise ArchiveError(str(path), what, "choose another path")


_HALF_RESTORED = "is not there: a restore was killed before the backup took its place"
_RESTORE_AGAIN = "run crawler restore BACKUP again; what it replaces lies beside, as .replaced-1"
_LEFT_LOG = "is not there, but a log that holds what was written to it (its -wal or -journal) is"
_PUT_BACK = "put the archive that it is of back beside it, or the log away if that has all it needs"


def stands_still(path: Path) -> bool:
    """Whether a database must be read as one that nobody changes.

    One that is kept with a write-ahead log is read with that and its index beside it. Where there
    are none, and none can be made in the folder, SQLite reads it in no other way. Raises
    ArchiveError where a log lies there without its index.
    """
    path = without_link(path)
    if os.access(path.parent, os.W_OK) or is_there(beside_of(path, "-shm")) or not _keeps_log(path):
        return False
    if has_log(path):
        raise ArchiveError(str(path), *UNFINISHED)
    return True


def has_log(path: Path) -> bool:
    """Whether a log with something in it lies beside a database: a part of what that holds."""
    logs = (beside_of(without_link(path), ending) for ending in ("-wal", "-journal"))
    return any(size_of(log) for log in logs)


def _keeps_log(path: Path) -> bool:
    if is_held(path):  # by whoever reads it in another thread, and would lose its lock
        return _is_refused(path)
    try:
        with path.open("rb") as file:
            return file.read(_LOGGED + 1)[_LOGGED:] == b"\2"
    except OSError:
        return False


def _is_refused(path: Path) -> bool:
    """Whether SQLite does not read a file for it can make no log, nor see to one that was left."""
    uri = f"{uri_of(path.absolute())}?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=0)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()  # reads a number of its head
    except sqlite3.Error as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
    return False


_LOGGED = 18  # the byte of a database's head that is 2 where it is kept with a write-ahead log


def _logs_of(path: Path) -> list[Path]:
    return [beside_of(path, ending) for ending in LOGS]


def _check_files(path: Path) -> None:
    """SQLite would wait for ever at a pipe, also at one in the place of its journal."""
    for file in (path, *_logs_of(without_link(path))):
        what = objection(file)
        if what:
            raise ArchiveError(name_of(file), what, "give the path of a database file")
    check_journal(path)


def connect(
    path: Path,
    *,
    read_only: bool,
    timeout: float = BUSY_TIMEOUT,
    on_wait: Callable[[float], None] | None = None,
    lenient: bool = False,
) -> ArchiveConnection:
    """Connect to a file, whatever it holds. Raises ArchiveError where it cannot be opened.

    `lenient`: also where its list of tables is damaged, without those that this says nothing of.
    """
    mode = "ro" if read_only else "rwc"
    with _files_named(path):
        _check_files(path)
        if read_only:
            take_back(path, timeout=min(timeout, SILENCE))
        unchanging = read_only and stands_still(path)
        mode += "&immutable=1" * unchanging
    uri = f"{uri_of(path.absolute())}?mode={mode}"
    at_first = min(timeout, SILENCE) if on_wait else timeout
    try:
        connection = sqlite3.connect(
            uri,
            uri=True,
            timeout=at_first,
            isolation_level=None,
            cached_statements=256,
            factory=ArchiveConnection,
        )
    except sqlite3.Error as error:
        raise named(error, path) from error
    connection.path, connection.patience, connection.on_wait = path, timeout, on_wait
    try:
        with _files_named(path):
            # before anything is read, for which a lock is waited: meanwhile it may be moved
            connection.place = Place(path, unchanging=unchanging)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
        if lenient:  # before the list is read
            connection.execute("PRAGMA writable_schema = ON")
        # no function of ours, nor one that is not harmless, may be called by the file itself
        connection.execute("PRAGMA trusted_schema = OFF")
        defend(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA recursive_triggers = ON")  # a row that is replaced is deleted
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    strange = MIGRATIONS.strange(connection)
    if strange:
        what = f"was made by a newer version of this program ({strange[-1]})"
        raise ArchiveError(str(path), what, "update the program; nothing was written")
    table = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()
    if table and not version_of(connection):
        what = f"is a database, but no archive of ours (it has a table {table[0]})"
        raise ArchiveError(str(path), what, "give another path; nothing was written")


def check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Raises ArchiveError where something else stands in the place of a table or column of ours."""
    _refuse_first(stand_ins(connection), path)


def _check_additions(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    check_tables(connection, path)
    if not read_only:
        _refuse_first(acting(connection), path, StrangeArchive)


def _refuse_first(
    additions: Iterator[Addition], path: Path, error: type[ArchiveError] = ArchiveError
) -> None:
    for found in additions:
        what = f"holds something that is not ours: {found.name} {found.what}"
        raise error(str(path), what, _WITHOUT)


_WITHOUT = (
    "nothing was written; drop it if you made it,"
    " or save the articles without it: crawler audit --salvage NEW.db"
)


def _bring_up_to_date(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
    pending = MIGRATIONS.pending(connection)
    if read_only:
        if pending:
            advice = "any command that writes brings it up to date, such as crawler reclean"
            raise ArchiveError(str(path), "was made by an older version of this program", advice)
        return
    _set_journal(connection)
    drop_statistics(connection)
    if not pending:
        return
    # two processes that open a new archive, or an older one, at once take turns
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection)
        if version and MIGRATIONS.pending(connection):
            back_up(path, path.with_name(f"{path.name}.bak-{version}"))
        MIGRATIONS.apply(connection)
        connection.commit()
    except BaseException:
        connection.rollback()
        raise


def _set_journal(connection: sqlite3.Connection) -> None:
    if not has_safe_wal(sqlite3.sqlite_version_info):
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = FULL")
        return
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def sqlite_build() -> tuple[str, bool]:
    """SQLite's version, and whether it was built with full-text search."""
    with closing(sqlite3.connect(":memory:")) as database:
        options = {option for (option,) in database.execute("PRAGMA compile_options")}
    return sqlite3.sqlite_version, "ENABLE_FTS5" in options


def has_safe_wal(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite has the correction of the WAL-reset bug."""
    return version >= _WAL_CORRECTED[0] or any(
        version[:2] == corrected[:2] and version >= corrected for corrected in _WAL_CORRECTED
    )


def back_up(path: Path, target: Path) -> None:
    """Copy the whole database with SQLite's own backup, as it was before a transaction at hand.

    An older backup of the same name is kept as it is. Raises ArchiveError where it cannot be
    written.
    """
    if is_there(target):
        return
    try:
        with (
            closing(sqlite3.connect(path)) as source,  # one that writes gives no copy
            replacing(target) as part,
            closing(sqlite3.connect(part)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error as error:
        raise named(error, target) from error


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A place for a database's copy, which takes that of the target where the block ends well.

    No log is left of the copy, nor of what stood at the target: SQLite would take that for one of
    the copy.
    """
    part = part_of(target)
    _remove(part, *_logs_of(part))  # what a run left that was killed
    try:
        yield part
        _remove(*_logs_of(target))
        part.replace(target)
    finally:
        _remove(part, *_logs_of(part))


def restoring_of(archive: Path) -> Path:
    """What a backup is called until it takes the place of an archive."""
    return archive.with_name(f".{archive.name}.crawler-restoring")


def part_of(target: Path) -> Path:
    """What a copy is called until it is whole: a name that is nobody's but ours."""
    return target.with_name(f".{target.name}.crawler-part")


def _remove(*paths: Path) -> None:
    for path in paths:
        with suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()
