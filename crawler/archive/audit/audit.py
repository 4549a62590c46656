"""Checks an archive: says what is wrong with which row, and repairs what is safe."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from crawler.archive.audit.checks import CHECKS, Check, Finding
from crawler.archive.audit.kept import KEPT, SAFE, Kept
from crawler.archive.audit.pictures import is_below, is_kept_name, sizes_below, without_row
from crawler.archive.audit.repairs import REPAIRS
from crawler.archive.audit.schema import find_schema_faults
from crawler.archive.audit.secrets import find_secrets
from crawler.archive.audit.shown import is_unknown, what_both_say, whole_of
from crawler.archive.database import (
    RESTORE,
    Lost,
    check_row,
    each_row,
    integrity,
    our_tables,
)
from crawler.archive.files import FOLDER, UNSEEN
from crawler.archive.reading import is_elsewhere, shown_by_others
from crawler.archive.saving import (
    front_matter_of,
    known_forms,
    put,
    queue_key_of,
    read_row,
    wipe_due,
)
from crawler.archive.search import is_index_intact, is_index_whole, ngram_of
from crawler.errors import ArchiveError
from crawler.frontmatter import FrontMatter, split_front_matter
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path


class _Row(NamedTuple):
    id: str
    title: str
    url: str
    source: str
    date: str
    fetch_date: str
    front_matter: str
    body_hash: str
    characters: int
    body: str


_STATEMENTS = {check.id: check.repair for check in CHECKS if check.repair}
DAMAGE = frozenset({"integrity", "row", "schema"})
"""Checks that find damage of the file itself: nothing is repaired then, for nothing is sure."""
NO_FAULT = frozenset({"promo-spared"})
"""Checks that name whole articles, to be read by whoever wants to: nothing is to be repaired."""

_REVISION = "SELECT 1 FROM revisions WHERE article_id = ? AND body_hash = ?"
_ROW = f"SELECT {', '.join(_Row._fields)} FROM articles WHERE id = ?"  # noqa: S608
_OF_BODIES = ("body-hash", "characters", "no-revision")
_PUT_BACK = "put it back, or ask for what is gone with: crawler images --again"
_LOOK = "check its permissions, and the disk"
_NO_ROW = "and table images does not know it"
_SHOWN = f"""
    SELECT DISTINCT i.path FROM pictures AS p JOIN images AS i ON i.sha256 = p.sha256
    WHERE p.state {{}} 'stored' AND i.type <> '{UNSEEN}'
