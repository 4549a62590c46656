"""Row groups of Parquet files: found, cleaned each into a file of its own, and known again.

A file of records takes its place whole, and says in its metadata which rows it was made of and by
which cleaner. So a run that was killed goes on where it was, and does nothing twice.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

from crawler.archive.files import clear_aside, whole_file
from crawler.article import CLEANER_VERSION, sha256
from crawler.batch.columns import SCHEMA
from crawler.batch.documents import clean_document, failed_document
from crawler.batch.isolated import SECONDS, IsolatedCleaner
from crawler.batch.reader import MEMORY, IsolatedReader
from crawler.batch.reading import STAMP
from crawler.errors import ArchiveError, ConfigError, CrawlerError, InputError
from crawler.flows import files_below
from crawler.formats import write_rows
from crawler.inputs import MAX_PAGE_BYTES, is_folder, is_there, name_of, resolved
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from crawler.batch.isolated import Clean, Record
    from crawler.batch.reader import ReadPage
    from crawler.batch.reading import Footer

_TOLD = ("source", "digest", "written", "row_group", "cleaner_version", "origin")
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
    written: int  # when the input was, in nanoseconds
    cleaner_version: int
    origin: str  # tells the input's own place from others, and tells nobody where that is

    @property
    def stamp(self) -> str:
        """What its file says of where it comes from."""
        told = (self.name, self.digest, self.written, self.number, self.cleaner_version)
        return json.dumps(dict(zip(_TOLD, (*told, self.origin), strict=True)))

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


def find_groups(
    source: Path, out: Path, *, memory: int = MEMORY
) -> tuple[list[RowGroup], list[CrawlerError]]:
    """The row groups of a Parquet file, or of all below a folder, and what cannot be read.

    What needs more than so many MB of memory to be read is named.

    Raises InputError where there is none, ConfigError where one folder lies within the other.
    """
    source, out = source.absolute(), out.absolute()
    if is_folder(source):
        _check_apart(resolved(source), resolved(out))
    groups: list[RowGroup] = []
    errors: list[CrawlerError] = []
    base = source if is_folder(source) else source.parent
    with IsolatedReader(memory) as reader:
        for path in _files(source, errors):
            try:
                groups += _groups_of(path, reader.footer(path), path.relative_to(base), out)
            except InputError as error:
                errors.append(error)
    return groups, errors


def _check_apart(source: Path, out: Path) -> None:
    if source.is_relative_to(out) or out.is_relative_to(source):
        what = f"and {name_of(source)} lie one within the other"
        raise ConfigError(name_of(out), what, "give a folder of its own to the records")


def _files(source: Path, errors: list[CrawlerError]) -> list[Path]:
    if not is_folder(source):
        return [source]
    unread: list[InputError] = []
    below = sorted(files_below(source, (".parquet",), unread))
    files = [path for path in below if not path.name.startswith(".")]
    errors += unread
    if not files and not errors:
        raise InputError(name_of(source), "holds no file *.parquet", "give a file, or their folder")
    return files


def _groups_of(path: Path, footer: Footer, name: Path, out: Path) -> Iterator[RowGroup]:
    """The row groups of one file. Raises InputError where it has other columns."""
    if footer.objection:
        raise footer.objection
    for number, rows in enumerate(footer.rows):
        yield RowGroup(
            source=path,
            number=number,
            rows=rows,
            target=_target(out / name.parent, name.stem, number),
            name=name_of(name),
            digest=footer.digest,
            written=footer.written,
            cleaner_version=CLEANER_VERSION,
            origin=sha256(os.fsencode(resolved(path))),
        )


def _target(folder: Path, stem: str, number: int) -> Path:
    """The file of one row group's records."""
    return folder / f"{stem}-{number:05}.parquet"


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
    stale: list[CrawlerError] = field(default_factory=list)  # files of row groups that are no more


def plan(groups: Iterable[RowGroup]) -> Plan:
    """Which row groups have their records already."""
    found = Plan()
    last: dict[Path, RowGroup] = {}  # of each input
    places: dict[Path, RowGroup] = {}
    with IsolatedReader() as reader:
        for group in groups:
            first = places.setdefault(group.target, group)
            if first is not group:  # as of a.parquet and a.PARQUET
                error = ArchiveError(name_of(group.target), _twice(first, group), _RENAME)
                found.refused.append(Cleaned(group=group, error=error))
                continue
            last[group.source] = group
            try:
                place = found.done if _is_cleaned(group, reader) else found.waiting
            except CrawlerError as error:
                found.refused.append(Cleaned(group=group, error=error))
            else:
                place.append(group)
        found.stale = [error for group in last.values() for error in _stale(group, reader)]
    return found


def _twice(first: RowGroup, group: RowGroup) -> str:
    return f"would hold the records of both {first.name} and {group.name}"


_RENAME = "rename one of them, or give it another folder for its records"


def _stale(last: RowGroup, reader: IsolatedReader) -> Iterator[ArchiveError]:
    """What lies behind the file of an input's last row group, as where it once had more of them."""
    stem = last.target.name.rpartition("-")[0]
    for number in count(last.number + 1):
        path = _target(last.target.parent, stem, number)
        try:
            if not is_there(path):
                return
            told = _told_by(reader.footer(path).stamp)
        except InputError:  # it is no file of records
            return
        if told.get("source") == last.name and told.get("origin", last.origin) == last.origin:
            what = f"is of {last.name} as it once was, with more row groups"
            yield ArchiveError(name_of(path), what, _STALE)


