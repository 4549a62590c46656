"""The pictures of articles.

Each content once, in a file that is named by its hash, linked to every place it stands in.

Files lie below `images/` beside the database, in folders of two letters. The file is on disk before
the row says so; a picture that did not come is a row too, with why, so that a run does not ask for
it again and again. A row whose file is gone keeps its hash, for the file may come back.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from crawler.archive.database import insert_if_there
from crawler.archive.files.atomic import write_file
from crawler.archive.files.image_rows import is_known, note_file
from crawler.archive.files.image_types import measure
from crawler.archive.files.judging import MAX_BYTES, PictureState, judge_picture
from crawler.archive.reading import picture_at
from crawler.article import Origin, sha256
from crawler.errors import InputError
from crawler.frontmatter import without_comment
from crawler.inputs import is_there, name_of, objection, read_input, resolved, size_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from crawler.archive.reading import Record

FOLDER = "images"
# A picture's link in Markdown; brackets in its text go one level deep. Linear: every repetition
# stops at a bracket.
_LINK = re.compile(
    r"(!\[(?:[^\[\]\\\n]|\\.|\[[^\[\]\n]*\])*\]\(<?)"
    r"(https?://[^\s()<>]+|images/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{2,5})"
)
_COPY = re.compile(rf"(\]\(<?)(?:\.\./)++({FOLDER}/[0-9a-f]{{2}}/[0-9a-f]{{64}}\.)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A picture that an article shows and the archive lacks; `url` as it stands in the body.

    `others` are the articles that lack it too, as far as they were come to.
    """

    article_id: str
    url: str
    others: list[str] = field(default_factory=list, compare=False)


