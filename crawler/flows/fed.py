"""What a feed lists, from its server or out of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.article import State
from crawler.errors import FetchError, InputError
from crawler.flows.lists import content_of, listing_in
from crawler.flows.looks import read_look
from crawler.urls import HOST

if TYPE_CHECKING:
    from crawler.clean.listings import Listing
    from crawler.fetch import FeedFetcher, Response


def read_feed(feed: str, fetcher: FeedFetcher) -> Listing:
    """What a feed lists, by its address or its file; `-` is standard input.

    Raises InputError where it cannot be read or lists none, FetchError where it does not come,
    CoolingDown where it leads to WeChat, which asks to be left alone.
    """
    if feed.startswith(("http://", "https://")):
        response = fetcher.get(feed)
        if urlsplit(response.url).hostname == HOST:
            cooling = fetcher.judge(_block_in(response) or State.NOT_WECHAT)
            if cooling:
                raise cooling
        if response.status >= 400:
            what = f"was answered with status {response.status}"
            raise FetchError(feed, what, "look at it in a browser")
        content = response.content
    else:
        content = content_of(feed)
    listing = listing_in(feed, content)
    problem = listing.problem or next((one.why for one in listing.refused), "")
    if problem and not listing.links:
        raise InputError(feed, problem, "give an RSS, Atom or JSON feed")
    return listing


def _block_in(response: Response) -> State | None:
    """What an answer of WeChat's in a feed's place says where it asks to be left alone."""
    page = read_look(
        response.content, charset=response.charset, url=response.url, status=response.status
    )
    return response.block or (page.state if page.state.stops_the_run else None)
