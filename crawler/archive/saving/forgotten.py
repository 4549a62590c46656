"""Takes articles out for good, with all that hangs on them, and keeps them from coming back.

What a seed, a page, a list or another archive brings again of a forgotten article is passed over. A
mark holds keys and addresses only, and nothing of what the article said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.archive.database import file_of, read_as, readable
from crawler.archive.reading import files_of, shown_by_others
from crawler.archive.saving.accounts import drop_unheard
from crawler.archive.saving.addresses import (
    LISTED,
    find,
    known_forms,
    lead_on,
    listed,
)
from crawler.archive.saving.kept_away import (
    check_not_forgotten,
    forgotten_among,
    is_shared,
    key_to_keep,
    mark_names,
    marked_under,
    names_of,
    own_keys,
    spares,
)
from crawler.archive.saving.mentioned import Mention, Mentioned
from crawler.archive.saving.merge import hanging_on
from crawler.archive.saving.stories import dissolve
from crawler.archive.search import compact_index
from crawler.article import loose_key, own_key
from crawler.errors import ArchiveError
from crawler.inputs import name_of, resolved

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """An article that was forgotten; `at` is ISO 8601."""

    article_id: str
    at: str


class Forgotten:
    """What shall not be in an archive; every change is a transaction, or part of one."""

    def __init__(
        self,
        root: Path,
        connection: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._root = root
        self.on_kept: Callable[[str, str], None] = lambda *_: None
        self._connection = connection
        self._transaction = transaction
        self._mentioned = Mentioned(connection)
        self._offered: dict[str, set[str]] = {}  # the names of each address that was offered

    def marks(self) -> list[Mark]:
        """Every article that was forgotten, the latest first."""
        rows = self._connection.execute(_MARKS).fetchall()
        return [Mark(article_id=article_id, at=at) for article_id, at in rows]

    def find(self, text: str) -> Mark | None:
        """The mark that a key or an address, in any spelling, is under."""
        rows = marked_under(self._connection, names_of(text))
        return Mark(article_id=rows[0][1], at=rows[0][2]) if rows else None

    def spares(self, title: str, account: str, date: str) -> bool:
        """Whether a copy without a link is of an article that is here, though it seems forgotten.

        What was forgotten has its title with other signs.
        """
        said = (title, account, date)
        names = {own_key(*said), loose_key(*said)} - {""}
        return spares(self._connection, forgotten_among(self._connection, names), said)

    def check(self, text: str) -> None:
        """Raises InputError, which says the way back, where a key or an address is marked."""
        check_not_forgotten(self._connection, text)

    def add(self, text: str, *, at: str) -> bool:
        """Forget an article by its key or any address; returns whether anything of it was there.

        Files of pictures that no other article shows are removed, of this archive or of another
        one in its folder; `on_kept` is told of those that stay, and why. Raises InputError where
        the text is neither a key that is known nor an address of WeChat's.
        """
        self._connection.execute("PRAGMA secure_delete = ON")
        with self._transaction(), self._mentioned.taking_out():
            # in here, for another process may learn its key, or one more address, until then
            article_id = find(self._connection, text) or key_to_keep(text)
            names = {article_id, *names_of(text), *own_keys(self._connection, article_id)}
            for form in known_forms(self._connection, article_id):
                names |= names_of(form.given)
            there, pictures = _take_out(self._connection, article_id, names, self._mentioned)
            _unoffer(self._connection, names, self._offered)
            mark_names(self._connection, names, article_id, at)
            note_wipe(self._connection)
            self._remove_files(files_of(self._root, pictures, self.on_kept))
        self._mentioned.written()
        return there

    def leave_out(
        self, pictures: Collection[str], accounts: Collection[str], links: Collection[Mention]
    ) -> None:
        """Remove what came along with forgotten articles, and hangs on no other one."""
        self._connection.execute("PRAGMA secure_delete = ON")
        with self._transaction():
            drop_unheard(self._connection, accounts)
            gone = set(links) - Mentioned(self._connection).left(links)
            self._connection.executemany(_UNMENTION, gone)
            unshown = _drop_unshown(self._connection, pictures)
            self._remove_files(files_of(self._root, unshown, self.on_kept))

    def _remove_files(self, paths: Collection[str]) -> None:
        """Remove pictures' files, last of all, while no run can bring one of them in again."""
        others = shown_by_others(self._root, self._connection, paths) if paths else frozenset()
        for path in paths:
            if others is None or path in others:
                self.on_kept(path, _SHOWN_BY_OTHERS)
                continue
            file = self._root / path
            if not resolved(file.parent).is_relative_to(resolved(file.parent.parent)):
                self.on_kept(path, _LED_OUT)  # as where somebody else's archive was unpacked
                continue
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                self.on_kept(path, f"it cannot be removed ({error.strerror or error})")

    def wipe(self) -> None:
        """Write the file anew, so that no byte of it holds what was taken out.

        What SQLite deletes stays in pages that are free, in the index until it is merged, and in
        the log until that is emptied. Raises ArchiveError, which says what is left, where another
        program is in the way, or the disk is full: nothing else is lost, and it can be done again.
        Until it is done the file itself says that it is due, also after a kill.
        """
        path = name_of(file_of(self._connection))
        try:
            due = wipe_due(self._connection)
            busy = self._write_anew()
        except ArchiveError as error:
            what = "may still hold words of what was taken out, for it could not be written anew"
            raise ArchiveError(path, f"{what}: {error.what}", _ONCE_MORE) from error
        if busy:
            raise ArchiveError(path, "is being read, so that its log keeps old words", _AGAIN)
        with self._transaction():
            if wipe_due(self._connection) == due:  # or another process took out more meanwhile
                self._connection.execute(_NOTE.format(0))

    def _write_anew(self) -> bool:
        """Write the file without what is free in it; whether a reader keeps the log from that."""
        connection = self._connection
        connection.execute("PRAGMA secure_delete = ON")
        with self._transaction():
            compact_index(connection)
        connection.execute("VACUUM")
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return bool(busy)

    def remove(self, text: str) -> bool:
        """Let an article come back; returns whether it was forgotten. Nothing of it is restored."""
        if (mark := self.find(text)) is None:
            return False
        with self._transaction():
            self._connection.execute("DELETE FROM forgotten WHERE article = ?", (mark.article_id,))
        return True


