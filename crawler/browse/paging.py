"""Pages of Datasette's own tables, as of their CSV, that hold each row once.

Datasette goes on behind the last row of a page by what it is sorted by and by its key, but sorts
its first page by the former alone: of the articles of the day on which that ends some stood on no
page, and others on two.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from datasette.utils import escape_sqlite  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Sequence

# as its view of a table writes it: names alone, of a single table
_NAME = r"(?:\[[^\]]*+\]|[A-Za-z_][A-Za-z0-9_]*+)"
_OF_ROWS = re.compile(
    rf"select (?P<first>{_NAME})(?:, {_NAME})*+ from (?P<table>{_NAME})(?: where |\Z)"  # noqa: S608
)
_SORTED = re.compile(rf"(?P<by>{_NAME})(?P<way>(?: desc)?)(?P<limit> limit [0-9]{{1,9}})")
_OF_SEVERAL = re.compile(r"\b(?:union|except|intersect)\b", re.IGNORECASE)
_ROWID = "rowid"  # which comes first where a table has no key


def table_of_page(sql: str) -> str:
    """The table of which a statement asks for the first page; "" where it is another statement."""
    rows, _, last = sql.rpartition(" order by ")
    found = _OF_ROWS.match(rows)
    if not found or not _SORTED.fullmatch(last) or _OF_SEVERAL.search(rows):
        return ""
    return found["table"].strip("[]")


def in_one_order(sql: str, keys: Sequence[str]) -> str:
    """The statement of a first page, whose rows stand in one order: by the keys of its table, too.

    A view has none, and the same order each time.
    """
    rows, by, last = sql.rpartition(" order by ")
    page, found = _OF_ROWS.match(rows), _SORTED.fullmatch(last)
    if not keys and page and page["first"] == _ROWID:
        keys = [_ROWID]
    names = ", ".join(escape_sqlite(key) for key in keys)
    if not found or names in {"", found["by"]}:
        return sql
    return f"{rows}{by}{found['by']}{found['way']}, {names}{found['limit']}"


def page_in_order(database: Any) -> None:
    """Have a database of Datasette's ask for its first pages in one order."""
    execute = database.execute

    async def ordered(sql: str, *arguments: Any, **named: Any) -> Any:
        if table := table_of_page(sql):
            sql = in_one_order(sql, await database.primary_keys(table))
        return await execute(sql, *arguments, **named)

    database.execute = ordered
