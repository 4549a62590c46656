"""Tables in a seed.

Of 2,345, 88 % came with an empty header row, 318 have one column, 187 rows of unequal length.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.clean.markdown import join_lines
from crawler.clean.seeds.emphasis import without_bold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_DELIMITER = re.compile(r"\|?[ ]*+:?-++:?[ ]*+(?:\|[ ]*+:?-++:?[ ]*+)*+\|?[ ]*+\Z")
_ONE_COLUMN = re.compile(r"\|[ ]*+:?-++:?[ ]*+\|?[ ]*+\Z")
_CUT_MARK = "..."
_CUT_DELIMITER = re.compile(r"\|(?:[ ]:?-+:?[ ]\|)*(?:[ ]:?-*:?)?[ ]?\.{3}\Z")
_ESCAPE_OR_BAR = re.compile(r"\\.|\|", re.DOTALL)
_NESTED = re.compile(r"\|[ ]\|(?:[ ]:?-{3,}:?[ ]\|)+(?:[ ](?=\|)|\.{3})")
# in a table that was put on one line; an empty cell has two spaces
_ROW_END = re.compile(r"(?<=\|)[ ](?=\|)")
# or the end of the list, a line end and a blank line in one
_BULLET = re.compile(r"(?:\A|[ ])\*[ ]+|[ ]{3,}")
Row = list[str]


def is_table(block: str) -> bool:
    """Whether a block is a table: rows that begin with a bar, the second a delimiter.

    The last may be cut.
    """
    if not block.startswith("|"):
        return False
    lines, _ = _rows(block)
    return (
        len(lines) >= 2
        and bool(_DELIMITER.match(lines[1]))
        and all(line.startswith("|") for line in lines)
    )


def _rows(block: str) -> tuple[list[str], str]:
    """The lines of a table, and what is left of the row or delimiter in which its seed was cut."""
    *lines, last = block.split("\n")
    if not last.endswith(_CUT_MARK):
        return [*lines, last], ""
    if len(lines) == 1 and _CUT_DELIMITER.match(last):
        return [*lines, _written(["---"] * len(_cells_of(lines[0][1:])))], _CUT_MARK
    return ([*lines, last], "") if last.startswith("|") else (lines, last)


def mend_table(block: str, mend: Callable[[str], str]) -> str:
    """The table with a header that is one, and rows of one length.

    A box of one column becomes paragraphs.

    One that holds other tables, which the older tool put on one line each, only lays out, as in
    pages.
    """
    lines, rest = _rows(block)
    is_box = bool(_ONE_COLUMN.match(lines[1]))
    lines = [lines[0], *lines[2:]]
    if is_box and not _NESTED.search(block):
        parts = [mend(_only_cell(line)) for line in lines]
    elif _NESTED.search(block):
        parts = [part for line in lines for part in _laid_out(line, mend)]
    else:
        parts = [_table([_cells(line, mend) for line in lines])]
    return "\n\n".join(part for part in (*parts, rest) if part)


def _laid_out(line: str, mend: Callable[[str], str]) -> Iterator[str]:
    """What stands in one row of a table that lays out.

    Cells as paragraphs, tables in them as tables.

    Of the outer table's cells those before an inner one stand in one piece with its header, those
    behind it with its last row; the delimiter tells how many columns are its own.
    """
    table: list[Row] = []
    width = 0
    for piece, below in pairwise((*_ROW_END.split(line), "")):
        cells = _cells(piece, mend)
        if _CUT_DELIMITER.match(piece):
            yield from (_table(table), _CUT_MARK)
            return
        if _DELIMITER.match(below):
            yield _table(table)
            width = len(_cells_of(below)) - 1
            yield from cells[:-width]
            table = [cells[-width:]]
        elif not _DELIMITER.match(piece):
            table += [cells[:width]] if width else []
            if cells[width:]:
                yield from (_table(table), *cells[width:])
                table, width = [], 0
    yield _table(table)


def _table(rows: list[Row]) -> str:
    """Rows as a table, or as paragraphs, or as nothing."""
    if rows and not any(rows[0]):
        del rows[0]
    rows = [row for row in rows if any(row)]
    if not rows:
        return ""
    width = max(map(len, rows))
    if width == 1:
        return "\n\n".join(row[0] for row in rows)
    full = [row + [""] * (width - len(row)) for row in rows]
    head = [without_bold(cell) for cell in full[0]]
    return "\n".join((_written(head), _written(["---"] * width), *map(_written, full[1:])))


def _listed(cell: str) -> str:
    """A cell whose list the older tool put on one line, an item a line."""
    if not cell.startswith("* "):
        return cell
    return join_lines([item for item in _BULLET.split(cell) if item])


def _cells(line: str, mend: Callable[[str], str]) -> Row:
    """The cells of one row, mended, whether or not a bar ends it."""
    text = line.strip()[1:]
    text = text if text.endswith("|") and not text.endswith("\\|") else text + "|"
    return [mend(_listed(cell.strip())) for cell in _cells_of(text)]


def _cells_of(row: str) -> list[str]:
    """What stands before each bar of a row that the author did not escape."""
    cells = []
    start = 0
    for match in _ESCAPE_OR_BAR.finditer(row):
        if match[0] == "|":
            cells.append(row[start : match.start()])
            start = match.end()
    return cells


def _only_cell(line: str) -> str:
    """What a table of one column has in a row: every bar but the outer ones is the author's."""
    return _listed(line.strip().removeprefix("|").removesuffix("|").strip())


def _written(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
