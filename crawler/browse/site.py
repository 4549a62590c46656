"""Our pages in Datasette.

The front page, the list with search and facets, and the article as one reads it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from datasette import Response, hookimpl  # type: ignore[import-untyped]
from markupsafe import Markup, escape

from crawler.archive.reading import Overview, overview
from crawler.archive.search import highlight, ngram_of, parse_query, snippet
from crawler.browse import queries
from crawler.browse.chart import chart
from crawler.browse.policy import guarded
from crawler.browse.queries import PAGE_SIZE, Selection, read_selection
from crawler.browse.reader import render_markdown, source_link
from crawler.characters import HIT, visible
from crawler.errors import InputError
from crawler.marks import with_cut_mark

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from datasette.app import Datasette  # type: ignore[import-untyped]
    from datasette.database import Database  # type: ignore[import-untyped]
    from datasette.utils.asgi import Request  # type: ignore[import-untyped]
    from jinja2 import Environment

PLUGIN = "wechat-article-archive"
"""The name in Datasette's metadata under which `server` says which database is the archive."""

TITLE = "WeChat articles"
PIXELS = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"}
)
"""Kinds of picture that cannot run anything, as SVG can."""

_ACCOUNTS = 30  # of the largest are named on the front page


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Datasette) -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Our pages and pictures, in a Datasette that `server` made; none in any other."""
    if not datasette.plugin_config(PLUGIN):
        return []
    return [
        (r"^/$", front),
        (r"^/articles$", articles),
        (r"^/article/(?P<key>[^/]+)$", article),
        (r"^/picture/(?P<sha256>[0-9a-f]{64})$", picture),
    ]


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Environment) -> None:
    """Give our templates the filter that shows hits."""
    env.filters["mark"] = mark


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Datasette) -> Callable[[Any], Any]:
    """Give every page its policy."""
    ours = bool(datasette.plugin_config(PLUGIN))
    return lambda app: guarded(app) if ours else app


async def front(request: Request, datasette: Datasette) -> Response:
    """Articles over time, accounts by size, states, and the latest."""
    archive = _archive(datasette)
    counts: Overview = await archive.execute_fn(_overview)
    context = {
        "chart": chart(counts.months),
        "total": sum(counts.states.values()),
        "states": _with_shares(counts.states, "state"),
        "accounts": _with_shares(counts.accounts, "account"),
        "latest": [_listed(row) for row in await _rows(archive, queries.LATEST)],
        "years": sorted({month[:4] for month in counts.months}, reverse=True),
    }
    return await _page(datasette, request, "front.html", context)


def _overview(connection: Any) -> Overview:
    """The counts of `crawler status`; the queue's, which hang on the moment, are not shown."""
    return overview(connection, now="", accounts=_ACCOUNTS)


async def articles(request: Request, datasette: Datasette) -> Response:
    """The articles that were asked for: by words, by facets, or all of them."""
    selection = read_selection({name: request.args[name] for name in request.args})
    context: dict[str, Any] = {
        "selection": selection,
        "words": selection.words,
        "error": "",
        "rows": [],
        "count": 0,
        "facets": [],
    }
    try:
        context |= await _selected(_archive(datasette), selection)
    except InputError as error:
        context["error"] = f"{error.what}; {error.advice}"
    return await _page(datasette, request, "articles.html", context)


async def _selected(archive: Database, selection: Selection) -> dict[str, Any]:
    values = dict(selection.parameters)
    terms: tuple[str, ...] = ()
    if selection.words:
        parsed = parse_query(selection.words, ngram=await archive.execute_fn(_ngram))
        values["match"], terms = parsed.match, parsed.terms
    (counted,) = await _rows(archive, selection.count_sql, values)
    rows = await _rows(archive, selection.rows_sql, values)
    return {
        "count": counted["count"],
        "rows": [_listed(row) | _told(row, terms) for row in rows],
        "facets": [await _facet(archive, selection, name, values) for name in queries.FACETS],
        "before": selection.address(page=selection.page - 1) if selection.page > 1 else "",
        "after": selection.address(page=selection.page + 1)
        if selection.page * PAGE_SIZE < counted["count"]
        else "",
    }


def _ngram(connection: Any) -> int:
    return ngram_of(connection) or 2


async def _facet(
    archive: Database, selection: Selection, name: str, values: dict[str, Any]
) -> dict[str, Any]:
    rows = await _rows(archive, selection.facet_sql(name), values)
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


