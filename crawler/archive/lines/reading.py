"""Lines of JSON -> the rows that they hold. What a line says is checked before anything is kept."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from crawler.archive.database import our_tables
from crawler.archive.lines.parts import BEFORE, BEHIND, CODES, FORMAT, HEADER, NUMBERED, OF_ARTICLE
from crawler.archive.saving import Whole
from crawler.article import Kind, Origin, State, sha256
from crawler.errors import InputError
from crawler.inputs import name_of, open_input
from crawler.links import without_secrets
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from enum import StrEnum
    from pathlib import Path

    Row = dict[str, Any]

MAX_LINE = 48 << 20  # bytes; the largest hold a picture, of 32 MB, as text
_MAX_HEADER = 1 << 10
ADVICE = "write it again with: crawler export --jsonl"
_ALONE = frozenset(part.table for part in (*BEFORE, *BEHIND))
_ID = re.compile(r"[su]:[A-Za-z0-9_-]+|[A-Za-z0-9+/=_-]+:[0-9]+:[0-9]+", re.ASCII)
_ENUMS: dict[str, type[StrEnum]] = {"state": State, "kind": Kind, "origin": Origin}


class Loose(NamedTuple):
    """A row that hangs on no article; a picture comes with its content, where there is any."""

    table: str
    row: Row


class Wrong(NamedTuple):
    """A line that cannot be kept, and why."""

    error: InputError


def is_ours(path: Path) -> bool:
    """Whether a file is what `each_line` writes, by its first line."""
    try:
        with open_input(path) as file:
            head = file.read(_MAX_HEADER).partition(b"\n")[0]
        told = json.loads(head)
    except (InputError, OSError, ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("archive") == FORMAT


def read_lines(path: Path) -> Iterator[Whole | Loose | Wrong]:
    """What the lines of a file hold, one after the other.

    Raises InputError where it cannot be read, or a newer version wrote it.
    """
    name = name_of(path)
    with open_input(path) as raw, open(raw.fileno(), "rb", closefd=False) as file:
        _check_header(name, file.readline(_MAX_HEADER))
        for number, line in enumerate(_lines(file), start=2):
            try:
                yield _read(line)
            except ValueError as error:
                yield Wrong(InputError(f"{name}, line {number}", str(error), ADVICE))


def _check_header(name: str, line: bytes) -> None:
    version = json.loads(line).get("version")
    if version != HEADER["version"]:
        what = f"was written in version {version} of the form"
        raise InputError(name, what, f"this program reads version {HEADER['version']}")


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long its beginning."""
    while line := file.readline(MAX_LINE):
        yield line
        while not line.endswith(b"\n") and len(line) == MAX_LINE:
            line = file.readline(MAX_LINE)


def _read(line: bytes) -> Whole | Loose:
    """What one line holds. Raises ValueError where it is none of ours."""
    try:
        text = line.decode()
        told = json.loads(text)
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    except ValueError:
        raise ValueError("is cut off, or no JSON") from None
    if not isinstance(told, dict):
        raise ValueError("is no object")  # noqa: TRY004  (the line is wrong, not its type)
    if without_secrets(text) != text:
        raise ValueError("carries credentials of its reader")
    return _loose(told) if "table" in told else _whole(told)


def _loose(told: Row) -> Loose:
    table = told.pop("table")
    if not isinstance(table, str) or table not in _ALONE:
        raise ValueError(f"is of no table that is carried ({table})")
    content = told.pop("content", None) if table == "images" else None
    row = _row(table, told)
    _check_loose(table, row)
    if content is not None:
        row = {**row, "content": content}
    return Loose(table, row)


def _check_loose(table: str, row: Row) -> None:
    """Raises ValueError where an entry of the queue is no link, or what was learned is no list."""
    if table == "learned" and not isinstance(json.loads(row["spared"]), list):
        raise ValueError("names no articles that keep their promotion")
    for name in ("url", "request") if table == "queue" else ():
        try:
            parse_url(row[name])
        except InputError as error:
            raise ValueError(f"queue.{name} {error.what}") from None


def _whole(told: Row) -> Whole:
    parts = {
        part.table: [_row(part.table, row) for row in _list(told.pop(part.key))]
        for part in OF_ARTICLE
        if part.key in told
    }
    row = _row("articles", told)
    _check_article(row, parts)
    whole = Whole(row, parts)
    whole.check()
    return whole


def _list(value: object) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("has no list where rows are")  # noqa: TRY004
    return value


def _row(table: str, told: object) -> Row:
    """A row whose columns are the table's, and hold what they may. Raises ValueError else."""
    if not isinstance(told, dict) or not told:
        raise ValueError(f"has no row of {table}")
    row = dict(told)
    columns = {column.name: column for column in our_tables()[table]}
    for (coded, column), code in CODES.items():
        if coded == table and (row.get(column) is not None or not columns[column].takes(None)):
            row[column] = code.read(str(row.get(column, "")))
    for name, value in row.items():
        if name not in columns:
            raise ValueError(f"has a column of {table} that is not known ({name})")
        if isinstance(value, bool) or not columns[name].takes(value):
            raise ValueError(f"{table}.{name} holds what it may not")
        if isinstance(value, str):
            value.encode()  # a half character cannot be stored
    return {**_unsaid(table, row), **row}


def _unsaid(table: str, row: Row) -> Row:
    """The columns that a row does not name, as an older version wrote it. Raises ValueError."""
    return {
        column.name: column.filled()
        for column in our_tables()[table]
        if column.name not in row
        and column.name != "article_id"
        and (table, column.name) not in NUMBERED
    }


def _check_article(row: Row, parts: dict[str, list[Row]]) -> None:
    """Raises ValueError where an article's line does not agree with itself."""
    if not _ID.fullmatch(row.get("id", "")):
        raise ValueError("is of no article")
    for name, words in _ENUMS.items():
        words(row.get(name, ""))
    for revision in parts.get("revisions", ()):
        if sha256(CODES["revisions", "body"].written(revision["body"]).encode()) != revision.get(
            "body_hash"
        ):
            raise ValueError("has a text that is not the one it names")
    hashes = {"", *(revision["body_hash"] for revision in parts.get("revisions", ()))}
    if row.get("body_hash") not in hashes:
        raise ValueError("lacks the text that it shows")
