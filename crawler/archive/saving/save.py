"""Saves articles: their rows, revisions, events, addresses, accounts, places in the queue.

A row is a function of all copies ever seen (`copies`), so that no order of arrival makes a
difference. Articles that the archive does not know take the short way of plain inserts, many at
once; most do, and a collection has 150,000.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING

from crawler.archive.database import insert, insert_if_there
from crawler.archive.reading import has_text
from crawler.archive.saving.accounts import note_accounts
from crawler.archive.saving.addresses import (
    claim_own,
    keep_forms,
    keep_lasting,
    keep_links,
    keep_waited,
    known_among,
    known_forms,
    rows_of,
)
from crawler.archive.saving.copies import as_looked_at, key_of, prune_copies
from crawler.archive.saving.kept_away import forgotten_among, keep_away, spares
from crawler.archive.saving.mending import mend_text
from crawler.archive.saving.merge import EARLIER_LOOK_COUNTS, lacks_row, merge_rows
from crawler.archive.saving.of_old import key_of_old, keys_of_old
from crawler.archive.saving.queue import add_queue_rows, settle
from crawler.archive.saving.rows import (
    copies_of,
    insert_rows,
    note_latest,
    refresh_row,
    settle_moments,
    shown_now,
    write_copies,
)
from crawler.archive.saving.storable import storable
from crawler.article import OWN, State
from crawler.credentials import without_secrets
from crawler.urls import parse_url

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from crawler.archive.saving.arrival import Arrival, Row
    from crawler.archive.saving.copies import Copy
    from crawler.article import Article
    from crawler.urls import ArticleUrl


class Change(StrEnum):
    """What saving an article did to the archive."""

    ADDED = "added"  # a row that was not there
    UPDATED = "updated"  # the row shows this copy now, or knows more through it
    KEPT_BETTER = "kept"  # the row keeps a better copy; this one is an event beside it
    UNCHANGED = "unchanged"  # nothing was new, and at most that it was looked at was noted
    FORGOTTEN = "forgotten"  # a person took the article out for good, and nothing of it was written

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return self not in (Change.UNCHANGED, Change.FORGOTTEN)


_EVENT = insert("events")
_LOOK = insert_if_there("events")
_SAME_EVENT = """
SELECT 1 FROM events WHERE at = ? AND url = ? AND article_id = ? AND state = ? AND evidence = ?
"""
_REVISION = insert("revisions", on_conflict=EARLIER_LOOK_COUNTS)
_SEED = insert(
    "seeds",
    on_conflict="""(sha256) DO UPDATE SET
    path = CASE WHEN excluded.cleaner_version > cleaner_version THEN excluded.path
        ELSE min(path, excluded.path) END,
    article_id = excluded.article_id, state = excluded.state,
        cleaner_version = excluded.cleaner_version
WHERE excluded.cleaner_version > cleaner_version
    OR (excluded.path < path OR excluded.article_id IS NOT article_id)
        AND excluded.cleaner_version = cleaner_version
