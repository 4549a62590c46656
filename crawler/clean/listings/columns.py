"""Tables that tools write as JSON: column by column, or with the names of the columns once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from crawler.clean.listings.fields import SAYING, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


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
    columns = [*table.values()]
    if all(isinstance(one, list) for one in columns):  # as they are: of two a million cells
        is_even = len({*map(len, columns)}) == 1 and bool(columns[0])
        rows = (dict(zip(table, cells, strict=True)) for cells in zip(*columns, strict=False))
        return rows if is_even and all(map(_are_cells, columns)) else None
    return _rows_by_number(table) if all(map(_is_numbered, columns)) else None


def _rows_by_number(table: Mapping[str, Any]) -> Iterator[Mapping[str, Any]] | None:
    columns = [*table.values()]
    numbers = columns[0].keys()
    if not numbers or not all(one.keys() == numbers for one in columns):
        return None
    if not all(_are_cells(one.values()) for one in columns):
        return None
    return ({name: cells[number] for name, cells in table.items()} for number in numbers)


def _is_numbered(column: Any) -> bool:
    return isinstance(column, dict) and all(number.isdecimal() for number in column)


def _are_cells(cells: Iterable[Any]) -> bool:
    return not any(isinstance(cell, dict) for cell in cells)


_FEWEST = 2  # columns
