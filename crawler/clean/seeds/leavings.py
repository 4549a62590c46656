"""What a seed says that is neither furniture of its page nor kept: the net under its reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.clean.seeds.furniture import OTHER, tail_rule
from crawler.unkept import lines_left, told_of

if TYPE_CHECKING:
    from crawler.clean.seeds.read import Seed

_CARDS = ("head:reprint-card", "head:novel-reader")
"""Rules that take lines of anybody's words off a page's head, between its byline and its text."""


def said_of_left(page: str, seed: Seed) -> str:
    """What is said of lines of a page that are in nothing that was read of it; "" for none."""
    if not (seed.text and seed.front):
        return ""
    kept = frozenset(seed.text.split("\n"))
    lines = page.split("\n")
    if any(rule_id in seed.removed for rule_id in _CARDS):
        lines = lines[next((at for at, line in enumerate(lines) if line in kept and line), 0) :]
    others = [line for line in lines if line in kept or tail_rule(line.strip()) == OTHER]
    names = (seed.title, seed.front.title, seed.account, seed.front.source, seed.author)
    return told_of(lines_left("\n".join(others), [seed.text, *names, *seed.disclosures]))
