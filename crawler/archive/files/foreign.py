"""Databases of other tools, read-only: their articles; never their tables of credentials."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.database import FORGED, beside_of, has_log, names_file
from crawler.archive.files.places import folder_for_a_while
from crawler.errors import InputError
from crawler.inputs import is_held, open_input, resolved, size_of, uri_of
from crawler.telling import said_by
from crawler.urls import HOST, biz_of_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    _Files = Sequence[tuple[Path, Path]]  # each with its copy

_FEED = "MP_WXS_"  # how feeds are called in both; behind it stands the account's number
_OF_MANY = "MP_WXS_FEATURED_ARTICLES"  # of articles of any account, which were given one by one
_MAX_ROW = 16 << 20  # bytes; no page has as many
_PARTS = ("", "-wal", "-journal")
_LONGEST = 2000  # characters of a title, a name or an address
_TRIES = 5  # copies, of a database that is being written; what is wrong with the last is told
_GONE = frozenset({"", "DELETED"})
_ESCAPED = "surrogateescape"


class ForeignArticle(NamedTuple):
    """One article as another tool's database has it; "" is what it does not say."""

    producer: str
    url: str
    title: str
    account: str
    biz: str
    mid: str
    idx: str
    published: str  # seconds since 1970, as digits
    saved: str
    html: str  # with bytes of no letter as Python escapes them, so that damage is seen


def read_foreign(path: Path) -> Iterator[ForeignArticle]:
    """The articles of a database of wewe-rss or we-mp-rss; none where it is neither.

    It is opened read-only and as one that nobody changes, so that no file appears beside it, and
    whoever has it locked does not matter. Where it has a log that is not taken in yet, a copy of
    both is read.

    Raises InputError where it cannot be read; what was yielded before is good.
    """
    if is_held(path):  # the archive itself, in a folder that is read
        return
    open_input(path).close()  # SQLite would wait for ever at a pipe
    if names_file(path):
        raise InputError(str(path), FORGED, "let the program that it is from open it once")
    try:
        with _whole(path) as address, closing(sqlite3.connect(address, uri=True)) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_ROW)
            _bound(connection, path)
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.text_factory = _decoded  # one broken character spoils no other row
            articles, feeds = _columns(connection, "articles"), _columns(connection, "feeds")
            if {"mp_id", "publish_time"} <= articles and "mp_name" in feeds:
                texts = [name for name in _TEXTS if name in articles]
                yield from _of_we_mp_rss(connection, texts) if texts else _of_wewe_rss(connection)
    except (sqlite3.Error, UnicodeError, OSError) as error:
        why = _ENDLESS if str(error) == "interrupted" else said_by(error)
        what = f"cannot be read as a database ({why})"
        raise InputError(
            str(path), what, "give a whole database of wewe-rss or we-mp-rss"
        ) from None


