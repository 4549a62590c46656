"""A web archive's index, asked to its end, and what it listed remembered.

A question is the beginning of all addresses of an account, or one whole address, for which a
TimeMap is asked. Where a run is stopped, the next goes on at the page that was to come.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from crawler.archive.saving import BY_PAGE, FAILED, ListedCapture, Query
from crawler.clean.captures import MAX_LINES, PAGE, Capture, Server, read_cdx, read_timemap
from crawler.credentials import carries_secrets, without_secrets
from crawler.errors import FetchError, InputError
from crawler.urls import HOST, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from crawler.archive.saving import Missing, WebMemory
    from crawler.clean.captures import Listed
    from crawler.fetch import ArchiveClient
    from crawler.urls import ArticleUrl

MOST_PAGES = 200
"""Answers to one question; an index or a TimeMap that goes on has no end."""

MOST_FLAWS = 3
"""Broken lines of one answer that are told one by one."""

_HOLDS_NOTHING = b"No Captures found"
"""What pywb before 2.5, and Common Crawl, answer with status 404 of an account without captures."""

_PAGES = frozenset({"", "text/html", "application/xhtml+xml", "unk", "warc/revisit"})
_CREDENTIALS = f"{FAILED}its address carries credentials of its reader"


class Index:
    """The index of one archive. Of what it lists the captures of articles without a text count."""

    def __init__(
        self,
        client: ArchiveClient,
        memory: WebMemory,
        missing: Sequence[Missing],
        now: Callable[[], str],
        note: Callable[[str, str], None],
    ) -> None:
        """`note` hears of lines that are broken, with the question."""
        self._client, self._memory = client, memory
        self._now, self._note = now, note
        self._server = Server.of(client.base)
        self._ids = {article.id for article in missing}
        self._by_sn = {article.sn: article.id for article in missing if article.sn}

    def ask(self, question: str, ids: Sequence[str] = ()) -> None:
        """Ask until all was answered; each answer is kept as it comes.

        `ids`: the articles of the account that is asked for. Where an earlier run was stopped,
        those that came since are to be asked for once more.

        Raises FetchError or InputError where one is none, CoolingDown where nothing may be asked,
        SupersededError where another run had an answer meanwhile.
        """
        known = self._memory.query(self._client.base, question)
        following, total = "", 0
        if known and known.following:
            following, total = known.following, known.captures
        else:
            self._memory.begin(self._client.base, question, ids, at=self._now())
        seen: set[int] = set()  # by their hashes, for there may be very many
        maps = _Maps(self._server.timemap(question), following)
        for _ in range(MOST_PAGES):
            listed = self._answer(question, following)
            new = [capture for capture in listed.captures if hash(capture) not in seen]
            seen.update(map(hash, new))
            total += len(new)
            if carries_secrets(listed.following):
                seen.clear()  # the pages that are asked for now begin anew
            if question.startswith("http"):
                following = maps.behind(listed)
                self._keep(question, new, maps.to_go_on, total)
            else:
                following = _next_of(listed, following, is_new=bool(new))
                self._keep(question, new, following, total)
            if not following:
                return
            del listed, new  # before the next one comes
            if len(seen) > MAX_LINES:
                break
        what = f"has no end: {MOST_PAGES} answers came, or {MAX_LINES:,} captures"
        raise FetchError(question, what, "it was left there")

    def _answer(self, question: str, following: str) -> Listed:
        """One answer, read. Raises FetchError where it is none."""
        is_link = question.startswith("http")
        known = partial(self._memory.query, self._client.base, question)
        before = known()
        address = self._address(question, following)
        response = self._client.index(address, is_wanted=lambda: known() == before)
        if response.status in (400, 404) and (is_link or following.startswith(BY_PAGE)):
            listed = read_cdx(b"")  # no capture of that link, or no such page
        elif response.status == 404 and _HOLDS_NOTHING in response.content:
            listed = read_cdx(b"")
        elif response.status != 200:
            raise FetchError(
                question, f"was answered with HTTP status {response.status}", "see [recover]"
            )
        else:
            listed = (read_timemap if is_link else read_cdx)(response.content)
        if listed.problem:
            raise FetchError(question, listed.problem, "it is asked again another time")
        for flaw in listed.flaws[:MOST_FLAWS]:
            self._note(question, f"one of {listed.lines:,} lines is left out: {flaw}")
        if any(map(carries_secrets, listed.maps)):
            self._note(question, "it goes on at an address that carries credentials of a reader")
            return replace(listed, maps=tuple(itertools.filterfalse(carries_secrets, listed.maps)))
        return listed

    def _address(self, question: str, following: str) -> str:
        if question.startswith("http"):
            return following or self._server.timemap(question)
        if following.startswith(BY_PAGE):
            return self._server.prefix_query(question, page=_page_of(following))
        return self._server.prefix_query(question, resume_key=following)

    def _keep(self, question: str, captures: list[Capture], following: str, total: int) -> None:
        at = self._now()
        answer = Query(
            server=self._client.base, query=question, at=at, captures=total, following=following
        )
        rows = (self._row_of(capture, at) for capture in captures)
        self._memory.note_answer(answer, [row for row in rows if row])

    def _row_of(self, capture: Capture, at: str) -> ListedCapture | None:
        """What is remembered of a capture; None where it is of no article that is wanted."""
        article_id = self._article_of(form_of(capture.url))
        if not article_id:
            return None
        url = without_secrets(capture.url)
        known = "" if _is_page(capture) else "no page"
        known = known if url == capture.url else _CREDENTIALS
        looked_at = at if known else ""
        return ListedCapture(
            server=self._client.base,
            captured_at=capture.at,
            url=url,
            article_id=article_id,
            status=capture.status,
            digest=capture.digest,
            looked_at=looked_at,
            outcome=known,
        )

    def _article_of(self, form: ArticleUrl | None) -> str:
        """The article without a body that an address names; "" where it names another."""
        if form is None:
            return ""
        if form.article_id in self._ids:
            return form.article_id
        return self._by_sn.get(form.sn, "") if form.sn else ""


_MOST_MAPS = MOST_PAGES + 3  # more than may be asked for, so that a question ends by that


class _Maps:
    """The TimeMaps of one link that name one another: each is asked for once."""

    def __init__(self, first: str, following: str) -> None:
        self._first = first
        self._known = {first, following}
        self._waiting: list[str] = []
        self.to_go_on = ""
        """Where another run goes on; at the first where more than one is left."""

    def behind(self, listed: Listed) -> str:
        """The TimeMap to ask for behind an answer; "" where that was all."""
        new = [address for address in dict.fromkeys(listed.maps) if address not in self._known]
        new = new[: max(0, _MOST_MAPS - len(self._known))]
        self._known.update(new)
        self._waiting += new
        following = self._waiting.pop(0) if self._waiting else ""
        self.to_go_on = self._first if self._waiting else following
        return following


def prefix_of(biz: str) -> str:
    """How every address of an account begins.

    Without the padding of its name, which careless copies lost, and which indexes write in two
    ways. What of other accounts begins so as well is told by its own name.
    """
    return f"{HOST}/s?__biz={biz.rstrip('=')}"


def form_of(url: str) -> ArticleUrl | None:
    """An address taken apart; None where it is none of WeChat's."""
    try:
        return parse_url(url)
    except InputError:
        return None


def _is_page(capture: Capture) -> bool:
    """Whether a capture may hold an article, or lead to one."""
    answers = capture.status in ("", "200") or capture.status.startswith("3")
    return answers and capture.mime in _PAGES


def _page_of(following: str) -> int:
    """The number of a page that was to come; the first where the archive holds none."""
    number = following.removeprefix(BY_PAGE)[:9]
    return int(number) if number.isascii() and number.isdigit() else 0


def _next_of(listed: Listed, following: str, *, is_new: bool) -> str:
    """What to ask for behind an answer; "" where that was all.

    A server that knows no resumption keys ends at its limit without one. Then it is asked by pages,
    until one brings nothing new: those that know no pages either answer with all, each time.
    """
    if following.startswith(BY_PAGE):
        return f"{BY_PAGE}{_page_of(following) + 1}" if is_new else ""
    if carries_secrets(listed.following):  # as the address of a capture, which is the key
        return f"{BY_PAGE}0"
    if listed.following == following and following:
        raise FetchError(following, "goes in a circle", "it was left there")
    if not following and not listed.following and listed.lines >= PAGE:
        return f"{BY_PAGE}0"
    return listed.following
