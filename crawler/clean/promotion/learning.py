"""Learn which blocks an account repeats at the edges of its articles, and what changes there."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from crawler.clean.promotion import gaps
from crawler.clean.promotion.blocks import Form
from crawler.clean.promotion.gaps import Ending
from crawler.clean.promotion.outlines import read_articles
from crawler.clean.promotion.promo import Promo, PromoBlock, Sample
from crawler.clean.promotion.runs import shared_runs
from crawler.clean.promotion.values import facts_in, values_at
from crawler.clean.promotion.walks import Edge, Edges, Side, read_known, walk
from crawler.config import PromoConfig

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# Measured by bench/promo.py; none of the values named costs precision unless it says so.
# times the share for plain words next to the article, as a column's name recurs too (1: two
# headings go)
_PLAIN = 2.0
# of the articles with a block in sight of an edge, in so many a walk must reach it (0.9: recall
# -0.05)
_AT_EDGE = 0.6
_NEARLY = 0.8  # of the evidence is enough for a block in the company of others (1: recall -0.02)

# of the evidence is enough for a picture at the tail, as no articles end in the same one by chance
_SHOWN = 0.6  # (1: recall -0.02)

# of the articles are enough where they share all blocks from the edge on
_ALIKE = 0.4

Known = dict[Edge, frozenset[str]]
_Places = tuple[set[str], set[str]]
_Reached = dict[Edge, _Places]
_NOTHING: _Places = (set(), set())
Indexes = dict[str, list[int]]
"""For a block's key, the ordinals of the articles that hold it, ascending."""


class Account:
    """The articles that an account's promotion is learned from.

    `present` says in which of them each block stands near an edge; `name` is the key of the
    account's own name, `pinned` are the keys of blocks that stay: of what each article says itself
    and of what the settings name.
    """

    def __init__(
        self,
        articles: Sequence[Edges],
        name: str,
        pinned: frozenset[str],
        copies: Sequence[Edges] = (),
    ) -> None:
        self.articles = articles
        self.copies = copies or articles
        self.name = read_known(name).key
        self.pinned = pinned
        self.total = len(articles)
        self.present = _indexes(
            {block.key for block in article.blocks() if block.key and not block.is_kept}
            for article in articles
        )
        self._pictures = {
            block.key
            for article in articles
            for block in article.blocks()
            if block.form is Form.PICTURE
        }

    def shows(self, key: str) -> bool:
        """Whether a block is a picture. No articles end in the same one by chance.

        At the head a few may: one illustration serves several articles.
        """
        return key in self._pictures


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

    def times(self, part: float) -> Evidence:
        """A part of this evidence, two articles at the least."""
        return Evidence(articles=max(2, ceil(part * self.articles)), share=part * self.share)


def evidence_of(config: PromoConfig) -> Evidence:
    """The articles and the share that the settings ask for."""
    return Evidence(articles=max(2, config.min_articles), share=config.min_share)


def known_blocks(account: Account, evidence: Evidence) -> Known:
    """The blocks that walks reach in enough articles, over such blocks alone.

    Starts with all frequent blocks, and drops those that too few walks reach until none is dropped.
    An appeal, which a walk reaches unknown, stays dropped: known again it might stop that walk.
    """
    least = evidence.times(_SHOWN)
    frequent = frozenset(
        key for key, found in account.present.items() if least.is_enough(found, account.total)
    )
    walks = Walks(account, dict.fromkeys(Edge, frequent.difference(account.pinned)))
    looked_at: Collection[str] = frequent
    while dropped := walks.reached_too_seldom(looked_at, evidence):
        looked_at = walks.drop(dropped)
    return walks.known


def still_known(account: Account, known: Known, evidence: Evidence) -> Known:
    """Those of the known blocks, and the appeals, that walks over known blocks reach often."""
    walks = Walks(account, known)
    return {
        edge: frozenset(key for key in walks.keys(edge) if walks.is_enough(edge, key, evidence))
        for edge in Edge
    }


