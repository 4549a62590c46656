"""Takes articles out for good, with all that hangs on them, and keeps them from coming back.

What a seed, a page, a list or another archive brings again of a forgotten article is passed over. A
mark holds keys and addresses only, and nothing of what the article said.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from crawler.archive.database import file_of, insert, read_as, readable
from crawler.archive.reading import files_of, shown_by_others
from crawler.archive.saving.accounts import drop_unheard
from crawler.archive.saving.addresses import (
    LISTED,
    find,
    is_provisional,
    known_forms,
    lead_on,
    listed,
    marks,
    queue_key,
    queue_key_of,
)
from crawler.archive.saving.copies import load_copy
from crawler.archive.saving.mentioned import Mention, Mentioned
from crawler.archive.saving.merge import hanging_on
from crawler.archive.saving.stories import dissolve
from crawler.archive.search import compact_index
from crawler.article import Origin, own_key
from crawler.credentials import carries_secrets
from crawler.errors import ArchiveError, InputError
from crawler.fields import KEY
from crawler.inputs import name_of, resolved
from crawler.urls import parse_url

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Mapping
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
        rows = _among(self._connection, _names_of(text))
        return Mark(article_id=rows[0][1], at=rows[0][2]) if rows else None

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
            article_id = find(self._connection, text) or parse_url(_address_of(text)).article_id
            names = {article_id, *_names_of(text), *_own_keys(self._connection, article_id)}
            for form in known_forms(self._connection, article_id):
                names |= _names_of(form.given)
            there, pictures = _take_out(self._connection, article_id, names, self._mentioned)
            _unoffer(self._connection, names, self._offered)
            _mark(self._connection, names, article_id, at)
            note_wipe(self._connection)
            self._remove_files(files_of(self._root, pictures, self.on_kept))
        self._mentioned.written()
        return there

    def leave_out(
        self, pictures: Collection[str], accounts: Collection[str], links: Collection[Mention]
    ) -> None:
        """Remove what came along with forgotten articles, and hangs on no other one."""
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
_SHOWN_BY_OTHERS = "another archive in this folder shows it, or cannot be read"
_LED_OUT = "its folder is a link that leads out of the folder of pictures"
_AGAIN = "wait until that is done, then run the same command again"
_ONCE_MORE = "it is gone from all tables; see to that, then run the same command again"
_MARKS = "SELECT DISTINCT article, at FROM forgotten ORDER BY at DESC, article"
_MARKED = "SELECT name FROM forgotten WHERE article = ? AND typeof(name) = 'text'"
_WAITING = f"DELETE FROM queue WHERE +article_id IS NULL AND url IN {LISTED}"  # noqa: S608
_WAITS = f"SELECT url FROM queue WHERE +article_id IS NULL AND url IN {LISTED}"  # noqa: S608
_KEEP = insert("forgotten", on_conflict="(name) DO NOTHING")


def keep_mark(connection: sqlite3.Connection, row: Mapping[str, str]) -> None:
    """Keep a mark of another archive, unless this one has the article, or another by that name.

    Also where it waits for that: by another's word nothing is kept away that was asked for here.
    """
    marked = (row["article"], row["name"])
    is_here = any(find(connection, one) for one in marked)
    if not is_here and not _waiting_among(connection, set().union(*map(_names_of, marked))):
        connection.execute(_KEEP, (row["name"], row["article"], row["at"]))


def keep_away(
    connection: sqlite3.Connection,
    key: str,
    names: Collection[str],
    marked: Collection[str],
    *,
    is_foreign: bool = False,
) -> None:
    """Let the mark of a forgotten article that was met again hold all names by which it may come.

    `key` and `names` are what that copy says of itself, `marked` those of them that have a mark.
    One that says another identity than is marked, in whatever name, may be another article, at an
    address that both claim; and a name that leads to an article which is there stays that one's.
    What waits here waits on where but another archive says so: its page will tell.
    """
    [(_, article_id, at), *_] = sorted(_among(connection, _names_of(min(marked))))
    known = {name for (name,) in connection.execute(_MARKED, (article_id,))}
    told = {name for one in names for name in _names_of(one)}
    if len(set(filter(_is_identity, {key, *told, *known}))) > 1:
        return
    fresh = {name for name in told - known if find(connection, name) is None}
    waiting = _waiting_among(connection, fresh) if is_foreign else set()
    if waiting:
        fresh = {name for name in fresh if waiting.isdisjoint(_names_of(name))}
    if fresh:
        connection.execute(_WAITING, (listed(fresh),))  # which nothing would fetch any more
        _mark(connection, fresh, article_id, at)


def _waiting_among(connection: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """Those of some names under which an article waits that no row is of."""
    return {url for (url,) in connection.execute(_WAITS, (listed(names),))}


def _mark(connection: sqlite3.Connection, names: Iterable[str], article_id: str, at: str) -> None:
    """Keep names of a forgotten article, but addresses that carry credentials of a reader.

    What has no other address has a key that is made of it, by which it is known. Nor one that
    tells no article.
    """
    kept = (name for name in sorted(names) if not (carries_secrets(name) or _tells_none(name)))
    connection.executemany(_KEEP, [(name, article_id, at) for name in kept])


def _tells_none(name: object) -> bool:
    """Whether a name is an address at which other articles may stand, which shall not go too."""
    with suppress(InputError):
        return isinstance(name, str) and "/" in name and parse_url(name).tells_none
    return False


def _is_identity(name: str) -> bool:
    """Whether a name is a key that tells the article, and no address, in whatever spelling."""
    return KEY.fullmatch(name) is not None and not is_provisional(name)


def _own_keys(connection: sqlite3.Connection, article_id: str) -> set[str]:
    """The keys under which an article's copies came, or may come, where no link tells it."""
    said = connection.execute(_ROW, (article_id,)).fetchall()
    for (fields,) in connection.execute(_COPIES, (article_id,)).fetchall():
        with suppress(ValueError):  # one that is damaged has none
            said.append(_SAID(load_copy(fields)))
    keys = {own_key(*words) for *words, _, origin, _ in said if origin == Origin.ADOPTED}
    for title, _, date, source, _, url in said:
        if _tells_none(url):
            keys.add(parse_url(url).key_of(title, source, date))
    return keys


