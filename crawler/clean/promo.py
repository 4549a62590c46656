"""Learn the blocks that an account repeats at the head and tail of its articles, and take them off.

What marks promotion is not that it repeats (参考链接, **漏洞描述** and **02** do as well) but that it repeats *at the edge*.
So every article is walked from either end, over blocks that enough articles have there; what the walks reach and what
hardly ever stands elsewhere is promotion. Enough is a number of articles and a share of what the account published
around that time, because an account changes its promotion over the years.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil

from crawler.clean import edges
from crawler.clean.blocks import Form, join_blocks, split_blocks
from crawler.clean.folding import fold_duplicates
from crawler.config import PromoConfig

_WINDOW = 20  # articles, in the order of publication, of which a block must stand in the asked share
_PLAIN = 2.0  # times the share for a few words that neither call nor link: a topic or a column's name may recur too
_AT_EDGE = 0.75  # of the articles that have a block within reach of an edge, in so many a walk must reach it
CLOSE=1
_ID_LENGTH = 12  # hexadecimal digits of a key in a rule id


class Kind(StrEnum):
    """The edge at which a block repeats."""

    HEAD = "head"
    TAIL = "tail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One article of the account: `text` without title heading and cover, `date` as YYYY-MM-DD where known."""

    id: str
    text: str
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoBlock:
    """One block that the account repeats: in how many of its articles, and how it reads in one of them."""

    key: str
    kind: Kind
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promo:
    """What was learned of one account: its blocks, most frequent first, and how many articles were counted.

    `gaps` says how many changing blocks may stand between two neighbours: (kind, outer key or "", inner key) -> most.
    """

    blocks: tuple[PromoBlock, ...] = ()
    total: int = 0
    gaps: Mapping[tuple[Kind, str, str], int] = field(default_factory=dict)

    def keys(self, kind: Kind) -> frozenset[str]:
        """The keys of the blocks of one edge."""
        return frozenset(block.key for block in self.blocks if block.kind is kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripped:
    """A text less its promotion, how often each rule took something, and the taken blocks as they read."""

    text: str
    removed: Mapping[str, int]
    head: str = ""
    tail: str = ""


def learn(samples: Iterable[Sample], config: PromoConfig | None = None, *, account: str = "") -> Promo:
    """What an account repeats at the edges of its articles; the order of the samples does not matter.

    An exempt account gives nothing; one with too few articles only the blocks that the settings add.
    """
    config = config or PromoConfig()
    if not config.enabled or account in config.exempt:
        return Promo()
    articles = _fold(samples)
    known = _settle(articles, config)
    blocks = [*_added(config), *_described(articles, known)]
    return Promo(blocks=tuple(blocks), total=len(articles), gaps=_gaps(articles, known, config))


def _fold(samples: Iterable[Sample]) -> list[edges.Edges]:
    """The edges of one article of each group of near-duplicates, oldest first."""
    ordered = sorted(samples, key=lambda sample: (sample.date, sample.id, sample.text))
    texts = [split_blocks(sample.text) for sample in ordered]
    leaders = fold_duplicates(texts)
    return [edges.read_edges(blocks) for index, blocks in enumerate(texts) if leaders[index] == index]


Known = dict[Kind, frozenset[str]]
Places = dict[str, list[int]]
"""For a key, the ordinals of the articles in which it stands, ascending."""


def _settle(articles: Sequence[edges.Edges], config: PromoConfig) -> Known:
    """The blocks that the walks of enough articles reach, when only such blocks carry a walk."""
    pinned = {edges.read_known(text).key for text in config.pin}
    present = _places(_present(articles))
    frequent = frozenset(key for key, places in present.items() if _enough(places, len(articles), config)) - pinned
    known: Known = dict.fromkeys(Kind, frequent)
    while True:
        settled = _reaching(articles, known, present, config)
        if settled == known:
            return known
        known = settled


def _present(articles: Sequence[edges.Edges]) -> Iterator[set[str]]:
    for article in articles:
        yield {block.key for line in (article.head, article.tail) for block in line if not edges.is_kept(block)}


def _places(keys: Iterable[set[str]]) -> Places:
    places: defaultdict[str, list[int]] = defaultdict(list)
    for ordinal, found in enumerate(keys):
        for key in found:
            places[key].append(ordinal)
    return places


def _enough(places: Sequence[int], total: int, config: PromoConfig, *, plain: bool = False) -> bool:
    """Whether a block stands in enough articles, and in the asked share of some stretch of them."""
    window = min(total, _WINDOW)
    share = min(1.0, config.min_share * (_PLAIN if plain else 1))
    needed = max(config.min_articles, ceil(share * window))
    return any(last - first < window for first, last in zip(places, places[needed - 1 :], strict=False))


def _reaching(articles: Sequence[edges.Edges], known: Known, present: Places, config: PromoConfig) -> Known:
    plain = {b.key for a in articles for l in (a.head,a.tail) for b in l if edges.is_plain(b)}
    walks = [_reached(article, known) for article in articles]
    anywhere = _places(reached[Kind.HEAD] | reached[Kind.TAIL] for reached in walks)
    at_edge = {key for key, places in anywhere.items() if len(places) >= _AT_EDGE * len(present.get(key, ()))}
    settled: Known = {}
    for kind in Kind:
        places = _places(reached[kind] for reached in walks)
        enough = {key for key, found in places.items() if _enough(found, len(articles), config, plain=key in plain)}
        settled[kind] = frozenset(enough & at_edge & known[kind])
    return settled


def _reached(article: edges.Edges, known: Known) -> dict[Kind, set[str]]:
    return {kind: {line[at].key for at in edges.walk(line, known[kind])} for kind, line in _lines(article)}


def _lines(article: edges.Edges) -> tuple[tuple[Kind, edges.Line], tuple[Kind, edges.Line]]:
    return ((Kind.HEAD, article.head), (Kind.TAIL, article.tail))


def _added(config: PromoConfig) -> list[PromoBlock]:
    texts = [text for text in config.add if text.strip()]
    return [PromoBlock(key=edges.read_known(text).key, kind=kind, count=0, example=text) for text in texts for kind in Kind]


def _described(articles: Sequence[edges.Edges], known: Known) -> list[PromoBlock]:
    counts: Counter[tuple[Kind, str]] = Counter()
    examples: dict[tuple[Kind, str], str] = {}
    for article in articles:
        for kind, line in _lines(article):
            found = {line[at].key: line[at].text for at in edges.walk(line, known[kind])}
            counts.update((kind, key) for key in found)
            examples.update(((kind, key), text) for key, text in found.items())
    ranked = sorted(counts, key=lambda block: (block[0], -counts[block], block[1]))
    return [PromoBlock(key=key, kind=kind, count=counts[kind, key], example=examples[kind, key]) for kind, key in ranked]


def _gaps(
    articles: Sequence[edges.Edges], known: Known, config: PromoConfig
) -> dict[tuple[Kind, str, str], int]:
    seen: defaultdict[tuple[Kind, str, str], list[int]] = defaultdict(list)
    for article in articles:
        for kind, line in _lines(article):
            for outer, inner, size in edges.gaps(line, edges.walk(line, known[kind])):
                seen[kind, outer, inner].append(size)
    return {pair: max(sizes) for pair, sizes in sorted(seen.items()) if len(sizes) >= config.min_articles}


def strip(text: str, promo: Promo) -> Stripped:
    """The text without the account's promotion; a text that would have nothing left comes back as it was."""
    removed: Counter[str] = Counter()
    heads: list[str] = []
    tails: list[str] = []
    while promo.blocks:
        blocks = split_blocks(text)
        taken = _taken(blocks, promo)
        rest = [block for at, block in enumerate(blocks) if at not in taken]
        if not taken or not _says_something(rest):
            break
        removed.update(taken[at][1] for at in taken)
        heads += [blocks[at] for at in sorted(taken) if taken[at][0] is Kind.HEAD]
        tails = [blocks[at] for at in sorted(taken) if taken[at][0] is Kind.TAIL] + tails
        text = join_blocks(rest)
    return Stripped(text=text, removed=dict(removed), head=join_blocks(heads), tail=join_blocks(tails))


def _says_something(blocks: Iterable[str]) -> bool:
    return any(not edges.is_kept(block) or block.form is Form.CODE for block in map(edges.read_known, blocks))


def _taken(blocks: Sequence[str], promo: Promo) -> dict[int, tuple[Kind, str]]:
    """The positions of what goes, each with the edge that it goes from and the id of the rule."""
    taken: dict[int, tuple[Kind, str]] = {}
    for kind, line in _lines(edges.read_edges(blocks)):
        for at, rule in _taken_from(line, kind, promo).items():
            taken.setdefault(at if kind is Kind.HEAD else len(blocks) - 1 - at, (kind, f"promo:{kind}:{rule}"))
    return taken


def _taken_from(line: edges.Line, kind: Kind, promo: Promo) -> dict[int, str]:
    reached = edges.walk(line, promo.keys(kind))
    taken = {at: line[at].key[:_ID_LENGTH] for at in reached}
    for outer, inner in zip([-1, *reached], reached, strict=False):
        pair = (kind, line[outer].key if outer >= 0 else "", line[inner].key)
        if inner - outer - 1 <= promo.gaps.get(pair, 0):
            between = line[outer + 1 : inner]
            if edges.may_change(between, at_edge=outer < 0):
                taken.update(dict.fromkeys(range(outer + 1, inner), "between"))
        if kind is Kind.TAIL and CLOSE and len(reached) > 1:
            taken.update({at: "between" for at in range(outer + 1, inner) if edges.closes(line[at])})
    if kind is Kind.TAIL:
        taken.update(dict.fromkeys(edges.lists(line, reached) - taken.keys(), "related"))
    return taken
