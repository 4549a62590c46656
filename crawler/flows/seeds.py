"""Seed -> archive.

Files are read and cleaned on every core, and one writer saves them in batches.
"""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.archive import Change
from crawler.archive.saving.arrival import Arrival, arrival_of, names_of
from crawler.article import State, sha256
from crawler.clean.exports import Document, Form
from crawler.clean.seeds import read_seed
from crawler.errors import InputError
from crawler.flows.adopt import Siblings, queue_links, read_document
from crawler.flows.articles import article_of_seed
from crawler.flows.outcome import Outcome
from crawler.flows.pages import PAGE_SUFFIXES, WARC_SUFFIXES
from crawler.flows.portions import Portion, by_account, by_number
from crawler.flows.promotion import learn_arrivals
from crawler.flows.workers import BATCH, in_batches
from crawler.urls import is_wechat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from crawler.archive.archive import Archive
    from crawler.clean.exports import Link
    from crawler.config import PromoConfig
    from crawler.flows.promotion import Learned, Stripping

SEED_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
_SUFFIXES = (*sorted(SEED_SUFFIXES), *sorted(PAGE_SUFFIXES), *WARC_SUFFIXES)
# of bodies a transaction: the index costs a third more for each of 400 bodies than of 1,600
CHARACTERS = 3_500_000
# a transaction at most, as many seeds have no body: so the progress bar moves every few seconds
BATCHES = 8
# the largest of 154,476 real seeds has some 40 KB; a bound keeps memory flat
MAX_SEED_BYTES = 64 << 20


class Asked(NamedTuple):
    """What every file is read with."""

    known: frozenset[str]  # SHA-256 of files that were read before
    ngram: int | None  # what the full-text index holds
    promo: PromoConfig | None  # how promotion is learned, where that is asked for
    siblings: Siblings = Siblings()  # what lists beside the files say


class Reading(NamedTuple):
    """What one file gave: its outcome so far, and what of it is to be saved.

    A tuple, as `Arrival` is one.
    """

    outcome: Outcome
    evidence: str = ""
    arrival: Arrival | None = None
    known: bool = False  # read before, by the same version of the cleaner
    # no page's furniture around it: perhaps one that this archive exported
    is_document: bool = False
    queued: tuple[Link, ...] = ()  # articles that the file names, to be fetched


class Read(NamedTuple):
    """What a portion gave, and what it teaches of the promotion of its accounts, where it holds all of them."""

    readings: list[Reading]
    is_whole: bool  # as the portion was
    lessons: list[Learned]


def find_seeds(paths: Sequence[Path]) -> tuple[list[Path], list[InputError]]:
    """Every seed file that the paths name or hold, in a fixed order, each once.

    And what is wrong with a path.
    """
    found: dict[Path, None] = {}
    errors = []
    for path in paths:
        below = sorted(_seeds_below(path)) if path.is_dir() else []
        found.update(dict.fromkeys(below or ([path] if path.is_file() else [])))
        if path.is_dir() and not below:
            errors.append(
                InputError(
                    str(path),
                    "holds no seeds",
                    f"seeds are {', '.join(sorted(SEED_SUFFIXES))} files",
                )
            )
        elif not path.exists():
            errors.append(
                InputError(
                    str(path), "no such file or folder", "give seed files, or folders of them"
                )
            )
    return list(found), errors


def _seeds_below(folder: Path) -> Iterator[Path]:
    for where, _, names in os.walk(folder):
        for name in names:
            if name.lower().endswith(_SUFFIXES):
                yield Path(where, name)


def reclean(
    files: Sequence[Path], archive: Archive, *, workers: int = 1, stripping: Stripping | None = None
) -> Iterator[Outcome]:
    """Clean seed files into the archive.

    Yields one Outcome a file, in order, once its transaction is on disk.

    `stripping` takes off the promotion of accounts in the transaction that brings all their seeds,
    so that the index need not take back what it just got. For that the files are read account by
    account, not in the order given.
    """
    asked = Asked(archive.known_seeds(), archive.ngram, stripping.config if stripping else None)
    portions = by_account(files) if stripping else by_number(files)
    for reads in _together(in_batches(read_portion, portions, asked, workers=workers)):
        with archive.transaction():
            last = archive.last_row()
            outcomes = _save([reading for read in reads for reading in read.readings], archive)
            if all(read.is_whole for read in reads):
                archive.name_articles(after=last)
            if stripping:
                for lesson in chain.from_iterable(read.lessons for read in reads):
                    stripping.strip(lesson.account, lesson)
        yield from outcomes


def _together(reads: Iterable[Read]) -> Iterator[list[Read]]:
    """As much as makes one transaction.

    The more text, the less it costs to index, sort and sync to disk.
    """
    waiting: list[Read] = []
    files = characters = 0
    for read in reads:
        waiting.append(read)
        files += len(read.readings)
        characters += sum(len(reading.arrival.body) for reading in read.readings if reading.arrival)
        if files >= BATCHES * BATCH or characters >= CHARACTERS:
            yield waiting
            waiting, files, characters = [], 0, 0
    if waiting:
        yield waiting


