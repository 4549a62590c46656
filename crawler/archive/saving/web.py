"""What web archives were asked and what they hold, so that nothing is asked twice.

Empty answers are remembered as others are. A query of many pages goes on where it was stopped, and
so does the fetching of what it listed.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from crawler.archive.database import (
    ArchivePart,
    insert,
    insert_if_there,
    read_as,
    readable,
    record_of,
)
from crawler.archive.saving.addresses import LISTED, listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


BY_PAGE = "page:"
"""What a query goes on by, before the number of the page to ask for, where there are no keys."""

FAILED = "failed: "
"""How the outcome of a capture begins that may be asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to a web archive's index, and how far it was answered."""

    server: str
    query: str
    at: str
    captures: int = 0
    following: str = ""  # asks for the next page; "" where all was answered


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCapture:
    """A capture of an article that had no text when an index listed it."""

    server: str
    captured_at: str
    url: str
    article_id: str
    status: str = ""
    digest: str = ""
    looked_at: str = ""
    outcome: str = ""

    @property
    def failing_since(self) -> str:
        """When a capture that was put off was put off for the first time; "" of any other."""
        is_put_off = self.outcome.startswith(_PUT_OFF_AT) and not self.looked_at
        return self.outcome.removeprefix(_PUT_OFF_AT).rpartition(_SINCE)[2] if is_put_off else ""


_PUT_OFF_AT, _SINCE = "put off at ", ", since "
_QUERY = tuple(field.name for field in fields(Query))
_CAPTURE = tuple(field.name for field in fields(ListedCapture))
_PUT_QUERY = insert(
    "web_queries",
    on_conflict="""(server, query) DO UPDATE SET at = excluded.at, captures = excluded.captures,
    following = excluded.following""",
)
_PUT_CAPTURE = insert_if_there("web_captures", on_conflict="(server, captured_at, url) DO NOTHING")
# Articles that a question was asked for, each a row behind it, which waits for its last page.
_BEGIN = insert("web_queries", on_conflict="DO NOTHING")
_FINISH = """
UPDATE web_queries SET following = '', at = ?
WHERE server = ? AND query > ? || '#' AND query < ? || '$' AND following <> ''
"""
_COUNT_ASKED = f"""
SELECT count(*) FROM web_queries WHERE server = ? AND query IN {LISTED} AND following = ''
"""  # noqa: S608  (a question mark only)
_GET_QUERY = f"SELECT {', '.join(_QUERY)} FROM web_queries WHERE server = ? AND query = ?"  # noqa: S608
# Whole answers before redirects, which are looked at only where those bring nothing.
_PENDING = f"""
SELECT {", ".join(_CAPTURE)} FROM web_captures WHERE server = ? AND looked_at = '' AND outcome = ''
ORDER BY article_id, status LIKE '3%', captured_at, url LIMIT 1
"""  # noqa: S608  (names from the class above)
_PUT_OFF = f"""
SELECT {", ".join(_CAPTURE)} FROM web_captures WHERE server = ? AND looked_at = ''
    AND outcome <> '' AND (outcome, captured_at, url) > (?, ?, ?)
ORDER BY outcome, captured_at, url LIMIT 1
"""  # noqa: S608  (names from the class above)
_LOOKED = """
UPDATE web_captures SET looked_at = ?, outcome = ?
WHERE server = ? AND captured_at = ? AND url = ?
"""
_LOOK = """
SELECT looked_at, outcome FROM web_captures WHERE server = ? AND captured_at = ? AND url = ?
"""
_SAME_CONTENT = """
UPDATE web_captures SET looked_at = ?, outcome = 'the same content'
WHERE server = ? AND article_id = ? AND digest = ? AND looked_at = '' AND status NOT LIKE '3%'
"""
_REDIRECTS = """
UPDATE web_captures SET looked_at = ?, outcome = ?
WHERE server = ? AND article_id = ? AND looked_at = '' AND status LIKE '3%'
"""
_ASKED = "SELECT query FROM web_queries WHERE server = ? AND following = ''"
# Events of a question say why there was no answer, or which line of one was left out.
_UNANSWERED = """
SELECT url, max(id) FROM events
    WHERE origin = 'recovered' AND state = '' AND instr(detail, ? || ': ') = 1 GROUP BY url
"""
_FORGET = "DELETE FROM web_queries WHERE server = ?"
_FORGET_FAILURES = f"""
UPDATE web_captures SET looked_at = '', outcome = ''
WHERE server = ? AND outcome LIKE '{FAILED}%'
"""  # noqa: S608  (the word from above)
_OF_ACCOUNT = f"""
SELECT {", ".join(_CAPTURE)} FROM web_captures
WHERE server = ? AND article_id > ? AND article_id < ? ORDER BY captured_at DESC, url
"""  # noqa: S608  (names from the class above)
_COUNT_PENDING = "SELECT count(*) FROM web_captures WHERE server = ? AND looked_at = ''"
_COUNT_GIVEN_UP = f"""
SELECT count(*) FROM web_captures AS c JOIN articles AS a ON a.id = c.article_id
WHERE c.looked_at <> '' AND c.outcome LIKE '{FAILED}%' AND a.body_hash = ''
"""  # noqa: S608  (the word from above)
_COUNTS = """
SELECT outcome, count(*) FROM web_captures WHERE server = ? AND looked_at <> ''
    GROUP BY outcome ORDER BY outcome
"""


def asked_for(query: str, article_id: str) -> str:
    """What is remembered of a question for one of the articles that it was asked for."""
    return f"{query}#{article_id}"


