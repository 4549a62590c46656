"""What changed between two texts, line by line, and within a line that was changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.reading import compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_KINDS = {"+": "added", "-": "gone", " ": "same", "@": "place"}
_HEAD = 2  # lines of a unified diff that name the two texts


class Line(NamedTuple):
    """A line of a comparison: added, gone, same, or the place where others begin.

    `changed` is the part that its partner in the other text has not.
    """

    kind: str
    before: str
    changed: str = ""
    after: str = ""


def differences(old: str, new: str) -> list[Line]:
    """The lines that differ, with some around them; none where the texts are the same.

    Never takes more steps than `compare`, and what two lines have in common at their ends.
    """
    lines = [(_KINDS[line[0]], line[1:]) for line in compare(old, new)[_HEAD:]]
    return list(_paired(lines))


def _paired(lines: Sequence[tuple[str, str]]) -> Iterator[Line]:
    """The same lines; those that went are held against those that came right behind them."""
    at = 0
    while at < len(lines):
        kind, text = lines[at]
        gone = _run(lines, at, "gone")
        if not gone:
            yield Line(kind, text)
            at += 1
            continue
        came = _run(lines, at + len(gone), "added")
        yield from _held_against(gone, came, "gone")
        yield from _held_against(came, gone, "added")
        at += len(gone) + len(came)


def _run(lines: Sequence[tuple[str, str]], start: int, kind: str) -> list[str]:
    end = start
    while end < len(lines) and lines[end][0] == kind:
        end += 1
    return [text for _, text in lines[start:end]]


def _held_against(lines: Sequence[str], others: Sequence[str], kind: str) -> Iterator[Line]:
    """Lines of one text, each with what its partner has not, where each has one."""
    if len(lines) != len(others):
        yield from (Line(kind, line) for line in lines)
        return
    for line, other in zip(lines, others, strict=True):
        start = _common(line, other)
        end = len(line) - _common(line[start:][::-1], other[start:][::-1])
        yield Line(kind, line[:start], line[start:end], line[end:])


def _common(one: str, other: str) -> int:
    """How many characters two lines have in common at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    return next((place for place, (left, right) in pairs if left != right), shorter)
