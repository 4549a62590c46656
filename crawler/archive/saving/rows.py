"""Writes the row of an article out of its copies, with what hangs on the copy that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.database import check_row, damaged, insert, text_of
from crawler.archive.reading import COLUMNS, PREFIX
from crawler.archive.saving.accounts import unlearn
from crawler.archive.saving.addresses import LISTED, listed
from crawler.archive.saving.copies import (
    as_exported,
    copy_of_row,
    dump_copy,
    front_matter_of,
    key_of,
    load_copy,
    marked,
    shown_copy,
    with_moment,
)
from crawler.article import Origin, State

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Container, Mapping, Sequence

    from crawler.archive.saving.arrival import Arrival
    from crawler.archive.saving.copies import Copy

_COLUMNS = ", ".join(COLUMNS)
_INSERT = insert("articles", columns=COLUMNS)
_TEACHES = ("account", "body_hash", "date", "state", "biz")
"""What of an article its account's promotion depends on."""
# (names of columns, here and below)
_SELECT = f"SELECT {_COLUMNS} FROM articles WHERE id = ?"  # noqa: S608
_UPDATE = f"UPDATE articles SET {', '.join(f'{name} = ?' for name in COLUMNS[1:])} WHERE id = ?"  # noqa: S608

_OF_COPY = f"article_id = ? AND rule_id NOT GLOB '{PREFIX}*'"
_REMOVED = f"SELECT rule_id, count FROM removed WHERE {_OF_COPY}"  # noqa: S608
_KEEP_REMOVED = insert(
    "removed", on_conflict="(article_id, rule_id) DO UPDATE SET count = excluded.count"
)
_KEEP_COPY = insert("copies")
_FORGET_REMOVED = f"DELETE FROM removed WHERE {_OF_COPY}"  # noqa: S608

# The web's latest word. A date that is none begins with no digit of a year, and counts for nothing.
_LATEST = """
SELECT state, at FROM events WHERE article_id = :article AND state <> '' AND at = coalesce(
    (SELECT at FROM events WHERE article_id = :article AND state <> '' AND at < '3'
        ORDER BY at DESC LIMIT 1),
    (SELECT at FROM events WHERE article_id = :article AND state <> '' ORDER BY at DESC LIMIT 1))
ORDER BY origin = 'seed', evidence DESC, id DESC LIMIT 1
"""

_UNDATED = "SELECT evidence FROM events WHERE article_id = ? AND at = '' AND evidence <> ''"
_DATED = f"""
SELECT evidence FROM events WHERE article_id = ? AND at <> ''
    AND origin IN ('{Origin.FETCH}', '{Origin.CAPTURE}')
"""  # noqa: S608  (names of origins)
_AT_ITS_WORD = """
SELECT id, detail FROM events WHERE article_id = ? AND evidence = ? AND at = ? AND at <> ''
"""
_TAKE_MOMENT = "UPDATE events SET at = '', detail = ? WHERE id = ?"
_LOOKS = f"""
SELECT DISTINCT url, at FROM events
WHERE article_id = ? AND at IN {LISTED} AND url IN {LISTED} AND origin <> 'seed'
    AND state IN ({", ".join(f"'{state}'" for state in State if state.has_body)})
"""  # noqa: S608  (names of states)
_ONCE = """
DELETE FROM events WHERE article_id = ? AND at = '' AND id NOT IN (
    SELECT min(id) FROM events WHERE article_id = ? AND at = ''
    GROUP BY url, state, http_status, origin, detail, evidence)
"""


def insert_rows(connection: sqlite3.Connection, arrivals: Sequence[Arrival]) -> None:
    """Write the rows of articles that are not there, and what was taken out of them."""
    connection.executemany(_INSERT, [arrival.row for arrival in arrivals])
    connection.executemany(_KEEP_REMOVED, [row for arrival in arrivals for row in arrival.removed])
    unlearn(
        connection, {arrival.row[COLUMNS.index("account")] for arrival in arrivals if arrival.body}
    )


def read_row(connection: sqlite3.Connection, article_id: str) -> dict[str, Any] | None:
    """The row as it stands, by column; None where there is none."""
    row = connection.execute(_SELECT, (article_id,)).fetchone()
    if row is None:
        return None
    check_row(connection, "articles", COLUMNS, row)
    return dict(zip(COLUMNS, row, strict=True))


def refresh_row(
    connection: sqlite3.Connection,
    article_id: str,
    shown: Copy,
    bodies: dict[str, str],
) -> bool:
    """Bring a row in step with what its copies show, `shown_now`, and with its events.

    Returns whether it shows anything else than before.

    `bodies` are texts at hand, by hash; one that is not among them is taken from its revision. A
    body that stays is left as it is shown, less its account's promotion; a new one is shown whole.
    """
    old = read_row(connection, article_id)
    if old is None:  # it was taken out meanwhile
        return False
    state_now, checked_at = _latest(connection, article_id)
    texts = {"": "", **bodies, old["body_hash"]: old["body"]}
    body = (
        texts[shown["body_hash"]]
        if shown["body_hash"] in texts
        else _body(connection, article_id, shown)
    )
    row = {
        **shown,
        "id": article_id,
        "state_now": state_now,
        "checked_at": checked_at,
        "body": body,
    }
    row["front_matter"] = front_matter_of(row)
    if any(row[name] != old[name] for name in COLUMNS):
        connection.execute(_UPDATE, [*(row[name] for name in COLUMNS[1:]), article_id])
    if any(row[name] != old[name] for name in _TEACHES):
        unlearn(connection, {old["account"], row["account"]})
    if row["body_hash"] != old["body_hash"]:
        connection.execute("DELETE FROM removed WHERE article_id = ?", (article_id,))
    if shown["removed"] != removed_of(connection, article_id):
        connection.execute(_FORGET_REMOVED, (article_id,))
        _keep_removed(connection, article_id, shown["removed"])
    return any(
        row[name] != old[name] for name in COLUMNS if name not in ("state_now", "checked_at")
    )


