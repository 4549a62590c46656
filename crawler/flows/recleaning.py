"""Seed -> archive: files are read and cleaned on every core, and one writer saves them in batches."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate, chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.arrival import Arrival, arrival_of
from crawler.archive.store import Change
from crawler.article import State, sha256
from crawler.clean.seed import read_seed
from crawler.errors import InputError
from crawler.flows.outcome import Outcome
from crawler.flows.records import article_of_seed
from crawler.flows.stored import PAGE_SUFFIXES, WARC_SUFFIXES
from crawler.flows.workers import BATCH, in_batches
from crawler.urls import is_wechat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.archive.store import Archive
    from crawler.flows.promotion import Stripping

SEED_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
_SUFFIXES = (*sorted(SEED_SUFFIXES), *sorted(PAGE_SUFFIXES), *WARC_SUFFIXES)
_SOURCE = re.compile(rb"^source:[ \t]*+([^\r\n]*)", re.MULTILINE)
CHARACTERS = 6_000_000  # of bodies a transaction: the index costs a third more for each of 400 bodies than of 1,600
BATCHES = 8  # a transaction at most, as many seeds have no body: so the progress bar moves every few seconds
MAX_SEED_BYTES = 64 << 20  # the largest of 154,476 real seeds has some 40 KB; a bound keeps memory flat


class Asked(NamedTuple):
    """What every file is read with."""

    known: frozenset[str]  # SHA-256 of files that were read before
    ngram: int | None  # what the full-text index holds


class Reading(NamedTuple):
    """What one file gave: its outcome so far, and what of it is to be saved. A tuple, as `Arrival` is one."""

    outcome: Outcome
    evidence: str = ""
    arrival: Arrival | None = None
    known: bool = False  # read before, by the same version of the cleaner
    is_document: bool = False  # no page's furniture around it: perhaps one that this archive exported


def find_seeds(paths: Sequence[Path]) -> tuple[list[Path], list[InputError]]:
    """Every seed file that the paths name or hold, in a fixed order, each once; and what is wrong with a path."""
    found: dict[Path, None] = {}
    errors = []
    for path in paths:
        below = sorted(_seeds_below(path)) if path.is_dir() else []
        found.update(dict.fromkeys(below or ([path] if path.is_file() else [])))
        if path.is_dir() and not below:
            errors.append(
                InputError(str(path), "holds no seeds", f"seeds are {', '.join(sorted(SEED_SUFFIXES))} files")
            )
        elif not path.exists():
            errors.append(InputError(str(path), "no such file or folder", "give seed files, or folders of them"))
    return list(found), errors


def _seeds_below(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        for name in names:
            if name.lower().endswith(_SUFFIXES):
                yield Path(where, name)


def reclean(
    files: Sequence[Path], archive: Archive, *, workers: int = 1, stripping: Stripping | None = None
) -> Iterator[Outcome]:
    """Clean seed files into the archive; yields one Outcome a file, in order, once its transaction is on disk.

    `stripping` takes off the promotion of accounts in the transaction that brings all their seeds, so that the index
    need not take back what it just got. For that the files are read source by source, not in the order given.
    """
    asked = Asked(archive.known_seeds(), archive.ngram)
    groups = _by_source(files) if stripping else []
    ends = [0, *accumulate(map(len, groups))]
    batches = in_batches(read_file, chain.from_iterable(groups) if stripping else files, asked, workers=workers)
    for readings, whole in _together(batches, ends):
        with archive.transaction():
            outcomes = _save(readings, archive)
            if stripping and whole:
                for account in _accounts(readings):
                    stripping.strip(account)
        yield from outcomes


def _by_source(files: Iterable[Path]) -> list[list[Path]]:
    """The files of each source together, in the order in which the sources come."""
    groups: dict[bytes, list[Path]] = {}
    for path in files:
        groups.setdefault(_source_of(path), []).append(path)
    return list(groups.values())


def _source_of(path: Path) -> bytes:
    """The line of a seed's front matter that names its source, as far as a glance tells."""
    try:
        with path.open("rb", buffering=0) as file:
            found = _SOURCE.search(file.read(1024))
    except OSError:
        return b""
    return found[1] if found else b""


