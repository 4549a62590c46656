"""The only room with a socket, a sleep or chance in it. No HTML, no SQL."""

from crawler.fetch.client import Fetcher
from crawler.fetch.feeds import FeedFetcher
from crawler.fetch.pace import Gate
from crawler.fetch.response import Response
from crawler.fetch.sockets import can_resolve
from crawler.fetch.turns import Alone, Exchange, SupersededError
from crawler.fetch.web_archive import ArchiveClient

__all__ = [
    "Alone",
    "ArchiveClient",
    "Exchange",
    "FeedFetcher",
    "Fetcher",
    "Gate",
    "Response",
    "SupersededError",
    "can_resolve",
]
