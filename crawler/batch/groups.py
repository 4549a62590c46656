"""Row groups of Parquet files: found, cleaned each into a file of its own, and known again.

A file of records takes its place whole, and says in its metadata which rows it was made of and by
which cleaner. So a run that was killed goes on where it was, and does nothing twice.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from crawler.archive.files import clear_aside, whole_file
from crawler.article import CLEANER_VERSION, sha256
from crawler.batch.documents import clean_document
from crawler.batch.isolated import SECONDS, IsolatedCleaner
from crawler.batch.tables import COLUMNS, SCHEMA, check_columns, pages_of
from crawler.errors import ArchiveError, ConfigError, CrawlerError, InputError
from crawler.flows import files_below
from crawler.formats import write_rows
from crawler.inputs import name_of, objection, open_input, resolved

import pyarrow as pa  # type: ignore[import-untyped]  # isort: skip -- its absence is told by `tables`
import pyarrow.parquet as pq  # type: ignore[import-untyped]  # isort: skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from crawler.batch.isolated import Clean, Record

_STAMP = b"wechat-article-archive"
_TOLD = ("source", "digest", "row_group", "cleaner_version")
_READ_AT_ONCE = 1  # page, for a few bytes may unpack to one of 64 MB after the other; 20 us more
_BUFFER = 1 << 20
NAMED = 20
"""Failed documents of a row group that are named one by one; its file names all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """One group of rows of an input, and the file that its records go into."""

    source: Path
    number: int
    rows: int
    target: Path
    name: str  # of the input, below the folder that was given
    digest: str  # of the input, as its footer tells it
    cleaner_version: int

    @property
    def stamp(self) -> str:
        """What its file says of where it comes from."""
        told = (self.name, self.digest, self.number, self.cleaner_version)
        return json.dumps(dict(zip(_TOLD, told, strict=True)))

    def __str__(self) -> str:
        return f"{name_of(self.source)} row group {self.number}"


