"""One row of `articles`, as whoever shows or exports it gets it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from crawler.article import Facts, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Facts):
    """One row of `articles`, as its columns are."""

    kind: str
    state: str
    state_now: str
    checked_at: str
    origin: str
    topics: str  # a JSON list, or empty
    characters: int
    body_hash: str
    front_matter: str
    body: str

    @property
    def document(self) -> str:
        """The whole document in the seed format."""
        return self.front_matter + self.body

    @property
    def topic_names(self) -> tuple[str, ...]:
        """Its topics one by one; none where the column holds no list."""
        if not self.topics:
            return ()
        try:
            names = json.loads(self.topics)
        except (ValueError, RecursionError):
            return ()
        return tuple(map(str, names)) if isinstance(names, list) else ()

    def as_row(self) -> dict[str, Any]:
        """Every column with its value, in the order of `COLUMNS`."""
        return {name: getattr(self, name) for name in COLUMNS}


_WHOLE = ("front_matter", "body")
_NAMES = [name for name in Record.__dataclass_fields__ if name not in Told.__dataclass_fields__]
COLUMNS = (*(name for name in _NAMES if name not in _WHOLE), *Told.__dataclass_fields__, *_WHOLE)
"""Every column of `articles`, the key first and the texts last, as the statements name them."""