async def article(request: Request, datasette: Datasette) -> Response:
    """One article as one reads it, with where it came from and what happened to it."""
    archive = _archive(datasette)
    key = unquote(request.url_vars["key"])
    rows = await _rows(archive, queries.ARTICLE, {"id": key})
    if not rows:
        return await _page(datasette, request, "missing.html", {"key": key}, status=404)
    (row,) = rows
    body = with_cut_mark(row["body"], row["state"]) if row["body"] else ""
    context = {
        "article": row,
        "account": row["account"] or row["source"],
        "source": source_link(row["url"]),
        "body": render_markdown(body, local_pictures=await _local_pictures(archive, key)),
        "revisions": await _rows(archive, queries.REVISIONS, {"id": key}),
        "events": await _rows(archive, queries.EVENTS, {"id": key}),
        "evidence": await _evidence(archive, key),
        "record": datasette.urls.row(archive.name, "articles", key) if not key.count("/") else "",
    }
    return await _page(datasette, request, "article.html", context)


async def _evidence(archive: Database, key: str) -> list[dict[str, Any]]:
    """What recovery found of an article, with an address where that may be read."""
    if not await archive.table_exists("evidence"):
        return []
    rows = await _rows(archive, queries.EVIDENCE, {"id": key})
    return [{**row, "address": _address_of(row)} for row in rows]


def _address_of(row: Mapping[str, Any]) -> str:
    if row["way"] == "titles":  # an article of this archive
        return f"/article/{quote(row['source'], safe='')}"
    return source_link(row["url"])


async def _local_pictures(archive: Database, key: str) -> dict[str, str]:
    """The address of our own copy of each picture of an article that we have."""
    # an archive that was last written before there were any
    if not await archive.table_exists("pictures"):
        return {}
    rows = await _rows(archive, queries.PICTURES, {"id": key})
    return {row["url"]: f"/picture/{row['sha256']}" for row in rows if row["type"] in PIXELS}


async def picture(request: Request, datasette: Datasette) -> Response:
    """Our own copy of a picture, where it is one of the kinds that hold nothing but pixels."""
    archive = _archive(datasette)
    rows = await _rows(archive, queries.PICTURE, {"sha256": request.url_vars["sha256"]})
    content = await asyncio.to_thread(read_picture, archive.path, rows[0]["path"]) if rows else None
    if content is None or rows[0]["type"] not in PIXELS:
        return Response.text("There is no such picture in this archive", status=404)
    headers = {"cache-control": "max-age=31536000, immutable"}
    return Response(content, content_type=rows[0]["type"], headers=headers)


def read_picture(archive: str, path: str) -> bytes | None:
    """The file at a path below `images/`, beside the archive.

    None where it is elsewhere or not there.
    """
    folder = Path(archive).resolve().parent
    file = (folder / path).resolve()
    return file.read_bytes() if file.is_relative_to(folder / "images") and file.is_file() else None


def _archive(datasette: Datasette) -> Database:
    return datasette.get_database(datasette.plugin_config(PLUGIN)["database"])


async def _rows(
    archive: Database, sql: str, values: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    return [_shown(dict(row).items()) for row in await archive.execute(sql, values or {})]


async def _page(
    datasette: Datasette,
    request: Request,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> Response:
    context = {"site_title": TITLE, "database": _archive(datasette).name, "words": "", **context}
    html = await datasette.render_template(f"archive/{template}", context, request=request)
    return Response.html(html, status=status)


def _shown(row: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A row less what shows nothing, with which an article could forge a hit or turn a line."""
    return {name: _visible(value) for name, value in row}


def _visible(value: Any) -> Any:
    return visible(value) if isinstance(value, str) else value


def _with_shares(counts: Mapping[str, int], facet: str) -> list[dict[str, Any]]:
    """Counts, the address of their articles, and the length of their bar in percent."""
    longest = max(counts.values(), default=1)
    return [
        {
            "name": value,
            "count": count,
            "share": max(1, round(100 * count / longest)),
            "address": Selection().address(toggle=(facet, value)),
        }
        for value, count in counts.items()
    ]


def _listed(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "address": f"/article/{quote(row['id'], safe='')}",
        "title": row["title"] or "(no title)",
        "account": row["account"] or row["source"],
        "date": row["date"],
        "state": row["state"],
    }


def _told(row: dict[str, Any], terms: tuple[str, ...]) -> dict[str, str]:
    title = row["title"] or "(no title)"
    text = row["body"] or row["digest"] or ""
    return {
        "marked_title": highlight(title, terms, marks=HIT),
        "snippet": snippet(text, terms, marks=HIT, length=160),
    }


def mark(text: str) -> Markup:
    """Escaped text, with its hits in <mark>."""
    return escape(text).replace(HIT[0], Markup("<mark>")).replace(HIT[1], Markup("</mark>"))
