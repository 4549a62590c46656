"""The answer of a CDX server -> captures, whatever server it is and however it ends.

Wayback's gives an array of arrays, a line each, the first of which names the columns; behind them
stand an empty array and one with the key to resume from. pywb gives one object a line. Both give
plain columns where somebody in between forgot `output=json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from crawler.characters import has_halves
from crawler.clean.captures.capture import (
    MAX_LINES,
    Capture,
    Listed,
    is_timestamp,
    without_port,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
"""What is asked for, and the order of plain lines."""

_OTHER_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}  # pywb's
_NO_INDEX = "was answered with a page in place of an index"
_NO_LINES = "was answered with no line of an index"
_CUT = "was cut short: its last line is broken"
_TOO_MANY = f"lists more than {MAX_LINES:,} captures"
_NO_KEY = "names no place to go on from: what stands there is no text"

_LONGEST = 1 << 16  # bytes of a line, which names an address twice
_MOST_COLUMNS = 32
_AT_ONCE = 8 << 20  # bytes of an array that is read as one; of more the lines are

Row: TypeAlias = "Sequence[object] | Mapping[str, object]"
_EMPTY: Row = ()


def read_cdx(content: bytes) -> Listed:
    """What a CDX server answered. A broken line is a flaw; where the last is one, a problem.

    It is taken in line by line: a line has no more columns, and no more letters, than any needs.
    """
    first = content[:_LONGEST].lstrip()[:1]
    if first == b"<":
        return Listed(problem=_NO_INDEX)
    if max(map(content.count, (b"\n", b"[", b"{"))) > 2 * MAX_LINES:
        return Listed(problem=_TOO_MANY)  # before each of them becomes a list
    if first != b"[":
        return _Reading().read(_rows_of(content))
    array = _array_of(content)
    if array is not None:
        return _Reading().read(array, is_whole=True)
    is_whole = content[-_LONGEST:].rstrip().endswith(b"]]")
    return _Reading().read(_rows_of(content), is_whole=is_whole)


def _array_of(content: bytes) -> list[Row | None] | None:
    """The rows of an array, None for each that is broken; None for one that is broken, or large."""
    if len(content) > _AT_ONCE:
        return None
    try:
        array = json.loads(content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return [row if isinstance(row, list | dict) else None for row in array]


def _rows_of(content: bytes) -> Iterator[Row | None]:
    """The rows of an answer that has one a line, None for each that is broken."""
    start = 0
    while start < len(content):
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        line = content[start : min(end, start + _LONGEST)].decode("utf-8", "replace").strip()
        if end - start > _LONGEST:
            yield None
        elif line.strip(" \t\r],["):
            is_first = line.startswith("[[")
            yield _row_of(line[is_first:])
        elif line.startswith("[]"):
            yield []  # a key follows
        start = end + 1


def _has_its_end(row: Row | None) -> bool:
    """Whether the last line of an answer without brackets is a whole one."""
    if row is None:
        return False
    return isinstance(row, Mapping) or len(row) >= len(COLUMNS)


def _row_of(line: str) -> Row | None:
    """One line of any of the three forms; None where it is none."""
    if not line.startswith(("[", "{")):
        return line.split(" ", _MOST_COLUMNS) if " " in line else None
    line = line.removesuffix(",")
    try:
        if line.endswith("]]"):
            line = line[:-1]
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, list | dict) else None


class _Reading:
    """Goes through the rows of one answer."""

    def __init__(self) -> None:
        self._columns: Sequence[str] = COLUMNS
        self._captures: list[Capture] = []
        self._flaws: list[str] = []
        self._key: object = ""
        self._key_follows = False
        self._has_names = False  # of columns, which an empty index gives too

    def read(self, rows: Iterable[Row | None], *, is_whole: bool | None = None) -> Listed:
        """Everything that the rows say; without a word of its end the last row tells it."""
        row: Row | None = _EMPTY
        for number, row in enumerate(rows, start=1):
            if number > MAX_LINES:
                return Listed(problem=_TOO_MANY)
            flaw = self._take(row)
            if flaw:
                self._flaws.append(f"line {number} {flaw}")
        if is_whole is None:
            is_whole = row is _EMPTY or _has_its_end(row)
        following, problem = self._end(is_whole=is_whole)
        return Listed(
            captures=tuple(self._captures),
            following=following,
            flaws=tuple(self._flaws),
            lines=len(self._captures) + len(self._flaws),
            problem=problem,
        )

    def _end(self, *, is_whole: bool) -> tuple[str, str]:
        """Where it goes on, and why this is no whole answer."""
        if not is_whole:
            return "", _CUT
        if self._flaws and not self._captures and not self._has_names:
            return "", _NO_LINES  # words of an error, whatever status they came with
        key = _told(self._key)
        return ("", _NO_KEY) if key is None else (key, "")

    def _take(self, row: Row | None) -> str:
        """Read one row; says what is wrong with it."""
        if row is None:
            return "is no line of an index"
        if isinstance(row, Mapping):
            return self._keep({_OTHER_NAMES.get(name, name): row[name] for name in row})
        return self._take_columns(row)

    def _take_columns(self, row: Sequence[object]) -> str:
        if not row:
            self._key_follows = True
        elif self._key_follows and len(row) == 1:
            self._key = row[0]
        elif "timestamp" in row:
            self._has_names = True
            self._columns = [_OTHER_NAMES.get(str(name), str(name)) for name in row]
        elif len(row) < len(self._columns):
            return "is short of columns"
        else:
            return self._keep(dict(zip(self._columns, row, strict=False)))
        return ""

    def _keep(self, fields: Mapping[str, object]) -> str:
        told: dict[str, str] = {}
        for name in COLUMNS:
            value = _told(fields.get(name))
            if value is None:
                return f"has no text for its {name}"
            told[name] = value
        url = told["original"]
        if not is_timestamp(told["timestamp"]):
            return "names no moment"
        if not url.lower().startswith(("http://", "https://")):
            return "names no address"
        self._captures.append(
            Capture(
                at=told["timestamp"],
                url=without_port(url),
                status=told["statuscode"],
                mime=told["mimetype"],
                digest=told["digest"],
            )
        )
        return ""


def _told(value: object) -> str | None:
    """What a column says, "" where it says nothing; None for what is no text at all."""
    if value in (None, "-"):
        return ""
    if not isinstance(value, str | int | float):
        return None
    text = str(value)
    return None if has_halves(text) else text
