"""What a feed of this program's own (`export --atom`) says of its articles.

Its title is that of a choice or a search, and no account's; `updated` is when a copy was kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.characters import on_one_line
from crawler.clean.exports import read_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

_OURS = "wechat-article-archive "
_MIDNIGHT = "T16:00:00Z"  # in Shanghai: how a day alone is written


def is_own_feed(feed: Mapping[str, Any]) -> bool:
    """Whether a feed says that this program wrote it."""
    return str(feed.get("generator") or "").startswith(_OURS)


def account_in_own(entry: Mapping[str, Any]) -> str:
    """The account of an entry, which stands before its state; "" where nobody knows it."""
    terms = [str(tag.get("term") or "") for tag in entry.get("tags") or ()]
    return on_one_line(terms[0]) if len(terms) > 1 else ""


def moment_in_own(entry: Mapping[str, Any]) -> str:
    """The moment at which an entry was published, or the day alone; "" where nobody knows it."""
    when = str(entry.get("published") or "")
    return read_moment(when).date if when.endswith(_MIDNIGHT) else when
