"""Values: what recurs at one place of an account's articles as promotion does, and is their own.

The answer of a quiz, the score of a film and the price of the day are plain words, each in a share
of the articles, beside the same call. A slogan goes once, when another one takes its place. The fee
and the telephone of an event are calls by their words, with another number in each article.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from crawler.clean.promotion.blocks import Form
from crawler.clean.promotion.companions import is_companion

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from crawler.clean.promotion.blocks import Block
    from crawler.clean.promotion.walks import Edge, Edges, Side

_RETURNS = 3  # times that one of two came back after the other
_SHARE = 0.25  # of the articles that have either
_LABEL = 10  # letters of a field's name
_FEWEST = 3  # different numbers
_MOST = 0.6  # of the articles with such a call have numbers of their own
# 第3期 is none, nor is how many readers there are
_FACT = re.compile(
    r"(?!.{0,40}(?:群|粉丝|读者|关注|订阅|点赞|在看|转发))\W{0,6}+[^\W\d_]{2}[^\d\0]{0,40}+\d"
)
_BLANK = frozenset({Form.EMPTY, Form.RULE})

Places = dict[str, dict[int, int]]
"""For the key of a block, its distance from the edge by the ordinal of the article."""


def values_at(articles: Sequence[Edges], edge: Edge, known: Collection[str]) -> frozenset[str]:
    """The keys of known blocks that take turns with one another at one distance from an edge."""
    places: Places = defaultdict(dict)
    for ordinal, article in enumerate(articles):
        for distance, block in _plain(article.side(edge), known):
            places[block.key].setdefault(ordinal, distance)
    slots: defaultdict[int, list[str]] = defaultdict(list)
    for key, found in places.items():
        slots[Counter(found.values()).most_common(1)[0][0]].append(key)
    pairs = (pair for keys in slots.values() for pair in combinations(keys, 2))
    return frozenset(
        key
        for one, other in pairs
        if _take_turns(places[one], places[other])
        for key in (one, other)
    )


def facts_in(articles: Sequence[Edges]) -> frozenset[str]:
    """The keys of calls that say another number in most of the articles, as 报名费 or 电话."""
    said: defaultdict[str, list[str]] = defaultdict(list)
    for article in articles:
        facts = (block for block in article.blocks() if _FACT.match(block.words))
        for key, words in {block.key: block.words for block in facts}.items():
            said[key].append(words)
    return frozenset(
        key for key, words in said.items() if len(set(words)) >= max(_FEWEST, _MOST * len(words))
    )


def _plain(side: Side, known: Collection[str]) -> Iterator[tuple[int, Block]]:
    shown = (block for block in side if block.form not in _BLANK)
    for distance, block in enumerate(shown):
        if block.key in known and _may_be_value(block):
            yield distance, block


def _may_be_value(block: Block) -> bool:
    """Whether a block is plain words or a field, as 推荐指数, and no promotion by its words."""
    is_field = block.form is Form.LINE and ":" in block.words[:_LABEL]
    is_promotion = block.appeal or block.is_end or is_companion(block.words)
    return (block.is_plain or is_field) and not is_promotion


def _take_turns(one: Collection[int], other: Collection[int]) -> bool:
    """Whether two never stand in one article, and come back after one another."""
    if not set(one).isdisjoint(other):
        return False
    order = sorted({*one, *other})
    changes = sum((before in one) != (after in one) for before, after in pairwise(order))
    returns = changes - 1
    return returns >= _RETURNS and returns >= _SHARE * len(order)
