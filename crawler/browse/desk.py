"""Where a reader's stars, tags and notes are written, with `crawler serve --write` alone.

Datasette reads through connections that cannot write. What is written here goes through one of its
own, opened for the moment, which may write the three tables of `archive.personal` and no other.
Whoever posts has to show the token of this process, which stands in our own pages only: another
site can send a form to this address, but cannot read what it must hold.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.archive import Archive
from crawler.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from crawler.archive.saving import Personal

_TIMEOUT = 10.0  # seconds that a reader waits for a run that writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The archive that a reader writes in; `clock` gives the moment as the archive writes it."""

    path: Path
    clock: Callable[[], str]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    def prepare(self) -> None:
        """Bring an archive of an older day up to date. Raises ArchiveError where it cannot be."""
        Archive.open(self.path, create=False, ngram=None).close()

    def is_from_our_page(self, headers: Mapping[str, str], token: str) -> bool:
        """Whether a form was sent by a page of ours."""
        site = headers.get("sec-fetch-site", "same-origin")
        return site == "same-origin" and hmac.compare_digest(token.encode(), self.token.encode())

    def write(self, key: str, action: str, text: str) -> None:
        """Do what a form asks. Raises InputError for what is none, ArchiveError where it fails."""
        if action not in ACTIONS:
            raise InputError(action or "nothing", "is none of: " + ", ".join(ACTIONS))
        with Archive.open(self.path, create=False, ngram=None, timeout=_TIMEOUT) as archive:
            archive.personal.write_nothing_else()
            ACTIONS[action](archive.personal, key, text, self.clock())


ACTIONS: dict[str, Callable[[Personal, str, str, str], None]] = {
    "star": lambda personal, key, _, at: personal.star(key, at=at),
    "unstar": lambda personal, key, _text, _at: personal.unstar(key),
    "tag": lambda personal, key, text, at: personal.tag(key, text, at=at),
    "untag": lambda personal, key, text, _: personal.untag(key, text),
    "note": lambda personal, key, text, at: personal.note(key, text, at=at),
    "unnote": lambda personal, key, text, _: personal.unnote(key, text),
}
"""What a form may ask for, by the name that it sends."""
