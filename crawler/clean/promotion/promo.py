"""What is learned of an account, and what taking it off gives: the records of the room.

What marks promotion is not that it repeats (参考链接, **漏洞描述** and **02** do as well) but that
it repeats *at the edge*. So every article is walked from either end, over blocks that enough
articles have there; what the walks reach and what hardly ever stands elsewhere is promotion. Enough
is a number of articles and a share of what the account published around that time, because an
account changes its promotion over the years.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from crawler.clean.promotion.gaps import Ending
    from crawler.clean.promotion.walks import Edge


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

    `is_on` says that promotion is taken off at all: appeals need not be learned. `gaps` says how
    many changing blocks may stand between two neighbours: (edge, outer key or "", inner key) ->
    most. `endings` are shapes in which its articles end -> in how many of them; `pinned` are keys
    of blocks that stay.
    """

    blocks: tuple[PromoBlock, ...] = ()
    total: int = 0
    is_on: bool = False
    gaps: Mapping[tuple[Edge, str, str], int] = field(default_factory=dict)
    endings: Mapping[Ending, int] = field(default_factory=dict)
    pinned: frozenset[str] = frozenset()
    account: str = ""

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
    `spared` counts the blocks that stay because too little of the article would be left.
    """

    text: str
    removed: Mapping[str, int]
    head: str = ""
    tail: str = ""
    spared: int = 0
