"""What a visitor's SQL may ask and cost, and what an archive's own views may.

Datasette ends a statement when its time is over, of which SQLite asks between two of its steps. A
call of a function is one step, and some take the product of two lengths: days for two values that
an archive could hold. A thousand steps, after which Datasette asks, may each take a second for one
such value. And a thousand rows of them are more than a machine's memory.
"""

from __future__ import annotations

import re
import weakref
from contextlib import contextmanager
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, Any

from datasette.utils.sqlite import sqlite3  # type: ignore[import-untyped]

from crawler.browse.indexes import Guarded, guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_WORK = 1 << 28
"""The product of the lengths of what a function is given: a long text, and some hundred words."""

MOST_BYTES = 64 << 20
"""Of the values of one answer as JSON has them, of which a server's memory holds some seven times.

The longest thousand of 2,100 real articles have 28 MB.
"""

MOST_COLUMNS = 100
"""Of one answer: a page writes some hundred bytes for each cell, and nobody is served meanwhile"""

MOST_OF_ROW = 256 << 20
"""Of a row that is alone: the longest article, which a page shows"""

MOST_GIVEN = 16
"""Values that a function is given: those of JSON look through all of a text for each of 125"""

MOST_STEPS = 50
"""After which the time is looked at; some ten calls of functions. Fewer cost a half more."""

MOST_HEAP = 512 << 20
"""Bytes that SQLite may take for all that is asked at once; a text is copied some three times"""

# name -> how many values it is given where it takes the product of their lengths
_PRODUCTS = {
    "glob": (2,),
    "instr": (2,),
    "json_patch": (2,),
    "jsonb_patch": (2,),
    "like": (2, 3),
    "ltrim": (2,),
    "replace": (3,),
    "rtrim": (2,),
    "trim": (2,),
    "unhex": (2,),
}
_FORMATS = ("format", "printf")
"""Functions that write each value as wide, and as precisely, as its format says"""

MOST_WRITTEN = 1 << 24
"""Of what one of them writes: SQLite makes `%.2000000000c` before it looks at its length"""

MOST_OF_FORM = 1 << 16
"""Of such a format, which is read here, while nobody else is served"""

_DIRECTIVE = re.compile("%[-+ #!,.*l0-9]++")  # up to the letter that says what is written
_DIGITS = re.compile("[0-9]+", re.ASCII)
_NUMBER = re.compile(r"\s*+[-+]?([0-9]{1,300}(?:\.[0-9]{0,300}+)?(?:[eE]\+?[0-9]{1,3})?)", re.ASCII)

_KNOWN = "SELECT DISTINCT name FROM pragma_function_list"

_SQUARES = frozenset({"highlight", "matchinfo", "offsets", "snippet"})
"""Functions of full-text indexes, FTS5's and those of older ones, that no limit of time ends.

They take the square of the places where a text holds what is searched for, or of the words of that.
Nothing can be registered in their place; and of an index of ours they show other words than those
that were found, which `fts_snippet` does not.
"""

_UNSAFE = frozenset({"fts3_tokenizer"})
"""Functions that give an address in memory away, or call what stands at one.

SQLite has it call none but what is bound, as everything is that stands behind `:name` in a
visitor's SQL.
"""

_MODULES = frozenset({"fts3tokenize", "sqlite_stmt"})
"""Tables of SQLite's own: of what `fts3_tokenizer` was given, and of others' statements"""

_REFUSED = "not authorized: SQL may show the rank of an index, or sort by it, and no more"


class _Cursor(sqlite3.Cursor):  # type: ignore[misc]
    """A cursor that asks no index for what its rank may not be."""

    def execute(self, sql: str, *values: Any) -> Any:
        """As sqlite3 has it."""
        connection = self.connection
        if not connection.is_ours and connection.guarded.refuses(sql):
            raise sqlite3.OperationalError(_REFUSED)
        return super().execute(sql, *values)


class Connection(sqlite3.Connection):  # type: ignore[misc]
    """A connection that asks often enough whether its time is over."""

    guarded = Guarded()
    """What a visitor may not read there"""

    is_ours = False
    """Whether what it is asked are our own statements, and no visitor's"""

    def set_progress_handler(self, handler: Callable[[], Any] | None, n: int) -> None:
        """As sqlite3 has it, after no more than `MOST_STEPS`."""
        super().set_progress_handler(handler, min(n, MOST_STEPS))

    def cursor(self, factory: Any = _Cursor) -> Any:
        """As sqlite3 has it."""
        return super().cursor(factory)


@contextmanager
def our_own(connection: Any) -> Iterator[None]:
    """Let statements of ours read what is refused to a visitor's."""
    connection.is_ours = True
    try:
        yield
    finally:
        connection.is_ours = False


