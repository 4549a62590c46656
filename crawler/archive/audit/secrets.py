"""Finds what links carry of their readers, in every text of every table, and takes it out.

Earlier versions kept links inside bodies and pages as they came. The columns are those of the
schema, so that none can be forgotten: each text, and each packed one.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crawler.archive.audit.checks import Finding
from crawler.archive.database import (
    in_order,
    our_tables,
    pack,
    pack_tight,
    read_as,
    readable,
    some_of,
    unpack,
)
from crawler.archive.saving import BY_PAGE, front_matter_of, note_wipe, queue_key_of, rewritten
from crawler.archive.search import ngram_of, rebuild_index
from crawler.article import State, sha256
from crawler.credentials import carries_secrets, link_without, without_secrets
from crawler.errors import ArchiveError
from crawler.links import lasting_link
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Row = dict[str, Any]

_OWN = frozenset({"url", "canonical", "request"})
"""Columns that hold one address, by which an article may have to be fetched."""

_OF_NO_ARTICLE = ("events", "mentions")
"""Tables whose addresses nothing is fetched by."""

_AT_ONCE = 200  # rows: so many of snapshots have some 10 MB


def find_secrets(connection: sqlite3.Connection) -> Iterator[Finding]:
    """What tables hold credentials in how many rows, as one finding. Changes nothing."""
    cleaning = _Cleaning(connection)
    counts = {table: sum(1 for _ in cleaning.rows_with_secrets(table)) for table in our_tables()}
    hurt = {table: count for table, count in counts.items() if count}
    if hurt:
        rows = ", ".join(f"{table} ({count})" for table, count in hurt.items())
        yield Finding(
            check="secrets",
            subject="archive",
            what=f"links in some rows carry credentials of their readers: {rows}",
            advice="run: crawler audit --fix; backups and exports made before still hold them",
        )


def remove_secrets(connection: sqlite3.Connection) -> None:
    """Take credentials out of every row, within the transaction that is open.

    What is deleted is overwritten in the file, too, and its free pages, in which an earlier version
    may have left more, are noted to be wiped. The hash of a body follows its text.
    """
    note_wipe(connection)
    connection.execute("PRAGMA secure_delete = ON")
    cleaning = _Cleaning(connection)
    first = [table for table in ("revisions",) if table in our_tables()]
    for table in (*first, *(name for name in our_tables() if name not in first)):
        for number, row, changed in list(cleaning.rows_with_secrets(table)):
            cleaning.write(table, number, row, changed)
    cleaning.follow_bodies()
    ngram = ngram_of(connection)
    if ngram:
        rebuild_index(connection, ngram=ngram)


@dataclass(frozen=True, slots=True)
class _Cleaning:
    connection: sqlite3.Connection
    bodies: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    """Article and hash of a body that was changed -> its new hash and its characters."""

    def rows_with_secrets(self, table: str) -> Iterator[tuple[int, Row, Row]]:
        """The number of each row that holds any, the row, and what of it is to change."""
        names = [column.name for column in our_tables()[table]]
        query = (
            f"SELECT rowid, {', '.join(names)} FROM {table} WHERE rowid > ?"  # noqa: S608
            f" ORDER BY rowid LIMIT {_AT_ONCE}"
        )

        def some(after: int) -> list[tuple[Any, ...]]:
            with read_as(self.connection, readable):  # or one letter would hide all rows behind it
                return some_of(self.connection.execute(query, (after,)), _AT_ONCE)[0]

        # what is damaged other checks tell
        with suppress(sqlite3.DatabaseError, ArchiveError):
            for number, *values in in_order(self.connection, table, some):
                row = dict(zip(names, values, strict=True))
                changed = self._changed(table, row)
                if changed:
                    yield number, row, changed

    def _changed(self, table: str, row: Row) -> Row:
        clean = {name: self._clean(table, name, row) for name in row}
        return {name: value for name, value in clean.items() if value != row[name]}

    def _clean(self, table: str, name: str, row: Row) -> Any:
        value = row[name]
        if isinstance(value, bytes):
            return _clean_packed(value, tight=table == "snapshots")
        if (table, name) == ("web_queries", "following") and carries_secrets(str(value)):
            return "" if row["query"].startswith("http") else f"{BY_PAGE}0"  # pages begin anew
        if not isinstance(value, str) or without_secrets(value) == value:
            return value
        if name in _OWN and table not in _OF_NO_ARTICLE:
            return self._own(table, row, value)
        if (table, name) == ("copies", "fields"):
            return self._clean_copy(value, row)[1]
        if name == "front_matter":
            return front_matter_of({**row, **self._changed(table, {**row, name: ""})})
        return without_secrets(value)

    def _own(self, table: str, row: Row, link: str) -> str:
        """An address that may be needed: a preview's key stays where `lasting_link` says so."""
        link = link_without(link)
        article_id = row["id"] if table == "articles" else row.get("article_id")
        if table == "queue" or not article_id or self._may_be_fetched(article_id):
            return link
        key = queue_key_of(article_id)
        identity = parse_url(key).identity if key else None
        return lasting_link(link, identity)

    def _may_be_fetched(self, article_id: str) -> bool:
        found = "SELECT state FROM articles WHERE id = ?"
        state = self.connection.execute(found, (article_id,)).fetchone()
        return state is not None and state[0] in _WORTH_FETCHING

    def _clean_copy(self, text: str, row: Row) -> tuple[str, str]:
        """The key and the columns of one copy behind a row."""

        def clean(name: str, value: str) -> str:
            return self._own("copies", row, value) if name in _OWN else without_secrets(value)

        try:
            return rewritten(text, clean)
        except ValueError:
            return row["copy"], text

    def write(self, table: str, number: int, row: Row, changed: Row) -> None:
        """Change a row; where another says the same already, it goes."""
        changed |= self._told_by_body(table, row, changed)
        if table == "copies":
            changed["copy"], _ = self._clean_copy(row["fields"], row)
        given = ", ".join(f"{name} = :{name}" for name in changed)
        update = f"UPDATE OR IGNORE {table} SET {given} WHERE rowid = :rowid"  # noqa: S608
        if not self.connection.execute(update, {**changed, "rowid": number}).rowcount:
            self.connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (number,))  # noqa: S608

    def _told_by_body(self, table: str, row: Row, changed: Mapping[str, Any]) -> Row:
        """The columns that say what a packed text is."""
        if table == "snapshots" and "content" in changed:
            return {"bytes": len(unpack(changed["content"]))}
        if table == "evidence" and "offered" in changed:
            return self._told_by_offer(row, changed["offered"])
        if table != "revisions" or "body" not in changed:
            return {}
        body = unpack(changed["body"]).decode()
        digest = sha256(body.encode())
        self.bodies[row["article_id"], row["body_hash"]] = (digest, len(body))
        return {"body_hash": digest, "characters": len(body)}

    def _told_by_offer(self, row: Row, offered: bytes) -> Row:
        """The hash of what a candidate offers, by which it is accepted and was refused."""
        old, new = _body_offered(row["offered"]), _body_offered(offered)
        if sha256(old.encode()) != row["sha256"]:  # another check tells of it
            return {}
        digest = sha256(new.encode())
        self.bodies[row["article_id"], row["sha256"]] = (digest, len(new))
        return {"sha256": digest}

    def follow_bodies(self) -> None:
        """Let rows and copies name the bodies that were changed by their new hashes."""
        for (article_id, old), (new, characters) in self.bodies.items():
            values = {"id": article_id, "old": old, "new": new, "characters": characters}
            for statement in _FOLLOW:
                self.connection.execute(statement, values)


def _body_offered(packed: bytes) -> str:
    try:
        return str(json.loads(unpack(packed))["body"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""


_WORTH_FETCHING = frozenset(state.value for state in State if state.worth_fetching)
_FOLLOW = (
    """
    UPDATE articles SET body_hash = :new, characters = :characters
        WHERE id = :id AND body_hash = :old
    """,
    """
    UPDATE copies
        SET fields = json_set(fields, '$.body_hash', :new, '$.characters', :characters)
        WHERE article_id = :id AND json_extract(fields, '$.body_hash') = :old
    """,
    # what was refused of it stays so
    "UPDATE OR IGNORE evidence SET sha256 = :new WHERE article_id = :id AND sha256 = :old",
)


def _clean_packed(packed: bytes, *, tight: bool) -> bytes:
    try:
        content = unpack(packed)
    except ValueError:
        return packed
    text = content.decode("utf-8", "surrogateescape")
    clean = without_secrets(text)
    if clean == text:
        return packed
    return (pack_tight if tight else pack)(clean.encode("utf-8", "surrogateescape"))
