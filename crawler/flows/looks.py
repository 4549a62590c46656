"""One look at an article's page -> archive: the same whoever looked, the fetcher or a reader."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.archive import Change
from crawler.archive.saving import Seen
from crawler.article import OF_THE_LINK, Origin, State, sha256
from crawler.clean.pages import Page, read_page, shrink_page
from crawler.errors import InputError
from crawler.flows.articles import article_of_page, as_listed
from crawler.flows.wall import attempt
from crawler.links import as_kept, signed_links
from crawler.times import SKEW, as_written
from crawler.urls import parse_url

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.archive import Archive
    from crawler.archive.reading import Record
    from crawler.article import Article
    from crawler.urls import ArticleUrl

# doubled with each attempt: blocks last about so long, and so do hiccups
RETRY_AFTER = timedelta(hours=6)
_MOVED = "a migrated article went there"
_SAME_COPY = ("origin", "state", "title", "modified_at", "body_hash", "cleaner_version")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One page as it came: what was read of it, and the evidence."""

    page: Page
    content: bytes
    charset: str
    status: int | None
    at: str
    head: str = ""  # what a server sent before it, where that is known
    origin: Origin = Origin.FETCH


def page_of(content: bytes, *, charset: str, url: str) -> Page:
    """A page as it is read; one on which the reader broke is unreadable, and asked for again."""
    page = attempt(url, lambda: read_page(content, charset=charset, url=url))
    if isinstance(page, InputError):
        return Page(state=State.UNREADABLE, detail=page.what)
    return page


def read_look(content: bytes, *, charset: str, url: str, status: int | None) -> Page:
    """A page as it came, with what the status of the answer says of it."""
    page = page_of(content, charset=charset, url=url)
    if status == 429:
        return replace(page, state=State.RATE_LIMITED, detail="HTTP status 429")
    if status and status >= 400 and not page.state.has_body:
        return replace(page, detail=f"{page.detail} (HTTP status {status})")
    return page


def article_of_look(look: Look, url: ArticleUrl) -> Article:
    """The record of what was seen at an address.

    Raises InputError where the link is temporary and the page tells none that lasts.
    """
    article = article_of_page(
        look.page,
        url,
        fetch_date=look.at,
        evidence=sha256(look.content),
        http_status=look.status,
        origin=look.origin,
    )
    if url.temporary and article.id.startswith("u:"):
        what = f"is a temporary link, and the page tells no other ({look.page.state})"
        raise InputError(url.given, what, "give a link that lasts")
    return article


def keep_look(  # noqa: PLR0913  (what a look knows)
    archive: Archive,
    article: Article,
    look: Look,
    *,
    link: str,
    now: datetime,
    is_stranger: bool = False,
) -> Change:
    """Save an article with its page; what another look may bring waits in the queue for one.

    `link` is the address that was looked at, as it was given. A preview's that names no article,
    and is not kept, has brought all that it can with a whole text. Where the article is a stranger
    there, the caller says what came of the link.
    """
    state = look.page.state
    snapshot = shrink_page(look.content, charset=look.charset) if article.body else None
    with archive.transaction():
        settle_clock(archive, article, link, now)
        if state in OF_THE_LINK and (gone := _gone(archive, article.id)):
            _note_refusal(archive, replace(article, id=gone), link)
            return Change.UNCHANGED
        if not article.state.has_body:
            article = as_told(archive, article, link)
        change = archive.save(article, snapshot=snapshot, head=look.head)
        if change is Change.FORGOTTEN:  # as a short link to it tells only now
            archive.queue.drop(link)
            return change
        note_move(archive, look.page.transfer_target)
        archive.queue.learn(signed_links(article.body))
        # for those that stop the run the gate itself waits
        if not (state.stops_the_run or is_stranger):
            _let_wait(archive, link, look, now)
            if (key := archive.find(link)) is not None:
                archive.queue.avoid_refused(key)
        is_done = state.has_body and not state.worth_fetching
        # (an address that is kept may be that of another article, which waits for more)
        if is_done and _is_nameless(link) and archive.find(link) is None:
            archive.queue.drop(link)
    return change


