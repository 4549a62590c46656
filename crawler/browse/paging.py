"""Pages of Datasette's own table of articles, as of its CSV, that hold each article once.

Datasette goes on behind the last article of a page by what it is sorted by and by its key, but
sorts its first page by the former alone: of the articles of the day on which that ends some stood
on no page, and others on two.
"""

from __future__ import annotations

import re
from typing import Any

# as its view of a table writes it, whose columns begin with the key
_COLUMNS = "select id, "
_TABLE = (" from articles where ", " from articles order by ")
_SORTED = re.compile(r"(?P<by>[\[\]a-z_]{1,40}(?: desc)?)(?P<limit> limit [0-9]{1,9})")
_OF_SEVERAL = re.compile(r"\b(?:union|except|intersect)\b", re.IGNORECASE)


def in_one_order(sql: str) -> str:
    """A statement whose rows of articles stand in one order, where it is that of a first page."""
    rows, by, last = sql.rpartition(" order by ")
    found = _SORTED.fullmatch(last)
    is_page = rows.startswith(_COLUMNS) and sql.startswith(_TABLE, sql.find(" from "))
    if found is None or not is_page or found["by"] == "id" or _OF_SEVERAL.search(rows):
        return sql
    return f"{rows}{by}{found['by']}, id{found['limit']}"


def page_in_order(database: Any) -> None:
    """Have a database of Datasette's ask for its first pages in one order."""
    execute = database.execute

    async def ordered(sql: str, *arguments: Any, **named: Any) -> Any:
        return await execute(in_one_order(sql), *arguments, **named)

    database.execute = ordered
