"""Writes documents as files, one an article, in the layout of seeds: `YYYY/MM/DD/source_title.md`.

A file is written aside, synced and renamed, so that whoever reads the folder sees the old document
or the new one and never a part. Which name an article gets follows from the archive alone; a file
that says the same already is left as it is, so that exporting again touches nothing.

What a person does to a file stays: keys of front matter and notes below the line of `marks.NOTES`
go along when the document is written anew, and a document that was changed itself is left. What was
written is known from the archive's manifest of the folder. How documents lie there is the business
of `layouts`.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from crawler.archive.files import holds, move_file, write_files
from crawler.archive.joined import SEVERAL, join_files, was_without_link
from crawler.archive.layouts import BROKEN, ExportOptions, as_seeds
from crawler.archive.saving import ExportedFile
from crawler.article import sha256
from crawler.characters import decoded
from crawler.errors import ArchiveError, InputError
from crawler.frontmatter import split_front_matter
from crawler.inputs import is_file, is_there, read_input, too_long
from crawler.marks import split_notes, split_notes_of_changed
from crawler.urls import tells_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from crawler.archive.archive import Archive, Record
    from crawler.archive.layouts import Layout

CHANGED = "was changed since it was exported"
TAKEN = "its name is taken by a file that was changed"
TOO_LONG = "which crawler reclean would not read back; export --jsonl has all of it"
STRANGE = "holds no document of this article: move it away, and export again"
SEED = "was read into the archive as it stands, as a seed is: move it away, and export again"
NO_TEXT = "is no text in UTF-8, UTF-16 or GB 18030: mend it or move it away, and export again"
_AT_ONCE = 200  # files between two looks into the manifest
_MAX_NOTES = 8 << 20  # bytes that a person's file may have beside our document
_MAX_DOCUMENT = 72 << 20  # bytes: a text of the largest page, and notes
_NEW = ExportedFile(article_id="", path="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """One article and the file that holds its document.

    `written` is false where the file said the same before; `left` says why it holds something else.
    """

    article_id: str
    title: str
    path: Path
    written: bool
    left: str = ""


def export(
    archive: Archive,
    folder: Path,
    options: ExportOptions | None = None,
    layout: Layout | None = None,
) -> Iterator[Exported]:
    """Write every article that has a body below `folder`; yields one Exported an article, by key.

    The layout is that of seeds, unless another is given. Of articles that became one, files in
    which a person wrote are left, each with an Exported of its own, before all others. What another
    process brings meanwhile is left to the next export. Raises ArchiveError where a file cannot be
    written, or is a seed; what was yielded before is whole and on disk.
    """
    options = options or ExportOptions()
    layout = layout or as_seeds(archive, options)
    for file in join_files(archive, folder, layout) if options.keep_manifest else ():
        record = archive.get(file.article_id)
        title = record.title if record else ""
        yield Exported(
            article_id=file.article_id, title=title, path=file.path, written=False, left=SEVERAL
        )
    run = _Run(archive, folder, options, layout)
    records, late = archive.records(only_bodies=True), set[str]()
    while some := list(islice(records, _AT_ONCE)):
        planned = [record for record in some if record.id in layout.paths]
        late.update({record.id for record in some} - layout.paths.keys())
        yield from run.write([(record, layout.paths[record.id]) for record in planned])
    _check_late(archive, late)


class _Run:
    """One export into one folder."""

    def __init__(
        self, archive: Archive, folder: Path, options: ExportOptions, layout: Layout
    ) -> None:
        self.archive = archive
        self.folder = folder
        self.options = options
        self.layout = layout
        self.known = archive.exported.below(folder)
        self.owners = {file.path: article_id for article_id, file in self.known.items()}
        self._pending: list[tuple[Path, bytes, bytes | None]] = []
        self._moved: list[ExportedFile] = []

    def write(self, tasks: Sequence[tuple[Record, Path]]) -> list[Exported]:
        """Write some documents, and note those that are not there yet before and after it."""
        done: dict[str, Exported] = {}
        waiting: list[tuple[Record, Path, str]] = []
        for record, path in tasks:
            target = self.folder / path
            document = self.layout.write(record, target)
            content = document.encode()
            what = too_long(content)
            if what:
                done[record.id] = replace(_unwritten(record, target), left=f"{what}, {TOO_LONG}")
            elif self._is_there(record, path, target, content):
                done[record.id] = _unwritten(record, target)
            else:
                waiting.append((record, path, document))
        done |= {one.article_id: one for one in self._write_all(waiting)}
        return [done[record.id] for record, _ in tasks]

    def _is_there(self, record: Record, path: Path, target: Path, content: bytes) -> bool:
        """Whether the file is known to be ours, and says just this."""
        known = self.known.get(record.id)
        if known is None or not known.sha256 or known.writing or known.path != path.as_posix():
            return False
        try:
            return holds(target, content)
        except OSError:
            return False

    def _write_all(self, tasks: Sequence[tuple[Record, Path, str]]) -> list[Exported]:
        documents = [document for *_, document in tasks]
        hashes = [sha256(self.layout.plain(document).encode()) for document in documents]
        started = [
            self._started(self._settled(record), path, fresh)
            for (record, path, _), fresh in zip(tasks, hashes, strict=True)
        ]
        self._note(started)
        self._pending, self._moved = [], []
        done = [self._write(*task) for task in tasks]
        if self._moved:
            self._note(self._moved)
        changed = write_files(self._pending)  # by a person who saved one since it was read
        done = [
            replace(one, written=False, left=CHANGED) if one.path in changed else one
            for one in done
        ]
        self._note(self._finished(one, fresh) for one, fresh in zip(done, hashes, strict=True))
        return done

    def _started(self, file: ExportedFile, path: Path, fresh: str) -> ExportedFile:
        """What is known of a file before it says what it shall."""
        writing = fresh if file.sha256 != fresh else ""
        return replace(file, path=file.path or path.as_posix(), writing=writing)

    def _known(self, article_id: str) -> ExportedFile:
        return self.known.get(article_id) or replace(_NEW, article_id=article_id)

    def _settled(self, record: Record) -> ExportedFile:
        """What is known of an article's file; where an export was killed, what reached the disk."""
        file = self._known(record.id)
        if not file.writing:
            return file
        with suppress(InputError):
            old = read_input(self.folder / file.path, record.characters * 4 + _MAX_NOTES)
            text, _ = split_notes(decoded(old) or "")
            split = self.layout.split_of(text, {file.sha256, file.writing})
            if split and sha256(split[1].encode()) == file.writing:
                return replace(file, sha256=file.writing)
        return file

    def _note(self, files: Iterable[ExportedFile]) -> None:
        """Note what is new of some files, here and in the archive."""
        new = [file for file in files if file != self.known.get(file.article_id)]
        self.known.update({file.article_id: file for file in new})
        # (what is about to be written may find another's file there, which is not moved yet)
        self.owners.update({file.path: file.article_id for file in new if file.sha256})
        if self.options.keep_manifest:
            self.archive.exported.note(self.folder, new)

    def _finished(self, exported: Exported, fresh: str) -> ExportedFile:
        known = self._known(exported.article_id)
        if exported.left:
            return replace(known, writing="")
        path = exported.path.relative_to(self.folder).as_posix()
        return replace(known, path=path, sha256=fresh, writing="")

    def _write(self, record: Record, path: Path, document: str) -> Exported:
        """Write one document, or let it be written with the others of its batch."""
        target = self.folder / path
        exported = _unwritten(record, target)
        owner = self.owners.get(path.as_posix(), record.id)
        try:
            if owner != record.id and not self._has_room(record, owner, target):
                return replace(exported, left=TAKEN)
            source, new = self._source(record, target), document.encode()
        except InputError as error:  # a folder that may not be entered, or a sick disk
            return replace(exported, left=error.what)
        if source is None:
            self._pending.append((target, new, None))
            return replace(exported, written=True)
        try:
            old = read_input(source, len(new) + _MAX_NOTES)
        except InputError as error:  # a pipe, a device, a folder, or gigabytes
            return replace(exported, path=source, left=error.what)
        if source == target and old == new:
            return exported
        if not self._known(record.id).sha256:
            _check_no_seed(self.archive, source, old)
        content, left = self._anew(record, old, document)
        if left:
            return replace(exported, path=source, left=left)
        left = self._renamed(record, source, target)
        if left:
            return replace(exported, path=source, left=left)
        self._pending.append((target, content, old))
        return replace(exported, written=source != target or content != old)

    def _anew(self, record: Record, old: bytes, document: str) -> tuple[bytes, str]:
        """The document with what a person added to its file; or nothing, and why that is left."""
        text = decoded(old)
        if text is None:
            return b"", NO_TEXT
        plain, notes = split_notes(text)
        own = self._own_of(record.id, plain)
        if own is None and not self.options.overwrite:
            return b"", CHANGED
        if not self._is_ours(record.id, old, text):
            is_seed = self.archive.seeds.gave_article(sha256(old))
            return b"", SEED if is_seed else STRANGE
        if own is None:
            plain, notes = split_notes_of_changed(text, document)
            own = self.layout.own_of_changed(record, plain, document)
        if own is None:
            return b"", BROKEN
        whole, left = self.layout.written(document, own)
        if notes:
            whole = f"{whole.rstrip()}\n\n{notes}"
        content = whole.encode()
        what = too_long(content)
        if what and not left:
            left = f"with its notes it {what}, {TOO_LONG}"
        return (b"" if left else content), left

    def _is_of(self, article_id: str, content: bytes, text: str) -> bool:
        """Whether a file, and the text that it is, names an article as its own, and is no seed.

        What the manifest says is not enough: another archive's lines bring theirs, and would have
        a person's file replaced or removed.
        """
        front, _ = split_front_matter(text)
        if front is None or self.archive.seeds.gave_article(sha256(content)):
            return False
        leads_here = bool(front.url) and self.archive.find(front.url) == article_id
        if front.url and not tells_none(front.url):
            return leads_here
        found = self.archive.get(article_id)
        if found is None or (found.url, found.title) == (front.url, front.title):
            return found is not None
        # as where a link of it was found since; where others stand as well only what we wrote is
        is_told = front.title == found.title or self._is_unchanged(article_id, text)
        return leads_here and is_told

    def _is_ours(self, article_id: str, content: bytes, text: str) -> bool:
        """Whether a file is an article's, perhaps as it was written before its link was found."""
        return self._is_of(article_id, content, text) or (
            self._is_unchanged(article_id, text)
            and was_without_link(self.archive, article_id, content, text)
        )

    def _is_unchanged(self, article_id: str, text: str) -> bool:
        """Whether a text is the document that was written, with what a person added at most."""
        return self._own_of(article_id, split_notes(text)[0]) is not None

    def _source(self, record: Record, target: Path) -> Path | None:
        """The file that the article has: in its place, or where it was under another name.

        That may be another article's by now, and its own be aside, where an export was killed.
        """
        if is_there(target):
            return target
        known = self._known(record.id).path
        before = self.folder / known
        places = [before, _aside_of(before, record.id)] if known else []
        there = [path for path in places if is_file(path)]
        own = (path for path in there if self._holds(record.id, path))
        strange = (path for path in there if not self._is_anothers(record.id, path))
        return next(own, None) or next(strange, None)

    def _renamed(self, record: Record, source: Path, target: Path) -> str:
        """Give the file of an article its new name; why that cannot be.

        It has its new text later, so that there is one file whenever an export is killed.
        """
        if source == target:
            return ""
        try:
            move_file(source, target)
        except ArchiveError as error:  # as where an editor has it open
            return f"has another name now, {target.name}, and {error.what}"
        path = target.relative_to(self.folder).as_posix()
        self._moved.append(replace(self._known(record.id), path=path))
        return ""

    def _has_room(self, record: Record, owner: str, target: Path) -> bool:
        """Whether a file can be written where another article's was, which is moved aside."""
        if not is_there(target) or self._holds(record.id, target):
            return True
        file, aside = self.known[owner], _aside_of(target, owner)
        if file.path != target.relative_to(self.folder).as_posix() or is_there(aside):
            return False
        if not self._holds(owner, target):
            return False
        try:
            target.rename(aside)
        except OSError:
            return False
        self._note([replace(file, path=aside.relative_to(self.folder).as_posix())])
        return True

    def _holds(self, article_id: str, path: Path) -> bool:
        """Whether a file is the document of an article."""
        with suppress(InputError):
            content = read_input(path, _MAX_DOCUMENT)
            return self._is_ours(article_id, content, decoded(content) or "")
        return False

    def _is_anothers(self, article_id: str, path: Path) -> bool:
        """Whether a file is the document of another article."""
        with suppress(InputError):
            front, _ = split_front_matter(decoded(read_input(path, _MAX_DOCUMENT)) or "")
            found = self.archive.find(front.url) if front else None
            return found is not None and found != article_id
        return False

    def _own_of(self, article_id: str, text: str) -> str | None:
        """The keys that a person added to a file; None where they changed the document itself."""
        known = self._known(article_id)
        split = self.layout.split_of(text, {known.sha256, known.writing})
        return split[0] if split else None


def _aside_of(path: Path, article_id: str) -> Path:
    """Where an article's file waits for its turn while another one has its name."""
    return path.with_name(f"{path.stem}~{sha256(article_id.encode())[:10]}.md")


def _unwritten(record: Record, path: Path) -> Exported:
    return Exported(article_id=record.id, title=record.title, path=path, written=False)


def _check_late(archive: Archive, late: AbstractSet[str]) -> None:
    """Raises ArchiveError where an article that nobody named did not come meanwhile: it is there.

    Whoever names all of them asks an index, which may be damaged.
    """
    if not late:
        return
    for key in late - {key for key, *_ in archive.named()}:
        record = archive.get(key)
        if record is not None and record.id == key and record.body_hash:
            what = f"table articles, {key}: its index and its row say different things"
            raise ArchiveError("the archive", what, "run: crawler audit")


def _check_no_seed(archive: Archive, path: Path, content: bytes) -> None:
    """Keep an export from writing over the very seeds that the archive was made of.

    Their layout is the same.
    """
    if archive.seeds.gave_article(sha256(content)):
        what = "is a seed that the archive was made of, and an export would write over it"
        raise ArchiveError(str(path), what, "export to another folder; nothing was lost")
