"""Copies of a whole archive that are checked before they count, and the way back from one."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from functools import partial
from itertools import count
from typing import TYPE_CHECKING

from crawler.archive.archive import Archive
from crawler.archive.audit import salvage
from crawler.archive.database import (
    LOGS,
    RESTORE,
    acting,
    beside_of,
    check_integrity,
    check_place,
    check_tables,
    connect,
    has_log,
    named,
    our_tables,
    part_of,
    replacing,
    restoring_of,
    transaction,
)
from crawler.archive.files import alone, check_apart, place_of_output
from crawler.archive.saving import ExportedFiles, Paces
from crawler.errors import ArchiveError
from crawler.inputs import is_file, is_there, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from crawler.archive.audit import Salvaged
    from crawler.archive.database import ArchiveConnection

    OnWait = Callable[[float], None] | None

_COUNT = "SELECT count(1) FROM articles"
_OF_WRITING = {
    *(sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR_WRITE),
    *(sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE),
}
"""What SQLite says of a copy that cannot be written; of its original it never does."""

_LISTS_TABLES = (3, 37, 0)
"""The SQLite that first tells what it takes a name for."""

_LEDGER = "_sqlite_migrations"
"""A table that is read, too, and that sqlite-utils makes."""


def back_up(archive: Path, target: Path, *, overwrite: bool = False, on_wait: OnWait = None) -> int:
    """Copy an archive to `target` with SQLite's own backup, and check the copy.

    Others may go on reading and writing meanwhile; where one is in the way, `on_wait` is told how
    many seconds that may take. Returns how many articles the copy has. Raises
    ArchiveError, and leaves what stood at `target`, where the archive cannot be read, the copy is
    not sound, or `target` is there and not to be overwritten, or is no place for a file.
    """
    if is_there(target) and not overwrite:
        raise ArchiveError(str(target), "is there already", "choose another name, or --overwrite")
    check_apart(target, archive)
    place = place_of_output(target)
    check_place(place)
    return _copy(archive, place, wanted=target, on_wait=on_wait)


def restore(archive: Path, source: Path, *, on_wait: OnWait = None) -> tuple[int, Path | None]:
    """Put a backup in the place of the archive, and keep what was there beside it.

    `on_wait` is told where the backup is being written, and how many seconds that may take.
    Returns how many articles it has, and where the file that it replaces is now (None: there was
    none). Raises ArchiveError, with nothing changed, where the backup is not sound, or no archive
    may be put there.
    """
    archive = resolved(archive)  # a link goes on leading there
    check_place(archive)
    with alone(archive):
        return _put_back(archive, source, on_wait)


def _put_back(archive: Path, source: Path, on_wait: OnWait) -> tuple[int, Path | None]:
    """Restore, while no other run does."""
    aside = restoring_of(archive)
    articles = _copy(source, aside, wanted=archive, on_wait=on_wait, before=archive)
    try:
        kept = _put_aside(archive, aside)
    except BaseException:
        with suppress(OSError):
            aside.unlink()
        raise
    return articles, kept


def _put_aside(archive: Path, new: Path) -> Path | None:
    """Put a file in the place of the archive; returns where that is now, None where none was.

    Raises CrawlerError, with everything where it was, where that cannot be done.
    """
    _take_log_in(archive)
    kept = _free_name(archive)
    moves = [  # SQLite would take logs that are left for those of the backup
        (beside_of(archive, ending), beside_of(kept, ending))
        for ending in ("", *LOGS)
        if is_there(beside_of(archive, ending))
    ]
    _move([*moves, (new, archive)])
    return kept if (archive, kept) in moves else None


def _move(moves: Sequence[tuple[Path, Path]]) -> None:
    """Rename files, all of them or none.

    Raises ArchiveError, which says where each file is that cannot be put back either.
    """
    done: list[tuple[Path, Path]] = []
    try:
        for move in moves:
            done.append(move)
            move[0].replace(move[1])
    except OSError as error:
        stuck = _move_back(done[:-1])
        lost = "".join(f", and {file} is {place} now" for file, place in stuck)
        what = f"cannot be replaced: {error.strerror or error}{lost}"
        advice = "move it back by hand" if stuck else "nothing was changed"
        raise ArchiveError(str(moves[-1][1]), what, advice) from error
    except BaseException:  # Ctrl-C
        _move_back(done)
        raise


def _move_back(done: Sequence[tuple[Path, Path]]) -> list[tuple[Path, Path]]:
    """Undo renames, the last one first. Returns those that the disk does not take back."""
    stuck = []
    for file, place in reversed(done):
        try:
            place.replace(file)
        except FileNotFoundError:  # it was not moved yet, as Ctrl-C came
            continue
        except OSError:
            stuck.append((file, place))
    return stuck


def save_readable(
    damaged: Path,
    new: Path,
    told: Callable[[str], None] = lambda _: None,
    on_wait: OnWait = None,
) -> Salvaged:
    """Write what can be read of a damaged archive into a new one, with an index of its own.

    `told` hears each table's name as it begins, `on_wait` where another program is in the way, and
    how many seconds that may take. Returns how many rows of each table were saved and which could
    not be. Raises ArchiveError where `new` is there already or is being written, or `damaged`
    cannot be opened at all; the damaged file is not changed.
    """
    check_apart(new, damaged)
    check_place(new)
    if not is_file(damaged):
        raise ArchiveError(str(damaged), "no such archive", "give the path of an archive's file")
    with alone(new):
        _check_free(resolved(new))
        _check_no_part(damaged, resolved(new))
        connection, problem = _opened(damaged, on_wait)
        with closing(connection):
            if problem and _has_stand_ins(connection):
                raise problem
            connection.execute("BEGIN")  # so that all tables are of one moment, whoever writes
            with _coming(new) as part, Archive.open(part) as archive:
                with archive.transaction():
                    saved = salvage(connection, archive.connection, told)
                    _check_saved(saved, problem)
                    connection.rollback()  # what others may wait for, while an index is built
                archive.connection.execute("PRAGMA journal_mode = DELETE")  # none stays behind
        return saved


@contextmanager
def _coming(new: Path) -> Iterator[Path]:
    """Where an archive is made until it is whole: half of one would be taken for all of it.

    What cannot be written has the name of the file that is wanted.
    """
    place = resolved(new)
    try:
        with replacing(place) as part:
            yield part
            _check_free(place)
    except OSError as error:
        raise _unwritten(new, error) from error
    except ArchiveError as error:
        if error.subject != str(part_of(place)):
            raise
        raise ArchiveError(str(new), error.what, error.advice) from error


def _check_free(archive: Path) -> None:
    """Raises ArchiveError where there is a file; a log may be all that is left of something."""
    for name in filter(is_there, _files_of(archive)):
        raise ArchiveError(str(name), "is there already", "choose another name")


def _opened(damaged: Path, on_wait: OnWait) -> tuple[ArchiveConnection, ArchiveError | None]:
    """A damaged archive, and what SQLite says of its list of tables where that is damaged, too."""
    try:
        return connect(damaged, read_only=True, on_wait=on_wait), None
    except ArchiveError as error:
        if error.advice != RESTORE or sqlite3.sqlite_version_info < _LISTS_TABLES:
            raise
        return connect(damaged, read_only=True, on_wait=on_wait, lenient=True), error


def _has_stand_ins(connection: sqlite3.Connection) -> bool:
    """Whether SQLite has something in the place of a table that may take hours, however listed.

    Of a damaged list it does not look whether the names are those of the statements.
    """
    asked = (f"PRAGMA table_list({table})" for table in (*our_tables(), _LEDGER))
    return any(kind != "table" for one in asked for _, _, kind, *_ in connection.execute(one))


def _check_saved(saved: Salvaged, problem: ArchiveError | None) -> None:
    """Raises the problem of a list of tables because of which there is no article to save."""
    if problem and not saved.rows["articles"]:
        what = f"{problem.what}, and so is its list of tables, by which all else is found"
        raise ArchiveError(problem.subject, what, _NO_LIST) from problem


_NO_LIST = "nothing can be saved of it: put a backup in its place with: crawler restore BACKUP"


def _files_of(archive: Path) -> list[Path]:
    return [beside_of(archive, ending) for ending in ("", *LOGS)]


def _take_log_in(archive: Path) -> None:
    """Bring into a file what its log alone has, where it can be read and nobody has it open.

    Whoever is killed while the two are put aside would part them.
    """
    if not is_file(archive) or not has_log(archive):
        return
    with (
        suppress(ArchiveError),
        closing(connect(archive, read_only=False, timeout=0)) as connection,
    ):
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _free_name(archive: Path) -> Path:
    names = (archive.with_name(f"{archive.name}.replaced-{number}") for number in count(1))
    return next(name for name in names if not any(map(is_there, _files_of(name))))


def _copy(
    source: Path, target: Path, *, wanted: Path, on_wait: OnWait, before: Path | None = None
) -> int:
    """Copy and check; `target` is written only when the copy is sound.

    What cannot be written has the name of the file that is `wanted`. `before` is an archive in
    whose place the copy is to come.
    """
    if not is_file(source):
        raise ArchiveError(str(source), "no such archive", "give the path of an archive's file")
    _check_no_part(source, target)
    try:
        with alone(target):
            _take_log_in(target)  # where it cannot be replaced then, it has lost nothing
            with replacing(target) as part:
                found = _copied(source, part, wanted, on_wait, before)
    except OSError as error:
        raise _unwritten(wanted, error) from error
    return found


def _check_no_part(source: Path, target: Path) -> None:
    """Raises ArchiveError where what is copied lies where its copy is made."""
    part = part_of(target)
    if is_there(part) and part.samefile(source):
        raise ArchiveError(str(source), "is in the way of its own copy", "give it another name")


def _unwritten(wanted: Path, error: OSError) -> ArchiveError:
    what = f"cannot be written: {error.strerror or error}"
    return ArchiveError(str(wanted), what, "check its folder and the free space")


def _copied(source: Path, part: Path, wanted: Path, on_wait: OnWait, before: Path | None) -> int:
    """Copy an archive, and check the copy. Raises ArchiveError where that is not sound."""
    with closing(connect(source, read_only=True, on_wait=on_wait)) as connection:
        check_tables(connection, source)
        connection.execute("BEGIN")  # others may write between what is counted and what is copied
        articles = _counted(connection)
        _copy_pages(connection, part, wanted)
    if before:
        _keep_known(before, part)
    with closing(connect(part, read_only=True)) as copy:
        check_integrity(copy, name=str(source))
        found = _counted(copy)
    if found != articles:
        what = f"has {articles} articles and its copy {found}"
        raise ArchiveError(str(source), what, "run the same command again")
    return found


def _keep_known(before: Path, part: Path) -> None:
    """Let a backup know what was done since it was made: what hosts were asked, what was exported.

    Its own gate would let a run ask at once whoever wants to be left alone, and its manifests would
    take a later document for one that a person changed. An archive that cannot be read, or is of an
    older version, says nothing of it.
    """
    if not is_file(before):
        return
    with (
        suppress(ArchiveError),
        Archive.open(before, read_only=True) as archive,
        closing(connect(part, read_only=False)) as copy,
    ):
        if not any(acting(copy)):
            whole = partial(transaction, copy, before_commit=lambda: None)
            Paces(copy, whole).take_later(archive.pace.by_host())
            ExportedFiles(copy, whole).take(archive.exported)


def _copy_pages(connection: ArchiveConnection, part: Path, wanted: Path) -> None:
    with closing(_made(part, wanted)) as copy:
        try:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # whoever reads it leaves no log beside it
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0)
            hurt = connection.path
            if {code, code & 0xFF} & _OF_WRITING:
                hurt = wanted
            raise named(error, hurt) from error


def _made(part: Path, wanted: Path) -> ArchiveConnection:
    """The copy, where it can be made; what cannot has the name that is wanted."""
    try:
        return connect(part, read_only=False)
    except ArchiveError as error:
        raise ArchiveError(str(wanted), error.what, error.advice) from error


def _counted(connection: sqlite3.Connection) -> int:
    return int(connection.execute(_COUNT).fetchone()[0])
