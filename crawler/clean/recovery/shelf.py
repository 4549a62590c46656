"""The articles of an archive in such an order that an offer meets only those that it may be.

A collection has 50,000 articles without a body, a foreign one 15,000 documents, and series use one
title a thousand times. So every look is by key, and takes a few articles at the most.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from crawler.clean.recovery.judging import DAYS, Agreement, compare
from crawler.clean.recovery.records import day_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from crawler.clean.recovery.records import Known, Offer

MOST = 3
"""Articles that one offer may be, at the most; of more the nearest in time."""


class Match(NamedTuple):
    """An article that an offer may be, and what they have in common."""

    known: Known
    agreement: Agreement


class Shelf:
    """All articles of an archive, by identity, and by title with account and day."""

    def __init__(self, articles: Iterable[Known] = ()) -> None:
        self._by_id: dict[str, Known] = {}
        self._by_sn: dict[str, Known] = {}
        self._titles: dict[str, _Titled] = {}
        self.looks = 0
        """Articles that were compared with offers, for a test counts them."""
        for known in articles:
            self.add(known)

    def add(self, known: Known) -> None:
        """Put an article in its places."""
        self._by_id[known.id] = known
        if known.sn:
            self._by_sn[known.sn] = known
        if known.title:
            self._titles.setdefault(known.title, _Titled()).add(known)

    def matches(self, offer: Offer) -> list[Match]:
        """The articles without a body that an offer may be.

        Only those that agree the most: what agrees more with an article that is whole is its copy.
        """
        same = self._of_identity(offer)
        if same:
            return [Match(same, compare(same, offer))] if same.missing else []
        found = [Match(known, compare(known, offer)) for known in self._with_title(offer)]
        self.looks += len(found)
        best = max((_strength(match.agreement) for match in found), default=0)
        nearest = sorted(found, key=lambda match: (_distance(match.known, offer), match.known.id))
        return [
            match for match in nearest if match.known.missing and _strength(match.agreement) == best
        ][:MOST]

    def is_alone(self, known: Known, offer: Offer) -> bool:
        """Whether no other article, whole or not, can be the one that the offer is.

        Of a series, whose issues all have one title, one that is not here can be: beside the very
        day the issue of the next one.
        """
        titled, day = self._titles.get(offer.folded_title), day_of(offer.date)
        if titled and day is not None and day != known.day and titled.is_series(known, day):
            return False
        rivals = titled.rivals(offer.folded_account, day) if titled else ()
        for rival in rivals:
            self.looks += 1
            if rival.id not in (known.id, offer.source) and not compare(rival, offer).differs:
                return False
        return True

    def get(self, article_id: str) -> Known | None:
        """The article with this key."""
        return self._by_id.get(article_id)

    def _of_identity(self, offer: Offer) -> Known | None:
        stated = offer.identity
        keys = [stated.id, offer.key] if stated else [offer.key]
        found = [self._by_id.get(key) for key in keys]
        found += [] if stated else [self._by_sn.get(offer.sn)]
        # an article of this archive that offers its own text is none that it may be
        return next((known for known in found if known and known.id != offer.source), None)

    def _with_title(self, offer: Offer) -> list[Known]:
        titled = self._titles.get(offer.folded_title)
        if titled is None:
            return []
        found = titled.near(offer.folded_account, day_of(offer.date))
        return list({known.id: known for known in found if known.id != offer.source}.values())


def _strength(agreement: Agreement) -> int:
    """How much an article and an offer have in common; 0 for nothing at all."""
    if not agreement.title:
        return 0
    if agreement.identity is False:
        return 1
    return 2 + len(agreement.agreed)


def _distance(known: Known, offer: Offer) -> int:
    day = day_of(offer.date)
    return _FAR if known.day is None or day is None else abs(known.day - day)


_FAR = 1 << 20  # days; later than any two dates are apart
_FEW = 16  # articles of one title that are looked at one by one


class _Titled:
    """The articles with one title."""

    __slots__ = ("_articles", "_crowd")

    def __init__(self) -> None:
        self._articles: list[Known] = []
        self._crowd: _Crowd | None = None

    def add(self, known: Known) -> None:
        self._articles.append(known)
        self._crowd = None

    def near(self, name: str, day: int | None) -> Iterable[Known]:
        """Those that have that name or day, and some others."""
        if len(self._articles) <= _FEW:
            return self._articles
        return self._as_crowd().near(name, day)

    def rivals(self, name: str, day: int | None) -> Iterable[Known]:
        """Those that may have that name and day, whole or not; some of them where they are many."""
        if len(self._articles) <= _FEW:
            return self._articles
        return self._as_crowd().rivals(name, day)

    def is_series(self, known: Known, day: int) -> bool:
        """Whether the account of an article has another of this title, of another day."""
        if len(self._articles) > _FEW:
            return self._as_crowd().is_series(known.names, day)
        same = (one for one in self._articles if not one.names.isdisjoint(known.names))
        return any(one.day is not None and abs(one.day - day) > DAYS for one in same)

    def _as_crowd(self) -> _Crowd:
        if self._crowd is None:
            self._crowd = _Crowd(self._articles)
        return self._crowd


class _Crowd:
    """The articles of a series, which all have one title, by name and by day."""

    def __init__(self, articles: Iterable[Known]) -> None:
        self._places: defaultdict[tuple[str, int | None], list[Known]] = defaultdict(list)
        self._by_name: defaultdict[str, list[tuple[int, str, Known]]] = defaultdict(list)
        self._by_day: defaultdict[int | None, list[Known]] = defaultdict(list)
        self._spans: dict[str, tuple[int, int]] = {}  # the first day and the last
        for known in sorted(articles, key=_by_day):
            self._by_day[known.day].append(known)
            for name in known.names or ("",):
                self._places[name, known.day].append(known)
                self._by_name[name].append((known.day or 0, known.id, known))
                if known.day is not None:  # they come in the order of their days
                    self._spans[name] = (self._spans.get(name, (known.day,))[0], known.day)

    def near(self, name: str, day: int | None) -> Iterator[Known]:
        for one in filter(None, (name,)):
            for one_day in _around(day):
                yield from islice(self._places.get((one, one_day), ()), MOST)
            of_account = self._by_name.get(one, [])
            place = bisect_left(of_account, (day or 0, ""))
            yield from (known for *_, known in of_account[max(0, place - MOST) : place + MOST])
        for near in (*_around(day), None):
            yield from islice(self._by_day.get(near, ()), MOST)
        yield from (known for *_, known in self._by_name.get("", [])[:MOST])

    def is_series(self, names: Iterable[str], day: int) -> bool:
        ends = (span for name in names for span in self._spans.get(name, ()))
        return any(abs(end - day) > DAYS for end in ends)

    def rivals(self, name: str, day: int | None) -> Iterator[Known]:
        for one in (name, ""):
            for near in (*_around(day), None):
                # the article itself and the one that is offered are among them, perhaps
                yield from islice(self._places.get((one, near), ()), MOST)


def _by_day(known: Known) -> tuple[int, str]:
    return (known.day or 0, known.id)


def _around(day: int | None) -> Iterable[int]:
    return () if day is None else range(day - DAYS, day + DAYS + 1)
