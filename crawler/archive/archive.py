"""The archive.

One SQLite file that keeps every article it was ever given, and never a worse copy over a better.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from crawler.archive.database import BUSY_TIMEOUT, check_row, open_database, tables_of, transaction
from crawler.archive.files import Images, folder_for_a_while
from crawler.archive.reading import (
    COLUMNS,
    History,
    Listed,
    Overview,
    Record,
    Texts,
    Watching,
    count_listed,
    listed,
    overview,
    save_snapshot,
)
from crawler.archive.saving import (
    Change,
    EvidenceTable,
    ExportedFiles,
    Forgotten,
    Moments,
    Paces,
    Personal,
    Queue,
    SeedFiles,
    Stories,
    WebMemory,
    arrival_of,
    find,
    join_copy,
    name_articles,
    note_same_as,
    note_unchanged,
    proven_form,
    read_row,
    save_arrivals,
    without_link,
)
from crawler.archive.search import (
    EVERYTHING,
    MARKS,
    Hit,
    count_shells,
    install_index,
    rebuild_index,
    search,
    sync_index,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

    from sqlite_utils import Database

    from crawler.archive.audit import Finding
    from crawler.archive.database import ArchiveConnection
    from crawler.archive.saving import Arrival
    from crawler.archive.search import Arguments, Filter, Shells, Tokens, Track
    from crawler.article import Article

__all__ = ["Archive", "Change", "Record"]


class Archive:
    """An open archive.

    Every write is one transaction, or part of the one that `transaction` has open.
    """

    def __init__(self, connection: ArchiveConnection, path: Path) -> None:
        self.path = path
        self.read_only = False
        self.ngram: int | None = None
        """What the full-text index holds; None where it is left alone."""
        self._ready: dict[Arguments, Tokens] = {}
        self.connection = connection
        """The open file, for whoever asks it in SQL."""
        self.queue = Queue(self.connection, self.transaction)
        self.pace = Paces(self.connection, self.transaction)
        self.seeds = SeedFiles(self.connection, self.transaction)
        self.evidence = EvidenceTable(self.connection, self.transaction)
        self.stories = Stories(self.connection, self.transaction)
        self.web = WebMemory(self.connection, self.transaction)
        self.history = History(self.connection, self.transaction, self.find)
        self.watched = Watching(self.connection)
        self.texts = Texts(self.connection, self.transaction)
        root = path.absolute().parent
        self.exported = ExportedFiles(self.connection, self.transaction)
        self.personal = Personal(self.connection, self.transaction)
        self.forgotten = Forgotten(root, self.connection, self.transaction)
        self.images = Images(root, self.connection, self.transaction)
        self.moments = Moments(self.connection, self.transaction)

    @classmethod
    def open(  # noqa: PLR0913  (how it is opened, each with the only default that a user needs)
        cls,
        path: Path | str,
        *,
        read_only: bool = False,
        create: bool = True,
        ngram: int | None = 2,
        timeout: float = BUSY_TIMEOUT,
        on_wait: Callable[[float], None] | None = None,
        track: Track | None = None,
    ) -> Self:
        """Open an archive; where it is missing it is made, unless `create` is false.

        `ngram` is what the full-text index holds (None: leave the index alone); `timeout` is how
        many seconds to wait for another process, which `on_wait` is told once it takes longer than
        a moment; `track` sees the articles pass where the index has to be built anew. Raises
        ArchiveError, with nothing written, where the file is missing, not ours, newer, locked or
        unusable.
        """
        path = Path(path)
        connection = open_database(
            path, read_only=read_only, create=create, timeout=timeout, on_wait=on_wait
        )
        archive = cls(connection, path)
        archive.read_only = read_only
        if not read_only and ngram is not None:
            archive._install_index(ngram, track)
        return archive

    @classmethod
    @contextmanager
    def scratch(cls) -> Iterator[Self]:
        """An archive for the while: it has no index, takes no care for power cuts, and is gone.

        Raises ArchiveError where there is no place for it.
        """
        with (
            folder_for_a_while() as folder,
            cls.open(Path(folder) / "scratch.db", ngram=None) as archive,
        ):
            archive.connection.execute("PRAGMA synchronous = OFF")
            yield archive

    def _install_index(self, ngram: int, track: Track | None) -> None:
        try:
            with self.transaction():
                install_index(self.connection, ngram=ngram, track=track)
        except BaseException:
            self.close()
            raise
        self.ngram = ngram

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @cached_property
    def database(self) -> Database:
        """The same file as sqlite-utils knows it, which is loaded where that is asked for."""
        return tables_of(self.connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        meanwhile = self.connection.meanwhile()
        self.close()
        if meanwhile and (error is None or isinstance(error, Exception)):
            raise meanwhile from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Group writes: all of them land, or none.

        Inside another one it is a step that can be undone alone.

        Raises ArchiveError where the database is locked, read-only or full; nothing of the
        transaction is kept then.
        """
        with transaction(self.connection, before_commit=self._sync_index):
            yield

    def _sync_index(self) -> None:
        ready, self._ready = self._ready, {}
        if self.ngram is not None:
            sync_index(self.connection, ready)

    def save(self, article: Article, *, snapshot: bytes | None = None, head: str = "") -> Change:
        """Keep one article.

        The better copy in its row, each body as a revision, each look as an event.

        `snapshot` is what cleaning needs of the page that `article.evidence` names, to be kept
        beside it, and `head` what the server sent before that page. Raises InputError where its
        address is none of WeChat's, ArchiveError where the file cannot be written.
        """
        with self.transaction():
            [(article_id, change)] = save_arrivals(self.connection, [arrival_of(article)])
            if snapshot is not None and change is not Change.FORGOTTEN:
                save_snapshot(self.connection, article_id, article, snapshot, head)
        return change

    def note_unchanged(self, article: Article) -> None:
        """Note a look at an article that found what is shown already; it becomes an event alone."""
        with self.transaction():
            note_unchanged(self.connection, article)

    def save_all(self, arrivals: Sequence[Arrival]) -> list[Change]:
        """Keep many articles at once, with the seed files that some were read from.

        Says of each what it changed.
        """
        with self.transaction():
            self._ready.update(arrival.tokens for arrival in arrivals if arrival.tokens)
            return [change for _, change in save_arrivals(self.connection, arrivals)]

    def find(self, text: str) -> str | None:
        """The key of the article that a key, or an address in any spelling, leads to."""
        return find(self.connection, text)

    def get(self, text: str) -> Record | None:
        """The article that a key, or an address in any spelling, leads to."""
        article_id = self.find(text)
        row = read_row(self.connection, article_id) if article_id else None
        return Record(**row) if row else None

    def audit(
        self,
        *,
        today: str,
        judge: Callable[[str], str] = lambda _: "",
        fix: bool = False,
        deep: bool = False,
    ) -> Iterator[Finding]:
        """Everything that is wrong with the archive; with `fix`, after what is safe was put right.

        `today` is YYYY-MM-DD; `judge` says in words why a body is none of an article's, or "" where
        it is one; `deep` also compares each word of the full-text index.
        """
        from crawler.archive.audit import DAMAGE, Audit  # noqa: PLC0415 -- it is long, and rare

        root = self.images.root
        audit = Audit(connection=self.connection, root=root, today=today, judge=judge, is_deep=deep)
        if not fix:
            yield from audit.run()
            return
        # rows are joined by their copies, which are repaired before
        found = sorted(audit.run(), key=lambda finding: finding.check == "two-rows")
        if any(finding.check in DAMAGE for finding in found):
            yield from found  # what is written into a damaged file may be lost with it
            return
        yield from audit.repair_all(found, self.transaction, self.forgotten.wipe)

    def shows(self, arrival: Arrival) -> bool:
        """Whether the archive's document of an article is this one, but for links to pictures."""
        records = (self.get(name) for name in (arrival.id, *(given for given, *_ in arrival.links)))
        record = next(filter(None, records), None)
        if record is None or self.history.is_hurt(record.id, record.body_hash):
            return False
        return self.images.shows_the_same(record, arrival.document)

    def name_articles(self, after: int = 0) -> int:
        """Give articles that do not say their account its name, where another of it did.

        Those whose row has a number up to `after` are left as they are. Returns how many were.
        """
        with self.transaction():
            return name_articles(self.connection, after)

    def last_row(self) -> int:
        """The highest number of a row of an article; 0 where there is none."""
        return int(self.connection.execute(_LAST).fetchone()[0])

    def signed_form(self, text: str) -> str:
        """The best address known for an article, among those that WeChat answers.

        "" where none is known.
        """
        article_id = self.find(text)
        return proven_form(self.connection, article_id) if article_id else ""

    def rebuild_index(self, ngram: int, track: Track | None = None) -> int:
        """Build the full-text index anew; returns how many articles are in it."""
        return rebuild_index(self.connection, ngram=ngram, track=track)

    def indexed(self) -> int:
        """How many articles are in the full-text index."""
        return int(self.connection.execute(_INDEXED).fetchone()[0])

    def search(  # noqa: PLR0913  (all that a search can be asked)
        self,
        words: str,
        *,
        limit: int = 20,
        shells: bool = False,
        fold: bool = True,
        chosen: Filter = EVERYTHING,
        marks: tuple[str, str] = MARKS,
    ) -> list[Hit]:
        """The articles that hold the words, best first; with `shells`, those without a text last.

        Of articles with the same text, or nearly, one, unless `fold` is off. Raises InputError for
        a broken search.
        """
        return search(
            self.connection,
            words,
            limit=limit,
            shells=shells,
            fold=fold,
            chosen=chosen,
            marks=marks,
        )

    def count_shells(self, words: str, *, chosen: Filter = EVERYTHING) -> Shells:
        """How many articles that hold the words, in their titles, have no text in the archive."""
        return count_shells(self.connection, words, chosen=chosen)

    def listed(
        self, chosen: Filter = EVERYTHING, *, sort: str = "date", limit: int = 20
    ) -> list[Listed]:
        """The articles that a filter chooses, the first `limit` by one of `SORTS`."""
        return listed(self.connection, chosen, sort=sort, limit=limit)

    def count(self, chosen: Filter = EVERYTHING) -> int:
        """How many articles a filter chooses."""
        return count_listed(self.connection, chosen)

    def overview(self, *, now: str) -> Overview:
        """What the archive holds at `now`, in numbers."""
        return overview(self.connection, now=now)

    def records(self, *, only_bodies: bool = False) -> Iterator[Record]:
        """Every article, by key.

        Whoever reads them may write in between, and so may other processes.
        """
        last = ""
        while rows := self._page_of_rows(last, only_bodies=only_bodies):
            for row in rows:
                check_row(self.connection, "articles", COLUMNS, row)
                yield Record(**dict(zip(COLUMNS, row, strict=True)))
            last = rows[-1][0]

    def _page_of_rows(self, after: str, *, only_bodies: bool) -> list[tuple[Any, ...]]:
        """Some rows at a time, because an open cursor keeps every other process from writing."""
        rows = self.connection.execute(_RECORDS, (after, only_bodies))
        found: list[tuple[Any, ...]] = rows.fetchall()
        return found

    def named(self) -> Iterator[tuple[str, str, str, str]]:
        """Of every article with a body its key, date, source and title, which name its file."""
        yield from self._checked(_NAMED, ("id", "date", "source", "title"))

    def without_link(self) -> list[tuple[str, str, str, str, str]]:
        """The same of copies that named no link, and are of an article that is not known yet."""
        return without_link(self.connection)

    def join_copy(self, key: str, article_id: str, link: Mapping[str, str]) -> None:
        """Make a copy without a link one of an article's; `link` as `saving.join_copy` has it."""
        with self.transaction():
            join_copy(self.connection, key, article_id, link)

    def note_same_as(self, key: str, same_as: str) -> None:
        """Say which article a copy without a link seems to be."""
        with self.transaction():
            note_same_as(self.connection, key, same_as)

    def titled(self) -> list[tuple[str, str, str, str, str]]:
        """Of every article its key, address, title, account (else source) and date."""
        return self._checked(_TITLED, ("id", "url", "title", "account", "date"))

    def _checked(self, statement: str, columns: tuple[str, ...]) -> list[Any]:
        rows: list[Any] = self.connection.execute(statement).fetchall()
        for row in rows:
            check_row(self.connection, "articles", columns, row)
        return rows


_RECORDS = f"""
SELECT {", ".join(COLUMNS)} FROM articles
    WHERE id > ? AND (NOT ? OR body_hash <> '') ORDER BY id LIMIT 20
"""  # noqa: S608
_LAST = "SELECT coalesce(max(rowid), 0) FROM articles"
_INDEXED = "SELECT count(1) FROM articles_fts_docsize"
_NAMED = "SELECT id, date, source, title FROM articles WHERE body_hash <> ''"
_TITLED = "SELECT id, url, title, coalesce(nullif(account, ''), source), date FROM articles"
