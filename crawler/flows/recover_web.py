"""What web archives hold of articles that have no body.

One question an account lists every capture of it, the signed addresses among them; so a whole
collection takes some two thousand questions, and not one an article. Every answer is remembered,
and so is what each capture turned out to be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from crawler.archive.saving import FAILED, asked_for
from crawler.article import Origin
from crawler.clean.captures import Capture, Server
from crawler.clean.recovery import Offer
from crawler.credentials import carries_secrets
from crawler.errors import (
    ConnectionFailed,
    CoolingDown,
    CrawlerError,
    FetchError,
    InputError,
    Offline,
)
from crawler.fetch import SupersededError
from crawler.flows.looks import note_move
from crawler.flows.recover import Find
from crawler.flows.web_captures import WAY, Judged, is_capture, judge_capture
from crawler.flows.web_index import Index, form_of, prefix_of
from crawler.links import lasting_link
from crawler.times import from_utc, moment_of
from crawler.urls import identity_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from crawler.archive import Archive
    from crawler.archive.saving import ListedCapture, Missing
    from crawler.fetch import ArchiveClient
    from crawler.urls import ArticleUrl, Identity

GIVE_UP_AFTER = 3
"""Failures of one archive in a row, after which it is left alone."""

PATIENCE = timedelta(days=7)
"""For so long a capture that an archive fails at is asked for again, once a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one archive will be asked."""

    host: str
    accounts: int  # by the beginning of their addresses, one question each
    links: int  # one question each, of those that no account's name is known of
    remembered: int  # questions that were answered before
    captures: int  # that were listed before, and are still to be looked at


def _follow_nothing(_host: str, _done: int, _left: int) -> None:
    """Nobody looks."""


def _tell_nobody(_error: CrawlerError) -> None:
    """Nobody hears."""


class WebWay:
    """Web archives, one after the other. Their clients keep the pace."""

    name = WAY
    batch = 1

    def __init__(  # noqa: PLR0913  (what is asked, and who hears of it)
        self,
        archive: Archive,
        clients: Sequence[ArchiveClient],
        *,
        now: Callable[[], str],
        again: bool = False,
        follow: Callable[[str, int, int], None] = _follow_nothing,
        left: Callable[[CrawlerError], None] = _tell_nobody,
        unanswered: Callable[[CrawlerError], None] = _tell_nobody,
    ) -> None:
        """`again`: ask what was answered before, and fetch what could not be fetched.

        `follow` hears of each host how many questions and captures are done, and how many are left;
        `left` at once of one that is to be left alone, where others are still to be asked;
        `unanswered` why a question got no answer.
        """
        self._archive = archive
        self._clients = clients
        self._now = now
        self._follow, self._left, self._unanswered = follow, left, unanswered
        if again:
            for client in clients:
                archive.web.forget(client.base)

    def plans(self, missing: Sequence[Missing]) -> list[Plan]:
        """What each archive will be asked; nothing is sent."""
        return [self._asking(client, missing).plan() for client in self._clients]

    def finds(self, missing: Sequence[Missing]) -> Iterator[Find]:
        """Every capture that is an article, and every signed address.

        An archive that asks to be left alone, or cannot be reached, ends its own part. Raises its
        error when the others were asked.
        """
        errors: list[CrawlerError] = []
        for client in self._clients:
            try:
                yield from self._asking(client, missing).finds()
            except (CoolingDown, Offline) as error:
                errors.append(error)
                if client is not self._clients[-1]:
                    self._left(error)
        if errors:
            raise errors[0]

    def _asking(self, client: ArchiveClient, missing: Sequence[Missing]) -> _Asking:
        return _Asking(
            self._archive,
            client,
            missing,
            now=self._now,
            follow=self._follow,
            unanswered=self._unanswered,
        )


class _Asking:
    """One archive, asked for all that is missing."""

    def __init__(  # noqa: PLR0913  (as `WebWay`)
        self,
        archive: Archive,
        client: ArchiveClient,
        missing: Sequence[Missing],
        *,
        now: Callable[[], str],
        follow: Callable[[str, int, int], None],
        unanswered: Callable[[CrawlerError], None],
    ) -> None:
        self._follow, self._done = follow, 0
        self._tell_unanswered = unanswered
        self._archive, self._memory = archive, archive.web
        self._client, self._now = client, now
        self._server = Server.of(client.base)
        self._wanted = {article.id: article for article in missing}
        self._whole: set[str] = set()
        # in a row, of questions and of captures: an index may answer while nothing is replayed
        self._failures = Counter[str]()
        self._failed: set[tuple[str, str]] = set()  # captures that this run asked for in vain
        self._index = Index(client, self._memory, missing, now, self._note)
        self._of_account = defaultdict[str, list[str]](list)  # its question -> articles
        for article in missing:
            if article.biz:
                self._of_account[prefix_of(article.biz)].append(article.id)
        self._questions = self._questions_for(missing)
        self._left = self._unanswered()
        self._pending = self._memory.count_pending(client.base)

    def _questions_for(self, missing: Sequence[Missing]) -> dict[str, str]:
        """Each question, and the account that it asks for; those first of which most is missing.

        Where only a short link is known, or the archive has no index, a link is asked for alone.
        """
        of_accounts = [one.biz for one in missing if one.biz and self._client.has_index]
        accounts = Counter(of_accounts).most_common()
        alone = [one for one in missing if not (one.biz and self._client.has_index)]
        links = sorted(filter(None, map(self._link_of, alone)))
        return {prefix_of(biz): biz for biz, _ in accounts} | dict.fromkeys(links, "")

    def _link_of(self, article: Missing) -> str:
        """The address under which an article was most likely captured; "" where none is known.

        The key of a preview is its reader's alone, and none of a captured address.
        """
        link = self._archive.signed_form(article.id) or article.url
        link = lasting_link(link, identity_of(article.biz, article.mid, article.idx))
        return "" if carries_secrets(link) else link.partition("#")[0]

    def plan(self) -> Plan:
        accounts = sum(bool(self._questions[question]) for question in self._left)
        return Plan(
            host=self._client.host,
            accounts=accounts,
            links=len(self._left) - accounts,
            remembered=len(self._questions) - len(self._left),
            captures=self._pending,
        )

    def finds(self) -> Iterator[Find]:
        yield from self._look(self._memory.pending)  # what an earlier run listed
        for question, biz in self._by_chance_of_an_answer():
            if question in self._left:
                self._ask(question)
                self._left.remove(question)
                self._pending = self._memory.count_pending(self._client.base)
                self._tell(1)
                yield from self._look(self._memory.pending)
            if biz:
                yield from self._signed(biz)
        yield from self._look(self._memory.delayed)

    def _by_chance_of_an_answer(self) -> list[tuple[str, str]]:
        """The questions, last those that failed before: longest ago first, the latest at the end.

        Else a few that fail each time, of accounts with the most captures, would end every run.
        """
        failed = self._memory.unanswered(self._client.host)
        return sorted(self._questions.items(), key=lambda asked: failed.get(asked[0], 0))

    def _tell(self, done: int) -> None:
        self._done += done
        self._follow(self._client.host, self._done, len(self._left) + self._pending)

    def _unanswered(self) -> set[str]:
        """The questions that were not answered, or not for every article that has no text now."""
        asked = self._memory.asked(self._client.base)
        return {
            question
            for question in self._questions
            if not asked.issuperset(self._asked_as(question))
        }

    def _asked_as(self, question: str) -> list[str]:
        """What is remembered of a question that was answered for all that is wanted of it."""
        return [question, *(asked_for(question, one) for one in self._of_account[question])]

    def _ask(self, question: str) -> None:
        """Ask until all was answered; what goes wrong is an event, and asked again another time."""
        asked = self._client.asked
        if self._memory.was_asked(self._client.base, self._asked_as(question)):
            return  # another run asked it meanwhile
        try:
            self._index.ask(question, self._of_account[question])
        except SupersededError:  # that run goes on with it
            return
        except CoolingDown as error:
            if self._client.asked > asked:
                self._note(question, error.what)
            raise
        except (FetchError, InputError) as error:
            self._note(question, error.what)
            self._tell_unanswered(error)
            self._count_failure(_QUESTIONS, error)
        else:
            self._failures[_QUESTIONS] = 0

    def _signed(self, biz: str) -> Iterator[Find]:
        """The addresses of an account's captures with which WeChat itself may be asked.

        Those of articles whose captures were none: of a captured verification page, for one.
        """
        for capture in self._memory.of_account(self._client.base, biz):
            form = form_of(capture.url)
            if not (form and form.identity and form.signed and self._lacks(capture.article_id)):
                continue
            if not self._archive.signed_form(capture.article_id):
                yield Find(offer=self._offer_of(capture, form, form.identity))

    def _lacks(self, article_id: str) -> bool:
        """Whether an article has no text yet."""
        return article_id in self._wanted and article_id not in self._whole

    def _offer_of(self, capture: ListedCapture, form: ArticleUrl, identity: Identity) -> Offer:
        return Offer(
            way=WAY,
            source=self._source_of(capture),
            version=from_utc(_capture_of(capture).moment),
            url=form.given,
            biz=identity.biz,
            mid=identity.mid,
            idx=identity.idx,
            sn=form.sn,
        )

    def _source_of(self, capture: ListedCapture) -> str:
        return self._server.raw(_capture_of(capture))

    def _look(self, waiting: Callable[[str], Iterator[ListedCapture]]) -> Iterator[Find]:
        """Fetch and judge every capture that is still to be looked at."""
        for capture in waiting(self._client.base):
            if _key_of(capture) in self._failed:
                continue
            if not self._lacks(capture.article_id) and capture.status.startswith("3"):
                # they lead to what is there already
                self._count(self._memory.pass_redirects(capture, _NOT_NEEDED, at=self._now()))
                continue
            judged = self._judged(capture, self._source_of(capture))
            if judged is None:
                continue
            if judged.find:
                if judged.find.offer.identity:
                    self._whole.add(capture.article_id)
                yield judged.find
            self._settle(capture, judged)

    def _settle(self, capture: ListedCapture, judged: Judged) -> None:
        if not judged.find and judged.outcome != _NOT_NEEDED:
            self._note_capture(capture, judged)
        self._count(self._memory.note_look(capture, judged.outcome, at=self._now()))

    def _count(self, settled: int) -> None:
        """Count captures that need not be asked for any more."""
        self._pending = max(0, self._pending - settled)  # another run may list more meanwhile
        self._tell(settled)

    def _judged(self, capture: ListedCapture, source: str) -> Judged | None:
        """What a capture is, or why it is not known; None where nothing of it came."""
        if self._is_kept(capture, source):
            return Judged(_NOT_NEEDED)
        asked = self._client.asked
        is_waiting = partial(self._memory.is_waiting, capture)
        try:
            response = self._client.capture(source, is_wanted=is_waiting)
        except SupersededError:
            return None
        except CoolingDown:
            if self._client.asked > asked:  # some answer so for one capture that they have lost
                self._memory.put_off(capture, at=self._now())
            raise
        except FetchError as error:
            if self._client.brought_capture:
                return Judged(FAILED + error.what)
            self._fail(capture, error)
            return None
        judged = judge_capture(response, capture, source, self._wanted.get(capture.article_id))
        if judged.outcome.startswith(FAILED) and not is_capture(response):
            what = judged.outcome.removeprefix(FAILED)
            self._fail(capture, FetchError(source, what, "it is asked for again another time"))
            return None
        self._failures[_CAPTURES] = 0
        return judged

    def _fail(self, capture: ListedCapture, error: FetchError) -> None:
        """Let a capture wait that the network, or the archive, failed at; for long, it is given up.

        Where no connection came about, it may be asked for once more in this run.
        """
        judged = Judged(FAILED + error.what)
        now, since = moment_of(self._now()), moment_of(capture.failing_since)
        if isinstance(error, ConnectionFailed):
            self._memory.put_off(capture, at=self._now())
        elif now and since and now - since >= PATIENCE:
            self._settle(capture, judged)
        else:
            self._note_capture(capture, judged)
            self._memory.put_off(capture, at=self._now())
            self._failed.add(_key_of(capture))
        self._count_failure(_CAPTURES, error)

    def _is_kept(self, capture: ListedCapture, source: str) -> bool:
        """Whether there is no need to look: a run was killed right after it kept what came."""
        known = self._archive.evidence.of_article(capture.article_id)
        return any(one.source == source and one.sha256 for one in known)

    def _count_failure(self, of: str, error: CrawlerError) -> None:
        self._failures[of] += 1
        if self._failures[of] >= GIVE_UP_AFTER:
            what = f"failed {GIVE_UP_AFTER} times in a row, at last: {error.what}"
            raise Offline(self._client.host, what, "what is left is asked for in the next run")

    def _note_capture(self, capture: ListedCapture, judged: Judged) -> None:
        detail = f"; {judged.detail}" if judged.detail else ""
        self._note(capture.url, f"{judged.outcome} (captured {capture.captured_at}{detail})")
        note_move(self._archive, judged.moved)

    def _note(self, url: str, what: str) -> None:
        detail = f"{self._client.host}: {what}"
        self._archive.history.note_look(url, at=self._now(), detail=detail, origin=Origin.RECOVERED)


_QUESTIONS, _CAPTURES = "questions", "captures"
_NOT_NEEDED = "not needed"


def _key_of(listed: ListedCapture) -> tuple[str, str]:
    return listed.captured_at, listed.url


def _capture_of(listed: ListedCapture) -> Capture:
    return Capture(at=listed.captured_at, url=listed.url)
