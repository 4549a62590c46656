"""Which articles are meant: the filters that a list and a search share, as conditions of SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

LACKS_TEXT = "coalesce(a.body_hash, '') = '' AND coalesce(a.body, '') = ''"
"""Of articles AS a. Other tools write bodies without their hash, so that the body is asked where
there is none."""


_DAY = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?\Z", re.ASCII)


def is_day(text: str) -> bool:
    """Whether a text is a day, a month or a year, as a `Filter` takes them."""
    return _DAY.match(text) is not None


class Chosen(Protocol):
    """A choice among articles, whoever makes it."""

    def conditions(self) -> tuple[str, tuple[str, ...]]:
        """What follows on a WHERE and something: SQL of articles AS a, and its values."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Articles by what is known of them; an empty field asks for nothing.

    `account` is a name, a WeChat ID or a `biz`.
    `since` and `until` are YYYY-MM-DD or the beginning of one (2024, 2024-03), both inclusive; an
    article without a date is in no such range. `states` and `kinds` are values of `State` and
    `Kind`, any of which will do.
    """

    account: str = ""
    since: str = ""
    until: str = ""
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def conditions(self) -> tuple[str, tuple[str, ...]]:
        """What follows on a WHERE and something: SQL of articles AS a, and its values."""
        asked = (
            (self.account, _OF_ACCOUNT, (self.account,) * 2),
            (self.since, "a.date >= ?", (self.since,)),
            # whatever begins so is in it: no character of a date comes after ~
            (self.until, "a.date <> '' AND a.date < ?", (f"{self.until}~",)),
            (self.states, f"a.state IN ({_marks(self.states)})", self.states),
            (self.kinds, f"a.kind IN ({_marks(self.kinds)})", self.kinds),
        )
        used = [(sql, values) for wanted, sql, values in asked if wanted]
        text = "".join(f" AND {sql}" for sql, _ in used)
        return text, tuple(value for _, values in used for value in values)


# By any of its names: what articles say, and what the account itself said once.
_OF_ACCOUNT = (
    "(? IN (a.account, a.source, a.biz)"
    " OR a.biz IN (SELECT biz FROM accounts WHERE ? IN (name, alias)))"
)


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))


EVERYTHING = Filter()
