"""What was fetched, kept so that it can be cleaned again offline.

One snapshot a page, zstd-compressed.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.archive.database import insert, pack_tight, record_of, unpack
from crawler.article import Origin, Told
from crawler.credentials import link_without
from crawler.errors import ArchiveError
from crawler.fields import sound
from crawler.links import lasting_link
from crawler.urls import identity_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from crawler.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A page as far as cleaning needs it.

    Small to hand to another process: it unpacks itself there.

    `evidence` is the SHA-256 of the page as it came, `url` the address as it was given,
    `cleaner_version` the one that last read the article's row, `head` the status line and headers
    of the answer, "" where they were not kept.
    """

    article_id: str
    evidence: str
    url: str
    fetched_at: str
    http_status: int | None
    cleaner_version: int
    packed: bytes
    head: str = ""
    origin: str = Origin.FETCH.value  # who looked
    recovered_from: str = ""  # of the page that the article was recovered from
    copy: bytes = b""  # what is known of it, as JSON: its page need not say all of that

    @property
    def known(self) -> dict[str, Any]:
        """What is known of the copy that was made of this page, also by others than itself.

        That are fields of an article by name, as far as anything is known; none where it is
        damaged, which an audit tells.
        """
        with suppress(ValueError, AttributeError, RecursionError):
            told = json.loads(self.copy)
            return {name: told[name] for name in _TOLD if type(told.get(name)) is _TOLD[name]}
        return {}

    @property
    def content(self) -> bytes:
        """The page, as UTF-8 HTML. Raises ArchiveError where the database is damaged."""
        try:
            return unpack(self.packed)
        except ValueError as error:
            advice = "fetch the article again"
            raise ArchiveError(
                self.url, f"its snapshot of {self.fetched_at} is damaged ({error})", advice
            ) from error


_PAGES = "SELECT sha256, content, bytes FROM snapshots WHERE article_id = ?"
_SAVE = insert(
    "snapshots",
    on_conflict="""(article_id, sha256) DO UPDATE
SET bytes = excluded.bytes, content = excluded.content,
    head = coalesce(nullif(excluded.head, ''), head)
    WHERE excluded.content <> content OR excluded.head <> head
""",
)
# Status and origin are the event's; of several looks at the same bytes the first counts.
_EVENT = """
(SELECT {} FROM events AS e
    WHERE e.article_id = s.article_id AND e.evidence = s.sha256 ORDER BY e.id LIMIT 1)
"""
_COUNTS = dict.fromkeys(("read_count", "like_count"), int)
_TOLD: dict[str, type] = {
    **dict.fromkeys(("producer", "account", "source", "author", "date"), str),
    **dict.fromkeys(Told.__dataclass_fields__, str),
    **_COUNTS,
}
# (JSON takes no bytes, which a damaged row may hold in the place of words)
_ROW = ", ".join(
    f"'{name}', CASE WHEN typeof(a.{name}) = 'blob' THEN '' ELSE a.{name} END" for name in _TOLD
)
# (what is known as bytes, so that damage to it keeps nobody from the page)
_EACH = f"""
SELECT s.article_id, s.sha256, s.url, s.fetched_at, {_EVENT.format("http_status")},
    a.cleaner_version, s.content, s.head, coalesce({_EVENT.format("origin")}, 'fetch'),
    CASE WHEN a.evidence = s.sha256 THEN a.recovered_from ELSE '' END,
    CAST(coalesce(
        (SELECT fields FROM copies AS c WHERE c.article_id = a.id AND c.copy = s.sha256),
        CASE WHEN a.evidence = s.sha256 THEN json_object({_ROW}) ELSE '' END) AS BLOB)
FROM snapshots AS s JOIN articles AS a ON a.id = s.article_id
WHERE a.cleaner_version < ? AND s.article_id = ? ORDER BY s.fetched_at, s.sha256
"""  # noqa: S608  (put together from what stands above)


def save_snapshot(
    connection: sqlite3.Connection,
    article_id: str,
    article: Article,
    content: bytes,
    head: str = "",
) -> None:
    """Keep what cleaning needs of an article's page, within the transaction that is open.

    By the address of a page that is kept nothing is fetched: it has no preview's key where the page
    tells its article.
    """
    at = sound("fetch_date", article.fetch_date)
    identity = identity_of(article.biz, article.mid, article.idx)
    url = lasting_link(link_without(sound("url", article.url)), identity)
    look = (article.evidence, url, at)
    connection.execute(_SAVE, (article_id, *look, len(content), pack_tight(content), head))


def is_sound_page(packed: object, size: object) -> bool:
    """Whether a page that is kept unpacks to as many bytes as it had."""
    try:
        return isinstance(packed, bytes) and len(unpack(packed)) == size
    except ValueError:
        return False


def hurt_pages(connection: sqlite3.Connection, article_id: str) -> set[str]:
    """The snapshots of an article that are damaged, by the SHA-256 of their pages."""
    rows = connection.execute(_PAGES, (article_id,)).fetchall()
    return {digest for digest, packed, size in rows if not is_sound_page(packed, size)}


def each_snapshot(
    connection: sqlite3.Connection, *, below_version: int, article_id: str | None = None
) -> Iterator[Snapshot]:
    """Snapshots that a cleaner before `below_version` read, an article's oldest first."""
    names = tuple(Snapshot.__dataclass_fields__)
    keys = connection.execute(
        "SELECT DISTINCT article_id FROM snapshots ORDER BY article_id"
    ).fetchall()
    wanted = [key for (key,) in keys if article_id in (None, key)]
    for key in wanted:  # one article at a time, so that whoever reads may write between two
        for row in connection.execute(_EACH, (below_version, key)).fetchall():
            yield record_of(connection, "snapshots", Snapshot, names, row)
