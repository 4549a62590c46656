"""The article that a user means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.errors import InputError
from crawler.telling import to_bring_in

if TYPE_CHECKING:
    from crawler.archive import Archive, Record


def record_of(archive: Archive, text: str) -> Record:
    """The article that a key or an address leads to.

    Raises InputError, which says the way to it, where the archive has none or was to forget it.
    """
    record = archive.get(text)
    if record is None:
        archive.forgotten.check(text)
        what = "is not in the archive"
        advice = to_bring_in(text)
        raise InputError(text, what, advice)
    return record
