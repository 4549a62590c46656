"""What a file holds beside our tables, and which of it would act where we read or write.

Whoever hands an archive on may have put something into it. A table or a column for notes is theirs
and does nothing. A trigger runs on what we write, and a view in the place of a table on what we
read, or a column of ours that the file computes, which may take hours for one row: such a file is
refused, in words, before any of it has run.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.database.connection import RESTORE, file_of
from crawler.archive.database.damage import NUMBERS, our_statements, our_tables
from crawler.archive.search import SEARCH_STATEMENTS
from crawler.errors import ArchiveError
from crawler.inputs import name_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Iterator


class Addition(NamedTuple):
    """Something in the file that is not ours and would act; `what` says in which way."""

    name: str
    what: str


class _Object(NamedTuple):
    kind: str
    name: str
    table: str
    sql: str  # "" of an index that SQLite makes itself


_BESIDE_WORDS = re.compile(
    r"""--[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|'[^']*+'|"[^"]*+"|`[^`]*+`|\[[^\]]*+\]"""
)
_RULES = re.compile(
    r"\b(?:CHECK|UNIQUE|CONFLICT|COLLATE|GENERATED|DELETE|SET|RESTRICT)\b", re.IGNORECASE
)
"""Words with which a table decides over what is written to it. Ours have none of them."""

_PLAIN_INDEX = re.compile(r"CREATE INDEX [^()]++\([^()]++\)\Z", re.IGNORECASE)
_INDEX_OF_COLUMNS = re.compile(r"CREATE (?:UNIQUE )?INDEX [^()]++\([^()]++\)\Z", re.IGNORECASE)
_LEDGER_INDEX = re.compile(
    r"CREATE UNIQUE INDEX \W?idx__sqlite_migrations_migration_set_name\W?\s++"
    r"ON \W?_sqlite_migrations\W?\s*+\(\W?migration_set\W?,\s*+\W?name\W?\)\Z"
)
"""That of sqlite-utils, however the version at hand writes it."""

_COPIES_WORDS = re.compile(
    r"CREATE TRIGGER \W?articles_a[idu]\W? AFTER [A-Z]+ ON \W?articles\W? BEGIN\s++"
    r"(?:INSERT INTO \W?articles_fts\W? \([^()]*+\) VALUES ?\([^()]*+\);\s*+)++END\Z"
)
"""What `sqlite-utils enable-fts --create-triggers` makes; the index is built anew without it."""

_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\b", re.IGNORECASE)
_CONTENT = re.compile(
    r"""\bcontent\s*+=(?P<ours>\s*+(?:["'`\[]?articles["'`\]]?|""|'')\s*+[,)])?""", re.IGNORECASE
)
"""Where a full-text index has its texts from, as its statement says it; else it keeps them."""


def stand_ins(connection: sqlite3.Connection) -> Iterator[Addition]:
    """What stands in the place of a table or a column of ours: reading it would run it."""
    objects = _objects(connection)
    yield from _stand_ins(objects)
    yield from _computed(connection, only_ours=True)
    if any(found.name == _SETTINGS and found.kind == "table" for found in objects):
        yield from _odd_ranks(connection)


def _odd_ranks(connection: sqlite3.Connection) -> Iterator[Addition]:
    """An index that ranks by another function than bm25, such as snippet().

    That takes the square of the places where a text holds a word, in one step that nothing ends.
    """
    for key, value in connection.execute(_EVERY_SETTING):
        if _until_nul(key).lower() == "rank" and not _BM25.match(_until_nul(value)):
            yield Addition("articles_fts", "is an index that ranks by another function than bm25")


_SETTINGS = "articles_fts_config"
_EVERY_SETTING = f"""
SELECT CAST(coalesce(k, '') AS TEXT), CAST(coalesce(v, '') AS TEXT) FROM {_SETTINGS}
"""  # noqa: S608 -- our own words
_BM25 = re.compile(r"\s*+bm25\s*+\(", re.IGNORECASE)


def _stand_ins(objects: Iterable[_Object]) -> Iterator[Addition]:
    ours = our_statements()
    for found in objects:
        if found.kind == "view" and (_is_table(found.name) or found.name in SEARCH_STATEMENTS):
            yield Addition(found.name, "is a view in the place of a table")
        elif found.kind == "table" and found.name in ours and _is_virtual(found):
            yield Addition(found.name, "is a virtual table in the place of one")
        elif found.name == "articles_fts" and not all(
            told["ours"] for told in _CONTENT.finditer(found.sql)
        ):
            yield Addition(found.name, "is an index of something else than the articles")


def _is_virtual(found: _Object) -> bool:
    return _VIRTUAL.match(_BESIDE_WORDS.sub(" ", found.sql)) is not None


def altered_views(connection: sqlite3.Connection) -> Iterator[Addition]:
    """Views of ours that say something else; of this version's archives alone that can be told."""
    ours = our_statements()
    for found in _objects(connection):
        if ours.get(found.name, "").startswith("CREATE VIEW") and found.sql != ours[found.name]:
            yield Addition(found.name, "is not the view that ours is")


def acting(connection: sqlite3.Connection) -> Iterator[Addition]:
    """What would run on what we write, or decide over it."""
    objects = _objects(connection)
    yield from _stand_ins(objects)
    for found in objects:
        what = _effect(found) if _is_table(found.table) else ""
        if what:
            yield Addition(found.name, what)
    yield from _computed(connection)


def _objects(connection: sqlite3.Connection) -> list[_Object]:
    """All that is listed, as SQLite takes it: whatever is stored as a text that ends at a NUL."""
    rows = connection.execute(_OBJECTS)
    return [_Object(*(_until_nul(value) for value in row)) for row in rows]


