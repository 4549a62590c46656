"""The front page: articles over time, accounts by size, states, and the latest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.archive.reading import Counts, counts
from crawler.browse.chart import SAID, chart
from crawler.browse.listing import account_address, listed, with_shares
from crawler.browse.visit import Page, as_text

if TYPE_CHECKING:
    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

_ACCOUNTS = 30  # of the largest are named
_LATEST = """
    SELECT id, title, account, source, date, state FROM articles
    WHERE body_hash <> '' ORDER BY date DESC, rowid DESC LIMIT 10
"""


async def _front(visit: Visit) -> Response:
    counted: Counts = await visit.archive.execute_fn(_counts)
    accounts = with_shares(_by_text(counted.accounts), "account")
    context = {
        "chart": chart(counted.months, visit.words(SAID)),
        "texts": counted.texts,
        "bare": sum(counted.states.values()) - counted.texts,
        "states": with_shares(_by_text(counted.states), "state"),
        "accounts": [one | {"address": account_address(one["name"])} for one in accounts],
        "latest": [listed(row, visit.words) for row in await visit.rows(_LATEST)],
        "years": sorted({month[:4] for month in counted.months}, reverse=True),
    }
    return await visit.page("front.html", context)


def _by_text(numbers: dict[str, int]) -> dict[str, int]:
    return {as_text(name): number for name, number in numbers.items()}


def _counts(connection: Any) -> Counts:
    """The counts of `crawler status`, of more accounts."""
    return counts(connection, accounts=_ACCOUNTS)


FRONT_PAGE = Page("", "", _front)
