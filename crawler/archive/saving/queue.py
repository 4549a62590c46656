"""What is still to fetch.

One entry an article, under the best address that the archive knows for it.

WeChat answers a long link only with its `chksm`. An article of which only such a link is known
waits in the queue (`needs_link`) until any input brings a signed or a short form of it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from crawler.archive.database import WRITTEN, ArchivePart, check_row, damaged, insert
from crawler.archive.saving import tried
from crawler.archive.saving.addresses import (
    IS_OWN,
    LISTED,
    fetchable,
    find,
    keep_forms,
    keys_of,
    known_forms,
    lasting_form,
    listed,
    note_others,
    queue_key,
    queue_key_of,
    sendable,
    signed_identity,
)
from crawler.archive.saving.kept_away import check_not_forgotten, is_forgotten
from crawler.article import OF_THE_LINK, State
from crawler.errors import InputError
from crawler.fields import harmless_line, sound_row
from crawler.links import as_kept
from crawler.times import as_written, moment_of
from crawler.urls import ArticleUrl, parse_url

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence

LONGEST_WAIT = timedelta(days=30)  # our own runs let an article wait eight days at most


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEntry:
    """One article that is still to fetch.

    Moments are ISO 8601 like `Article.fetch_date`; "" is none.
    """

    url: str
    request: str
    article_id: str | None
    state: str
    needs_link: bool
    attempts: int
    not_before: str
    last_error: str
    why: str
    date: str
    title: str = ""
    source: str = ""


class Queue(ArchivePart):
    """The queue of an archive; every change is a transaction, or part of the one that is open."""

    def enqueue(  # noqa: PLR0913  (what a list says of an article is as much)
        self,
        url: str,
        *,
        why: str = "",
        state: State | None = None,
        date: str = "",
        title: str = "",
        source: str = "",
    ) -> QueueEntry:
        """Note an address to fetch, and what is said of its article.

        One that is better than what an entry of the same article has takes its place.

        Raises InputError where it is no link to an article of WeChat's, or of a forgotten one.
        """
        form = sendable(url)
        with self._transaction():
            check_not_forgotten(self._connection, form.given)
            article_id = find(self._connection, form.given)
            forms = [form]
            if article_id:
                helps = self._state(article_id).worth_fetching
                kept = form if helps else lasting_form(article_id, form)
                if kept.temporary == form.temporary:  # another one is no address to fetch it by
                    keep_forms(self._connection, article_id, [kept])
                # (one that was refused may be the shortest that is known)
                if helps or form.temporary or not form.signed:
                    forms = [form, *known_forms(self._connection, article_id)]
            key = (queue_key_of(article_id) if article_id else None) or queue_key(form)
            told = sound_row({"why": why, "date": date, "title": title, "source": source})
            put(self._connection, key, forms, article_id=article_id, state=state or "", **told)
            if article_id and helps:
                tried.avoid_refused(self._connection, article_id)
            [entry] = self._entries("url = ?", key)
            note_others(self._connection, key, [form], entry.request)
            return entry

    def offer(
        self, url: str, *, why: str = "", date: str = "", title: str = "", source: str = ""
    ) -> bool:
        """Note an address that a list names; returns whether its article is new to the queue.

        Of an article that another fetch would not help only the address is learned, and of a
        forgotten one nothing. Raises InputError where it is no link to an article of WeChat's.
        """
        form = sendable(url)
        with self._transaction():
            if is_forgotten(self._connection, form.given):
                return False
            article_id = find(self._connection, form.given)
            if article_id and not self._may_bring(article_id, form):
                keep_forms(self._connection, article_id, [lasting_form(article_id, form)])
                return False
            known = self.get(url) is not None
            why = "" if known else why
            self.enqueue(url, why=why, date=date, title=title, source=source)
        return not known

    def learn(self, links: Iterable[str]) -> int:
        """Let signed links that texts name help articles that wait for one.

        Returns how many can be fetched now. Articles that nobody asked for are not added.
        """
        signed = [form for link in links if (form := signed_identity(link))]
        with self._transaction():
            rows = self._entries(f"needs_link AND url IN {LISTED}", listed(map(queue_key, signed)))
            helped = tried.one_each(self._connection, {e.url: e.article_id for e in rows}, signed)
            for form in helped:
                self.enqueue(form.given, why=_LEARNED)
        return len(helped)

    def mentioned(self) -> list[str]:
        """The signed links that stand in texts, of articles that wait for one."""
        return [link for (link,) in self._connection.execute(_MENTIONED)]

    def _may_bring(self, article_id: str, form: ArticleUrl) -> bool:
        """Whether a link may bring an article: where others were refused, one that was not sent."""
        state, lasts = self._state(article_id), form.signed and not form.temporary
        if lasts and not tried.unrefused(self._connection, article_id, [form]):
            return False
        return state.worth_fetching or (lasts and state in OF_THE_LINK)

    def refused(self, article_id: str) -> set[str]:
        """The links of an article that WeChat refused, as `as_kept` gives them; and ""."""
        return tried.refused_links(self._connection, article_id)

    def avoid_refused(self, article_id: str) -> None:
        """Let an article wait by another link than one that WeChat refused, or for one."""
        with self._transaction():
            tried.avoid_refused(self._connection, article_id)

    def _state(self, article_id: str) -> State:
        """The state of an article. Raises ArchiveError where it is not there."""
        if row := self._connection.execute(_STATE, (article_id,)).fetchone():
            check_row(self._connection, "articles", ("id", "state"), row)
            return State(row[1])
        raise damaged(self._connection, "urls", article_id, "no article is there by this key")

    def due(
        self, limit: int = -1, *, now: str = "9999", oldest: str = "", with_unsigned: bool = False
    ) -> list[QueueEntry]:
        """What may be fetched at `now`, the newest articles first; undated ones come last.

        Those at which WeChat stopped a run come after all others, the one longest ago first: a page
        that it always keeps from fetchers would keep all others from being fetched.

        `oldest` (YYYY-MM-DD) leaves out articles from before that day; `with_unsigned` takes links
        without chksm too.
        """
        moment = moment_of(now)
        # a clock that was ahead lets entries wait for longer than any wait is
        latest = as_written(moment + LONGEST_WAIT) if moment else now
        condition = f"{_HAS_WAITED} AND (date >= ? OR date = '') AND (needs_link = 0 OR ?)"
        values = (now, latest, oldest, with_unsigned)
        return self._entries(condition, *values, order=_STOPPED_LAST, limit=limit)

    def entries(self, *, limit: int = -1) -> list[QueueEntry]:
        """Every entry, the newest articles first."""
        return self._entries("1", limit=limit)

    def get(self, url: str) -> QueueEntry | None:
        """The entry of an article, by any address or by its key."""
        return next(iter(self._entries(f"url IN {LISTED}", listed(self._keys(url)))), None)

    def postpone(
        self, url: str, until: str, *, state: State | None = None, error: str = ""
    ) -> bool:
        """Count one more attempt that brought nothing, and try again from `until` on."""
        return self._change(
            "UPDATE queue SET attempts = attempts + 1,"
            " not_before = ?, last_error = ?, state = coalesce(?, state)",
            url,
            (until, harmless_line(error), state and str(state)),
        )

    def drop(self, url: str) -> bool:
        """Take an article off the queue, as a whole copy does; False where it was not there."""
        return self._change("DELETE FROM queue", url)

    def retry(self, url: str | None = None) -> int:
        """Forget earlier attempts, of one article or all; returns how many may be fetched again."""
        statement = "UPDATE queue SET attempts = 0, not_before = '', last_error = ''"
        if url is not None:
            return int(self._change(statement, url))
        with self._transaction():
            return self._connection.execute(statement + " WHERE attempts > 0").rowcount

    def _change(self, statement: str, url: str, values: Sequence[object] = ()) -> bool:
        with self._transaction():
            keys = (*values, listed(self._keys(url)))
            return self._connection.execute(f"{statement} WHERE url IN {LISTED}", keys).rowcount > 0

    def _keys(self, url: str) -> list[str]:
        """Every key under which the article behind an address may wait."""
        keys = {url}
        with suppress(InputError):
            keys.add(queue_key(parse_url(url)))
        if article_id := find(self._connection, url):
            keys.update(key for (key,) in self._connection.execute(_KEYS_OF, (article_id,)))
        return sorted(keys)

    def _entries(
        self, condition: str, *values: object, order: str = "", limit: int = -1
    ) -> list[QueueEntry]:
        statement = f"{_SELECT} WHERE {condition} ORDER BY {order}{_ORDER}"
        rows = self._connection.execute(statement, (*values, limit)).fetchall()
        return [_entry(self._connection, row) for row in rows]


_KEYS_OF = "SELECT url FROM queue WHERE article_id = ? AND typeof(url) = 'text'"
_STATE = "SELECT id, state FROM articles WHERE id = ?"
_HAS_WAITED = "(not_before <= ? OR not_before > ?)"
_MENTIONED = """
SELECT m.link FROM queue AS q JOIN mentions AS m ON m.url = q.url WHERE q.needs_link ORDER BY m.link
"""
_LEARNED = "its link stands in another text"
_FIELDS = WRITTEN["queue"]
_SELECT = f"SELECT {', '.join(_FIELDS)} FROM queue"  # noqa: S608
_ORDER = "date DESC, url LIMIT ?"
_STOPPING = ", ".join(f"'{state}'" for state in State if state.stops_the_run)
_STOPPED_LAST = f"""
coalesce((SELECT a.checked_at FROM articles AS a
    WHERE a.id = queue.article_id AND a.state_now IN ({_STOPPING})), ''),
