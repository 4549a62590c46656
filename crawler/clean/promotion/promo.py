"""Learn the blocks that an account repeats at the head and tail of its articles, and take them off.

What marks promotion is not that it repeats (参考链接, **漏洞描述** and **02** do as well) but that it
repeats *at the edge*. So every article is walked from either end, over blocks that enough articles
have there; what the walks reach and what hardly ever stands elsewhere is promotion. Enough is a
number of articles and a share of what the account published around that time, because an account
changes its promotion over the years.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.clean.promotion import gaps as between
from crawler.clean.promotion import learning
from crawler.clean.promotion.blocks import Form, join_blocks, split_blocks
from crawler.clean.promotion.duplicates import fold_duplicates
from crawler.clean.promotion.walks import Edges, Kind, Line, read_edges, read_known, walk
from crawler.config import PromoConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    """One block that the account repeats.

    In how many of its articles, and how it reads in the latest of them.

    A block that is not `certain` has a little less than the evidence asked for, and goes only with
    one that has it.
    """

    key: str
    kind: Kind
    count: int
    example: str
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Promo:
    """What was learned of one account.

    Its blocks, most frequent first, and how many articles were counted.

    `gaps` says how many changing blocks may stand between two neighbours: (kind, outer key or "",
    inner key) -> most. `endings` are shapes in which its articles end -> in how many of them;
    `pinned` are keys of blocks that stay.
    """

    blocks: tuple[PromoBlock, ...] = ()
    total: int = 0
    gaps: Mapping[tuple[Kind, str, str], int] = field(default_factory=dict)
    endings: Mapping[Ending, int] = field(default_factory=dict)
    pinned: frozenset[str] = frozenset()

    def keys(self, kind: Kind, *, certain: bool) -> frozenset[str]:
        """The keys of the blocks of one edge: all that were learned, or only the certain ones."""
        return frozenset(
            block.key
            for block in self.blocks
            if block.kind is kind and (block.certain or not certain)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripped:
    """A text less its promotion, how often each rule took something, and the taken blocks as they read."""

    text: str
    removed: Mapping[str, int]
    head: str = ""
    tail: str = ""


def learn(
    samples: Iterable[Sample], config: PromoConfig | None = None, *, account: str = ""
) -> Promo:
    """What an account repeats at the edges of its articles.

    The order of the samples does not matter.

    An exempt account gives nothing; one with too few articles only the blocks that the settings
    add.
    """
    config = config or PromoConfig()
    if not config.enabled or account in config.exempt:
        return Promo()
    articles = _fold(samples)
    asked, pinned = learning.evidence(config), learning.pinned_keys(config.pin)
    certain = learning.settle(articles, asked, pinned)
    nearly = learning.settle(articles, learning.evidence(config, nearly=True), pinned)
    return Promo(
        blocks=(*_added(config), *_described(articles, certain, nearly)),
        total=len(articles),
        gaps=learning.learn_gaps(articles, certain, asked),
        endings=learning.learn_endings(articles, asked),
        pinned=pinned,
    )


def _fold(samples: Iterable[Sample]) -> list[Edges]:
    """The edges of one article of each group of near-duplicates, oldest first."""
    texts = [
        blocks
        for *_, blocks in sorted((one.date, one.id, split_blocks(one.text)) for one in samples)
    ]
    leaders = fold_duplicates(texts)
    return [read_edges(blocks) for index, blocks in enumerate(texts) if leaders[index] == index]


def _added(config: PromoConfig) -> Iterator[PromoBlock]:
    for text in config.add:
        if text.strip():
            key = read_known(text.strip()).key
            yield from (
                PromoBlock(key=key, kind=kind, count=0, example=text.strip()) for kind in Kind
            )


def _described(
    articles: Sequence[Edges], certain: learning.Known, nearly: learning.Known
) -> list[PromoBlock]:
    known = {
        kind: certain[kind] | nearly[kind] if certain[kind] else certain[kind] for kind in Kind
    }
    blocks = [
        PromoBlock(key=key, kind=kind, count=count, example=example, certain=key in certain[kind])
        for (kind, key), (count, example) in learning.count_blocks(articles, known).items()
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
    while taken := _sparing(texts, promo):
        removed.update(rule for _, rule in taken.values())
        heads = heads + [texts[at] for at in sorted(taken) if taken[at][0] is Kind.HEAD]
        tails = [texts[at] for at in sorted(taken) if taken[at][0] is Kind.TAIL] + tails
        texts = [block for at, block in enumerate(texts) if at not in taken]
    return Stripped(
        text=join_blocks(texts) if removed else text,
        removed=dict(removed),
        head=join_blocks(heads),
        tail=join_blocks(tails),
    )


Taken = dict[int, tuple[Kind, str]]
"""The positions of what goes, each with the edge that it goes from and the id of the rule."""


def _sparing(texts: Sequence[str], promo: Promo) -> Taken:
    """What goes.

    Only what was seen to repeat where nothing would be left otherwise, and then perhaps nothing.
    """
    taken = _taken(texts, promo)
    if _leaves_something(texts, taken):
        return taken
    taken = {at: found for at, found in taken.items() if found[1].rpartition(":")[2] not in _UNSEEN}
    return taken if _leaves_something(texts, taken) else {}


def _leaves_something(texts: Sequence[str], taken: Taken) -> bool:
    rest = (read_known(text) for at, text in enumerate(texts) if at not in taken)
    return any(not block.is_kept or block.form is Form.CODE for block in rest)


def _taken(texts: Sequence[str], promo: Promo) -> Taken:
    edges = read_edges(texts)
    taken: Taken = {}
    for kind in Kind:
        for at, rule in _taken_from(edges.line(kind), kind, promo).items():
            position = at if kind is Kind.HEAD else len(texts) - 1 - at
            taken.setdefault(position, (kind, f"promo:{kind}:{rule}"))
    return taken


def _taken_from(line: Line, kind: Kind, promo: Promo) -> dict[int, str]:
    """The positions of what goes from one end, each with the last part of the rule's id."""
    reached = _carried(line, kind, promo)
    taken = dict.fromkeys(_changing(line, reached, kind, promo), _BETWEEN)
    if kind is Kind.TAIL:
        endings = [at for shape in promo.endings for at in between.ending(line, shape)]
        taken |= dict.fromkeys([*endings, *between.related_lists(line, reached)], _RELATED)
        taken |= dict.fromkeys(between.invitations(line, taken.keys() | set(reached)), _INVITATION)
    taken |= {at: line[at].key[:_ID_LENGTH] for at in reached}
    return {at: rule for at, rule in taken.items() if line[at].key not in promo.pinned}


def _carried(line: Line, kind: Kind, promo: Promo) -> list[int]:
    """The positions that a walk reaches.

    The innermost is certain, or a call in the company of what is.
    """
    certain = promo.keys(kind, certain=True)
    reached = walk(line, promo.keys(kind, certain=False))
    if not any(line[at].key in certain for at in reached):
        return []
    while line[reached[-1]].key not in certain and not line[reached[-1]].is_call:
        reached.pop()
    return reached


def _changing(line: Line, reached: Sequence[int], kind: Kind, promo: Promo) -> Iterator[int]:
    """The positions of what stands between neighbours and changes from article to article."""
    for outer, inner in between.neighbours(reached):
        pair = (kind, line[outer].key if outer >= 0 else "", line[inner].key)
        if inner - outer - 1 <= promo.gaps.get(pair, 0) and between.may_change(line, outer, inner):
            yield from range(outer + 1, inner)
        elif kind is Kind.TAIL and len(reached) > 1:
            yield from between.calls_between(line, outer, inner)
