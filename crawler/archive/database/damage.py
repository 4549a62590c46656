"""Reads a table though part of it is damaged.

Gives every row that can be read, and the numbers of those that cannot.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from crawler.archive.database.connection import damaged
from crawler.archive.database.schema import MIGRATIONS
from crawler.article import Kind, Origin, State
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Row = TypeVar("Row", bound=tuple[Any, ...])

OUT_OF_PLACE = "its number is not in its place"
_STRIDE = 256  # rows that are read at once; one that fails is halved until the culprits are alone
# letters and bytes of them: an archive may hold texts of 1 MB one after the other
_AT_ONCE = 8 << 20
_FEW = 8  # rows, after which these are counted
# The highest number that is believed, also where it cannot be read. So far from the end, and where
# so many strides gave none, rows are not asked for one by one.
FURTHEST = 1 << 40
_FAR = 1 << 22
_DRY = 16
_NOT_OURS = ("_", "sqlite_")  # what SQLite and sqlite-utils keep for themselves
_BLANKS: dict[str, object] = {"TEXT": "", "INTEGER": 0}
_BEYOND = 1 << 63  # SQLite's numbers have 64 bits
_TYPES: dict[str, type | tuple[type, ...]] = {
    "TEXT": str,
    "INTEGER": int,
    "REAL": (float, int),
    "BLOB": bytes,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as our migrations make it."""

    name: str
    type: str
    required: bool
    default: str | None = None  # as SQL writes it
    key: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is the number of its row."""
        return self.key and self.type == "INTEGER"

    def takes(self, value: object) -> bool:
        """Whether a value may stand in it."""
        if value is None:
            return not self.required
        if isinstance(value, int) and not -_BEYOND <= value < _BEYOND:
            return False
        return isinstance(value, _TYPES[self.type])

    def filled(self) -> object:
        """What stands in it where a row does not say: its default, or None. Raises ValueError."""
        if self.default is None and self.required:
            raise ValueError(f"lacks {self.name}")
        if self.default is None or self.type != "TEXT":
            return None if self.default is None else int(self.default)
        return self.default[1:-1]  # between its quotes

    def blank(self) -> object:
        """What stands in it where its table has no such column.

        Raises ValueError where a row says nothing without it.
        """
        if self.default is None and self.required and self.type in _BLANKS and not self.key:
            return _BLANKS[self.type]
        return self.filled()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A row that cannot be read, or that holds what no row of ours does."""

    table: str
    row: int
    why: str
    last: int = 0  # of several rows that are told as one


def our_tables() -> Mapping[str, tuple[Column, ...]]:
    """Every table of an archive of this version, with its columns in their order."""
    return _tables(None)


def tables_at(connection: sqlite3.Connection) -> Mapping[str, tuple[Column, ...]]:
    """The same of an archive of the version that a database is of; of this one if none is told.

    That is what its latest migration tells: of those before it damage may have taken some.
    """
    try:
        return _tables(MIGRATIONS.latest(connection))
    except sqlite3.DatabaseError:
        return _tables(None)


@cache
def _tables(latest: str | None) -> Mapping[str, tuple[Column, ...]]:
    """What the migrations make up to one, or all."""
    with _empty_archive(latest) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            table: tuple(
                Column(
                    name=name,
                    type=kind,
                    required=bool(required or key),
                    default=default,
                    key=bool(key),
                )
                for _, name, kind, required, default, key in connection.execute(
                    f"PRAGMA table_info({table})"
                )
            )
            for (table,) in names.fetchall()
            if not table.startswith(_NOT_OURS)
        }


@cache
def our_objects() -> Mapping[str, str]:
    """Every table, view and index that our migrations make, and which of these it is."""
    with _empty_archive() as connection:
        rows = connection.execute("SELECT name, type FROM sqlite_master").fetchall()
        return {name: kind for name, kind in rows if not name.startswith(_NOT_OURS)}


@cache
def our_statements() -> Mapping[str, str]:
    """The statement with which our migrations make each table, view and index."""
    with _empty_archive() as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql <> ''")
        return dict(rows.fetchall())


@cache
def our_keys() -> Mapping[str, frozenset[str]]:
    """The keys of every table that our migrations make, in words; see `keys_of`."""
    with _empty_archive() as connection:
        return {table: keys_of(connection, table) for table in our_tables()}


