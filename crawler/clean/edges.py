"""The two ends of an article, walked from the edge inwards: how far what is known reaches, and what lies between it.

A walk goes on over the little that may stand between two blocks of promotion: a changing picture or caption, a list of
links, a source line that stays. It never goes over prose, so a block that repeats in mid-text is out of its reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from crawler.clean.blocks import Block, Form, read_block
from crawler.clean.wording import Sense, has_sense

DEPTH = 40  # blocks from an edge that are looked at; the longest promotion that was seen has 31
_STEPS = 6  # pictures that are no promotion, but may stand between two blocks that are; words weigh twice as much
_ISLAND = 2  # promotion behind a caption that reads like prose comes in twos at least
_CAPTION = 60  # characters of a caption that reads like prose

_FREE = frozenset({Form.EMPTY, Form.RULE, Form.ADDRESS, Form.LINKS})
_LIST = frozenset({Form.EMPTY, Form.PICTURE, Form.LINKS})
_SLIGHT = _LIST | {Form.LINE}

Line = Sequence[Block]
"""Blocks from an edge inwards: the first is the outermost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Both ends of an article, as far as they are looked at."""

    head: Line
    tail: Line


def read_edges(texts: Sequence[str]) -> Edges:
    """The ends of an article that is given as its blocks."""
    head = [read_known(text) for text in texts[:DEPTH]]
    tail = [read_known(text) for text in reversed(texts[-DEPTH:])]
    return Edges(head=head, tail=tail)


@lru_cache(maxsize=16384)
def read_known(text: str) -> Block:
    """A block with the key that it is known by; only a call to the reader may differ in its numbers."""
    block = read_block(text)
    return read_block(text, numbers=False) if has_sense(block.words, Sense.CALL) else block


@lru_cache(maxsize=16384)
def is_kept(block: Block) -> bool:
    """Whether a block stays, however often it repeats."""
    return block.form in (Form.CODE, Form.RULE, Form.EMPTY) or has_sense(block.words, Sense.KEPT)


@lru_cache(maxsize=16384)
def is_related(block: Block) -> bool:
    """Whether a block heads a list of links to other articles."""
    return block.form in (Form.LINE, Form.PROSE) and has_sense(block.words, Sense.RELATED)


def walk(line: Line, known: Collection[str]) -> list[int]:
    """The positions of the known blocks that can be reached from the edge."""
    reached = []
    steps = 0
    for position, block in enumerate(line):
        if block.key in known:
            reached.append(position)
            steps = 0
            continue
        if block.form is Form.PROSE and not is_kept(block) and not _bridges(line, position, known):
            break
        steps += _weight(block)
        if steps > _STEPS:
            break
    return reached


def _weight(block: Block) -> int:
    if block.form in _FREE or is_kept(block) or is_related(block):
        return 0
    return 1 if block.form is Form.PICTURE else 2


def _bridges(line: Line, position: int, known: Collection[str]) -> bool:
    """Whether prose is a short caption with promotion behind it."""
    behind = line[position + 1 : position + 1 + _ISLAND]
    short = len(line[position].words) <= _CAPTION
    return short and len(behind) == _ISLAND and all(block.key in known for block in behind)


def gaps(line: Line, reached: Sequence[int]) -> Iterator[tuple[str, str, int]]:
    """What stands between neighbours that were reached: the outer one's key ("" for the edge), the inner's, how much."""
    outer = -1
    for inner in reached:
        between = line[outer + 1 : inner]
        if between and may_change(between, at_edge=outer < 0):
            yield (line[outer].key if outer >= 0 else "", line[inner].key, len(between))
        outer = inner


def may_change(between: Line, *, at_edge: bool) -> bool:
    """Whether all of these blocks are such as differ from article to article within promotion."""
    return all(_changes(block, at_edge=at_edge) for block in between)


def _changes(block: Block, *, at_edge: bool) -> bool:
    if at_edge:
        return block.form in _LIST
    caption = block.form is Form.PROSE and len(block.words) <= _CAPTION
    return (block.form in _SLIGHT or caption) and not (is_kept(block) and block.form is not Form.EMPTY)


def lists(line: Line, reached: Sequence[int]) -> set[int]:
    """Headings over lists of links, known or not, with their lists; `line` is a tail."""
    if not reached:
        return set()
    taken: set[int] = set()
    for position in range(_inner_end(line, reached[-1])):
        block = line[position]
        if is_related(block):
            links = _links_before(line, position)
            taken.update(links)
            if links:
                taken.add(position)
    return taken


def _inner_end(line: Line, last: int) -> int:
    """Where the list ends that stands directly inside the last block that was reached, or just behind that block."""
    end = last + 1
    while end < len(line) and line[end].form in _LIST:
        end += 1
    return end + 1 if end < len(line) and is_related(line[end]) else last + 1


def _links_before(line: Line, heading: int) -> list[int]:
    """The positions of the list under a heading, which in a tail stand before it."""
    positions = []
    position = heading - 1
    while position >= 0 and line[position].form in _LIST:
        positions.append(position)
        position -= 1
    return positions


def closes(block: Block) -> bool:
    """Whether a block between promotion and the end is promotion too."""
    if is_kept(block):
        return block.form is Form.EMPTY
    return block.form in _LIST or (len(block.words) <= 100 and has_sense(block.words, Sense.CALL))


@lru_cache(maxsize=16384)
def is_plain(block: Block) -> bool:
    """Whether a block is a few words that neither call to the reader nor link nor head a list."""
    return block.form is Form.LINE and not has_sense(block.words, Sense.CALL) and not is_related(block)