def wipe_due(connection: sqlite3.Connection) -> int:
    """Whether the file is to be written anew, as a number that changes with each reason for it."""
    (number,) = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def note_wipe(connection: sqlite3.Connection) -> None:
    """Note that the file is to be written anew, within the transaction that makes it necessary.

    It stands in the head of the file, in a number that SQLite keeps for whoever uses it.
    """
    connection.execute(_NOTE.format(wipe_due(connection) % _MANY + 1))


_NOTE = "PRAGMA user_version = {}"
_MANY = 1_000_000
_SHOWN_BY_OTHERS = "another archive in this folder shows it, is being written, or cannot be read"
_LED_OUT = "its folder is a link that leads out of the folder of pictures"
_AGAIN = "wait until that is done, then run the same command again"
_ONCE_MORE = "it is gone from all tables; see to that, then run the same command again"
_MARKS = "SELECT DISTINCT article, at FROM forgotten ORDER BY at DESC, article"


def _take_out(
    connection: sqlite3.Connection, article_id: str, names: Collection[str], texts: Mentioned
) -> tuple[bool, list[str]]:
    """Delete all that hangs on an article; whether it was there, and pictures none shows now."""
    pictures = [digest for (digest,) in connection.execute(_PICTURES, (article_id,))]
    led = connection.execute(_LED, (article_id,)).fetchall()
    mentioned = texts.by(article_id)
    with read_as(connection, readable):
        mentioned.update(connection.execute(_LEADING, (listed(names),)))
    dissolve(connection, article_id)
    for table, column in hanging_on(connection, article_id):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (article_id,))  # noqa: S608
    waiting = f"DELETE FROM queue WHERE url IN {LISTED}"  # noqa: S608
    # (a look there may have found another article, whose it is)
    looks = f"DELETE FROM events WHERE article_id IS NULL AND url IN {LISTED}"  # noqa: S608
    queued = connection.execute(waiting, (listed(names),)).rowcount
    connection.execute(looks, (listed(names),))
    # what others' rows quote of it, by any key it had: a candidate's may hold its whole text
    for statement in _UNQUOTE:
        connection.execute(statement, (listed(names),))
    its_account = connection.execute(_ACCOUNT, (article_id,)).fetchall()
    rows = connection.execute("DELETE FROM articles WHERE id = ?", (article_id,)).rowcount
    lead_on(connection, [address for address in led if is_shared(address[0])])
    connection.executemany(_UNKNOWN, its_account)
    connection.execute(_UNLEARNED)
    connection.executemany(_UNMENTION, mentioned - texts.left(mentioned))
    return bool(rows or queued), _drop_unshown(connection, pictures)


def _drop_unshown(connection: sqlite3.Connection, digests: Collection[str]) -> list[str]:
    """Delete the rows of those pictures that no article shows, which it returns."""
    unshown = [one for one in digests if not connection.execute(_STILL_SHOWN, (one,)).fetchone()]
    connection.executemany("DELETE FROM images WHERE sha256 = ?", [(one,) for one in unshown])
    return unshown


def _unoffer(
    connection: sqlite3.Connection, names: Collection[str], known: dict[str, set[str]]
) -> None:
    """Delete what was offered to others from one of its addresses: before it came, most often.

    `known` keeps what each address is called: to take all apart for every article takes longest.
    """
    with read_as(connection, readable):  # a damaged address names nothing, and stops nothing
        rows = connection.execute(_OFFERED).fetchall()
    known.update({url: names_of(url) for _, url in rows if url not in known})
    offered = [(number,) for number, url in rows if not known[url].isdisjoint(names)]
    connection.executemany("DELETE FROM evidence WHERE id = ?", offered)


_UNQUOTE = (
    f"DELETE FROM evidence WHERE source IN {LISTED}",  # noqa: S608
    f"UPDATE articles SET same_as = '' WHERE same_as IN {LISTED}",  # noqa: S608
)
_OFFERED = "SELECT id, url FROM evidence WHERE url <> '' AND typeof(url) = 'text'"
# what is known of an account of which no article is left is what that said
_ACCOUNT = "SELECT biz FROM articles WHERE id = ?"
_UNKNOWN = """
DELETE FROM accounts WHERE biz = ?
    AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.biz = accounts.biz)
"""
_LED = "SELECT url, canonical FROM urls WHERE article_id = ?"
_UNLEARNED = "DELETE FROM learned WHERE account NOT IN (SELECT account FROM articles)"

_LEADING = f"SELECT url, link FROM mentions WHERE url IN {LISTED}"  # noqa: S608
# (of what waits a list may have given the link)
_UNMENTION = """
DELETE FROM mentions WHERE url = ? AND link = ? AND url NOT IN (SELECT url FROM queue)
"""
_PICTURES = "SELECT DISTINCT sha256 FROM pictures WHERE article_id = ? AND typeof(sha256) = 'text'"
_STILL_SHOWN = "SELECT 1 FROM pictures WHERE sha256 = ?"