def find_renamed(groups: Sequence[RowGroup], source: Path, out: Path) -> Iterator[ArchiveError]:
    """What holds the records of inputs that have another name now: their pages are met twice.

    Of each input that is no more where it was, one file of records is read.
    """
    out = out.absolute()
    base = source if is_folder(source) else source.parent
    names = {group.digest: group.name for group in groups if group.rows}  # all without are alike
    targets = {group.target for group in groups}
    first = f"-{0:05}.parquet"
    with IsolatedReader() as reader:
        for path in sorted(files_below(out, (first,), [])) if is_folder(out) else ():
            was = path.relative_to(out).with_name(path.name.removesuffix(first))
            if path in targets or is_there(base / f"{was}.parquet"):
                continue
            with suppress(InputError):  # it is no file of records
                told = _told_by(reader.footer(path).stamp)
                if name := names.get(str(told.get("digest"))):
                    what = f"holds, as those behind it, the records of {told.get('source')}"
                    yield ArchiveError(name_of(path), f"{what}, which is {name} now", _STALE)


def find_unseen(groups: Iterable[RowGroup]) -> Iterator[ArchiveError]:
    """The folders in which records do not stand that were written, as workers say.

    Listed, and not asked for by name, which a shared disk may remember as one that is not there.
    """
    missing: Counter[Path] = Counter()
    names: dict[Path, set[str]] = {}
    for group in groups:
        folder = group.target.parent
        if folder not in names:
            names[folder] = set()
            with suppress(OSError):
                names[folder] = set(os.listdir(folder))  # noqa: PTH208
        missing[folder] += group.target.name not in names[folder]
    for folder in sorted(filter(missing.get, missing)):
        what = f"lacks {counted(missing[folder], 'file')} of records that workers wrote elsewhere"
        yield ArchiveError(name_of(folder), what, _SEEN)


_SEEN = "give a folder that every machine sees under the same path, and run it again"
_STALE = "move it away: pages of it that are there still would be met twice"


def _told_by(stamp: bytes) -> dict[str, object]:
    """What a file's metadata say of where it comes from; nothing where they are none of ours."""
    try:
        told = json.loads(stamp)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _is_cleaned(group: RowGroup, reader: IsolatedReader) -> bool:
    """Whether the records of a row group are there, by this cleaner and of these very rows.

    Raises ArchiveError where something else has the place of their file, be it the records of
    another input whose name is the same.
    """
    if not is_there(group.target):
        return False
    try:
        footer = reader.footer(group.target)
    except InputError:
        footer = None
    if not (footer and footer.stamp):
        what = "is in the way: it is no file of records"
        raise ArchiveError(name_of(group.target), what, "move it away, or choose another folder")
    told = _told_by(footer.stamp)
    if not _is_of(told, group):
        if told and told.get("origin") != group.origin:
            what = f"is in the way: it holds the records of another {told.get('source')}"
            raise ArchiveError(name_of(group.target), what, _ANOTHER)
        return False  # the input was written anew
    return told.get("cleaner_version") == group.cleaner_version and footer.is_records


def _is_of(told: Mapping[str, object], group: RowGroup) -> bool:
    """Whether records that say so of themselves are of a row group, as it was last written.

    Those of earlier versions do not say when that was: they came later than it.
    """
    if (told.get("digest"), told.get("row_group")) != (group.digest, group.number):
        return False
    if "written" in told:
        return told["written"] == group.written
    return group.written <= group.target.stat().st_mtime_ns


_ANOTHER = "choose another folder, or move it away if it is of this one as it once was"


def clean_group(
    group: RowGroup,
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    clean: Clean = clean_document,
) -> Cleaned:
    """Clean a row group into its file, and say what came of it.

    Each document may take so many seconds, and reading so many MB of memory.
    """
    cleaned = Cleaned(group=group)
    schema = SCHEMA.with_metadata({STAMP: group.stamp})
    try:
        _check_version(group)
        with (
            whole_file(group.target, mark=f".{uuid4().hex[:8]}") as file,
            IsolatedReader(memory) as reader,
            IsolatedCleaner(clean, seconds=seconds) as cleaner,
        ):
            pages = reader.pages(group.source, group.number, group.digest, subject=str(group))
            records = (_record(cleaner, page) for page in pages)
            write_rows(file, schema, cleaned.count(records))
            _is_cleaned(group, reader)  # for another run may have put something there meanwhile
    except CrawlerError as error:
        cleaned.error = error
    return cleaned


def _record(cleaner: IsolatedCleaner, page: ReadPage) -> Record:
    if page.html is None:
        what = f"it is larger than {MAX_PAGE_BYTES >> 20} MB"
        return {**failed_document(b"", page.url, what), "evidence": ""}
    return cleaner.clean(page.html, page.charset, page.url)


def _check_version(group: RowGroup) -> None:
    if group.cleaner_version != CLEANER_VERSION:
        what = f"would be cleaned by version {CLEANER_VERSION}, not {group.cleaner_version}"
        raise ConfigError(str(group), what, "install the same version on every machine")
