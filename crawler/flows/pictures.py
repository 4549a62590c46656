"""Picture -> archive: what articles show is fetched politely, and kept once by its content."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from crawler.archive.files import PictureState, is_cut
from crawler.article import State
from crawler.errors import (
    BudgetSpent,
    ConnectionFailed,
    CoolingDown,
    FetchError,
    InputError,
    Offline,
)
from crawler.fetch import SupersededError
from crawler.flows.clock import shanghai_now
from crawler.flows.fetch import GIVE_UP_AFTER
from crawler.telling import counted
from crawler.times import as_written
from crawler.urls import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from crawler.archive import Archive
    from crawler.archive.files import Wanted
    from crawler.fetch import Fetcher

_OF_ARTICLES = f"stands at {HOST}, where articles are and no pictures: it is not asked for"
_CUT = "it came without its length, and stops before its end; ask anew: crawler images --again"
_ONCE_BACK = "none was marked missing; go on when it is back with: crawler images"


def fetch_pictures(
    wanted: Iterable[Wanted],
    archive: Archive,
    fetcher: Fetcher,
    *,
    now: Callable[[], datetime] = shanghai_now,
) -> Iterator[tuple[Wanted, PictureState]]:
    """Fetch pictures; yields each with what came of it.

    A picture that does not come is an event and no failure. Where not even a connection came about
    it is missing only if somebody answers later in the run, for else it may be the network that is
    gone: such a picture stays wanted and is not yielded. A host to which no connection came about
    several times in a row is asked no more. What another run had since this one began is not asked
    for, nor what only articles show that were forgotten meanwhile.

    A host that asks to be left alone, or may be asked no more today, is left alone, and others are
    asked. WeChat's articles are asked for by no picture: an author may put any of their links into
    one, and as many as the day has requests.

    Raises CoolingDown or BudgetSpent for a host at the end, Offline where pictures stay wanted.
    """
    closed: dict[str, CoolingDown | BudgetSpent] = {}  # by host
    unreached: list[_Unreached] = []
    in_a_row: Counter[str] = Counter()  # of each host, how many connections did not come about
    passed_over, why = 0, ""
    before = {one: archive.images.tried(one.article_id, one.url) for one in wanted}
    for picture, tried in before.items():
        host = _host(picture.url)
        if host in closed:
            continue
        if in_a_row[host] == GIVE_UP_AFTER:
            passed_over += 1
            continue
        at = as_written(now())
        try:
            state, has_answered = _fetch(picture, archive, fetcher, at, tried)
        except (CoolingDown, BudgetSpent) as error:  # of the host, or of one to which it leads
            closed.setdefault(error.subject, error)
            continue
        except ConnectionFailed as error:
            in_a_row[host] += 1
            why = error.what
            unreached.append(_Unreached(picture, at, why))
            continue
        if has_answered:
            in_a_row[host] = 0
            yield from [one.missing(archive) for one in unreached]
            unreached = []
        yield picture, state
    if closed:
        raise next(iter(closed.values()))
    if unreached or passed_over:
        left = counted(len(unreached) + passed_over, "picture")
        what = f"no connection came about for {left} (at last: {why})"
        raise Offline("the network", what, _ONCE_BACK)


class _Unreached(NamedTuple):
    """A picture for which no connection came about, when, and why."""

    picture: Wanted
    at: str
    why: str

    def missing(self, archive: Archive) -> tuple[Wanted, PictureState]:
        return self.picture, _miss(self.picture, archive, at=self.at, why=self.why)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""  # as a gate is called, whatever spelling and port
    except ValueError:
        return ""  # which the fetcher refuses


def _fetch(
    picture: Wanted, archive: Archive, fetcher: Fetcher, at: str, before: object
) -> tuple[PictureState, bool]:
    """What came of a picture, and whether anybody answered; `before` is what came of it earlier.

    Raises ConnectionFailed, and CoolingDown where its host asks to be left alone.
    """
    images, host = archive.images, _host(picture.url)
    if host == HOST:
        return _miss(picture, archive, at=at, why=_OF_ARTICLES), False
    tried = partial(images.tried, picture.article_id, picture.url)
    is_shown = partial(images.is_for_any, picture.article_id, *picture.others)
    try:
        response = fetcher.get(picture.url, is_wanted=lambda: tried() == before and is_shown())
    except SupersededError:
        is_stored = tried()[0] == PictureState.STORED
        return PictureState.STORED if is_stored else PictureState.MISSING, False
    except ConnectionFailed:
        raise
    except (FetchError, InputError) as error:
        return _miss(picture, archive, at=at, why=error.what), isinstance(error, FetchError)
    limited = response.block is State.RATE_LIMITED
    if limited and (cooling := fetcher.judge(State.RATE_LIMITED, host=host)):
        raise cooling  # the picture stays wanted
    fetcher.judge(State.OK, host=host)
    if response.status != 200:
        why = f"HTTP status {response.status}"
        return _miss(picture, archive, at=at, why=why), True
    if not response.has_end and is_cut(response.content):
        return _miss(picture, archive, at=at, why=_CUT), True
    state = images.keep(
        picture.article_id, picture.url, response.content, at=at, others=picture.others
    )
    return state, True


def _miss(picture: Wanted, archive: Archive, *, at: str, why: str) -> PictureState:
    """Note a picture that did not come for all that show it, or each run asks for the next."""
    images, others = archive.images, picture.others
    return images.miss(picture.article_id, picture.url, at=at, why=why, others=others)