_SAID = itemgetter("title", "account", "date", "source", "origin", "url")
_COPIES = "SELECT fields FROM copies WHERE article_id = ?"
_ROW = "SELECT title, account, date, source, origin, url FROM articles WHERE id = ?"


def _names_of(text: str) -> set[str]:
    """Every name under which an address, or a key, may be marked; nothing names nothing."""
    names = {text} - {""}
    with suppress(InputError):
        form = parse_url(_address_of(text))
        own = set() if form.tells_none else {form.article_id}
        names |= {form.canonical, queue_key(form)} | own
    return names


def _address_of(text: str) -> str:
    """The address that a key stands for; whatever is no key as it is."""
    if "/" in text:
        return text
    return queue_key_of(text) or text


def _among(connection: sqlite3.Connection, names: Collection[str]) -> list[tuple[str, str, str]]:
    """The marks that any of the names has: name, key of the article, when."""
    statement = f"SELECT name, article, at FROM forgotten WHERE name IN ({marks(names)})"  # noqa: S608
    return connection.execute(statement, tuple(names)).fetchall()


def forgotten_among(connection: sqlite3.Connection, names: Collection[str]) -> set[str]:
    """Those of some keys and canonical addresses that are marked."""
    if connection.execute("SELECT 1 FROM forgotten LIMIT 1").fetchone() is None:
        return set()  # as in most archives
    # a preview that nothing but its key names is known by what is made of that
    hidden = {key: name for name in names if "tempkey" in name for key in _names_of(name)}
    every = sorted({*names, *hidden})
    some = (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
    return {hidden.get(name, name) for part in some for name, _, _ in _among(connection, part)}


_AT_ONCE = 500  # question marks a statement; SQLite allows 999 at least


def is_forgotten(connection: sqlite3.Connection, text: str) -> bool:
    """Whether an address, in any spelling, is marked."""
    return bool(_among(connection, _names_of(text)))


def check_not_forgotten(connection: sqlite3.Connection, text: str) -> None:
    """Raises InputError, with the way back, where an address is marked."""
    found = _among(connection, _names_of(text))
    if found:
        what = f"was forgotten on {found[0][2][:10]}"
        raise InputError(text, what, f"let it come back with: crawler forget --undo '{text}'")


def _take_out(
    connection: sqlite3.Connection, article_id: str, names: Collection[str], texts: Mentioned
) -> tuple[bool, list[str]]:
    """Delete all that hangs on an article; whether it was there, and pictures none shows now."""
    pictures, led = (connection.execute(one, (article_id,)).fetchall() for one in (_PICTURES, _LED))
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
    lead_on(connection, [address for address in led if _tells_none(address[0])])
    connection.executemany(_UNKNOWN, its_account)
    connection.execute(_UNLEARNED)
    connection.executemany(_UNMENTION, mentioned - texts.left(mentioned))
    return bool(rows or queued), _drop_unshown(connection, [digest for (digest,) in pictures])


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
    known.update({url: _names_of(url) for _, url in rows if url not in known})
    offered = [(number,) for number, url in rows if not known[url].isdisjoint(names)]
    connection.executemany("DELETE FROM evidence WHERE id = ?", offered)


_UNQUOTE = (
    f"DELETE FROM evidence WHERE source IN {LISTED}",  # noqa: S608
    f"UPDATE articles SET same_as = '' WHERE same_as IN {LISTED}",  # noqa: S608
)
_OFFERED = "SELECT id, url FROM evidence WHERE url <> '' AND typeof(url) = 'text'"
# what is known of an account of which no article is left is what that said
_ACCOUNT = "SELECT biz FROM articles WHERE id = ?"
_UNKNOWN = """DELETE FROM accounts WHERE biz = ?
    AND NOT EXISTS (SELECT 1 FROM articles WHERE articles.biz = accounts.biz)"""
_LED = "SELECT url, canonical FROM urls WHERE article_id = ?"
_UNLEARNED = "DELETE FROM learned WHERE account NOT IN (SELECT account FROM articles)"
_LEADING = f"SELECT url, link FROM mentions WHERE url IN {LISTED}"  # noqa: S608
_UNMENTION = """DELETE FROM mentions WHERE url = ? AND link = ?
    AND url NOT IN (SELECT url FROM queue)  -- of what waits, for a list may have given it"""
_PICTURES = "SELECT DISTINCT sha256 FROM pictures WHERE article_id = ? AND typeof(sha256) = 'text'"
_STILL_SHOWN = "SELECT 1 FROM pictures WHERE sha256 = ?"
