"""What changed between two texts that an article had."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from crawler.archive.reading import body_of
from crawler.browse.differences import differences
from crawler.browse.visit import Page, address_of
from crawler.fields import harmless

if TYPE_CHECKING:
    import sqlite3

    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

_TITLE = "SELECT title FROM articles WHERE id = :id"
_REVISIONS = """
    SELECT body_hash, at, state, origin FROM revisions WHERE article_id = :id
    ORDER BY at, body_hash LIMIT 50
"""


async def _revisions(visit: Visit) -> Response:
    key = visit.named("key")
    titles = await visit.rows(_TITLE, {"id": key})
    if not titles:
        return await visit.page("missing.html", {"key": key}, status=404)
    revisions = await visit.rows(_REVISIONS, {"id": key})
    old, new = _chosen(visit.arguments, [row["body_hash"] for row in revisions])
    context = {
        "title": titles[0]["title"] or visit.words("(no title)"),
        "address": address_of(key),
        "revisions": revisions,
        "old": old,
        "new": new,
        "lines": await _compared(visit, key, old, new) if old != new else [],
    }
    return await visit.page("revisions.html", context)


def _chosen(arguments: dict[str, str], known: list[str]) -> tuple[str, str]:
    """The two that an address names; the last two where it names none that are known."""
    if not known:
        return "", ""
    old, new = arguments.get("from"), arguments.get("to")
    if old not in known:
        old = known[-2:][0]  # the last one itself where it is the only one
    if new not in known:
        new = known[-1]
    return old, new


async def _compared(visit: Visit, key: str, old: str, new: str) -> list[Any]:
    before, after = [
        await visit.archive.execute_fn(partial(_text_of, key, one)) for one in (old, new)
    ]
    return await asyncio.to_thread(differences, before, after)


def _text_of(key: str, revision: str, connection: sqlite3.Connection) -> str:
    """A text less credentials, whose links a comparison would cut."""
    return harmless(body_of(connection, key, revision) or "")


REVISIONS_PAGE = Page("revisions", r"/(?P<key>[^/]+)", _revisions)
