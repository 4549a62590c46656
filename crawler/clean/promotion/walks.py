"""The two sides of an article, walked from the edge inwards: how far known blocks reach.

A walk goes on over the little that may stand between two blocks of promotion: a changing picture or
caption, a list of links, a source line that stays. It never goes over prose, so a block that
repeats in mid-text is out of its reach.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from crawler.clean.promotion.blocks import Block, Form, read_block

DEPTH = 40  # blocks from an edge that are looked at; the longest promotion that was seen has 31
CAPTION = 60  # characters of a caption that reads like prose
# pictures that are not known, but may stand between two blocks that are; words weigh twice as much
_STEPS = 6
_ISLAND = 2  # promotion behind a caption that reads like prose comes in twos at least
_CALL = 160  # characters of a call to the reader that a walk goes over

_FREE = frozenset({Form.EMPTY, Form.RULE, Form.ADDRESS, Form.LINKS})

Side = Sequence[Block]
"""Blocks from an edge inwards: the first is the outermost."""


class Edge(StrEnum):
    """The edge at which a block repeats."""

    HEAD = "head"
    TAIL = "tail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Both sides of an article, 40 blocks deep; in a short article they overlap."""

    head: Side
    tail: Side

    def side(self, edge: Edge) -> Side:
        """The end of this edge."""
        return self.head if edge is Edge.HEAD else self.tail


def read_edges(texts: Sequence[str]) -> Edges:
    """The two sides of an article that is given as its blocks."""
    head = [read_known(text) for text in texts[:DEPTH]]
    tail = [read_known(text) for text in reversed(texts[-DEPTH:])]
    return Edges(head=head, tail=tail)


@lru_cache(maxsize=16384)
def read_known(text: str) -> Block:
    """Read a block, or remember it: promotion stands in many articles, each read twice."""
    return read_block(text)


def walk(side: Side, known: Collection[str]) -> list[int]:
    """The positions of the known blocks that can be reached from the edge, ascending."""
    reached = []
    steps = 0
    for position, block in enumerate(side):
        if block.key in known:
            reached.append(position)
            steps = 0
            continue
        if _stops(side, position, known):
            break
        steps += _weight(block)
        if steps > _STEPS:
            break
    return reached


def _stops(side: Side, position: int, known: Collection[str]) -> bool:
    """Whether a block is prose, and neither a call nor a short caption with promotion behind it."""
    block = side[position]
    if block.form is not Form.PROSE or block.is_kept:
        return False
    if block.is_call and len(block.words) <= _CALL:
        return False
    behind = side[position + 1 : position + 1 + _ISLAND]
    island = len(behind) == _ISLAND and all(block.key in known for block in behind)
    return not island or len(block.words) > CAPTION


def _weight(block: Block) -> int:
    if block.form in _FREE or block.is_kept or block.is_related:
        return 0
    return 1 if block.form is Form.PICTURE else 2
