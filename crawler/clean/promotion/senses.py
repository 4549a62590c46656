"""What the words of a block may say about it, and one way of putting that."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sense(StrEnum):
    """What a wording makes of its block."""

    KEPT = "kept"
    TOPIC = "topic"
    NOTICE = "notice"
    SOURCE = "source"
    LEAD = "lead"
    INVITATION = "invitation"
    CALL = "call"
    COUNT = "count"
    RELATED = "related"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way of putting things, matched from the start of a block's words.

    Words are text without markup and white space, in lower case. With `anywhere` the pattern is
    searched for in the first 400 characters instead.
    """

    id: str
    sense: Sense
    pattern: str
    matches: tuple[str, ...]
    spares: tuple[str, ...]
    evidence: str
    anywhere: bool = False
