"""How pages show some articles in a row, or counts of many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from crawler.browse.selection import Selection
from crawler.browse.visit import address_of
from crawler.fields import harmless

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.browse.words import Words


def listed(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A row of `articles` as lists show it."""
    account = row["account"] or row.get("source", "")
    return {
        "address": address_of(row["id"]),
        "title": row["title"] or words("(no title)"),
        "account": account,
        "account_address": account_address(account),
        "date": row["date"],
        "state": row["state"],
    }


def account_address(name: str) -> str:
    """The address of an account's page; "" of one without a name."""
    return f"/account/{quote(name, safe='')}" if name else ""


def with_shares(counts: Mapping[str, int], facet: str) -> list[dict[str, Any]]:
    """Counts, the address of their articles, and the length of their bar in percent."""
    longest = max(counts.values(), default=1)
    named = {harmless(value): count for value, count in counts.items()}
    return [
        {
            "name": value,
            "count": count,
            "share": max(1, round(100 * count / longest)),
            "address": Selection().address(toggle=(facet, value)),
        }
        for value, count in named.items()
    ]
