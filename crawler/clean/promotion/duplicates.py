"""Find near-duplicates within an account, so that what was posted ten times counts once.

Accounts post the same course, award or invitation again and again; counted singly, all of its
paragraphs would look like promotion (of one account's text 26 % repeated before folding, 2 %
after).
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict, deque
from itertools import chain, groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_ALIKE = 0.7  # of the longer one's text
# a block in so many articles says nothing about any one of them, be it promotion or a re-post
_COMMON = 5
_OWN = 0.1  # an article with less of its own than this is compared as a whole
_HANDLES = 3  # of the longest blocks; two near-duplicates share one of them
_SHORTEST = 16  # characters; shorter blocks are headings that any two articles may share
_PICTURE_WEIGHT = 40
# of the articles of a bucket that are like none before them, with each that follows: where articles
# are made of common blocks alone, thousands may share one, each beside others
_MOST_COMPARED = 30


class Weighed(NamedTuple):
    """The blocks of an article that count, the heaviest first: their signs and their weights."""

    signs: array[int]
    weights: array[int]


class _Own(NamedTuple):
    """What an article is compared by.

    `shared` has the weights of those blocks that stand in another one, too, `handles` are those of
    them by which the article is found; `total` weighs all of its blocks.
    """

    shared: dict[int, int]
    handles: list[int]
    total: int


def weighed(blocks: Sequence[str]) -> Weighed:
    """An article, given as its blocks, as it is compared with others: 12 bytes a block."""
    weights = {block: weight for block in blocks if (weight := _weight(block))}
    ordered = sorted(weights, key=lambda block: (-weights[block], block))
    signs = array("Q", map(_sign, ordered))
    return Weighed(signs, array("L", (weights[block] for block in ordered)))


def repeated(signs: Iterable[int]) -> dict[int, int]:
    """How often each sign occurs that does so more than once."""
    counts = ((sign, len(list(same))) for sign, same in groupby(sorted(signs)))
    return {sign: count for sign, count in counts if count > 1}


def leaders_of_duplicates(articles: Sequence[Weighed]) -> list[int]:
    """For each article the index of the first one that is nearly the same."""
    spread = repeated(chain.from_iterable(article.signs for article in articles))
    own = [_own(article, spread) for article in articles]
    leader = list(range(len(articles)))
    for bucket in _buckets(own):
        _join(bucket, own, leader)
    return [_leader(leader, index) for index in range(len(articles))]


def _join(bucket: Sequence[int], own: Sequence[_Own], leader: list[int]) -> None:
    """Join each article of a bucket to the first that it is like.

    A thousand re-posts are compared with one of them, and none with more than the latest firsts.
    """
    firsts: deque[int] = deque(maxlen=_MOST_COMPARED)
    for index in bucket:
        like = next((first for first in firsts if _alike(own[first], own[index])), None)
        if like is None:
            firsts.append(index)
            continue
        one, other = sorted((_leader(leader, like), _leader(leader, index)))
        leader[other] = one


def _sign(block: str) -> int:
    whole = block.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(whole, digest_size=8).digest(), "big")


def _weight(block: str) -> int:
    if block.startswith(("![", "[![")):
        return _PICTURE_WEIGHT
    return len(block) if len(block) >= _SHORTEST else 0


def _own(article: Weighed, spread: Mapping[int, int]) -> _Own:
    everything = list(zip(article.signs, article.weights, strict=True))
    own = [(sign, weight) for sign, weight in everything if spread.get(sign, 1) < _COMMON]
    if _total(own) < _OWN * _total(everything):
        own = everything
    shared = {sign: weight for sign, weight in own if sign in spread}
    return _Own(shared, [sign for sign, _ in own[:_HANDLES] if sign in spread], _total(own))


def _total(weights: Iterable[tuple[int, int]]) -> int:
    return sum(weight for _, weight in weights)


def _buckets(articles: Sequence[_Own]) -> list[list[int]]:
    """Articles that share one of their longest blocks; only they are compared."""
    buckets: defaultdict[int, list[int]] = defaultdict(list)
    for index, own in enumerate(articles):
        for sign in own.handles:
            buckets[sign].append(index)
    return [bucket for bucket in buckets.values() if len(bucket) > 1]


def _alike(one: _Own, other: _Own) -> bool:
    shared = sum(weight for sign, weight in one.shared.items() if sign in other.shared)
    return shared >= _ALIKE * max(one.total, other.total)


def _leader(leader: list[int], index: int) -> int:
    while leader[index] != index:
        leader[index] = leader[leader[index]]
        index = leader[index]
    return index
