"""What a seed says that is neither furniture of its page nor kept: the net under its reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.seeds.furniture import OTHER, tail_rule
from crawler.telling import counted
from crawler.unkept import lines_left, told_of

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

_CARDS = ("head:reprint-card", "head:novel-reader")
"""Rules that take lines of anybody's words off a page's head, between its byline and its text."""

# how a document of ours shows a picture whose copy was exported along: its address is lost there
_EXPORTED = re.compile(r"!\[[^\[\]\n]*+\]\(<?(?:\.\./)*+images/[0-9a-f]{2}/[0-9a-f]{64}\.")
_WHOLE = "an archive.jsonl beside what was exported has them, and is read with it; a vault has none"


def said_of_left(page: str, text: str, names: Sequence[str], taken: Container[str]) -> str:
    """What is said of lines of a page that are in nothing that was read of it; "" for none.

    `taken` are the ids of the rules that took something off it.
    """
    kept = frozenset(text.split("\n"))
    lines = page.split("\n")
    if any(rule_id in taken for rule_id in _CARDS):
        lines = lines[next((at for at, line in enumerate(lines) if line in kept and line), 0) :]
    others = [line for line in lines if line in kept or tail_rule(line.strip()) == OTHER]
    told = [told_of(lines_left("\n".join(others), [text, *names]))]
    if exported := len(_EXPORTED.findall(text)):
        pictures = counted(exported, "picture")
        told.append(f"the addresses of {pictures} are no part of the text: {_WHOLE}")
    return "; ".join(filter(None, told))