"""  # noqa: S608  (names of states)


def _entry(connection: sqlite3.Connection, row: tuple[Any, ...]) -> QueueEntry:
    check_row(connection, "queue", _FIELDS, row)
    return _made_of(row)


def _made_of(row: Sequence[object]) -> QueueEntry:
    fields = dict(zip(_FIELDS, row, strict=True))
    return QueueEntry(**{**fields, "needs_link": bool(fields["needs_link"])})  # type: ignore[arg-type]


def put(  # noqa: PLR0913  (an entry has so many fields)
    connection: sqlite3.Connection,
    key: str,
    forms: Collection[ArticleUrl],
    *,
    article_id: str | None,
    state: str,
    why: str,
    date: str,
    title: str = "",
    source: str = "",
) -> None:
    """Make or better one entry.

    What was learned of attempts stays, the address becomes the best of all; that before is kept.
    """
    old = connection.execute(f"{_SELECT} WHERE url = ?", (key,)).fetchone()
    known = _entry(connection, old) if old else _UNKNOWN
    stood = [parse_url(known.request)] if old else []
    forms = [*forms, *stood]
    signed = fetchable(forms)
    # an article that only ever stood at another one's link has none of its own
    request = signed or min((form.request for form in forms), default=key)
    look = (article_id or known.article_id, state or known.state, not signed)
    why = why or known.why * (known.why != tried.NEEDS_LINK) or tried.NEEDS_LINK * (not signed)
    if known.source and not source:  # what stands before a link may be any words
        title = known.title or title
    told = (why, date or known.date, title or known.title, source or known.source)
    connection.execute(_PUT, (key, request, *look, *_NO_ATTEMPTS, *told))
    note_others(connection, key, stood, request)


_NO_ATTEMPTS = (0, "", "")  # attempts, not_before, last_error: what is known of them stays
_UNKNOWN = _made_of(("", "", None, "", True, *_NO_ATTEMPTS, "", "", "", ""))

_PUT = insert(
    "queue",
    on_conflict="""(url) DO UPDATE SET request = excluded.request, article_id = excluded.article_id,
    state = excluded.state, needs_link = excluded.needs_link, why = excluded.why,
    date = excluded.date, title = excluded.title, source = excluded.source
