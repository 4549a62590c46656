"""The lists that lie beside documents: which of their links is that of a document without one.

Where they are not sure, none is: a text under the link of another article is worse than one without
a link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain, islice, product
from pathlib import PurePath
from typing import TYPE_CHECKING

from crawler.clean.exports import Link
from crawler.flows.same import day_number, days_near
from crawler.folding import title_key
from crawler.times import DAY_ALONE, as_written, moment_of
from crawler.urls import parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


Place = tuple[int | None, str | None]
Namesakes = Mapping[Place, Mapping[str, Link]]
"""Articles with one title by address: of each day (its number) and account, and of any (None)."""

_UNDATED = -1
_CLOCKS = tuple(timedelta(hours=hours) for hours in (-8, 0, 8))
_MOST_LOOKED_AT = 200
"""Links of one title, day and account; where there are more, a document is compared with none."""


@dataclass(frozen=True, slots=True)
class Siblings:
    """What the lists beside documents say of articles: folder -> title -> links.

    `guess`: whether a title may tell of which article a copy without a link is.
    """

    by_folder: Mapping[str, Mapping[str, Sequence[Link]]] = field(default_factory=dict)
    guess: bool = True
    _asked: dict[tuple[str, str], Namesakes] = field(default_factory=dict, repr=False)

    @classmethod
    def of_lists(cls, lists: Iterable[tuple[str, Iterable[Link]]]) -> Siblings:
        """The links of some lists, by the folder in which each list stands."""
        folders: dict[str, dict[str, list[Link]]] = {}
        for path, links in lists:
            titles = folders.setdefault(str(PurePath(path).parent), {})
            for link in links:
                if link.url and (title := title_key(link.title)):  # signs alone are like no other
                    titles.setdefault(title, []).append(link)
        return cls(folders)

    def link_of(self, name: str, said: Link) -> Link | None:
        """The link of the article of which a document says this, out of a list beside it.

        That is the nearest folder that knows the title. None where the account, the day or the
        address is another's, or several articles have the title and neither tells which, or if
        hundreds have it of that account on that day. Of a series, whose issues all have one title,
        the very day tells, or the minute: a list may lack issues.
        """
        title = title_key(said.title)
        for folder in map(str, PurePath(name).parents):
            namesakes = self._namesakes(folder, title)
            if namesakes:
                links = list(islice(_of_place(namesakes, said), _MOST_LOOKED_AT + 1))
                alike = [link for link in links if _may_be_told(link, said)]
                return _meant(alike, said, namesakes) if len(links) <= _MOST_LOOKED_AT else None
        return None

    def _namesakes(self, folder: str, title: str) -> Namesakes:
        """The links of one title, in order once it is asked for: so they take thrice the room."""
        links = self.by_folder.get(folder, {}).get(title, ())
        if links and (folder, title) not in self._asked:
            self._asked[folder, title] = _by_place(links)
        return self._asked.get((folder, title), {})


NONE = Siblings()
"""No lists beside the documents."""

STRICT = Siblings(guess=False)
"""Nothing is told by a title, in lists or in the archive."""


def _day_of(link: Link) -> int:
    """The number of a link's day; -1 where it says none."""
    return day_number(link.date) if link.date else _UNDATED


def _by_place(links: Iterable[Link]) -> Namesakes:
    namesakes: dict[Place, dict[str, Link]] = {}
    for link in links:
        for place in product((_day_of(link), None), (link.account, None)):
            # a feed that is kept each day names an article again and again
            namesakes.setdefault(place, {}).setdefault(link.url, link)
    return namesakes


def _of_place(namesakes: Namesakes, said: Link) -> Iterator[Link]:
    """Those that may be of a day and an account; days may be next to another."""
    days: tuple[int | None, ...] = (_UNDATED, *days_near(said.date)) if said.date else (None,)
    for place in product(days, _accounts_of(said)):
        yield from namesakes.get(place, {}).values()


def _meant(alike: Sequence[Link], said: Link, namesakes: Namesakes) -> Link | None:
    """The link of the one article of which a document says this; None where none is sure."""
    if said.account and said.date:  # a title alone proves nothing beside what says these, too
        alike = [link for link in alike if link.account and link.date] or alike
    minute = _minute_of(said)
    at_once = [link for link in alike if minute and _minute_of(link) == minute]
    found = _the_one(at_once) or _the_one(alike)
    if found is None:
        found = _the_one([link for link in alike if _may_be_of_day(link, said.date)])
        return found if found and found.date == said.date else None
    if not said.date or found.date in {"", said.date}:
        return found
    return None if _is_of_series(found, said, namesakes) else found


def _minute_of(link: Link) -> datetime | None:
    """When an article came out, where more than its day is told."""
    moment = moment_of(link.published_at) if len(link.published_at) > DAY_ALONE else None
    return moment and moment.replace(second=0, microsecond=0)


def _may_be_of_day(link: Link, day: str) -> bool:
    """Whether a tool may say that day of what a list names: the clock of either may be UTC."""
    moment = _minute_of(link)
    if moment is None:
        return bool(day)
    return day in {as_written(moment + shift)[:DAY_ALONE] for shift in _CLOCKS}


def _is_of_series(found: Link, said: Link, namesakes: Namesakes) -> bool:
    """Whether lists name other issues of a title, and it is not the address that tells this one."""
    article_id = parse_url(found.url).article_id
    if said.url and parse_url(said.url).article_id == article_id:
        return False
    others = chain.from_iterable(
        namesakes.get((None, account), {}).values() for account in _accounts_of(said)
    )
    return any(
        link.date and parse_url(link.url).article_id != article_id
        for link in islice(others, _MOST_LOOKED_AT)
    )


def _accounts_of(said: Link) -> tuple[str | None, ...]:
    return (said.account, "") if said.account else (None,)


def _may_be_told(link: Link, said: Link) -> bool:
    """Whether a list's link may be the one of a document that says this.

    One that says another address and neither account nor day has the title alone in common.
    """
    if not _may_be_one(link.url, said.url):
        return False
    if not said.url or said.account or said.date:
        return True
    return parse_url(link.url).article_id == parse_url(said.url).article_id


def _may_be_one(one: str, other: str) -> bool:
    """Whether two addresses may lead to one article: short ones do not tell which."""
    if not (one and other):
        return True
    forms = [parse_url(one), parse_url(other)]
    return forms[0].article_id == forms[1].article_id or not all(form.identity for form in forms)


def _the_one(links: Sequence[Link]) -> Link | None:
    """The best link of the one article that all of these lead to; None where they are several."""
    forms = [parse_url(link.url) for link in links]
    if len({form.article_id for form in forms}) != 1:
        return None
    ranked = sorted(zip(forms, links, strict=True), key=lambda pair: not pair[0].signed)
    return ranked[0][1]
