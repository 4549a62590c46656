"""Which signed links still stand in a text, when articles that named them are taken out.

Nothing says which texts name a link, so that all of them are read: once for many articles.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from crawler.archive.database import unpack
from crawler.links import mentions

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

Mention = tuple[str, str]  # the bare address of an article, and a signed link of it


class Mentioned:
    """How many texts of an archive name each link, as long as nothing else is written."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._texts: Counter[int] | None = None  # by the hash of a mention, for there are many
        self._told: list[set[Mention]] = []  # by each text that goes
        self._stamp = (0, 0)

    @contextmanager
    def taking_out(self) -> Iterator[None]:
        """While one article is taken out, in a transaction: what else was written is read anew."""
        texts, self._texts, self._told = self._texts, None, []
        (others,) = self._connection.execute("PRAGMA data_version").fetchone()
        if self._stamp == (others, self._connection.total_changes):
            self._texts = texts
        try:
            yield
        except BaseException:
            self._texts = None  # what was taken out comes back
            raise
        self._stamp = (others, 0)

    def written(self) -> None:
        """Note that what was taken out is written for good, and nothing else was."""
        others, _ = self._stamp
        if not self._connection.in_transaction:
            self._stamp = (others, self._connection.total_changes)

    def by(self, article_id: str) -> set[Mention]:
        """What any text of an article names, which goes; one that is damaged names nothing."""
        self._told = list(self._read(_OF_ARTICLE, article_id))
        return set().union(*self._told)

    def left(self, wanted: Collection[Mention]) -> set[Mention]:
        """Those of some mentions that stand in a text which is left."""
        if not wanted and self._texts is None:
            return set()
        if self._texts is None:
            self._texts = Counter()
            for told in self._read(_OF_ALL):
                self._texts.update(map(hash, told))
        else:
            for told in self._told:
                self._texts.subtract(map(hash, told))
        texts = self._texts
        return {mention for mention in wanted if texts[hash(mention)] > 0}

    def _read(self, statement: str, *values: str) -> Iterator[set[Mention]]:
        for (packed,) in self._connection.execute(statement, values):
            with suppress(ValueError, TypeError):
                yield set(mentions(unpack(packed).decode()))


_OF_ARTICLE = "SELECT body FROM revisions WHERE article_id = ?"
_OF_ALL = "SELECT body FROM revisions"
