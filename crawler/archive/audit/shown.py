"""Whether the text that an article shows is the one that its revision keeps, or hurt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.archive.reading import PREFIX, body_of
from crawler.archive.search import holds_instead
from crawler.article import sha256
from crawler.errors import ArchiveError

if TYPE_CHECKING:
    import sqlite3


def whole_of(
    connection: sqlite3.Connection, article_id: str, body_hash: str, body: str
) -> str | None:
    """The whole body of which an article shows a part, if it is one.

    Promotion is taken off by whole lines.
    """
    if not body or sha256(body.encode()) == body_hash:
        return body
    if not has_promotion(connection, article_id):
        return None
    try:
        whole = body_of(connection, article_id, body_hash) or ""
    except ArchiveError:
        return None
    remaining = iter(whole.splitlines())
    return whole if all(line in remaining for line in body.splitlines()) else None


def has_promotion(connection: sqlite3.Connection, article_id: str) -> bool:
    """Whether an article is shown without promotion of its account."""
    return connection.execute(_PROMOTION, (article_id,)).fetchone() is not None


_PROMOTION = f"SELECT 1 FROM removed WHERE article_id = ? AND rule_id GLOB '{PREFIX}*'"  # noqa: S608


def is_hurt(connection: sqlite3.Connection, article_id: str, body: str, whole: str) -> bool:
    """Whether nobody can have written an article's text so, of which the whole one is known.

    A fallen bit may make another year of one, as whoever mends a text does, but leaves the index
    as it was.
    """
    if "\0" in body:
        return "\0" not in whole
    few = _differ_little(body.encode(), whole.encode())
    return few and holds_instead(connection, article_id, whole, body)


def _differ_little(one: bytes, other: bytes) -> bool:
    """Whether bits fell in a few bytes. Most who put another letter in change more of them."""
    if len(one) != len(other):
        return False
    differing = [(a ^ b).bit_count() for a, b in zip(one, other, strict=True) if a != b]
    return len(differing) <= _FLIPPED and set(differing) == {1}


_FLIPPED = 8  # bytes
