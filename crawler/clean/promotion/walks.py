"""The two sides of an article, walked from the edge inwards: how far known blocks reach.

A walk goes on over the little that may stand between two blocks of promotion: a changing picture or
caption, a list of links, a source line that stays. It never goes over prose, so a block that
repeats in mid-text is out of its reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from crawler.clean.promotion.blocks import Block, Form, plain_length, read_block

DEPTH = 40  # blocks from an edge that are looked at; the longest promotion that was seen has 31
CAPTION = 60  # characters of a caption that reads like prose
# pictures that are not known, but may stand between two blocks that are; words weigh twice as much
_STEPS = 6
_ISLE = 3
_LONGEST = 800  # characters of a block that is remembered
_ISLAND = 2  # promotion behind a caption that reads like prose comes in twos at least

_BLANK = frozenset({Form.EMPTY, Form.RULE})
_FREE = frozenset({Form.EMPTY, Form.RULE, Form.ADDRESS, Form.LINKS})

Side = Sequence[Block]
"""Blocks from an edge inwards: the first is the outermost."""


class Edge(StrEnum):
    """The edge at which a block repeats."""

    HEAD = "head"
    TAIL = "tail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Both sides of an article, 40 blocks deep; in a short article they overlap.

    `size` is how many characters of plain text the whole article has, where that was counted.
    `is_told` says that promotion stands at its end, known by its own words; `left` are the
    positions of its tail less what goes by its own words, or None where that is all of it.
    """

    head: Side
    tail: Side
    size: int = 0
    is_told: bool = False
    left: bytes | None = None

    def side(self, edge: Edge) -> Side:
        """The end of this edge."""
        return self.head if edge is Edge.HEAD else self.tail

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks of both sides; some stand on either."""
        return chain(self.head, self.tail)


def read_edges(texts: Sequence[str]) -> Edges:
    """The two sides of an article that is given as the texts of its blocks."""
    edges = edges_of([read_known(text) for text in outer_blocks(texts)])
    return replace(edges, size=sum(plain_length(text) for text in texts))


def outer_blocks(texts: Sequence[str]) -> Sequence[str]:
    """Those blocks of an article that stand on one of its sides."""
    return texts if len(texts) <= 2 * DEPTH else [*texts[:DEPTH], *texts[-DEPTH:]]


def edges_of(blocks: Sequence[Block]) -> Edges:
    """The two sides of an article that is given as its blocks."""
    return Edges(head=blocks[:DEPTH], tail=blocks[: -DEPTH - 1 : -1])


def read_known(text: str) -> Block:
    """Read a block, or remember it: promotion stands in many articles, each read twice.

    A long one is forgotten: whole texts may be one block, and thousands of them would stay.
    """
    return _remembered(text) if len(text) <= _LONGEST else read_block(text)


@lru_cache(maxsize=16384)
def _remembered(text: str) -> Block:
    return read_block(text)


def is_appeal(block: Block, edge: Edge) -> bool:
    """Whether a block goes from an edge without having been seen before."""
    return block.appeal is not None and (edge is Edge.TAIL or block.appeal.opens)


def walk(side: Side, edge: Edge, known: Collection[str]) -> list[int]:
    """The positions of known blocks and of appeals that are reached from the edge, ascending.

    Behind something that changes from article to article they count as far as the last that is
    promotion by its own words: other words, or a picture, behind the pictures of the day are the
    article's own.
    """
    reached: list[int] = []
    sure = steps = 0
    has_crossed = False
    for index, block in enumerate(side):
        if block.key in known or is_appeal(block, edge):
            if edge is Edge.TAIL and _stands_under_topic(side, index, known):
                break
            reached.append(index)
            steps = 0
            if not has_crossed or _speaks(block, edge) or _is_island(reached):
                sure = len(reached)
                has_crossed = False
            continue
        if block.is_topic or _stops(side, index, known):
            break
        has_crossed = has_crossed or block.form not in _BLANK
        steps += _weight(block)
        if steps > _STEPS:
            break
    return reached[:sure]


def _speaks(block: Block, edge: Edge) -> bool:
    """Whether a block is promotion by its own words."""
    is_own = block.is_call or block.is_related or is_appeal(block, edge)
    return is_own or (block.is_end and edge is Edge.TAIL)


def _is_island(reached: Sequence[int]) -> bool:
    """Whether the last three positions are neighbours: more than a heading that repeats."""
    return len(reached) >= _ISLE and reached[-1] - reached[-_ISLE] == _ISLE - 1


def _stands_under_topic(side: Side, index: int, known: Collection[str]) -> bool:
    """Whether known plain words of a tail stand right under a heading or a date of the article."""
    for block in side[index:]:
        if block.leads and block.key not in known:
            return True
        if block.form not in _BLANK and not (block.is_plain and block.key in known):
            return False
    return False


def _stops(side: Side, index: int, known: Collection[str]) -> bool:
    """Whether a block is prose, and neither a call nor a short caption with promotion behind it."""
    block = side[index]
    if block.form is not Form.PROSE or block.is_kept or block.is_call:
        return False
    behind = side[index + 1 : index + 1 + _ISLAND]
    island = len(behind) == _ISLAND and all(block.key in known for block in behind)
    return not island or len(block.words) > CAPTION


def _weight(block: Block) -> int:
    if block.form in _FREE or block.is_kept or block.is_related:
        return 0
    return 1 if block.form is Form.PICTURE else 2
