"""What in a regular expression may give back: the repeats that can make matching take for ever.

A repeat gives back when what follows it fails, and tries again with less. Where what follows may
begin as the repeat does, that is a choice at every character. One such choice is harmless; two make
matching quadratic (beside one another) or exponential (one inside the other). A repeat that is
possessive (`*+`), in an atomic group, or followed by what it cannot take, never chooses.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MANY = 1_000
"""A repeat that stops sooner is bounded well enough: it multiplies the work by a constant."""

_ALPHABET = frozenset(map(chr, range(128))) | set("é中文，。　\u200b\u2028🔥")
_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_BEGINNINGS = (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)
_ASSERTIONS = (sre.AT, sre.ASSERT, sre.ASSERT_NOT)
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the pattern: what it may begin with and hold, and whether it may be empty."""

    first: frozenset[str]
    span: frozenset[str]
    empty: bool


_END = _Part(_NOTHING, _NOTHING, empty=True)


def faults(pattern: re.Pattern[str]) -> set[str]:
    """Say what the pattern's repeats may do to hostile text; empty where nothing."""
    flags = pattern.flags
    return set(_Walk(flags).sequence(parser.parse(pattern.pattern, flags), _END, is_open=False))


@dataclass(frozen=True, slots=True)
class _Walk:
    flags: int

    def sequence(self, items: Iterable[Any], after: _Part, *, is_open: bool) -> Iterator[str]:
        """The faults of a sequence; `is_open`: in a long repeat that may give back."""
        items = list(_flat(items))
        choices: list[frozenset[str]] = []  # of the repeats before that chose
        for index, (kind, value) in enumerate(items):
            rest = self._joined(items[index + 1 :], after)
            yield from self._inside(kind, value, rest, is_open=is_open)
            part = self._item(kind, value)
            if not part.empty and len(part.first) == len(part.span):  # one character, or one kind
                choices = [earlier for earlier in choices if earlier & part.span]
            if not _is_long(kind, value):
                continue
            if any(part.first & earlier for earlier in choices):
                yield "beside one another"
            if kind is not sre.POSSESSIVE_REPEAT and self._looks_again(part, items[index + 1 :]):
                yield "beside one another"
            if kind is not sre.POSSESSIVE_REPEAT and part.first & rest.first:
                choices.append(part.span)
                if is_open:
                    yield "inside one another"

    def _looks_again(self, part: _Part, items: list[Any]) -> bool:
        """Whether what looks ahead behind a repeat goes over all that this gives back."""
        for kind, value in items:
            if kind in (sre.ASSERT, sre.ASSERT_NOT) and value[0] > 0:
                ahead = list(_flat(value[1]))
                repeats = [self._item(*item) for item in ahead if _is_long(*item)]
                if self._of(ahead).first & part.span and any(
                    one.span & part.span for one in repeats
                ):
                    return True
            elif not self._item(kind, value).empty:
                return False
        return False

    def may_start_anew(self, items: list[Any], before: frozenset[str]) -> bool:
        """Whether a long repeat begins a sequence, and may be tried anew all along its run.

        `before` is what may stand before the sequence.
        """
        for index, (kind, value) in enumerate(items):
            rest = items[index + 1 :]
            if kind is sre.AT and value in _BEGINNINGS:
                return False
            if kind in (sre.ASSERT, sre.ASSERT_NOT):
                before &= self._let_before(kind, *value)
            elif kind in (sre.SUBPATTERN, sre.ATOMIC_GROUP, sre.BRANCH):
                return any(
                    self.may_start_anew([*branch, *rest], before)
                    for branch in _branches(kind, value)
                )
            elif _is_long(kind, value) and self._may_fail(rest):
                return bool(self._item(kind, value).span & before)
            elif kind in _REPEATS and self.may_start_anew([*value[2], *rest], before):
                return True
            elif not self._item(kind, value).empty:
                return False
        return False

    def _let_before(self, kind: Any, direction: int, items: list[Any]) -> frozenset[str]:
        """What an assertion lets stand before the place that it is at."""
        part = self._of(items)
        if direction > 0 or part.empty:
            return _ALPHABET
        return part.span if kind is sre.ASSERT else _ALPHABET - part.span

    def _may_fail(self, items: list[Any]) -> bool:
        return any(
            kind in _ASSERTIONS or not self._item(kind, value).empty for kind, value in items
        )

    def _inside(self, kind: Any, value: Any, rest: _Part, *, is_open: bool) -> Iterator[str]:
        """The faults of what an item holds."""
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            is_open = is_open or _is_long(kind, value)
            yield from self.sequence(value[2], self._again(value, rest), is_open=is_open)
        elif kind is sre.POSSESSIVE_REPEAT:
            yield from self.sequence(value[2], self._again(value, _END), is_open=False)
        elif kind is sre.ATOMIC_GROUP:
            yield from self.sequence(value, _END, is_open=False)
        elif kind is sre.SUBPATTERN:
            yield from self.sequence(value[3], rest, is_open=is_open)
        elif kind is sre.BRANCH:
            if is_open and self._are_alike([list(_flat(branch)) for branch in value[1]], rest):
                yield "inside one another"
            for branch in value[1]:
                yield from self.sequence(branch, rest, is_open=is_open)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from self.sequence(value[1], _END, is_open=False)

    def _are_alike(self, branches: list[list[Any]], rest: _Part) -> bool:
        """Whether two branches may take the same, one of them in another number of rounds."""
        firsts = [self._of(branch[:1]).first for branch in branches]
        seconds = [self._joined(branch[1:], rest).first for branch in branches]
        return any(
            firsts[one] & firsts[two] and seconds[one] & seconds[two]
            for one, two in combinations(range(len(branches)), 2)
        )

    def _again(self, value: Any, rest: _Part) -> _Part:
        """What may follow the body of a repeat: what follows the repeat, or the body again."""
        if value[1] == 1:
            return rest
        body = self._of(value[2])
        return _Part(rest.first | body.first, rest.span | body.span, empty=rest.empty)

    def _of(self, items: Iterable[Any]) -> _Part:
        return self._joined(list(items), _END)

    def _joined(self, items: list[Any], after: _Part) -> _Part:
        """What a sequence begins with, `after` where it may be empty."""
        first = span = _NOTHING
        empty = True
        for kind, value in items:
            part = self._item(kind, value)
            first = first | part.first if empty else first
            span |= part.span
            empty = empty and part.empty
        first = first | after.first if empty else first
        return _Part(first, span | after.span, empty=empty and after.empty)

    def _item(self, kind: Any, value: Any) -> _Part:
        if kind in _REPEATS:
            part = self._of(value[2])
            return _Part(part.first, part.span, empty=part.empty or value[0] == 0)
        if kind is sre.SUBPATTERN:
            return self._of(value[3])
        if kind is sre.ATOMIC_GROUP:
            return self._of(value)
        if kind is sre.BRANCH:
            return self._either(value[1])
        if kind in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            return _END
        taken = self._characters(kind, value)
        return _Part(taken, taken, empty=kind is sre.GROUPREF)

    def _either(self, branches: Iterable[Iterable[Any]]) -> _Part:
        parts = [self._of(branch) for branch in branches]
        first = _NOTHING.union(*(part.first for part in parts))
        span = _NOTHING.union(*(part.span for part in parts))
        return _Part(first, span, empty=any(part.empty for part in parts))

    def _characters(self, kind: Any, value: Any) -> frozenset[str]:
        """Those of the alphabet that an item takes; a literal beyond it is one of them too."""
        if kind is sre.LITERAL:
            return self._cased({chr(value)})
        if kind is sre.NOT_LITERAL:
            return _ALPHABET - {chr(value)}
        if kind is sre.ANY:
            return _ALPHABET if self.flags & re.DOTALL else _ALPHABET - {"\n"}
        if kind is sre.IN:
            return self._set(value)
        return _ALPHABET

    def _set(self, members: list[Any]) -> frozenset[str]:
        found: set[str] = set()
        for kind, value in members:
            if kind is sre.LITERAL:
                found.add(chr(value))
            elif kind is sre.RANGE:
                low, high = value
                found |= {one for one in _ALPHABET if low <= ord(one) <= high}
                found |= {chr(low), chr(high)}
            elif kind is sre.CATEGORY:
                category = re.compile(_CATEGORIES[value], self.flags & re.ASCII)
                found |= {one for one in _ALPHABET if category.match(one)}
        cased = self._cased(found)
        return _ALPHABET - cased if members[0][0] is sre.NEGATE else cased

    def _cased(self, found: set[str]) -> frozenset[str]:
        if self.flags & re.IGNORECASE:
            found = found | {one.swapcase() for one in found}
        return frozenset(found)


def _flat(items: Iterable[Any]) -> Iterator[Any]:
    """A sequence with what its groups hold in their places."""
    for kind, value in items:
        if kind is sre.SUBPATTERN:
            yield from _flat(value[3])
        else:
            yield kind, value


def _is_long(kind: Any, value: Any) -> bool:
    """Whether an item is a repeat that may take much."""
    return kind in _REPEATS and value[1] >= MANY


def _branches(kind: Any, value: Any) -> list[Any]:
    """What an alternation or a group may be, as sequences."""
    if kind is sre.BRANCH:
        return list(value[1])
    return [value if kind is sre.ATOMIC_GROUP else value[3]]


def may_start_anew(pattern: re.Pattern[str]) -> bool:
    """Whether a search tries a long repeat again at every character of what it took before.

    So it is where a pattern begins with a long repeat and what follows may fail: `[ ]*x`, in a
    thousand spaces. It is not where a look back says that the run begins there: `(?<![ ])[ ]*x`.
    """
    walk = _Walk(pattern.flags)
    return walk.may_start_anew(list(parser.parse(pattern.pattern, pattern.flags)), _ALPHABET)
