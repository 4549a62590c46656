"""The one "now" of the house."""

from __future__ import annotations

from datetime import datetime

from crawler.times import SHANGHAI, can_have_been


def shanghai_now() -> datetime:
    """The moment it is, in Shanghai."""
    return datetime.now(SHANGHAI)


def if_it_has_been(moment: str) -> str:
    """A moment of ours that a file's stamp gives; "" where it is none, or has not come yet."""
    return moment if can_have_been(moment, shanghai_now()) else ""
