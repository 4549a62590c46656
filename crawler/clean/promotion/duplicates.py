"""Find near-duplicates within an account, so that what was posted ten times counts once.

Accounts post the same course, award or invitation again and again; counted singly, all of its
paragraphs would look like promotion (of one account's text 26 % repeated before folding, 2 %
after).
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

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

Weights = dict[str, int]


def leaders_of_duplicates(texts: Sequence[Sequence[str]]) -> list[int]:
    """For each article, given as its blocks, the index of the first one that is nearly the same."""
    everything = [_weights(blocks) for blocks in texts]
    spread = Counter(block for weights in everything for block in weights)
    own = [_own(weights, spread) for weights in everything]
    leader = list(range(len(texts)))
    for bucket in _buckets(own):
        _join(bucket, own, leader)
    return [_leader(leader, index) for index in range(len(texts))]


def _join(bucket: Sequence[int], own: Sequence[Weights], leader: list[int]) -> None:
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


def _weights(blocks: Sequence[str]) -> Weights:
    return {block: _weight(block) for block in blocks if _weight(block)}


def _weight(block: str) -> int:
    if block.startswith(("![", "[![")):
        return _PICTURE_WEIGHT
    return len(block) if len(block) >= _SHORTEST else 0


def _own(weights: Weights, spread: Counter[str]) -> Weights:
    own = {block: weight for block, weight in weights.items() if spread[block] < _COMMON}
    return own if sum(own.values()) >= _OWN * sum(weights.values()) else weights


def _buckets(articles: Sequence[Weights]) -> list[list[int]]:
    """Articles that share one of their longest blocks; only they are compared."""
    buckets: defaultdict[str, list[int]] = defaultdict(list)
    for index, weights in enumerate(articles):
        for block in sorted(weights, key=lambda block: (-weights[block], block))[:_HANDLES]:
            buckets[block].append(index)
    return [bucket for bucket in buckets.values() if len(bucket) > 1]


def _alike(one: Weights, other: Weights) -> bool:
    shared = sum(weight for block, weight in one.items() if block in other)
    return shared >= _ALIKE * max(sum(one.values()), sum(other.values()))


def _leader(leader: list[int], index: int) -> int:
    while leader[index] != index:
        leader[index] = leader[leader[index]]
        index = leader[index]
    return index
