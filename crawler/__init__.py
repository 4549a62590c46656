"""Turns WeChat Official Account articles, and seeds made of them, into one searchable archive.

What a program may use stands here; the rest of the package may change from version to version. A
name is loaded when it is first asked for, so that whoever only reads pages opens no database.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.archive.archive import Archive
    from crawler.archive.reading.record import Record
    from crawler.archive.saving.save import Change
    from crawler.article import Article, Kind, State
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
    "Page",
    "Record",
    "Seed",
    "State",
    "read_page",
    "read_seed",
]

_ROOMS = {
    "crawler.archive.archive": ("Archive",),
    "crawler.archive.reading.record": ("Record",),
    "crawler.archive.saving.save": ("Change",),
    "crawler.article": ("Article", "Kind", "State"),
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
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a public name (PEP 562)."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_ROOM_OF[name]), name)
    globals()[name] = value  # so that it is asked for once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
