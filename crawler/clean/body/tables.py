"""Tables: which hold data and which only lay out, and a grid without holes from rows with spans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.clean.body.tree import Element, holds_another

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

_PARTS = frozenset({"thead", "tbody", "tfoot"})
_MAX_SPAN = 100


def is_layout(table: LexborNode) -> bool:
    """Whether a table only arranges.

    One column, one row without headings, a table in it, or pictures alone.

    Whole articles stand in a table of one cell (seen in May 2026), and 318 of 2,345 tables in seeds
    are boxes of one column.
    """
    rows = [list(_cells(row)) for row in _rows(table)]
    if max(map(len, rows), default=0) < 2 or holds_another(table):
        return True
    if len(rows) == 1 and not any(cell.tag == "th" for cell in rows[0]):
        return True
    return not any(cell.text(strip=True) for row in rows for cell in row)


def cells_of(table: LexborNode) -> Iterator[LexborNode]:
    """The cells of a table's own rows."""
    return (cell for row in _rows(table) for cell in _cells(row))


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in _PARTS:
            yield from (row for row in child.iter() if row.tag == "tr")


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in ("td", "th"))


def square(table: Element, most: int) -> int:
    """Fill a table's rows with empty cells, so that each has as many; return how many were set.

    They stand where a cell reaches over several. Beyond `most` of them no cell reaches further, and
    only the header is filled.
    """
    taken: set[tuple[int, int]] = set()
    rows: list[list[Element]] = []
    height = len(table.contents)
    for number, row in enumerate(table.elements):
        cells: list[Element] = []
        for cell in row.elements:
            _fill(cells, number, taken)
            if len(taken) < most:
                taken.update(_reach(number, len(cells), height, cell))
            cells.append(cell)
        _fill(cells, number, taken)
        rows.append(cells)
    lacking = _lacking(rows)
    if sum(lacking) + len(taken) > most:
        lacking[1:] = [0] * len(lacking[1:])
    for row, cells, lacks in zip(table.elements, rows, lacking, strict=True):
        row.contents = []
        for cell in cells + [Element("td") for _ in range(lacks)]:
            row.add(cell)
    return len(taken) + sum(lacking)


def _lacking(rows: list[list[Element]]) -> list[int]:
    """How many cells each row has fewer than the longest."""
    width = max(map(len, rows), default=0)
    return [width - len(cells) for cells in rows]


def _fill(cells: list[Element], number: int, taken: set[tuple[int, int]]) -> None:
    """Set empty cells where others reach into a row."""
    while (number, len(cells)) in taken:
        cells.append(Element("td"))


def _reach(row: int, column: int, height: int, cell: Element) -> Iterator[tuple[int, int]]:
    """The places into which a cell reaches, its own left out."""
    across, down = _span(cell, "colspan"), _span(cell, "rowspan")
    for below in range(row, min(row + down, height)):
        for beside in range(column, column + across):
            if (below, beside) != (row, column):
                yield below, beside


def _span(cell: Element, name: str) -> int:
    given = cell.attrs.get(name, "")
    return (
        max(1, min(_MAX_SPAN, int(given)))
        if isinstance(given, str) and given.isdecimal() and len(given) < 6
        else 1
    )


def alignments(header: Element) -> list[str]:
    """How each column is set, by its header's cells: "left", "center", "right" or the empty string.

    Where a header says nothing, the column's cells do, if they agree.
    """
    columns: list[list[Element]] = [[] for _ in header.contents]
    for row in header.around.elements:
        for column, cell in zip(columns, row.elements, strict=False):
            column.append(cell)
    return [_alignment(column) for column in columns]


def _alignment(cells: list[Element]) -> str:
    said = [str(cell.attrs.get("align", "")).lower() for cell in cells]
    own = said[0] or (said[1] if len(set(said[1:])) == 1 else "")
    return own if own in ("left", "center", "right") else ""
