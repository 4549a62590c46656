"""Footnotes: `[n]` beside a word, and a list at the end that says where each leads.

WeChat allows no links to other sites, so editors (mdnice first) write the address of link n in a
list of references. There it is found again, and the small `[n]` becomes the link that its author
made.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

from crawler.clean.markdown import safe_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.clean.body.paragraphs import Leaf

_ENTRY = re.compile(r"\s*\[([0-9]{1,3})\]\s*")
_NUMBER = re.compile(r"\[([0-9]{1,3})\]\Z")
_ADDRESS = re.compile(r"https?://[^\s<>\"'，。；、（）《》「」]+")
_CLOSING = ".,;:!?)]}"


def link_footnotes(lines: Sequence[list[Leaf]]) -> None:
    """Link each raised `[n]`, and the address in its entry.

    Does nothing where the lines hold no list of references.
    """
    if not any(_is_mark(leaf) for line in lines for leaf in line):
        return
    places = {id(line): place for place, line in enumerate(lines)}
    addresses: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for number, entry, line in _entries(lines):
        address = _link_entry(line, entry)
        if address:
            addresses[number].append((places[id(line)], address))
    for place, line in enumerate(lines):
        for index, leaf in enumerate(line):
            match = _NUMBER.match(leaf.text.strip()) if _is_mark(leaf) else None
            if match and match[1] in addresses:
                line[index] = leaf._replace(href=_behind(addresses[match[1]], place))


def _behind(entries: Sequence[tuple[int, str]], place: int) -> str:
    """The address in the next entry of a number, else in its last.

    An article may have several parts, each with references of its own from 1 on.
    """
    after = bisect_left(entries, (place, ""))
    return entries[min(after, len(entries) - 1)][1]


def _is_mark(leaf: Leaf) -> bool:
    return leaf.raised == "sup" and not leaf.href and _NUMBER.match(leaf.text.strip()) is not None


def _entries(lines: Sequence[list[Leaf]]) -> Iterator[tuple[str, range, list[Leaf]]]:
    """(number, where in the line its entry stands, the line).

    A number may stand in a paragraph of its own.
    """
    waiting = ""
    for line in lines:
        for entry in _segments(line):
            text = "".join(line[index].text for index in entry)
            match = _ENTRY.match(text) if not line[entry.start].raised else None
            if match:
                _plain_number(line, entry.start)
                waiting = match[1] if match.end() == len(text) else ""
                if not waiting:
                    yield match[1], entry, line
            elif waiting:
                yield waiting, entry, line
                waiting = ""


def _segments(line: Sequence[Leaf]) -> Iterator[range]:
    """The stretches of a line between its breaks."""
    start = 0
    for index, leaf in enumerate(line):
        if leaf.kind == "break":
            if index > start:
                yield range(start, index)
            start = index + 1
    if start < len(line):
        yield range(start, len(line))


def _plain_number(line: list[Leaf], index: int) -> None:
    """An entry's number is styled as code by mdnice."""
    if line[index].kind == "code":
        line[index] = line[index]._replace(kind="text")


def _link_entry(line: list[Leaf], entry: range) -> str:
    """The address that an entry gives; where it is all of a text, it becomes a link."""
    address = ""
    for index in entry:
        leaf = line[index]
        match = _ADDRESS.search(leaf.text) if leaf.kind == "text" else None
        found = leaf.href or (safe_address(match[0].rstrip(_CLOSING)) if match else "")
        if match and not leaf.href and found == leaf.text.strip():
            line[index] = leaf._replace(href=found)
        address = found or address
    return address