def _accounts(readings: Iterable[Reading]) -> list[str]:
    """The accounts that these bring texts of."""
    arrivals = (reading.arrival for reading in readings if reading.arrival and reading.arrival.body)
    return sorted({arrival.account for arrival in arrivals if arrival.account})


def _together(batches: Iterable[list[Reading]], ends: Sequence[int]) -> Iterator[tuple[list[Reading], bool]]:
    """As many batches as make one transaction: the more text, the less it costs to index, sort and sync to disk.

    A transaction stops at one of `ends`, places where a group of readings ends, unless a group is larger than it;
    with each comes whether it holds whole groups and nothing else.
    """
    waiting: list[Reading] = []
    start = 0
    for batch in batches:
        waiting += batch
        if len(waiting) >= BATCHES * BATCH or sum(map(_characters, waiting)) >= CHARACTERS:
            end = ends[bisect_right(ends, start + len(waiting)) - 1]
            size = end - start if end > start else len(waiting)
            yield waiting[:size], start in ends and end > start
            start += size
            waiting = waiting[size:]
    if waiting:
        yield waiting, start in ends


def _characters(reading: Reading) -> int:
    return len(reading.arrival.body) if reading.arrival else 0


def _save(readings: Sequence[Reading], archive: Archive) -> list[Outcome]:
    """What became of each reading, in order, after what is new of them was saved."""
    arrivals = {
        place: reading.arrival
        for place, reading in enumerate(readings)
        if reading.arrival and not (reading.is_document and archive.shows(reading.arrival))
    }
    changes = dict(zip(arrivals, archive.save_all(list(arrivals.values())), strict=True))
    return [_outcome(reading, changes.get(place), archive) for place, reading in enumerate(readings)]


def _outcome(reading: Reading, change: Change | None, archive: Archive) -> Outcome:
    if reading.known:
        return replace(reading.outcome, state=archive.seed_state(reading.evidence), change=Change.UNCHANGED)
    if reading.arrival:
        return replace(reading.outcome, change=change or Change.UNCHANGED)
    return reading.outcome


def read_file(path: Path, asked: Asked) -> Reading:
    """Read and clean one seed file, unless its SHA-256 is known. Never raises for what the file holds."""
    name = os.fsencode(path).decode("utf-8", "replace")
    try:
        with path.open("rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > MAX_SEED_BYTES:
                error = InputError(name, f"is larger than {MAX_SEED_BYTES >> 20} MB", "no seed is; leave it out")
                return Reading(Outcome.of_error(name, error, State.UNREADABLE))
            content = file.read()
    except OSError as failure:
        error = InputError(name, f"cannot be read: {failure.strerror}", "check the file's permissions")
        return Reading(Outcome.of_error(name, error))
    evidence = sha256(content)
    if evidence in asked.known:
        return Reading(Outcome(input=name), evidence, known=True)
    return _clean(name, content, evidence, asked.ngram)


def _clean(name: str, content: bytes, evidence: str, ngram: int | None) -> Reading:
    seed = read_seed(content)
    if seed.state is State.UNREADABLE or seed.front is None:
        advice = "a seed begins with front matter: title, url, source, date, fetch_date"
        error = InputError(name, seed.detail or "is not a seed", advice)
        return Reading(Outcome.of_error(name, error, State.UNREADABLE), evidence)
    if seed.state is State.NOT_WECHAT or not is_wechat(seed.front.url):
        return Reading(Outcome(input=name, state=State.NOT_WECHAT), evidence)
    article = article_of_seed(seed, seed.front, evidence=evidence)
    arrival = arrival_of(article, name, ngram=ngram)
    return Reading(Outcome.of_article(name, article), evidence, arrival, is_document=seed.is_document)
