"""URL -> archive.

One request at a time, judged, cleaned, and saved with everything that was learned on the way.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive import Change
from crawler.article import OF_THE_LINK, State
from crawler.clean.listings import links_of_album
from crawler.errors import ConnectionFailed, FetchError, InputError, Offline
from crawler.fetch import SupersededError
from crawler.flows.articles import names_no_article
from crawler.flows.clock import shanghai_now
from crawler.flows.looks import (
    Look,
    article_of_look,
    keep_look,
    read_look,
    settle_clock,
    shows,
    try_later,
    waits_to_be_mended,
)
from crawler.flows.outcome import Outcome
from crawler.flows.results import told_of_other_address
from crawler.flows.workers import batched
from crawler.links import as_kept
from crawler.telling import for_people
from crawler.times import SKEW, as_written
from crawler.urls import PageType, identity_in, identity_of, long_form, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime, timedelta

    from crawler.archive import Archive, Record
    from crawler.article import Article
    from crawler.clean.pages import Page
    from crawler.errors import CoolingDown, CrawlerError
    from crawler.fetch import Fetcher, Response
    from crawler.urls import ArticleUrl

MAX_MOVES = 5  # from one account to another, each behind the last
GIVE_UP_AFTER = 3  # connections in a row that did not come about
_OFFLINE = (
    "the network",
    f"no connection came about for {GIVE_UP_AFTER} links in a row",
    "no try was counted against them; go on when it is back with: crawler fetch --queued",
)
_MEANWHILE = "another run tried it while this one waited for its turn"
_STRANGER = "that one was kept; give a short link of the one that you want"
_SHORT_LINK = (
    "give its short link, or the long one with chksm; or try it as it is with --unsigned try"
)


def _is_unsigned(url: ArticleUrl) -> bool:
    return url.page_type is PageType.ARTICLE and not url.signed and not url.temporary


class _Ended(NamedTuple):
    """How one article ended; the cool-down that it began, and where it went, if it did."""

    outcome: Outcome
    cooling: CoolingDown | None = None
    moved: ArticleUrl | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFetch:
    """The way from URLs to the archive.

    `try_unsigned`: send long links without chksm all the same.
    """

    archive: Archive
    fetcher: Fetcher
    try_unsigned: bool = False
    discover: bool = False  # whether the articles that an album lists are added to the queue
    max_age: timedelta | None = None  # articles that were looked at within it are left alone
    again: bool = False  # whether articles are asked for that are archived, or gone for good
    only_changes: bool = False  # whether a look that finds what is archived is an event alone
    now: Callable[[], datetime] = shanghai_now

    def run(self, texts: Iterable[str], *, limit: int | None = None) -> Iterator[Outcome]:
        """Fetch each article once, whatever the form of its link, asking for `limit` links at most.

        (Of one whose link WeChat refuses, or is not sent, the next that is given is tried.)
        Yields one Outcome an input once it is on disk; none for what the limit left over.

        Raises CoolingDown where WeChat asked to be left alone, BudgetSpent at the end of a day's
        requests, Offline where no connection comes about.
        """
        done: dict[str, Outcome] = {}
        unreached = 0  # in a row
        first = self.fetcher.asked

        def is_spent() -> bool:
            return limit is not None and self.fetcher.asked - first >= limit

        for text in texts:
            try:
                url = parse_url(text)
            except InputError as error:
                yield Outcome.of_error(text, error, State.NOT_WECHAT)
                continue
            try:
                self.archive.forgotten.check(url.given)
            except InputError as error:
                yield Outcome.of_error(text, error)
                continue
            key = self.archive.find(url.given) or url.article_id
            request = self._request_for(url) or url.request
            known = done.get(key) or done.get(request) or self._known(url)
            if known:
                yield replace(known, input=text, change=None)
                continue
            if is_spent():
                return
            asked = self.fetcher.asked
            outcome, cooling, _ = self._follow(text, url, is_spent)
            done[request] = outcome
            if outcome.state not in OF_THE_LINK and self.fetcher.asked > asked:
                done[key] = done[outcome.article_id or key] = outcome
            yield outcome
            if cooling:
                raise cooling
            unreached = unreached + 1 if isinstance(outcome.error, ConnectionFailed) else 0
            if unreached == GIVE_UP_AFTER:
                raise Offline(*_OFFLINE)

    def queued(self) -> list[str]:
        """The links that wait in the queue and whose time has come, the newest articles first."""
        now = as_written(self.now())
        due = self.archive.queue.due(-1, now=now, with_unsigned=self.try_unsigned)
        return [entry.request for entry in due]

    def _known(self, url: ArticleUrl) -> Outcome | None:
        """The outcome of an article that need not be asked for; None where it is to be."""
        if (record := self.archive.get(url.given)) is None:
            return None
        oldest = self.max_age and as_written(self.now() - self.max_age)
        if oldest and oldest <= record.checked_at <= as_written(self.now() + SKEW):
            detail = f"looked at on {for_people(record.checked_at)}"
        elif self.again or State(record.state).worth_fetching or self._is_of_use(record, url):
            return None
        else:
            detail = f"done on {for_people(record.checked_at)}; --again asks anew"
            self._end_wait(record, url)
        state = State(record.state_now or record.state)
        return Outcome(
            input=url.given, state=state, article_id=record.id, title=record.title, detail=detail
        )

    def _is_of_use(self, record: Record, url: ArticleUrl) -> bool:
        """Whether WeChat refused other links, and neither this nor what is sent; or to mend it."""
        if record.state not in OF_THE_LINK or url.temporary:
            return waits_to_be_mended(self.archive, record, url.given)
        sent = {as_kept(url.request), as_kept(self._request_for(url))}
        return self.archive.queue.refused(record.id).isdisjoint(sent)

    def _end_wait(self, record: Record, url: ArticleUrl) -> None:
        """Take what is done off the queue, where somebody put it all the same.

        Where but its link was refused, another one may wait.
        """
        entry = self.archive.queue.get(url.given)
        if entry and (record.state not in OF_THE_LINK or entry.request == url.request):
            self.archive.queue.drop(url.given)

    def keep_for_later(self, texts: Iterable[str]) -> None:
        """Put links into the queue before any is fetched, some at a time: there may be many.

        However a run ends, what it did not come to waits there; what it fetches leaves the queue.
        """
        for some in batched(texts):
            with self.archive.transaction():
                for text in some:
                    with suppress(InputError):  # what is no article's link was never to be fetched
                        self._keep_link(text)

    def _keep_link(self, text: str) -> None:
        url = parse_url(text)
        if url.page_type is not PageType.ARTICLE or url.flaw or url.temporary or self._known(url):
            return
        entry = self.archive.queue.get(url.given)
        if entry is None or (entry.needs_link and url.signed):
            self.archive.queue.enqueue(url.given, why="its turn has not come yet")
        elif url.signed and entry.request != url.request:  # of two one may be cut, or made up
            self.archive.queue.enqueue(url.given)

    def _follow(self, text: str, url: ArticleUrl, is_spent: Callable[[], bool]) -> _Ended:
        """One article's outcome; of a migrated one, that of the article to which it went.

        Where no more may be asked that one waits in the queue.
        """
        ended = self._fetch(text, url)
        for _ in range(MAX_MOVES):
            if not ended.moved or ended.cooling or is_spent():
                break
            ended = self._fetch(text, ended.moved)
        return ended

    def _fetch(self, text: str, url: ArticleUrl) -> _Ended:
        request = self._request_for(url)
        if not request and url.flaw:
            error = InputError(text, url.flaw, "nothing was sent; give the whole link")
            return _Ended(Outcome.of_error(text, error, State.NOT_WECHAT))
        if not request:
            self.archive.queue.enqueue(url.given, state=State.UNSIGNED)
            error = InputError(
                text, "has no whole chksm, so that WeChat answers with an empty page", _SHORT_LINK
            )
            return _Ended(Outcome.of_error(text, error, State.UNSIGNED))
        url = parse_url(request)  # of what is sent, and no other, is noted what came
        try:
            look = self._look(url, request)
        except SupersededError:
            if self.only_changes:  # as `watch` looks, which knows what to do then
                raise
            return _Ended(self._had_meanwhile(text, url))
        except ConnectionFailed as error:
            return _Ended(Outcome.of_error(text, error))  # the network's fault, not the article's
        except (FetchError, InputError) as error:
            self._note_failure(url, error)
            return _Ended(Outcome.of_error(text, error))
        outcome = self._keep(text, url, look)
        # Whatever an unsigned link is answered with, it says nothing of a block.
        state = State.UNSIGNED if _is_unsigned(parse_url(request)) else look.page.state
        return _Ended(outcome, self.fetcher.judge(state), self._moved(look, url))

    def _moved(self, look: Look, url: ArticleUrl) -> ArticleUrl | None:
        """Where a migrated article went, if nobody looked at that one yet, or forgot it."""
        if not look.page.transfer_target:
            return None
        with suppress(InputError):
            target = parse_url(look.page.transfer_target)
            self.archive.forgotten.check(target.given)
            if target.canonical != url.canonical and not self.archive.find(target.given):
                return target
        return None

    def _request_for(self, url: ArticleUrl) -> str:
        """The address to send: the given one, or a better form of the same article, or none."""
        if not url.flaw and not _is_unsigned(url):
            return url.request
        better = self.archive.signed_form(url.given)
        return better or (url.request if self.try_unsigned and not url.flaw else "")

    def _look(self, url: ArticleUrl, request: str) -> Look:
        response = self.fetcher.get(request) if self.only_changes else self._answer(url, request)
        page = read_look(
            response.content, charset=response.charset, url=response.url, status=response.status
        )
        return Look(
            page=page,
            content=response.content,
            charset=response.charset,
            status=response.status,
            at=as_written(self.now()),
            head=response.head,
        )

    def _answer(self, url: ArticleUrl, request: str) -> Response:
        """What a link brings. Raises SupersededError where another run had it meanwhile."""
        before = self._tries(url)
        return self.fetcher.get(
            request, is_wanted=lambda: self._tries(url) <= before and self._known(url) is None
        )

    def _tries(self, url: ArticleUrl) -> int:
        """How often a link that waits was tried in vain; 0 where another of its article waits."""
        entry = self.archive.queue.get(url.given)
        return entry.attempts if entry and entry.request == url.request else 0

    def _had_meanwhile(self, text: str, url: ArticleUrl) -> Outcome:
        """What another run had of a link."""
        known, record = self._known(url), self.archive.get(url.given)
        if known:
            return replace(known, input=text)
        if record is None:
            return Outcome.of_error(text, FetchError(text, _MEANWHILE, "it waits in the queue"))
        return Outcome(
            input=text,
            state=State(record.state_now or record.state),
            article_id=record.id,
            title=record.title,
            detail=_MEANWHILE,
        )

    def _keep(self, text: str, url: ArticleUrl, look: Look) -> Outcome:
        """Save what came, or say why it is no article."""
        page = look.page
        if not page.state.is_article or names_no_article(page, url):
            return self._pass_over(text, url, look)
        try:
            another = self._another(page, url)
            article = article_of_look(look, another or url)
        except InputError as error:
            if not page.state.stops_the_run:
                self._try_later(url, page.detail)
            return Outcome.of_error(text, error, page.state)
        if another and not page.state.stops_the_run:
            return self._keep_stranger(text, url, look, article)
        if self.only_changes and self._note_unchanged(article, url):
            return self._outcome(text, article, Change.UNCHANGED)
        change = keep_look(self.archive, article, look, link=url.given, now=self.now())
        left = page.left
        if change is Change.FORGOTTEN:
            left = told_of_other_address(self.archive, url.given)
        outcome = replace(self._outcome(text, article, change), left=left)
        if page.state is State.UNREADABLE:
            unread = FetchError(text, f"cannot be read: {page.detail}", "it waits in the queue")
            return replace(outcome, error=unread)
        return outcome

    def _outcome(self, text: str, article: Article, change: Change) -> Outcome:
        """What came of a link, by the key under which it is kept: a notice itself names none."""
        article_id = self.archive.find(article.id) or article.id
        return replace(Outcome.of_article(text, article, change), article_id=article_id)

    def _another(self, page: Page, url: ArticleUrl) -> ArticleUrl | None:
        """The address of the article that came, where its link is known to be another's.

        Raises InputError where what the page says of itself makes none.
        """
        shown = identity_of(page.biz, page.mid, page.idx)
        known = url.identity or identity_in(self.archive.find(url.given))
        if shown is None or known is None or known == shown:
            return None
        if url.identity is None and self.archive.find(shown.id) == known.id:
            return None
        return parse_url(long_form(shown, page.sn))

    def _keep_stranger(self, text: str, url: ArticleUrl, look: Look, article: Article) -> Outcome:
        """Save the article that stands where another one should, which came no nearer by that."""
        error = FetchError(text, f"another article stands there ({article.id})", _STRANGER)
        archive, now, link = self.archive, self.now(), url.given
        with archive.transaction():
            change = Change.UNCHANGED
            if not (self.only_changes and self._note_unchanged(article, url)):
                change = keep_look(archive, article, look, link=link, now=now, is_stranger=True)
            self._note_failure(url, error)
        return replace(self._outcome(text, article, change), error=error)

    def _note_unchanged(self, article: Article, url: ArticleUrl) -> bool:
        """Note a look that found what the archive shows; whether it does."""
        with self.archive.transaction():
            # before anything is compared: what a clock that was ahead found may be shown no more
            settle_clock(self.archive, article, url.given, self.now())
            is_archived = shows(self.archive, article)
            if is_archived:
                self.archive.note_unchanged(article)
        return is_archived

    def _pass_over(self, text: str, url: ArticleUrl, look: Look) -> Outcome:
        """A page that is no article: an event, and what an album lists, if that is wanted."""
        page = look.page
        self.archive.history.note_look(
            url.given, at=look.at, state=page.state, detail=page.detail, http_status=look.status
        )
        self._try_later(url, page.detail)
        listed = links_of_album(look.content) if page.state is State.ALBUM else []
        self.archive.queue.learn(listed)
        if page.state is State.ALBUM and self.discover:
            links = [link for link in listed if not self.archive.find(link)]
            self.keep_for_later(links)
            waiting = sum(self.archive.queue.get(link) is not None for link in links)
            detail = f"{page.detail}; {waiting} new ones wait in the queue"
            return Outcome(input=text, state=page.state, detail=detail)
        if page.state.stops_the_run:
            return Outcome(input=text, state=page.state, detail=page.detail)
        advice = "give links to articles"
        if page.state is State.ALBUM:
            advice += ", or let it add those that it lists: --discover, or [fetch] discover = true"
        error = InputError(text, f"is no article: {page.detail}", advice)
        return Outcome.of_error(text, error, page.state)

    def _note_failure(self, url: ArticleUrl, error: CrawlerError) -> None:
        """Nothing came: an event, and another try later."""
        with self.archive.transaction():
            self.archive.history.note_look(url.given, at=as_written(self.now()), detail=error.what)
            if url.page_type is PageType.ARTICLE and not url.temporary:
                self.archive.queue.offer(url.given, why=error.what)
            self._try_later(url, error.what)

    def _try_later(self, url: ArticleUrl, why: str) -> None:
        """Let what waits wait longer, also where no row is made, as of a preview that has expired.

        Of a preview's article a better link may wait, which was not tried.
        """
        entry = self.archive.queue.get(url.given) if url.temporary else None
        if entry is None or entry.request == url.request:
            try_later(self.archive, url.given, now=self.now(), why=why)