def keys_of(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    """Which columns of a table stand but once together, and which refer to what, in words."""
    told = connection.execute(f"PRAGMA table_info({table})").fetchall()
    place = {name: place for _, name, *_, place in told if place}
    keys = {", ".join(sorted(place, key=place.__getitem__))}
    indexes = connection.execute(f"PRAGMA index_list({table})").fetchall()
    for name in (name for _, name, unique, origin, _ in indexes if unique and origin == "u"):
        asked = "SELECT name FROM pragma_index_info(?) ORDER BY seqno"
        keys.add(", ".join(str(column) for (column,) in connection.execute(asked, (name,))))
    told = connection.execute(f"PRAGMA foreign_key_list({table})").fetchall()
    references = {
        f"the reference of {column} to {other} (on update: {on_update})".lower()
        for _, _, other, column, _, on_update, *_ in told
    }
    return frozenset({f"the key ({key})" for key in keys if key} | references)


@contextmanager
def _empty_archive(latest: str | None = None) -> Iterator[sqlite3.Connection]:
    """An archive of this version, or of the one with that migration as its latest, in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        MIGRATIONS.make(connection, latest)
        yield connection


def each_row(
    connection: sqlite3.Connection,
    table: str,
    names: tuple[str, ...] = (),
    on_read: Callable[[int], object] = lambda _: None,
) -> Iterator[tuple[Any, ...] | Lost]:
    """The rows of a table of ours in the order of their numbers, those columns or all of them.

    One that cannot be read, or in which a column holds what it may not, comes as `Lost`; `on_read`
    hears the number of each other one. Raises ArchiveError where the table cannot be found at all.
    """
    columns = tuple(column for column in our_tables()[table] if not names or column.name in names)
    ordered = columns
    if names:
        ordered = tuple(sorted(columns, key=lambda column: names.index(column.name)))
    listed = ", ".join(column.name for column in ordered)
    number = number_of(connection, table)
    query = f"SELECT {number}, {listed} FROM {table} WHERE {number}"  # noqa: S608
    start, high = _bounds(connection, table)
    dry = 0
    while start <= high:
        found, last = 0, min(start + _STRIDE - 1, high)
        for row in _stretch(connection, query, start, last):
            if isinstance(row, Lost):
                yield replace(row, table=table)
                continue
            found += 1
            on_read(row[0])
            yield _checked(table, ordered, row)
        dry = 0 if found else dry + 1
        start = last + 1 if found else _next(connection, table, last + 1) or last + 1
        if dry >= _DRY and high - start >= _FAR:
            dry, behind = 0, _behind(connection, table, start, high)
            if behind > start:
                why = f"rows up to {behind - 1} cannot be read"
                yield Lost(table=table, row=start, why=why, last=behind - 1)
            start = behind


def number_of(connection: sqlite3.Connection, table: str) -> str:
    """What SQLite calls the numbers of a table's rows, where a column hides its usual names."""
    taken: set[str] = set()
    with suppress(sqlite3.Error):  # of what is damaged the rows tell more
        told = connection.execute(f"PRAGMA table_info({table})")
        taken = {str(name).lower() for _, name, *_ in told}
    return next((name for name in NUMBERS if name not in taken), NUMBERS[0])


NUMBERS = ("rowid", "_rowid_", "oid")


def _next(connection: sqlite3.Connection, table: str, number: int) -> int | None:
    """The first row from a number on; None where a damaged table does not tell."""
    try:
        name = number_of(connection, table)
        query = f"SELECT min({name}) FROM {table} WHERE {name} >= ?"  # noqa: S608
        (found,) = connection.execute(query, (number,)).fetchone()
    except sqlite3.Error:
        return None
    if found is None:
        return FURTHEST + 1
    return found if found >= number else None


def _behind(connection: sqlite3.Connection, table: str, number: int, high: int) -> int:
    """Where, from a number on, a damaged table tells of rows again, less a stride at most."""
    reach, step = number, _STRIDE
    while _next(connection, table, reach) is None:
        if reach == high:
            return high + 1
        number, reach, step = reach, min(reach + step, high), step * 2
    while reach - number > _STRIDE:
        middle = (number + reach) // 2
        if _next(connection, table, middle) is None:
            number = middle
        else:
            reach = middle
    return number


def in_order(
    connection: sqlite3.Connection, table: str, some: Callable[[int], Sequence[Row]]
) -> Iterator[Row]:
    """All rows that `some` gives, a few at a time, so that others may write in between.

    `some(after)` is the rows that come next after a number, which is their first column. Raises
    ArchiveError where numbers do not rise: whoever went on would read a damaged table forever.
    """
    last = -1 << 63
    while rows := some(last):
        number = rows[-1][0]
        if number <= last:
            raise damaged(connection, table, str(number), OUT_OF_PLACE)
        last = number
        yield from rows


def _stretch(
    connection: sqlite3.Connection, query: str, first: int, last: int
) -> Iterator[tuple[Any, ...] | Lost]:
    """The rows between two numbers; a stretch that fails is halved until one row is alone.

    That one is asked for by its number: to the end of a stretch SQLite looks at the next row, too.
    Where numbers do not rise the stretch ends: a page that stands in its table again and again has
    rows without end.
    """
    spans = [(first, last)]
    while spans:
        first, last = spans.pop()
        is_cut = False
        try:
            if first == last:
                rows = connection.execute(f"{query} = ?", (first,)).fetchall()
            else:
                asked = connection.execute(f"{query} BETWEEN ? AND ? ORDER BY 1", (first, last))
                rows, is_cut = some_of(asked, last - first + 2)
        except sqlite3.Error as error:
            if first == last:
                yield Lost(table="", row=first, why=_words(error))
            else:
                middle = (first + last) // 2
                spans += [(middle + 1, last), (first, middle)]
            continue
        risen = list(_rising(rows))
        if is_cut and not isinstance(risen[-1], Lost) and first <= rows[-1][0] < last:
            spans.append((rows[-1][0] + 1, last))
        yield from risen


def some_of(asked: sqlite3.Cursor, most: int) -> tuple[list[tuple[Any, ...]], bool]:
    """So many rows at the most, fewer of large ones; and whether that is so. The statement ends."""
    rows: list[tuple[Any, ...]] = []
    size = 0
    while size < _AT_ONCE and len(rows) < most:  # to ask for none gives all, in older Pythons
        few = asked.fetchmany(min(_FEW, most - len(rows)))
        if not few:
            break
        rows += few
        size += sum(len(value) for row in few for value in row if isinstance(value, str | bytes))
    asked.close()
    return rows, size >= _AT_ONCE


def _rising(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...] | Lost]:
    last = None
    for row in rows:
        if last is not None and row[0] <= last:
            yield Lost(table="", row=row[0], why=OUT_OF_PLACE)
            return
        last = row[0]
        yield row


