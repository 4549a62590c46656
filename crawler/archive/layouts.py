"""How documents lie in a folder, and how each is told from what a person made of it.

Here is the layout of seeds; `vaults` has another.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.archive.files import collision_key, file_name, folder_of, plain_name
from crawler.article import sha256
from crawler.fields import harmless, sound
from crawler.frontmatter import (
    PROPERTIES,
    WRITTEN,
    Edited,
    by_key,
    keys_of,
    plain_document,
    plain_value,
    with_lines,
    with_properties,
)
from crawler.marks import with_cut_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping

    from crawler.archive.archive import Archive, Record

BROKEN = "has front matter that cannot be read: mend it, and export again"
CLASH = "has a key of its own that is one of ours now ({}): rename it, and export again"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """How an export is done.

    `rewrite` gives the document in place of the stored one, such as one whose pictures are local,
    for its path. `properties`: front matter says state, account, author and moment of publication
    too. `overwrite`: documents that a person changed are written anew. `keep_manifest` is false
    where the archive cannot be written: then a file that was changed cannot be told from one of an
    earlier export, and is left.
    """

    rewrite: Callable[[Record, Path], str] | None = None
    properties: bool = False
    overwrite: bool = False
    keep_manifest: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How documents lie in a folder, and how each is told from what a person made of it.

    `paths` are those of the articles below the folder, by key; `write` gives an article's document
    for its path. `keys` are those of front matter that are ours, and `optional` those of them that
    we do not always write; `told` gives what we may write there. `plain` is a document of ours as
    `frontmatter.Edited` gives it, and `with_own` one with a person's own keys, which are whole
    lines, or None where they cannot be read; they may have ours that are `shared`, too.
    """

    paths: Mapping[str, Path]
    write: Callable[[Record, Path], str]
    keys: tuple[str, ...] = WRITTEN
    optional: tuple[str, ...] = PROPERTIES
    shared: tuple[str, ...] = ()
    told: Callable[[Record], Mapping[str, str]] = lambda _: {}
    plain: Callable[[str], str] = plain_document
    with_own: Callable[[str, str], str | None] = with_lines

    def splits_of(self, text: str) -> Iterator[tuple[str, str]]:
        """A person's own keys, and what we wrote without them, in each way that it may be."""
        return Edited(text, self.keys).splits(self.optional)

    def split_of(self, text: str, ours: Container[str]) -> tuple[str, str] | None:
        """The first of those of which what we wrote has one of these hashes."""
        splits = self.splits_of(text)
        return next((split for split in splits if sha256(split[1].encode()) in ours), None)

    def says_more(self, own: str, document: str, title: str) -> bool:
        """Whether own keys of a file with a title say more than we write ourselves.

        That is what its `document` says now, and another name of the file, which is its title.
        """
        head, _, _ = document.removeprefix("---\n").partition("\n---\n")
        written = (lines for key, lines in by_key(head.split("\n")) if key in self.shared)
        ours = {title}.union(*map(_items, written))
        return any(
            not _items(lines) <= ours if key in self.shared else lines.strip()
            for key, lines in by_key(own.split("\n"))
        )

    def own_of_changed(self, record: Record, text: str, document: str) -> str | None:
        """The keys that are a person's, and none of ours, in a document that they changed.

        None where ours cannot be read.
        """
        edited, told = Edited(text, self.keys), self.told(record)
        ours = keys_of(document)
        theirs = [
            key
            for key in self.optional
            if key not in ours and edited.values.get(key) != told.get(key, "")
        ]
        split = edited.split(theirs)
        return split[0] if split else None

    def written(self, document: str, own: str) -> tuple[str, str]:
        """A document of ours with a person's own keys; or nothing, and why it cannot have them."""
        theirs = keys_of(f"---\n{own}\n---\n")
        clashing = sorted((theirs & keys_of(document)) - {*self.shared, ""})
        if clashing:
            return "", CLASH.format(", ".join(clashing))
        whole = self.with_own(document, own)
        return (whole, "") if whole is not None else ("", BROKEN)


def _items(lines: str) -> set[str]:
    """What a list of front matter holds; its lines where it is none."""
    value = plain_value(lines)
    return set(value) if isinstance(value, list) else {lines}


def as_seeds(archive: Archive, options: ExportOptions) -> Layout:
    """The layout of seeds, which `crawler reclean` reads back."""

    def write(record: Record, path: Path) -> str:
        whole = options.rewrite(record, path) if options.rewrite else record.document
        document = harmless(with_cut_mark(whole, record.state))
        return with_properties(document, _told(record)) if options.properties else document

    return Layout(paths=plan(archive.named()), write=write, told=_told)


def _told(record: Record) -> dict[str, str]:
    return {
        "state": record.state,
        "account": sound("account", record.account),
        "author": sound("author", record.author),
        "published": sound("published_at", record.published_at),
    }


def plan(articles: Iterable[tuple[str, str, str, str]]) -> dict[str, Path]:
    """Where each article's file goes, by key; an article is (id, date, source, title).

    The same articles get the same names in whatever order they come.
    """
    stems = {
        key: (folder_of(date), plain_name(source, title)) for key, date, source, title in articles
    }
    taken = Counter((folder, collision_key(stem)) for folder, stem in stems.values())
    return {
        key: Path(folder, file_name(stem, key, shared=taken[folder, collision_key(stem)] > 1))
        for key, (folder, stem) in stems.items()
    }
