"""Brings in what another archive holds, or wrote as lines of JSON."""

from __future__ import annotations

import sqlite3
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from crawler.archive.database import unpack
from crawler.archive.files import is_place, read_picture
from crawler.archive.lines import (
    ADVICE,
    OF_A_MACHINE,
    Loose,
    Wrong,
    check_carried,
    each_line,
    parse_lines,
    read_lines,
)
from crawler.archive.saving import (
    Change,
    Whole,
    join_entry,
    knows_account,
    save_loose,
    save_whole,
)
from crawler.article import State, sha256
from crawler.errors import ArchiveError, InputError
from crawler.inputs import name_of
from crawler.links import mentions
from crawler.telling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from crawler.archive.archive import Archive

_AT_ONCE = 200  # lines of a transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """One line of another archive: an article and what became of it, or what is wrong with it."""

    article_id: str = ""
    title: str = ""
    account: str = ""
    date: str = ""
    state: State | None = None
    change: Change | None = None
    error: InputError | None = None


def carry_in(archive: Archive, path: Path, *, now: datetime) -> Iterator[Carried]:
    """Bring in the lines of a file; yields one Carried for each article, and each broken line.

    A line that says what is still to come, as seen from `now`, is one of those.

    What the archive has already is joined with what the file says, as if both had read the same
    inputs. Pictures that are not in the file are looked for beside it. Raises InputError where the
    file cannot be read, or a newer version wrote it.
    """
    yield from _take_all(archive, path, read_lines(path, now=now), _Left())


def carry_over(archive: Archive, other: Archive, *, now: datetime) -> Iterator[Carried]:
    """Bring in all that another archive holds, its pictures too, as `carry_in` does.

    In whatever order archives are brought into one, it holds the same articles. What speaks of
    the other's machine (where it exported to, when it sent its requests) stays there, and so
    does what was forgotten in it; the files that it has read are read here once more. Raises
    ArchiveError where the other one is damaged; rows that an index of it lacks are told as the
    last Carried.
    """
    left = _Left(has_files=True)
    # its pictures' files are read where they lie
    lines = each_line(other.connection, None, left_out=OF_A_MACHINE, on_unread=left.note)
    next(lines)  # which says what the others are
    encoded = (line.encode() for line in lines)
    found = map(_as_unread, parse_lines(encoded, name_of(other.path), now=now))
    yield from _take_all(archive, other.path, found, left)
    try:
        check_carried(other.connection, left_out=OF_A_MACHINE)
    except ArchiveError as error:
        yield Carried(error=InputError(error.subject, error.what, error.advice))


def _as_unread(line: Whole | Loose | Wrong) -> Whole | Loose | Wrong:
    """A line whose files count as such that no cleaner has read here.

    Only a file itself tells what it holds: by another's word it would be passed over unread.
    """
    if isinstance(line, Whole) and "seeds" in line.parts:
        seeds = [{**row, **_UNREAD} for row in line.parts["seeds"]]
        return line._replace(parts={**line.parts, "seeds": seeds})
    if isinstance(line, Loose) and line.table == "seeds":
        return line._replace(row={**line.row, **_UNREAD})
    return line


_UNREAD = {"cleaner_version": 0}


class _Left:
    """What does not come along: pictures that cannot be read, and what was forgotten here."""

    def __init__(self, *, has_files: bool = False) -> None:
        self.has_files = has_files  # whether pictures' files come: beside Markdown they do not
        self.errors: dict[str, InputError] = {}  # by the file's name, which its content gives
        self.named: set[str] = set()  # the hashes of pictures of which is told why they do not come
        self.bare = 0  # articles that show some whose files are nowhere
        # of forgotten articles: the hashes of pictures, accounts, and links in texts
        self.pictures: set[str] = set()
        self.accounts: set[str] = set()
        self.new_accounts: set[str] = set()  # of which nothing was known here
        self.links: set[tuple[str, str]] = set()

    def note(self, error: InputError) -> None:
        self.errors.setdefault(PurePath(error.subject).name, error)
        self.named.add(PurePath(error.subject).stem)

    def note_forgotten(self, whole: Whole) -> None:
        pictures = whole.parts.get("pictures", ())
        self.pictures.update(picture["sha256"] for picture in pictures if picture["sha256"])
        self.accounts.add(whole.row["biz"])
        for revision in whole.parts.get("revisions", ()):
            self.links.update(mentions(unpack(revision["body"]).decode()))


