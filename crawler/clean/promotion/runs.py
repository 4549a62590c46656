"""What two articles that have nothing else in common begin or end in, block for block.

An account of two or three articles repeats too little to count shares of. But where two of its
articles end in the very same blocks, from the outermost on and without a gap, those are promotion:
of 233 such blocks of 60 labelled accounts 229 were, and the others stood in issues of one series,
or behind the line that names the source.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from crawler.clean.promotion.blocks import Form, count_letters
from crawler.clean.promotion.walks import Edge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.clean.promotion.blocks import Block
    from crawler.clean.promotion.walks import Edges, Side

_COMPARED = 8  # articles of one run that are compared with each other
_LONG = 16  # letters; shorter blocks are headings that any two articles may share
_AKIN = 0.1  # of the shorter one's text outside the run; articles that share more are one story
_BLANK = frozenset({Form.EMPTY, Form.RULE})


def shared_runs(articles: Sequence[Edges], edge: Edge, least: int) -> frozenset[str]:
    """The keys of promotion that at least so many unrelated articles share from an edge on."""
    sides = [
        [block for block in article.side(edge) if block.form not in _BLANK] for article in articles
    ]
    found: set[str] = set()
    for depth, members in _runs(sides, least):
        if len(_unrelated(members, depth, least)) >= least:
            found.update(block.key for block in _promotion(members[0][:depth], edge))
    return frozenset(found)


def _runs(sides: Sequence[Side], least: int) -> Iterator[tuple[int, Sequence[Side]]]:
    """Yield how many blocks some articles share from the edge on, and these articles."""
    pending: list[tuple[int, Sequence[Side]]] = [(0, sides)]
    while pending:
        depth, members = pending.pop()
        branches: defaultdict[str, list[Side]] = defaultdict(list)
        for side in members:
            if depth < len(side):
                branches[side[depth].key].append(side)
        longer = [(depth + 1, branch) for branch in branches.values() if len(branch) >= least]
        pending += longer
        if depth and sum(len(branch) for _, branch in longer) < len(members):
            yield depth, members


def _unrelated(members: Sequence[Side], depth: int, least: int) -> list[Side]:
    """Articles that share hardly a text outside of their run, as many as are needed."""
    chosen: list[Side] = []
    for side in members[:_COMPARED]:
        if not any(_is_akin(side[depth:], other[depth:]) for other in chosen):
            chosen.append(side)
        if len(chosen) >= least:
            break
    return chosen


def _is_akin(one: Side, other: Side) -> bool:
    first, second = _texts(one), _texts(other)
    shared = sum(letters for key, letters in first.items() if key in second)
    return shared > _AKIN * min(sum(first.values()), sum(second.values()))


def _texts(side: Side) -> dict[str, int]:
    texts = {block.key: count_letters(block.words) for block in side}
    return {key: letters for key, letters in texts.items() if letters >= _LONG}


def _promotion(run: Side, edge: Edge) -> list[Block]:
    """What is promotion of a run.

    At a head that is the picture that opens it. Words alone are the end of a column, and plain
    words behind a source or an author are the article's own.
    """
    if edge is Edge.HEAD:
        return [block for block in run[:1] if block.form is Form.PICTURE]
    found: list[Block] = []
    is_inside = False
    for block in run:
        if block.is_topic:
            break
        is_inside = is_inside or block.is_kept
        if not block.is_kept and not (is_inside and block.is_plain):
            found.append(block)
    return found if any(_tells(block) for block in found) else []


def _tells(block: Block) -> bool:
    """Whether a block is more than words: a picture, a list, an end mark or a short call."""
    if block.form is Form.PROSE:
        return block.appeal is not None
    return not block.is_plain or block.is_end
