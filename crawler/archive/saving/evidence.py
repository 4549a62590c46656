"""What was found elsewhere of articles without a body, and what it is to each of them.

A row of table `evidence` says where something was found, what it has in common with the article,
and what follows. A candidate's whole record waits in its row until a person decides.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from types import NoneType
from typing import TYPE_CHECKING, Any

from crawler.archive.database import (
    WRITTEN,
    ArchivePart,
    damaged,
    in_order,
    insert_if_there,
    pack,
    record_of,
    unpack,
)
from crawler.archive.saving.copies import check_copy, copy_of
from crawler.archive.saving.storable import storable
from crawler.article import Article, Kind, Origin, State, Verdict
from crawler.fields import sound_row

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One row: an article, where something of it was found, and what that proves."""

    id: int = 0  # 0 until it is kept
    article_id: str
    way: str
    source: str
    version: str = ""
    url: str = ""
    title: str = ""
    account: str = ""
    date: str = ""
    sha256: str = ""
    agreed: str = ""  # names, with a space between, here and below
    differs: str = ""
    verdict: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An article as recovery compares it.

    `held` is one whose body was not recovered, so that it needs no other.
    """

    id: str
    title: str
    account: str
    source: str
    date: str
    biz: str
    mid: str
    idx: str
    sn: str
    url: str
    state: str
    has_body: bool
    held: bool


_NO_RECORD = (ValueError, KeyError, TypeError, RecursionError)
_NAMES = tuple(field.name for field in fields(Evidence))
_SELECT = f"SELECT {', '.join(_NAMES)} FROM evidence"  # noqa: S608  (names from the class above)
_KEPT = WRITTEN["evidence"][:-1]
_INSERT = insert_if_there("evidence", on_conflict="(article_id, way, source, sha256) DO NOTHING")
_OF_ARTICLE = f"{_SELECT} WHERE article_id = ? ORDER BY id"
# A person said so of this very text, here or in an archive that was merged, wherever it was found.
_NOT_REFUSED = """NOT EXISTS (
    SELECT 1 FROM evidence AS r
    WHERE r.article_id = e.article_id AND r.sha256 = e.sha256 AND r.verdict = 'refused'
)"""
# The way `story` offers a whole text for one that was cut.
_NEEDS_TEXT = "(a.body_hash = '' OR e.way = 'story' AND a.state = 'truncated')"
_CANDIDATES = f"""
SELECT {", ".join(f"e.{name}" for name in _NAMES)} FROM evidence AS e
JOIN articles AS a ON a.id = e.article_id AND {_NEEDS_TEXT}
WHERE e.verdict = 'candidate' AND e.offered IS NOT NULL AND {_NOT_REFUSED} AND e.id > ?
    ORDER BY e.id LIMIT 200
"""  # noqa: S608
_NEEDED = f"""
SELECT 1 FROM evidence AS e JOIN articles AS a ON a.id = e.article_id
WHERE e.id = ? AND {_NEEDS_TEXT}
"""  # noqa: S608
_REFUSED = "SELECT 1 FROM evidence WHERE article_id = ? AND sha256 = ? AND verdict = 'refused'"
_RIVALS = f"""
SELECT 1 FROM evidence AS e WHERE article_id = ? AND sha256 NOT IN ('', ?) AND differs = ''
    AND verdict = 'candidate' AND {_NOT_REFUSED} LIMIT 1
"""  # noqa: S608
_DECIDE = """
UPDATE evidence SET verdict = ?, at = ?, offered = NULL
    WHERE article_id = ? AND sha256 = ? AND verdict = 'candidate'
"""
_MISSING = """
SELECT id, title, account, source, date, biz, mid, idx, sn, url, state,
    body_hash <> '', body_hash <> '' AND origin <> 'recovered' FROM articles
"""
_COUNT_MISSING = "SELECT count(*) FROM articles WHERE body_hash = ''"
_NAMES_OF = "SELECT DISTINCT biz, account FROM articles WHERE biz <> '' AND account <> ''"
_SHARED = """
SELECT source FROM articles WHERE source <> '' AND biz <> ''
    GROUP BY source HAVING count(DISTINCT biz) > 1
