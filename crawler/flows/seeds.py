"""Seed -> archive.

Files are read and cleaned on every core, and one writer saves them in batches.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive import Change
from crawler.archive.saving import Arrival, arrival_of, names_of
from crawler.article import State, loose_key, sha256
from crawler.clean.exports import Document, Form
from crawler.clean.listings import TO_SEE_EACH
from crawler.clean.seeds import SEVERAL, holds_several, read_seed
from crawler.errors import InputError
from crawler.flows.adopt import keep_pictures, mention_in, read_document
from crawler.flows.articles import article_of_seed, as_dated
from crawler.flows.batches import Batch, by_account, by_number
from crawler.flows.clock import shanghai_now
from crawler.flows.doubts import Doubts
from crawler.flows.lists import queue_links
from crawler.flows.outcome import Outcome
from crawler.flows.promotion import learn_arrivals
from crawler.flows.results import FileResult, as_kept_away, as_waited_for
from crawler.flows.same import Titles, are_two, identified, join_copy
from crawler.flows.siblings import NONE, Siblings
from crawler.flows.wall import attempt
from crawler.flows.workers import BATCH, in_batches
from crawler.inputs import MAX_DOCUMENT_BYTES, name_of, read_input, too_long
from crawler.urls import is_wechat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.config import PromoConfig
    from crawler.flows.promotion import Learned, Stripping

# of bodies a transaction: the index costs a third more for each of 400 bodies than of 1,600
CHARACTERS = 3_500_000
# a transaction at most, as many seeds have no body: so the progress bar moves every few seconds
BATCHES = 8
_AT_ONCE = 16 << 20  # bytes of documents that wait to be saved, with their pictures
_TEXT_AT_ONCE = 1 << 20  # bytes of them without; what is indexed of it takes forty times that


class Shared(NamedTuple):
    """What every file is read with."""

    known: frozenset[str]  # SHA-256 of files that were read before
    ngram: int | None  # what the full-text index holds
    promo: PromoConfig | None  # how promotion is learned, where that is asked for
    now: datetime  # after which no input can have been made
    siblings: Siblings = NONE  # what lists beside the files say
    linkless: frozenset[str] = frozenset()  # of those files, which name no link: a list may tell it
    unsaid: frozenset[tuple[str, str]] = frozenset()  # what of whose articles nobody has said yet


class BatchResult(NamedTuple):
    """What a batch gave.

    `learned` is what it teaches of the promotion of its accounts, where it holds all of them.
    """

    results: list[FileResult]
    complete: bool  # copied from the batch
    learned: list[Learned]


def reclean(  # noqa: PLR0913  (what a run knows beside its files)
    files: Sequence[Path],
    archive: Archive,
    *,
    workers: int = 1,
    stripping: Stripping | None = None,
    siblings: Siblings = NONE,
    now: Callable[[], datetime] = shanghai_now,
) -> Iterator[Outcome]:
    """Clean seed files into the archive.

    Yields one Outcome a file, in order, once its transaction is on disk.

    `stripping` takes off the promotion of accounts in the transaction that brings all their seeds,
    so that the index need not take back what it just got. For that the files are read account by
    account, not in the order given. `siblings` is what lists beside the files say of articles.
    """
    promo = stripping.config if stripping else None
    linkless = archive.seeds.linkless() if siblings.by_folder else frozenset()
    shared = Shared(archive.seeds.known(), archive.ngram, promo, now(), siblings, linkless)
    given = by_account(files) if stripping else by_number(files)
    for batches in _together(in_batches(read_batch, given, shared, workers=workers)):
        with archive.transaction():
            last = archive.last_row()
            found = [result for batch in batches for result in batch.results]
            outcomes = _save(found, archive, guess=siblings.guess)
            if all(batch.complete for batch in batches):
                archive.name_articles(after=last)
            if stripping:
                for learned in chain.from_iterable(batch.learned for batch in batches):
                    stripping.strip(learned.account, learned)
        yield from outcomes


def _together(batches: Iterable[BatchResult]) -> Iterator[list[BatchResult]]:
    """As much as makes one transaction.

    The more text, the less it costs to index, sort and sync to disk.
    """
    waiting: list[BatchResult] = []
    files = characters = 0
    for batch in batches:
        waiting.append(batch)
        files += len(batch.results)
        characters += sum(len(result.arrival.body) for result in batch.results if result.arrival)
        if files >= BATCHES * BATCH or characters >= CHARACTERS:
            yield waiting
            waiting, files, characters = [], 0, 0
    if waiting:
        yield waiting


def _save(results: Sequence[FileResult], archive: Archive, *, guess: bool) -> list[Outcome]:
    """What became of each result, in order, after what is new of them was saved."""
    doubts = Doubts(archive)
    results = doubts.parted(results)
    away = {index for index, one in enumerate(results) if _is_away(one, archive)}
    results = _identified(results, archive) if guess else results
    results = [as_waited_for(result, archive) for result in doubts.told(results)]
    waited = _waited(results, archive)
    arrivals = {
        index: _unread(result.arrival) if result.lacks else result.arrival
        for index, result in enumerate(results)
        if result.arrival
        and index not in away
        and not (result.has_no_page and archive.shows(result.arrival))
    }
    changes = dict(zip(arrivals, archive.save_all(list(arrivals.values())), strict=True))
    changes |= dict.fromkeys(away, Change.FORGOTTEN)
    for key, article_id in waited:
        join_copy(archive, key, article_id)
    archive.seeds.note_strangers(
        (result.input_sha256, result.outcome.input) for result in results if result.is_strange
    )
    results = [
        as_kept_away(one, archive) if index in away else one for index, one in enumerate(results)
    ]
    return [_outcome(result, changes.get(index), archive) for index, result in enumerate(results)]


def _is_away(result: FileResult, archive: Archive) -> bool:
    """Whether a copy was forgotten before anybody knew its link.

    A list may tell of it by now that it is another article, which says the same of itself.
    """
    copy = result.linkless
    keys = [copy.id, loose_key(copy.title, copy.account, copy.date)] if copy else [result.own_key]
    mark = next(filter(None, map(archive.forgotten.find, filter(None, keys))), None)
    if mark and copy:
        return not archive.forgotten.spares(copy.title, copy.account, copy.date)
    if mark is None or result.arrival is None:
        return mark is not None
    return not are_two(mark.article_id, result.arrival.id)


def _waited(results: Iterable[FileResult], archive: Archive) -> list[tuple[str, str]]:
    """The rows under which copies waited whose link is known now, and the articles' keys."""
    told = {
        result.input_sha256: result.arrival.id
        for result in results
        if result.arrival and result.arrival.links and not result.linkless
    }
    rows = archive.seeds.waiting(told) if told else {}
    return [(key, told[sha256]) for sha256, key in rows.items()]


