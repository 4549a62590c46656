"""The marks of forgotten articles: under which names one is known, and what they keep away.

A mark holds keys and addresses only, and nothing of what the article said.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from crawler.archive.database import insert
from crawler.archive.saving.addresses import (
    LISTED,
    find,
    is_provisional,
    listed,
    marks,
    queue_key,
    queue_key_of,
)
from crawler.archive.saving.copies import load_copy
from crawler.article import OWN, Origin, loose_key, own_key
from crawler.credentials import carries_secrets
from crawler.errors import InputError
from crawler.fields import KEY
from crawler.telling import quoted
from crawler.urls import parse_url, tells_none

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping

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
    if not is_here and not _waiting_among(connection, set().union(*map(names_of, marked))):
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
    [(_, article_id, at), *_] = sorted(marked_under(connection, names_of(min(marked))))
    known = {name for (name,) in connection.execute(_MARKED, (article_id,))}
    told = {name for one in names for name in names_of(one)}
    if len(set(filter(_is_identity, {key, *told, *known}))) > 1:
        return
    fresh = {name for name in told - known if find(connection, name) is None}
    waiting = _waiting_among(connection, fresh) if is_foreign else set()
    if waiting:
        fresh = {name for name in fresh if waiting.isdisjoint(names_of(name))}
    if fresh:
        connection.execute(_WAITING, (listed(fresh),))  # which nothing would fetch any more
        mark_names(connection, fresh, article_id, at)


def keeps_away(connection: sqlite3.Connection, row: Mapping[str, Any], names: set[str]) -> bool:
    """Whether an article of another archive was forgotten here; its mark holds all names then.

    A copy without a link may have a title with other signs than is known.
    """
    said = row["title"], row["account"] or row["source"], row["date"]
    is_own = row["id"].startswith(OWN) and all(isinstance(one, str) for one in said)
    if is_own:
        names = names | {loose_key(*said)}
    marked = forgotten_among(connection, names - {""})
    if is_own and spares(connection, marked, said):
        return False
    if marked:
        keep_away(connection, row["id"], names - {""}, marked, is_foreign=True)
    return bool(marked)


def spares(
    connection: sqlite3.Connection, marked: Collection[str], said: tuple[str, str, str]
) -> bool:
    """Whether a copy without a link is of an article that is here, though another was forgotten.

    `said` are its title, account and day, `marked` the names by which it would be kept away. What
    was forgotten has its title but for signs; what is here has it to the letter.
    """
    title, account, day = said
    if not account or {*marked} != {loose_key(*said)} - {own_key(*said)}:
        return False
    values = (title, account, day, _day_beside(day, 1))
    return connection.execute(_TO_THE_LETTER, values).fetchone() is not None


_TO_THE_LETTER = """
SELECT 1 FROM articles WHERE title = ? AND ? IN (account, source) AND date IN (?, ?) LIMIT 1
"""


def _waiting_among(connection: sqlite3.Connection, names: Iterable[str]) -> set[str]:
    """Those of some names under which an article waits that no row is of."""
    return {url for (url,) in connection.execute(_WAITS, (listed(names),))}


def mark_names(
    connection: sqlite3.Connection, names: Iterable[str], article_id: str, at: str
) -> None:
    """Keep names of a forgotten article, but addresses that carry credentials of a reader.

    What has no other address has a key that is made of it, by which it is known. Nor one that
    tells no article.
    """
    kept = (name for name in sorted(names) if not (carries_secrets(name) or is_shared(name)))
    connection.executemany(_KEEP, [(name, article_id, at) for name in kept])


def is_shared(name: object) -> bool:
    """Whether a name is an address at which other articles may stand, which shall not go too."""
    return isinstance(name, str) and "/" in name and tells_none(name)


def _is_identity(name: str) -> bool:
    """Whether a name is a key that tells the article, and no address, in whatever spelling."""
    return KEY.fullmatch(name) is not None and not is_provisional(name)


def own_keys(connection: sqlite3.Connection, article_id: str) -> set[str]:
    """The keys under which an article's copies came, or may come, where no link tells it."""
    said = connection.execute(_ROW, (article_id,)).fetchall()
    for (fields,) in connection.execute(_COPIES, (article_id,)).fetchall():
        with suppress(ValueError):  # one that is damaged has none
            said.append(_SAID(load_copy(fields)))
    keys = {own_key(*words) for *words, _, origin, _ in said if origin == Origin.ADOPTED}
    for title, account, date, source, _, url in said:
        if is_shared(url):
            keys.add(parse_url(url).key_of(title, source, date))
        keys |= _keys_to_come(connection, article_id, title, account or source, date)
    return keys


