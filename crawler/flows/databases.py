"""Another tool's database -> archive: its texts and pages, and the articles that it only names."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from crawler.archive.files import SavedPage, read_foreign
from crawler.article import State
from crawler.clean.exports import Document, Link, is_page, local_form, read_moment
from crawler.errors import InputError
from crawler.flows.inputs import HEAD, begins_as_page, is_archive, names_articles
from crawler.flows.lists import queue_links
from crawler.flows.outcome import OURS, Outcome
from crawler.flows.pages import keep_html, told_of_damage
from crawler.telling import counted, quoted
from crawler.urls import PageType, identity_of, long_form, parse_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from crawler.archive import Archive
    from crawler.archive.files import ForeignArticle
    from crawler.flows.siblings import Siblings

_MOST_LINKS = 20_000  # of a database, that wait to be put into the queue


def keep_database(
    name: str,
    path: Path,
    archive: Archive,
    documents: Callable[[Iterable[Document]], Iterator[Outcome]],
    siblings: Siblings,
) -> Iterator[Outcome]:
    """The texts of another tool's database, its whole pages, and the articles that it only names.

    `documents` is what takes texts in. Where it breaks off, what was read before is kept.
    """
    why = f"named in {path.name}"
    found = _Found(
        name=name,
        queue=partial(queue_links, archive, why=why),
        keep=partial(_keep_row, archive=archive, siblings=siblings),
    )
    yield from documents(found.documents(read_foreign(path)))
    found.put_down()
    yield from found.pages
    if found.named:
        detail = counted(found.named, "article")
        yield Outcome(input=name, taken_for="list (database)", detail=detail, queued=found.queued)
    for error in found.errors():
        yield Outcome.of_error(name, error, State.UNREADABLE)
    if not (found.named or found.errors()):
        yield _other_database(name, path)


def _keep_row(name: str, saved: SavedPage, *, archive: Archive, siblings: Siblings) -> Outcome:
    """The whole page that a row holds, as we-mp-rss keeps it where it asks WeChat itself."""
    return told_of_damage(name, saved, keep_html(name, saved, archive, siblings, _nothing_beside))


def _nothing_beside(_: str) -> None:
    return None


def _other_database(name: str, path: Path) -> Outcome:
    """Some other program's, which is told of where it names articles; an archive is named so."""
    if is_archive(path):
        detail = f"to bring in what is in it: crawler merge {quoted(name)}"
        return Outcome(input=name, state=State.NOT_WECHAT, detail=detail, taken_for=OURS)
    detail = "is no database of wewe-rss or we-mp-rss"
    if not names_articles(path):
        return Outcome(input=name, state=State.NOT_WECHAT, detail=detail)
    error = InputError(name, f"{detail}, and names articles", "give its rows as .csv or .json")
    return Outcome.of_error(name, error, State.UNREADABLE)


@dataclass(kw_only=True)
class _Found:
    """What was found in a database, and what is wrong with it."""

    name: str
    queue: Callable[[Iterable[Link]], int]
    keep: Callable[[str, SavedPage], Outcome]
    pages: list[Outcome] = field(default_factory=list)  # what came of whole ones
    links: list[Link] = field(default_factory=list)  # that are not in the queue yet
    whole: list[Link] = field(default_factory=list)  # with a text, that is taken in before them
    named: int = 0  # articles
    queued: int = 0  # of them, that are new to the queue
    nameless: int = 0  # rows that say of no article which it is
    broken: InputError | None = None

    def documents(self, articles: Iterable[ForeignArticle]) -> Iterator[Document]:
        """Those articles that have a text; all of them are noted among the links."""
        try:
            for number, article in enumerate(articles, start=1):
                link = _link_of(article, number)
                if not link:
                    self.nameless += 1
                    continue
                (self.whole if article.html else self.links).append(link)
                if _is_whole_page(article.html):
                    self._keep_page(article, link)
                elif article.html:
                    yield self._document(article, link)
                elif len(self.links) >= _MOST_LINKS:
                    self._put_down()
        except InputError as error:
            self.broken = error

    def put_down(self) -> None:
        """Put into the queue all that was found, once the texts are in the archive."""
        self._put_down()
        self.links, self.whole = self.whole, []
        self._put_down()

    def _put_down(self) -> None:
        self.named += len(self.links)
        self.queued += self.queue(self.links) if self.links else 0
        self.links = []

    def _keep_page(self, article: ForeignArticle, link: Link) -> None:
        content = article.html.encode("utf-8", "surrogateescape")
        saved = SavedPage(
            url=link.url,
            content=content,
            charset="utf-8",
            http_status=None,
            fetched_at=local_form(article.saved),
        )
        self.pages.append(self.keep(f"{self.name}#{link.number}", saved))

    def _document(self, article: ForeignArticle, link: Link) -> Document:
        return Document(
            name=f"{self.name}#{link.number}",
            content=article.html.encode("utf-8", "surrogateescape"),
            known=link,
            producer=article.producer,
        )

    def errors(self) -> list[InputError]:
        """What is to be told of it."""
        told = [self.broken] if self.broken else []
        if self.nameless:
            what = f"has {counted(self.nameless, 'row')} that name no article"
            told.append(InputError(self.name, what, "all others were read"))
        return told


def _is_whole_page(html: str) -> bool:
    """Whether HTML is a page that says what it is; of a piece in `<html>` its row says that."""
    is_html = begins_as_page(html[:HEAD].encode("utf-8", "replace"))
    says = is_html and any(sign in html for sign in _TITLES)
    return says and is_page(html.encode("utf-8", "replace"))


_TITLES = ("og:title", "msg_title", "activity-name", "cgiData")


def _link_of(article: ForeignArticle, number: int) -> Link | None:
    """An article's address with what its row says; None where that does not tell which it is."""
    url = _address_of(article)
    if not url:
        return None
    moment = read_moment(article.published)
    return Link(
        url=url,
        title=article.title,
        account=article.account,
        date=moment.date,
        published_at=moment.at,
        saved=article.saved,
        biz=article.biz,
        mid=article.mid,
        idx=article.idx,
        number=number,
    )


def _address_of(article: ForeignArticle) -> str:
    """The address in a row; where none stands there that is whole, the one that its key tells."""
    with suppress(InputError):
        form = parse_url(article.url)
        if form.page_type is PageType.ARTICLE and not form.flaw:
            return article.url
    identity = identity_of(article.biz, article.mid, article.idx)
    return long_form(identity) if identity else ""
