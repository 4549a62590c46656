"""All or nothing: one transaction, or a step of the one that is open that can be undone alone."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from crawler.archive.database.connection import ArchiveConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    begin: str
    end: str
    undo: tuple[str, ...]


# A read that is followed by a write fails under a plain BEGIN when two processes do it; IMMEDIATE
# makes one wait.
_WHOLE = _Steps(begin="BEGIN IMMEDIATE", end="COMMIT", undo=("ROLLBACK",))
_STEP = _Steps(
    begin="SAVEPOINT step", end="RELEASE step", undo=("ROLLBACK TO step", "RELEASE step")
)
_ENDED = "no such savepoint"


@contextmanager
def transaction(
    connection: ArchiveConnection, *, before_commit: Callable[[], None]
) -> Iterator[None]:
    """Keep what is written inside, or on any error nothing of it.

    `before_commit` runs once, last of all. A file that is no longer in its place is an error.
    """
    if _is_under_way(connection):
        with _undone_on_error(connection, _STEP):
            yield
        return
    with _undone_on_error(connection, _WHOLE):
        connection.check_place()
        yield
        before_commit()
        connection.check_place()
    connection.empty_log()


@contextmanager
def _undone_on_error(connection: ArchiveConnection, steps: _Steps) -> Iterator[None]:
    connection.execute(steps.begin)
    try:
        yield
        connection.execute(steps.end)
    except BaseException:
        if _is_under_way(connection):
            _undo(connection, steps)
        raise


def _undo(connection: ArchiveConnection, steps: _Steps) -> None:
    """Undo a step, or all; Ctrl-C may come when a step has ended: it is undone with the rest."""
    try:
        for statement in steps.undo:
            connection.execute(statement)
    except sqlite3.Error as error:
        if _ENDED not in str(error):
            raise


def _is_under_way(connection: sqlite3.Connection) -> bool:
    """Whether there is a transaction to undo; a full disk may have ended it already.

    So has whoever closed the connection while somebody still read inside: output that cannot be
    written ends a command so.
    """
    try:
        return connection.in_transaction
    except sqlite3.ProgrammingError:
        return False


class ArchivePart:
    """Some tables of an open archive with what is asked of them, such as its queue.

    It reads through the archive's connection and writes in the archive's transactions.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection = connection
        self._transaction = transaction
