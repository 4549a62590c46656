"""What is compared: an article of the archive, and what a way of recovery offers for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crawler.folding import title_key
from crawler.urls import Identity, identity_of


def day_of(text: str) -> int | None:
    """The number of a day YYYY-MM-DD; None where the text is none."""
    try:
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An article of the archive, as far as a copy can be compared with it."""

    id: str
    title: str  # folded, as the names are
    names: frozenset[str] = frozenset()  # that its account has or had
    day: int | None = None
    biz: str = ""  # of its identity, as far as that is known
    sn: str = ""
    missing: bool = True  # has no body, or only one that was recovered


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a way of recovery found, and what that says of itself. What it does not is empty."""

    way: str  # links, titles, story, from or web
    source: str  # where from: a path, an address, or the key of an article of this archive
    version: str = ""  # its commit, or when it was captured
    url: str = ""
    title: str = ""
    account: str = ""
    date: str = ""  # YYYY-MM-DD
    biz: str = ""
    mid: str = ""
    idx: str = ""
    sn: str = ""
    key: str = ""  # of the article to which the archive knows its address to lead
    sha256: str = ""  # of its body; empty where it brings none

    @property
    def identity(self) -> Identity | None:
        """The identity that it states, where it does."""
        return identity_of(self.biz, self.mid, self.idx)

    @property
    def folded_title(self) -> str:
        """The title as it is compared."""
        return title_key(self.title)

    @property
    def folded_account(self) -> str:
        """The account's name as it is compared."""
        return title_key(self.account)
