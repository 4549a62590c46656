"""One article as one reads it, with where it came from and what happened to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from crawler.browse.listing import account_address, listed
from crawler.browse.pages.own import own_of
from crawler.browse.pages.picture import PIXELS
from crawler.browse.reader import read_body, source_link
from crawler.browse.visit import Page, address_of
from crawler.marks import with_cut_mark
from crawler.states import MEANINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

    Row = dict[str, Any]

_ARTICLE = "SELECT rowid AS number, * FROM articles WHERE id = :id"
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
_REMOVED = """
    SELECT rule_id, count FROM removed WHERE article_id = :id ORDER BY count DESC, rule_id LIMIT 50
"""
_SAME = """
    SELECT a.id, a.title, a.account, a.source, a.date, a.state, a.id = mine.best AS best
    FROM stories AS mine
    JOIN stories AS other
        ON other.earliest = mine.earliest AND other.article_id <> mine.article_id
    JOIN articles AS a ON a.id = other.article_id
    WHERE mine.article_id = :id ORDER BY a.date, a.id LIMIT 20
"""
_DEATHS = """
    SELECT last_seen_alive, first_seen_dead, seen_again, state, notice FROM deaths
    WHERE article_id = :id ORDER BY first_seen_dead
"""
# one of the same account with a text, in the order of days; `rowid` tells those of one day apart
_NEIGHBOUR = """
    SELECT id, title, account, source, date, state FROM articles
    WHERE account = :account AND (account <> '' OR source = :source) AND body_hash <> ''
        AND date {sign}= :date AND (date, rowid) {sign} (:date, :number)
    ORDER BY date {order}, rowid {order} LIMIT 1
"""
_EARLIER = _NEIGHBOUR.format(sign="<", order="DESC")
_LATER = _NEIGHBOUR.format(sign=">", order="ASC")
_LONG = 3  # headings; shorter articles need no contents


async def _article(visit: Visit) -> Response:
    key = visit.named("key")
    rows = await visit.rows(_ARTICLE, {"id": key})
    if not rows:
        return await visit.page("missing.html", {"key": key}, status=404)
    (row,) = rows
    context = {
        **await _text(visit, row),
        **await _around(visit, row),
        **await _history(visit, key),
        **await own_of(visit, key),
        "source": source_link(row["url"]),
        "record": _record(visit, key),
    }
    return await visit.page("article.html", context)


async def _text(visit: Visit, row: Row) -> Row:
    """The article, its text and its contents; of one that has none, what can be done."""
    body = with_cut_mark(row["body"], row["state"]) if row["body"] else ""
    pictures = await _local_pictures(visit, row["id"])
    reading = await asyncio.to_thread(
        read_body, body, str(row["title"] or ""), local_pictures=pictures
    )
    known = {meaning.state.value: meaning.what_to_do for meaning in MEANINGS}
    return {
        "article": row,
        "body": reading.html,
        "headings": reading.headings if len(reading.headings) >= _LONG else [],
        "what_to_do": known.get(row["state"], ""),
        "same_as": address_of(row["same_as"]) if row.get("same_as") else "",
    }


async def _around(visit: Visit, row: Row) -> Row:
    """The account, and the articles of it before and behind this one."""
    account = row["account"] or row["source"]
    values = {name: row[name] for name in ("account", "source", "date", "number")}
    earlier = await visit.rows(_EARLIER, values)
    later = await visit.rows(_LATER, values)
    return {
        "account": account,
        "account_address": account_address(account),
        "earlier": [listed(one, visit.words) for one in earlier],
        "later": [listed(one, visit.words) for one in later],
    }


async def _history(visit: Visit, key: str) -> Row:
    """What became of the article, and what was found of it elsewhere."""
    values = {"id": key}
    found = await visit.rows_of("evidence", _EVIDENCE, values)
    return {
        "revisions": await visit.rows(_REVISIONS, values),
        "events": await visit.rows(_EVENTS, values),
        "removed": await visit.rows(_REMOVED, values),
        "same": [
            row | listed(row, visit.words) for row in await visit.rows_of("stories", _SAME, values)
        ],
        "deaths": await visit.rows_of("deaths", _DEATHS, values),
        "evidence": [{**one, "address": _address_of(one)} for one in found],
    }


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
