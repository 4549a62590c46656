"""A capture as it came from a web archive -> what it is, and what it offers.

It is judged by the same reader as any page. What it says of itself counts, and never the address
under which an archive keeps it: an archive may be wrong, or lie.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.saving import FAILED
from crawler.article import State, sha256
from crawler.clean.captures import Capture, original_of
from crawler.clean.pages import shrink_page
from crawler.errors import InputError
from crawler.flows.articles import article_of_page
from crawler.flows.clock import if_it_has_been
from crawler.flows.looks import page_of
from crawler.flows.recover import Find, by_itself, offer_of
from crawler.folding import title_key
from crawler.times import as_written, from_utc
from crawler.urls import identity_of, parse_url

if TYPE_CHECKING:
    from crawler.archive.saving import ListedCapture, Missing
    from crawler.clean.pages import Page
    from crawler.clean.recovery import Offer
    from crawler.fetch import Response

WAY = "web"
AN_ARTICLE, OF_ANOTHER = "an article", "another article"


class Judged(NamedTuple):
    """What a capture turned out to be, in words; and what it offers, where it is an article."""

    outcome: str
    find: Find | None = None
    detail: str = ""
    moved: str = ""  # where a migrated article went


def is_capture(response: Response) -> bool:
    """Whether an answer is a capture, or says that there is none; else it is the archive's own.

    Such as a page that says that it is closed for a while, or that whoever asks is shut out.
    """
    return "memento-datetime" in response.headers or response.status == 404


def judge_capture(
    response: Response, wanted: ListedCapture, source: str, known: Missing | None = None
) -> Judged:
    """Judge the answer to the question for a capture, which was asked for at `source`.

    `known` is the article that it should be, as the archive knows it.
    """
    came = original_of(response.url) or Capture(at=wanted.captured_at, url=wanted.url)
    page = page_of(response.content, charset=response.charset, url=came.url)
    if response.status != 200 and page.state is not State.VERIFICATION:
        return Judged(f"{FAILED}HTTP status {response.status}")
    if page.state is State.UNREADABLE:
        return Judged(f"{FAILED}is no page of an article", detail=page.detail)
    if not page.state.has_body:
        return Judged(str(page.state), detail=page.detail, moved=page.transfer_target)
    identity = identity_of(page.biz, page.mid, page.idx)
    if identity and wanted.article_id.count(":") == 2 and identity.id != wanted.article_id:
        return Judged(OF_ANOTHER, detail=f"the page is {identity.id}")
    try:
        find = _find_of(response, page, wanted, _moment_of(response, came), source)
    except InputError as error:  # what the page says of itself makes no address
        return Judged(OF_ANOTHER, detail=error.what)
    if not _says_whose(page, wanted.article_id, find.offer, known):
        find = replace(find, offer=by_itself(find.offer))  # its address proves nothing
    return Judged(AN_ARTICLE, find)


def _find_of(
    response: Response, page: Page, wanted: ListedCapture, moment: str, source: str
) -> Find:
    article = article_of_page(
        page,
        parse_url(wanted.url),
        fetch_date=if_it_has_been(moment),
        evidence=sha256(response.content),
        http_status=response.status,
    )
    offer = offer_of(article, way=WAY, source=source, version=moment)
    snapshot = shrink_page(response.content, charset=response.charset)
    return Find(offer=offer, article=article, snapshot=snapshot)


def _says_whose(page: Page, article_id: str, offer: Offer, known: Missing | None) -> bool:
    """Whether the page itself names the article: by its identity, or by its short link.

    Of an article that is known by a short link alone no page says another identity: one that has
    neither its title nor its account is another article's all the same.
    """
    for address in page.aliases:
        with suppress(InputError):
            if parse_url(address).article_id == article_id:
                return True
    if not identity_of(page.biz, page.mid, page.idx):
        return False
    if known is None or known.biz or not (known.title and offer.title):
        return True
    title, found = title_key(known.title), offer.folded_title
    if (title and title == found) or _is_part(title, found) or _is_part(found, title):
        return True
    account = title_key(known.account or known.source)
    return bool(account) and account == offer.folded_account


def _is_part(title: str, other: str) -> bool:
    """Whether one title is another that a list cut, or to which whoever kept a link added words.

    One of a few letters stands in many others.
    """
    return len(title) >= _FEWEST_LETTERS and title in other


_FEWEST_LETTERS = 4


def _moment_of(response: Response, came: Capture) -> str:
    """When a capture was made, as the archive's answer says, else as its address does."""
    try:
        return as_written(parsedate_to_datetime(response.headers.get("memento-datetime", "")))
    except (ValueError, TypeError, OverflowError):
        return from_utc(came.moment)
