"""Tables in a seed: of 2,345, 88 % came with an empty header row, 318 have one column, 187 rows of unequal length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_DELIMITER = re.compile(r"\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*\Z")
_CELL = re.compile(r"((?:[^|\\]|\\.)*)\|", re.DOTALL)
_NESTED = re.compile(r"\|[ ](?P<table>\|.*\|[ ]\|[ ]:?-+:?[ ]\|.*\|)[ ]\|\Z")
_ROW_END = re.compile(r"(?<=\|)[ ](?=\|)")  # in a table that was put on one line; an empty cell has two spaces
_BULLET = re.compile(r"(?:\A|[ ])\*[ ]+")
_CUT_MARK = "..."
Row = list[str]


def is_grid(block: str) -> bool:
    """Whether a block is a table: rows that begin with a bar, the second a delimiter; the last may be cut."""
    if not block.startswith("|"):
        return False
    lines, _ = _rows(block)
    return len(lines) >= 2 and bool(_DELIMITER.match(lines[1])) and all(line.startswith("|") for line in lines)


def _rows(block: str) -> tuple[list[str], str]:
    """The lines of a table, and what is left of a row of which the cut of its seed left no bar."""
    *lines, last = block.split("\n")
    return (lines, last) if last.endswith(_CUT_MARK) and not last.startswith("|") else ([*lines, last], "")


def mend_grid(block: str, mend: Callable[[str], str]) -> str:
    """The table with a header that is one, and rows of one length; a box of one column becomes paragraphs.

    A row that holds a table, which the older tool put on one line, becomes that table: such rows only lay out.
    """
    lines, rest = _rows(block)
    parts: list[str] = []
    plain: list[Row] = []
    for line in (lines[0], *lines[2:]):
        nested = _NESTED.match(line)
        if nested:
            parts += [_grid(plain), mend_grid("\n".join(_ROW_END.split(nested["table"])), mend)]
            plain = []
        else:
            plain.append([mend(_listed(cell)) for cell in _cells(line)])
    return "\n\n".join(part for part in (*parts, _grid(plain), rest) if part)


def _grid(rows: list[Row]) -> str:
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
    return "\n".join((_written(full[0]), _written(["---"] * width), *map(_written, full[1:])))


def _listed(cell: str) -> str:
    """A cell whose list the older tool put on one line, an item a line."""
    return "<br>".join(filter(None, _BULLET.split(cell))) if cell.startswith("* ") else cell


def _cells(line: str) -> Row:
    """The cells of one row, whether or not a bar ends it."""
    text = line.strip()[1:]
    text = text if text.endswith("|") and not text.endswith("\\|") else text + "|"
    return [cell.strip() for cell in _CELL.findall(text)]


def _written(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
