"""What reading a list gives: links with what is said of them, and what could not be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from crawler.article import told_by_either
from crawler.urls import HOST, PageType, parse_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crawler.clean.exports import Link
    from crawler.links import Found

_FIELDS = (*("title", "account", "author", "date", "saved", "biz", "mid", "idx", "listed", "text"),)


MOST_BESIDE = 100_000  # links beside those of a list that are counted
NO_LINK = "lists no link to an article of WeChat's"


class ListKind(StrEnum):
    """What a file was taken for."""

    LINES = "lines"  # of text, or Markdown
    TABLE = "table"  # CSV, TSV, a spreadsheet
    JSON = "JSON"
    HTML = "HTML"  # bookmarks, or any page
    FEED = "feed"
    OPML = "OPML"
    NONE = "no list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One line that looks like a link of WeChat's and is none that may be sent, or is broken."""

    number: int
    line: str
    why: str
    advice: str = "nothing was sent; give the whole link"

    @classmethod
    def of_link(cls, found: Found, *, number: int, line: str) -> Refused | None:
        """What a list says of a link that is none of an article; None for one that is."""
        if not found.link:
            return cls(number=number, line=line, why=found.why)
        if parse_url(found.link).page_type is PageType.ARTICLE:
            return None
        why, advice = "leads to an album, not to an article", "give its link by itself:"
        return cls(number=number, line=line, why=why, advice=f"{advice} {_FOLLOW}")


def what_is_left_out(refused: Sequence[Refused]) -> str:
    """What of WeChat's a list names that is not taken out of it, in words; "" for nothing."""
    ours = [one for one in refused if HOST in one.line.lower()]
    named = [f"line {one.number} {one.why}" for one in ours[:_NAMED]]
    if len(ours) > _NAMED:
        named.append(f"{len(ours) - _NAMED:,} more are left out")
    return "; ".join(named)


TO_SEE_EACH = "the rest was taken; to have each named: crawler queue add -f FILE"
_NAMED = 3
_FOLLOW = "crawler fetch --discover URL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list, read: each article once, in its order, with all that the list says of it."""

    kind: ListKind
    links: tuple[Link, ...] = ()
    refused: tuple[Refused, ...] = ()
    elsewhere: int = 0  # links to other sites, which were left alone
    problem: str = ""  # why nothing came of it; "" where something did
    unplaced: int = 0  # texts in it that stand beside no link
    beside: tuple[str, ...] = ()  # links to other articles than the own one of their row or object
    unread: bool = False  # a list that is broken, or larger than any


def listing_of(
    kind: ListKind,
    links: Iterable[Link],
    *,
    refused: Iterable[Refused] = (),
    elsewhere: int = 0,
    beside: Iterable[str] = (),
) -> Listing:
    """The listing that these links make; each article once, under the best of its links."""
    merged = _each_once(links)
    refused = tuple(refused)
    problem = "" if merged or refused else NO_LINK
    own = {parse_url(link.url).article_id for link in merged}
    others = dict.fromkeys(url for url in beside if parse_url(url).article_id not in own)
    return Listing(
        kind=kind,
        links=merged,
        refused=refused,
        elsewhere=elsewhere,
        problem=problem,
        beside=tuple(others),
    )


def _each_once(links: Iterable[Link]) -> tuple[Link, ...]:
    found: dict[str, Link] = {}
    for link in links:
        form = parse_url(link.url)
        if form.page_type is PageType.ARTICLE:
            known = found.get(form.article_id)
            found[form.article_id] = joined(known, link) if known else link
    return tuple(found.values())


def joined(one: Link, other: Link) -> Link:
    """Two mentions of one article: the better address, and what either says, first the one."""
    known, form = parse_url(one.url), parse_url(other.url)
    better = form.signed and (not known.signed or (known.is_cut and not form.is_cut))
    said = {name: getattr(one, name) or getattr(other, name) for name in _FIELDS}
    url = other.url if better else one.url
    left = one.left or other.left
    return replace(one, url=url, left=left, **said, **told_by_either(one, other))
