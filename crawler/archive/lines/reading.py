"""Lines of JSON -> the rows that they hold. What a line says is checked before anything is kept."""

from __future__ import annotations

import io
import json
import math
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from crawler.archive.database import our_tables
from crawler.archive.lines.bounds import Bounds, is_key
from crawler.archive.lines.parts import BEFORE, BEHIND, CODES, FORMAT, HEADER, NUMBERED, OF_ARTICLE
from crawler.archive.saving import Whole, queue_key, queue_key_of, rewritten
from crawler.article import Kind, Origin, State, sha256
from crawler.characters import from_utf16, narrow_json
from crawler.credentials import without_secrets
from crawler.errors import InputError
from crawler.fields import sound, sound_row
from crawler.inputs import name_of, open_input
from crawler.telling import said_by
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from enum import StrEnum
    from pathlib import Path

    Row = dict[str, Any]

MAX_LINE = 48 << 20  # bytes; the largest hold a picture, of 32 MB, as text
MAX_WORDS = 24 << 20  # bytes of any other line
_MAX_HEADER = 1 << 10
ADVICE = "write it again with: crawler export --jsonl"
WHOLE = "what was written before the damage has it whole: a backup, or the files that it came from"
_ALONE = frozenset(part.table for part in (*BEFORE, *BEHIND))
_ENDLESS = (math.inf, -math.inf)
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
            return are_ours(file.read(_MAX_HEADER))
    except (InputError, OSError):
        return False


def are_ours(content: bytes) -> bool:
    """Whether some bytes are what `each_line` writes, by their first line, or by those behind it.

    Where the first one is damaged or gone, they would be taken for a list of links.
    """
    head = from_utf16(content[:_MAX_HEADER])
    return _version_of(head.partition(b"\n")[0]) is not None or _ROW.search(head) is not None


def _version_of(line: bytes) -> Any:
    """The version that a first line says; None where it is none of ours, or in no UTF-8."""
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return told.get("version") if isinstance(told, dict) and told.get("archive") == FORMAT else None


_ROW = re.compile(
    rb"""^\{"(?:table":\ "(?:images|accounts)",
    |id":\ "(?:[su]:[\w-]{1,200}|[\w+/=-]{1,200}:[0-9]{1,20}:[0-9]{1,20})",\ "url":\ )""",
    re.ASCII | re.MULTILINE | re.VERBOSE,
)


def holds_more(path: Path) -> bool:
    """Whether lines of ours hold more than what stands beside Markdown, as those of all do.

    One with a picture or an article tells. Raises InputError where the file cannot be read.
    """
    with _opened(path) as file:
        file.readline(_MAX_HEADER)
        for line in _lines(file):
            try:
                told = json.loads(line)
            except (ValueError, RecursionError):
                return True  # broken, but perhaps all that is left of an archive
            if not isinstance(told, dict) or told.get("table") not in _BESIDE:
                return True
            if not told.keys().isdisjoint(_MORE):
                return True
            if "table" not in told:
                return False
    return False


def articles_in(path: Path) -> Iterator[tuple[str, str]]:
    """Of the articles that lines of ours hold the key and what their text has for its hash.

    Broken lines have none. Raises InputError where the file cannot be read.
    """
    with _opened(path) as file:
        for line in _lines(file):
            key = _KEY.match(line)
            if key:
                text = _BODY_HASH.search(line)
                yield key[1].decode("utf-8", "replace"), text[1].decode() if text else ""


_KEY = re.compile(rb'\{"id": "([^"\\]{1,500})"')
_BODY_HASH = re.compile(rb'"body_hash": "([0-9a-f]{64})"')  # that of the row is the first
_BESIDE = (None, *(part.table for part in (*BEFORE, *BEHIND) if part.beside))
_MORE = {part.key for part in OF_ARTICLE if not part.beside} | {"content"}


def read_lines(path: Path, *, now: datetime) -> Iterator[Whole | Loose | Wrong]:
    """What the lines of a file hold, one after the other; nothing that is to come is taken.

    Raises InputError where it cannot be read, or a newer version wrote it.
    """
    name = name_of(path)
    with _opened(path) as file:
        _check_header(name, file.readline(_MAX_HEADER))
        yield from parse_lines(_lines(file), name, now=now)


def parse_lines(
    lines: Iterable[bytes], name: str, *, now: datetime
) -> Iterator[Whole | Loose | Wrong]:
    """The same of the lines behind the first one, of an archive of that name."""
    bounds = Bounds.of(now)
    for number, line in enumerate(lines, start=2):
        try:
            yield _mended(_bounded(_read(line), bounds))
        except _DamagedTextError as error:
            key = _KEY.match(line)
            article = key[1].decode("utf-8", "replace") if key else "an article"
            yield Wrong(InputError(f"{name}, line {number}", f"{article} {error}", WHOLE))
        except ValueError as error:
            yield Wrong(InputError(f"{name}, line {number}", said_by(error), ADVICE))


