"""Saves what can be read of a damaged archive into a new one."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from crawler.archive.audit.mends import MENDS
from crawler.archive.audit.regained import KEYS, misnamed, regained
from crawler.archive.audit.schema import find_others
from crawler.archive.audit.shown import has_promotion, is_part, undamaged, whole_of
from crawler.archive.database import (
    FURTHEST,
    OUT_OF_PLACE,
    Lost,
    as_they_stand,
    each_row,
    fill_mentions,
    insert,
    is_out_of_order,
    number_of,
    numbers_in_index,
    our_tables,
    read_as,
    readable,
    stand_ins,
    tables_at,
)
from crawler.archive.reading import body_of
from crawler.archive.saving import show_best
from crawler.article import sha256
from crawler.characters import LOST
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from crawler.archive.audit.regained import Read
    from crawler.archive.database import Column

# What others hang on comes first, so that a row whose article is lost is told as lost, too.
_FIRST = ("articles", "images")
# Of which words are keys; with any other key that is damaged nothing would find its row.
_OF_A_PERSON = ("reader_notes", "reader_tags")
_ORPHAN = "its article could not be read"
_IN_VAIN = "an index has its number, by which nothing is found"
_ORDER = "its rows are not in the order of their numbers, and were read as they stand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Salvaged:
    """How many rows of each table were saved, and what could not be."""

    rows: Counter[str] = field(default_factory=Counter)
    lost: list[Lost] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    """Tables and columns that somebody else added, which are left behind."""


def salvage(
    damaged: sqlite3.Connection,
    new: sqlite3.Connection,
    told: Callable[[str], None] = lambda _: None,
) -> Salvaged:
    """Copy every row that can be read from a damaged archive into a new, empty one.

    `told` hears each table's name as it begins. What cannot be read, what holds what no row of
    ours does, and what hangs on an article that is lost is listed. What an older version did not
    have is none of that: it is as if the archive had been brought up to date. The caller holds
    the transaction, and builds the index.
    """
    result = Salvaged(others=find_others(damaged))
    theirs = tables_at(damaged)
    rest = sorted(our_tables().keys() - {*_FIRST})
    anew: list[str] = []
    for table in (*_FIRST, *rest):
        told(table)
        for item in _rows(damaged, table, theirs):
            lost = item if isinstance(item, Lost) else _insert(new, table, item, result.lost)
            if lost is None:
                result.rows[table] += 1
            else:
                result.lost.append(lost)
        if table == "articles":
            anew = _regain(new, partial(_named_rows, damaged, theirs), result)
    for article_id in anew:
        with suppress(ArchiveError):  # else it shows its newest
            show_best(new, article_id)
    new.execute(_TO_READ)
    _bodies_anew(damaged, new)
    is_tallied = all(lost.table != "removed" for lost in result.lost)
    result.lost.extend(_unflip(damaged, new, is_tallied=is_tallied))
    if "mentions" not in theirs:
        fill_mentions(new)
    return result


# Of a row that is made anew its file says more.
_TO_READ = """
    UPDATE seeds SET cleaner_version = 0
    WHERE article_id IN (SELECT id FROM articles WHERE cleaner_version = 0)
