"""The articles that an account's promotion is learned from, with little memory for each.

Most blocks stand nowhere else in an account. Nothing can be learned of those but how far they let a
walk go, so that is all that is kept of them: kilobytes an article, and accounts have ten thousand.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from crawler.clean.promotion.blocks import PICTURE_MARK, Block, Form, count_links, split_blocks
from crawler.clean.promotion.duplicates import leaders_of_duplicates, repeated, weighed
from crawler.clean.promotion.stripping import has_appeal, less_appeals
from crawler.clean.promotion.walks import (
    Edge,
    edges_of,
    outer_blocks,
    read_edges,
    read_known,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.clean.promotion.promo import Sample
    from crawler.clean.promotion.walks import Edges

_FEW = 200  # articles whose blocks are kept as text meanwhile, as to split them again takes time
_SIGN = 16  # hexadecimal digits: two blocks of one sign are read, and told apart by their keys


_Outlines = dict[tuple[object, ...], Block]


@dataclass(slots=True)
class _Outlined:
    """An article less the words of its blocks, which are kept if `signs` occur elsewhere."""

    edges: Edges
    texts: Sequence[str]
    blocks: list[Block]
    signs: array[int]


def read_articles(samples: Sequence[Sample], account: str) -> tuple[list[Edges], list[Edges]]:
    """The edges of one article of each group of near-duplicates, oldest first, and of all."""
    ordered = sorted(samples, key=lambda one: (one.date, one.id, one.text))
    outlines: _Outlines = {}
    outlined, weights = [], []
    for sample in ordered:
        texts = split_blocks(sample.text)
        outlined.append(_outlined(read_article(texts, account), texts, outlines))
        if len(samples) > _FEW:
            outlined[-1].texts = ()
        weights.append(weighed(texts))
    leaders = leaders_of_duplicates(weights)
    del weights
    again = frozenset(repeated(chain.from_iterable(one.signs for one in outlined)))
    copies = [
        _with_words(one, sample, again) for one, sample in zip(outlined, ordered, strict=True)
    ]
    return [edges for index, edges in enumerate(copies) if leaders[index] == index], copies


def read_article(texts: Sequence[str], account: str) -> Edges:
    """The two sides of an article, and what of its end goes by its own words."""
    edges = read_edges(texts)
    left = less_appeals(edges.tail, Edge.TAIL, account)
    edges = replace(edges, is_told=has_appeal(edges.tail, Edge.TAIL, account))
    return replace(edges, left=bytes(left)) if len(left) < len(edges.tail) else edges


def outline_of(block: Block) -> Block:
    """What walks ask of a block that stands in no other article: no letter of it, and no key."""
    links = max(0, count_links(block.text)) if block.form is Form.LINKS else 0
    mark = PICTURE_MARK if PICTURE_MARK in block.words else ""
    return replace(
        block,
        text=("#" if block.text.startswith("#") else "") + links * "](",
        words=mark.ljust(len(block.words), "x"),
        key="",
    )


def _outlined(edges: Edges, texts: Sequence[str], outlines: _Outlines) -> _Outlined:
    outer = outer_blocks(texts)
    behind = len(outer) - len(edges.head)
    blocks = [*edges.head, *reversed(edges.tail[:behind])]
    return _Outlined(
        edges=replace(edges, head=(), tail=()),
        texts=outer,
        # an appeal is learned where it stands once, too
        blocks=[block if block.appeal else _shared(block, outlines) for block in blocks],
        signs=array("Q", (int(block.key[:_SIGN], 16) for block in blocks)),
    )


def _shared(block: Block, outlines: _Outlines) -> Block:
    """The one object for all blocks of the same outline."""
    links = count_links(block.text) if block.form is Form.LINKS else 0
    has_picture, is_marked = PICTURE_MARK in block.words, block.text.startswith("#")
    what = (block.form, block.senses, len(block.words), has_picture, is_marked, links)
    if (outline := outlines.get(what)) is None:
        outline = outlines[what] = outline_of(block)
    return outline


def _with_words(one: _Outlined, sample: Sample, again: frozenset[int]) -> Edges:
    """An article with the words of the blocks that stand elsewhere, too."""
    blocks = one.blocks
    positions = [position for position, sign in enumerate(one.signs) if sign in again]
    if positions:
        texts = one.texts or outer_blocks(split_blocks(sample.text))
        for position in positions:
            blocks[position] = read_known(texts[position])
    sides = edges_of(blocks)
    return replace(one.edges, head=sides.head, tail=sides.tail)
