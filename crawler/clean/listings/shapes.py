"""Whether a spreadsheet can be read row by row: what its reader keeps besides, counted before.

The reader empties each row, and each text that cells share, once it is read, and keeps all else to
the end, in up to two kilobytes an element; of what it empties some hundred bytes are left. A packed
file of some kilobytes unpacks to millions of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError, ParserCreate

from crawler.clean.listings.limits import TooLargeError

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import IO, TypeVar
    from xml.parsers.expat import XMLParserType

    Item = TypeVar("Item")
    Row = tuple[int, Sequence[str]]
    _Take = Callable[[str, dict[str, str]], None]

MOST_BESIDE = 70_000  # elements beside the rows; Excel allows 66,530 links
MOST_IN_ROW = 100_000  # elements; Excel allows 16,384 cells, of five elements at most
MOST_IN_TAG = 1 << 20  # bytes; a cell has 32,767 characters, and they stand in none
MOST_IN_FORMAT = 500  # characters; Excel allows 255, and their square is taken to read them
MOST_SHEETS = 1_000  # of a book; each is looked for among all parts
MOST_ROWS = 1_500_000  # and texts; Excel allows 1,048,576 rows
MOST_ROWS_OF_ALL = 8 << 20  # as many as eight sheets have to their last row
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_EMPTIED = frozenset({f"{_MAIN} row", f"{_MAIN} si"})
_OF_SHEETS = "sheetId"  # that each in the list of them has, whatever it is called itself
_CHUNK = 1 << 20
_TYPES = "[Content_Types].xml"
_RELATIONS = ".rels"
_UNREAD = re.compile(
    r"[.-](?:drawing|chart|diagram|vmlDrawing|calcChain|comments|threadedComments|externalLink"
    r"|pivotCache|pivotTable|queryTable|revision)|^image/",
    re.IGNORECASE,
)
"""The types of parts that are not read, and may hold more than any sheet: the points of a chart,
every formula, what a pivot table counts, the lines of a picture, and what it defines."""
_READ_BY_NAME = frozenset(
    {_TYPES, "xl/workbook.xml", "xl/styles.xml", "docProps/core.xml", "docProps/custom.xml"}
)
_CHARTSHEET = "chartsheet"  # whose reader follows it to its drawings and charts


class _Shape:
    """Counts the elements of a sheet as its parser meets them."""

    def __init__(self) -> None:
        self.beside = self.in_row = self.rows = self.sheets = 0
        self.problem = ""
        self._open = 0  # rows

    def start(self, name: str, told: dict[str, str]) -> None:
        """An element begins."""
        if name.endswith("numFmt") and len(told.get("formatCode", "")) > MOST_IN_FORMAT:
            self.problem = "has a format of numbers that is longer than any"
        self.sheets += _OF_SHEETS in told
        if name in _EMPTIED:
            self._open += 1
            self.rows += 1
        if self._open:
            self.in_row += 1
        else:
            self.beside += 1
        if self.in_row > MOST_IN_ROW:
            self.problem = "has a row of more cells than any"
        elif self.sheets > MOST_SHEETS:
            self.problem = f"has more than {MOST_SHEETS:,} sheets"
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


class Room:
    """How much the sheets of a spreadsheet may hold together.

    A text that cells share counts in each of them, and so does a row that is not there, before one
    that is: nobody skips those.
    """

    def __init__(self, most: int) -> None:
        """`most` are the bytes of all cells."""
        self._most = self._left = most
        self._rows = MOST_ROWS_OF_ALL

    def counted(self, rows: Iterable[Item]) -> Iterator[Item]:
        """The rows, empty ones too; raises TooLargeError where a book has more than any."""
        for row in rows:
            self._rows -= 1
            if self._rows < 0:
                raise TooLargeError(f"has more than {MOST_ROWS_OF_ALL:,} rows in its sheets")
            yield row

    def bounded(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows; raises TooLargeError where all of them hold more than any spreadsheet does."""
        for number, row in rows:
            self._left -= sum(len(cell.encode("utf-8", "replace")) for cell in row)
            if self._left < 0:
                raise TooLargeError(f"has more than {self._most >> 20} MB in its cells")
            yield number, row


def problem_of_book(packed: zipfile.ZipFile) -> str:
    """Why one of the parts of a spreadsheet cannot be read; "" where all can."""
    unread = unread_parts(packed)
    for name in packed.namelist():
        if name not in unread:
            with packed.open(name) as file:
                problem = _problem_of_part(file)
            if problem:
                return problem
    return ""


def unread_parts(packed: zipfile.ZipFile) -> set[str]:
    """The parts that the reader does not read, by the list of what each part is.

    None where that is broken, for then nobody knows what its reader makes of it.
    """
    kinds: defaultdict[str, set[bool]] = defaultdict(set)
    with_charts: set[bool] = set()

    def take_type(_: str, told: dict[str, str]) -> None:
        part = told.get("PartName", "").lstrip("/") or f"*.{told.get('Extension', '')}"
        kinds[part].add(_UNREAD.search(told.get("ContentType", "")) is not None)

    def take_relation(_: str, told: dict[str, str]) -> None:
        with_charts.add(_CHARTSHEET in told.get("Type", ""))

    names = packed.namelist()
    try:
        _take_elements(packed, [name for name in names if name.endswith(_TYPES)], take_type)
        _take_elements(packed, [name for name in names if name.endswith(_RELATIONS)], take_relation)
    except (ExpatError, _StrangeXmlError):
        return set()
    if True in with_charts:
        return set()
    return {name for name in names if _is_unread(name, kinds)}


def _is_unread(name: str, kinds: Mapping[str, set[bool]]) -> bool:
    if name in _READ_BY_NAME or name.endswith(_RELATIONS):
        return False
    return kinds.get(name, kinds.get(f"*{PurePosixPath(name).suffix}")) == {True}


def _take_elements(packed: zipfile.ZipFile, names: Iterable[str], take: _Take) -> None:
    """Hand on the attributes of every element of some parts.

    Raises ExpatError, and _StrangeXmlError.
    """
    for name in names:
        parser = ParserCreate()
        parser.StartElementHandler = take
        with packed.open(name) as file:
            for _ in _fed(parser, file):
                pass
        parser.Parse(b"", True)  # noqa: FBT003  (whether it is the last)


class _StrangeXmlError(ValueError):
    """A tag, or a comment, that is longer than any; or what unfolds to more than stands there."""


def _refuse_definitions(*_: object) -> None:
    raise _StrangeXmlError("defines entities, which no spreadsheet does")


def _fed(parser: XMLParserType, file: IO[bytes]) -> Iterator[None]:
    """Let a parser read a part; yields after each piece of it.

    Expat before 2.6 reads what is not at its end yet from its beginning again for each piece that
    comes. Raises ExpatError, and _StrangeXmlError.
    """
    fed = 0
    parser.StartDoctypeDeclHandler = _refuse_definitions
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk, False)  # noqa: FBT003  (whether it is the last)
        fed += len(chunk)
        if fed - parser.CurrentByteIndex > MOST_IN_TAG:
            raise _StrangeXmlError(f"has a tag of more than {MOST_IN_TAG >> 20} MB")
        yield


def _problem_of_part(file: IO[bytes]) -> str:
    """Why a part cannot be read row by row; "" where it can, or is no XML at all."""
    shape, parser = _Shape(), ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = shape.start, shape.end
    try:
        for _ in _fed(parser, file):
            if shape.problem:
                break
    except ExpatError:
        return ""  # its reader says what is wrong with it
    except _StrangeXmlError as error:
        return str(error)
    return shape.problem
