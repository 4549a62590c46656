"""The one "now" of the house."""

from __future__ import annotations

from datetime import datetime

from crawler.times import SHANGHAI


def shanghai_now() -> datetime:
    """The moment it is, in Shanghai."""
    return datetime.now(SHANGHAI)
