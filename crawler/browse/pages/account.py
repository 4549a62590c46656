"""An account: what it says of itself, and its articles over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.browse.chart import SAID, chart
from crawler.browse.listing import listed, with_shares
from crawler.browse.selection import ACCOUNT, Selection
from crawler.browse.visit import Page

if TYPE_CHECKING:
    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

_ABOUT = """
    SELECT alias, description FROM accounts
    WHERE name = :name AND (alias <> '' OR description <> '')
    ORDER BY last_seen DESC LIMIT 5
"""
_LATEST = 20
# an article that names no account is its source's, as lists have it
_OF = "(account = :name OR account = '' AND source = :name)"
_COUNTS = f"""
    SELECT articles.state, count(*) AS count, count(*) FILTER (WHERE body_hash <> '') AS texts
    FROM articles WHERE {_OF} GROUP BY 1 ORDER BY 2 DESC, 1
"""  # noqa: S608 -- our own words
_MONTHS = f"""
    SELECT substr(date, 1, 7) AS month, count(*) AS count FROM articles
    WHERE {_OF} AND body_hash <> '' AND date <> '' GROUP BY 1 ORDER BY 1
"""  # noqa: S608
_ROWS = f"""
    SELECT id, title, {ACCOUNT} AS account, source, date, state FROM articles AS a
    WHERE {_OF} ORDER BY body_hash = '', date DESC, rowid DESC LIMIT {_LATEST}
"""  # noqa: S608


async def _account(visit: Visit) -> Response:
    name = visit.named("name")
    values = {"name": name}
    counts = await visit.rows(_COUNTS, values)
    months = {row["month"]: row["count"] for row in await visit.rows(_MONTHS, values)}
    context: dict[str, Any] = {
        "name": name,
        "about": await visit.rows(_ABOUT, values),
        "texts": sum(row["texts"] for row in counts),
        "bare": sum(row["count"] - row["texts"] for row in counts),
        "states": with_shares({row["state"]: row["count"] for row in counts}, "state"),
        "chart": chart(months, visit.words(SAID)),
        "rows": [listed(row, visit.words) for row in await visit.rows(_ROWS, values)],
        "all": Selection().address(toggle=("account", name)),
    }
    for one in context["states"]:
        one["address"] = Selection(chosen=(("account", name), ("state", one["name"]))).address()
    status = 200 if counts or context["about"] else 404
    return await visit.page("account.html", context, status=status)


ACCOUNT_PAGE = Page("account", r"/(?P<name>[^/]+)", _account)
