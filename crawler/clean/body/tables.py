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


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in _PARTS:
            yield from (row for row in child.iter() if row.tag == "tr")


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in ("td", "th"))


def square(table: Element) -> None:
    """Fill a table's rows with empty cells, so that each has as many.

    They stand where a cell reaches over several.
    """
    taken: dict[tuple[int, int], bool] = {}
    rows: list[list[Element]] = []
    for number, row in enumerate(table.elements):
        cells: list[Element] = []
        for cell in row.elements:
            while taken.get((number, len(cells))):
                cells.append(Element("td"))
            _take(taken, number, len(cells), cell)
            cells.append(cell)
            while taken.get((number, len(cells))):
                cells.append(Element("td"))
        while taken.get((number, len(cells))):
            cells.append(Element("td"))
        rows.append(cells)
    width = max(map(len, rows), default=0)
    for row, cells in zip(table.elements, rows, strict=True):
        row.contents = []
        for cell in cells + [Element("td") for _ in range(width - len(cells))]:
            row.add(cell)


def _take(taken: dict[tuple[int, int], bool], row: int, column: int, cell: Element) -> None:
    across, down = _span(cell, "colspan"), _span(cell, "rowspan")
    for below in range(down):
        for beside in range(across):
            if below or beside:
                taken[row + below, column + beside] = True


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
    rows = [row.elements for row in header.around.elements]
    return [_alignment([row[column] for row in rows]) for column in range(len(header.contents))]


def _alignment(cells: list[Element]) -> str:
    said = [str(cell.attrs.get("align", "")).lower() for cell in cells]
    own = said[0] or (said[1] if len(set(said[1:])) == 1 else "")
    return own if own in ("left", "center", "right") else ""