""",
)

_MENTION = insert("mentions", on_conflict="DO NOTHING")


def save_arrivals(
    connection: sqlite3.Connection, arrivals: Sequence[Arrival]
) -> list[tuple[str, Change]]:
    """Save articles within the transaction that is open.

    Returns of each, in their order, the key of its row and what changed.
    """
    away = forgotten_among(connection, {name for one in arrivals for name in one.names})
    if not away:
        return _save_wanted(connection, arrivals)
    half = len(arrivals) // 2
    if half:  # one after the other, for each may tell by what names the next comes
        first = save_arrivals(connection, arrivals[:half])
        return [*first, *save_arrivals(connection, arrivals[half:])]
    [arrival] = arrivals
    if arrival.id.startswith(OWN) and spares(connection, away, arrival.said):
        return _save_wanted(connection, arrivals)
    keep_away(connection, arrival.id, arrival.names, away)
    return [(arrival.id, Change.FORGOTTEN)]


def _save_wanted(
    connection: sqlite3.Connection, arrivals: Sequence[Arrival]
) -> list[tuple[str, Change]]:
    older = [_old_keys(arrival) for arrival in arrivals]
    known = known_among(
        connection,
        [*chain.from_iterable(older), *(key for arrival in arrivals for key in arrival.keys)],
        [address for arrival in arrivals for address in arrival.addresses],
    )
    fresh: dict[int, Arrival] = {}
    for index, arrival in enumerate(arrivals):
        traces = arrival.traces
        if known.isdisjoint((*traces, *older[index])):
            fresh[index] = arrival
        known.update(traces)  # so that a second copy in the same batch is one that meets the first
    _insert(connection, list(fresh.values()))
    return [
        (arrival.id, Change.ADDED) if index in fresh else _save_known(connection, arrival)
        for index, arrival in enumerate(arrivals)
    ]


def _old_keys(arrival: Arrival) -> list[str]:
    return keys_of_old(arrival.id, (parse_url(given) for given, _, _ in arrival.links))


def _insert(connection: sqlite3.Connection, arrivals: Sequence[Arrival]) -> None:
    """Write all that articles bring of which nothing was known."""
    insert_rows(connection, arrivals)
    connection.executemany(_EVENT, [arrival.event for arrival in arrivals])
    connection.executemany(
        _REVISION, [arrival.revision for arrival in arrivals if arrival.revision]
    )
    note_mentions(connection, [row for arrival in arrivals for row in arrival.mentions])
    keep_links(connection, [link for arrival in arrivals for link in arrival.links])
    claim_own(connection, [arrival.id for arrival in arrivals])
    note_accounts(connection, [arrival.account_row for arrival in arrivals if arrival.account_row])
    add_queue_rows(connection, [arrival.queue_row for arrival in arrivals if arrival.queue_row])
    note_seeds(connection, [arrival.seed for arrival in arrivals if arrival.seed])


def note_mentions(connection: sqlite3.Connection, mentions: Sequence[Row]) -> None:
    """Keep signed links that stand in texts, for articles that wait for one."""
    connection.executemany(_MENTION, mentions)


def note_seeds(connection: sqlite3.Connection, seeds: Sequence[Row]) -> None:
    """Note which files were read, so that they need not be read again."""
    connection.executemany(_SEED, seeds)


def _save_known(connection: sqlite3.Connection, arrival: Arrival) -> tuple[str, Change]:
    """Save an article of which the archive, its queue or this very batch knows something."""
    forms = [parse_url(given) for given, _, _ in arrival.links]
    canonical = [form.canonical for form in forms if not form.tells_none]
    keys = key_of_old(connection, arrival.id, arrival.copy, forms) or arrival.keys
    article_id, rows = rows_of(connection, keys, canonical)
    arrival = arrival.with_id(article_id)
    is_back = lacks_row(connection, article_id, rows)
    if is_back:
        insert_rows(connection, [arrival])
        rows |= {article_id}
    if rows:
        change = _join(connection, arrival, forms, rows)
        note_seeds(connection, list(filter(None, [arrival.seed])))
        return article_id, Change.ADDED if is_back else change
    # Its addresses may be known for another article's, as a short link that two pages claim.
    _insert(connection, [arrival._replace(queue_row=None, links=())])
    keep_forms(connection, article_id, forms)
    keep_waited(connection, article_id, forms, is_done=not arrival.state.worth_fetching)
    # which finds the entry that waited for it
    settle(connection, article_id, arrival.state, arrival.date, forms)
    return article_id, Change.ADDED


def _join(
    connection: sqlite3.Connection, arrival: Arrival, forms: list[ArticleUrl], rows: set[str]
) -> Change:
    """Save one more copy of an article that is there, perhaps in rows that become one now."""
    article_id = arrival.id
    before = _copies_of_all(connection, rows)
    arrival = _as_known(arrival, before)
    key = key_of(arrival.copy)
    together = {**before, key: as_looked_at(arrival.copy, before.get(key))}
    after = prune_copies(together)
    merged = merge_rows(connection, article_id, rows)
    settle_moments(connection, article_id, together)
    learned = keep_forms(connection, article_id, forms)
    is_lost = _lacks_text(connection, arrival)
    mended = is_lost and _mend(connection, arrival)
    known = connection.execute(_SAME_EVENT, (*arrival.event[:4], arrival.event[7])).fetchone()
    if known and after == before and not (merged or learned or is_lost):
        return Change.UNCHANGED
    if not known:
        connection.execute(_EVENT, arrival.event)
    if arrival.revision:
        connection.execute(_REVISION, arrival.revision)
        note_mentions(connection, arrival.mentions)
    note_accounts(connection, filter(None, [arrival.account_row]))
    if after != before or merged:
        write_copies(connection, article_id, after)
    changed = show(connection, article_id, after, {arrival.copy["body_hash"]: arrival.body})
    return Change.UPDATED if changed or merged or mended else Change.KEPT_BETTER


def _lacks_text(connection: sqlite3.Connection, arrival: Arrival) -> bool:
    """Whether the text of a copy is not there, or damaged."""
    body_hash = arrival.copy["body_hash"]
    return bool(arrival.revision) and not has_text(connection, arrival.id, body_hash)


def _mend(connection: sqlite3.Connection, arrival: Arrival) -> bool:
    """Write the text of a copy anew where it is there, and damaged."""
    if arrival.revision is None:
        return False
    article_id, body_hash, *_, packed = arrival.revision
    return mend_text(connection, article_id, body_hash, packed)


def _as_known(arrival: Arrival, copies: dict[str, Copy]) -> Arrival:
    """The arrival without the moment that it was known not to have been made at."""
    known = copies.get(key_of(arrival.copy))
    return arrival.without_moment() if known and known["undated"] else arrival


def note_unchanged(connection: sqlite3.Connection, article: Article) -> None:
    """Note a look that found the copy that is shown: an event, and no other copy of the same."""
    article = storable(article)
    look = (article.fetch_date, without_secrets(article.url), article.id, article.state.value)
    said = (article.http_status, article.origin.value, article.detail, "")
    connection.execute(_LOOK, (*look, *said))
    note_latest(connection, article.id)


def _copies_of_all(connection: sqlite3.Connection, rows: set[str]) -> dict[str, Copy]:
    return {key: copy for row in sorted(rows) for key, copy in copies_of(connection, row).items()}


def show(
    connection: sqlite3.Connection,
    article_id: str,
    copies: dict[str, Copy],
    bodies: dict[str, str] | None = None,
) -> bool:
    """Bring the row and its place in the queue in step with its copies.

    `bodies` are texts at hand, by hash. Returns whether the row shows anything new.
    """
    shown = shown_now(connection, article_id, copies)
    changed = refresh_row(connection, article_id, shown, bodies or {})
    state, forms = State(shown["state"]), known_forms(connection, article_id)
    keep_waited(connection, article_id, forms, is_done=not state.worth_fetching)
    settle(connection, article_id, state, shown["date"], forms)
    if not state.worth_fetching:
        keep_lasting(connection, article_id, forms)
    return changed


def join_rows(connection: sqlite3.Connection, article_id: str, rows: set[str]) -> None:
    """Make one row of several that are one article, with all that hangs on them."""
    copies = prune_copies(_copies_of_all(connection, rows))
    merge_rows(connection, article_id, rows)
    write_copies(connection, article_id, copies)
    show(connection, article_id, copies)