def _bounds(connection: sqlite3.Connection, table: str) -> tuple[int, int]:
    """The lowest and the highest number of a table's rows, as its pages or an index have them.

    An index, which SQLite asks, may lack rows that stand in the table, if its last write never came
    to the disk. It tells of an end of the table that is damaged, unless rows behind can be read.
    """
    name = number_of(connection, table)
    try:
        told = connection.execute(f"SELECT min({name}), max({name}) FROM {table}").fetchone()  # noqa: S608
    except sqlite3.Error as error:
        if "lacks a part" in str(error):
            raise
        return 1, FURTHEST
    for end in ("min", "max"):
        with suppress(sqlite3.Error):
            asked = f"SELECT {end}({name}) FROM {table} NOT INDEXED"  # noqa: S608
            told += connection.execute(asked).fetchone()
    ends = sorted(filter(None, told)) or [1, 0]
    low, high = max(ends[0], 1), min(ends[-1], FURTHEST)  # a damaged one may be any number
    goes_on = len(told) < 4 and (_next(connection, table, high + 1) or FURTHEST) < FURTHEST
    return low, FURTHEST if goes_on else high


def check_row(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], row: tuple[Any, ...]
) -> None:
    """Raises ArchiveError where a row of a table of ours holds what its columns may not."""
    for (column, words), value in zip(_allowed(table, names), row, strict=True):
        if not column.takes(value) or (words and value not in words):
            what = f"column {column.name} holds what it may not"
            raise damaged(connection, table, str(row[0]), what)


@cache
def _allowed(table: str, names: tuple[str, ...]) -> tuple[tuple[Column, frozenset[str]], ...]:
    """What each of some columns takes: its type, and the words that it is one of, if any."""
    columns = {column.name: column for column in our_tables()[table]}
    return tuple((columns[name], _WORDS.get((table, name), frozenset())) for name in names)


_WORDS: dict[tuple[str, str], frozenset[str]] = {
    ("articles", "state"): frozenset(State),
    ("articles", "kind"): frozenset(Kind),
    ("articles", "origin"): frozenset(Origin),
    ("seeds", "state"): frozenset(State),
}
"""Columns in which one of a few words stands."""


def _checked(
    table: str, columns: tuple[Column, ...], row: tuple[Any, ...]
) -> tuple[Any, ...] | Lost:
    wrong = [
        column.name
        for column, value in zip(columns, row[1:], strict=True)
        if not column.takes(value)
    ]
    if wrong:
        why = f"column {wrong[0]} holds what it may not"
        return Lost(table=table, row=row[0], why=why)
    return row[1:]


def _words(error: Exception) -> str:
    return error.what if isinstance(error, ArchiveError) else str(error)
