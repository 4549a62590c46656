"""Archive -> lines of JSON."""

from __future__ import annotations

from array import array
from base64 import b64decode, b64encode
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from crawler.archive.database import check_integrity, check_row, damaged, unpack
from crawler.archive.files import is_place, read_picture, write_blocks
from crawler.archive.lines.parts import (
    BEFORE,
    BEHIND,
    CODES,
    FILE,
    HEADER,
    LOOSE,
    OF_ARTICLE,
    Part,
    columns_of,
    dump,
)
from crawler.archive.lines.reading import MAX_WORDS, WHOLE, articles_in, holds_more, is_ours
from crawler.archive.saving import find, is_forgotten
from crawler.errors import ArchiveError, InputError
from crawler.inputs import is_there
from crawler.telling import counted

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    Row = dict[str, Any]

_AT_ONCE = 50  # articles that are read together, so that each is of one moment
_TEXT_AT_ONCE = 16 << 20  # characters of their texts, which are packed in some kilobytes
_MOST_TEXT = 128 << 20  # of one article, in all its revisions; who reads a line takes 48 MB
_ARTICLES = """
SELECT rowid, {} FROM articles WHERE {} AND (? OR body_hash <> '') ORDER BY id LIMIT ?
"""
_WAITING = "queue"
_ROWS = "SELECT {} FROM {} WHERE {} ORDER BY {}"


def each_line(
    connection: sqlite3.Connection,
    root: Path | None,
    *,
    beside: bool = False,
    left_out: Collection[str] = (),
    on_unread: Callable[[InputError], None] = lambda _: None,
) -> Iterator[str]:
    """Everything that an archive holds, a line after the other.

    `root` is the folder of its pictures; None leaves their files out, for whoever reads the lines
    beside them. `beside`: only what belongs to articles that have a text, without pages and
    pictures' files, as it stands beside exported Markdown. `left_out` are tables that are not
    written. A picture or a page that cannot be read is told to `on_unread`, and its
    line comes without it; so is an article that is too large to be read back. One of which a text
    is damaged is told and has no line; beside Markdown ArchiveError is raised for it, and wherever
    else something is damaged. Rows that an index lacks do not come: `check_carried` tells of them.
    """
    before, hanging, behind = _parts(beside=beside, left_out=left_out)
    inside = partial(_file_of, root, on_unread) if root and not beside else None
    yield dump(HEADER)
    for part in before:
        yield from _rows_alone(connection, part, inside)
    # what leaves the queue meanwhile is an article by then, which may be one of those behind us
    waiting: list[str] | None = None
    with suppress(ArchiveError):  # which is told where it is read again, behind the articles
        waiting = [*_rows_of(connection, behind, waiting=True)]
    yield from _articles(connection, hanging, on_unread, only_bodies=beside)
    if waiting is None:
        yield from _rows_of(connection, behind, waiting=True)
    yield from waiting or ()
    yield from _rows_of(connection, behind, waiting=False)


def check_carried(
    connection: sqlite3.Connection, *, beside: bool = False, left_out: Collection[str] = ()
) -> None:
    """Raises ArchiveError where the tables that `each_line` reads are damaged, or their indexes.

    To be asked once the lines were taken: what can be read of a damaged archive is good.
    """
    tables = {part.table for parts in _parts(beside=beside, left_out=left_out) for part in parts}
    check_integrity(connection, {"articles", *tables})


def _parts(*, beside: bool, left_out: Collection[str]) -> tuple[list[Part], list[Part], list[Part]]:
    """What comes before the articles, hangs on them, and comes behind them."""
    before, hanging, behind = (
        [part for part in parts if (part.beside or not beside) and part.table not in left_out]
        for parts in (BEFORE, OF_ARTICLE, BEHIND)
    )
    return before, hanging, behind


def _rows_of(
    connection: sqlite3.Connection, parts: Iterable[Part], *, waiting: bool
) -> Iterator[str]:
    """The rows of the queue, or of all other parts."""
    for part in parts:
        if (part.table == _WAITING) is waiting:
            yield from _rows_alone(connection, part, None)


