"""One article as one reads it, with where it came from and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.browse.pages.picture import PIXELS
from crawler.browse.reader import render_markdown, source_link
from crawler.browse.visit import Page, address_of
from crawler.marks import with_cut_mark

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

_ARTICLE = "SELECT * FROM articles WHERE id = :id"
_REVISIONS = """
    SELECT at, state, origin, characters, body_hash FROM revisions WHERE article_id = :id
    ORDER BY at DESC LIMIT 50
"""
_PICTURES = """
    SELECT pictures.url, images.sha256, images.type
    FROM pictures JOIN images ON images.sha256 = pictures.sha256
    WHERE pictures.article_id = :id AND pictures.state = 'stored'
"""
_EVENTS = """
    SELECT at, state, http_status, origin, detail FROM events WHERE article_id = :id
    ORDER BY id DESC LIMIT 50
"""
_EVIDENCE = """
    SELECT verdict, way, source, version, url, title, account, date, agreed, differs FROM evidence
    WHERE article_id = :id ORDER BY id LIMIT 50
"""


async def _article(visit: Visit) -> Response:
    key = visit.named("key")
    rows = await visit.rows(_ARTICLE, {"id": key})
    if not rows:
        return await visit.page("missing.html", {"key": key}, status=404)
    (row,) = rows
    body = with_cut_mark(row["body"], row["state"]) if row["body"] else ""
    found = await visit.rows_of("evidence", _EVIDENCE, {"id": key})
    context = {
        "article": row,
        "account": row["account"] or row["source"],
        "source": source_link(row["url"]),
        "body": render_markdown(body, local_pictures=await _local_pictures(visit, key)),
        "revisions": await visit.rows(_REVISIONS, {"id": key}),
        "events": await visit.rows(_EVENTS, {"id": key}),
        "evidence": [{**one, "address": _address_of(one)} for one in found],
        "record": _record(visit, key),
    }
    return await visit.page("article.html", context)


def _record(visit: Visit, key: str) -> str:
    """The address of the article's row among Datasette's tables."""
    if "/" in key:
        return ""
    return str(visit.datasette.urls.row(visit.archive.name, "articles", key))


def _address_of(row: Mapping[str, Any]) -> str:
    """Where what recovery found may be read, "" where that is no place to lead to."""
    if row["way"] == "titles":  # an article of this archive
        return address_of(row["source"])
    return source_link(row["url"])


async def _local_pictures(visit: Visit, key: str) -> dict[str, str]:
    """The address of our own copy of each picture of an article that we have."""
    rows = await visit.rows_of("pictures", _PICTURES, {"id": key})
    return {row["url"]: f"/picture/{row['sha256']}" for row in rows if row["type"] in PIXELS}


ARTICLE_PAGE = Page("article", r"/(?P<key>[^/]+)", _article)