"""


def _regain(new: sqlite3.Connection, read: Read, result: Salvaged) -> list[str]:
    """Make rows for articles whose own are lost: nothing that hangs on them would be saved.

    One whose key alone is damaged gets it back. Returns the keys of those made anew with a text.
    """
    anew: list[str] = []
    there = {found for (found,) in new.execute("SELECT id FROM articles")}
    names = [column.name for column in our_tables()["articles"]]
    is_whole = bool(there) and not result.lost
    others: dict[str, str] | None = None
    for row, source in regained(read, there):
        article_id = row["id"]
        others = misnamed(read, _keys(new)) if others is None else others
        if damaged := others.pop(article_id, ""):
            new.execute("UPDATE articles SET id = ? WHERE id = ?", (article_id, damaged))
            why = f"{article_id}: its key was damaged ({damaged}), and is again what its link says"
            result.lost.append(Lost(table="articles", row=0, why=why))
        elif not is_whole:  # else the key in what names it is damaged
            lost = _insert(new, "articles", tuple(row[name] for name in names), result.lost)
            why = f"{article_id}: its row is lost, and was made anew of {source}"
            result.lost.append(lost or Lost(table="articles", row=0, why=why))
            result.rows["articles"] += lost is None
            anew += [article_id] if row["body"] and not lost else []
    return anew


def _keys(new: sqlite3.Connection) -> Iterator[dict[str, str]]:
    """The keys of articles, and what else of their rows names them."""
    for row in new.execute(f"SELECT {', '.join(KEYS)} FROM articles"):  # noqa: S608
        yield dict(zip(KEYS, row, strict=True))


def _named_rows(
    connection: sqlite3.Connection, theirs: Mapping[str, tuple[Column, ...]], table: str
) -> Iterator[dict[str, Any]]:
    """The rows of a table that can be read, by the names of our columns."""
    names = [column.name for column in our_tables()[table]]
    rows = (item for item in _rows(connection, table, theirs) if not isinstance(item, Lost))
    return (dict(zip(names, row, strict=True)) for row in rows)


def _rows(
    connection: sqlite3.Connection, table: str, theirs: Mapping[str, tuple[Column, ...]]
) -> Iterator[tuple[object, ...] | Lost]:
    """The rows of a table as this version has them; `theirs` are the tables of their version.

    One that theirs has not is read all the same where it is there: what tells the version may be
    damaged, too.
    """
    try:
        with read_as(connection, readable):  # a statement may be damaged, too
            others = {addition.name for addition in stand_ins(connection)}
        if table in others:
            yield Lost(table=table, row=0, why="what has its name is no table")
            return
        there = {name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")}
        if not there and table not in theirs:
            return
        known = {column.name for column in theirs.get(table, our_tables()[table])}
        for name in sorted(known - there):
            yield Lost(table=table, row=0, why=f"column {name} is missing, and empty in each row")
        yield from _filled(connection, table, there)
    except (sqlite3.DatabaseError, ValueError) as error:
        yield Lost(table=table, row=0, why=f"the table cannot be read ({error})")


def _filled(
    connection: sqlite3.Connection, table: str, there: AbstractSet[str]
) -> Iterator[tuple[object, ...] | Lost]:
    """The rows of a table with what stands in columns of ours that are not there."""
    columns = our_tables()[table]
    names = tuple(column.name for column in columns if column.name in there)
    rest = {column.name: column.blank() for column in columns if column.name not in there}
    for found in _found(connection, table, names):
        if isinstance(found, Lost):
            yield found
        else:
            values = {**rest, **dict(zip(names, found, strict=True))}
            yield tuple(values[column.name] for column in columns)


def _found(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...]
) -> Iterator[tuple[Any, ...] | Lost]:
    """The rows of a table, and what of them cannot be read.

    Where they are not in the order of their numbers, all are read as they stand first.
    """
    given: set[int] = set()
    numbers = _Numbers()
    unread: dict[int, Lost] = {}  # by number; none of many that a page repeats
    is_ordered = not is_out_of_order(connection, table)
    if not is_ordered:
        yield Lost(table=table, row=0, why=_ORDER)
        for number, *values in as_they_stand(connection, table, names):
            whole = _with_letters(table, names, values)
            numbers.read.add(number)
            if not whole:
                unread[number] = Lost(table=table, row=number, why="it holds what it may not")
            elif hash(whole) not in given:
                given.add(hash(whole))
                yield whole
    for row in each_row(connection, table, names, on_read=numbers.read.add):
        found: tuple[Any, ...] | Lost = row
        if isinstance(row, Lost):
            numbers.lost.append((row.row, max(row.row, row.last)))
            if row.why == OUT_OF_PLACE:  # which was read, and that is told
                continue
            unread.pop(row.row, None)
            found = _letters_of(connection, row, names)
            yield replace(row, why=f"{row.why}; all else of it is saved") if found else row
        if found and not isinstance(found, Lost) and (is_ordered or hash(found) not in given):
            yield found
    yield from unread.values()
    yield from _in_vain(connection, table, names, numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbers:
    """The numbers of a table's rows that were read, and the first and last of those told lost."""

    read: set[int] = field(default_factory=set)
    lost: list[tuple[int, int]] = field(default_factory=list)

    def lacking(self, known: AbstractSet[int], *, are_all: bool) -> set[int]:
        """Those of some that are known which are neither read nor told.

        None of them where as many rows were read that are not known: their numbers are damaged.
        But not all may be known.
        """
        told = sorted(self.lost)

        def is_told(number: int) -> bool:
            place = bisect_right(told, (number, FURTHEST))
            return bool(place) and number <= told[place - 1][1]

        lacking = {number for number in known - self.read if not is_told(number)}
        return lacking if not are_all or len(lacking) > len(self.read - known) else set()


def _in_vain(
    connection: sqlite3.Connection, table: str, names: tuple[str, ...], numbers: _Numbers
) -> Iterator[tuple[Any, ...] | Lost]:
    """Rows that nobody finds by their numbers, though an index has these.

    Some stand in a page all the same, to which a damaged number leads nobody.
    """
    known, are_all = numbers_in_index(connection, table)
    lacking = numbers.lacking(known, are_all=are_all)
    if lacking:
        for number, *values in as_they_stand(connection, table, names):
            whole = _with_letters(table, names, values) if number in lacking else ()
            if whole:
                lacking.discard(number)
                yield whole
    yield from (Lost(table=table, row=number, why=_IN_VAIN) for number in sorted(lacking))


def _letters_of(
    connection: sqlite3.Connection, lost: Lost, names: tuple[str, ...]
) -> tuple[Any, ...]:
    """A row in which letters are damaged, with U+FFFD for these; () where more than that is.

    A bit that fell in one letter of an article cost it all that hangs on it, notes, too.
    """
    try:
        number = number_of(connection, lost.table)
        asked = f"SELECT {', '.join(names)} FROM {lost.table} WHERE {number} = ?"  # noqa: S608
        with read_as(connection, bytes):
            row = connection.execute(asked, (lost.row,)).fetchone()
    except sqlite3.Error:
        return ()
    return _with_letters(lost.table, names, row or ())