def write_beside(connection: sqlite3.Connection, root: Path, folder: Path) -> bool:
    """Write the file that stands beside exported Markdown; false where it says the same already.

    Whoever calls it has called `check_beside` before the first document was written.
    """
    return write_blocks(folder / FILE, _beside(connection, root))


def _beside(connection: sqlite3.Connection, root: Path) -> Iterator[bytes]:
    """The lines of that file; it stays as it is where those of a damaged archive end."""
    for line in each_line(connection, root, beside=True):
        yield f"{line}\n".encode()
    check_carried(connection, beside=True)


def check_beside(connection: sqlite3.Connection, folder: Path, *, overwrite: bool) -> None:
    """Raises ArchiveError where the file beside Markdown would take the place of what may not go.

    That is one of that name that is none of ours, one that holds all of an archive, perhaps of one
    that is no more, and unless `overwrite` says so one of another archive.
    """
    path = folder / FILE
    if not is_there(path):
        return
    advice = "move it away, or export to another folder"
    if not is_ours(path):
        what = "is no export of an archive"
    elif holds_more(path):
        what = "holds more of an archive than stands beside Markdown"
    else:
        strangers = 0 if overwrite else _count_strangers(connection, path)
        if not strangers:
            return
        what = f"tells of {counted(strangers, 'article')} that this archive does not hold"
        advice = "export to another folder, reclean this one first, or --overwrite it"
    raise ArchiveError(str(path), f"{what}, and would be written over", advice)


def _count_strangers(connection: sqlite3.Connection, path: Path) -> int:
    """How many articles a file tells of that an archive neither holds nor was to forget.

    A copy without a link loses its key where it turns out to be an article's; its text stays.
    """
    strangers = [
        (key, text)
        for key, text in articles_in(path)
        if not (find(connection, key) or is_forgotten(connection, key))
    ]
    if not any(key.startswith(_OWN_KEY) for key, _ in strangers):
        return len(strangers)
    texts = {text for (text,) in connection.execute(_TEXTS)}
    return sum(not (key.startswith(_OWN_KEY) and text in texts) for key, text in strangers)


_OWN_KEY = "u:"
_TEXTS = "SELECT body_hash FROM revisions"


def _articles(
    connection: sqlite3.Connection,
    parts: list[Part],
    on_unread: Callable[[InputError], None],
    *,
    only_bodies: bool,
) -> Iterator[str]:
    """By key; last those that got another key meanwhile, before which others stood already."""
    read = partial(_some, connection, parts, only_bodies=only_bodies)
    line_of = partial(_line_of, connection, on_unread, beside=only_bodies)
    changes, seen, last = _changes(connection), array("q"), ""
    while some := read("id > ?", last):
        yield from filter(None, (line_of(article) for _, article in some))
        seen.extend(number for number, _ in some)
        last = some[-1][1]["id"]
    if _changes(connection) != changes:
        there = {number for (number,) in connection.execute("SELECT rowid FROM articles")}
        for number in sorted(there.difference(seen)):
            again = read("rowid = ?", number)
            yield from filter(None, (line_of(article) for _, article in again))


def _line_of(
    connection: sqlite3.Connection,
    on_unread: Callable[[InputError], None],
    article: Row,
    *,
    beside: bool,
) -> str:
    """An article without the pages that are damaged: who reads its line would refuse all of it.

    "" where a text of it is. Raises ArchiveError for that one `beside` Markdown: the file there may
    have it whole.
    """
    if any(text["body"] is None for text in article.get("revisions", ())):
        if beside:
            raise damaged(connection, "revisions", article["id"], "its text is damaged")
        what = "has a text that is damaged, and is left out"
        on_unread(InputError(article["id"], what, WHOLE))
        return ""
    for page in [*article.get("snapshots", ())]:
        try:
            unpack(b64decode(page["content"]))
        except ValueError as error:
            what = f"its snapshot of {page['fetched_at']} is damaged ({error})"
            on_unread(InputError(page["url"], what, "fetch the article again"))
            article["snapshots"].remove(page)
    line = dump(article)
    if len(line) > MAX_WORDS // 4 and len(line.encode()) > MAX_WORDS and not line.isascii():
        what = f"takes more than {MAX_WORDS >> 20} MB as a line, which nobody reads back"
        on_unread(InputError(article["id"], what, "hand the archive itself on: crawler backup"))
    return line


