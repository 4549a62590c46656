"""Tables: CSV and TSV in any dialect, and spreadsheets."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from contextlib import redirect_stdout
from dataclasses import replace
from itertools import chain, dropwhile, islice, takewhile, zip_longest
from typing import TYPE_CHECKING, Any

from crawler.characters import BYTE_ORDER_MARK
from crawler.clean.listings.alone import TextsAlone
from crawler.clean.listings.cells import link_in_title, with_titles
from crawler.clean.listings.fields import (
    ROLES,
    article_links,
    has_own_column,
    lacks_own,
    link_of,
    links_beside,
    links_of,
    lone_links,
    mentions_in,
    names_other_site,
    own_links,
    plain,
)
from crawler.clean.listings.hyperlinks import leads_of, spans_of, with_leads
from crawler.clean.listings.limits import TooLargeError, check_entries, check_packing
from crawler.clean.listings.messages import OF_CHATS, cards_in, with_messages
from crawler.clean.listings.quotes import quoted_rows
from crawler.clean.listings.records import MOST_BESIDE, Listing, ListKind, Refused, listing_of
from crawler.clean.listings.ruled import KNOWN
from crawler.clean.listings.shapes import Room, problem_of_book, unread_parts
from crawler.clean.listings.texts import is_text
from crawler.links import find_links
from crawler.telling import said_by
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.clean.exports import Link
    from crawler.clean.listings.hyperlinks import Leads, Spans

    Row = tuple[int, Sequence[str]]

MAX_SHEET_BYTES = 128 << 20  # unpacked; the exporter's largest sheets, with texts, have less
_MAX_TAGS = 4_000_000  # that close an element: each text that cells share takes some 100 bytes
_MAX_ROWS = 1_048_576  # of a sheet, as Excel has it
_MAX_COLUMNS = 64
_CHUNK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError,
    RuntimeError, OverflowError,
)  # fmt: skip
_DELIMITERS = "\t,;|"
_BAR = _DELIMITERS[-1]  # which parts words in texts, too, and the cells of Markdown's tables
_KEY = re.compile(r"[^\t,;|:：]{1,20}[:：] ?[\t,;|]")  # with a mark behind it it may say a value
_KNOWN = KNOWN | OF_CHATS
_HEAD = 10_000  # characters of the first line that are looked at
_BLANK = f"{BYTE_ORDER_MARK}\r\n "  # before the first line
_FIRST_LINES = 3
_HEAD_ROWS = 20  # merged titles and notes may stand above the names of the columns

# An article's whole text may stand in a cell; the default bound of 131,072 would end the reading.
csv.field_size_limit(2 << 20)


def looks_like_table(text: str) -> bool:
    """Whether the first line names columns that are known: two, where bars part them.

    A title may stand above them, or what Excel is told by (`sep=,`): below such they are two.
    """
    lines = _first_lines(text)
    if _head_of(lines) != lines[0]:
        return True
    head = lines[0]
    delimiter = _delimiter(head)
    if delimiter == _BAR and not _goes_on_in_bars(text):
        return False
    fewest = 2 if delimiter == _BAR or _KEY.match(head) else 1
    return _known(head, delimiter) >= fewest and not find_links(head)


def _first_lines(text: str) -> list[str]:
    """The first lines that say something, as far as there are any."""
    return re.split(r"[\r\n]++", text[:_HEAD].lstrip(_BLANK), maxsplit=_FIRST_LINES)[:_FIRST_LINES]


def _head_of(lines: Sequence[str]) -> str:
    """The line that names the columns: the first, or one of the next that names two that we know.

    Bars part words in texts, too, and a table of Markdown has them.
    """
    first, *others = lines
    named = next(filter(_names_two, takewhile(lambda line: not find_links(line), others)), "")
    is_first = not named or _known(first, _delimiter(first)) or find_links(first)
    return first if is_first else named


def _names_two(line: str) -> bool:
    delimiter = _delimiter(line)
    return delimiter != _BAR and _known(line, delimiter) > 1


def _goes_on_in_bars(text: str) -> bool:
    """Whether bars part the second line, too, and none is drawn there, as in Markdown and Org."""
    rest = _first_lines(text)[1:2]
    is_ruled = bool(rest) and "--" in rest[0] and not rest[0].strip("|:+- \t")
    return bool(rest) and _BAR in rest[0] and not is_ruled


def _delimiter(head: str) -> str:
    """What parts the most names of columns that are known, else stands most often, and no bar."""
    there = [mark for mark in _DELIMITERS if mark in head]
    return max(
        there,
        key=lambda mark: (_known(head, mark), mark != _BAR, head.count(mark)),
        default="",
    )


def _known(head: str, delimiter: str) -> int:
    names = next(csv.reader([head], delimiter=delimiter), []) if delimiter else []
    return sum(plain(name) in _KNOWN for name in names)


def _opened(lines: Iterable[str]) -> tuple[Iterator[str], str]:
    """The lines from the first that says something, and what parts its cells; "" for nothing."""
    rest = dropwhile(lambda line: not line.strip(_BLANK), lines)
    first = [next(rest, "").lstrip(_BLANK)]
    said = 1
    while said < _FIRST_LINES and (line := next(rest, "")):
        said += bool(line.strip("\r\n"))
        first.append(line)
    return chain(first, rest), _delimiter(_head_of(_first_lines("".join(first))))


def links_beside_texts(lines: Iterable[str]) -> frozenset[str]:
    """The links of a CSV or TSV file that names no known column, beside which a text stands.

    Each has a cell of its own, in rows of as many cells as the first; none where it is no table.
    """
    from_head, delimiter = _opened(lines)
    if not delimiter:
        return frozenset()
    rows = (row for _, row in quoted_rows(from_head, delimiter))
    try:
        first = list(islice(rows, 2))  # one that names columns as nobody knows, perhaps
        if not any(map(lone_links, first)):
            return frozenset()
        alike = (row for row in chain(first, rows) if len(row) == len(first[0]))
        return frozenset(link for row in alike for link in _beside_texts(row, row))
    except csv.Error:
        return frozenset()


def read_table(lines: Iterable[str]) -> Listing:
    """The links of the lines, with their ends, of a CSV or TSV file, with what its columns say.

    Raises csv.Error where it is none, TooLargeError for more than any list holds.
    """
    from_head, delimiter = _opened(lines)
    if not delimiter:
        raise csv.Error("nothing parts its cells")
    return read_rows(quoted_rows(from_head, delimiter))


def read_spreadsheet(content: bytes) -> Listing:
    """The links of every sheet of an XLSX file.

    Raises TooLargeError for more than any list holds.
    """
    if problem := _too_large(content):
        return Listing(kind=ListKind.TABLE, problem=problem, unread=True)
    try:
        listings: list[Listing] = []
        room = Room(MAX_SHEET_BYTES)
        for rows, leads, spans in _sheets(content):
            numbered = _numbered(room.counted(rows), leads, spans)
            listings.append(read_rows(room.bounded(numbered), has_leads=True))
            check_entries(*(some for one in listings for some in (one.links, one.refused)))
    except TooLargeError:
        raise
    except Exception as error:  # noqa: BLE001  (openpyxl lets out whatever a broken file provokes)
        problem = f"is no spreadsheet that can be read ({said_by(error)})"
        return Listing(kind=ListKind.TABLE, problem=problem, unread=True)
    whole = listing_of(
        ListKind.TABLE,
        (link for listing in listings for link in listing.links),
        refused=(refused for listing in listings for refused in listing.refused),
        elsewhere=sum(listing.elsewhere for listing in listings),
        beside=chain.from_iterable(listing.beside for listing in listings),
    )
    return replace(whole, unplaced=sum(listing.unplaced for listing in listings))


# What a Chinese, Japanese or Korean Excel calls forms of days and times by numbers alone (ECMA-376,
# 18.8.30), of which openpyxl knows none: 45356 in a cell is then a number.
_CHINESE_FORMATS = {
    **dict.fromkeys((*range(27, 32), 36, *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((*range(32, 36), 55, 56), "h:mm:ss"),
}


def _sheets(content: bytes) -> Iterator[tuple[Iterable[Sequence[Any]], Leads, Spans]]:
    """The rows of each sheet, one at a time, where cells of it lead, and which go further down.

    A cell may claim to stand in any row and column: what reads sheets as grids takes all memory
    for one cell in the last corner, so they are read as a stream, and as far as sheets reach.
    """
    # a fifth of the time that a command takes to start, and few inputs are spreadsheets
    from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]  # noqa: PLC0415
    from openpyxl.styles import numbers  # type: ignore[import-untyped]  # noqa: PLC0415

    class Reader(ExcelReader):  # type: ignore[misc]
        def read_worksheets(self) -> None:
            # a thousand names may stand for one part, which is read for each of them
            sheets = {where.target: (sheet, where) for sheet, where in self.parser.find_sheets()}
            self.parser.find_sheets = sheets.values
            super().read_worksheets()

    numbers.BUILTIN_FORMATS.update(_CHINESE_FORMATS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions, which say nothing of links
        reader = Reader(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        with redirect_stdout(io.StringIO()):  # it prints what it takes for a style's mistake
            reader.read()
        book = reader.wb
        packed = zipfile.ZipFile(io.BytesIO(content))
        unread = unread_parts(packed)
        if not book.sheetnames:  # Excel's strict form names them in another way
            raise ValueError("no sheet is found; save it as an Excel workbook that is not strict")
        for sheet in book.worksheets:
            path = sheet._worksheet_path  # noqa: SLF001  (nothing else tells)
            if path in unread:
                raise ValueError("a sheet is called something else")
            rows = sheet.iter_rows(max_row=_MAX_ROWS, max_col=_MAX_COLUMNS, values_only=True)
            yield rows, leads_of(packed, path), spans_of(packed, path)


def _too_large(content: bytes) -> str:
    """Why a packed spreadsheet is not unpacked; what it says of its sizes is not believed."""
    total = tags = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for member in packed.infolist():
                check_packing(member)
                with packed.open(member) as file:
                    while chunk := file.read(_CHUNK):
                        total += len(chunk)
                        tags += chunk.count(b"</")
                        if total > MAX_SHEET_BYTES:
                            return f"unpacks to more than {MAX_SHEET_BYTES >> 20} MB"
                        if tags > _MAX_TAGS:
                            return f"has more than {_MAX_TAGS:,} cells and texts"
            return problem_of_book(packed)
    except _BROKEN as error:
        return f"is no whole spreadsheet ({said_by(error)})"


def _numbered(rows: Iterable[Sequence[Any]], leads: Leads, spans: Spans) -> Iterator[Row]:
    """The rows that hold anything; behind the cells of one without a link, where they lead.

    What a cell says that goes down over several rows is said in each of them, as an account may be.
    """
    held: dict[int, tuple[int, str]] = {}  # column -> the last row, and what is said
    for number, row in enumerate(rows, start=1):
        if not any(row):  # a million empty rows may stand before a cell
            continue
        cells = [_words(cell) for cell in row]
        for column, (last, words) in held.items():
            if number <= last and column < len(cells):
                cells[column] = cells[column] or words
        for column, last in spans.get(number, ()):
            if column < len(cells) and not article_links(cells[column]):
                held[column] = last, cells[column]
        if number in leads:
            cells = with_leads(cells, leads[number])
        yield number, cells


def _words(cell: Any) -> str:
    """A cell as text: a number that is whole has no point."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def read_rows(rows: Iterable[Row], *, has_leads: bool = False) -> Listing:
    """Links row by row, under the names of the first row that names columns, and of later ones.

    `has_leads`: behind the cells of a row may stand where they lead.
    """
    names: list[str] = []
    links: list[Link] = []
    refused: list[Refused] = []
    beside: list[str] = []
    elsewhere = 0
    alone = TextsAlone()
    for count, (number, row) in enumerate(rows):
        if _is_head(row, is_first=not names and count < _HEAD_ROWS):
            names = with_messages([plain(name) for name in row])
            continue
        values = _named(names, row)
        if not has_leads and _is_shifted(names, row):
            values = {}
        found = _links_of_row(values, row, number)
        told = _beside_texts(row, row[len(names) * bool(values) :])
        links += (replace(link, left=True) if link.url in told else link for link in found)
        broken = [] if found and not lacks_own(values) else _refused_in(row, number)
        refused += broken
        own = {link.url for link in found}
        beside += (url for url in _beside(names, row) if url not in own)
        del beside[MOST_BESIDE:]
        check_entries(links, refused)
        is_elsewhere = not found and not broken and names_other_site(row)
        elsewhere += is_elsewhere
        alone.note(names, row, is_link=bool(found), is_other=bool(broken or is_elsewhere))
    listing = listing_of(ListKind.TABLE, links, refused=refused, elsewhere=elsewhere, beside=beside)
    return replace(listing, unplaced=alone.count * bool(names or links))  # else of remarks


