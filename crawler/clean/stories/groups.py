"""Pairs of texts that are the same -> groups, and which article of a group is named.

What joins two articles is a matter of these two alone, so that groups follow from the set of
articles, in whatever order they came.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from crawler.article import Rank, supersedes

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a group: when it was published, and how good a copy it is."""

    id: str
    published: str  # a day, or a moment of one; empty where that is not known
    rank: Rank


class Joined:
    """Names that are joined one pair after the other: whoever is joined to a member is one."""

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._leader: dict[str, str] = {}
        for pair in pairs:
            self.join(*pair)

    def join(self, one: str, other: str) -> None:
        """Make two names, and all that are joined to either, one group."""
        self._leader[self.first(one)] = self.first(other)

    def are(self, one: str, other: str) -> bool:
        """Whether two names are of one group."""
        return self.first(one) == self.first(other)

    def first(self, name: str) -> str:
        """The name that stands for its group; the way to it gets shorter by being gone."""
        leader = self._leader.get(name, name)
        while leader != name:
            self._leader[name] = self._leader.get(leader, leader)
            name, leader = leader, self._leader.get(leader, leader)
        return name


def join_pairs(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The groups that pairs of names make: whoever is joined to a member is one."""
    joined = Joined()
    names: dict[str, None] = {}
    for pair in pairs:
        joined.join(*pair)
        names.update(dict.fromkeys(pair))
    groups: dict[str, set[str]] = {}
    for name in names:
        groups.setdefault(joined.first(name), set()).add(name)
    return list(groups.values())


def earliest_of(members: Iterable[Member]) -> Member:
    """The article that was published first; of one moment that with the least key."""
    return min(members, key=lambda one: (not one.published, one.published, one.id))


def best_of(members: Iterable[Member]) -> Member:
    """The article with the best copy; of equal ones that with the least key."""
    return reduce(_better, sorted(members, key=lambda one: one.id))


def _better(best: Member, other: Member) -> Member:
    is_better = supersedes(other.rank, best.rank) and not supersedes(best.rank, other.rank)
    return other if is_better else best
