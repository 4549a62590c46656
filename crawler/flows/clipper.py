"""Page in the reader's own browser -> archive.

It is judged, cleaned and kept as a page that was fetched is. What is none of an article's is
answered with why, and leaves nothing behind. The answer tells of the page that was sent: of the
archive no more than that its link is known as another article's, or that it was taken out.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from crawler.archive import Change
from crawler.archive.files import is_loaded, picture_links
from crawler.article import Origin, State
from crawler.characters import on_one_line, visible
from crawler.clean.markdown import link_target, picture_address
from crawler.clean.pages import BROKE_OFF, READING, altered
from crawler.credentials import without_secrets
from crawler.errors import InputError
from crawler.flows.articles import is_strange, names_no_article
from crawler.flows.clock import shanghai_now
from crawler.flows.finish import finish_run, settle
from crawler.flows.looks import Look, article_of_look, keep_look, read_look
from crawler.flows.promotion import Stripping
from crawler.flows.sent import Sent, read_sent
from crawler.states import MEANINGS
from crawler.telling import counted, quoted
from crawler.times import SKEW, as_written, moment_of
from crawler.urls import PageType, identity_of, long_form, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from crawler.archive import Archive
    from crawler.article import Article
    from crawler.clean.pages import Page
    from crawler.config import PromoConfig
    from crawler.urls import ArticleUrl, Identity

_READERS = ("about:reader", "read:", "chrome-distiller:", "chrome-untrusted://read-anything")
"""Addresses at which browsers show a page as something to read."""

_TAKEN_OUT = "it was taken out for good"
_BACK = "let it come back with: crawler forget --undo"
_AGAIN = "open the article itself, and capture again"
_MEANS = {meaning.state: meaning.english for meaning in MEANINGS}
_TOLD = ("title", "account", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one page that was sent; `line` says it all to people."""

    stored: bool
    state: str = ""
    title: str = ""
    account: str = ""
    characters: int = 0
    pictures: int = 0
    missing: tuple[str, ...] = ()
    line: str


class Clipper:
    """Takes pages into one archive, which is opened for each, so that others may write between.

    So tools are called that keep what a reader's own browser shows; a capture is a web archive's.
    """

    def __init__(
        self,
        open_archive: Callable[[], Archive],
        promo: PromoConfig,
        *,
        now: Callable[[], datetime] = shanghai_now,
    ) -> None:
        self._open = open_archive
        self._promo = promo
        self._now = now
        self._unfinished: set[str] = set()

    def take(self, body: bytes) -> dict[str, Any]:
        """Keep what was sent, or say why not: a `Receipt` by its names.

        Raises ArchiveError where the archive cannot be written.
        """
        try:
            receipt = self._take(read_sent(body))
        except InputError as error:
            receipt = Receipt(stored=False, line=_words(f"not kept: {error.what}", error.advice))
        return asdict(receipt)

    def finish(self) -> None:
        """Do for the articles that came what ends every run: names, and promotion taken off.

        Raises ArchiveError where the archive cannot be written; then it is still to be done.
        """
        if not self._unfinished:
            return
        with self._open() as archive:
            stripping = Stripping(archive, self._promo)
            settle(archive)
            for _ in finish_run(archive, stripping, set(self._unfinished))[1]:
                pass
        self._unfinished.clear()

    def _take(self, sent: Sent) -> Receipt:
        _check_view(sent)
        url = _parsed(sent)
        page = read_look(sent.html, charset="utf-8", url=sent.url, status=sent.status)
        url = _address_of(page, url)
        _check_page(page, url)
        now = self._now()
        served = min(now, moment_of(page.served_at) or now)
        look = Look(
            page=page,
            content=sent.html,
            charset="utf-8",
            status=sent.status,
            at=as_written(served),  # a tab may stay open for days
            origin=Origin.CAPTURE,
        )
        article = article_of_look(look, url)
        with self._open() as archive:
            _check_not_forgotten(archive, url)
            _check_same(page, url, _identity_known(archive, url))
            known = archive.get(article.id) or archive.get(url.given)
            change = keep_look(archive, article, look, link=url.given, now=now)
            if change is Change.FORGOTTEN:  # by an address that the page alone tells
                raise InputError(url.given, _TAKEN_OUT, f"{_BACK} {quoted(article.id)}")
            key = archive.find(article.id) or article.id  # the row may be that of a longer link
            came = _keep_pictures(archive, key, article, sent)
        self._unfinished.add(key)
        is_early = known is not None and known.checked_at > as_written(now)
        return _receipt(article, came, _of_moments(served, now, is_early=is_early))


def _check_view(sent: Sent) -> None:
    """Raises InputError where what is shown is not the page, or not yet all of it."""
    if sent.url.lower().startswith(_READERS):
        raise InputError(sent.url, READING)
    what = altered(sent.html, charset="utf-8")
    if what:
        raise InputError(sent.url, what)
    if not sent.whole:
        raise InputError(sent.url, *_HALF)