def _unread(arrival: Arrival) -> Arrival:
    """The same, whose file counts as one that no cleaner has read: it is read again."""
    return arrival._replace(seed=arrival.seed and (*arrival.seed[:-1], 0))


def _identified(results: Sequence[FileResult], archive: Archive) -> Sequence[FileResult]:
    """The results, copies without a link under the keys of the articles that they are."""
    if not any(result.linkless for result in results):
        return results
    titles = Titles.of_archive(archive)
    return [_with_key(result, titles, archive) for result in results]


def _with_key(result: FileResult, titles: Titles, archive: Archive) -> FileResult:
    if result.linkless is None:
        return result
    article = identified(result.linkless, titles, archive)
    outcome = replace(result.outcome, article_id=article.id)
    return result._replace(outcome=outcome, arrival=arrival_of(article, result.outcome.input))


def _outcome(result: FileResult, change: Change | None, archive: Archive) -> Outcome:
    if result.known:
        state = archive.seeds.state_of(result.input_sha256)
        change = None if state is State.NOT_WECHAT else Change.UNCHANGED
        return replace(result.outcome, state=state, change=change)
    if result.arrival:
        if result.pictures and change and change.wrote:
            keep_pictures(archive, result.arrival.id, result.pictures, at=result.arrival.event[0])
        return replace(result.outcome, change=change or Change.UNCHANGED)
    if result.queued:
        why = f"named in {PurePath(result.outcome.input).name}"
        queued = queue_links(archive, result.queued, why=why)
        return replace(result.outcome, queued=queued)
    return result.outcome


