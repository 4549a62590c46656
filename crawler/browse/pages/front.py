"""The front page: articles over time, accounts by size, states, and the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.reading import Overview, overview
from crawler.browse.chart import chart
from crawler.browse.selection import Selection
from crawler.browse.visit import Page, address_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

_ACCOUNTS = 30  # of the largest are named
_LATEST = """
    SELECT id, title, account, source, date, state FROM articles
    WHERE state IN ('ok', 'truncated', 'paid') ORDER BY date DESC, rowid DESC LIMIT 10
"""


async def _front(visit: Visit) -> Response:
    counts: Overview = await visit.archive.execute_fn(_overview)
    context = {
        "chart": chart(counts.months),
        "total": sum(counts.states.values()),
        "states": _with_shares(counts.states, "state"),
        "accounts": _with_shares(counts.accounts, "account"),
        "latest": [listed(row) for row in await visit.rows(_LATEST)],
        "years": sorted({month[:4] for month in counts.months}, reverse=True),
    }
    return await visit.page("front.html", context)


def _overview(connection: Any) -> Overview:
    """The counts of `crawler status`; the queue's, which hang on the moment, are not shown."""
    return overview(connection, now="", accounts=_ACCOUNTS)


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


def listed(row: dict[str, Any]) -> dict[str, Any]:
    """A row of `articles` as lists show it."""
    return {
        "address": address_of(row["id"]),
        "title": row["title"] or "(no title)",
        "account": row["account"] or row["source"],
        "date": row["date"],
        "state": row["state"],
    }


FRONT_PAGE = Page("", "", _front)
