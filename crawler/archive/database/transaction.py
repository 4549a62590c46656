"""All or nothing: one transaction, or a step of the one that is open that can be undone alone."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator


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


@contextmanager
def transaction(
    connection: sqlite3.Connection, *, before_commit: Callable[[], None]
) -> Iterator[None]:
    """Keep what is written inside, or on any error nothing of it.

    `before_commit` runs once, last of all.
    """
    steps = _STEP if connection.in_transaction else _WHOLE
    connection.execute(steps.begin)
    try:
        yield
        if steps is _WHOLE:
            before_commit()
        connection.execute(steps.end)
    except BaseException:
        if connection.in_transaction:  # a full disk may have ended it already
            for statement in steps.undo:
                connection.execute(statement)
        raise