def shown_now(connection: sqlite3.Connection, article_id: str, copies: Mapping[str, Copy]) -> Copy:
    """What the archive shows of these copies, after all looks at the article."""

    def looks_among(told: Collection[tuple[str, ...]]) -> Container[tuple[str, ...]]:
        if not told:
            return ()
        urls, moments = map(listed, zip(*told, strict=True))
        return set(connection.execute(_LOOKS, (article_id, moments, urls)).fetchall())

    return shown_copy(as_exported(copies, looks_among))


def _latest(connection: sqlite3.Connection, article_id: str) -> tuple[str, str]:
    """The state of the latest look at an article, and when that was."""
    found = connection.execute(_LATEST, {"article": article_id}).fetchone()
    return found or ("", "")


def note_latest(connection: sqlite3.Connection, article_id: str) -> None:
    """Bring what a row says of the latest look in step with its events."""
    latest = _latest(connection, article_id)
    connection.execute(
        "UPDATE articles SET state_now = ?, checked_at = ? WHERE id = ?", (*latest, article_id)
    )


def _body(connection: sqlite3.Connection, article_id: str, shown: Copy) -> str:
    row = connection.execute(
        "SELECT body FROM revisions WHERE article_id = ? AND body_hash = ?",
        (article_id, shown["body_hash"]),
    ).fetchone()
    (packed,) = row or (None,)
    return text_of(connection, packed, article_id)


def _keep_removed(
    connection: sqlite3.Connection, article_id: str, removed: Mapping[str, int]
) -> None:
    connection.executemany(
        _KEEP_REMOVED, [(article_id, rule, count) for rule, count in removed.items()]
    )


def removed_of(connection: sqlite3.Connection, article_id: str) -> dict[str, int]:
    """What cleaning took out of the copy that is shown: rule id -> count.

    Promotion is taken later, off the row.
    """
    rows = connection.execute(_REMOVED, (article_id,)).fetchall()
    for row in rows:
        check_row(connection, "removed", ("rule_id", "count"), row)
    return dict(rows)


def is_copy(fields: str) -> bool:
    """Whether a copy can be read again."""
    return _loaded(fields) is not None


def _loaded(fields: str) -> Copy | None:
    try:
        return load_copy(fields)
    except ValueError:
        return None


def forget_damaged(connection: sqlite3.Connection, article_id: str) -> None:
    """Take out the copies behind a row that cannot be read; what it shows stays, as one of them."""
    row = read_row(connection, article_id)
    if row is None:  # another process took it out meanwhile
        return
    rows = connection.execute(_COPIES, (article_id,)).fetchall()
    copies = {key: load_copy(fields) for key, fields in rows if is_copy(fields)}
    shown = copy_of_row(row, removed_of(connection, article_id))
    key = key_of(shown)
    own = {name: value for name, value in copies.get(key, {}).items() if value}
    copies[key] = {**shown, **own}  # with what the row knows from those that are taken out
    write_copies(connection, article_id, copies)


_COPIES = "SELECT copy, fields FROM copies WHERE article_id = ?"


def copies_of(connection: sqlite3.Connection, article_id: str) -> dict[str, Copy]:
    """The copies behind a row, by their keys; the row itself is the copy where only one counts.

    Raises ArchiveError where one of them is damaged.
    """
    rows = connection.execute(_COPIES, (article_id,)).fetchall()
    undated = {evidence for (evidence,) in connection.execute(_UNDATED, (article_id,))}
    for row in rows:
        check_row(connection, "copies", ("copy", "fields"), row)
    if rows:
        copies = {key: _loaded(fields) for key, fields in rows}
        whole = {key: copy for key, copy in copies.items() if copy is not None}
        if len(whole) < len(copies):
            raise damaged(connection, "copies", article_id, "a copy of it is damaged")
        return marked(whole, undated)
    row = read_row(connection, article_id)
    if row is None:
        return {}
    copy = copy_of_row(row, removed_of(connection, article_id))
    return marked({key_of(copy): copy}, undated)


def dated_looks(connection: sqlite3.Connection, article_id: str) -> set[str]:
    """What our own looks at an article have found whose moments are known, by the evidence."""
    looks = {one for (one,) in connection.execute(_DATED, (article_id,))} - {""}
    return looks - {one for (one,) in connection.execute(_UNDATED, (article_id,))}


def settle_moments(
    connection: sqlite3.Connection, article_id: str, copies: Mapping[str, Copy]
) -> None:
    """Take the moments that cannot have been from events that an earlier reading left."""
    for copy in copies.values():
        look = (article_id, copy["evidence"], copy["fetch_date"])
        found = connection.execute(_AT_ITS_WORD, look).fetchall() if copy["undated"] else []
        for number, detail in found:
            connection.execute(_TAKE_MOMENT, (with_moment(detail, copy["fetch_date"]), number))
        if found:
            connection.execute(_ONCE, (article_id, article_id))


def write_copies(
    connection: sqlite3.Connection, article_id: str, copies: Mapping[str, Copy]
) -> None:
    """Keep the copies behind a row; a single one is the row itself."""
    connection.execute("DELETE FROM copies WHERE article_id = ?", (article_id,))
    if len(copies) > 1:
        rows = [(article_id, key, dump_copy(copy)) for key, copy in sorted(copies.items())]
        connection.executemany(_KEEP_COPY, rows)
