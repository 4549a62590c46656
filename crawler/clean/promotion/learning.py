"""Which blocks an account repeats at the edges of its articles, and what changes between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from crawler.clean.promotion import gaps
from crawler.clean.promotion.gaps import Ending
from crawler.clean.promotion.walks import Edge, Edges, Side, read_known, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from crawler.config import PromoConfig

# Measured by bench/promo.py; none of the values named costs precision unless it says so.
# times the share for plain words next to the article, as a column's name recurs too (1: two
# headings go)
_PLAIN = 2.0
# of the articles with a block in sight of an edge, in so many a walk must reach it (0.9: recall
# -0.05)
_AT_EDGE = 0.6
_NEARLY = 0.8  # of the evidence is enough for a block in the company of others (1: recall -0.02)

Known = dict[Edge, frozenset[str]]
Indexes = dict[str, list[int]]
"""For a block's key, the ordinals of the articles that hold it, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """In how many articles a block must stand, and in what share of those published around them.

    The stretch that the share is taken of is as long as the two ask for (5 articles and a quarter:
    20 in the order of publication), or the whole account where that is shorter: promotion changes
    over the years. (Of the whole account, or of a stretch twice as long, recall is 0.03 lower and
    precision the same.)
    """

    articles: int
    share: float

    def is_enough(self, indexes: Sequence[int], total: int, *, times: float = 1.0) -> bool:
        """Whether some stretch of the account's articles has the block often enough."""
        window = min(total, ceil(self.articles / self.share))
        needed = max(self.articles, ceil(min(1.0, self.share * times) * window))
        if len(indexes) < needed:
            return False
        return any(
            last - first < window
            for first, last in zip(indexes, indexes[needed - 1 :], strict=False)
        )


def evidence_of(config: PromoConfig, *, nearly: bool = False) -> Evidence:
    """The articles and the share that the settings ask for, or 80 % of both when `nearly`."""
    part = _NEARLY if nearly else 1.0
    return Evidence(
        articles=max(2, ceil(part * config.min_articles)), share=part * config.min_share
    )


def known_blocks(articles: Sequence[Edges], evidence: Evidence, pinned: Collection[str]) -> Known:
    """The blocks that walks reach in enough articles, over such blocks alone.

    Starts with all frequent blocks, and drops those that too few walks reach until none is dropped.
    """
    present = _indexes(_present(articles))
    frequent = frozenset(
        key for key, indexes in present.items() if evidence.is_enough(indexes, len(articles))
    )
    known: Known = dict.fromkeys(Edge, frequent.difference(pinned))
    while True:
        settled = _still_known(articles, known, present, evidence)
        if settled == known:
            return known
        known = settled


def _present(articles: Sequence[Edges]) -> Iterator[set[str]]:
    for article in articles:
        yield {block.key for edge in Edge for block in article.side(edge) if not block.is_kept}


def _indexes(keys: Iterable[set[str]]) -> Indexes:
    indexes: defaultdict[str, list[int]] = defaultdict(list)
    for ordinal, found in enumerate(keys):
        for key in found:
            indexes[key].append(ordinal)
    return indexes


def _still_known(
    articles: Sequence[Edges], known: Known, present: Indexes, evidence: Evidence
) -> Known:
    """Those of the known blocks that walks over known blocks reach often enough."""
    walks = [
        {edge: _reached(article.side(edge), edge, known[edge]) for edge in Edge}
        for article in articles
    ]
    anywhere = _indexes(
        set().union(*(loose | firm for loose, firm in reached.values())) for reached in walks
    )
    settled: Known = {}
    for edge in Edge:
        firm = _indexes(reached[edge][1] for reached in walks)
        loose = _indexes(reached[edge][0] | reached[edge][1] for reached in walks)
        settled[edge] = frozenset(
            key
            for key, found in loose.items()
            if len(anywhere[key]) >= _AT_EDGE * len(present[key])
            and (
                evidence.is_enough(firm.get(key, []), len(walks))
                or evidence.is_enough(found, len(walks), times=_PLAIN)
            )
        )
    return settled


def _reached(side: Side, edge: Edge, known: Collection[str]) -> tuple[set[str], set[str]]:
    """The keys that a walk reaches, as two sets: plain words next to the article, and the rest.

    Both are empty at a head where only plain words are reached: that is how an article begins.
    """
    reached = walk(side, known)
    inner = len(reached)
    while inner and side[reached[inner - 1]].is_plain:
        inner -= 1
    if not inner and edge is Edge.HEAD:
        return set(), set()
    return {side[index].key for index in reached[inner:]}, {
        side[index].key for index in reached[:inner]
    }


def count_blocks(
    articles: Sequence[Edges], known: Known
) -> Mapping[tuple[Edge, str], tuple[int, str]]:
    """For each known block: in how many articles a walk reaches it, and its latest text."""
    counts: Counter[tuple[Edge, str]] = Counter()
    examples: dict[tuple[Edge, str], str] = {}
    for article in articles:
        for edge in Edge:
            side = article.side(edge)
            found = {(edge, side[index].key): side[index].text for index in walk(side, known[edge])}
            counts.update(found.keys())
            examples.update(found)
    return {block: (counts[block], examples[block]) for block in counts}


def learn_gaps(
    articles: Sequence[Edges], known: Known, evidence: Evidence
) -> Mapping[tuple[Edge, str, str], int]:
    """Between which neighbours blocks change, and how many blocks at the most."""
    seen: defaultdict[tuple[Edge, str, str], list[int]] = defaultdict(list)
    for article in articles:
        for edge in Edge:
            side = article.side(edge)
            for outer, inner, size in gaps.changing_gaps(side, walk(side, known[edge])):
                seen[edge, outer, inner].append(size)
    return {
        pair: max(sizes) for pair, sizes in sorted(seen.items()) if len(sizes) >= evidence.articles
    }


def learn_endings(articles: Sequence[Edges], evidence: Evidence) -> Mapping[Ending, int]:
    """The shapes in which enough articles end, and in how many."""
    endings = {}
    for shape in Ending:
        indexes = [
            ordinal for ordinal, article in enumerate(articles) if gaps.ending(article.tail, shape)
        ]
        if evidence.is_enough(indexes, len(articles)):
            endings[shape] = len(indexes)
    return endings


def pinned_keys(texts: Iterable[str]) -> frozenset[str]:
    """The keys of blocks that are given as text."""
    return frozenset(read_known(text.strip()).key for text in texts if text.strip())
