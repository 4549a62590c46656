"""Writes articles as an Obsidian vault: a folder an account, and local pictures in attachments.

What is written when, and what of a person's stays, is `documents`' business; what a note says is
that of `crawler.vault`.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.files import (
    SUFFIX,
    collision_key,
    cut,
    file_name,
    is_plain,
    relative,
    safe_part,
)
from crawler.archive.layouts import Layout
from crawler.characters import on_one_line, visible
from crawler.fields import day, harmless
from crawler.frontmatter import FrontMatter
from crawler.marks import with_cut_mark
from crawler.vault import (
    ATTACHMENTS,
    KEYS,
    OPTIONAL,
    SHARED,
    Note,
    plain_note,
    with_own,
    write_note,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from crawler.archive.archive import Archive, Record

_folded = lru_cache(maxsize=1 << 16)(collision_key)
"""`collision_key`, of which a plan asks several times for each name."""

_NOBODY = "未知公众号"
_FOLDER_BYTES = 180


def as_vault(archive: Archive, folder: Path) -> Layout:
    """The layout of a vault in `folder`, to which pictures are copied as notes are written."""
    bodies = {key for key, *_ in archive.named()}
    found = (
        (key, title, account, date)
        for key, _, title, account, date in archive.titled()
        if key in bodies
    )
    vault = _Vault(archive, folder, plan_vault(found))
    return Layout(
        paths=vault.paths,
        write=vault.write,
        keys=KEYS,
        optional=OPTIONAL,
        shared=SHARED,
        plain=plain_note,
        with_own=with_own,
    )


def plan_vault(articles: Iterable[tuple[str, str, str, str]]) -> dict[str, Path]:
    """Where each note goes, by key; an article is (id, title, account, date).

    The same articles get the same names in whatever order they come. Of one account's notes with
    one title each has its day behind it; where that is not enough, a mark of its key.
    """
    named = [
        (key, _folder_of(account), safe_part(title), date) for key, title, account, date in articles
    ]
    folders = _one_spelling(folder for _, folder, *_ in named)
    named = [(key, folders[_folded(folder)], stem, date) for key, folder, stem, date in named]
    titles = Counter((folder, _folded(stem)) for _, folder, stem, _ in named)
    stems = {
        key: (folder, _dated(stem, date, shared=titles[folder, _folded(stem)] > 1))
        for key, folder, stem, date in named
    }
    taken = Counter((folder, _folded(stem)) for folder, stem in stems.values())
    return {
        key: Path(folder, file_name(stem, key, shared=taken[folder, _folded(stem)] > 1))
        for key, (folder, stem) in stems.items()
    }


@cache
def _folder_of(account: str) -> str:
    name = cut(safe_part(account or _NOBODY), _FOLDER_BYTES).rstrip(" .")
    return f"{name}_" if _folded(name) == ATTACHMENTS else name


def _one_spelling(folders: Iterable[str]) -> dict[str, str]:
    """One name for folders that some file system takes for one."""
    return {_folded(folder): folder for folder in sorted(set(folders), reverse=True)}


def _dated(stem: str, date: str, *, shared: bool) -> str:
    date = day(date)  # another's archive may say anything, as a path that leads out of the vault
    dated = f"{stem} {date}"
    return dated if shared and date and is_plain(dated) else stem


class _Vault:
    """The notes of one vault, and how they are called in links."""

    def __init__(self, archive: Archive, folder: Path, paths: Mapping[str, Path]) -> None:
        self.paths = paths
        self._archive = archive
        self._folder = folder
        names = Counter(_folded(path.stem) for path in paths.values())
        self._names = {
            key: _link_name(path, alone=names[_folded(path.stem)] == 1)
            for key, path in paths.items()
        }
        self._targets: dict[str, str] = {}

    def write(self, record: Record, path: Path) -> str:
        """An article's note; the pictures that it shows are copied first."""
        note = write_note(
            _note_of(record, path.stem),
            visible(with_cut_mark(record.body, record.state)),  # or what goes would let signs meet
            target_of=self._target_of,
            pictures=self._copies(record, path),
        )
        return harmless(note)

    def _target_of(self, address: str) -> str:
        if address not in self._targets:
            key = self._archive.find(address)
            self._targets[address] = self._names.get(key or "", "")
        return self._targets[address]

    def _copies(self, record: Record, note: Path) -> dict[str, str]:
        """The copies of an article's pictures by their addresses, relative to its note."""
        copies: dict[str, str] = {}
        if "![" not in record.body:
            return copies
        images = self._archive.images
        for url, path in images.local(record.id).items():
            copy = self._folder / ATTACHMENTS / path.parent.name / path.name
            if _has_same_size(copy, path) or images.copy(path, copy):
                copies[url] = relative(copy, note.parent)
        return copies


def _link_name(path: Path, *, alone: bool) -> str:
    """How a wikilink names a note: by its name, with the folder where there are several."""
    return path.stem if alone else path.as_posix().removesuffix(SUFFIX)


def _has_same_size(copy: Path, path: Path) -> bool:
    """Whether a picture was copied, whose name is the hash of its content."""
    try:
        return copy.stat().st_size == path.stat().st_size
    except OSError:
        return False


def _note_of(record: Record, stem: str) -> Note:
    title = on_one_line(record.title)
    aliases = (title,) if title and title != stem else ()
    return Note(
        front=FrontMatter(
            title=record.title,
            url=record.url,
            source=record.source,
            date=record.date,
            fetch_date=record.fetch_date,
        ),
        state=record.state,
        account=record.account,
        author=record.author,
        published=record.published_at,
        aliases=aliases,
        topics=record.topic_names,
    )
