"""What web archives say of what they hold -> Capture; and how they are asked. Nothing is sent."""

from crawler.clean.captures.capture import MAX_LINES, Capture, Listed, original_of
from crawler.clean.captures.cdx import read_cdx
from crawler.clean.captures.servers import PAGE, Server
from crawler.clean.captures.timemap import read_timemap

__all__ = [
    "MAX_LINES",
    "PAGE",
    "Capture",
    "Listed",
    "Server",
    "original_of",
    "read_cdx",
    "read_timemap",
]