def _until_nul(text: str) -> str:
    return text.partition("\0")[0]


_OBJECTS = """
SELECT CAST(coalesce(type, '') AS TEXT), lower(coalesce(name, '')), lower(coalesce(tbl_name, '')),
    CAST(coalesce(sql, '') AS TEXT)
FROM sqlite_master
"""


def _is_table(name: str) -> bool:
    """Whether a table has a name under which we write."""
    ours = our_statements().get(name, SEARCH_STATEMENTS.get(name, ""))
    return ours.startswith("CREATE TABLE") or name.startswith(("articles_fts", "_sqlite_migr"))


def _effect(found: _Object) -> str:
    """What an object that hangs on a table of ours would do to it; "" where that is nothing."""
    ours = our_statements().get(found.name) or SEARCH_STATEMENTS.get(found.name)
    if found.sql == ours or not found.sql:
        return ""
    if found.kind == "trigger":
        return "" if _COPIES_WORDS.match(found.sql) else f"is a trigger on table {found.table}"
    if found.kind == "index":
        is_plain = _PLAIN_INDEX.match(found.sql) or _LEDGER_INDEX.match(found.sql)
        return "" if is_plain else f"is a rule of table {found.table}"
    if found.kind == "table" and _rules_of(found.sql) - _rules_of(ours or ""):
        return "is a table with rules that ours has not"
    return ""


def _rules_of(sql: str) -> Counter[str]:
    """The words of a table's statement that are rules, outside of names, texts and comments."""
    return Counter(word.upper() for word in _RULES.findall(_BESIDE_WORDS.sub(" ", sql)))


def _computed(connection: sqlite3.Connection, *, only_ours: bool = False) -> Iterator[Addition]:
    """Columns of our tables whose value the file computes; `only_ours`, which we read, if asked.

    And one by the name that the numbers of rows have: rows would be read and written by it.
    """
    for table, name in connection.execute(_hidden_columns()):
        if name.lower() == NUMBERS[0]:
            yield Addition(f"{table}.{name}", "is a column that hides the numbers of rows")
        elif not only_ours or _is_read(table, name):
            yield Addition(f"{table}.{name}", "is a column that is computed")


def _is_read(table: str, name: str) -> bool:
    """Whether a column is one of ours; of the tables of an index all are."""
    columns = our_tables().get(table)
    return columns is None or name.lower() in {column.name for column in columns}


@cache
def _hidden_columns() -> str:
    """One question for all tables: an archive is opened by every command."""
    statements = {**our_statements(), **SEARCH_STATEMENTS}.items()
    ours = [name for name, sql in statements if sql.startswith("CREATE TABLE")]
    tables = ", ".join(f"('{name}')" for name in (*ours, *_SHADOWS))
    return (
        f"WITH ours (name) AS (VALUES {tables}) SELECT ours.name, found.name"  # noqa: S608
        " FROM ours CROSS JOIN pragma_table_xinfo(ours.name) AS found"
        f" WHERE (found.hidden > 1 OR lower(found.name) = '{NUMBERS[0]}')"
        # (a view that is broken would end the question)
        " AND ours.name NOT IN (SELECT lower(name) FROM sqlite_master WHERE type = 'view')"
    )


_SHADOWS = tuple(f"articles_fts_{part}" for part in ("data", "idx", "docsize", "config", "content"))
"""The tables in which SQLite keeps the index."""


def integrity(connection: sqlite3.Connection, most: int, only: Collection[str] = ()) -> list[str]:
    """What SQLite says of a file's damage, so many lines at most; nothing where it is sound.

    It holds each row against the rules of its table and the keys of its indexes, which a file may
    make to take hours. Where there are such, the other tables are looked at, one by one; so are
    those that are named, `only` these.
    """
    left_out = set(_computing(connection))
    asked = [str(most)]
    if left_out or only:
        objects = _objects(connection)
        tables = [found.name for found in objects if found.kind == "table"]
        wanted = [name for name in tables if not only or name in only]
        asked = [_quoted(name) for name in wanted if name not in left_out]
    told = (row for one in asked for row in connection.execute(f"PRAGMA integrity_check({one})"))
    return [line for (line,) in told if line != "ok"][:most]


def check_integrity(
    connection: sqlite3.Connection, only: Collection[str] = (), *, name: str = ""
) -> None:
    """Raises ArchiveError where SQLite finds damage in a file, or in some of its tables.

    Whoever reads a table by an index gets nothing of the rows that it lacks, without a word.
    `name` is what the file is called there, where it is a copy under a name of ours.
    """
    for problem in integrity(connection, 1, only):
        subject = name or name_of(file_of(connection))
        raise ArchiveError(subject, f"is damaged ({problem})", RESTORE)


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _computing(connection: sqlite3.Connection) -> Iterator[str]:
    """The tables of which SQLite may compute what is not ours, where it looks for damage."""
    ours = {**our_statements(), **SEARCH_STATEMENTS}
    for found in _objects(connection):
        if found.sql == ours.get(found.name, ""):
            continue
        is_table = found.kind == "table" and found.name != "articles_fts"
        if is_table and (_is_virtual(found) or "CHECK" in _rules_of(found.sql)):
            yield found.name
        elif found.kind == "index" and not _INDEX_OF_COLUMNS.match(found.sql):
            yield found.table
    for (name,) in connection.execute(_WITH_COMPUTED):
        yield _until_nul(name)


_WITH_COMPUTED = """
SELECT DISTINCT lower(one.name)
FROM sqlite_master AS one CROSS JOIN pragma_table_xinfo(one.name) AS found
WHERE substr(CAST(one.type AS TEXT), 1, 5) = 'table' AND found.hidden > 1
"""