def _with_letters(table: str, names: tuple[str, ...], row: Sequence[object]) -> tuple[Any, ...]:
    """A row that was read as bytes, with U+FFFD for damaged letters; () where it is not ours."""
    columns = {column.name: column for column in our_tables()[table]}
    found = [(columns[name], value) for name, value in zip(names, row, strict=False)]
    read = [
        (column, readable(value) if column.type == "TEXT" else value) for column, value in found
    ]
    keys = "".join(str(value) for column, value in read if column.key)
    is_named = table in _OF_A_PERSON or LOST not in keys
    is_whole = is_named and all(column.takes(value) for column, value in read)
    return tuple(value for _, value in read) if is_whole else ()


def _bodies_anew(damaged: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Take texts in which letters are damaged from their revisions, which are whole."""
    for (article_id,) in new.execute(_HURT).fetchall():
        body_hash, body = new.execute(_TEXT, (article_id,)).fetchone()
        if _stands_there(damaged, article_id, body):  # its author wrote U+FFFD
            continue
        with suppress(ArchiveError):
            whole = body_of(new, article_id, body_hash)
            if whole and sha256(whole.encode()) == body_hash:
                new.execute("UPDATE articles SET body = ? WHERE id = ?", (whole, article_id))


def _unflip(
    damaged: sqlite3.Connection, new: sqlite3.Connection, *, is_tallied: bool
) -> list[Lost]:
    """Take texts that are damaged for sure from their revisions; tell of all that are not theirs.

    Of a bit that made another letter of one, or a page that was written in vain, the text itself
    says nothing. Where it is not all tallied what was taken off, parts may be of whole texts, which
    are shown until it is learned again.
    """
    told = []
    for (article_id,) in new.execute(_WITH_BODY).fetchall():
        body_hash, body = new.execute(_BODY, (article_id,)).fetchone()
        if whole_of(new, article_id, body_hash, body) is not None:
            continue
        whole = None
        with suppress(ArchiveError):
            whole = body_of(new, article_id, body_hash)
        if whole and not is_tallied and is_part(body, whole):
            new.execute("UPDATE articles SET body = ? WHERE id = ?", (whole, article_id))
            continue
        what = _CHANGED
        if whole is None and has_promotion(new, article_id):
            what = _OF_NONE
        shown = undamaged(damaged, article_id, body, whole) if whole else ""
        if shown:
            new.execute("UPDATE articles SET body = ? WHERE id = ?", (shown, article_id))
            what = _HAS_ITS_REVISIONS
        told.append(Lost(table="articles", row=0, why=f"{article_id}: {what}"))
    return told


_HAS_ITS_REVISIONS = "some letters of its text are others; it has its revision's"
_OF_NONE = "its whole text is not there, or not by the hash that it has; what it shows is saved"
_CHANGED = "its text is damaged, or was changed by another program, and is saved as it stands"
_WITH_BODY = "SELECT id FROM articles WHERE body <> ''"
_BODY = "SELECT body_hash, body FROM articles WHERE id = ?"


def _stands_there(damaged: sqlite3.Connection, article_id: str, body: str) -> bool:
    try:
        found = damaged.execute("SELECT body FROM articles WHERE id = ?", (article_id,)).fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(found == (body,))


_HURT = "SELECT id FROM articles WHERE instr(body, char(65533)) > 0"
_TEXT = "SELECT body_hash, body FROM articles WHERE id = ?"


def _insert(
    new: sqlite3.Connection, table: str, row: tuple[object, ...], mended: list[Lost]
) -> Lost | None:
    """Write a row; what of it had to be mended is told to `mended`. Returns it where it is lost."""
    names = [column.name for column in our_tables()[table]]
    told = dict(zip(names, row, strict=True))
    mend = MENDS.get(table)
    try:
        what = mend(new, told) if mend else ""
        _write(new, table, told)
    except ValueError as error:
        return Lost(table=table, row=0, why=f"{row[0]}: {error}")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CONSTRAINT:
            raise
        return Lost(table=table, row=0, why=_why(error, row))
    if what:
        mended.append(Lost(table=table, row=0, why=f"{row[0]}: {what}"))
    return None


def _write(new: sqlite3.Connection, table: str, told: Mapping[str, Any]) -> None:
    """Write a row, under a new number where another has its own already, which tells nothing."""
    statement = insert(table, columns=[*told])
    try:
        new.execute(statement, [*told.values()])
    except sqlite3.IntegrityError:
        numbered = {column.name: None for column in our_tables()[table] if column.is_number}
        if not numbered:
            raise
        new.execute(statement, [*{**told, **numbered}.values()])


def _why(error: Exception, row: tuple[object, ...]) -> str:
    if "FOREIGN KEY" in str(error):
        return f"{row[0]}: {_ORPHAN}"
    return f"{row[0]}: the same row stands there twice"
