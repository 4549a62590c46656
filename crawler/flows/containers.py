"""Container -> archive: packed files, saved mail, exports in one file, and others' databases."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, cast

from crawler.archive.files import read_warc
from crawler.archive.lines import are_ours
from crawler.article import State
from crawler.clean.containers import (
    BrokenContainerError,
    Member,
    Packed,
    documents_in,
    read_mhtml,
)
from crawler.clean.exports import (
    Document,
    decode,
    files_meant,
    is_page,
    own_source,
    pictures_named,
)
from crawler.clean.listings import Listing, ListKind
from crawler.clean.markdown import link_target, picture_address
from crawler.errors import InputError
from crawler.flows.beside import PackedBeside, PicturesBehind, packed_name
from crawler.flows.clock import shanghai_now
from crawler.flows.databases import keep_database
from crawler.flows.inputs import (
    DATABASE_SUFFIXES,
    HEAD,
    LIST_SUFFIXES,
    MHTML_SUFFIXES,
    PACKED_SUFFIXES,
    PAGE_SUFFIXES,
    SEED_SUFFIXES,
    WARC_SUFFIXES,
    begins_as_page,
    saved_at,
)
from crawler.flows.lists import ListFile, keep_listing, listing_in, plain_texts
from crawler.flows.outcome import Outcome
from crawler.flows.pages import (
    keep_html,
    keep_pages,
    keep_warc,
    page_in_file,
    told_of_damage,
)
from crawler.flows.seeds import Shared, read_documents
from crawler.flows.siblings import NONE, Siblings
from crawler.flows.wall import fenced
from crawler.inputs import name_of, open_input, read_input

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.archive import Archive

_CUT = "is larger than 32 MB; pictures behind that were left: crawler images brings what is online"
_FOLLOWED = "holds more behind the end of its page: give each page a file of its own"
_ADVICE = "give whole files: ZIP, WACZ, JEX, ENEX, MHTML, or a database of wewe-rss or we-mp-rss"
_MAX_BYTES = 128 << 20  # of a container that has to be read at once
_LISTS = tuple(sorted(LIST_SUFFIXES))
_DOCUMENTS = tuple(sorted(SEED_SUFFIXES))
_READ = (*_DOCUMENTS, *sorted(PAGE_SUFFIXES), *_LISTS, *MHTML_SUFFIXES, ".enex")
_PAGES_OF_WACZ = re.compile(r"\.wacz/pages/[^/]+\.jsonl\Z", re.IGNORECASE)
_APART = (*PACKED_SUFFIXES, *DATABASE_SUFFIXES)
_AT_ONCE = 16 << 20  # bytes of packed documents and their pictures
_MOST_WAITING = 500
_MAX_PICTURES = 64 << 20  # bytes of the pictures of one document; what is behind stays where it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Where documents go, and what helps to read them."""

    archive: Archive
    shared: Shared

    def documents(self, documents: Iterable[Document]) -> Iterator[Outcome]:
        """Bring documents in; yields one Outcome a document."""
        return read_documents(documents, self.archive, self.shared)


def keep_lists(
    lists: Sequence[ListFile], archive: Archive, siblings: Siblings = NONE
) -> Iterator[Outcome]:
    """Bring in the texts that lists carry, and put what they only name into the queue."""
    carries = any(found.path or next(found.texts(), None) for found in lists)
    intake = _intake(archive, siblings, known=carries)
    for found in lists:
        whole = found.with_texts()
        yield from intake.documents(whole.texts())
        yield from keep_listing(whole, archive)


def _intake(archive: Archive, siblings: Siblings, *, known: bool) -> Intake:
    """`known`: whether to ask the archive what was read before, which takes a while."""
    read = archive.seeds.known() if known else frozenset()
    linkless = archive.seeds.linkless() if known else frozenset()  # a pack may hold its own lists
    unsaid = archive.seeds.unsaid() if known else frozenset()
    shared = Shared(read, archive.ngram, None, shanghai_now(), siblings, linkless, unsaid)
    return Intake(archive=archive, shared=shared)


