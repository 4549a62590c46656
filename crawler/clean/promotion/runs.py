"""What two articles that have nothing else in common begin or end in, block for block.

An account of two or three articles repeats too little to count shares of. But where two of its
articles end in the very same blocks, from the outermost on and without a gap, those are promotion:
of 233 such blocks of 60 labelled accounts 229 were, and the others stood in issues of one series,
or behind the line that names the source.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.clean.promotion.blocks import Form, plain_length
from crawler.clean.promotion.senses import Sense
from crawler.clean.promotion.walks import Edge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.clean.promotion.blocks import Block
    from crawler.clean.promotion.walks import Edges, Side

_COMPARED = 8  # articles of one run that are compared with each other
_LONG = 16  # characters; shorter blocks are headings that any two articles may share
_AKIN = 0.3  # of the shorter one's text outside the run; issues of one series share 0.4 and more

_BLANK = frozenset({Form.EMPTY, Form.RULE})
_SHOWN = frozenset({Form.PICTURE, Form.LINKS})
_OWN = frozenset({Sense.KEPT, Sense.NOTICE, Sense.SOURCE, Sense.TOPIC})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One article as runs are looked for: its blocks from an edge inwards, blanks left out.

    `article` numbers it; `positions` are where the blocks stand on its side; `size` is how many
    characters of plain text the whole article has; `is_told` says that promotion stands at its
    end, known by its own words.
    """

    article: int
    side: Side
    positions: bytes
    size: int
    is_told: bool = False

    def block_at(self, depth: int) -> str | tuple[int, int]:
        """The key of a block, or where it stands: one without a key is like no other."""
        return self.side[depth].key or (self.article, self.positions[depth])

    def has_more_than(self, depth: int) -> bool:
        """Whether a run is at most half of what the article says: re-posts share more."""
        return 2 * sum(plain_length(block.text) for block in self.side[:depth]) <= self.size


def shared_runs(articles: Sequence[Edges], edge: Edge, least: int) -> frozenset[str]:
    """The keys of promotion that at least so many unrelated articles share from an edge on."""
    if len(articles) < least:
        return frozenset()
    readings = [
        reading
        for number, article in enumerate(articles)
        for reading in _readings(number, article, edge)
    ]
    found: set[str] = set()
    for depth, members in _runs(readings, least):
        run = _promotion(members[0].side[:depth], edge)
        is_told = any(member.is_told for member in members) or any(_tells(block) for block in run)
        if is_told and _are_unrelated(members, depth, least):
            found.update(block.key for block in run)
    return frozenset(found)


def _readings(number: int, article: Edges, edge: Edge) -> Iterator[Reading]:
    """Yield an article as it stands, and as it is less what goes by its own words.

    Calls differ in a word from print to print. Of a head only the picture that opens it counts.
    """
    side, is_tail = article.side(edge), edge is Edge.TAIL
    whole = bytes(range(len(side)))
    for left in (whole,) if article.left is None or not is_tail else (whole, article.left):
        positions = bytes(index for index in left if side[index].form not in _BLANK)
        yield Reading(
            article=number,
            side=[side[index] for index in positions],
            positions=positions,
            size=article.size,
            is_told=is_tail and article.is_told,
        )


def _runs(readings: Sequence[Reading], least: int) -> Iterator[tuple[int, Sequence[Reading]]]:
    """Yield how many blocks some articles share from the edge on, and these articles."""
    pending = [(0, readings)]
    while pending:
        depth, members = pending.pop()
        branches: defaultdict[str | tuple[int, int], list[Reading]] = defaultdict(list)
        for member in members:
            if depth < len(member.side):
                branches[member.block_at(depth)].append(member)
        longer = [(depth + 1, branch) for branch in branches.values() if len(branch) >= least]
        pending += longer
        if depth and sum(len(branch) for _, branch in longer) < len(members):
            yield depth, members


def _are_unrelated(members: Sequence[Reading], depth: int, least: int) -> bool:
    """Whether enough of the articles share hardly a text outside of their run."""
    chosen: dict[int, Side] = {}
    for member in members[:_COMPARED]:
        rest = member.side[depth:]
        is_new = member.article not in chosen and member.has_more_than(depth)
        if is_new and not any(_is_akin(rest, other) for other in chosen.values()):
            chosen[member.article] = rest
        if len(chosen) >= least:
            return True
    return False


def _is_akin(one: Side, other: Side) -> bool:
    first, second = _texts(one), _texts(other)
    shared = sum(length for key, length in first.items() if key and key in second)
    return shared > _AKIN * min(sum(first.values()), sum(second.values()))


def _texts(side: Side) -> dict[str, int]:
    """How many letters each block has; by "" all that stand nowhere else."""
    texts = {"": 0}
    for block in side:
        if len(block.words) >= _LONG:
            before = 0 if block.key else texts[""]
            texts[block.key] = before + len(block.words)
    return texts


def _promotion(run: Side, edge: Edge) -> list[Block]:
    """What is promotion of a run.

    At a head that is the picture that opens it. Plain words behind a source or an author are the
    article's own.
    """
    if edge is Edge.HEAD:
        return [block for block in run[:1] if block.form is Form.PICTURE]
    found: list[Block] = []
    is_inside = False
    for block in run:
        if block.is_topic:
            break
        is_inside = is_inside or not block.senses.isdisjoint(_OWN)
        if block.is_lead or not (block.is_kept or (is_inside and not _tells(block))):
            found.append(block)
    return found


def _tells(block: Block) -> bool:
    """Whether a block is more than words: a picture, a list, an end mark or an appeal.

    Words alone are the end of a column.
    """
    if block.appeal or block.form in _SHOWN:
        return True
    return block.form is Form.LINE and (block.is_related or block.is_end)