def _check_header(name: str, line: bytes) -> None:
    if from_utf16(line) != line:  # PowerShell's `>` writes UTF-16
        raise InputError(name, "is not in UTF-8", "save it as UTF-8, and read it again")
    version = _version_of(line)
    if version is None:
        what = "lacks the first line of an export, or that is damaged"
        raise InputError(name, what, f"put it back: {json.dumps(HEADER)}")
    if version != HEADER["version"]:
        what = f"was written in version {version} of the form"
        raise InputError(name, what, f"this program reads version {HEADER['version']}")


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """A file that is read line by line. Raises InputError where it cannot be."""
    with open_input(path) as raw, io.BufferedReader(cast("io.RawIOBase", raw)) as file:
        yield file


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file; of one that is too long its beginning."""
    while line := file.readline(MAX_LINE):
        yield line
        while not line.endswith(b"\n") and len(line) == MAX_LINE:
            line = file.readline(MAX_LINE)


def _bounded(read: Whole | Loose, bounds: Bounds) -> Whole | Loose:
    """What was read; documents' moments to come count as unknown.

    Raises ValueError where it says what no other archive may.
    """
    if isinstance(read, Loose):
        bounds.check(read.table, read.row)
        is_account = read.table == "accounts"
        return Loose(read.table, bounds.told_in_time(read.row)) if is_account else read
    bounds.check("articles", read.row)
    for table, rows in read.parts.items():
        for row in rows:
            bounds.check(table, row)
    events = [bounds.dated(row) for row in read.parts.get("events", ())]
    if "events" in read.parts:
        read = Whole(read.row, {**read.parts, "events": events})
    lengths = {"": 0, **dict(map(_length_of, read.parts.get("revisions", ())))}
    for copy in (read.row, *read.copies.values()):
        bounds.check("copies", copy)
        if copy["body_hash"] not in lengths:
            raise ValueError("lacks the text of one of its copies")
        if copy["characters"] != lengths[copy["body_hash"]]:
            raise ValueError("has another length than it says")
    return read


_MENDED = ("accounts", "events", "revisions", "evidence", "queue", "snapshots")
_WRITTEN_BY_HAND = {"reader_tags": "tag", "reader_notes": "text"}


def _mended(read: Whole | Loose) -> Whole | Loose:
    """What was read, each field but a text as it may be stored: an older version wrote it so."""
    if isinstance(read, Loose):
        return Loose(read.table, sound_row(read.row)) if read.table in _MENDED else read
    parts = {
        table: list(map(sound_row, rows)) if table in _MENDED else rows
        for table, rows in read.parts.items()
    }
    for table, name in _WRITTEN_BY_HAND.items():
        if table in parts:
            parts[table] = list(_as_written(parts[table], name))
    if parts.get("copies"):
        told = dict(rewritten(row["fields"], sound) for row in parts["copies"])
        parts["copies"] = [{"copy": key, "fields": text} for key, text in told.items()]
    return Whole({**sound_row(read.row), "body": read.row["body"]}, parts)


def _as_written(rows: Iterable[Row], name: str) -> Iterator[Row]:
    """Tags or notes as if they were written here: lines end in one way, and none is empty."""
    for row in rows:
        told = sound_row({**row, name: "\n".join(row[name].splitlines()).strip()})
        if told[name]:
            yield told


def _read(line: bytes) -> Whole | Loose:
    """What one line holds. Raises ValueError where it is none of ours."""
    if len(line) > MAX_WORDS and not line.isascii():
        raise ValueError(f"is longer than {MAX_WORDS >> 20} MB")
    try:
        text = narrow_json(line)
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
    has_content = table == "images" and "content" in told  # null, where its file was gone
    content = told.pop("content") if has_content else None
    row = _row(table, told)
    _check_loose(table, row)
    if has_content:
        row = {**row, "content": content}
    return Loose(table, row)


def _check_loose(table: str, row: Row) -> None:
    """Raises ValueError where an entry of the queue is no link, or would send another's."""
    for name in ("url", "request") if table == "queue" else ():
        try:
            parse_url(row[name])
        except InputError as error:
            raise ValueError(f"queue.{name} {error.what}") from None
    if table == "queue" and _key_of(row["request"]) != _key_of(row["url"]):
        raise ValueError("queue.request is the link of another article")


def _key_of(link: str) -> str:
    return queue_key(parse_url(link))


def _whole(told: Row) -> Whole:
    parts = {
        part.table: [_row(part.table, row) for row in _list(told.pop(part.key))]
        for part in OF_ARTICLE
        if part.key in told
    }
    if "urls" in parts:  # one that is empty was given by an earlier audit to a copy without a link
        parts["urls"] = [row for row in parts["urls"] if row["url"]]
    row = _row("articles", told)
    _check_article(row, parts)
    whole = Whole(row, parts)
    whole.check()
    asked = [entry[name] for entry in parts.get("queue", ()) for name in ("url", "request")]
    if not all(_is_its_own(whole, link) for link in asked):
        del parts["queue"]  # so that it waits as any article does that is new
    return whole


def _is_its_own(whole: Whole, url: str) -> bool:
    """Whether an article may wait at an address, or for it: else another's link would be sent."""
    try:
        form = parse_url(url)
    except InputError:
        return False
    is_nobodys = form.identity is None and queue_key(form) in map(queue_key, whole.forms)
    return is_nobodys or queue_key(form) == queue_key_of(whole.row["id"])


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
        is_number = not isinstance(value, bool) and value not in _ENDLESS
        if not is_number or not columns[name].takes(value):
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
    if not is_key(row.get("id", "")):
        raise ValueError("is of no article")
    for name, words in _ENUMS.items():
        words(row.get(name, ""))
    lengths = {"": 0, **dict(map(_length_of, parts.get("revisions", ())))}
    if row.get("body_hash") not in lengths:
        raise ValueError("lacks the text that it shows")


class _DamagedTextError(ValueError):
    """A text is not the one that its hash names: a bit of it fell in the archive that wrote it."""


def _length_of(revision: Row) -> tuple[str, int]:
    """The hash and the length of a text. Raises _DamagedTextError where it is another."""
    text = CODES["revisions", "body"].written(revision["body"])
    if sha256(text.encode()) != revision.get("body_hash"):
        raise _DamagedTextError("has a text that is damaged, and is left out")
    return revision["body_hash"], len(text)