def read_batch(batch: Batch, shared: Shared) -> BatchResult:
    """Read and clean some seed files. Never raises for what they hold."""
    results = [_read_file(path, shared) for path in batch.paths]
    arrivals = [result.arrival for result in results if result.arrival]
    learned = learn_arrivals(arrivals, shared.promo) if shared.promo and batch.complete else []
    if shared.ngram:
        names = names_of(arrivals) if batch.complete else {}
        results = list(_with_tokens(results, shared.ngram, learned, names))
    return BatchResult(results, batch.complete, learned)


def _with_tokens(
    results: Iterable[FileResult], ngram: int, learned: Iterable[Learned], names: Mapping[str, str]
) -> Iterator[FileResult]:
    """The same with tokens of what their rows will hold, as far as can be told here."""
    shorter = {key: body for account in learned for key, body, _ in account.shown}
    for result in results:
        arrival = result.arrival
        if arrival:
            body = shorter.get(arrival.id, arrival.body)
            account = arrival.account or names.get(arrival.biz, "")
            arrival = arrival.with_tokens(ngram, body=body, account=account)
        yield result._replace(arrival=arrival)


def _read_file(path: Path, shared: Shared) -> FileResult:
    """Read and clean one file, unless its SHA-256 is known."""
    name = name_of(path)
    try:
        content = read_input(path, MAX_DOCUMENT_BYTES)
    except InputError as error:
        return FileResult(Outcome.of_error(name, error))
    return _read_anew(Document(name=name, content=content), sha256(content), shared)


def _read_anew(document: Document, input_sha256: str, shared: Shared) -> FileResult:
    """Read and clean a document that was not read before, or for whose link a list may help."""
    known = FileResult(Outcome(input=document.name), input_sha256, known=True)
    if input_sha256 not in shared.known:
        return _clean(document, input_sha256, shared)
    if not (shared.siblings.by_folder and input_sha256 in shared.linkless):
        return known
    result = _clean(document, input_sha256, shared)
    has_link = result.arrival is not None and result.linkless is None
    return result if has_link else known


def read_documents(
    documents: Iterable[Document], archive: Archive, shared: Shared
) -> Iterator[Outcome]:
    """Clean documents that a container holds into the archive; yields one Outcome a document."""
    for some in _some_of(documents):
        results = [_read_document(document, shared) for document in some]
        if shared.ngram:
            results = list(_with_tokens(results, shared.ngram, [], {}))
        with archive.transaction():
            outcomes = _save(results, archive, guess=shared.siblings.guess)
        yield from outcomes


