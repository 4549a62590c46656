"""Which blocks an account repeats at the edges of its articles, and what changes between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from crawler.clean.promotion import gaps as between
from crawler.clean.promotion.gaps import Ending
from crawler.clean.promotion.walks import Edges, Kind, Line, read_known, walk

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

Known = dict[Kind, frozenset[str]]
Places = dict[str, list[int]]
"""For a key, the ordinals of the articles in which it stands, ascending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """In how many articles a block must stand, and in what share of what was published around them.

    The stretch that the share is taken of is as long as the two ask for (5 articles and a quarter:
    20 in the order of publication), or the whole account where that is shorter: promotion changes
    over the years. (Of the whole account, or of a stretch twice as long, recall is 0.03 lower and
    precision the same.)
    """

    articles: int
    share: float

    def is_enough(self, places: Sequence[int], total: int, *, times: float = 1.0) -> bool:
        """Whether some stretch of the account's articles has the block often enough."""
        window = min(total, ceil(self.articles / self.share))
        needed = max(self.articles, ceil(min(1.0, self.share * times) * window))
        if len(places) < needed:
            return False
        return any(
            last - first < window for first, last in zip(places, places[needed - 1 :], strict=False)
        )


def evidence(config: PromoConfig, *, nearly: bool = False) -> Evidence:
    """What the settings ask for, or a little less."""
    part = _NEARLY if nearly else 1.0
    return Evidence(
        articles=max(2, ceil(part * config.min_articles)), share=part * config.min_share
    )


def settle(articles: Sequence[Edges], asked: Evidence, pinned: Collection[str]) -> Known:
    """The blocks that the walks of enough articles reach, when only such blocks carry a walk."""
    present = _places(_present(articles))
    frequent = frozenset(
        key for key, places in present.items() if asked.is_enough(places, len(articles))
    )
    known: Known = dict.fromkeys(Kind, frequent.difference(pinned))
    while True:
        settled = _reaching(articles, known, present, asked)
        if settled == known:
            return known
        known = settled


def _present(articles: Sequence[Edges]) -> Iterator[set[str]]:
    for article in articles:
        yield {block.key for kind in Kind for block in article.line(kind) if not block.is_kept}


def _places(keys: Iterable[set[str]]) -> Places:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for ordinal, found in enumerate(keys):
        for key in found:
            places[key].append(ordinal)
    return places


def _reaching(articles: Sequence[Edges], known: Known, present: Places, asked: Evidence) -> Known:
    """Those of the known blocks that have the evidence when only the known ones carry a walk."""
    walks = [
        {kind: _reached(article.line(kind), kind, known[kind]) for kind in Kind}
        for article in articles
    ]
    anywhere = _places(
        set().union(*(loose | firm for loose, firm in reached.values())) for reached in walks
    )
    settled: Known = {}
    for kind in Kind:
        firm = _places(reached[kind][1] for reached in walks)
        loose = _places(reached[kind][0] | reached[kind][1] for reached in walks)
        settled[kind] = frozenset(
            key
            for key, found in loose.items()
            if len(anywhere[key]) >= _AT_EDGE * len(present[key])
            and (
                asked.is_enough(firm.get(key, []), len(walks))
                or asked.is_enough(found, len(walks), times=_PLAIN)
            )
        )
    return settled


def _reached(line: Line, kind: Kind, known: Collection[str]) -> tuple[set[str], set[str]]:
    """The keys that a walk reaches: plain words next to the article, and all others.

    Plain words that stand alone are an article's own beginning or end and count for nothing.
    """
    reached = walk(line, known)
    inner = len(reached)
    while inner and line[reached[inner - 1]].is_plain:
        inner -= 1
    if not inner and kind is Kind.HEAD:
        return set(), set()
    return {line[at].key for at in reached[inner:]}, {line[at].key for at in reached[:inner]}


def count_blocks(
    articles: Sequence[Edges], known: Known
) -> Mapping[tuple[Kind, str], tuple[int, str]]:
    """For each block that is known.

    In how many articles a walk reaches it, and how it reads in the latest of them.
    """
    counts: Counter[tuple[Kind, str]] = Counter()
    examples: dict[tuple[Kind, str], str] = {}
    for article in articles:
        for kind in Kind:
            line = article.line(kind)
            found = {(kind, line[at].key): line[at].text for at in walk(line, known[kind])}
            counts.update(found.keys())
            examples.update(found)
    return {block: (counts[block], examples[block]) for block in counts}


def learn_gaps(
    articles: Sequence[Edges], known: Known, asked: Evidence
) -> Mapping[tuple[Kind, str, str], int]:
    """Between which neighbours something changes, and how many blocks at most."""
    seen: defaultdict[tuple[Kind, str, str], list[int]] = defaultdict(list)
    for article in articles:
        for kind in Kind:
            line = article.line(kind)
            for outer, inner, size in between.gaps(line, walk(line, known[kind])):
                seen[kind, outer, inner].append(size)
    return {
        pair: max(sizes) for pair, sizes in sorted(seen.items()) if len(sizes) >= asked.articles
    }


def learn_endings(articles: Sequence[Edges], asked: Evidence) -> Mapping[Ending, int]:
    """In how many articles the account ends in a shape, for the shapes with enough of them."""
    endings = {}
    for shape in Ending:
        places = [
            ordinal
            for ordinal, article in enumerate(articles)
            if between.ending(article.tail, shape)
        ]
        if asked.is_enough(places, len(articles)):
            endings[shape] = len(places)
    return endings


def pinned_keys(texts: Iterable[str]) -> frozenset[str]:
    """The keys of blocks that are given as they read."""
    return frozenset(read_known(text.strip()).key for text in texts if text.strip())
