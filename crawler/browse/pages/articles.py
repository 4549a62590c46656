"""The list: the articles that were asked for, by words, by facets, or all of them."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from crawler.archive.search import LACKS_TEXT, check_asked, ngram_of, parse_query, search, snippet
from crawler.browse.bounds import our_own
from crawler.browse.listing import listed
from crawler.browse.selection import (
    FACETS,
    PAGE_SIZE,
    Selection,
    asked,
    count_of,
    facet_of,
    read_selection,
    rows_of,
)
from crawler.browse.visit import Page
from crawler.characters import HIT, visible
from crawler.errors import ArchiveError, InputError

if TYPE_CHECKING:
    import sqlite3

    from datasette import Response  # type: ignore[import-untyped]

    from crawler.archive.search import Hit, Query
    from crawler.browse.visit import Visit
    from crawler.browse.words import Words


async def _articles(visit: Visit) -> Response:
    own = await visit.has("reader_tags")
    selection = read_selection(visit.arguments, own=own)
    context: dict[str, Any] = {
        "selection": selection,
        "words": selection.words,
        "given": dict(selection.chosen),
        "error": "",
        "rows": [],
        "texts": 0,
        "bare": 0,
        "facets": [],
    }
    try:
        context |= await _selected(visit, selection, own=own)
    except (InputError, ArchiveError) as error:
        context["error"] = f"{error.what}; {error.advice}"
    return await visit.page("articles.html", context)


async def _selected(visit: Visit, selection: Selection, *, own: bool) -> dict[str, Any]:
    query = await _query(visit, selection) if selection.words else None
    rows = await (_found if query else _held)(visit, selection)
    (counted,) = await visit.rows(*count_of(asked(selection, query)))
    facets = (*FACETS, *(["tag"] if own else []))
    page, goes_on = selection.page, len(rows) > PAGE_SIZE
    return {
        "texts": counted["texts"],
        "bare": counted["count"] - counted["texts"],
        "rows": rows[:PAGE_SIZE],
        "facets": [await _facet(visit, selection, query, name) for name in facets],
        "before": selection.address(page=page - 1) if page > 1 else "",
        "after": selection.address(page=page + 1) if goes_on else "",
    }


async def _query(visit: Visit, selection: Selection) -> Query:
    """What the words mean to the archive's index.

    Raises InputError for a broken search, or one that is too long.
    """
    check_asked(selection.words, "ask for less, or use crawler search")
    ngram = await visit.archive.execute_fn(ngram_of)
    return parse_query(selection.words, ngram=ngram or 2)


async def _found(visit: Visit, selection: Selection) -> list[dict[str, Any]]:
    """The page of a search, and one more where it goes on: what `crawler search` finds."""
    hits = await visit.archive.execute_fn(partial(_hits, selection=selection))
    return [_row_of(hit, visit.words) for hit in hits]


def _hits(connection: sqlite3.Connection, selection: Selection) -> list[Hit]:
    with our_own(connection):
        return search(
            connection,
            selection.words,
            limit=PAGE_SIZE + 1,
            offset=selection.before,
            order=selection.order,
            shells=selection.shells,
            fold=selection.fold,
            chosen=selection,
            marks=HIT,
        )


def _row_of(hit: Hit, words: Words) -> dict[str, Any]:
    """A hit as a row of the list."""
    row = asdict(hit) | {"account": visible(hit.account)}
    marked = {"marked_title": hit.title or words("(no title)")}
    return row | listed(row, words) | marked


async def _held(visit: Visit, selection: Selection) -> list[dict[str, Any]]:
    """The page of a list without words, and one more where it goes on."""
    rows = await visit.rows(*rows_of(selection))
    return [listed(row, visit.words) | _told(row, visit.words) for row in rows]


def _told(row: dict[str, Any], words: Words) -> dict[str, str]:
    """A row's title and the beginning of its text."""
    title = row["title"] or words("(no title)")
    return {"marked_title": title, "snippet": snippet(row["body"] or row["digest"] or "", ())}


async def _facet(
    visit: Visit, selection: Selection, query: Query | None, name: str
) -> dict[str, Any]:
    sql, values = asked(selection.without(name), query)
    shown = "" if selection.shells else f" AND NOT ({LACKS_TEXT})"
    rows = await visit.rows(*facet_of(name, (sql + shown, values)))
    chosen = dict(selection.chosen).get(name)
    options = [
        {
            "value": row["value"],
            "count": row["count"],
            "chosen": row["value"] == chosen,
            "address": selection.address(toggle=(name, row["value"])),
        }
        for row in rows
        if row["value"]
    ]
    return {"name": name, "options": options}


ARTICLES_PAGE = Page("articles", "", _articles)