"""


class EvidenceTable(ArchivePart):
    """The evidence of an archive; each change is a transaction, or part of the one that is open."""

    def note(self, evidence: Evidence, offered: Article | None = None) -> bool:
        """Keep one row, with a candidate's record; returns whether it is new."""
        row = sound_row(asdict(evidence))
        values = [row[name] for name in _KEPT]
        packed = _packed(storable(offered)) if offered else None
        with self._transaction():
            return bool(self._connection.execute(_INSERT, (*values, packed)).rowcount > 0)

    def decide(self, evidence: Evidence, verdict: Verdict, *, at: str) -> None:
        """Set the verdict of a candidate, wherever that text was found; it is no longer kept."""
        values = (str(verdict), at, evidence.article_id, evidence.sha256)
        with self._transaction():
            self._connection.execute(_DECIDE, values)

    def get(self, evidence_id: int) -> Evidence | None:
        """The row with this number."""
        rows = self._rows(f"{_SELECT} WHERE id = ?", evidence_id)
        return rows[0] if rows else None

    def of_article(self, article_id: str) -> list[Evidence]:
        """All that was found of one article, in the order in which it was."""
        return self._rows(_OF_ARTICLE, article_id)

    def candidates(self) -> Iterator[Evidence]:
        """Every candidate of an article that still has no body, or only one that was cut.

        Whoever reads them may decide in between.
        """

        def some(after: int) -> list[tuple[int, Evidence]]:
            return [(row.id, row) for row in self._rows(_CANDIDATES, after)]

        for _, row in in_order(self._connection, "evidence", some):
            yield row

    def is_needed(self, evidence: Evidence) -> bool:
        """Whether its article still has no body, or only a part of what it offers."""
        return self._connection.execute(_NEEDED, (evidence.id,)).fetchone() is not None

    def is_refused(self, article_id: str, sha256: str) -> bool:
        """Whether a person said of this very text that it is not the article."""
        return self._connection.execute(_REFUSED, (article_id, sha256)).fetchone() is not None

    def has_rival(self, evidence: Evidence) -> bool:
        """Whether another text may be the article's as well: nothing that is known denies it."""
        values = (evidence.article_id, evidence.sha256)
        return self._connection.execute(_RIVALS, values).fetchone() is not None

    def offered(self, evidence_id: int) -> Article | None:
        """The record that a candidate's row keeps.

        Raises ArchiveError where it is none, or another text than the row names.
        """
        found = "SELECT offered, sha256 FROM evidence WHERE id = ?"
        row = self._connection.execute(found, (evidence_id,)).fetchone()
        try:
            return _unpacked(*row) if row and row[0] else None
        except _NO_RECORD as error:
            what = "what it offers is no article"
            raise damaged(self._connection, "evidence", str(evidence_id), what) from error

    def count_missing(self) -> int:
        """How many articles have no body."""
        (count,) = self._connection.execute(_COUNT_MISSING).fetchone()
        return int(count)

    def articles(self) -> Iterator[Missing]:
        """Every article, as recovery compares it."""
        names = tuple(field.name for field in fields(Missing))
        for row in self._connection.execute(_MISSING).fetchall():
            flags = {"has_body": bool(row[-2]), "held": bool(row[-1])}
            yield record_of(self._connection, "articles", Missing, names, row, **flags)

    def account_names(self) -> list[tuple[str, str]]:
        """Of every account its `biz`, with each name that its articles give it."""
        return self._connection.execute(_NAMES_OF).fetchall()

    def shared_sources(self) -> frozenset[str]:
        """Sources that stand for several accounts, as a feed of many does: no account's name."""
        return frozenset(source for (source,) in self._connection.execute(_SHARED))

    def _rows(self, statement: str, *values: object) -> list[Evidence]:
        rows = self._connection.execute(statement, values).fetchall()
        return [record_of(self._connection, "evidence", Evidence, _NAMES, row) for row in rows]


def _packed(article: Article) -> bytes:
    known = asdict(article)
    del known["account_info"]
    return pack(json.dumps(known, ensure_ascii=False).encode("utf-8", "replace"))


def is_offer(packed: bytes, digest: str) -> bool:
    """Whether a candidate's row keeps a record, of the text with that SHA-256."""
    try:
        return _unpacked(packed, digest).body_hash == digest
    except _NO_RECORD:
        return False


def _unpacked(packed: bytes, digest: str) -> Article:
    known: dict[str, Any] = {**json.loads(unpack(packed))}
    known.pop("account_info", None)  # which is never kept
    for name, kind in _KINDS.items():
        if name in known and not isinstance(known[name], kind):
            raise TypeError(name)
    known["state"] = State(known["state"])
    known["origin"] = Origin(known["origin"])
    known["kind"] = Kind(known["kind"])
    known["aliases"] = tuple(known["aliases"])
    known["topics"] = tuple(known["topics"])
    "".join((*known["aliases"], *known["topics"])).encode()
    article = Article(**known)
    check_copy(copy_of(article))
    if not 0 <= (article.http_status or 0) < 1000:
        raise ValueError("no status of HTTP")
    if article.body_hash != digest:
        raise ValueError("another text than the row names")
    return article


_BY_ANNOTATION: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "int | None": (int, NoneType),
    "tuple[str, ...]": (list,),
    "Mapping[str, int]": (dict,),
}
_KINDS = {field.name: _BY_ANNOTATION.get(str(field.type), (str,)) for field in fields(Article)}
"""What JSON may hold in a field of an article, by its annotation."""