class WebMemory(ArchivePart):
    """Tables `web_queries` and `web_captures`; every change is a transaction, or part of one."""

    def asked(self, server: str) -> frozenset[str]:
        """The queries that were answered to their end."""
        return frozenset(query for (query,) in self._connection.execute(_ASKED, (server,)))

    def unanswered(self, host: str) -> dict[str, int]:
        """The addresses that were asked for in vain; the higher the number, the later it was."""
        with read_as(self._connection, readable):  # a damaged look is at no question
            return dict(self._connection.execute(_UNANSWERED, (host,)).fetchall())

    def query(self, server: str, query: str) -> Query | None:
        """How far a query was answered; None where it was never asked."""
        row = self._connection.execute(_GET_QUERY, (server, query)).fetchone()
        return record_of(self._connection, "web_queries", Query, _QUERY, row) if row else None

    def note_answer(self, query: Query, captures: Iterable[ListedCapture]) -> None:
        """Keep one page of an answer: how far it went, and what it listed."""
        rows = [tuple(getattr(one, name) for name in _CAPTURE) for one in captures]
        with self._transaction():
            self._connection.execute(_PUT_QUERY, tuple(getattr(query, name) for name in _QUERY))
            self._connection.executemany(_PUT_CAPTURE, rows)
            if not query.following:
                of_articles = (query.at, query.server, query.query, query.query)
                self._connection.execute(_FINISH, of_articles)

    def begin(self, server: str, query: str, ids: Iterable[str], *, at: str) -> None:
        """Note the articles that a question is asked for, before its first page comes.

        What is listed of others is not kept: so one that comes later was never asked for.
        """
        rows = [(server, asked_for(query, one), at, 0, query) for one in ids]
        with self._transaction():
            self._connection.executemany(_BEGIN, rows)

    def was_asked(self, server: str, queries: Collection[str]) -> bool:
        """Whether each of these was answered to its end."""
        found = self._connection.execute(_COUNT_ASKED, (server, listed(queries))).fetchone()
        return bool(found[0] == len(queries))

    def pending(self, server: str) -> Iterator[ListedCapture]:
        """Each capture that is still to be looked at, and was not put off.

        It is given again until that is noted.
        """
        while row := self._connection.execute(_PENDING, (server,)).fetchone():
            yield self._capture(row)

    def delayed(self, server: str) -> Iterator[ListedCapture]:
        """Each capture that was put off, the first of them first; again if it is so once more."""
        last = ("", "", "")
        while row := self._connection.execute(_PUT_OFF, (server, *last)).fetchone():
            capture = self._capture(row)
            last = (capture.outcome, capture.captured_at, capture.url)
            yield capture

    def is_waiting(self, capture: ListedCapture) -> bool:
        """Whether nobody looked at a capture since it was given."""
        key = (capture.server, capture.captured_at, capture.url)
        found = self._connection.execute(_LOOK, key).fetchone()
        return bool(found == (capture.looked_at, capture.outcome))

    def put_off(self, capture: ListedCapture, *, at: str) -> None:
        """Let a capture that is still to be looked at wait until all others were."""
        key = (capture.server, capture.captured_at, capture.url)
        outcome = f"{_PUT_OFF_AT}{at}{_SINCE}{capture.failing_since or at}"
        with self._transaction():
            self._connection.execute(_LOOKED, ("", outcome, *key))

    def of_account(self, server: str, biz: str) -> list[ListedCapture]:
        """Every capture of an account's articles, the latest first."""
        rows = self._connection.execute(_OF_ACCOUNT, (server, f"{biz}:", f"{biz};")).fetchall()
        return [self._capture(row) for row in rows]

    def _capture(self, row: tuple[Any, ...]) -> ListedCapture:
        return record_of(self._connection, "web_captures", ListedCapture, _CAPTURE, row)

    def count_pending(self, server: str) -> int:
        """How many captures are still to be looked at."""
        return int(self._connection.execute(_COUNT_PENDING, (server,)).fetchone()[0])

    def note_look(self, capture: ListedCapture, outcome: str, *, at: str) -> int:
        """Keep what a capture turned out to be, so that it is not fetched again.

        Nor is the same content under another moment, unless this one could not be fetched. Of a
        redirect the digest is that of nothing, wherever it leads: two of them need not be the same.
        Returns how many captures that settles.
        """
        key = (capture.server, capture.captured_at, capture.url)
        content = (capture.server, capture.article_id, capture.digest)
        with self._transaction():
            settled = self._connection.execute(_LOOKED, (at, outcome, *key)).rowcount
            is_redirect = capture.status.startswith("3")
            if capture.digest and not is_redirect and not outcome.startswith(FAILED):
                settled += self._connection.execute(_SAME_CONTENT, (at, *content)).rowcount
        return settled

    def pass_redirects(self, capture: ListedCapture, outcome: str, *, at: str) -> int:
        """Settle all redirects of a capture's article at once, for there may be very many."""
        of_article = (capture.server, capture.article_id)
        with self._transaction():
            return self._connection.execute(_REDIRECTS, (at, outcome, *of_article)).rowcount

    def forget(self, server: str) -> None:
        """Let every question be asked again, and what could not be fetched."""
        with self._transaction():
            self._connection.execute(_FORGET, (server,))
            self._connection.execute(_FORGET_FAILURES, (server,))

    def count_given_up(self) -> int:
        """How many captures could not be fetched, of articles that have no text."""
        return int(self._connection.execute(_COUNT_GIVEN_UP).fetchone()[0])

    def counts(self, server: str) -> list[tuple[str, int]]:
        """What the captures that were looked at turned out to be."""
        return self._connection.execute(_COUNTS, (server,)).fetchall()
