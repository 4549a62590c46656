"""Turns WeChat Official Account articles, and seeds made of them, into one searchable archive.

What a program may use stands here; the rest of the package may change from version to version. A
name is loaded when it is first asked for, so that whoever only reads pages opens no database.
"""

from __future__ import annotations

from crawler.lazy import loaded_when_asked

TYPE_CHECKING = False  # `typing` loads slowly, and Ctrl-C is caught only after this
if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.archive.reading import Record
    from crawler.archive.saving import Change
    from crawler.article import Article, Kind, Origin, State
    from crawler.clean.pages import Page, read_page
    from crawler.clean.seeds import Seed, read_seed
    from crawler.config import FetchConfig
    from crawler.errors import (
        ArchiveError,
        BudgetSpent,
        ConfigError,
        CoolingDown,
        CrawlerError,
        FetchError,
        InputError,
    )
    from crawler.fetch import Fetcher

__version__ = "0.1.0"

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "BudgetSpent",
    "Change",
    "ConfigError",
    "CoolingDown",
    "CrawlerError",
    "FetchConfig",
    "FetchError",
    "Fetcher",
    "InputError",
    "Kind",
    "Origin",
    "Page",
    "Record",
    "Seed",
    "State",
    "read_page",
    "read_seed",
]

_ROOMS = {
    "crawler.archive": ("Archive", "Change", "Record"),
    "crawler.article": ("Article", "Kind", "Origin", "State"),
    "crawler.clean.pages": ("Page", "read_page"),
    "crawler.clean.seeds": ("Seed", "read_seed"),
    "crawler.config": ("FetchConfig",),
    "crawler.errors": (
        "ArchiveError",
        "BudgetSpent",
        "ConfigError",
        "CoolingDown",
        "CrawlerError",
        "FetchError",
        "InputError",
    ),
    "crawler.fetch": ("Fetcher",),
}
__getattr__ = loaded_when_asked(__name__, _ROOMS)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
