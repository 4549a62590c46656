"""The migrations of an archive, which sqlite-utils applies; `tables` has what they execute.

What `sqlite-utils schema archive.db` shows, comments and all.

A migration that has been released is never edited; a change is a new one at the end. The names of
those that were applied stand in the database itself, in sqlite-utils' own table, so that its
version is the length of that list.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from crawler.archive.database.derived import STORIES
from crawler.archive.database.migrations import Migrations
from crawler.archive.database.packing import unpack
from crawler.archive.database.tables import (
    BASE,
    DEATHS,
    EVIDENCE,
    EXPORTED,
    FORGOTTEN,
    HEADS,
    LEARNED,
    MENTION,
    MENTIONS,
    PERSONAL,
    PICTURES,
    RECOVERED,
    TOLD,
    WEB,
)
from crawler.links import mentions
from crawler.states import MEANINGS

if TYPE_CHECKING:
    import sqlite3

MIGRATIONS = Migrations("crawler")


def _view_of_states() -> str:
    """A view and no table, for nobody shall edit it; `JOIN states USING (state)`."""
    rows = ",\n".join(
        f"({_quoted(row.state)}, {_quoted(row.english)}, {_quoted(row.chinese)},"
        f" {row.final:d}, {row.state.has_body:d}, {_quoted(row.what_to_do)})"
        for row in MEANINGS
    )
    columns = "state, meaning, meaning_zh, final, has_text, what_to_do"
    return f"CREATE VIEW states ({columns}) AS VALUES\n{rows}"


def _quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


PACE = {
    "started_at": "REAL",
    "dice": "REAL",
    "not_before": "REAL",
    "day": "INTEGER",
    "used": "INTEGER",
    "watched": "INTEGER",
    "trips": "INTEGER",
    "closed_until": "REAL",
    "why": "TEXT",
    "probe_at": "REAL",
}
"""What is kept of a host's pace; a test holds it to what the gate of the fetcher has."""
_LATER = ("watched",)  # a migration of its own adds it


@MIGRATIONS(name="0001_base")
def _base(connection: sqlite3.Connection) -> None:
    _execute(connection, BASE)


@MIGRATIONS(name="0002_pictures")
def _pictures(connection: sqlite3.Connection) -> None:
    _execute(connection, PICTURES)


@MIGRATIONS(name="0003_told")
def _told(connection: sqlite3.Connection) -> None:
    _execute(connection, TOLD)


@MIGRATIONS(name="0004_pace")
def _pace(connection: sqlite3.Connection) -> None:
    """Earlier versions added a column when the first row needed it."""
    there = {name for _, name, *_ in connection.execute("PRAGMA table_info(pace)")}
    for name, kind in PACE.items():
        if name not in there and name not in _LATER:
            connection.execute(f"ALTER TABLE pace ADD COLUMN {name} {kind}")


@MIGRATIONS(name="0005_learned")
def _learned(connection: sqlite3.Connection) -> None:
    _execute(connection, LEARNED)


@MIGRATIONS(name="0006_states")
def _states(connection: sqlite3.Connection) -> None:
    """Rows that change later need a migration that makes the view anew; a test says so."""
    connection.execute("DROP VIEW IF EXISTS states")
    connection.execute(_view_of_states())


@MIGRATIONS(name="0007_evidence")
def _evidence(connection: sqlite3.Connection) -> None:
    _execute(connection, EVIDENCE)


@MIGRATIONS(name="0008_heads")
def _heads(connection: sqlite3.Connection) -> None:
    _execute(connection, HEADS)


@MIGRATIONS(name="0009_forgotten")
def _forgotten(connection: sqlite3.Connection) -> None:
    _execute(connection, FORGOTTEN)


@MIGRATIONS(name="0010_recovered")
def _recovered(connection: sqlite3.Connection) -> None:
    _execute(connection, RECOVERED)


@MIGRATIONS(name="0011_mentions")
def _mentions(connection: sqlite3.Connection) -> None:
    _execute(connection, MENTIONS)
    fill_mentions(connection)


def fill_mentions(connection: sqlite3.Connection) -> None:
    """Note what all texts mention. One that is damaged mentions nothing; an audit names it."""
    for (packed,) in connection.execute("SELECT body FROM revisions"):
        with suppress(ValueError, TypeError):
            connection.executemany(MENTION, mentions(unpack(packed).decode()))


@MIGRATIONS(name="0012_web")
def _web(connection: sqlite3.Connection) -> None:
    _execute(connection, WEB)


@MIGRATIONS(name="0013_exported")
def _exported(connection: sqlite3.Connection) -> None:
    _execute(connection, EXPORTED)


@MIGRATIONS(name="0014_deaths")
def _deaths(connection: sqlite3.Connection) -> None:
    _execute(connection, DEATHS)


@MIGRATIONS(name="0015_personal")
def _personal(connection: sqlite3.Connection) -> None:
    _execute(connection, PERSONAL)


@MIGRATIONS(name="0016_stories")
def _stories(connection: sqlite3.Connection) -> None:
    """Texts are signed and compared when a run ends."""
    _execute(connection, STORIES)


def _execute(connection: sqlite3.Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.execute(_dedented(statement))


def _dedented(statement: str) -> str:
    """The statement as SQLite keeps it and people read it."""
    return statement.strip().replace("\n    ", "\n")


def version_of(connection: sqlite3.Connection) -> int:
    """How many of our migrations the database has seen; 0 where it is none of ours."""
    return len(MIGRATIONS.applied(connection))
