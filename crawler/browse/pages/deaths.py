"""What died, when, how it was said, and what is still held; by month and by account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.browse.chart import chart
from crawler.browse.listing import account_address, listed, with_shares
from crawler.browse.visit import Page

if TYPE_CHECKING:
    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

_SAID = "{number} deaths from {first} to {last}"
_LATEST = """
    SELECT article_id AS id, title, account, account AS source, date, last_seen_alive,
        first_seen_dead, confirmed, seen_again, state, notice, characters, revisions, pictures
    FROM deaths ORDER BY confirmed DESC, article_id LIMIT 200
"""
_BY_MONTH = """
    SELECT substr(first_seen_dead, 1, 7) AS name, count(*) AS count FROM deaths
    GROUP BY 1 ORDER BY 1
"""
_BY_ACCOUNT = """
    SELECT account AS name, count(*) AS count FROM deaths GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20
"""
_BY_STATE = """
    SELECT state AS name, count(*) AS count FROM deaths GROUP BY 1 ORDER BY 2 DESC, 1
"""
_NUMBERS = """
    SELECT count(*) AS count, coalesce(sum(characters > 0), 0) AS held,
        coalesce(sum(seen_again <> ''), 0) AS back
    FROM deaths
"""


async def _deaths(visit: Visit) -> Response:
    """The view `deaths`; an archive that an older version wrote last has none yet."""
    rows = await visit.rows_of("deaths", _LATEST)
    if not rows:
        return await visit.page("deaths.html", {"rows": [], "numbers": {"count": 0}})
    (numbers,) = await visit.rows(_NUMBERS)
    words = visit.words
    accounts = with_shares(await _counts(visit, _BY_ACCOUNT), "account")
    states = with_shares(await _counts(visit, _BY_STATE), "state")
    context = {
        "chart": chart(await _counts(visit, _BY_MONTH), words(_SAID)),
        "numbers": numbers,
        "accounts": [one | {"address": account_address(one["name"])} for one in accounts],
        # of these articles most keep a text, so that the list by state has them elsewhere
        "states": [one | {"address": f"/states#{one['name']}"} for one in states],
        "rows": [row | listed(row, words) for row in rows],
    }
    return await visit.page("deaths.html", context)


async def _counts(visit: Visit, sql: str) -> dict[str, Any]:
    return {row["name"]: row["count"] for row in await visit.rows(sql)}


DEATHS_PAGE = Page("deaths", "", _deaths)
