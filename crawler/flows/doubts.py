"""Copies that a title alone makes copies of one article, of which each may be of another.

A list says a title and a link, and several documents have that title; or documents of one title
name neither link nor day. Whoever gave them is told, for nobody else can part them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.archive.saving import arrival_of
from crawler.errors import InputError
from crawler.flows.same import day_number, days_near, texts_differ
from crawler.folding import title_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.archive import Archive
    from crawler.archive.reading import Record
    from crawler.article import Article
    from crawler.flows.results import FileResult


class Doubts:
    """What is known under the keys of copies, in the archive or of those that came just before."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._seen: dict[str, Article | Record] = {}

    def parted(self, results: Sequence[FileResult]) -> list[FileResult]:
        """The results; without the link that a title gave where that is another article's."""
        return list(map(self._parted, results))

    def told(self, results: Sequence[FileResult]) -> list[FileResult]:
        """The results; with a word where texts that differ have one key for want of a day."""
        return list(map(self._told, results))

    def _parted(self, result: FileResult) -> FileResult:
        copy = result.without
        if copy is None or result.arrival is None:
            return result
        key = result.arrival.id
        before = self._before(key)
        # a copy that is parted is none of this key's, and nothing to hold others against
        self._seen.setdefault(key, before or copy)
        if before is None or not _are_of_two(before, copy):
            return result
        name = result.outcome.input
        outcome = replace(result.outcome, article_id=copy.id, error=InputError(name, *_TAKEN))
        arrival = arrival_of(copy, name)
        parted = result._replace(outcome=outcome, arrival=arrival, linkless=copy, own_key="")
        return parted._replace(unsaid=None)  # what a list tells of the link is none of it

    def _told(self, result: FileResult) -> FileResult:
        copy = result.linkless
        if copy is None or copy.date or result.outcome.error:
            return result
        before = self._before(copy.id)
        self._seen.setdefault(copy.id, before or copy)
        if before is None or not texts_differ(before.body, copy.body):
            return result
        error = InputError(result.outcome.input, *_ONE_KEY)
        return result._replace(outcome=replace(result.outcome, error=error))

    def _before(self, key: str) -> Article | Record | None:
        return self._seen.get(key) or self._archive.get(key)


def is_anothers(page: Article, archive: Archive) -> bool:
    """Whether what stands under a page's key, which its title alone gave it, is another article.

    A page without a link is not kept: so its text must be another, too, for accounts are renamed.
    """
    before = archive.get(archive.find(page.id) or page.id)
    if before is None or not _are_of_two(before, page):
        return False
    return texts_differ(before.body, page.body)


_TAKEN = (
    "names no link, and that of its title in a list beside it is of another account or day",
    "it was kept without; a CSV beside it may say its own: title,account,published,url",
)
_ONE_KEY = (
    "names neither link nor day, and another text has its title and account",
    "both are kept, and one is shown; begin files' names with YYYYMMDD and use a new archive",
)


def _are_of_two(before: Article | Record, copy: Article) -> bool:
    accounts = {title_key(one.account) for one in (before, copy)} - {""}
    days = {*days_near(before.date), *days_near(before.published_at[:10])}
    day = day_number(copy.date)
    if len(accounts) > 1 or (day and days and day not in days):
        return True
    is_other_day = bool(day and days) and copy.date not in {before.date, before.published_at[:10]}
    return is_other_day and texts_differ(before.body, copy.body)
