"""Our own exports -> archive: everything that another archive held, or this one did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive import Archive, Change, carry_in, carry_over
from crawler.archive.database import holds_statistics
from crawler.article import OWN
from crawler.errors import ArchiveError, InputError
from crawler.flows.clock import shanghai_now
from crawler.flows.outcome import Outcome
from crawler.flows.results import told_of_day_before, told_of_other_address
from crawler.inputs import is_there, name_of
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from crawler.archive import Carried

_TAKEN_FOR = "archive"
_MARKS = (
    "{} that somebody forgot where these lines were written: what comes of it is kept away here as"
    " well; see: crawler forget --list"
)


def keep_carried(paths: Iterable[Path], archive: Archive) -> Iterator[Outcome]:
    """Bring our own exports in; yields one Outcome an article, and one a line that is broken."""
    for path in paths:
        name = name_of(path)
        try:
            for carried in carry_in(archive, path, now=shanghai_now()):
                yield _outcome(carried, name, archive)
        except InputError as error:
            yield Outcome.of_error(name, error)


def forgotten_in(archive: Archive) -> frozenset[str]:
    """The keys of all articles that were forgotten."""
    return frozenset(mark.article_id for mark in archive.forgotten.marks())


def told_of_marks(archive: Archive, before: frozenset[str]) -> str:
    """What is said of marks that came since, for lines carry what another person forgot."""
    came = len(forgotten_in(archive) - before)
    return _MARKS.format(counted(came, "article")) if came else ""


def merge_archive(
    other: Path,
    archive: Archive,
    *,
    on_wait: Callable[[float], None] | None = None,
    on_statistics: Callable[[], None] = lambda: None,
) -> Iterator[Outcome]:
    """Bring all in that another archive holds; yields one Outcome an article.

    `on_wait` is told where that is being written, and how many seconds it may take;
    `on_statistics`, where it holds what SQLite may read it slowly by. Raises ArchiveError where
    that is no archive, or this one.
    """
    if is_there(other) and other.samefile(archive.path):
        raise ArchiveError(name_of(other), "is the archive itself", "name another one")
    with Archive.open(other, read_only=True, create=False, on_wait=on_wait) as opened:
        if holds_statistics(opened.connection):
            on_statistics()
        for carried in carry_over(archive, opened, now=shanghai_now()):
            yield _outcome(carried, name_of(other), archive)


def _outcome(carried: Carried, name: str, archive: Archive) -> Outcome:
    if carried.error:
        return Outcome.of_error(carried.error.subject, carried.error)
    told = ""
    if carried.change is Change.FORGOTTEN:
        told = _told_of_forgotten(carried, archive)
    return Outcome(
        input=name,
        state=carried.state,
        change=carried.change,
        article_id=carried.article_id,
        title=carried.title,
        taken_for=_TAKEN_FOR,
        left=told,
    )


def _told_of_forgotten(carried: Carried, archive: Archive) -> str:
    """What is said of one that was kept away: that it is here all the same, or may be another."""
    if told := told_of_other_address(archive, carried.article_id):
        return told
    if not carried.article_id.startswith(OWN):
        return ""
    told = told_of_day_before(archive, carried.title, carried.account, carried.date)
    return told and f"{carried.title} {told}"
