"""Three functions of SQL, for connections of sqlite-utils and Datasette; `plugin` tells more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.search.index import ngram_of
from crawler.archive.search.query import lenient_query
from crawler.archive.search.signs import register_says
from crawler.archive.search.snippet import snippet

if TYPE_CHECKING:
    import sqlite3


def register_functions(connection: sqlite3.Connection) -> None:
    """Register `fts_query`, `fts_snippet` and `csv_cell`.

    They never raise, as a search box should not; nor take long, for a visitor may ask them of any
    text, and SQLite looks at no clock within one call.
    """

    def fts_query(text: object) -> str:
        return lenient_query(_text(text), ngram=ngram_of(connection) or 2).match

    def fts_snippet(body: object, text: object) -> str:
        terms = lenient_query(_text(text)).terms
        return snippet(_text(body)[: _MOST_WORK // max(1, len(terms))], terms)

    connection.create_function("fts_query", 1, fts_query)
    connection.create_function("fts_snippet", 2, fts_snippet)
    register_says(connection)
    connection.create_function("csv_cell", 1, csv_cell, deterministic=True)


def csv_cell(value: Any) -> Any:
    """A text as a cell of CSV.

    One that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip()[:1] in _FORMULA else value


# what begins a formula, a macro or a DDE call in one spreadsheet or another
_FORMULA = frozenset("=+-@|%")


_LONGEST = 1 << 18  # characters; the longest of 2,100 real texts has a tenth of that
_MOST_WORK = _LONGEST << 6  # of characters and words that are looked for in them


def _text(value: object) -> str:
    if isinstance(value, str | bytes):
        value = value[:_LONGEST]
    return "" if value is None else str(value)
