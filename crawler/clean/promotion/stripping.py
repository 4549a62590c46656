"""Take an account's promotion off an article, as long as enough of the article is left."""

from __future__ import annotations

import re
from collections import Counter, deque
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.clean.promotion import closing, gaps
from crawler.clean.promotion.blocks import Form, count_letters, join_blocks, split_blocks
from crawler.clean.promotion.promo import Promo, Stripped
from crawler.clean.promotion.walks import (
    DEPTH,
    Edge,
    Side,
    edges_of,
    is_appeal,
    read_known,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from crawler.clean.promotion.blocks import Block

_ID_LENGTH = 12  # hexadecimal digits of a key in a rule id
_BETWEEN, _RELATED, _INVITATION = "between", "related", "invitation"
_ENDING, _CODE, _ORPHAN, _ABOUT = "ending", "code", "orphan", "about"
_BESIDE = "beside"

_TEXT = frozenset({Form.PROSE, Form.CODE, Form.LINKS})

Taken = dict[int, tuple[Edge, str]]
"""The positions of what goes, each with the edge that it goes from and the id of the rule."""


def strip(text: str, promo: Promo) -> Stripped:
    """The text without the account's promotion.

    A take that would leave no text, or that is more than half of the article's letters, does not
    happen; `spared` says how many blocks stay so.
    """
    blocks = _less_own_calls([read_known(block) for block in split_blocks(text)])
    wanted = promo_positions(blocks, promo) if promo.is_on else {}
    taken = _affordable(blocks, wanted, promo)
    if not taken:
        return Stripped(text=text, removed={}, spared=len(wanted))
    rest = (block.text for index, block in enumerate(blocks) if index not in taken)
    rules = Counter(f"promo:{edge}:{rule}" for edge, rule in taken.values())
    return Stripped(
        text=join_blocks(rest),
        removed=dict(rules),
        head=_text_at(Edge.HEAD, blocks, taken),
        tail=_text_at(Edge.TAIL, blocks, taken),
        spared=len(wanted) - len(taken),
    )


def _less_own_calls(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, of which none is an appeal for what the article's own prose is about."""
    prose = [block.words for block in blocks if block.form is Form.PROSE and not block.appeal]
    subjects = {block.appeal.subject for block in blocks if block.appeal} - {""}
    # each is looked for once, however many calls there are
    own = {subject for subject in subjects if any(re.search(subject, words) for words in prose)}
    return [_less_own_call(block, own) for block in blocks]


def _less_own_call(block: Block, own: Collection[str]) -> Block:
    return replace(block, appeal=None) if block.appeal and block.appeal.subject in own else block


def _text_at(edge: Edge, blocks: Sequence[Block], taken: Taken) -> str:
    return join_blocks(blocks[index].text for index in sorted(taken) if taken[index][0] is edge)


def _affordable(blocks: Sequence[Block], wanted: Taken, promo: Promo) -> Taken:
    """What goes: all that is wanted, or else all of the one edge that alone leaves enough.

    One edge goes only where what is left would stay as it is: stripping twice is stripping once.
    """
    rest = [block for index, block in enumerate(blocks) if index not in wanted]
    if not _is_enough(rest, [blocks[index] for index in wanted]):
        return {}
    core = sum(count_letters(block.words) for block in rest)
    if _letters_of(blocks, wanted) <= core:
        return wanted
    sides = [{index: found for index, found in wanted.items() if found[0] is edge} for edge in Edge]
    fitting = [side for side in sides if side and _letters_of(blocks, side) <= core]
    if len(fitting) != 1:
        return {}
    left = [block for index, block in enumerate(blocks) if index not in fitting[0]]
    return {} if _affordable(left, promo_positions(left, promo), promo) else fitting[0]


def _is_sure(block: Block, rule: str) -> bool:
    """Whether a block is no article's own: an appeal, a call of a few words, a link learned."""
    if block.form is Form.LINKS and len(rule) == _ID_LENGTH:
        return True
    return block.appeal is not None or (block.is_call and block.form is Form.LINE)


def _is_enough(rest: Sequence[Block], gone: Sequence[Block]) -> bool:
    """Whether text is left, or something at least where no text went."""
    if any(count_letters(block.words) for block in gone):
        return any(block.form in _TEXT or (block.is_plain and not block.is_kept) for block in rest)
    return any(not block.is_kept for block in rest)


def _letters_of(blocks: Sequence[Block], taken: Taken) -> int:
    """The letters of what is taken that may be the article's own.

    Those of short calls, and of lists of other articles under their headings, are not.
    """
    return sum(
        count_letters(blocks[index].words)
        for index, (_, rule) in taken.items()
        if rule != _RELATED and not _is_sure(blocks[index], rule)
    )


def promo_positions(blocks: Sequence[Block], promo: Promo) -> Taken:
    """The positions of promotion, however little would be left.

    What is taken may bring more of it to an edge, so that the edges are looked at until they hold
    none. What stands between them is not looked at: thousands of calls may.
    """
    taken: Taken = {}
    company: set[Edge] = set()
    head: list[int] = []
    inner, tail = deque(range(len(blocks))), deque[int]()
    while True:
        while inner and len(head) < DEPTH:
            head.append(inner.popleft())
        while inner and len(tail) < DEPTH:
            tail.appendleft(inner.pop())
        outer = [*head, *tail]
        found = _positions_at_edges([blocks[index] for index in outer], promo, company)
        if not found:
            return taken
        taken.update((outer[index], rule) for index, rule in found.items())
        company.update(edge for edge, _ in found.values())
        head = [index for index in head if index not in taken]
        tail = deque(index for index in tail if index not in taken)


def _positions_at_edges(blocks: Sequence[Block], promo: Promo, company: Collection[Edge]) -> Taken:
    edges = edges_of(blocks)
    taken: Taken = {}
    for edge in Edge:
        found = positions_to_take(edges.side(edge), edge, promo, has_company=edge in company)
        for index, rule in found.items():
            position = index if edge is Edge.HEAD else len(blocks) - 1 - index
            taken.setdefault(position, (edge, rule))
    return taken


def positions_to_take(
    side: Side, edge: Edge, promo: Promo, *, has_company: bool = False
) -> dict[int, str]:
    """The positions of promotion on one side, each with the last part of its rule's id.

    `has_company` says that promotion was taken off this side before.
    """
    reached = reachable_positions(side, edge, promo)
    taken = dict.fromkeys(changing_positions(side, reached, edge, promo), _BETWEEN)
    taken |= dict.fromkeys(gaps.codes(side, edge, reached), _CODE)
    taken |= dict.fromkeys(closing.name_card(side, edge, promo.account), _BESIDE)
    if edge is Edge.TAIL:
        taken |= _positions_at_tail(side, promo, reached, taken)
        known = taken.keys() | set(reached)
        taken |= closing.closings(side, promo.account, known, has_company=has_company)
    elif taken or reached or has_company:
        found = closing.beside(side, taken.keys() | set(reached), promo.account)
        taken |= dict.fromkeys(found, _BESIDE)
    taken |= {index: _rule_of(side[index], edge, promo) for index in reached}
    pinned = {index for index, block in enumerate(side) if block.key in promo.pinned}
    staying = pinned | gaps.pointed_at(side, edge)
    taken = {index: rule for index, rule in taken.items() if index not in staying}
    return taken | dict.fromkeys(gaps.orphans(side, taken.keys(), has_company=has_company), _ORPHAN)


def _positions_at_tail(
    side: Side, promo: Promo, reached: Sequence[int], before: Mapping[int, str]
) -> dict[int, str]:
    """What goes at a tail because of what was learned or reached there."""
    found = gaps.about(side, promo.account, sorted({*reached, *before}))
    taken = dict.fromkeys(found, _ABOUT)
    taken |= dict.fromkeys(gaps.endings(side, promo.endings), _ENDING)
    taken |= dict.fromkeys(gaps.related_lists(side, reached), _RELATED)
    invited = gaps.invitations(side, {*reached, *before, *taken})
    return taken | dict.fromkeys(invited, _INVITATION)


def less_appeals(side: Side, edge: Edge, account: str) -> list[int]:
    """The positions of one side of an article, less what goes by its own words."""
    nothing = Promo(is_on=True, account=account)
    left = list(range(len(side)))
    while found := positions_to_take(
        [side[position] for position in left], edge, nothing, has_company=True
    ):
        left = [position for index, position in enumerate(left) if index not in found]
    return left


def has_appeal(side: Side, edge: Edge, account: str) -> bool:
    """Whether anything of one side of an article goes by its own words."""
    return bool(positions_to_take(side, edge, Promo(is_on=True, account=account)))


def _rule_of(block: Block, edge: Edge, promo: Promo) -> str:
    if block.appeal and block.key not in promo.keys(edge, certain=False):
        return block.appeal.id
    return block.key[:_ID_LENGTH]


def reachable_positions(side: Side, edge: Edge, promo: Promo) -> list[int]:
    """The positions of promotion that a walk reaches, as far as the innermost sure one.

    Sure is what has the evidence, an appeal, and in their company a call.
    """
    certain = promo.keys(edge, certain=True)
    reached = walk(side, edge, promo.keys(edge, certain=False))
    sure = [
        index for index in reached if side[index].key in certain or is_appeal(side[index], edge)
    ]
    if not sure:
        return []
    calls = [index for index in reached if side[index].is_call]
    return [index for index in reached if index <= max(sure + calls)]


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