def _save(readings: Sequence[Reading], archive: Archive) -> list[Outcome]:
    """What became of each reading, in order, after what is new of them was saved."""
    arrivals = {
        place: reading.arrival
        for place, reading in enumerate(readings)
        if reading.arrival and not (reading.is_document and archive.shows(reading.arrival))
    }
    changes = dict(zip(arrivals, archive.save_all(list(arrivals.values())), strict=True))
    return [
        _outcome(reading, changes.get(place), archive) for place, reading in enumerate(readings)
    ]


def _outcome(reading: Reading, change: Change | None, archive: Archive) -> Outcome:
    if reading.known:
        return replace(
            reading.outcome, state=archive.seed_state(reading.evidence), change=Change.UNCHANGED
        )
    if reading.arrival:
        return replace(reading.outcome, change=change or Change.UNCHANGED)
    if reading.queued:
        queued = queue_links(archive, reading.queued, why="a note about it was read")
        return replace(reading.outcome, queued=queued)
    return reading.outcome


def read_portion(portion: Portion, asked: Asked) -> Read:
    """Read and clean some seed files. Never raises for what they hold."""
    readings = [_read_file(path, asked) for path in portion.paths]
    arrivals = [reading.arrival for reading in readings if reading.arrival]
    lessons = learn_arrivals(arrivals, asked.promo) if asked.promo and portion.is_whole else []
    if asked.ngram:
        readings = list(
            _with_tokens(
                readings, asked.ngram, lessons, names_of(arrivals) if portion.is_whole else {}
            )
        )
    return Read(readings, portion.is_whole, lessons)


def _with_tokens(
    readings: Iterable[Reading], ngram: int, lessons: Iterable[Learned], names: Mapping[str, str]
) -> Iterator[Reading]:
    """The same with tokens of what their rows will hold, as far as can be told here."""
    shorter = {key: body for lesson in lessons for key, body, _ in lesson.shown}
    for reading in readings:
        arrival = reading.arrival
        if arrival:
            body = shorter.get(arrival.id, arrival.body)
            account = arrival.account or names.get(arrival.biz, "")
            arrival = arrival.with_tokens(ngram, body=body, account=account)
        yield reading._replace(arrival=arrival)


def _read_file(path: Path, asked: Asked) -> Reading:
    """Read and clean one file, unless its SHA-256 is known."""
    name = os.fsencode(path).decode("utf-8", "replace")
    try:
        with path.open("rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > MAX_SEED_BYTES:
                error = InputError(
                    name, f"is larger than {MAX_SEED_BYTES >> 20} MB", "no seed is; leave it out"
                )
                return Reading(Outcome.of_error(name, error, State.UNREADABLE))
            content = file.read()
    except OSError as failure:
        error = InputError(
            name, f"cannot be read: {failure.strerror}", "check the file's permissions"
        )
        return Reading(Outcome.of_error(name, error))
    evidence = sha256(content)
    if evidence in asked.known:
        return Reading(Outcome(input=name), evidence, known=True)
    return _clean(name, content, evidence, asked.siblings)


def _clean(name: str, content: bytes, evidence: str, siblings: Siblings) -> Reading:
    seed = read_seed(content)
    if seed.state is State.UNREADABLE or seed.front is None:
        return _adopt(name, content, evidence, siblings)
    if seed.state is State.NOT_WECHAT or not is_wechat(seed.front.url):
        return Reading(Outcome(input=name, state=State.NOT_WECHAT), evidence)
    article = article_of_seed(seed, seed.front, evidence=evidence)
    arrival = arrival_of(article, name)
    return Reading(
        Outcome.of_article(name, article), evidence, arrival, is_document=seed.has_no_page
    )


def _adopt(name: str, content: bytes, evidence: str, siblings: Siblings) -> Reading:
    """Read a file that is no seed as what another tool wrote."""
    adopted, article = read_document(Document(name=name, content=content), evidence, siblings)
    if article is not None:
        outcome = replace(Outcome.of_article(name, article), taken_for=adopted.producer)
        return Reading(outcome, evidence, arrival_of(article, name))
    outcome = Outcome(
        input=name,
        state=adopted.state if adopted.form is Form.REFUSE else None,
        title=adopted.title,
        detail=adopted.detail,
        taken_for=adopted.producer,
    )
    if adopted.state is State.UNREADABLE and content.strip():
        error = InputError(name, adopted.detail, "give seeds, pages, or what other tools wrote")
        outcome = Outcome.of_error(name, error, State.UNREADABLE)
    return Reading(outcome, evidence, queued=adopted.links)
