"""One document -> its record: pure, so that every engine that maps it gives the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.article import Article, Origin, State, sha256
from crawler.batch.fields import FIELDS
from crawler.clean.pages import read_page
from crawler.errors import InputError
from crawler.fields import harmless, harmless_lines, sound
from crawler.flows import article_of_page
from crawler.plain import plain_text
from crawler.telling import said_by
from crawler.urls import ArticleUrl, PageType, identity_of, long_form, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.clean.pages import Page

    Record = dict[str, Any]
    Clean = Callable[[bytes, str, str], Record]


def clean_document(html: bytes, charset: str | None = "", url: str | None = "") -> Record:
    """Clean one page as it was downloaded: its record, with the names of `FIELDS`.

    `charset` is what HTTP said of the character set, `url` where the page was had; both may be
    empty, or None. What is no article has a record, too, whose `state` and `detail` say what it is.
    What is not known is the empty string, and None for a number; days and moments are ISO 8601.
    """
    charset, url = charset or "", url or ""
    page = read_page(html, charset=charset, url=url)
    article = article_of_page(
        page, _address(page, url), fetch_date="", evidence=sha256(html), http_status=None
    )
    return _record(article)


def attempt(clean: Clean, html: bytes, charset: str, url: str) -> Record:
    """What `clean` gives for a document, or the record that says what it raised."""
    try:
        return clean(html, charset, url)
    except Exception as error:  # noqa: BLE001  (a fault of ours costs one row of a million)
        name, said = type(error).__name__, said_by(error)
        what = name if said == name else f"{name}: {said}"
        return failed_document(html, url, what)


def failed_document(html: bytes, url: str, error: str) -> Record:
    """The record of a document that could not be cleaned, and why."""
    article = Article(
        id="",
        url=url,
        title="",
        source="",
        fetch_date="",
        state=State.UNREADABLE,
        origin=Origin.FETCH,
        evidence=sha256(html),
    )
    return {**_record(article), "error": error}


def _address(page: Page, url: str) -> ArticleUrl:
    """The address that was given where it is WeChat's, else the one that the page tells."""
    identity = identity_of(page.biz, page.mid, page.idx)
    own = long_form(identity, page.sn) if identity else ""
    for link in (url, *page.aliases, own):
        try:
            return parse_url(link)
        except InputError:
            continue
    return _foreign(url)


def _foreign(url: str) -> ArticleUrl:
    """An address that is no link of WeChat's, as it was given, or none at all."""
    return ArticleUrl(given=url, request=url, canonical=url, page_type=PageType.OTHER)


def _record(article: Article) -> Record:
    own = {
        "published_day": article.published_at[:10],
        "topics": harmless_lines(article.topics),
        "text": plain_text(article.body),
        "markdown": article.body,
        "error": None,
    }
    values = {name: own[name] if name in own else getattr(article, name) for name in FIELDS}
    return {name: _sound(name, value) for name, value in values.items()}


def _sound(name: str, value: Any) -> Any:
    """A value as every format takes it, of its kind, and without credentials."""
    return harmless(sound(name, value)) if isinstance(value, str) else value
