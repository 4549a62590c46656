"""What one file gave, on its way from whoever read it to the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.saving import arrival_of
from crawler.article import loose_key
from crawler.flows.looks import as_told
from crawler.flows.same import day_number

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.archive.saving import Arrival
    from crawler.article import Article
    from crawler.clean.exports import Link
    from crawler.flows.adopt import Picture
    from crawler.flows.outcome import Outcome


class FileResult(NamedTuple):
    """What one file gave: its outcome so far, and what of it is to be saved.

    A tuple, as `Arrival` is one.
    """

    outcome: Outcome
    input_sha256: str = ""
    arrival: Arrival | None = None
    known: bool = False  # read before, by the same version of the cleaner
    # no page's furniture around it: perhaps one that this archive exported
    has_no_page: bool = False
    queued: tuple[Link, ...] = ()  # articles that the file names, to be fetched
    pictures: tuple[Picture, ...] = ()  # that lie beside the file
    linkless: Article | None = None  # a copy that names no link: its article is told by the rest
    is_strange: bool = False  # a seed, and none of WeChat's
    own_key: str = ""  # that of its copy where only a list tells its link
    without: Article | None = None  # the same copy without the link, where a title alone tells it
    lacks: bool = False  # pictures that it names, and that may be there when it is read again
    unsaid: Article | None = None  # a copy that says no account or day: a list may have told it


def as_waited_for(result: FileResult, archive: Archive) -> FileResult:
    """A copy with what a list told of its article, which has waited in the queue for a text."""
    copy = result.unsaid
    if copy is None or (article := as_told(archive, copy, copy.url)) is copy:
        return result
    return result._replace(arrival=arrival_of(article, result.outcome.input))


def as_kept_away(result: FileResult, archive: Archive) -> FileResult:
    """A copy of what was forgotten, with a word where it says the day before and may be another."""
    copy = result.linkless
    told = told_of_day_before(archive, copy.title, copy.account, copy.date) if copy else ""
    return result._replace(outcome=replace(result.outcome, left=told)) if told else result


def told_of_day_before(archive: Archive, title: str, account: str, day: str) -> str:
    """What is said of a copy without a link that was kept away for one of the day after it."""
    number = day_number(day)
    after = date.fromordinal(number + 1).isoformat() if number else ""
    mark = archive.forgotten.find(loose_key(title, account, after)) if after else None
    return _OF_DAY_BEFORE.format(mark.article_id) if mark else ""


def told_of_other_address(archive: Archive, name: str) -> str:
    """What is said of what was forgotten, and is here by another address all the same; else ""."""
    record = archive.get(name)
    return _IS_HERE.format(record.id) if record else ""


_IS_HERE = "{0} is what was forgotten by another address, and stands here: crawler forget {0}"
_OF_DAY_BEFORE = (
    "was kept away, for what has its title and account and came out a day later was forgotten, and"
    " its tool's clock may be a day early; if it is another: crawler forget --undo {}"
)