def _permission(hidden: Guarded) -> Callable[..., int]:
    """Whether a statement may do something, as SQLite asks before it runs."""

    def permit(
        action: int, first: str | None, second: str | None, _: str | None, by: str | None
    ) -> int:
        if action == sqlite3.SQLITE_FUNCTION:
            is_refused = str(second).lower() in _SQUARES | _UNSAFE
        elif action == sqlite3.SQLITE_READ:
            is_refused = str(first).lower() in _MODULES or hidden.hides(first, second, by)
        else:
            is_refused = False
        permission: int = sqlite3.SQLITE_DENY if is_refused else sqlite3.SQLITE_OK
        return permission

    return permit


def bound_functions(connection: Any) -> Any:
    """Have functions of SQLite refuse what takes too long; returns where they are asked now.

    That is a connection of its own, to be closed with the other.
    """
    connection.guarded = guarded(connection)
    connection.set_authorizer(_permission(connection.guarded))
    plain = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    known = {name for (name,) in plain.execute(_KNOWN)}  # older versions have fewer
    for name, counts in _PRODUCTS.items():
        if name not in known:
            continue
        for count in counts:
            function = _bounded(plain, name, count)
            connection.create_function(name, count, function, deterministic=True)
    for name in known.intersection(_FORMATS):
        connection.create_function(name, -1, _format(plain, name), deterministic=True)
    return plain


def _format(plain: Any, name: str) -> Callable[..., Any]:
    def function(*values: Any) -> Any:
        if _is_long(*values) or sum(_widths(*values)) > MOST_WRITTEN:
            raise ValueError(name)
        statement = f"SELECT {name}({', '.join('?' * len(values))})"
        return plain.execute(statement, values).fetchone()[0]

    return function


def _is_long(form: Any = "", *_: Any) -> bool:
    return _length(form) > MOST_OF_FORM


def _widths(form: Any = "", *values: Any) -> Iterator[float]:
    """How wide, or precise, values may be written: as the format says, or some of them for `*`."""
    directives = " ".join(_DIRECTIVE.findall(_as_text(form)))
    yield from map(int, _DIGITS.findall(directives))
    if "*" in directives:
        numbers = filter(None, map(_NUMBER.match, map(_as_text, values)))
        yield from (float(number[1]) for number in numbers)


def _as_text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _bounded(plain: Any, name: str, count: int) -> Callable[..., Any]:
    statement = f"SELECT {name}({', '.join('?' * count)})"

    def function(*values: Any) -> Any:
        first, second = (_length(value) for value in values[:2])
        if first * second > MOST_WORK:
            raise ValueError(name)  # which SQLite says in its own words
        return plain.execute(statement, values).fetchone()[0]

    return function


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str | bytes) else 1


def bound_heap(most: int = MOST_HEAP) -> None:
    """Have SQLite refuse, in this process, to take more memory than that: it fails in words.

    A search of as many words as an address holds, or SQL makes, took gigabytes within one step.
    """
    connection = sqlite3.connect(":memory:")
    connection.execute(f"PRAGMA hard_heap_limit = {most}")
    connection.close()


class Rows:
    """Makes the rows of a connection, as long as those of one answer are not too much."""

    def __init__(self) -> None:
        self._cursor: Callable[[], Any] = lambda: None
        self._bytes = 0

    def __call__(self, cursor: Any, row: tuple[Any, ...]) -> Any:
        """As sqlite3 asks for a row. Raises OperationalError where it is one too many."""
        if len(row) > MOST_COLUMNS:
            raise sqlite3.OperationalError(f"more than {MOST_COLUMNS} columns in one answer")
        if getattr(cursor.connection, "is_ours", False):  # which asks for what a page shows
            return sqlite3.Row(cursor, row)
        is_first = self._cursor() is not cursor
        if is_first:
            self._cursor, self._bytes = weakref.ref(cursor), 0
        self._bytes += sum(map(_bytes_in_json, row))
        most = MOST_OF_ROW if is_first else MOST_BYTES
        if self._bytes > most:
            raise sqlite3.OperationalError(f"more than {most >> 20} MB in one answer")
        return sqlite3.Row(cursor, row)


def _bytes_in_json(value: Any) -> int:
    """A letter that is not of ASCII, or shows nothing, is written by its number; of many, about."""
    if not isinstance(value, str) or (value.isascii() and value.isprintable()):
        return _length(value)
    return 6 * len(value) if len(value) > _MOST_COUNTED else len(encode_basestring_ascii(value))


_MOST_COUNTED = 1 << 18  # letters, which are written for that