def _take_all(
    archive: Archive, path: Path, found: Iterator[Whole | Loose | Wrong], left: _Left
) -> Iterator[Carried]:
    lines = enumerate(found, start=2)
    while True:
        with archive.transaction():
            done = [_take(archive, path, left, *line) for line in islice(lines, _AT_ONCE)]
        if not done:
            break
        yield from (carried for carried in done if carried)
    # (last, for what comes behind it may show the same)
    archive.forgotten.leave_out(left.pictures, left.accounts & left.new_accounts, left.links)
    yield from (Carried(error=error) for error in left.errors.values())
    if left.bare and left.has_files:
        what = f"{_BARE} {counted(left.bare, 'article')}"
        yield Carried(error=InputError(name_of(path), what, _BRING))


_BARE = "lacks pictures, which are neither in it nor in images/ beside it, of"
_BRING = "put that folder beside it, and bring it in again"


def _take(
    archive: Archive, path: Path, left: _Left, number: int, line: Whole | Loose | Wrong
) -> Carried | None:
    """Keep one line, whole or not at all."""
    if isinstance(line, Wrong):
        return Carried(error=line.error)
    try:
        with archive.transaction():
            if isinstance(line, Whole):
                return _keep_article(archive, line, left)
            _keep_loose(archive, line, path.parent, left)
            return None
    except InputError as error:
        what = error.what
    except sqlite3.IntegrityError as error:
        what = str(error)
    except KeyError as error:
        what = f"has a row that lacks a column ({error.args[0]})"
    return Carried(error=InputError(f"{name_of(path)}, line {number}", what, ADVICE))


def _keep_article(archive: Archive, whole: Whole, left: _Left) -> Carried:
    row = whole.row
    pictures = [
        picture
        for picture in whole.parts.get("pictures", ())
        if _failed(picture) or archive.images.has(picture["sha256"])
    ]
    given = whole.parts.get("pictures", ())
    lost = {picture["sha256"] for picture in given if picture["state"] == "stored"}
    lost -= {picture["sha256"] for picture in pictures} | left.named
    whole = whole._replace(parts={**whole.parts, "pictures": pictures})
    article_id, change = save_whole(archive.connection, whole)
    if change is Change.FORGOTTEN:
        left.note_forgotten(whole)
    else:
        left.bare += bool(lost)
    return Carried(
        article_id=article_id,
        title=row["title"],
        account=row["account"] or row["source"],
        date=row["date"],
        state=State(row["state"]),
        change=change,
    )


def _failed(picture: Mapping[str, Any]) -> bool:
    """Whether a picture's row says that none came; one that is said to be there has a hash."""
    return picture["sha256"] is None and picture["state"] != "stored"


def _keep_loose(archive: Archive, loose: Loose, folder: Path, left: _Left) -> None:
    table, row = loose
    if table == "images":
        content = _content_of(row, folder, left)
        left.has_files |= "content" in row
        if row.get("content") and sha256(content) != row["sha256"]:
            left.named.add(row["sha256"])
            raise InputError(row["path"], "holds a picture that is damaged", ADVICE)
        archive.images.store(content)
    elif table == "queue" and (archive.find(row["url"]) or archive.queue.get(row["url"])):
        # what is said of one that waits here is joined with it, in whatever order they come
        waits = archive.queue.get(row["url"]) is not None
        said = {} if waits else {name: row[name] for name in ("why", "date", "title", "source")}
        archive.queue.offer(row["request"], **said)
        join_entry(archive.connection, row)
    else:
        if table == "accounts" and not knows_account(archive.connection, row["biz"]):
            left.new_accounts.add(row["biz"])
        save_loose(archive.connection, table, row)


def _content_of(row: dict[str, Any], folder: Path, left: _Left) -> bytes:
    """A picture out of its line, or out of the file beside it; empty where neither has it."""
    with suppress(InputError, OSError, TypeError, ValueError):
        if row.get("content"):
            return b64decode(row["content"], validate=True)
        if is_place(row["path"]):
            return read_picture(folder / row["path"], left.note) or b""
    return b""