class Images:
    """The pictures of one archive."""

    def __init__(
        self,
        root: Path,
        connection: sqlite3.Connection,
        transaction: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self.root = root
        self.on_unread: Callable[[InputError], None] = lambda _: None
        self._connection = connection
        self._transaction = transaction

    def wanted(self, *article_ids: str, again: bool = False) -> Iterator[Wanted]:
        """What is still to fetch, of some articles or, where none is named, of all; newest first.

        With `again` also what `lacking` names then. Each link is asked for once, whatever number of
        articles show it. A picture that another article of the account has brought already is
        linked on the way and not asked for, so that the next call links what this one brought.
        """
        asked: dict[str, Wanted] = {}

        def may_be_here(url: str) -> bool:
            """Whether it is worth the look through all articles that show it."""
            return url not in asked or len(asked[url].others) < _MOST_LOOKS

        which = _NAMED if article_ids else _ALL
        rows = self._connection.execute(_SHOWING.format(which), (json.dumps(article_ids),))
        for (key,) in rows.fetchall():
            with self._transaction():
                lacking = [
                    url
                    for url in self.lacking(key, again=again)
                    if not (may_be_here(url) and self.link(key, url))
                ]
            for url in lacking:
                if url in asked:
                    asked[url].others.append(key)
                else:
                    asked[url] = Wanted(article_id=key, url=url)
                    yield asked[url]

    def lacking(self, article_id: str, *, again: bool = False) -> list[str]:
        """The links of an article's pictures that the archive does not have and never asked for.

        With `again` also those that failed to come, those whose files are gone, and single dots.
        """
        row = self._connection.execute(
            "SELECT body FROM articles WHERE id = ?", (article_id,)
        ).fetchone()
        asked = self._connection.execute(_ASKED, (article_id,)).fetchall()
        had = {
            url
            for url, path, size, is_dot in asked
            if not again or (self._is_there(path, size) and not is_dot)
        }
        return [url for url in picture_links(row[0]) if url not in had] if row else []

    def link(self, article_id: str, url: str) -> bool:
        """Link a picture that another article of its account brought already; false where none has.

        One of another account says nothing of it: with a page that somebody saved any picture may
        have come under any address, also for an article that was fetched here before or after.
        """
        rows = self._connection.execute(_BROUGHT, (article_id, url))
        row = next((row for row in rows if self._is_there(*row[2:])), None)
        if row is None:
            return False
        self._note(article_id, url, PictureState.STORED, row[1], sha256=row[0])
        return True

    def keep(
        self, article_id: str, url: str, content: bytes, *, at: str, others: Iterable[str] = ()
    ) -> PictureState:
        """Keep a picture that came, or note why it is none.

        `others` show it too: so it may be said where it was asked for at its address, and did not
        come along with one of them. Where all were forgotten meanwhile nothing is kept, and it is
        missing. Raises ArchiveError where it cannot be written.
        """
        state, why = judge_picture(content)
        if state is not PictureState.STORED:
            return self.miss(article_id, url, at=at, why=why, state=state, others=others)
        with self._transaction():
            if not self.is_for_any(article_id, *others):
                return PictureState.MISSING
            digest = self.store(content)
            for key in (article_id, *others):
                self._note(key, url, PictureState.STORED, at, sha256=digest)
        return PictureState.STORED

    def store(self, content: bytes) -> str:
        """Keep a picture for whichever article shows it; its SHA-256, "" where it is none.

        Raises ArchiveError where it cannot be written.
        """
        path = place_of(content)
        if not path:
            return ""
        with self._transaction():  # a file without its row would be a stray to an audit
            write_file(self.root / path, content)
            return note_file(self._connection, path, content)

    def tried(self, article_id: str, url: str) -> tuple[str, str]:
        """What came of a picture that was asked for, and when; empty where it never was."""
        return self._connection.execute(_TRIED, (article_id, url)).fetchone() or ("", "")

    def is_for_any(self, *article_ids: str) -> bool:
        """Whether any of some articles is still there to show a picture."""
        return any(self._connection.execute(_THERE, (key,)).fetchone() for key in article_ids)

    def has(self, digest: str) -> bool:
        """Whether a picture with this SHA-256 was kept."""
        return is_known(self._connection, digest)

    def miss(  # noqa: PLR0913  (what is said of a picture that did not come)
        self,
        article_id: str,
        url: str,
        *,
        at: str,
        why: str,
        state: PictureState = PictureState.MISSING,
        others: Iterable[str] = (),
    ) -> PictureState:
        """Note a picture that did not come, for its article and `others` that show it.

        An event of each, and no second try unless asked for.
        """
        event = (Origin.FETCH.value, f"picture {state}: {why}", "")
        with self._transaction():
            for key in (article_id, *others):
                self._note(key, url, state, at)
                self._connection.execute(_EVENT, (at, url, key, "", None, *event))
        return state

    def _note(
        self, article_id: str, url: str, state: PictureState, at: str, *, sha256: str | None = None
    ) -> None:
        with self._transaction():
            self._let_go(article_id, url)
            if sha256:
                self._connection.execute(_NO_DOT, (article_id, url, sha256))
            self._connection.execute(_PICTURE, (article_id, url, sha256, state.value, at))

    def _let_go(self, article_id: str, url: str) -> None:
        """Say that a picture whose file is gone is missing, so that another may take its place.

        Its hash stays, and with it a file that comes back is known again.
        """
        row = self._connection.execute(_KNOWN, (article_id, url)).fetchone()
        if row and not self._is_there(*row[2:]):
            self._connection.execute(_GONE, (url, row[0]))

    def _is_there(self, path: str | None, size: int | None) -> bool:
        """Whether a picture's file is on disk, and as large as it was."""
        try:
            return path is not None and (self.root / path).stat().st_size == size
        except (OSError, ValueError):
            return False

    def local(self, article_id: str) -> dict[str, Path]:
        """The file of every picture of an article that the archive has, by the link in its body."""
        rows = self._connection.execute(_LOCAL, (article_id,)).fetchall()
        return {url: self.root / path for url, path in rows if is_place(path)}

    def read(self, path: Path) -> bytes | None:
        """As `read_picture`, which tells `on_unread`."""
        return read_picture(path, self.on_unread)

    def copy(self, path: Path, copy: Path) -> bool:
        """Copy a picture's file; whether there is one. Raises ArchiveError as `write_file`.

        What a person made of an earlier copy stays, and so does what is no file, or cannot be read.
        """
        content = self.read(path)
        if content is None:
            return False
        try:
            is_edited = _is_edited(copy, content)
        except InputError as error:
            self.on_unread(error)
            return not objection(copy)
        if not is_edited:
            write_file(copy, content)
        return True

    def document(self, record: Record, *, base: Path) -> str:
        """A document whose pictures, where the archive has them, are links relative to `base`."""
        local = self.local(record.id).items()
        there = {url: path for url, path in local if os.path.isfile(path)}  # noqa: PTH113
        links = {url: relative(path, base) for url, path in there.items()}
        return record.front_matter + with_links(record.body, links)

    def shows_the_same(self, record: Record, document: str) -> bool:
        """Whether a document is the stored one, but for where it was recovered from.

        And for links to copies of its pictures, which lead to files where it was exported so.
        """
        front_matter, document = without_comment(record.front_matter), without_comment(document)
        if front_matter + record.body == document:
            return True
        kept = {url: relative(path, self.root) for url, path in self.local(record.id).items()}
        own = front_matter + with_links(record.body, kept)
        return _as_read(own) == _as_read(_COPY.sub(r"\1\2", document))

    def document_with_copies(self, record: Record, *, base: Path, folder: Path) -> str:
        """The same with the pictures copied below `folder`, so that it can be given away."""
        links = {}
        for url, path in self.local(record.id).items():
            copy = folder / path.relative_to(self.root)
            if self.copy(path, copy):
                links[url] = relative(copy, base)
        return record.front_matter + with_links(record.body, links)


def _as_read(document: str) -> str:
    """A document whose bare addresses stand as they read: its reader puts some into angles."""
    return _BARE_ADDRESS.sub(lambda found: found[1].replace("\\_", "_"), document)


_BARE_ADDRESS = re.compile(r"<?(https?://[^\s<>]++)>?")
_MOST_LOOKS = 12  # for a picture that is to be asked for anyway
_SHOWING = "SELECT id FROM articles WHERE {} AND body_hash <> '' ORDER BY date DESC, id"
_NAMED, _ALL = "id IN (SELECT value FROM json_each(?))", "? = '[]'"
_THERE = "SELECT 1 FROM articles WHERE id = ?"
_TRIED = "SELECT state, at FROM pictures WHERE article_id = ? AND url = ?"
_DOT = "i.width = 1 AND i.height = 1"
_ASKED = f"""
SELECT p.url, i.path, i.bytes, {_DOT}
    FROM pictures AS p LEFT JOIN images AS i ON i.sha256 = p.sha256
    WHERE p.article_id = ?
"""  # noqa: S608
_KNOWN = """
SELECT i.sha256, p.at, i.path, i.bytes FROM pictures AS p JOIN images AS i ON i.sha256 = p.sha256
    WHERE p.article_id = ? AND p.url = ? AND p.state = 'stored'
"""
# A single dot may have come along with a page in the place of the picture: another takes that. One
# that comes again is the picture, and stays with all who show it.
_NO_DOT = f"""
UPDATE pictures SET state = 'missing' WHERE article_id = ? AND url = ? AND sha256 <> ?
    AND sha256 IN (SELECT i.sha256 FROM images AS i WHERE {_DOT})
"""  # noqa: S608
_BROUGHT = f"""
SELECT i.sha256, p.at, i.path, i.bytes FROM pictures AS p JOIN images AS i ON i.sha256 = p.sha256
    JOIN articles AS a ON a.id = ? JOIN articles AS other ON other.id = p.article_id
    WHERE p.url = ? AND p.state = 'stored' AND NOT ({_DOT}) AND (
        other.biz = a.biz AND a.biz <> ''
        OR other.account = a.account AND a.account <> '' AND '' IN (other.biz, a.biz)
    )
"""  # noqa: S608
_GONE = "UPDATE pictures SET state = 'missing' WHERE url = ? AND sha256 = ?"
_LOCAL = """
SELECT p.url, i.path FROM pictures AS p JOIN images AS i ON i.sha256 = p.sha256
    WHERE p.article_id = ?
"""
_PICTURE = insert_if_there(
    "pictures",
    on_conflict="""(article_id, url) DO UPDATE
SET sha256 = coalesce(excluded.sha256, sha256), state = excluded.state, at = excluded.at
    WHERE state <> 'stored'
""",
)
_EVENT = insert_if_there("events")


def read_picture(path: Path, on_unread: Callable[[InputError], None]) -> bytes | None:
    """What a picture's file holds; None where it is gone.

    And where it cannot be read, as a disk may fail, or is not what was kept: its name says what its
    content must be. A folder that came from somebody else may have a link there that leads to a
    file of the reader's own. `on_unread` is told why, and whoever wants it goes on without it.
    """
    try:
        content = read_input(path, MAX_BYTES) if is_there(path) else None
    except InputError as error:
        on_unread(error)
        return None
    what = "" if content is None else _objection(path, content)
    if what:
        on_unread(InputError(name_of(path), what, _PUT_BACK))
        return None
    return content


def _is_edited(copy: Path, content: bytes) -> bool:
    """Whether another picture stands where one was copied to; a part of it is a broken copy.

    Raises InputError where that cannot be told.
    """
    if size_of(copy) > MAX_BYTES:  # as an editor may write what was smaller
        return True
    there = read_input(copy, MAX_BYTES) if is_there(copy) else b""
    return not content.startswith(there) and measure(there) is not None


_PUT_BACK = "remove it, and put it back, or ask for it anew with: crawler images --again"


def _objection(path: Path, content: bytes) -> str:
    """Why what a picture's file holds is not that picture; "" where it is."""
    if not resolved(path).is_relative_to(resolved(path.parent.parent)):
        return "is a link that leads out of the folder of pictures"
    if sha256(content) != path.stem:
        return "does not hold the picture that was kept: it is damaged, or another file"
    return ""


def picture_links(markdown: str) -> list[str]:
    """The links of a body's pictures that the web has, each once, in the order of the text."""
    links = dict.fromkeys(match[2] for match in _LINK.finditer(markdown))
    return [link for link in links if not link.startswith(f"{FOLDER}/")]


def place_of(content: bytes) -> str:
    """Where a picture is kept, below the folder of its archive; "" where it is none.

    That is its address in a body where it has none on the web.
    """
    measured = measure(content)
    if measured is None or len(content) > MAX_BYTES:
        return ""
    digest = sha256(content)
    return f"{FOLDER}/{digest[:2]}/{digest}{measured[0].suffix}"


def is_place(path: str) -> bool:
    """Whether a path is one that `place_of` gives; another archive's row may lead anywhere."""
    return bool(picture_at(path))


def with_links(markdown: str, links: Mapping[str, str]) -> str:
    """The body with other links in place of those of its pictures, where there are others."""
    if not links:
        return markdown
    return _LINK.sub(lambda match: match[1] + links.get(match[2], match[2]), markdown)


def relative(path: Path, base: Path) -> str:
    """A path as a link from `base`, with slashes on every system."""
    return str(PurePosixPath(*Path(os.path.relpath(path, base)).parts))