def _beside(names: Sequence[str], row: Sequence[str]) -> list[str]:
    """The links of a row, but for those of texts."""
    is_alone = sum(HOST in cell for cell in row) <= 1  # as in nearly all rows
    return [] if is_alone else [*mentions_in(zip_longest(names, row, fillvalue=""))]


def _is_head(row: Sequence[str], *, is_first: bool) -> bool:
    """Whether a row names columns, and holds no link itself.

    Below others it says that of a title and a link, or nothing else than names with either: below
    merged cells those of a part may stand.
    """
    if not is_first and names_other_site(row):  # as nearly all rows do
        return False
    names = {plain(name) for name in row if name}
    of_either = [not names.isdisjoint(some) for some in (_OF_TITLES, _OF_LINKS)]
    is_other = all(of_either) or (len(names) > 1 and names <= KNOWN and any(of_either))
    is_head = not names.isdisjoint(_KNOWN) if is_first else is_other
    return is_head and not any(map(article_links, row))


def _is_shifted(names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether the cells of a row stand beside the columns that the head names.

    As where a comma parted a title that no quotes hold, or the head has no name for the first.
    """
    said = [cell for name, cell in zip(names, row, strict=False) if name in _OF_LINKS and cell]
    if not said or names_other_site(said) or any(map(article_links, said)):
        return False
    return any(row[len(names) :]) and bool(lone_links(row))


_OF_LINKS, _OF_TITLES = frozenset(ROLES["url"]), frozenset(ROLES["title"])


def _named(names: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, cell in zip(names, row, strict=False):
        values.setdefault(name, cell)
    return values


def _links_of_row(values: Mapping[str, str], row: Sequence[str], number: int) -> list[Link]:
    own = own_links(values)
    if own:
        return links_of(own, with_titles(values), number)
    links = [url for cell in row for url in article_links(cell)]
    cards = [card for cell in row for card in cards_in(cell, number)] if links else []
    if cards:
        return cards + [link_of(url, {}, number) for url in dict.fromkeys(links)]
    if len(links) == 1 and not (has_own_column(values) or lacks_own(values)):
        return [link_of(links[0], with_titles(values), number)]
    if titled := link_in_title(values):
        others = (link_of(url, {}, number) for url in dict.fromkeys(links) if url != titled)
        return [link_of(titled, with_titles(values), number), *others]
    return links_beside(links, values, number)


def _beside_texts(row: Sequence[str], nameless: Sequence[str]) -> set[str]:
    """The first link of a row that has a cell of its own, where a text stands in a nameless one."""
    if not any(is_text("", cell) for cell in nameless):
        return set()
    return set(lone_links(row)[:1])


def _refused_in(row: Sequence[str], number: int) -> list[Refused]:
    found = (one for cell in row for one in find_links(cell))
    broken = (Refused.of_link(one, number=number, line=one.line) for one in found)
    return list(filter(None, broken))