def as_told(archive: Archive, article: Article, link: str) -> Article:
    """An article with what a list told of it, where its page or its copy says nothing.

    A notice that is WeChat's last word takes the entry away, and by a title the text may be found
    elsewhere. A text has the title that it has, be it none.
    """
    entry = archive.queue.get(link)
    if entry is None or parse_url(link).tells_none:  # at which many may stand
        return article
    title = "" if article.state.has_body else entry.title
    return as_listed(article, replace(entry, title=title), archive.get(article.id))


def _gone(archive: Archive, name: str) -> str:
    """The key of an article of which WeChat said the last word, and no text is here; else ""."""
    record = archive.get(name)
    if record is None:
        return ""
    state = State(record.state)
    is_open = state.has_body or state.worth_fetching or state in OF_THE_LINK
    return "" if is_open else record.id


def _note_refusal(archive: Archive, article: Article, link: str) -> None:
    """Note that a link of an article that is gone was refused: it waits no more by that.

    It takes nothing from what WeChat said of the article.
    """
    archive.note_unchanged(article)
    entry = archive.queue.get(link)
    if entry and as_kept(entry.request) in archive.queue.refused(article.id):
        archive.queue.drop(link)


def _let_wait(archive: Archive, link: str, look: Look, now: datetime) -> None:
    """Let what still waits after a look wait longer.

    So does an article whose text was cut, and stays the best, where a notice stands at its link, or
    a free preview that is shorter. Where another link of it waits, that one was not looked at.
    """
    state, why = look.page.state, look.page.detail
    if state.worth_fetching:
        try_later(archive, link, now=now, state=state, why=why)
        return
    entry = archive.queue.get(link)
    if entry and entry.request == parse_url(link).request:
        try_later(archive, link, now=now, why=why or f"the page is {state}")


def _is_nameless(link: str) -> bool:
    """Whether nothing but a preview's key names the article."""
    form = parse_url(link)
    return form.temporary and form.identity is None


def settle_clock(archive: Archive, article: Article, link: str, now: datetime) -> None:
    """Let no look of a clock that was ahead count as later than the one that is made now."""
    latest, seen = as_written(now + SKEW), Seen(article.evidence, article.fetch_date)
    for name in {article.id, link}:
        archive.moments.settle(name, after=latest, seen=seen)


def shows(archive: Archive, article: Article) -> bool:
    """Whether an archive shows this very copy already, whenever that was fetched."""
    record = archive.get(article.id)
    if record is None or archive.history.is_hurt(record.id, record.body_hash):
        return False
    return all(getattr(record, name) == getattr(article, name) for name in _SAME_COPY)


def waits_to_be_mended(archive: Archive, record: Record, link: str) -> bool:
    """Whether an audit put an article into the queue for what is wrong with what is kept of it.

    Nobody else puts one there in a state in which no fetch would help; after a try it has another.
    """
    entry = archive.queue.get(link)
    if entry is None or entry.state == record.state:
        return entry is not None
    return archive.history.is_hurt(record.id, record.body_hash)


def note_move(archive: Archive, target: str) -> None:
    """Let the article to which a migrated one went wait in the queue, unless it is here."""
    if target:
        with suppress(InputError):  # the address of no article
            archive.queue.offer(target, why=_MOVED)


def try_later(
    archive: Archive, link: str, *, now: datetime, state: State | None = None, why: str
) -> None:
    """Let a link that waits in the queue wait longer, for each try that brought nothing."""
    entry = archive.queue.get(link)
    if entry:
        wait = RETRY_AFTER * 2 ** min(entry.attempts, 5)
        archive.queue.postpone(link, as_written(now + wait), state=state, error=why)
