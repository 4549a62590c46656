"""The rows of CSV, also of tools that quote nothing."""

from __future__ import annotations

import csv
from itertools import chain
from typing import TYPE_CHECKING

from crawler.clean.listings.limits import MAX_LINE
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Row = tuple[int, Sequence[str]]


def quoted_rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """The rows, each with the number of its last line.

    Of a tool that quotes nothing (SQLite's, MySQL's) a title may begin with a quote: that opens no
    cell over the lines behind it, each of which is a row. Raises csv.Error where all is one cell,
    or more quotes are left open than a list has room for: all behind each is read once more.
    """
    lines = iter(lines)
    columns = before = opened = 0
    while True:
        held: list[str] = []
        reader = csv.reader(map(_kept_in(held), lines), delimiter=delimiter)
        try:
            for row in reader:
                columns = columns if columns > 1 else len(row)
                is_open = len(held) > 1 or held[0].count('"') % 2 == 1
                bare = _unquoted(held, delimiter, columns) if is_open else []
                rows = bare or [row]
                yield from enumerate(rows, before + reader.line_num + 1 - len(rows))
                held.clear()
        except csv.Error:
            opened += 1
            if len(held) < 2 or opened > _MOST_OPEN:
                raise
        else:
            return
        # longer than any cell: nothing closes the quote of its first line
        before += reader.line_num - len(held) + 1
        yield before, next(csv.reader(held[:1], delimiter=delimiter, quoting=csv.QUOTE_NONE))
        lines = chain(held[1:], lines)


_MOST_OPEN = 16  # each with more behind it than any cell holds


def _kept_in(held: list[str]) -> Callable[[str], str]:
    def kept(line: str) -> str:
        held.append(line)
        return line

    return kept


def _unquoted(lines: Sequence[str], delimiter: str, columns: int) -> list[list[str]]:
    """The lines as a row each, where each has all columns, and two a link; else none.

    A text in a cell may have lines with as many commas, and of its row one line has a link.
    """
    linked = sum(HOST in line for line in lines)
    if sum(map(len, lines)) > MAX_LINE or linked < min(2, len(lines)):
        return []
    try:
        rows = [*csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)]
    except csv.Error:
        return []
    return rows if all(len(row) == columns for row in rows) else []