def keep_containers(
    paths: Sequence[Path], archive: Archive, siblings: Siblings = NONE
) -> Iterator[Outcome]:
    """Bring in what containers hold; yields one Outcome a document, or one of a broken file."""
    intake = _intake(archive, siblings, known=bool(paths))
    for path in paths:
        name = name_of(path)
        try:
            yield from fenced(name, _keep_container(name, path, intake))
        except InputError as error:
            yield Outcome.of_error(name, error, State.UNREADABLE)


def _keep_container(name: str, path: Path, intake: Intake) -> Iterator[Outcome]:
    lower = path.name.lower()
    if lower.endswith(DATABASE_SUFFIXES):
        shared = intake.shared.siblings
        yield from keep_database(name, path, intake.archive, intake.documents, shared)
    elif lower.endswith(PACKED_SUFFIXES):
        with io.BufferedReader(cast("io.RawIOBase", open_input(path))) as file:
            yield from _keep_packed(name, file, intake)
    else:
        content = read_input(path, _MAX_BYTES)
        yield from _keep_file(name, content, saved_at(path), intake)


def _keep_packed(name: str, file: IO[bytes], intake: Intake) -> Iterator[Outcome]:
    """The members of a packed file; its lists are read first, for they help the others."""
    none = True
    try:
        packed = Packed(file)
        if intake.shared.siblings.guess:
            lists = [
                # the texts of all lists are not in memory at once
                (f"{name}/{member.name}", [replace(link, text="") for link in listing.links])
                for member in packed.members(_LISTS)
                if (listing := _listing_beside(member))
            ]
            shared = intake.shared._replace(siblings=Siblings.of_lists(lists))
            intake = replace(intake, shared=shared)
        for outcome in _keep_members(name, packed, intake):
            none = False
            yield outcome
    except BrokenContainerError as error:
        raise InputError(name, str(error), _ADVICE) from None
    if none:
        yield Outcome(input=name, state=State.NOT_WECHAT, detail="holds no file that is read")


def _listing_beside(member: Member) -> Listing:
    """A list for the documents that lie beside it; what is wrong with it is told in its turn."""
    with suppress(InputError):
        return listing_in(member.name, member.content)
    return Listing(kind=ListKind.NONE)


def _keep_members(name: str, packed: Packed, intake: Intake) -> Iterator[Outcome]:
    """WARC files as they are unpacked; then the others, documents many at once."""
    pictures = PicturesBehind(intake.archive)
    for inside in packed.names(WARC_SUFFIXES):
        path = f"{name}/{inside}"
        pages = read_warc(Path(path), packed.stream(inside), pictures)
        yield from keep_warc(pages, path, intake.archive, pictures)
    for inside in packed.names(_APART):
        yield _to_unpack(f"{name}/{inside}", "lies in a packed file, and is not looked into there")
    waiting: list[Document] = []
    size = 0
    broken: BrokenContainerError | InputError | None = None
    try:
        for member in chain(packed.members(_READ), _nameless_pages(packed)):
            if member.problem or not member.name.lower().endswith(_DOCUMENTS):
                yield from _keep_member(name, member, packed, intake)
                continue
            waiting.append(_document(name, member, packed))
            size += _size(waiting[-1])
            if size > _AT_ONCE or len(waiting) == _MOST_WAITING:
                yield from intake.documents(waiting)
                waiting, size = [], 0
    except (BrokenContainerError, InputError) as error:
        broken = error
    yield from intake.documents(waiting)
    if packed.problem and not broken:
        broken = BrokenContainerError(packed.problem)
    if broken:
        raise broken


def _nameless_pages(packed: Packed) -> Iterator[Member]:
    """Pages without an ending, as `files_below` finds them in a folder."""
    names = (inside for inside in packed.names() if _begins_as_page(packed, inside))
    return (one for one in packed.files(names) if one.problem or is_page(one.content))


def _begins_as_page(packed: Packed, inside: str) -> bool:
    if "." in PurePosixPath(inside).name:
        return False
    with suppress(OSError), packed.stream(inside) as file:
        return begins_as_page(file.read(HEAD))
    return False


