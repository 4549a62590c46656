"""The front page: articles over time, accounts by size, states, and the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.reading import Overview, overview
from crawler.browse.chart import SAID, chart
from crawler.browse.listing import account_address, listed, with_shares
from crawler.browse.visit import Page

if TYPE_CHECKING:
    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

_ACCOUNTS = 30  # of the largest are named
_TEXTS = "SELECT count(*) AS count FROM articles WHERE body_hash <> ''"
_LATEST = """
    SELECT id, title, account, source, date, state FROM articles
    WHERE state IN ('ok', 'truncated', 'paid') ORDER BY date DESC, rowid DESC LIMIT 10
"""


async def _front(visit: Visit) -> Response:
    counts: Overview = await visit.archive.execute_fn(_overview)
    (texts,) = await visit.rows(_TEXTS)
    accounts = with_shares(counts.accounts, "account")
    context = {
        "chart": chart(counts.months, visit.words(SAID)),
        "texts": texts["count"],
        "bare": sum(counts.states.values()) - texts["count"],
        "states": with_shares(counts.states, "state"),
        "accounts": [one | {"address": account_address(one["name"])} for one in accounts],
        "latest": [listed(row, visit.words) for row in await visit.rows(_LATEST)],
        "years": sorted({month[:4] for month in counts.months}, reverse=True),
    }
    return await visit.page("front.html", context)


def _overview(connection: Any) -> Overview:
    """The counts of `crawler status`; the queue's, which hang on the moment, are not shown."""
    return overview(connection, now="", accounts=_ACCOUNTS)


FRONT_PAGE = Page("", "", _front)