""",
)


def settle(
    connection: sqlite3.Connection,
    article_id: str,
    state: State,
    date: str,
    forms: list[ArticleUrl],
) -> None:
    """Keep an entry for a row that was just written where another fetch may help, else none.

    `forms` are all addresses of the article. An entry that was made before the article was known
    becomes its own; one of another article stays that one's, whatever stands at its address.
    """
    keys = keys_of(article_id, forms)
    if not (state.worth_fetching and keys):
        _end_wait(connection, article_id, state, keys)
        return
    key = queue_key_of(article_id) or min(keys)
    keys.add(key)  # never an empty list, for which SQLite would read the whole table
    adopted = _adopt(connection, key, IS_OWN, (article_id, listed(keys)))
    forms = [*forms, *adopted]
    sent = fetchable(forms)
    told = {"state": str(state), "why": tried.why_of(state, sent), "date": date}
    with tried.avoiding_refused(connection, article_id, key):
        put(connection, key, forms, article_id=article_id, **told)
        note_others(connection, key, adopted, sent)


def _end_wait(
    connection: sqlite3.Connection, article_id: str, state: State, keys: set[str]
) -> None:
    """Take an article off the queue; where but a link was refused, no other that can be sent."""
    own = (article_id, listed(keys))
    kept: list[str] = []
    if state in OF_THE_LINK:
        refused = tried.refused_links(connection, article_id)
        rows = connection.execute(f"{_SELECT} WHERE {IS_OWN}", own).fetchall()
        ready = [one for row in rows if not (one := _entry(connection, row)).needs_link]
        kept = [one.url for one in ready if as_kept(one.request) not in refused]
    ends = f"DELETE FROM queue WHERE ({IS_OWN}) AND url NOT IN {LISTED}"  # noqa: S608
    connection.execute(ends, (*own, listed(kept)))


def queue_row_of(
    article_id: str, state: State, date: str, forms: Sequence[ArticleUrl]
) -> tuple[object, ...] | None:
    """The queue's row for a new article; None where fetching it again cannot help.

    It is what `settle` makes of such an article, as the row that `add_queue_rows` writes.
    """
    if not (state.worth_fetching and forms):
        return None
    signed = fetchable(forms)
    key = queue_key_of(article_id) or min(keys_of(article_id, forms))
    request = signed or min(form.request for form in forms)
    look = (article_id, str(state), not signed)
    return (key, request, *look, *_NO_ATTEMPTS, tried.why_of(state, signed), date, "", "")


def add_queue_rows(connection: sqlite3.Connection, rows: Iterable[Sequence[object]]) -> None:
    """Put articles into the queue that are new to it."""
    connection.executemany(_PUT, rows)


def _adopt(
    connection: sqlite3.Connection, key: str, condition: str, values: Sequence[object]
) -> list[ArticleUrl]:
    """Fold the entries that a condition names into one, and return their addresses.

    The most attempts and the latest moment count.
    """
    rows = connection.execute(f"{_SELECT} WHERE {condition} ORDER BY url", values).fetchall()
    others = [entry for row in rows if (entry := _entry(connection, row)).url != key]
    for entry in others:
        connection.execute(_ADOPT, (key, entry.url))
        connection.execute("DELETE FROM queue WHERE url = ?", (entry.url,))
    return [parse_url(entry.request) for entry in others]


_ADOPT = insert(
    "queue",
    select=f"SELECT ?, {', '.join(_FIELDS[1:])} FROM queue WHERE url = ?",  # noqa: S608
    on_conflict="""(url) DO UPDATE SET
    attempts = max(attempts, excluded.attempts), not_before = max(not_before, excluded.not_before),
    last_error = CASE WHEN excluded.not_before > not_before THEN excluded.last_error
        ELSE last_error END
""",
)