def _document(name: str, member: Member, packed: Packed) -> Document:
    """A packed text, with the pictures that it names beside it."""
    found: dict[str, bytes] = {}
    room = _MAX_PICTURES
    for target in pictures_named(decode(member.content) or ""):
        names = (packed_name(member.name, name) for name in files_meant(target))
        content = next(filter(None, map(packed.content, names)), None) if room > 0 else None
        if content:
            found[target] = content
            room -= len(content)
    return Document(name=f"{name}/{member.name}", content=member.content, pictures=found)


def _size(document: Document) -> int:
    return len(document.content) + sum(map(len, document.pictures.values()))


def _keep_member(name: str, member: Member, packed: Packed, intake: Intake) -> Iterator[Outcome]:
    inside = f"{name}/{member.name}"
    problem = member.problem or _why_apart(member.content)
    if problem:
        yield _to_unpack(inside, problem)
    elif _is_page(member):
        beside = PackedBeside(name, packed, member.name)
        saved = page_in_file(member.content, member.changed)
        yield from keep_pages(inside, saved, intake.archive, intake.shared.siblings, beside)
        for picture, why in beside.unread.items():
            yield Outcome.of_error(picture, why)
    else:
        yield from _keep_file(inside, member.content, member.changed, intake)


def _is_page(member: Member) -> bool:
    suffix = PurePosixPath(member.name).suffix.lower()
    is_called_so = suffix in PAGE_SUFFIXES or not suffix
    return is_called_so and (is_page(member.content) or bool(own_source(member.content)))


def _why_apart(content: bytes) -> str:
    """Why a packed file is read only as a file of its own; "" where it may be read as it is."""
    if are_ours(content):
        return "is what an archive was exported to, and is not read out of a packed file"
    return ""


def _to_unpack(inside: str, problem: str) -> Outcome:
    error = InputError(inside, problem, "unpack it and give the file")
    return Outcome.of_error(inside, error, State.UNREADABLE)


def _keep_file(name: str, content: bytes, saved: str, intake: Intake) -> Iterator[Outcome]:
    """One file, of a folder or out of a packed one, by what its name says it is."""
    lower = name.lower()
    if lower.endswith(MHTML_SUFFIXES):
        yield _keep_mhtml(name, content, saved, intake)
    elif lower.endswith((*_LISTS, ".enex")):
        yield from _keep_export(name, content, intake)
    else:
        yield from intake.documents([Document(name=name, content=content)])


def _keep_export(name: str, content: bytes, intake: Intake) -> Iterator[Outcome]:
    """The documents of one file, and what it only names."""
    try:
        listing = listing_in(name, content)
    except InputError as error:
        yield Outcome.of_error(name, error, State.UNREADABLE)
        return
    yield from intake.documents(chain(documents_in(name, content), plain_texts(name, listing)))
    if _PAGES_OF_WACZ.search(name):  # the words of pages that stand in its WARC
        listing = replace(listing, links=tuple(replace(one, left=False) for one in listing.links))
    yield from keep_listing(ListFile(name, listing), intake.archive)


def _keep_mhtml(name: str, content: bytes, saved: str, intake: Intake) -> Outcome:
    """A page that was saved as mail, with its pictures."""
    page = read_mhtml(content)
    if page is None:
        error = InputError(name, "holds no page that can be read", _ADVICE)
        return Outcome.of_error(name, error, State.UNREADABLE)
    kept = page_in_file(page.content, saved)
    kept = replace(kept, fetched_at=page.saved, url=page.url, charset=page.charset)
    in_body = {link_target(picture_address(at)): given for at, given in page.pictures.items()}
    pictures = {**in_body, **page.pictures, "": b""}

    def beside(copy: str) -> bytes | None:
        return pictures.get(copy) or pictures.get(copy.partition("#")[0])

    outcome = keep_html(name, kept, intake.archive, intake.shared.siblings, beside)
    if page.is_cut or page.is_followed:
        left = _CUT if page.is_cut else _FOLLOWED
        outcome = replace(outcome, left=left)
    return told_of_damage(name, kept, outcome)
