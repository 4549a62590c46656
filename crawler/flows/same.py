"""Copies that name no link: which article of the archive each is, as far as that can be told.

A title alone never identifies: 9.8 % of articles share theirs with another. Where title, account
and day (within one, if the texts are not two; of a series, whose issues all have one title, the
very day) agree with one article, the copy is of that article. Else it is kept under a key of its
own, and `same_as` says which article has its title.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from crawler.archive.saving import is_provisional
from crawler.flows.articles import identity_fields
from crawler.folding import title_key
from crawler.plain import plain_text
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.archive import Archive
    from crawler.archive.reading import Record
    from crawler.article import Article

_Series = tuple[str, str]  # a title and an account
_SEVERAL = 2  # more articles that agree tell no less
_DAYS = 1  # apart: a tool's clock may be UTC, which is a day early in 714 of 4,018 real copies


class Known(NamedTuple):
    """An article of the archive, as far as a copy without a link can be compared with it."""

    id: str
    url: str
    title: str
    account: str
    date: str


class Titles:
    """The articles of an archive by title, those that have a link and copies that name none.

    Each is found by its day, for an account may give one title to thousands.
    """

    def __init__(self, articles: Iterable[Known]) -> None:
        self._seems: dict[str, str] = {}  # the least key of those that have a link
        self._issues: defaultdict[_Series, Counter[int]] = defaultdict(Counter)
        self._linked: defaultdict[tuple[_Series, int], list[Known]] = defaultdict(list)
        for article in articles:
            self._add(article, title_key(article.title))

    def _add(self, article: Known, title: str) -> None:
        series, day = (title, article.account), day_number(article.date)
        self._issues[series][day] += bool(article.date)
        if not article.url:
            return
        self._seems[title] = min(self._seems.get(title, article.id), article.id)
        same = self._linked[series, day]
        if len(same) < _SEVERAL:
            same.append(article)

    @classmethod
    def of_archive(cls, archive: Archive) -> Self:
        """The titles of all that an archive holds now."""
        return cls(Known(*row) for row in archive.titled())

    def identified(self, article: Article) -> Article:
        """The copy under the key of the article that it is, or with what it seems to be."""
        same, seems = self.look(article)
        if same is None:
            return replace(article, same_as=seems)
        return replace(article, id=same.id, **link_of(same.url))

    def look(self, copy: Article | Known) -> tuple[Known | None, str]:
        """The article that a copy is; None where none agrees, and then the one that it seems."""
        title = title_key(copy.title)
        series, days = (title, copy.account), days_near(copy.date)
        found = [known for day in days for known in self._linked.get((series, day), ())]
        is_one = bool(copy.account) and len({known.id for known in found}) == 1
        if is_one and self._is_meant(found[0], copy, series):
            return found[0], ""
        return None, self._seems.get(title, "")

    def _is_meant(self, known: Known, copy: Article | Known, series: _Series) -> bool:
        """Whether a copy of a day, or the next to it, is of that article and of no lost issue."""
        if known.date == copy.date:
            return True
        issues = self._issues[series]
        return issues.total() == sum(issues[day] for day in days_near(copy.date))


def settle_copies(archive: Archive) -> None:
    """Let copies that named no link join the articles that they are, which may have come later."""
    waiting = [Known(*row) for row in archive.without_link()]
    titles = Titles.of_archive(archive) if waiting else Titles([])
    for copy in waiting:
        same, seems = titles.look(copy)
        if same is None:
            archive.note_same_as(copy.id, seems)
        elif _are_two_issues(archive.get(same.id), archive.get(copy.id)):
            archive.note_same_as(copy.id, same.id)
        else:
            archive.join_copy(copy.id, same.id, link_of(same.url))


def identified(copy: Article, titles: Titles, archive: Archive) -> Article:
    """A copy under the key of the article that it is, by what all of its text says, too."""
    article = titles.identified(copy)
    if article.id != copy.id and _are_two_issues(archive.get(article.id), copy):
        return replace(copy, same_as=article.id)
    return article


def _are_two_issues(one: Article | Record | None, other: Article | Record | None) -> bool:
    """Whether what has one title and account is of two days: a clock in UTC changes no text."""
    if one is None or other is None or one.date == other.date:
        return False
    return texts_differ(one.body, other.body)


def join_copy(archive: Archive, key: str, article_id: str) -> None:
    """Let a copy that named no link join its article, where both are there still.

    In its row several files may have come together that turn out to be of several articles: it
    stays beside them then, for the text of one would be shown as that of another.
    """
    article = archive.get(article_id)
    if article is None or article.id == key or archive.find(key) != key:
        return
    if archive.seeds.gave_all(key, article.id):
        archive.join_copy(key, article.id, link_of(article.url))


def are_two(one: str, other: str) -> bool:
    """Whether two keys tell that they are of two articles: of short addresses one has several."""
    return one != other and not (is_provisional(one) or is_provisional(other))


def link_of(address: str) -> dict[str, Any]:
    """What an article's address says, as columns."""
    url = parse_url(address)
    nothing = dict.fromkeys(("biz", "mid", "idx"), "")
    return {"url": url.given, "sn": url.sn, **nothing, **identity_fields(url.identity)}


def day_number(day: str) -> int:
    """A day as a number; 0 of what is none."""
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError:
        return 0


def days_near(day: str) -> Sequence[int]:
    """The numbers of a day and those next to it; what is no day is near none."""
    number = day_number(day)
    return range(number - _DAYS, number + _DAYS + 1) if number else ()


def texts_differ(one: str, other: str) -> bool:
    """Whether two texts say much that the other does not, wherever their lines end."""
    if one == other:
        return False
    texts = [[title_key(line) for line in plain_text(text).split("\n")] for text in (one, other)]
    return _has_own(*texts) and _has_own(*reversed(texts))


def _has_own(lines: Sequence[str], others: Sequence[str]) -> bool:
    known, whole = set(others), "".join(others)
    strange = [line for line in lines if len(line) >= _LONG and line not in known]
    own = (line for line in islice(strange, _MOST_LINES) if line not in whole)
    return sum(map(len, own)) >= _MUCH


_LONG, _MUCH = 10, 100  # letters of a line that says something; of a text that is another one
_MOST_LINES = 100  # that are looked for in all of a text
