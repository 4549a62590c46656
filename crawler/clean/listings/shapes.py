"""Whether a sheet can be read row by row: what its reader keeps besides, counted before it does.

The reader empties each row, and each text that cells share, once it is read, and keeps all else to
the end, in up to two kilobytes an element; of what it empties some hundred bytes are left. A packed
file of some kilobytes unpacks to millions of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate

if TYPE_CHECKING:
    from typing import IO

MOST_BESIDE = 70_000  # elements beside the rows; Excel allows 66,530 links
MOST_IN_ROW = 100_000  # elements; Excel allows 16,384 cells, of five elements at most
MOST_ROWS = 1_500_000  # and texts; Excel allows 1,048,576 rows
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EMPTIED = frozenset({f"{_MAIN} row", f"{_MAIN} si"})
_CHUNK = 1 << 20


class _Shape:
    """Counts the elements of a sheet as its parser meets them."""

    def __init__(self) -> None:
        self.beside = self.in_row = self.rows = 0
        self.problem = ""
        self._open = 0  # rows

    def start(self, name: str, _: object) -> None:
        """An element begins."""
        if name in _EMPTIED:
            self._open += 1
            self.rows += 1
        if self._open:
            self.in_row += 1
        else:
            self.beside += 1
        if self.in_row > MOST_IN_ROW:
            self.problem = "has a row of more cells than any"
        elif self.rows > MOST_ROWS:
            self.problem = f"has more than {MOST_ROWS:,} rows or texts"
        elif self.beside > MOST_BESIDE:
            self.problem = f"has more than {MOST_BESIDE:,} links and merged cells"

    def end(self, name: str) -> None:
        """An element ends; with a row all is dropped that it holds."""
        if name in _EMPTIED:
            self._open -= 1
            if not self._open:
                self.in_row = 0


def problem_of_sheet(file: IO[bytes]) -> str:
    """Why a sheet cannot be read row by row; "" where it can, or is none at all."""
    shape, parser = _Shape(), ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = shape.start, shape.end
    try:
        while not shape.problem and (chunk := file.read(_CHUNK)):
            parser.Parse(chunk, False)  # noqa: FBT003  (whether it is the last)
    except ExpatError:
        return ""  # its reader says what is wrong with it
    return shape.problem
