"""Copies that name no link: which article of the archive each is, as far as that can be told.

A title alone never identifies: 9.8 % of articles share theirs with another. Where title, account
and day (within one) agree with one article, the copy is of that article. Else it is kept under a
key of its own, and `same_as` says which article has its title.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Self

from crawler.flows.articles import identity_fields
from crawler.folding import title_key
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crawler.archive import Archive
    from crawler.article import Article

_DAYS = 1  # apart: a tool's clock may be UTC, which is a day early in 714 of 4,018 real copies


class Known(NamedTuple):
    """An article of the archive, as far as a copy without a link can be compared with it."""

    id: str
    url: str
    title: str
    account: str
    date: str


class Titles:
    """The articles of an archive that have a link, by title."""

    def __init__(self, articles: Iterable[Known]) -> None:
        self._by_title: dict[str, list[Known]] = {}
        for article in articles:
            if article.url:
                self._by_title.setdefault(title_key(article.title), []).append(article)

    @classmethod
    def of_archive(cls, archive: Archive) -> Self:
        """The titles of all that an archive holds now."""
        return cls(Known(*row) for row in archive.titled())

    def identified(self, article: Article) -> Article:
        """The copy under the key of the article that it is, or with what it seems to be."""
        alike = self._by_title.get(title_key(article.title), [])
        same = [known for known in alike if _agree(known, article)]
        if len({known.id for known in same}) == 1:
            return _as_copy_of(same[0], article)
        return replace(article, same_as=alike[0].id) if alike else article


def _agree(known: Known, article: Article) -> bool:
    return bool(article.account) and known.account == article.account and _near(known, article)


def _near(known: Known, article: Article) -> bool:
    try:
        days = date.fromisoformat(known.date) - date.fromisoformat(article.date)
    except ValueError:
        return False
    return abs(days.days) <= _DAYS


def _as_copy_of(known: Known, article: Article) -> Article:
    url = parse_url(known.url)
    fields = identity_fields(url.identity)
    return replace(article, id=known.id, url=url.given, sn=url.sn, **fields)
