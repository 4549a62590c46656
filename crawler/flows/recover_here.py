"""What the archive itself knows of articles that have no body.

Links to them that stand in the texts of others, and whole articles under the same title; and of
articles whose text was cut, whole ones with the same text.
"""

from __future__ import annotations

import re
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from crawler.clean.recovery import Offer
from crawler.clean.stories import are_same, letters_of, shingles_of
from crawler.flows.recover import Find, article_of, offer_of
from crawler.folding import title_key
from crawler.links import signed_links
from crawler.urls import HOST, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.archive import Archive
    from crawler.archive.saving import Missing
    from crawler.article import Article
    from crawler.clean.stories import Pieces

_SHORT_LINK = re.compile(
    r"\[(?P<title>[^\[\]\n]{2,200})\]\(<?(?P<url>https?://mp\.weixin\.qq\.com/s/[A-Za-z0-9_-]{22})"
)


class LinksWay:
    """Links that stand in the texts of other articles, and in the queue.

    A signed one names its article. A short one names none before it was fetched; where a title
    stands beside it, it is a pointer at least.
    """

    name = "links"
    batch = 500

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def finds(self, missing: Sequence[Missing]) -> Iterator[Find]:
        """Each link to one of these, once for each text that has it."""
        wanted = {article.id for article in missing if not self._archive.signed_form(article.id)}
        titles = {title_key(article.title) for article in missing if article.id in wanted} - {""}
        if not wanted:
            return
        for source, text in self._archive.texts.holding(f"{HOST}/s"):
            yield from _signed_in(text, source, wanted)
            yield from _short_in(text, source, titles)
        yield from self._queued(titles)

    def _queued(self, titles: set[str]) -> Iterator[Find]:
        """Short links that lists gave, with what those say beside them."""
        for entry in self._archive.queue.entries():
            if entry.article_id is None and title_key(entry.title) in titles:
                yield Find(
                    offer=Offer(
                        way=self.name,
                        source=entry.why,
                        url=entry.request,
                        title=entry.title,
                        account=entry.source,
                        date=entry.date,
                    )
                )


def _signed_in(text: str, source: str, wanted: set[str]) -> Iterator[Find]:
    for link in dict.fromkeys(signed_links(text)):
        form = parse_url(link)
        identity = form.identity
        if identity and identity.id in wanted:
            yield Find(
                offer=Offer(
                    way=LinksWay.name,
                    source=source,
                    url=link,
                    biz=identity.biz,
                    mid=identity.mid,
                    idx=identity.idx,
                    sn=form.sn,
                )
            )


def _short_in(text: str, source: str, titles: set[str]) -> Iterator[Find]:
    for found in _SHORT_LINK.finditer(text):
        if title_key(found["title"]) in titles:
            offer = Offer(way=LinksWay.name, source=source, url=found["url"], title=found["title"])
            yield Find(offer=offer)


class TitlesWay:
    """Whole articles of the archive that have the title of one without a body."""

    name = "titles"
    batch = 200

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def finds(self, missing: Sequence[Missing]) -> Iterator[Find]:
        """Each whole article that shares its title with one of these."""
        titles = {title_key(article.title) for article in missing} - {""}
        for article in list(self._archive.evidence.articles()):
            if article.held and title_key(article.title) in titles:
                whole = _article(self._archive, article.id)
                if whole:
                    offer = offer_of(whole, way=self.name, source=article.id)
                    yield Find(offer=offer, article=whole)


class StoryWay:
    """Whole articles of which another one's text, which was cut, is the beginning, or nearly.

    Table `stories` says which may be; the texts themselves are compared here.
    """

    name = "story"
    batch = 200

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def finds(self, missing: Sequence[Missing]) -> Iterator[Find]:  # noqa: ARG002  (they have none)
        """The best copy beside each one that was cut, where that is whole."""
        beside = groupby(self._archive.stories.cut_beside_whole(), key=itemgetter(1))
        for best, pairs in beside:  # which may be large, and have thousands beside it
            whole = _article(self._archive, best)
            pieces = _pieces(whole) if whole else frozenset[int]()
            for cut, _ in pairs:
                part = _article(self._archive, cut)
                if part and whole and are_same(_pieces(part), pieces, cut=(True, False)):
                    offer = offer_of(whole, way=self.name, source=best)
                    yield Find(offer=offer, article=whole, cut=cut)


def _pieces(article: Article) -> Pieces:
    return shingles_of(letters_of(article.body))


def _article(archive: Archive, article_id: str) -> Article | None:
    """An article of the archive with its whole text; None where it has none."""
    record = archive.get(article_id)
    body = archive.history.body(article_id, record.body_hash) if record else None
    return article_of(record, body) if record and body else None
