"""Tables that tools write as JSON: column by column, or with the names of the columns once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from crawler.clean.listings.fields import SAYING, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def rows_of(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]] | None:
    """The rows of a table as objects, and what stands beside them; None for anything else.

    Pandas writes it column by column, or names the columns once, as Datasette does.
    """
    names = table.get("columns")
    if not isinstance(names, list):
        return _rows_of_columns(table)
    if not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        return None
    for key in _ROWS:
        rows = table.get(key)
        if isinstance(rows, list) and rows and all(_is_row(row, len(names)) for row in rows):
            beside = {name: value for name, value in table.items() if name not in ("columns", key)}
            return chain((dict(zip(names, row, strict=True)) for row in rows), [beside])
    return None


_ROWS = ("data", "rows")


def _is_row(row: Any, width: int) -> bool:
    return isinstance(row, list) and len(row) == width


def _rows_of_columns(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]] | None:
    """The rows of columns, of which each holds its cells in order, or those of numbered rows."""
    if len(table) < _FEWEST or not all(isinstance(one, dict | list) for one in table.values()):
        return None
    if SAYING.isdisjoint(map(plain, table)):
        return None
    columns = [_as_cells(column) for column in table.values()]
    numbers = columns[0].keys()
    if not numbers or not all(one.keys() == numbers and _are_cells(one) for one in columns):
        return None
    return (
        {name: cells[number] for name, cells in zip(table, columns, strict=True)}
        for number in numbers
    )


def _as_cells(column: Any) -> Mapping[str, Any]:
    """The cells of a column by the number of their row; none of what is no column."""
    if isinstance(column, list):
        return {str(number): cell for number, cell in enumerate(column)}
    is_numbered = isinstance(column, dict) and all(number.isdecimal() for number in column)
    return column if is_numbered else {}


def _are_cells(column: Mapping[str, Any]) -> bool:
    return not any(isinstance(cell, dict) for cell in column.values())


_FEWEST = 2  # columns
