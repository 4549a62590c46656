"""A reader of ours that breaks on one input costs that input, and never the run.

Readers are tested never to raise. Where one does nonetheless, on an input that nobody foresaw, that
is named, and the rest is read.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import crawler
from crawler.errors import CrawlerError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Result = TypeVar("Result")
Item = TypeVar("Item")

_FORESEEN = (CrawlerError, OSError, MemoryError)
_HOUSE = Path(crawler.__file__).parent
_ADVICE = "the rest is read; please report this with the place in the code"


def attempt(name: str, read: Callable[[], Result]) -> Result | InputError:
    """What reading an input gives, or what is said of one on which the reader broke.

    What is foreseen is raised as it is, and so is what broke in the database: that ends a run.
    """
    try:
        return read()
    except _FORESEEN:
        raise
    except Exception as error:
        places = _places(error)
        if any(place.startswith("archive/database/") for place in places):
            raise
        what = f"broke its reader ({type(error).__name__} in {places[-1]})"
        return InputError(name, what, _ADVICE)


def fenced(name: str, items: Iterator[Item]) -> Iterator[Item]:
    """The items of a file. Raises InputError where a reader breaks on what comes next."""
    while True:
        item = attempt(name, lambda: next(items, None))
        if isinstance(item, InputError):
            raise item
        if item is None:
            return
        yield item


def _places(error: Exception) -> list[str]:
    """The lines of our code that were running, as `clean/seeds/read.py:88`, the outermost first."""
    walked = traceback.walk_tb(error.__traceback__)
    frames = ((Path(frame.f_code.co_filename), line) for frame, line in walked)
    return [
        f"{path.relative_to(_HOUSE).as_posix()}:{line}"
        for path, line in frames
        if path.is_relative_to(_HOUSE)
    ]
