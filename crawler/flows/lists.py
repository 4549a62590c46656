"""List -> queue: files that name articles, and links that texts teach.

`fetch -f`, `queue add -f` and `reclean` read lists here, by the same code.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from crawler.article import OF_THE_LINK, State
from crawler.clean.containers import documents_in, slugs_of_omnivore
from crawler.clean.exports import TEXT, Document
from crawler.clean.listings import (
    TO_SEE_EACH,
    Listing,
    ListKind,
    read_list,
    what_is_left_out,
)
from crawler.credentials import line_without_secrets
from crawler.errors import InputError
from crawler.flows.outcome import Outcome
from crawler.flows.wall import attempt, fenced
from crawler.flows.workers import batched
from crawler.inputs import is_there, name_of, read_input, resolved
from crawler.links import as_kept, find_links
from crawler.telling import counted
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from crawler.archive import Archive
    from crawler.clean.exports import Adopted, Link

MAX_LIST_BYTES = 64 << 20  # the exporter's largest real sheet, with texts, has 40 MB
_SHOWN = 200  # characters of a line that is named
MAX_TEXT_BYTES = 4 << 20  # of an article that lies beside such a list
WHOLE = "give the whole list, as .xlsx or .csv or text, and one of very many articles in parts"
_ADVICE = "give a list: text, Markdown, CSV, XLSX, JSON, bookmarks or a feed"


def read_list_file(name: str) -> Listing:
    """Read a list, or standard input where the name is `-`.

    Raises InputError where it cannot be read or names no article.
    """
    listing = listing_in(name, content_of(name))
    if listing.problem:
        raise InputError(name, listing.problem, _ADVICE)
    return listing


def listing_in(name: str, content: bytes) -> Listing:
    """A list, read. Raises InputError where its reader broke on it."""
    listing = attempt(name, lambda: read_list(content))
    if isinstance(listing, InputError):
        raise listing
    return listing


def content_of(name: str) -> bytes:
    """The bytes of a list, or of standard input where the name is `-`.

    Raises InputError where it cannot be read or is too large.
    """
    if name != "-":
        return read_input(Path(name), MAX_LIST_BYTES)
    content = sys.stdin.buffer.read(MAX_LIST_BYTES + 1)
    if len(content) > MAX_LIST_BYTES:
        raise InputError(name, f"is larger than {MAX_LIST_BYTES >> 20} MB", "split it")
    return content


def one_link(text: str) -> str:
    """The link in what was given as one, less what stands around it; else the text as it is.

    Credentials are in neither.
    """
    found = find_links(text)
    return found[0].link if len(found) == 1 and found[0].link else line_without_secrets(text)


def refusals(name: str, listing: Listing) -> Iterator[Outcome]:
    """One outcome for each line of a list that is broken, or looks like a link and is none."""
    shown: dict[str, str] = {}  # each line once: one of a page may hold thousands of links
    for refused in listing.refused:
        line = shown.get(refused.line)
        if line is None:
            line = line_without_secrets(refused.line.strip())[:_SHOWN]
            shown[refused.line] = line
        subject = f"{name}, line {refused.number}: {line}"
        error = InputError(subject, refused.why, refused.advice)
        yield Outcome.of_error(line, error, State.NOT_WECHAT)


class ListFile(NamedTuple):
    """One file that was read as a list, or why it could not be."""

    name: str
    listing: Listing
    documents: Sequence[Document] = ()  # texts that it carries, but for those beside its links
    error: InputError | None = None
    unread: Sequence[InputError] = ()  # texts beside it that cannot be read
    path: Path | None = None  # where its texts are, if they were not kept

    @property
    def has_texts(self) -> bool:
        """Whether any text of it is read."""
        return bool(self.documents) or any(link.text for link in self.listing.links)

    @property
    def size(self) -> int:
        """How much its texts take of memory, about."""
        beside = sum(len(link.text) for link in self.listing.links)
        return sum(len(document.content) for document in self.documents) + 2 * beside

    def without_texts(self, path: Path) -> ListFile:
        """The same, with the names of its texts alone."""
        links = tuple(replace(link, text="") for link in self.listing.links)
        documents = [replace(document, content=b"") for document in self.documents]
        listing = replace(self.listing, links=links)
        return self._replace(listing=listing, documents=documents, path=path)

    def with_texts(self) -> ListFile:
        """The same with its texts, read again where they were not kept; `error` where they went."""
        if self.path is None:
            return self
        again = _open_list(self.path)
        return again._replace(listing=self.listing) if again.error else again

    def texts(self) -> Iterator[Document]:
        """All texts that it carries, those beside its links one at a time."""
        yield from self.documents
        if not self.error:
            yield from plain_texts(self.name, self.listing)


def open_lists(paths: Iterable[Path]) -> list[ListFile]:
    """Read files as lists. What they name helps documents beside them that lack a link.

    The texts of a folder of them may be more than memory has: then those of the later ones are read
    again when their turn comes.
    """
    lists: list[ListFile] = []
    room = _MOST_KEPT
    for path in paths:
        found = _open_list(path)
        room -= found.size
        if room < 0 and lists:
            found = found.without_texts(path)
        lists.append(found)
    return lists


_MOST_KEPT = 64 << 20  # bytes of texts


def _open_list(path: Path) -> ListFile:
    name = name_of(path)
    try:
        content = content_of(str(path))
    except InputError as error:
        return ListFile(name, Listing(kind=ListKind.NONE), error=error)
    listing, unread = Listing(kind=ListKind.NONE), list[InputError]()
    try:
        listing = listing_in(name, content)
        documents = [
            *fenced(name, documents_in(name, content)),
            *_texts_of_omnivore(path, content, unread),
        ]
    except InputError as error:
        return ListFile(name, listing, error=error)
    return ListFile(name, listing, documents, unread=unread)


def plain_texts(name: str, listing: Listing) -> Iterator[Document]:
    """The plain texts that a list carries beside its links."""
    for link in listing.links:
        if link.text.strip():
            content = link.text.encode("utf-8", "replace")
            known = replace(link, text="")
            yield Document(
                name=f"{name}#{link.number}", content=content, known=known, producer=TEXT
            )


def _texts_of_omnivore(path: Path, content: bytes, unread: list[InputError]) -> Iterator[Document]:
    """The texts that Omnivore keeps in files of their own, in a folder beside its metadata.

    One that cannot be read is `unread`, and the rest is read.
    """
    root = resolved(path.parent)
    for slug, link in slugs_of_omnivore(content).items():
        text = path.parent / "content" / f"{slug}.html"
        try:
            html = _text_within(root, text) if is_there(text) else b""
        except InputError as error:
            unread.append(error)
            continue
        if html:
            yield Document(name=str(text), content=html, known=link, producer="omnivore-export")


def _text_within(root: Path, path: Path) -> bytes:
    """A text below a folder. Raises InputError where it cannot be read, or a link leads out."""
    if not resolved(path).is_relative_to(root):
        what = f"is a link that leads out of {name_of(root)}"
        raise InputError(name_of(path), what, "name its target to read it")
    return read_input(path, MAX_TEXT_BYTES)


def keep_listing(found: ListFile, archive: Archive) -> Iterator[Outcome]:
    """Put what one list names into the queue; yields one Outcome for it, and one a broken line."""
    name, listing = found.name, found.listing
    if found.error:
        yield Outcome.of_error(name, found.error)
    elif listing.links:
        yield keep_list(name, listing, archive)
        yield from _left(found)
    elif listing.kind is ListKind.OPML:
        advice = "give each feed by its address: crawler fetch --feed URL"
        yield Outcome.of_error(name, InputError(name, listing.problem, advice))
    elif listing.unread:
        yield Outcome.of_error(name, InputError(name, listing.problem, WHOLE), State.UNREADABLE)
    elif not listing.refused:
        yield Outcome(input=name, state=State.NOT_WECHAT, detail=listing.problem)
    yield from refusals(name, listing)
    for error in found.unread:
        yield Outcome.of_error(error.subject, error)


def _left(found: ListFile) -> Iterator[Outcome]:
    """That a list carries texts of articles in a form that is not read; nothing where it does not.

    Whoever made it may have no other copy of them.
    """
    listing = replace(found.listing, unplaced=0) if found.has_texts else found.listing
    what = left_in(listing)
    if what:
        yield Outcome.of_error(found.name, InputError(found.name, what, KEEP_IT))


KEEP_IT = "the articles that it names wait in the queue; keep it"


def left_in(listing: Listing) -> str:
    """How many texts a list carries that are not read, in words; "" for none."""
    count = sum(link.left for link in listing.links) or listing.unplaced
    return f"carries {counted(count, 'text')} in a form that is not read" if count else ""


def keep_list(name: str, listing: Listing, archive: Archive, *, page: bytes = b"") -> Outcome:
    """Put what one list names into the queue.

    Of a `page` of bookmarks the outcome tells what of WeChat's is left out; any other may link to
    what it likes, and links to articles that are broken in it are said.
    """
    new = queue_links(archive, listing.links, why=f"named in {Path(name).name}")
    detail = counted(len(listing.links), "article")
    if listing.elsewhere:
        elsewhere = counted(listing.elsewhere, "link")
        detail += f"; {elsewhere} to other sites left alone"
    is_list = _BOOKMARKS in page[:_HEAD].lower()
    left_out = what_is_left_out(listing.refused) if is_list else ""
    error = InputError(name, left_out, TO_SEE_EACH) if left_out else None
    broken = "" if is_list or not page else _broken_in(listing)
    return Outcome(
        input=name,
        taken_for=f"list ({listing.kind})",
        detail=detail,
        queued=new,
        error=error,
        left="; ".join(filter(None, (broken, left_beside(listing)))),
    )


def _broken_in(listing: Listing) -> str:
    """What is said of the links to articles that are broken; "" for none."""
    broken = [one for one in listing.refused if one.why.startswith(_OF_BROKEN)]
    return f"{what_is_left_out(broken)}; {TO_SEE_EACH}" if broken else ""


_OF_BROKEN = ("has ", "names no article: ")


def keep_note(name: str, adopted: Adopted, archive: Archive) -> Outcome:
    """Put the article into the queue that a note is about; what names none is nothing."""
    if not adopted.links:
        return Outcome(input=name, state=State.NOT_WECHAT, detail=adopted.detail)
    error = InputError(name, adopted.left_out, TO_SEE_EACH) if adopted.left_out else None
    return Outcome(
        input=name,
        taken_for=adopted.producer,
        title=adopted.title,
        detail=adopted.detail,
        queued=queue_links(archive, adopted.links, why=f"named in {Path(name).name}"),
        error=error,
    )


def left_beside(listing: Listing) -> str:
    """What is said of links that stand beside those of their rows; "" for none."""
    number = len(listing.beside)
    verb = "is" if number == 1 else "are"
    said = f"{counted(number, 'more link')} beside those of its rows or objects {verb} left"
    return f"{said} ({listing.beside[0]}); list what you want in a file" if number else ""


_BOOKMARKS, _HEAD = b"netscape-bookmark", 1000


def queue_links(archive: Archive, links: Iterable[Link], *, why: str) -> int:
    """Put articles into the queue that the archive lacks; returns how many are new to it.

    Of articles that are whole, or wait already, better links are learned. Some are kept at a time:
    a list may name so many that others would wait for minutes to write.
    """
    return sum(_queue_some(archive, some, why) for some in batched(links))


def _queue_some(archive: Archive, links: Iterable[Link], why: str) -> int:
    with archive.transaction():
        return sum(
            archive.queue.offer(
                link.url,
                why=why,
                date=link.date or link.listed,
                title=link.title,
                source=link.account,
            )
            for link in links
        )


def note_told(archive: Archive, links: Iterable[Link]) -> None:
    """Let what waits in the queue have the title, account and day that a list tells of it."""
    telling = (link for link in links if link.title or link.account or link.date)
    for some in batched(telling):
        _queue_some(archive, (link for link in some if archive.queue.get(link.url)), "")


def learn_links(archive: Archive) -> int:
    """Let articles that wait for a signed link have it from the texts of others.

    Those too whose link WeChat refused: it may have been cut, or made up. Returns how many can be
    fetched now. No text is read for it: what each mentions was kept with it.
    """
    return archive.queue.learn(archive.queue.mentioned()) + _learn_others(archive)


def _learn_others(archive: Archive) -> int:
    known: dict[str, list[str]] = {}
    for article_id, link in archive.texts.links_to(OF_THE_LINK):
        known.setdefault(article_id, []).append(link)
    return sum(_learn_other(archive, article_id, links) for article_id, links in known.items())


def _learn_other(archive: Archive, article_id: str, links: Sequence[str]) -> bool:
    """Let one of these links of an article wait, which was not sent."""
    refused = archive.queue.refused(article_id)
    spent = {"", *(parse_url(link).signature for link in refused - {""})}
    left = [link for link in links if as_kept(link) and parse_url(link).signature not in spent]
    if not left or len(refused) > _MOST_REFUSED or archive.queue.get(article_id):
        return False
    link = min(left, key=lambda link: (parse_url(link).is_cut, link))
    with suppress(InputError):
        return archive.queue.offer(link, why="another link of it was refused")
    return False


_MOST_REFUSED = 5  # links of one article; whoever made up so many makes up more
