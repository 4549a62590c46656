"""Learn the blocks that an account repeats at the edges of its articles, and take them off.

What marks promotion is not that it repeats (参考链接, **漏洞描述** and **02** do as well) but that
it repeats *at the edge*. So every article is walked from either end, over blocks that enough
articles have there; what the walks reach and what hardly ever stands elsewhere is promotion. Enough
is a number of articles and a share of what the account published around that time, because an
account changes its promotion over the years.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.clean.promotion import gaps, learning
from crawler.clean.promotion.blocks import Form, join_blocks, split_blocks
from crawler.clean.promotion.duplicates import leaders_of_duplicates
from crawler.clean.promotion.walks import Edge, Edges, Side, read_edges, read_known, walk
from crawler.config import PromoConfig

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from crawler.clean.promotion.gaps import Ending

_ID_LENGTH = 12  # hexadecimal digits of a key in a rule id
_BETWEEN, _RELATED, _INVITATION = "between", "related", "invitation"
# rules that take blocks which need not have been seen before
_UNSEEN = frozenset({_BETWEEN, _RELATED, _INVITATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One article of the account.

    `text` without title heading and cover, `date` as YYYY-MM-DD where known.
    """

    id: str
    text: str
    date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoBlock:
    """One block that the account repeats: in how many articles, and its latest text.

    A block that is not `certain` has 80 % of the evidence that was asked for, and goes only with
    one that has all of it.
    """

    key: str
    kind: Edge
    count: int
    example: str
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Promo:
    """What was learned of one account: its blocks, the most frequent first, from `total` articles.

    `gaps` says how many changing blocks may stand between two neighbours: (edge, outer key or "",
    inner key) -> most. `endings` are shapes in which its articles end -> in how many of them;
    `pinned` are keys of blocks that stay.
    """

    blocks: tuple[PromoBlock, ...] = ()
    total: int = 0
    gaps: Mapping[tuple[Edge, str, str], int] = field(default_factory=dict)
    endings: Mapping[Ending, int] = field(default_factory=dict)
    pinned: frozenset[str] = frozenset()

    def keys(self, edge: Edge, *, certain: bool) -> frozenset[str]:
        """The keys of the blocks of one edge: all that were learned, or only the certain ones."""
        return frozenset(
            block.key
            for block in self.blocks
            if block.kind is edge and (block.certain or not certain)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripped:
    """A text less its promotion, and what was taken.

    `removed` counts the blocks that each rule took; `head` and `tail` are those blocks as text.
    """

    text: str
    removed: Mapping[str, int]
    head: str = ""
    tail: str = ""


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
    articles = _fold(samples)
    evidence, pinned = learning.evidence_of(config), learning.pinned_keys(config.pin)
    certain = learning.known_blocks(articles, evidence, pinned)
    nearly = learning.known_blocks(articles, learning.evidence_of(config, nearly=True), pinned)
    return Promo(
        blocks=(*_added(config), *_described(articles, certain, nearly)),
        total=len(articles),
        gaps=learning.learn_gaps(articles, certain, evidence),
        endings=learning.learn_endings(articles, evidence),
        pinned=pinned,
    )


def _fold(samples: Sequence[Sample]) -> list[Edges]:
    """The edges of one article of each group of near-duplicates, oldest first."""
    texts = [
        blocks
        for *_, blocks in sorted((one.date, one.id, split_blocks(one.text)) for one in samples)
    ]
    leaders = leaders_of_duplicates(texts)
    return [read_edges(blocks) for index, blocks in enumerate(texts) if leaders[index] == index]


def _added(config: PromoConfig) -> Iterator[PromoBlock]:
    for text in config.add:
        if text.strip():
            key = read_known(text.strip()).key
            yield from (
                PromoBlock(key=key, kind=edge, count=0, example=text.strip()) for edge in Edge
            )


def _described(
    articles: Sequence[Edges], certain: learning.Known, nearly: learning.Known
) -> list[PromoBlock]:
    known = {
        edge: certain[edge] | nearly[edge] if certain[edge] else certain[edge] for edge in Edge
    }
    blocks = [
        PromoBlock(key=key, kind=edge, count=count, example=example, certain=key in certain[edge])
        for (edge, key), (count, example) in learning.count_blocks(articles, known).items()
    ]
    return sorted(blocks, key=lambda block: (block.kind, -block.count, block.key))


def strip(text: str, promo: Promo) -> Stripped:
    """The text without the account's promotion.

    A text that would have nothing left comes back as it was.
    """
    removed: Counter[str] = Counter()
    heads: list[str] = []
    tails: list[str] = []
    texts = split_blocks(text)
    while taken := without_emptying(texts, promo):
        removed.update(rule for _, rule in taken.values())
        heads = heads + [texts[index] for index in sorted(taken) if taken[index][0] is Edge.HEAD]
        tails = [texts[index] for index in sorted(taken) if taken[index][0] is Edge.TAIL] + tails
        texts = [block for index, block in enumerate(texts) if index not in taken]
    return Stripped(
        text=join_blocks(texts) if removed else text,
        removed=dict(removed),
        head=join_blocks(heads),
        tail=join_blocks(tails),
    )


Taken = dict[int, tuple[Edge, str]]
"""The positions of what goes, each with the edge that it goes from and the id of the rule."""


def without_emptying(texts: Sequence[str], promo: Promo) -> Taken:
    """The positions of promotion, unless nothing else would be left.

    Where nothing would be left, only blocks that were seen to repeat go, or nothing at all.
    """
    taken = promo_positions(texts, promo)
    if _leaves_something(texts, taken):
        return taken
    taken = {
        index: found for index, found in taken.items() if found[1].rpartition(":")[2] not in _UNSEEN
    }
    return taken if _leaves_something(texts, taken) else {}


def _leaves_something(texts: Sequence[str], taken: Taken) -> bool:
    rest = (read_known(text) for index, text in enumerate(texts) if index not in taken)
    return any(not block.is_kept or block.form is Form.CODE for block in rest)


def promo_positions(texts: Sequence[str], promo: Promo) -> Taken:
    """The positions of promotion, whatever would be left."""
    edges = read_edges(texts)
    taken: Taken = {}
    for edge in Edge:
        for index, rule in positions_to_take(edges.side(edge), edge, promo).items():
            position = index if edge is Edge.HEAD else len(texts) - 1 - index
            taken.setdefault(position, (edge, f"promo:{edge}:{rule}"))
    return taken


def positions_to_take(side: Side, edge: Edge, promo: Promo) -> dict[int, str]:
    """The positions of promotion on one side, each with the last part of its rule's id."""
    reached = reachable_positions(side, edge, promo)
    taken = dict.fromkeys(changing_positions(side, reached, edge, promo), _BETWEEN)
    if edge is Edge.TAIL:
        endings = [index for shape in promo.endings for index in gaps.ending(side, shape)]
        taken |= dict.fromkeys([*endings, *gaps.related_lists(side, reached)], _RELATED)
        taken |= dict.fromkeys(gaps.invitations(side, taken.keys() | set(reached)), _INVITATION)
    taken |= {index: side[index].key[:_ID_LENGTH] for index in reached}
    return {index: rule for index, rule in taken.items() if side[index].key not in promo.pinned}


def reachable_positions(side: Side, edge: Edge, promo: Promo) -> list[int]:
    """The positions of promotion that a walk reaches, as far as the innermost certain one.

    A call inside that one counts as certain.
    """
    certain = promo.keys(edge, certain=True)
    reached = walk(side, promo.keys(edge, certain=False))
    if not any(side[index].key in certain for index in reached):
        return []
    while side[reached[-1]].key not in certain and not side[reached[-1]].is_call:
        reached.pop()
    return reached


def changing_positions(
    side: Side, reached: Sequence[int], edge: Edge, promo: Promo
) -> Iterator[int]:
    """Yield the positions between promotion that change from article to article."""
    for outer, inner in gaps.neighbours(reached):
        pair = (edge, side[outer].key if outer >= 0 else "", side[inner].key)
        if inner - outer - 1 <= promo.gaps.get(pair, 0) and gaps.may_change(side, outer, inner):
            yield from range(outer + 1, inner)
        elif edge is Edge.TAIL and len(reached) > 1:
            yield from gaps.calls_between(side, outer, inner)