class Walks:
    """What walks over known blocks reach in the articles of an account.

    As blocks are dropped, only articles that hold one of them are walked again: lists of the latest
    titles lose one block a round, as many rounds as there are articles.
    """

    def __init__(self, account: Account, known: Known) -> None:
        self.known = known
        self._account = account
        self._holding = _indexes(
            {block.key for block in article.blocks() if block.key} for article in account.articles
        )
        self._reached: list[_Reached] = [{} for _ in account.articles]
        # for a block's key, the ordinals of the articles in which it is reached
        self._loose: dict[Edge, defaultdict[str, set[int]]] = {e: defaultdict(set) for e in Edge}
        self._firm: dict[Edge, defaultdict[str, set[int]]] = {e: defaultdict(set) for e in Edge}
        self._walk(range(len(account.articles)))

    def keys(self, edge: Edge) -> Collection[str]:
        """The blocks that are reached from an edge."""
        return [key for key, found in self._loose[edge].items() if found]

    def is_enough(self, edge: Edge, key: str, evidence: Evidence) -> bool:
        """Whether a block is reached from an edge often enough."""
        total = len(self._reached)
        anywhere = set[int]().union(*(self._loose[one].get(key, ()) for one in Edge))
        if len(anywhere) < _AT_EDGE * len(self._account.present[key]):
            return False
        found, firm = (sorted(one[edge].get(key, ())) for one in (self._loose, self._firm))
        is_shown = edge is Edge.TAIL and self._account.shows(key)
        return (
            (is_shown and evidence.times(_SHOWN).is_enough(found, total))
            or evidence.is_enough(firm, total)
            or evidence.is_enough(found, total, times=_PLAIN)
        )

    def reached_too_seldom(self, keys: Collection[str], evidence: Evidence) -> Known:
        """Those of some blocks that are known and reached too seldom; empty where none is."""
        found = {
            edge: frozenset(
                key
                for key in self.known[edge].intersection(keys)
                if not self.is_enough(edge, key, evidence)
            )
            for edge in Edge
        }
        return found if any(found.values()) else {}

    def drop(self, dropped: Known) -> set[str]:
        """Know some blocks no more; returns those that are reached elsewhere than before."""
        self.known = {edge: self.known[edge] - dropped[edge] for edge in Edge}
        keys = frozenset[str]().union(*dropped.values())
        return self._walk({ordinal for key in keys for ordinal in self._holding[key]})

    def _walk(self, ordinals: Iterable[int]) -> set[str]:
        changed: set[str] = set()
        for ordinal in ordinals:
            article, before = self._account.articles[ordinal], self._reached[ordinal]
            for edge in Edge:
                reached = _reached(article.side(edge), edge, self.known[edge], self._account.name)
                if reached != before.get(edge, _NOTHING):
                    changed |= self._note(ordinal, edge, before.get(edge, _NOTHING), reached)
                    before[edge] = reached
        return changed

    def _note(self, ordinal: int, edge: Edge, before: _Places, reached: _Places) -> set[str]:
        for places, old, new in (
            (self._loose[edge], before[0] | before[1], reached[0] | reached[1]),
            (self._firm[edge], before[1], reached[1]),
        ):
            for key in old - new:
                places[key].discard(ordinal)
            for key in new - old:
                places[key].add(ordinal)
        return (before[0] ^ reached[0]) | (before[1] ^ reached[1])


def less_values(account: Account, known: Known) -> Known:
    """The known blocks but for words that take turns: they are what the articles say."""
    return {
        edge: keys.difference(values_at(account.articles, edge, keys))
        for edge, keys in known.items()
    }


def with_runs(account: Account, known: Known, evidence: Evidence) -> Known:
    """The known blocks, and those that a few unrelated articles share block for block.

    At a head they must be a share of all articles, as one picture may open two of a series.
    """
    few = evidence.times(_ALIKE).articles
    share = ceil(evidence.share * account.total)
    least = {Edge.HEAD: max(few, share), Edge.TAIL: few}
    return {
        edge: known[edge]
        | shared_runs(account.copies, edge, least[edge]).difference(account.pinned)
        for edge in Edge
    }


def _indexes(keys: Iterable[set[str]]) -> Indexes:
    indexes: defaultdict[str, list[int]] = defaultdict(list)
    for ordinal, found in enumerate(keys):
        for key in found:
            indexes[key].append(ordinal)
    return indexes


def _reached(
    side: Side, edge: Edge, known: Collection[str], name: str
) -> tuple[set[str], set[str]]:
    """The keys that a walk reaches, as two sets: plain words next to the article, and the rest.

    Both are empty at a head where only plain words are reached, unless they begin with the name of
    the account: that is how an article begins.
    """
    reached = walk(side, edge, known)
    inner = len(reached)
    while inner and side[reached[inner - 1]].is_plain:
        inner -= 1
    if not inner and edge is Edge.HEAD and not (reached and side[reached[0]].key == name):
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
            found = {
                (edge, side[index].key): side[index].text for index in walk(side, edge, known[edge])
            }
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
            for outer, inner, size in gaps.changing_gaps(side, walk(side, edge, known[edge])):
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


def learn(
    samples: Sequence[Sample], config: PromoConfig | None = None, *, account: str = ""
) -> Promo:
    """Learn what an account repeats at the edges of its articles, given in any order.

    Returns an empty Promo for an exempt account, and only the blocks that the settings add where
    there are too few articles.
    """
    config = config or PromoConfig()
    if not config.enabled or account in config.exempt:
        return Promo()
    articles, copies = read_articles(samples, account)
    staying = pinned_keys(config.pin) | facts_in(articles)
    seen = Account(articles, account, staying, copies)
    evidence = evidence_of(config)
    nearly = less_values(seen, known_blocks(seen, evidence.times(_NEARLY)))
    certain = less_values(seen, with_runs(seen, still_known(seen, nearly, evidence), evidence))
    return Promo(
        blocks=(*_added(config), *_described(seen.articles, certain, nearly)),
        total=seen.total,
        is_on=True,
        gaps=learn_gaps(seen.articles, certain, evidence),
        endings=learn_endings(seen.articles, evidence),
        pinned=seen.pinned,
        account=account,
    )


def _added(config: PromoConfig) -> Iterator[PromoBlock]:
    for text in config.add:
        if text.strip():
            key = read_known(text.strip()).key
            yield from (
                PromoBlock(key=key, kind=edge, count=0, example=text.strip()) for edge in Edge
            )


def _described(articles: Sequence[Edges], certain: Known, nearly: Known) -> list[PromoBlock]:
    known = {
        edge: certain[edge] | nearly[edge] if certain[edge] else certain[edge] for edge in Edge
    }
    blocks = [
        PromoBlock(key=key, kind=edge, count=count, example=example, certain=key in certain[edge])
        for (edge, key), (count, example) in count_blocks(articles, known).items()
    ]
    return sorted(blocks, key=lambda block: (block.kind, -block.count, block.key))
