"""Which tables and views of an archive a visitor's SQL may not read, or not by their rank.

Whoever made the file wrote its views, and said by which function an index ranks. So the list of
what it holds is read as SQLite reads it: by bytes, which need not be UTF-8, each text up to a NUL.
"""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from datasette.utils.sqlite import sqlite3  # type: ignore[import-untyped]

from crawler.browse.ranks import Statement, letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_LISTED = "SELECT CAST(name AS TEXT), CAST(sql AS TEXT) FROM sqlite_master"
_RULE = "(k primary key, v) without rowid"
_MOST_SETTINGS = 50  # of an index; FTS5 has ten
_BM25 = re.compile(r"[\t-\r ]*+bm25[\t-\r ]*+\(", re.IGNORECASE | re.ASCII)


class Guarded(NamedTuple):
    """Names by `letters`, in small ones."""

    indexes: frozenset[str] = frozenset()
    """Virtual tables, by whose rank a visitor may sort, and which they may see"""

    locked: frozenset[str] = frozenset()
    """What has another function than bm25 called for a rank, and is never read"""

    inner: frozenset[str] = frozenset()
    """Views, and what those of indexes name: where SQLite says it reads for one, no rank is read"""

    def refuses(self, sql: str) -> bool:
        """Whether a visitor may not ask that."""
        asked = Statement(letters(sql))
        return not self.locked.isdisjoint(asked.names) or asked.asks_rank(self.indexes)

    def hides(self, table: str | None, column: str | None, reader: str | None) -> bool:
        """Whether a column may not be read, as SQLite asks before a statement runs."""
        first, by = (letters(name or "").lower() for name in (table, reader))
        is_rank = str(column).lower() == "rank" and first in self.indexes
        return first in self.locked or (is_rank and by in self.inner)


def guarded(connection: Any) -> Guarded:
    """What a visitor may not read of the archive that a connection has open."""
    with suppress(sqlite3.DatabaseError):  # of a damaged list nothing else can be read either
        return _guarded(connection, _listed(connection))
    return Guarded()


def _guarded(connection: Any, listed: Mapping[str, Sequence[str]]) -> Guarded:
    told = [(name, Statement(sql)) for name, found in listed.items() for sql in found]
    indexes = frozenset(name for name, one in told if one.words[:2] == ["create", "virtual"])
    views = [(name, one) for name, one in told if "view" in one.words[1:3]]
    odd = {name for name, view in views if view.joins_rank(indexes)}
    for name, one in told:
        if _is_fts5(one) and not _ranks_by_bm25(connection, name, listed):
            odd.add(name)
    of_indexes = [view.names for _, view in views if not indexes.isdisjoint(view.names)]
    inner = frozenset(name for name, _ in views).union(*of_indexes)
    return Guarded(indexes, _all_that_name(odd, views), inner)


def _listed(connection: Any) -> dict[str, list[str]]:
    """The statements of all that has a name; of several SQLite takes one, a trigger beside it."""
    listed: dict[str, list[str]] = {}
    for name, sql in _stored(connection, _LISTED):
        listed.setdefault(_until_nul(name).lower(), []).append(_until_nul(sql))
    return listed


def _stored(
    connection: Any, statement: str, most: int | None = None
) -> list[tuple[bytes | None, ...]]:
    """Its rows, or so many of them, with their texts as they are stored."""
    before, connection.text_factory = connection.text_factory, bytes
    try:
        return list(islice(connection.execute(statement), most))
    finally:
        connection.text_factory = before


def _until_nul(text: bytes | None) -> str:
    return letters((text or b"").partition(b"\0")[0])


def _is_fts5(one: Statement) -> bool:
    """Whether a statement makes an index of FTS5."""
    if one.words[:2] != ["create", "virtual"] or "using" not in one.words:
        return False
    at = one.words.index("using") + 1
    return one.names[at : at + 1] == ["fts5"]


def _ranks_by_bm25(connection: Any, name: str, listed: Mapping[str, Sequence[str]]) -> bool:
    """Whether an index says, where FTS5 reads it, nothing else of how it ranks."""
    table = f"{name}_config"
    quoted = {f"{quote}{table.replace(quote, quote * 2)}{quote}" for quote in "'\""}
    plain = {f"create table {one}{_RULE}" for one in quoted}
    made = {sql.lower() for sql in listed.get(table, ())}
    if not made or not made <= plain:
        return False  # a view, or a table that another program could have made to compute
    try:
        asked = _SETTINGS.format(table.encode("latin-1").decode().replace('"', '""'))
        settings = _stored(connection, asked, _MOST_SETTINGS + 1)
    except (UnicodeDecodeError, sqlite3.Error):  # a name that no visitor can write, or damage
        return False
    ranks = [_until_nul(value) for key, value in settings if _until_nul(key).lower() == "rank"]
    return len(settings) <= _MOST_SETTINGS and all(map(_BM25.match, ranks))


_SETTINGS = 'SELECT CAST(k AS TEXT), CAST(v AS TEXT) FROM main."{}"'  # read in the order of FTS5


def _all_that_name(odd: Iterable[str], views: Iterable[tuple[str, Statement]]) -> frozenset[str]:
    """Those, and the views that read one of them by way of any number of others."""
    readers: dict[str, list[str]] = {}
    for name, view in views:
        for read in set(view.names):
            readers.setdefault(read, []).append(name)
    found = set(odd)
    left = list(found)
    while left:
        new = set(readers.get(left.pop(), ())) - found
        found |= new
        left += new
    return frozenset(found)