def _some_of(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """So many documents at a time as a transaction takes, and memory."""
    some: list[Document] = []
    size = text = 0
    for document in documents:
        some.append(document)
        text += len(document.content)
        size += len(document.content) + sum(map(len, document.pictures.values()))
        if len(some) == BATCH or size > _AT_ONCE or text > _TEXT_AT_ONCE:
            yield some
            some, size, text = [], 0, 0
    if some:
        yield some


def _read_document(document: Document, shared: Shared) -> FileResult:
    """Read one document, unless it was read before as a copy of the same article.

    Again where it says what of that article nobody knows: a feed of one account says whose it is,
    where one of many does not.
    """
    known = document.known
    told = known.url.encode("utf-8", "replace") if known else b""
    input_sha256 = sha256(told + document.content)
    if any((name, input_sha256) in shared.unsaid and getattr(known, name, "") for name in _SAID):
        return _clean(document, input_sha256, shared)
    return _read_anew(document, input_sha256, shared)


_SAID = ("account", "date")


def _objection(document: Document) -> InputError | None:
    """Why a document is not read: it is no one seed's; what a list holds is one article's text."""
    what = too_long(document.content)
    if what:
        return InputError(document.name, what, _NO_ARTICLE)
    if not document.known and holds_several(document.content):
        return InputError(document.name, SEVERAL, "give each a file of its own")
    return None


_NO_ARTICLE = (
    "no article has; if it is a list of links: crawler queue add -f FILE; else leave it out"
)


def _clean(document: Document, input_sha256: str, shared: Shared) -> FileResult:
    """What a document is. One on which a reader broke is read again by the next run."""
    result = attempt(document.name, lambda: _cleaned(document, input_sha256, shared))
    if isinstance(result, InputError):
        return FileResult(Outcome.of_error(document.name, result, State.UNREADABLE))
    return result


def _cleaned(document: Document, input_sha256: str, shared: Shared) -> FileResult:
    name, content = document.name, document.content
    error = _objection(document)
    if error:
        return FileResult(Outcome.of_error(name, error, State.UNREADABLE), input_sha256)
    seed = read_seed(content)
    if document.known or seed.state is State.UNREADABLE or seed.front is None:
        return _adopt(document, input_sha256, shared)
    if seed.state is State.NOT_WECHAT or not is_wechat(seed.front.url):
        outcome = Outcome(input=name, state=State.NOT_WECHAT)
        return FileResult(outcome, input_sha256, is_strange=True)
    article = as_dated(article_of_seed(seed, seed.front, evidence=input_sha256), shared.now)
    arrival = arrival_of(article, name)
    outcome = replace(Outcome.of_article(name, article), left=seed.left)
    return FileResult(outcome, input_sha256, arrival, has_no_page=seed.has_no_page)


def judge_again(document: Document, now: Callable[[], datetime] = shanghai_now) -> str:
    """What a file that was read before is said to be today, as `reclean` would say it.

    "" where it says nothing by itself: what another tool wrote may need the lists beside it.
    """
    shared = Shared(frozenset(), ngram=None, promo=None, now=now())
    result = _clean(document, sha256(document.content), shared)
    if result.arrival or result.is_strange:
        return str(result.outcome.state)
    return ""


def _adopt(document: Document, input_sha256: str, shared: Shared) -> FileResult:
    """Read a document that is no seed as what another tool wrote."""
    name, content = document.name, document.content
    reading = read_document(document, input_sha256, shared.siblings)
    adopted, article = reading.adopted, reading.article
    if article is not None:
        article = as_dated(article, shared.now)
        outcome = Outcome.of_article(name, article)
        outcome = replace(outcome, taken_for=adopted.producer, left=adopted.left_out)
        linkless = None if article.url else article
        says_all = linkless or (article.account and article.date)
        unsaid = None if says_all else article
        return FileResult(
            outcome,
            input_sha256,
            arrival_of(article, name),
            pictures=reading.pictures,
            linkless=linkless,
            own_key=reading.own_key,
            without=reading.without and as_dated(reading.without, shared.now),
            lacks=reading.lacks,
            unsaid=unsaid,
        )
    state = adopted.state if adopted.form is Form.REFUSE else None
    outcome = Outcome(
        input=name,
        state=state,
        title=adopted.title,
        detail=adopted.detail,
        taken_for=adopted.producer,
        left=mention_in(adopted, content),
    )
    if adopted.state is State.UNREADABLE and content.strip():
        error = InputError(name, adopted.detail, "give seeds, pages, or what other tools wrote")
        outcome = Outcome.of_error(name, error, State.UNREADABLE)
    if adopted.left_out:
        outcome = replace(outcome, error=InputError(name, adopted.left_out, TO_SEE_EACH))
    return FileResult(outcome, input_sha256, queued=adopted.links)