_HALF = ("the page is half loaded", "load all of it, and capture again")


def _parsed(sent: Sent) -> ArticleUrl:
    """The address in the browser's bar. Raises InputError where it is another site's."""
    try:
        return parse_url(sent.url)
    except InputError:
        what = "this is no page of mp.weixin.qq.com"
        advice = "copies elsewhere and saved files are read by crawler reclean"
        raise InputError(sent.url, what, advice) from None


def _address_of(page: Page, url: ArticleUrl) -> ArticleUrl:
    """The address of what is shown: its own where that in the bar leads to no article."""
    if url.page_type is PageType.ARTICLE and (url.identity or not url.flaw):
        return url
    identity = identity_of(page.biz, page.mid, page.idx)
    if identity and page.state.is_article:
        return parse_url(next(iter(page.aliases), long_form(identity, page.sn)))
    if url.page_type is PageType.OTHER or url.flaw:
        raise InputError(url.given, "is not the address of an article", _AGAIN)
    return url


def _check_page(page: Page, url: ArticleUrl) -> None:
    """Raises InputError where a page is no article's, or another's than its address says."""
    if page.state is State.UNREADABLE:
        raise InputError(url.given, f"this is no page of WeChat's: {page.detail}", _AGAIN)
    if not page.state.is_article or names_no_article(page, url):
        raise InputError(url.given, f"this is no article: {page.detail}", _AGAIN)
    if page.detail in BROKE_OFF:  # whatever stood at its end by then
        raise InputError(url.given, *_HALF)
    _check_same(page, url, url.identity)


def _check_same(page: Page, url: ArticleUrl, identity: Identity | None) -> None:
    """Raises InputError where a page is of another article than that with an identity."""
    if is_strange(page, identity):
        what = "the address leads to another article than the one that is shown"
        raise InputError(url.given, what, "load the page anew, and capture again")


def _identity_known(archive: Archive, url: ArticleUrl) -> Identity | None:
    """The identity of the article that an address is known to lead to; None where none is known."""
    known = archive.get(url.given)
    return identity_of(known.biz, known.mid, known.idx) if known else None


def _check_not_forgotten(archive: Archive, url: ArticleUrl) -> None:
    """Raises InputError where a person took the article out for good."""
    try:
        archive.forgotten.check(url.given)
    except InputError as error:
        raise InputError(url.given, _TAKEN_OUT, error.advice) from None


def _keep_pictures(archive: Archive, key: str, article: Article, sent: Sent) -> int:
    """Keep the pictures that came along, as far as the article shows them; returns how many."""
    came = {link_target(picture_address(link)): content for link, content in sent.pictures.items()}
    lacking = set(archive.images.lacking(key, again=True))
    shown = [link for link in picture_links(article.body) if link in came]
    good = [link for link in shown if is_loaded(came[link])]
    for link in good:
        if link in lacking:
            archive.images.keep(key, link, came[link], at=article.fetch_date)
    return len(good)


def _of_moments(served: datetime, now: datetime, *, is_early: bool) -> str:
    """What is said of when a page was served and came; "" where nothing is odd."""
    if is_early:
        return "this machine's clock stands before an earlier look; set it right"
    if served < now - SKEW:
        return f"WeChat served it on {as_written(served)[:10]}; load it anew for what it says now"
    return ""


def _receipt(article: Article, came: int, moments: str) -> Receipt:
    pictures = len(picture_links(article.body))
    missing = [name for name in _TOLD if not getattr(article, name)]
    if not article.body:
        missing.append("text")
    if came < pictures:
        missing.append(f"{pictures - came:,} of {counted(pictures, 'picture')}")
    parts = [_told(article, pictures)]
    if article.body and missing:
        parts.append(f"missing: {', '.join(missing)}")
    parts.append(moments)
    return Receipt(
        stored=True,
        state=article.state.value,
        title=_words(article.title),
        account=_words(article.account),
        characters=article.characters,
        pictures=pictures,
        missing=tuple(missing),
        line=_words(*parts),
    )


def _told(article: Article, pictures: int) -> str:
    """What was kept, in words."""
    who = " · ".join(filter(None, (article.title, article.account))) or article.url
    means = _MEANS[article.state]
    if not article.body:
        return f"noted {who}: {means} ({article.detail})"
    length, shown = counted(article.characters, "character"), counted(pictures, "picture")
    return f"kept {who}: {means}, {length}, {shown}"


def _words(*parts: str) -> str:
    """Words for people on one line, with nothing in them that a link or a page should not say."""
    return without_secrets(visible(on_one_line("; ".join(filter(None, parts)))))