def _keys_to_come(
    connection: sqlite3.Connection, article_id: str, title: str, account: str, date: str
) -> set[str]:
    """The keys that copies without a link would have which are read only later.

    With title, account and day they would join the article. A tool's clock may be UTC, a day early;
    where others have the title, as the issues of a series have, that day is theirs.
    """
    said = (title, account, date)  # of another program's making, perhaps
    if not all(isinstance(one, str) and one for one in said):
        return set()
    issue = connection.execute(_OTHER_ISSUE, (account, title, date, article_id)).fetchone()
    days = [date] if issue else [date, _day_beside(date, -1)]
    keys = {key(title, account, day) for day in days for key in (own_key, loose_key)} - {""}
    return {key for key in keys if find(connection, key) in {None, article_id}}


def _day_beside(day: str, days: int) -> str:
    """The day so many days later; what is none stays as it is."""
    try:
        return f"{datetime.fromisoformat(day) + timedelta(days=days):%Y-%m-%d}"
    except (TypeError, ValueError, OverflowError):  # of another program's making
        return day


_SAID = itemgetter("title", "account", "date", "source", "origin", "url")
_COPIES = "SELECT fields FROM copies WHERE article_id = ?"
_OTHER_ISSUE = """
    SELECT 1 FROM articles WHERE account = ? AND title = ? AND date NOT IN ('', ?) AND id <> ?
"""
_ROW = "SELECT title, account, date, source, origin, url FROM articles WHERE id = ?"


def names_of(text: str) -> set[str]:
    """Every name under which an address, or a key, may be marked; nothing names nothing."""
    names = {text} - {""}
    with suppress(InputError):
        form = parse_url(address_of(text))
        own = set() if form.tells_none else {form.article_id}
        names |= {form.canonical, queue_key(form)} | own
    return names


def address_of(text: str) -> str:
    """The address that a key stands for; whatever is no key as it is."""
    if "/" in text:
        return text
    return queue_key_of(text) or text


def key_to_keep(text: str) -> str:
    """The key by which an article that is not here can be kept away, as its address tells it.

    Raises InputError where it tells none: no mark is kept of that, for others may stand there.
    """
    form = parse_url(address_of(text))
    if form.tells_none:
        raise InputError(form.given, _TELLS_NONE, "once its article is here, give the key of that")
    return form.article_id


_TELLS_NONE = "names no article, so that none can be kept away by it"


def marked_under(
    connection: sqlite3.Connection, names: Collection[str]
) -> list[tuple[str, str, str]]:
    """The marks that any of the names has: name, key of the article, when."""
    statement = f"SELECT name, article, at FROM forgotten WHERE name IN ({marks(names)})"  # noqa: S608
    return connection.execute(statement, tuple(names)).fetchall()


def forgotten_among(connection: sqlite3.Connection, names: Collection[str]) -> set[str]:
    """Those of some keys and canonical addresses that are marked."""
    if connection.execute("SELECT 1 FROM forgotten LIMIT 1").fetchone() is None:
        return set()  # as in most archives
    # a preview that nothing but its key names is known by what is made of that
    hidden = {key: name for name in names if "tempkey" in name for key in names_of(name)}
    every = sorted({*names, *hidden})
    some = (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
    return {
        hidden.get(name, name) for part in some for name, _, _ in marked_under(connection, part)
    }


_AT_ONCE = 500  # question marks a statement; SQLite allows 999 at least


def is_forgotten(connection: sqlite3.Connection, text: str) -> bool:
    """Whether an address, in any spelling, is marked."""
    return bool(marked_under(connection, names_of(text)))


def check_not_forgotten(connection: sqlite3.Connection, text: str) -> None:
    """Raises InputError, with the way back, where an address is marked."""
    found = marked_under(connection, names_of(text))
    if found:
        what = f"was forgotten on {found[0][2][:10]}"
        raise InputError(text, what, f"let it come back with: crawler forget --undo {quoted(text)}")