"""  # noqa: S608
_FREE = "free-pages"
_OFFER = (
    "read its file again with crawler reclean, or its stored page with crawler reclean --stored,"
    " merge a backup into this, or fetch it again"
)
_REFETCH = "read its seed again with crawler reclean, or fetch it again"


_READ = frozenset({"articles", "images", *(kept.table for kept in KEPT)})
"""Tables of whose rows more is asked than whether they can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """An audit of one archive.

    `judge` says in words why a body is none of an article's, or "" where it is one; one that is
    `is_deep` also compares each word of the full-text index.
    """

    connection: sqlite3.Connection
    root: Path
    today: str
    is_deep: bool = False
    judge: Callable[[str], str] = lambda _: ""

    def run(self) -> Iterator[Finding]:
        """Everything that is wrong, by check. Reads every body once; changes nothing."""
        yield from self._database()
        yield from find_schema_faults(self.connection)
        for check in CHECKS:
            yield from self._check(check)
        yield from self._rows()
        for kept in KEPT:
            yield from self._kept(kept)
        yield from self._others()
        yield from find_secrets(self.connection)
        yield from self._free_pages()
        yield from self._pictures()
        yield from self._index()

    def _index(self) -> Iterator[Finding]:
        advice = SAFE
        try:
            sound = not ngram_of(self.connection) or is_index_intact(self.connection)
            if sound and self.is_deep and ngram_of(self.connection):
                advice = f"{SAFE} --deep"
                sound = is_index_whole(self.connection)
        except sqlite3.DatabaseError:
            sound = False
        if not sound:
            what = "the full-text index is out of step with the articles"
            yield Finding(check="index", subject="articles_fts", what=what, advice=advice)

    def _free_pages(self) -> Iterator[Finding]:
        """What a run that was killed, or had no room, took out without writing the file anew."""
        with suppress(sqlite3.DatabaseError):  # of a head that cannot be read others tell
            if wipe_due(self.connection):
                what = "may still hold what was taken out of the archive"
                yield Finding(check=_FREE, subject="free pages", what=what, advice=SAFE)

    def _database(self) -> Iterator[Finding]:
        try:
            told = integrity(self.connection, 20)
        except sqlite3.DatabaseError as error:
            told = [_words(error)]
        for message in told:
            what = f"SQLite finds damage: {message}"
            yield Finding(check="integrity", subject="database", what=what, advice=RESTORE)

    def _check(self, check: Check) -> Iterator[Finding]:
        try:
            found = self.connection.execute(check.finds, {"today": self.today}).fetchall()
        except sqlite3.DatabaseError as error:
            what = f"could not be looked for: the database {_words(error)}"
            yield Finding(check=check.id, subject="database", what=what, advice=RESTORE)
            return
        for subject, detail in found:
            what = f"{check.what} ({detail})" if detail else check.what
            yield Finding(check=check.id, subject=str(subject), what=what, advice=check.advice)

    def _others(self) -> Iterator[Finding]:
        """The rows that cannot be read of tables of which nothing else is asked here."""
        for table in sorted(our_tables().keys() - _READ):
            first = our_tables()[table][0].name
            yield from (item for item in self._each(table, (first,)) if isinstance(item, Finding))

    def _each(self, table: str, names: tuple[str, ...]) -> Iterator[tuple[Any, ...] | Finding]:
        """Some columns of a table's rows, and of each that cannot be read the finding that says so.

        All columns are looked at: where one holds what it may not, nobody shows the row.
        """
        try:
            there = {name for _, name, *_ in self.connection.execute(f"PRAGMA table_info({table})")}
            own = (column.name for column in our_tables()[table])
            columns = tuple(name for name in own if name in there.union(names))
            places = [columns.index(name) for name in names]
            for item in each_row(self.connection, table, columns):
                if isinstance(item, Lost):
                    yield from self._rest_of(item, names)
                else:
                    yield tuple(item[place] for place in places)
        except sqlite3.DatabaseError as error:
            yield _lost(Lost(table=table, row=0, why=_words(error)))

    def _rest_of(self, lost: Lost, names: tuple[str, ...]) -> Iterator[tuple[Any, ...] | Finding]:
        """What is asked of a row though another column cannot be read, and that this is so."""
        asked = f"SELECT {', '.join(names)} FROM {lost.table} WHERE rowid = ?"  # noqa: S608
        try:
            row = self.connection.execute(asked, (lost.row,)).fetchone()
            check_row(self.connection, lost.table, names, row or ())
        except (ArchiveError, sqlite3.Error, ValueError):
            yield _lost(lost)
            return
        yield replace(_lost(lost), check="value")
        yield row

    def _rows(self) -> Iterator[Finding]:
        for item in self._each("articles", _Row._fields):
            if isinstance(item, Finding):
                yield item
                continue
            row = _Row._make(item)
            front, _ = split_front_matter(row.front_matter)
            if front != (own := _front(row)):
                what = f"its front matter does not say what the row says{what_both_say(front, own)}"
                yield Finding(check="front-matter", subject=row.id, what=what, advice=SAFE)
            whole = whole_of(self.connection, row.id, row.body_hash, row.body)
            if whole is None and is_unknown(self.connection, row.id, row.body_hash):
                pass  # as is told of its revision
            elif whole is None:
                what = "its body was changed by another program"
                yield Finding(check="body-hash", subject=row.id, what=what, advice=SAFE)
            elif row.characters != len(whole):
                what = f"it has {len(whole)} characters and says {row.characters}"
                yield Finding(check="characters", subject=row.id, what=what, advice=SAFE)
            why = self.judge(row.body) if row.body else ""
            if why:
                yield Finding(
                    check="notice",
                    subject=row.id,
                    what=f"its body is no article: {why}",
                    advice=_REFETCH,
                )

    def _kept(self, kept: Kept) -> Iterator[Finding]:
        """The rows of a table in which what is kept beside what is shown is damaged."""
        for item in self._each(kept.table, ("article_id", *kept.names)):
            if isinstance(item, Finding):
                yield item
            elif not kept.is_sound(*item[1:]):
                what = kept.what.format(*item[1:])
                yield Finding(check=kept.check, subject=item[0], what=what, advice=kept.advice)

    def _pictures(self) -> Iterator[Finding]:
        known: dict[str, int] = {}
        places: dict[str, str] = {}
        for item in self._each("images", ("sha256", "path", "bytes")):
            if isinstance(item, Finding):
                yield item
            else:
                places[item[0]], known[item[1]] = item[1:]
        there, unseen = sizes_below(self.root, FOLDER)
        for path, why in unseen.items():
            what = f"cannot be looked at: {why}"
            yield Finding(check="picture", subject=path, what=what, advice=_LOOK)
        whole = {path for path, size in known.items() if there.get(path) == size}
        gone = {path for path in self._shown("=") - whole if not is_below(path, unseen)}
        yield from self._gone(sorted(gone), there)
        rowless = without_row(self.connection)
        yield from self._rowless(rowless, there)
        for path in sorted(self._shown("<>") & whole):
            what = "the picture is on disk again, and was asked for in vain meanwhile"
            yield Finding(check="picture-back", subject=path, what=what, advice=SAFE)
        lacked = rowless | {digest for digest, path in places.items() if path not in whole}
        unknown = set(filter(is_kept_name, there.keys() - known.keys()))
        # but for those whose damaged rows lead elsewhere
        yield from self._strays({path for path in unknown if PurePath(path).stem not in lacked})

    def _shown(self, compared: str) -> set[str]:
        """The files of pictures whose state is stored, or is not."""
        try:
            paths = [path for (path,) in self.connection.execute(_SHOWN.format(compared))]
        except sqlite3.DatabaseError:  # which another check has named
            return set()
        return {path for path in paths if isinstance(path, str)}

    def _gone(self, gone: Collection[str], there: Collection[str]) -> Iterator[Finding]:
        """Files that are not as they were kept. Their rows stay: a folder may come back."""
        if gone and not os.path.isdir(self.root / FOLDER):  # noqa: PTH112
            what = f"the folder with its {counted(len(gone), 'picture')} is not there"
            yield Finding(check="pictures", subject=FOLDER, what=what, advice=_PUT_BACK)
            return
        for path in gone:
            what = "the picture is not on disk"
            if path in there:
                what = "the picture's file has another size"
            yield Finding(check="picture", subject=path, what=what, advice=_PUT_BACK)

    def _rowless(self, digests: Collection[str], there: Iterable[str]) -> Iterator[Finding]:
        """Pictures that articles show, and of which table images has no row."""
        files = {PurePath(path).stem: path for path in there if is_kept_name(path)}
        for digest in sorted(digests):
            what, path = f"an article shows this picture, {_NO_ROW}", files.get(digest)
            advice = SAFE if path else "ask for it with: crawler images --again"
            yield Finding(check="picture-row", subject=path or digest, what=what, advice=advice)

    def _strays(self, unknown: Collection[str]) -> Iterator[Finding]:
        """Files that no article shows, of this archive or of another one in its folder.

        Of what lies where a link leads that cannot be told.
        """
        others: frozenset[str] | None = frozenset()
        unknown = [path for path in unknown if not is_elsewhere(self.root, path)]
        if unknown:
            others = shown_by_others(self.root, self.connection, unknown)
        for path in sorted({*unknown} - others) if others is not None else ():
            yield Finding(
                check="stray-file", subject=path, what="no article shows this file", advice=SAFE
            )

    def repair_all(
        self,
        found: Iterable[Finding],
        transaction: Callable[[], AbstractContextManager[None]],
        wipe: Callable[[], None],
    ) -> Iterator[Finding]:
        """Each finding after its repair, a transaction of its own; damage keeps none from the next.

        Where credentials were taken out, now or by a run that did not come to its end, `wipe`
        writes the file anew at last: what an earlier version wrote over is in its free pages still.
        Raises ArchiveError where the file cannot be written.
        """
        due = []
        for finding in found:
            if finding.check == _FREE:
                due.append(finding)
                continue
            try:
                with transaction():
                    fixed = self.repair(finding)
            except ArchiveError as error:
                if error.advice != RESTORE:
                    raise
                fixed = replace(finding, advice=RESTORE)
            yield fixed
        if wipe_due(self.connection):
            wipe()
        yield from (replace(finding, fixed=True) for finding in due)

    def repair(self, finding: Finding) -> Finding:
        """Repair what is safe, within the transaction that is open.

        What is not waits in the queue to be fetched.

        Returns the finding with what became of it. Raises ArchiveError where its row is damaged, so
        that nothing can be written to it.
        """
        # nor is done what could not even be looked for
        if finding.advice == RESTORE or finding.check in NO_FAULT:
            return finding
        if finding.check in _OF_BODIES and self._is_in_step(finding.subject):
            return replace(finding, fixed=True)
        statement = _STATEMENTS.get(finding.check)
        if statement:
            self.connection.execute(statement, {"subject": finding.subject})
            return replace(finding, fixed=True)
        read_row(self.connection, finding.subject)
        repair = REPAIRS.get(finding.check)
        if repair and repair(self.connection, self.root, finding.subject):
            return replace(finding, fixed=True)
        if finding.check in ("revision", "no-revision"):
            finding = replace(finding, advice=_OFFER)
        if not self._enqueue(finding.subject, finding.what):
            return finding
        return replace(finding, what=f"{finding.what}; it waits in the queue now")

    def _is_in_step(self, article_id: str) -> bool:
        """Whether a body is what its row and revision say: another run has written it meanwhile."""
        found = self.connection.execute(_ROW, (article_id,)).fetchone()
        if found is None:
            return True
        row = _Row._make(found)
        whole = whole_of(self.connection, row.id, row.body_hash, row.body)
        revision = self.connection.execute(_REVISION, (row.id, row.body_hash)).fetchone()
        return whole is not None and row.characters == len(whole) and bool(revision or not whole)

    def _enqueue(self, article_id: str, why: str) -> bool:
        row = self.connection.execute(
            "SELECT state, date FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        forms = known_forms(self.connection, article_id) if row else []
        if forms:
            key = queue_key_of(article_id) or forms[0].canonical
            put(
                self.connection,
                key,
                forms,
                article_id=article_id,
                state=row[0],
                why=why,
                date=row[1],
            )
        return bool(forms)


def _front(row: _Row) -> FrontMatter | None:
    """The row's five keys as its front matter should say them."""
    told = {name: getattr(row, name) for name in FrontMatter.__dataclass_fields__}
    return split_front_matter(front_matter_of({**told, "recovered_from": ""}))[0]


def _lost(lost: Lost) -> Finding:
    subject = f"{lost.table}, row {lost.row}"
    return Finding(check="row", subject=subject, what=f"cannot be read: {lost.why}", advice=RESTORE)


def _words(error: Exception) -> str:
    return error.what if isinstance(error, ArchiveError) else str(error)
