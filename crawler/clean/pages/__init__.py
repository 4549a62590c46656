"""Pages as WeChat serves them, read: bytes in, `Page` out."""

from crawler.clean.pages.altered import READING, altered
from crawler.clean.pages.charset import is_sound, to_utf8
from crawler.clean.pages.read import BROKE_OFF, Page, read_page
from crawler.clean.pages.split import shrink_page

__all__ = [
    "BROKE_OFF",
    "READING",
    "Page",
    "altered",
    "is_sound",
    "read_page",
    "shrink_page",
    "to_utf8",
]
