"""The place in a text where a search was found, in the original words and with its hits marked."""

from __future__ import annotations

import re
from collections import Counter
from heapq import merge
from typing import TYPE_CHECKING, NamedTuple

from crawler.archive.search.ngrams import has_words
from crawler.archive.search.signs import either_width, outer_signs
from crawler.credentials import without_secrets
from crawler.fields import harmless
from crawler.folding import fold
from crawler.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MARKS = ("[", "]")
LENGTH = 120  # characters: two lines on a terminal

_SEEN = 40  # hits that are counted at one place
_PIECE = re.compile(r"[^\W_]+")
_BREAK = re.compile(r"[。！？；\n]|[.!?;] ")


class _Hit(NamedTuple):
    start: int
    end: int
    term: int


def snippet(
    markdown: str, terms: Sequence[str], *, marks: tuple[str, str] = MARKS, length: int = LENGTH
) -> str:
    """The part of a text that holds most of the words that were searched for (`Query.terms`).

    `length` is in characters, without the marks and the `…` of an end that was cut. Where nothing
    is found (the hit is in another column) it is the text's beginning. The result is one line of
    plain text, not HTML.
    """
    # before anything is cut, as the host by which credentials of its link are known, and before
    # its lines are one, over which a link may go on; and once more for what marks stood in
    text = harmless(one_line(_without_title(without_secrets(markdown))))
    hits = find_hits(text, terms)
    start = _best_start(text, hits, length)
    end = min(len(text), start + length)
    inside = [hit for hit in hits if start <= hit.start and hit.end <= end]
    marked = _marked(text, start, end, inside, marks)
    return f"{'…' if start else ''}{marked}{'…' if end < len(text) else ''}"


def highlight(text: str, terms: Sequence[str], *, marks: tuple[str, str] = MARKS) -> str:
    """The whole of a short text, such as a title, with the hits marked."""
    text = harmless(text)
    hits = find_hits(text, terms)
    return _marked(text, 0, len(text), hits, marks)


def _without_title(markdown: str) -> str:
    head, _, rest = markdown.lstrip().partition("\n")
    return rest if head.startswith("# ") and rest.strip() else markdown


def find_hits(text: str, terms: Sequence[str]) -> list[_Hit]:
    """Every place where one of the terms stands, in order and without overlaps."""
    folded = fold(text)
    patterns = [_pattern(term) for term in terms if has_words(term)]
    distinct = {pattern.lower(): pattern for pattern in patterns}.values()
    every = (_hits_of(pattern, number, folded) for number, pattern in enumerate(distinct))
    kept: list[_Hit] = []
    for hit in merge(*every, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept


def _hits_of(pattern: str, number: int, folded: str) -> Iterator[_Hit]:
    """Where one term stands, in order; one at a time, as a text may consist of it."""
    for match in re.finditer(pattern, folded, re.IGNORECASE):
        yield _Hit(match.start(), match.end(), number)


def _pattern(term: str) -> str:
    r"""A term as the index takes it.

    Signs between its words do not matter, but those at its ends do; a Latin word is a whole one.
    """
    pieces = _PIECE.findall(fold(term))
    if not pieces:  # a letter that this Python does not know yet
        return re.escape(term)
    pattern = r"[\W_]{0,8}".join(_piece(piece) for piece in pieces)
    head = r"(?<![0-9A-Za-z])" if pieces[0][0].isascii() else ""
    before, after = map(either_width, outer_signs(term))
    return before + head + pattern + after


def _piece(piece: str) -> str:
    """A run of letters; where Chinese meets Latin inside it, the text may have a space."""
    return r"[\W_]{0,8}".join(
        re.escape(part) for part in re.findall(r"[\x00-\x7f]+|[^\x00-\x7f]+", piece)
    )


def _best_start(text: str, hits: Sequence[_Hit], length: int) -> int:
    """Where to begin so that most different terms, then most hits, are seen."""
    if not hits or len(text) <= length:
        return 0
    best = _best_hit(hits, length * 3 // 4)
    latest = max(0, min(best.start, len(text) - length))
    earliest = max(0, best.start - length // 4)
    breaks = [match.end() for match in _BREAK.finditer(text, earliest, best.start)]
    first = breaks[0] if breaks else earliest
    return min(first, latest)


def _best_hit(hits: Sequence[_Hit], width: int) -> _Hit:
    """The first from which on most different terms, then most hits, end within a width."""
    best, most = hits[0], (0, 0)
    counts: Counter[int] = Counter()
    behind = 0
    for index, first in enumerate(hits):
        while behind < min(len(hits), index + _SEEN) and hits[behind].end <= first.start + width:
            counts[hits[behind].term] += 1
            behind += 1
        seen = (len(counts), behind - index)
        if seen > most:
            best, most = first, seen
        if behind == index:  # it is wider than that by itself
            behind += 1
            continue
        counts[first.term] -= 1
        if not counts[first.term]:
            del counts[first.term]
    return best


def _marked(text: str, start: int, end: int, hits: Sequence[_Hit], marks: tuple[str, str]) -> str:
    parts = []
    index = start
    for hit in hits:
        parts += [text[index : hit.start], marks[0], text[hit.start : hit.end], marks[1]]
        index = hit.end
    return "".join([*parts, text[index:end]]).strip()
