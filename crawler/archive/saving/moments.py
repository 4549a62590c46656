"""Moments that a clock gave which was ahead: once it is right, they have not come yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.database import ArchivePart, check_row
from crawler.archive.saving.addresses import find
from crawler.archive.saving.copies import with_moment
from crawler.archive.saving.rows import copies_of, write_copies
from crawler.archive.saving.save import show
from crawler.times import comparable

if TYPE_CHECKING:
    from crawler.archive.saving.copies import Copy

_EVENTS = """
SELECT id, at, detail, evidence FROM events
    WHERE article_id = ? AND (at > ? OR at = '' AND evidence = ? AND evidence <> '')
"""
_LOOK = ("id", "at", "detail", "evidence")
_DATE = "UPDATE events SET at = ?, detail = ? WHERE id = ?"
_DATE_PAGE = """
UPDATE snapshots SET fetched_at = ? WHERE article_id = ? AND sha256 = ? AND fetched_at > ?
"""


class Seen(NamedTuple):
    """What a look has found, by its hash, and when."""

    evidence: str
    at: str


class Moments(ArchivePart):
    """When the looks at an article were made."""

    def settle(self, text: str, *, after: str, seen: Seen) -> None:
        """Count looks at an article after a moment as such whose moment nobody knows.

        `text` is its key or an address. Their events go on saying what they said. Else the copy of
        such a look would be the latest until that moment has come, whatever is found before. One
        that found the very same as a look of now, `seen`, counts as of now, also where its moment
        was taken from it before: else what stands there would give way to an older copy.
        """
        article_id = find(self._connection, text)
        rows = self._connection.execute(_EVENTS, (article_id, after, seen.evidence)).fetchall()
        for row in rows:
            check_row(self._connection, "events", _LOOK, row)
        ahead = [row for row in rows if comparable(row[1]) or not row[1]]
        if article_id is None or not ahead:
            return
        dates = [
            (seen.at if found == seen.evidence else "", _said(detail, at), number)
            for number, at, detail, found in ahead
        ]
        with self._transaction():
            self._connection.executemany(_DATE, dates)
            copies = copies_of(self._connection, article_id)
            if seen.evidence in copies and any(at for at, *_ in dates):
                copies = self._dated(article_id, copies, seen, after)
            show(self._connection, article_id, copies)

    def _dated(
        self, article_id: str, copies: dict[str, Copy], seen: Seen, after: str
    ) -> dict[str, Copy]:
        """The copies, that of what was seen with its moment, as its page has it, too."""
        copies[seen.evidence] = {**copies[seen.evidence], "fetch_date": seen.at}
        write_copies(self._connection, article_id, copies)
        page = (seen.at, article_id, seen.evidence, after)
        self._connection.execute(_DATE_PAGE, page)
        return copies


def _said(detail: str, at: str) -> str:
    """An event's detail with the moment that it said, unless that stands there."""
    return with_moment(detail, at) if at else detail
