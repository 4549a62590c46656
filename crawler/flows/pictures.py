"""Picture -> archive: what articles show is fetched politely, and kept once by its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.errors import FetchError, InputError
from crawler.flows.clock import shanghai_now
from crawler.times import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from crawler.archive import Archive
    from crawler.archive.files import PictureState, Wanted
    from crawler.fetch import Fetcher


def fetch_pictures(
    wanted: Iterable[Wanted],
    archive: Archive,
    fetcher: Fetcher,
    *,
    now: Callable[[], datetime] = shanghai_now,
) -> Iterator[tuple[Wanted, PictureState]]:
    """Fetch pictures; yields each with what came of it.

    A picture that does not come is an event and no failure.

    Raises CoolingDown where its host asks to be left alone.
    """
    for picture in wanted:
        yield picture, _fetch(picture, archive, fetcher, as_written(now()))


def _fetch(picture: Wanted, archive: Archive, fetcher: Fetcher, at: str) -> PictureState:
    try:
        response = fetcher.get(picture.url)
    except (FetchError, InputError) as error:
        return archive.images.miss(picture.article_id, picture.url, at=at, why=error.what)
    if response.status != 200:
        why = f"HTTP status {response.status}"
        return archive.images.miss(picture.article_id, picture.url, at=at, why=why)
    return archive.images.keep(picture.article_id, picture.url, response.content, at=at)
