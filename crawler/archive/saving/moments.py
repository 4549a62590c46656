"""Moments that a clock gave which was ahead: once it is right, they have not come yet."""

from __future__ import annotations

from crawler.archive.database import ArchivePart
from crawler.archive.saving.addresses import find
from crawler.archive.saving.copies import with_moment
from crawler.archive.saving.rows import copies_of
from crawler.archive.saving.save import show
from crawler.times import comparable

_EVENTS = "SELECT id, at, detail FROM events WHERE article_id = ? AND at > ?"
_UNDATE = "UPDATE events SET at = '', detail = ? WHERE id = ?"


class Moments(ArchivePart):
    """When the looks at an article were made."""

    def undate(self, text: str, *, after: str) -> None:
        """Count looks at an article after a moment as such whose moment nobody knows.

        `text` is its key or an address. Their events go on saying what they said. Else the copy of
        such a look would be the latest until that moment has come, whatever is found before.
        """
        article_id = find(self._connection, text)
        rows = self._connection.execute(_EVENTS, (article_id, after)).fetchall()
        ahead = [(with_moment(detail, at), number) for number, at, detail in rows if comparable(at)]
        if article_id is None or not ahead:
            return
        with self._transaction():
            self._connection.executemany(_UNDATE, ahead)
            show(self._connection, article_id, copies_of(self._connection, article_id))