def _changes(connection: sqlite3.Connection) -> int:
    """A number that another one's write changes."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _some(
    connection: sqlite3.Connection,
    parts: list[Part],
    condition: str,
    value: object,
    *,
    only_bodies: bool,
) -> list[tuple[int, Row]]:
    """Some articles, each with the number of its row, all of one moment."""
    select = _ARTICLES.format(", ".join(columns_of("articles")), condition)
    with _one_moment(connection):
        rows = connection.execute(select, (value, not only_bodies, _AT_ONCE)).fetchall()
        some: list[tuple[int, Row]] = []
        size = 0
        for number, *row in rows:
            some.append((number, _article(connection, tuple(row), parts)))
            size += _text_of(some[-1][1])
            if size > _TEXT_AT_ONCE:
                break
        return some


def _text_of(article: Row) -> int:
    """How many characters of text hang on an article, which are packed in the archive."""
    hanging = (row for rows in article.values() if isinstance(rows, list) for row in rows)
    return sum(len(value) for row in hanging for value in row.values() if isinstance(value, str))


def _article(connection: sqlite3.Connection, row: tuple[Any, ...], parts: list[Part]) -> Row:
    """An article's columns, and the rows of other tables that hang on it."""
    columns = columns_of("articles")
    check_row(connection, "articles", columns, row)
    hanging = {part.key: _rows(connection, part, part.of_article, row[0]) for part in parts}
    return {**dict(zip(columns, row, strict=True)), **hanging}


def _rows(connection: sqlite3.Connection, part: Part, condition: str, *values: str) -> list[Row]:
    table = part.table
    columns = tuple(name for name in columns_of(table) if name != "article_id")
    select = _ROWS.format(", ".join(columns), table, condition, part.order)
    written = []
    size = 0
    for row in connection.execute(select, values).fetchall():
        written.append(_written(connection, table, columns, row))
        size += sum(len(written[-1][name] or "") for coded, name in CODES if coded == table)
        if size > _MOST_TEXT:
            what = "its texts are larger than those of any article"
            raise damaged(connection, table, "".join(values), what)
    return written


def _written(
    connection: sqlite3.Connection, table: str, columns: tuple[str, ...], row: tuple[Any, ...]
) -> Row:
    """The row with what is packed in it as text; a text that is damaged is None."""
    check_row(connection, table, columns, row)
    written = dict(zip(columns, row, strict=True))
    for (coded, column), code in CODES.items():
        if coded == table and written[column] is not None:
            try:
                written[column] = code.written(written[column])
            except ValueError as error:
                if table != "revisions":
                    raise damaged(connection, table, str(row[0]), str(error)) from error
                written[column] = None
    return written


def _rows_alone(
    connection: sqlite3.Connection, part: Part, content_of: Callable[[str], str] | None
) -> Iterator[str]:
    condition = "article_id IS NULL" if part.table in LOOSE else "1"
    for row in _rows(connection, part, condition):
        line = dump({"table": part.table, **row})
        if part.table == "images" and content_of:
            yield f'{line[:-1]}, "content": {content_of(row["path"])}}}'
        else:
            yield line


def _file_of(root: Path, on_unread: Callable[[InputError], None], path: str) -> str:
    """A picture's file as JSON, in which no link can stand; `null` where it is gone, or not ours.

    It is kept nowhere: an archive has gigabytes of them.
    """
    content = read_picture(root / path, on_unread) if is_place(path) else None
    return "null" if content is None else f'"{b64encode(content).decode()}"'


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    """What is read inside is of one moment, whoever writes meanwhile."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")
