"""Which article an item of a feed is, by its addresses or by its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crawler.clean.listings.anchors import LABEL
from crawler.clean.listings.fields import article_links
from crawler.urls import HOST, biz_of_number, identity_of, long_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ARTICLE = re.compile(r"<div\s[^<>]*?\bid=[\"']?js_content[\"'\s>]")
_TAG = re.compile(r"<[^<>]*+>")
_OF_WECHAT = re.compile(r"qpic\.cn(?:/|%2F)", re.IGNORECASE)  # its pictures, also by a proxy
_OF_ONES_OWN = re.compile(  # we-mp-rss with `rss.local`: its own page of the article, by its key
    r"/rss/feed/(?P<number>[0-9]{5,20})-(?P<mid>[0-9]{5,20})_(?P<idx>[0-9]{1,2})\Z", re.ASCII
)
# of a reader's own server: a name without a dot, a number, what is of no public network
_OF_A_READER = re.compile(
    r"https?://(?:[^/.:\s]++|[0-9.]++|\[[0-9a-f:.]++\]|[^/:\s]{1,200}\.(?:local|lan|home|internal))"
    r"(?::[0-9]{1,5})?(?:/|\Z)|/rss/feed/[0-9]",
    re.IGNORECASE,
)
_LINKED = re.compile(r"<a\s[^<>]*+>|(?:https?:)?//[!-;=?-~]*+", re.IGNORECASE)
_READ_ON = re.compile(
    r"\W{0,3}(?:点击|阅读|查看|跳转|view|read)?\s?(?:the\s|微信)?(?:原文|全文|source|original|more)",
    re.IGNORECASE,
)
_ABOUT = frozenset({"related", "via"})  # what a post is about
_OF_OTHERS = _ABOUT | {"enclosure", "replies"}
_OF_THE_WEB = re.compile(r"https?://", re.IGNORECASE)
SHORTEST_TEXT = 200  # characters; a digest has 120 at most
_EDGE = 100  # characters of words above or below
_BESIDE = 300


def apart(own: Sequence[object], others: Sequence[object]) -> tuple[list[object], list[str]]:
    """An item's addresses, and those that a post of some site's says that it is about."""
    if not _is_of_site(own):
        return [*own, *others], []
    return [*own], [url for value in others for url in article_links(str(value or ""))]


def addresses_of(entry: Mapping[str, Any]) -> tuple[list[object], list[str]]:
    """The same of an entry as feedparser has it, whose links each say what they are."""
    hrefs = [(str(one.get("rel")), str(one.get("href", ""))) for one in entry.get("links", [])]
    own = [entry.get("link"), *(href for rel, href in hrefs if rel not in _OF_OTHERS)]
    others = [href for rel, href in hrefs if rel in _ABOUT or (rel in _OF_OTHERS and HOST in href)]
    return apart([*own, entry.get("id")], others)


def own_link(given: Sequence[object], text: str) -> str:
    """The article's address: where a reader's own stands in its place, the only one in the text.

    A post of anybody's may name one article as well: it is not that, nor is its text.
    """
    for value in given:
        links = article_links(str(value or ""))
        if links:
            return links[0]
    for value in given:
        if named := _OF_ONES_OWN.search(str(value or "")):
            identity = identity_of(biz_of_number(named["number"]), named["mid"], named["idx"])
            return long_form(identity) if identity else ""
    links = list(dict.fromkeys(article_links(text)))
    if len(links) != 1:
        return ""
    return links[0] if _is_its_own(given, text) else ""


def _is_its_own(given: Sequence[object], text: str) -> bool:
    """Whether a text is that of the one article which it names; a site's post needs two signs."""
    if ARTICLE.search(text) or any(_OF_A_READER.search(str(value or "")) for value in given):
        return True
    signs = signs_in(text)
    return all(signs) if _is_of_site(given) else any(signs)


def signs_in(text: str) -> tuple[bool, bool]:
    """Whether a text shows a picture of WeChat's, and says that it is from where a link leads.

    Articles do, and who speaks of one may.
    """
    return _OF_WECHAT.search(text) is not None, _says_so(text)


def judged(
    given: Sequence[Sequence[object]], texts: Sequence[str], *, is_own: bool = False
) -> tuple[list[bool], list[str]]:
    """Of each item whether it is a post of some site's, and its text, less what it says of another.

    A feed that is ours `is_own`.
    """
    items = list(zip(given, texts, strict=True))
    about = [not is_own and _is_about(*item) for item in items]
    posts = [not is_own and is_repost(*item) for item in items]
    return (
        [of_site or of_other for of_site, of_other in zip(posts, about, strict=True)],
        ["" if is_other else text for is_other, text in zip(about, texts, strict=True)],
    )


def judged_both(
    given: Sequence[Sequence[object]], texts: Sequence[str], plain: Sequence[str]
) -> tuple[list[bool], list[str], list[str]]:
    """The same of items whose text may stand there as plain words, too, or as these alone.

    Few of these are no text.
    """
    long = [words * (len(words) >= SHORTEST_TEXT) for words in plain]
    said = [text or words for text, words in zip(texts, long, strict=True)]
    posts, own = judged(given, said)
    html = [text * bool(its) for text, its in zip(texts, own, strict=True)]
    return posts, html, [words * bool(its) for words, its in zip(long, own, strict=True)]


def _is_about(given: Sequence[object], text: str) -> bool:
    """Whether an item leads to an article, and is a page of some site's as well.

    What stands there may be said of the article, unless it shows that it is from WeChat.
    """
    if not text or ARTICLE.search(text) or _OF_WECHAT.search(text):
        return False
    addresses = [str(value or "") for value in given]
    return any(map(article_links, addresses)) and any(_is_of_site([one]) for one in addresses)


def is_repost(given: Sequence[object], text: str) -> bool:
    """Whether an item that is an article by its text alone is a post of some site's.

    Whose feed it stands in, and when, is that site's then, and nothing of the article.
    """
    return _is_of_site(given) and not ARTICLE.search(text)


def _is_of_site(given: Sequence[object]) -> bool:
    """Whether an item is at a public site that is not WeChat's, and at no other place."""
    addresses = [str(value or "") for value in given]
    is_at_any = any(_OF_THE_WEB.match(one) for one in addresses)
    return is_at_any and not any(
        article_links(one) or _OF_A_READER.search(one) for one in addresses
    )


def _says_so(html: str) -> bool:
    """Whether words at either end of a text say of its one link that the text is from there."""
    places = [found.span() for found in _LINKED.finditer(html) if article_links(found[0])]
    for start, end in places[:1] + places[-1:]:
        above, below = _words(html[:start]), _words(html[end:])
        is_at_edge = min(len(above), len(below)) <= _EDGE
        if is_at_edge and (LABEL.search(above[-_BESIDE:]) or _READ_ON.match(below[:_BESIDE])):
            return True
    return False


def _words(html: str) -> str:
    return " ".join(_TAG.sub("", html).split())
