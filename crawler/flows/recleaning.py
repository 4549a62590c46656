"""Seed -> archive: files are read and cleaned on every core, and one writer saves them in batches."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.store import Change
from crawler.article import Article, State, sha256
from crawler.clean.seed import read_seed
from crawler.errors import InputError
from crawler.flows.outcome import Outcome
from crawler.flows.records import article_of_seed
from crawler.flows.stored import PAGE_SUFFIXES, WARC_SUFFIXES
from crawler.flows.workers import in_batches
from crawler.urls import is_wechat

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.archive.store import Archive

SEED_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
_SUFFIXES = (*sorted(SEED_SUFFIXES), *sorted(PAGE_SUFFIXES), *WARC_SUFFIXES)
MAX_SEED_BYTES = 64 << 20  # the largest of 154,476 real seeds has some 40 KB; a bound keeps memory flat


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one file gave: an article, or an error, or nothing new."""

    path: str
    evidence: str = ""
    article: Article | None = None
    state: State | None = None
    error: InputError | None = None
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


def reclean(files: Sequence[Path], archive: Archive, *, workers: int = 1) -> Iterator[Outcome]:
    """Clean seed files into the archive; yields one Outcome a file, in order, once its batch is on disk."""
    for batch in in_batches(read_file, files, archive.known_seeds(), workers=workers):
        with archive.transaction():
            outcomes = [_save(reading, archive) for reading in batch]
        yield from outcomes


def _save(reading: Reading, archive: Archive) -> Outcome:
    if reading.error:
        return Outcome.of_error(reading.path, reading.error, reading.state)
    if reading.known:
        return Outcome(input=reading.path, state=archive.seed_state(reading.evidence), change=Change.UNCHANGED)
    if reading.article is None:
        return Outcome(input=reading.path, state=reading.state)
    if reading.is_document and archive.shows(reading.article):
        return Outcome.of_article(reading.path, reading.article, Change.UNCHANGED)
    return Outcome.of_article(reading.path, reading.article, archive.save_seed(reading.article, reading.path))


def read_file(path: Path, known: frozenset[str]) -> Reading:
    """Read and clean one seed file, unless its SHA-256 is known. Never raises for what the file holds."""
    name = os.fsencode(path).decode("utf-8", "replace")
    try:
        if path.stat().st_size > MAX_SEED_BYTES:
            error = InputError(name, f"is larger than {MAX_SEED_BYTES >> 20} MB", "no seed is; leave it out")
            return Reading(path=name, error=error, state=State.UNREADABLE)
        content = path.read_bytes()
    except OSError as failure:
        error = InputError(name, f"cannot be read: {failure.strerror}", "check the file's permissions")
        return Reading(path=name, error=error)
    evidence = sha256(content)
    if evidence in known:
        return Reading(path=name, evidence=evidence, known=True)
    return _clean(name, content, evidence)


def _clean(name: str, content: bytes, evidence: str) -> Reading:
    seed = read_seed(content)
    if seed.state is State.UNREADABLE or seed.front is None:
        advice = "a seed begins with front matter: title, url, source, date, fetch_date"
        error = InputError(name, seed.detail or "is not a seed", advice)
        return Reading(path=name, evidence=evidence, state=State.UNREADABLE, error=error)
    if seed.state is State.NOT_WECHAT or not is_wechat(seed.front.url):
        return Reading(path=name, evidence=evidence, state=State.NOT_WECHAT)
    article = article_of_seed(seed, evidence=evidence)
    return Reading(path=name, evidence=evidence, article=article, state=seed.state, is_document=seed.is_document)
