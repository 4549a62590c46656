"""The legend: what each state means, how many articles are in it, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.browse.selection import Selection
from crawler.browse.visit import Page

if TYPE_CHECKING:
    from datasette import Response  # type: ignore[import-untyped]

    from crawler.browse.visit import Visit

_STATES = """
    SELECT states.*, count(articles.rowid) AS count
    FROM states LEFT JOIN articles ON articles.state = states.state GROUP BY states.state
    ORDER BY has_text DESC, count DESC, states.state
"""


async def _states(visit: Visit) -> Response:
    rows = await visit.rows_of("states", _STATES)
    for row in rows:
        row["address"] = Selection().address(toggle=("state", row["state"]))
    return await visit.page("states.html", {"states": rows})


STATES_PAGE = Page("states", "", _states)