def _bound(connection: sqlite3.Connection, path: Path) -> None:
    """Let reading end where it takes more steps than any database of that size.

    Feeds that all have one key are joined with every article each; and a page of a table may stand
    in it again and again, so that some kilobytes are rows without end.
    """
    size = sum(size_of(beside_of(resolved(path), end)) for end in _PARTS)
    left = iter(range((_STEPS + size * _STEPS_OF_A_BYTE) // _EVERY))
    connection.set_progress_handler(lambda: next(left, None) is None, _EVERY)


_EVERY = 10_000
_STEPS = 10_000_000  # of SQLite's machine, which take less than a second
_STEPS_OF_A_BYTE = 20  # a row has some 60 bytes at least, and takes some 60 steps
_ENDLESS = "it takes more steps than any of its size"


@contextmanager
def _whole(path: Path) -> Iterator[str]:
    """The address of a database, or of a copy of it with the log that it has."""
    if not has_log(path):
        yield f"{uri_of(path.absolute())}?mode=ro&immutable=1"
        return
    with folder_for_a_while() as folder:
        original, copy = resolved(path), Path(folder) / "copy.db"
        files = [(beside_of(original, end), beside_of(copy, end)) for end in _PARTS]
        for _ in range(_TRIES):
            before = _looks(files)
            _copy(files)
            if _looks(files) == before:
                break
        yield uri_of(copy)


def _looks(files: _Files) -> list[tuple[int, int] | None]:
    """How large each file is, and when it was written: whether somebody writes meanwhile."""
    stats = [original.stat() if original.is_file() else None for original, _ in files]
    return [stat and (stat.st_size, stat.st_mtime_ns) for stat in stats]


def _copy(files: _Files) -> None:
    for original, copy in files:
        copy.unlink(missing_ok=True)
        if original.is_file():
            shutil.copyfile(original, copy)


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    """The columns of a table; none where it is none, for reading a view may have no end.

    Nor may a column that the file computes, or that of a table which SQLite asks elsewhere for.
    """
    rows = connection.execute(_COLUMNS, (table,)).fetchall()
    return set() if any(hidden for _, hidden in rows) else {str(name) for name, _ in rows}


_COLUMNS = """
SELECT i.name, i.hidden FROM sqlite_master AS t, pragma_table_xinfo(t.name) AS i
WHERE t.type = 'table' AND t.sql NOT LIKE 'CREATE VIRTUAL%' AND lower(t.name) = ?
"""


_WEWE_RSS = """
SELECT a.id, a.title, f.mp_name, a.mp_id, a.publish_time, a.created_at
FROM articles a LEFT JOIN feeds f ON f.id = a.mp_id ORDER BY a.id
"""
_WE_MP_RSS = """
SELECT a.id, a.title, f.mp_name, a.mp_id, a.publish_time, a.created_at, a.url, a.rowid
FROM articles a LEFT JOIN feeds f ON f.id = a.mp_id ORDER BY a.id
"""
_TEXTS = ("content", "content_html")  # a row may have either, or a digest or a notice in one
# letters with their markup, and how many times the other has: of two whole ones the first counts
_FEWEST, _TIMES = 500, 4
_CONTENT = "SELECT {} FROM articles WHERE rowid = ?"  # one by one, for sorting copies them


def _of_wewe_rss(connection: sqlite3.Connection) -> Iterator[ForeignArticle]:
    """Its articles are short links: the key is the token."""
    for token, *said in connection.execute(_WEWE_RSS):
        title, account, feed, published, saved = map(_brief, said)
        url = f"https://{HOST}/s/{_brief(token)}"  # where there is none, it is no article's
        yield ForeignArticle(
            "wewe-rss",
            url,
            title,
            account,
            _biz(feed),
            "",
            "",
            published,
            saved,
            "",
        )


def _of_we_mp_rss(connection: sqlite3.Connection, texts: Sequence[str]) -> Iterator[ForeignArticle]:
    """Its keys are `number-mid_idx`: the whole identity."""
    for row in connection.execute(_WE_MP_RSS):
        key, title, name, feed, published, saved, url = map(_brief, row[:-1])
        account = "" if feed == _OF_MANY else name
        text = ""
        for said in (_content_of(connection, name, row[-1]) for name in texts):
            if said not in _GONE and len(text) < _FEWEST and len(said) > _TIMES * len(text):
                text = said
        number, _, rest = key.rpartition("-")
        mid, _, idx = rest.partition("_")
        biz = biz_of_number(number) if number.isdecimal() else _biz(feed)
        yield ForeignArticle(
            "we-mp-rss", url, title, account, biz, mid, idx, published, saved, text
        )


def _content_of(connection: sqlite3.Connection, column: str, number: int) -> str:
    found = connection.execute(_CONTENT.format(column), (number,)).fetchone()
    if found is None:  # a row in the wrong place of a damaged table
        raise sqlite3.DatabaseError("a row is not where its number says")
    return found[0] if isinstance(found[0], str) else _text(found[0])


def _text(value: object) -> str:
    """A value as text, whatever its column's type: SQLite lets any stand in any column."""
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return value.decode("gb18030", "replace")
    return "" if value is None else _decoded(str(value).encode("utf-8", _ESCAPED), "replace")


def _brief(value: object) -> str:
    """What a row says beside its text, no longer than any does: all are kept to the end."""
    return _text(value)[:_LONGEST]


def _decoded(text: bytes, errors: str = _ESCAPED) -> str:
    return text.decode("utf-8", errors)


def _biz(feed: str) -> str:
    number = feed.removeprefix(_FEED)
    return biz_of_number(number) if number.isdecimal() else ""
