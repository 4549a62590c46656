"""The sqlite-utils plugin.

`sqlite-utils search archive.db articles 诈骗` finds Chinese words of every length.

Registered by the entry point `sqlite_utils` of this package. It rewrites the query for an index of
ours and leaves every other table alone; and it gives SQL three functions, in every database that
sqlite-utils opens:

    fts_query(text)          the search, rewritten: articles_fts MATCH fts_query('电信网络诈骗')
    fts_snippet(body, text)  the place where it was found, in the original words
    csv_cell(text)           a text that no spreadsheet takes for a formula
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click
from sqlite_utils import hookimpl

from crawler.archive.search.chosen import LACKS_TEXT
from crawler.archive.search.functions import register_functions
from crawler.archive.search.index import ngram_of
from crawler.archive.search.query import literal_query, parse_query
from crawler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Give SQL the functions, for a connection to any database."""
    register_functions(conn)


@hookimpl
def register_commands(cli: click.Group) -> None:
    """Let `sqlite-utils search` rewrite its query first, where the table is ours."""
    command = cli.commands.get("search")
    if command is None or command.callback is None:
        return
    command.callback = _rewriting(command.callback)


_FEW = 2_000
"""Rows that are sorted with all that stands in them, as sqlite-utils does unless it sorts by rank
alone; where it is asked for no more than some of many, those are looked for whose text matches."""
_BODIES_FIRST = (
    f"(SELECT {LACKS_TEXT} FROM articles AS a WHERE a.rowid = original.rowid), articles_fts.rank"  # noqa: S608 -- our own words
)


def _rewriting(search: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(*args: Any, **options: Any) -> Any:
        path, words = options.get("path"), options.get("q")
        ngram = _index_of(path, options.get("dbtable"))
        if ngram and isinstance(words, str):
            match = _rewritten(words, ngram, quote=bool(options.get("quote")))
            options |= {"q": match, "quote": False}
            if not options.get("order"):
                options |= _bodies_first(str(path), match, options.get("limit"))
        return search(*args, **options)

    return wrapped


def _bodies_first(path: str, match: str, limit: int | None) -> dict[str, str]:
    """The options with which articles with a text come first."""
    with_text = f"({match}) AND {{body}} : ({match})"
    enough = limit and _holds(path, match, _FEW + 1) and _holds(path, with_text, limit)
    return {"q": with_text} if enough else {"order": _BODIES_FIRST}


def _holds(path: str, match: str, number: int) -> bool:
    """Whether at least so many rows match."""
    counted = "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)"
    try:
        with closing(sqlite3.connect(path)) as connection:
            (count,) = connection.execute(counted, (match, number)).fetchone()
    except sqlite3.DatabaseError:
        return False
    return bool(count >= number)


def _rewritten(words: str, ngram: int, *, quote: bool) -> str:
    if quote:
        return literal_query(words, ngram=ngram).match
    try:
        return parse_query(words, ngram=ngram).match
    except InputError as error:
        raise click.ClickException(str(error)) from None


def _index_of(path: object, table: object) -> int | None:
    """How long the n-grams of this table's index are; None where the index is not ours.

    Raises ClickException where another version of this program made it.
    """
    if table != "articles":
        return None
    try:
        with closing(sqlite3.connect(str(path))) as connection:
            ngram = ngram_of(connection)
            if ngram is None and connection.execute(_MADE_BY_US).fetchone():
                raise click.ClickException(_OTHER_VERSION)
            return ngram
    except sqlite3.DatabaseError:
        return None


_MADE_BY_US = "SELECT 1 FROM sqlite_master WHERE name = 'search_index'"
_OTHER_VERSION = (
    "the search index was made by another version of this program;"
    " bring it up to date with: crawler index"
)
