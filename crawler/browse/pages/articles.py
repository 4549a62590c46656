"""The list: the articles that were asked for, by words, by facets, or all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crawler.archive.search import highlight, ngram_of, parse_query, snippet
from crawler.browse.listing import listed
from crawler.browse.selection import FACETS, PAGE_SIZE, Selection, read_selection
from crawler.browse.visit import Page
from crawler.characters import HIT
from crawler.errors import InputError

if TYPE_CHECKING:
    from datasette import Response  # type: ignore[import-untyped]

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
    except InputError as error:
        context["error"] = f"{error.what}; {error.advice}"
    return await visit.page("articles.html", context)


async def _selected(visit: Visit, selection: Selection, *, own: bool) -> dict[str, Any]:
    found, terms = {}, tuple[str, ...]()
    if selection.words:
        parsed = parse_query(selection.words, ngram=await visit.archive.execute_fn(_ngram))
        found, terms = {"match": parsed.match}, parsed.terms
        selection = replace(selection, said=parsed.said)
    values = selection.parameters | found
    (counted,) = await visit.rows(selection.count_sql, values)
    rows = await visit.rows(selection.rows_sql, values)
    facets = (*FACETS, *(["tag"] if own else []))
    return {
        "texts": counted["texts"],
        "bare": counted["count"] - counted["texts"],
        "rows": [listed(row, visit.words) | told(row, terms, visit.words) for row in rows],
        "facets": [await _facet(visit, selection, name, values) for name in facets],
        "before": selection.address(page=selection.page - 1) if selection.page > 1 else "",
        "after": selection.address(page=selection.page + 1)
        if selection.page * PAGE_SIZE < counted["count"]
        else "",
    }


def _ngram(connection: Any) -> int:
    return ngram_of(connection) or 2


async def _facet(
    visit: Visit, selection: Selection, name: str, values: dict[str, Any]
) -> dict[str, Any]:
    rows = await visit.rows(selection.facet_sql(name), values)
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


def told(row: dict[str, Any], terms: tuple[str, ...], words: Words) -> dict[str, str]:
    """A row's title and the best part of its text, with its hits between the marks of `HIT`."""
    title = row["title"] or words("(no title)")
    text = row["body"] or row["digest"] or ""
    return {
        "marked_title": highlight(title, terms, marks=HIT),
        "snippet": snippet(text, terms, marks=HIT, length=160),
    }


ARTICLES_PAGE = Page("articles", "", _articles)