@dataclass(slots=True, kw_only=True)
class Cleaned:
    """What came of a row group; where `error` is set, it has no file."""

    group: RowGroup
    states: Counter[str] = field(default_factory=Counter)
    failures: int = 0  # documents with an error
    failed: list[str] = field(default_factory=list)  # the first of them, in words
    error: CrawlerError | None = None

    def count(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records, counted as they pass."""
        for row, record in enumerate(records):
            self.states[record["state"]] += 1
            if record["error"]:
                self.failures += 1
                if self.failures <= NAMED:
                    self.failed.append(f"row {row}: {record['url'] or 'no url'}: {record['error']}")
            yield record


def find_groups(source: Path, out: Path) -> tuple[list[RowGroup], list[CrawlerError]]:
    """The row groups of a Parquet file, or of all below a folder, and what cannot be read.

    Raises InputError where there is none, ConfigError where one folder lies within the other.
    """
    source, out = source.absolute(), out.absolute()
    if source.is_dir():
        _check_apart(resolved(source), resolved(out))
    groups: list[RowGroup] = []
    errors: list[CrawlerError] = []
    for path in _files(source, errors):
        base = source if source.is_dir() else source.parent
        try:
            groups += _groups_of(path, path.relative_to(base), out)
        except InputError as error:
            errors.append(error)
    return groups, errors


def _check_apart(source: Path, out: Path) -> None:
    if source.is_relative_to(out) or out.is_relative_to(source):
        what = f"and {name_of(source)} lie one within the other"
        raise ConfigError(name_of(out), what, "give a folder of its own to the records")


def _files(source: Path, errors: list[CrawlerError]) -> list[Path]:
    if not source.is_dir():
        return [source]
    unread: list[InputError] = []
    below = sorted(files_below(source, (".parquet",), unread))
    files = [path for path in below if not path.name.startswith(".")]
    errors += unread
    if not files and not errors:
        raise InputError(name_of(source), "holds no file *.parquet", "give a file, or their folder")
    return files


def _groups_of(path: Path, name: Path, out: Path) -> Iterator[RowGroup]:
    """The row groups of one file. Raises InputError where it is none, or has other columns."""
    with _opened(path) as file:
        check_columns(name_of(path), file.schema_arrow)
        digest = _digest(path, file.metadata.serialized_size)
        for number in range(file.metadata.num_row_groups):
            yield RowGroup(
                source=path,
                number=number,
                rows=file.metadata.row_group(number).num_rows,
                target=out / name.parent / f"{name.stem}-{number:05}.parquet",
                name=name_of(name),
                digest=digest,
                cleaner_version=CLEANER_VERSION,
            )


def _digest(path: Path, footer: int) -> str:
    """The SHA-256 of a file's footer, which has sizes, places and bounds of all that it holds.

    Raises InputError where it cannot be read.
    """
    with open_input(path) as file:
        try:
            file.seek(-footer - 8, os.SEEK_END)
            return sha256(file.read())
        except OSError as error:
            raise _unreadable(path, error) from None


def _opened(path: Path) -> Any:
    """A Parquet file, open, whose columns have names. Raises InputError where it is none."""
    what = objection(path)
    if what:
        raise InputError(name_of(path), what, _ADVICE)
    try:
        source = pa.OSFile(os.fsencode(path))  # a name that is no UTF-8, too
        file = pq.ParquetFile(source, pre_buffer=False, buffer_size=_BUFFER)
        _ = file.schema_arrow.names  # which need not be UTF-8, as its writer should have seen to
    except (OSError, UnicodeDecodeError, pa.ArrowException) as error:
        raise _unreadable(path, error) from None
    return file


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(name_of(path), f"cannot be read as Parquet: {_first(error)}", _ADVICE)


_ADVICE = "give a file of Parquet"


def _first(error: Exception) -> str:
    """The first line of an error's words."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")


def clear_left(groups: Iterable[RowGroup]) -> None:
    """Remove what a run that was killed left of files that were not whole. Raises ArchiveError."""
    for folder in sorted({group.target.parent for group in groups}):
        clear_aside(folder, ".parquet.")


@dataclass(slots=True, kw_only=True)
class Plan:
    """What is to be done: row groups that wait, that are done, and whose place is taken."""

    waiting: list[RowGroup] = field(default_factory=list)
    done: list[RowGroup] = field(default_factory=list)
    refused: list[Cleaned] = field(default_factory=list)


def plan(groups: Iterable[RowGroup]) -> Plan:
    """Which row groups have their records already."""
    found = Plan()
    for group in groups:
        try:
            place = found.done if _is_cleaned(group) else found.waiting
        except ArchiveError as error:
            found.refused.append(Cleaned(group=group, error=error))
        else:
            place.append(group)
    return found


def _is_cleaned(group: RowGroup) -> bool:
    """Whether the records of a row group are there, by this cleaner and of these very rows.

    Raises ArchiveError where something else has the place of their file.
    """
    if not group.target.exists():
        return False
    try:
        with _opened(group.target) as file:
            stamp = (file.schema_arrow.metadata or {}).get(_STAMP, b"").decode(errors="replace")
            columns = file.schema_arrow
    except InputError:
        stamp = ""
    if not stamp:
        what = "is in the way: it is no file of records"
        raise ArchiveError(name_of(group.target), what, "move it away, or choose another folder")
    return bool(stamp == group.stamp and columns.equals(SCHEMA))


def clean_group(
    group: RowGroup, *, seconds: float = SECONDS, clean: Clean = clean_document
) -> Cleaned:
    """Clean a row group into its file, each document at most so long, and say what came of it."""
    cleaned = Cleaned(group=group)
    schema = SCHEMA.with_metadata({_STAMP: group.stamp})
    try:
        _check_version(group)
        with (
            whole_file(group.target, mark=f".{uuid4().hex[:8]}") as file,
            IsolatedCleaner(clean, seconds=seconds) as cleaner,
        ):
            records = (cleaner.clean(*page) for page in _pages(group))
            write_rows(file, schema, cleaned.count(records))
    except CrawlerError as error:
        cleaned.error = error
    return cleaned


def _check_version(group: RowGroup) -> None:
    if group.cleaner_version != CLEANER_VERSION:
        what = f"would be cleaned by version {CLEANER_VERSION}, not {group.cleaner_version}"
        raise ConfigError(str(group), what, "install the same version on every machine")


_SAME = "every machine must see the same files under the same paths"


def _pages(group: RowGroup) -> Iterator[tuple[bytes, str, str]]:
    """The pages of a row group, few of them in memory. Raises InputError where they break off."""
    try:
        with _opened(group.source) as file:
            if _digest(group.source, file.metadata.serialized_size) != group.digest:
                raise InputError(str(group), "is another file here, or changed meanwhile", _SAME)
            names = [name for name in COLUMNS if name in file.schema_arrow.names]
            for batch in file.iter_batches(
                _READ_AT_ONCE, row_groups=[group.number], columns=names, use_threads=False
            ):
                yield from pages_of(batch)
    except (OSError, pa.ArrowException) as error:
        what = f"cannot be read: {_first(error)}"
        raise InputError(str(group), what, "the other row groups are not touched by it") from None
