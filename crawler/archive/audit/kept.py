"""What an archive keeps of articles beside what it shows, and when that is sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.database import is_packed
from crawler.archive.reading import is_sound_page
from crawler.archive.saving import is_copy, is_offer

if TYPE_CHECKING:
    from collections.abc import Callable

SAFE = "run: crawler audit --fix"


class Kept(NamedTuple):
    """What a table keeps of articles, and when that is sound.

    `names` are columns, of which `is_sound` and `what` are given the values.
    """

    table: str
    names: tuple[str, ...]
    is_sound: Callable[..., bool]
    check: str
    what: str
    advice: str = SAFE


KEPT = (
    Kept(
        table="revisions",
        names=("body_hash", "body"),
        is_sound=lambda digest, packed: is_packed(packed, digest),
        check="revision",
        what="the text of its revision {0:.12} is damaged",
    ),
    Kept(  # of which one is made of the row, as it was repaired
        table="copies",
        names=("fields",),
        is_sound=is_copy,
        check="copy",
        what="a copy of it is damaged, beside which no other is saved",
    ),
    Kept(
        table="snapshots",
        names=("fetched_at", "bytes", "content"),
        is_sound=lambda _, size, packed: is_sound_page(packed, size),
        check="snapshot",
        what="its snapshot of {0} is damaged",
        advice="read its file again with crawler reclean, merge a backup into this, or fetch it",
    ),
    Kept(
        table="evidence",
        names=("source", "sha256", "offered"),
        is_sound=lambda _, digest, packed: packed is None or is_offer(packed, digest),
        check="offer",
        what="what {0} has of it is damaged, and cannot be accepted",
        advice="look there for it, and refuse this: crawler recover --review",
    ),
)
