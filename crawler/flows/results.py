"""What one file gave, on its way from whoever read it to the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.saving import arrival_of
from crawler.flows.looks import as_told

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
