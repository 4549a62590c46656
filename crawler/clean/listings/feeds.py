"""Feeds and albums: links out, and whole documents where a feed carries texts."""

from __future__ import annotations

import codecs
import io
import json
import re
from contextlib import suppress
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING, Any

import feedparser  # type: ignore[import-untyped]  # it has no types

from crawler.characters import charset_that_fits, declared_in, named_in, on_one_line, unescaped
from crawler.clean.exports import Document, Link, read_moment
from crawler.clean.listings.anchors import read_anchors
from crawler.clean.listings.elements import with_bare_signs_escaped
from crawler.clean.listings.feed_links import (
    ARTICLE,
    SHORTEST_TEXT,
    addresses_of,
    apart,
    judged,
    judged_both,
    own_link,
    signs_in,
)
from crawler.clean.listings.feed_names import (
    HUB,
    account_of_author,
    account_of_source,
    account_of_title,
    is_of_hub,
    names_its_accounts,
    without_account,
)
from crawler.clean.listings.fields import LONGEST, article_links, lost_links
from crawler.clean.listings.limits import TooLargeError, bound_feedparser, check_feed
from crawler.clean.listings.own_feeds import account_in_own, is_own_feed, moment_in_own
from crawler.clean.listings.records import Listing, ListKind, Refused, listing_of
from crawler.clean.markup import parse_whole
from crawler.urls import HOST, biz_of_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAX_LINKS = 1000  # of one list; an album gives 20 a page
_ANCHOR = re.compile(r"<a\s[^<>]*+>[^<]*+</a>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*+>")
_BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError)
"""What feedparser lets out of its parsers: an encoding's name that is no text, and their like."""
_FEED_ID = re.compile(r"MP_WXS_(?P<number>[0-9]{5,20})\Z", re.ASCII)  # wewe-rss, we-mp-rss


def read_feed(content: bytes) -> Listing:
    """The articles that an RSS, Atom or JSON feed lists.

    Raises TooLargeError for more than any feed holds.
    """
    check_feed(content)
    refused: list[Refused] = []  # filled while the links are taken
    try:
        links = [link for link, _ in _items(content, refused)]
    except UnreadableFeedError as error:
        return Listing(kind=ListKind.FEED, problem=str(error), unread=True)
    return listing_of(ListKind.FEED, links, refused=refused)


class UnreadableFeedError(ValueError):
    """A feed of which nothing can be told; says why."""


def documents_of_feed(name: str, content: bytes) -> list[Document]:
    """The articles whose whole text a feed carries, as HTML, with what it says of them.

    None of one that cannot be read, which `read_feed` says. Raises TooLargeError for more than any
    feed holds.
    """
    check_feed(content)
    with suppress(UnreadableFeedError):
        return _documents(name, content)
    return []


def _documents(name: str, content: bytes) -> list[Document]:
    return [
        Document(
            name=f"{name}#{link.number}",
            content=text.encode("utf-8", "replace"),
            known=link,
            producer="feed",
        )
        for link, text in _items(content, [])
        if _says_something(text)
    ]


def _says_something(text: str) -> bool:
    """Whether HTML holds more than links to the text: words of its own, or a picture."""
    return "<img" in text or bool(_TAG.sub("", _ANCHOR.sub("", text)).strip())


def _items(content: bytes, refused: list[Refused]) -> Iterator[tuple[Link, str]]:
    """Each article of a feed, and its text as HTML; "" where the feed has none.

    What of WeChat's an item leads to that is no article goes to `refused`.
    Raises UnreadableFeedError.
    """
    content = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith(b"{"):
        yield from _items_of_json(content, refused)
        return
    feed = _parsed(content)
    title = on_one_line(str(feed.feed.get("title", "")))
    biz = _biz(str(feed.feed.get("id", "")))
    texts = list(map(_text_of, feed.entries))
    said = _said_in(feed.entries, texts)
    given, about = zip(*map(addresses_of, feed.entries), strict=True) if texts else ((), ())
    there = said
    of_hub, is_own = is_of_hub(feed.feed), is_own_feed(feed.feed)
    around = repeat("") if is_own else texts
    urls = list(map(own_link, given, around))
    posts, texts = judged(given, texts, is_own=is_own)
    if of_hub:
        said = list(map(_said_of_its_own, said, given))
        texts = list(map(_text_of_hub, said))
    refused += _refused_of(given, urls)
    account = account_of_title(title, urls, of_hub=of_hub)
    by_author = names_its_accounts(title, feed.feed)
    sources = list(map(account_of_source, feed.entries))
    if {*sources} - {"", title}:  # a reader's, which calls it as its folder
        account = ""
    rows = zip(feed.entries, texts, said, urls, sources, posts, strict=True)
    for number, (entry, text, words, url, source, is_post) in enumerate(rows, start=1):
        if url:
            when = str(entry.get("published") or ("updated" in entry and entry["updated"]) or "")
            named = account_of_author(entry.get("author")) if by_author else ""
            name = named or source or account
            if is_own:
                name, when = account_in_own(entry), moment_in_own(entry)
            if is_post:
                name = when = ""
            link = _link(entry, url, account=name, biz=biz, when=when, number=number)
            if of_hub and (alone := without_account(link.title, entry.get("author"))):
                link = replace(link, title=alone, account=account_of_author(entry.get("author")))
            yield replace(link, left=_is_left(entry, text, words)), text
    yield from _named_in(there, urls, about)


def _parsed(content: bytes) -> Any:
    """The feed as feedparser reads it.

    Raises UnreadableFeedError where it cannot, or guessed an encoding: it finds one for any bytes;
    and TooLargeError for more bare `&`, or attributes of one element, than any feed has.
    """
    bound_feedparser()
    # Never as bytes: feedparser takes them for the name of a file, and opens that.
    given = io.BytesIO(with_bare_signs_escaped(_with_short_head(content)))
    try:
        feed = feedparser.parse(given, sanitize_html=False, resolve_relative_uris=False)
    except TooLargeError:
        raise
    except _BROKEN:
        raise UnreadableFeedError("is damaged, so that its reader breaks off") from None
    taken = _codec(str(feed.get("encoding") or "utf-8"))
    if not (taken.startswith(_CERTAIN) or taken == declared_in(content)):
        raise UnreadableFeedError("is no text in the encoding that it names")
    return feed


def _with_short_head(content: bytes) -> bytes:
    """The feed with a declaration of ours on a line of its own, in place of what it declares.

    feedparser looks for an encoding in the first line, takes the cube of its length for it, and
    decodes by whatever Python has of that name: by some in the square of the text.
    """
    if not content.startswith(b"<?"):
        return content
    end = content.find(b"?>", 0, _LONGEST_HEAD) + 2
    if end < 2 or content[:5].lower() != b"<?xml":
        return b"\n" + content
    name = _encoding_of(content)
    said = f' encoding="{name}"' if name else ""
    return b'<?xml version="1.0"%s?>\n%s' % (said.encode(), content[end:])


def _encoding_of(content: bytes) -> str:
    """The encoding that a feed is in as it says; "" where that is none.

    Letters of three bytes are UTF-8's, whatever it says: no other character set has such.
    """
    if _WIDE.search(content) and charset_that_fits(content) == "utf-8-sig":
        return "utf-8"
    name = named_in(content)
    if name.startswith(("utf-16", "utf-32")):  # its declaration could be read
        return "utf-8"
    return name if name.startswith(_CERTAIN) or name == declared_in(content) else ""


_LONGEST_HEAD = 1_000  # characters
_WIDE = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")


def _codec(name: str) -> str:
    """One name for an encoding, whichever of its names it has; "" for what is none."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


_CERTAIN = ("utf", "gb18030", "gbk", "big5")
"""Encodings that text hardly fits which is not in them."""


def _text_of(entry: Mapping[str, Any]) -> str:
    """The longest of the texts that an entry carries, if it is more than a summary."""
    texts = [str(content.get("value", "")) for content in entry.get("content", [])]
    text = max(texts, key=len, default="") or _if_whole(entry.get("summary"))
    inner = text.strip()
    is_wrapped = inner.startswith(_CDATA) and inner.endswith(_END)
    return inner[len(_CDATA) : -len(_END)] if is_wrapped else text


_CDATA, _END = "<![CDATA[", "]]>"  # where we-mp-rss is to write that, it escapes it as well


def _if_whole(summary: object) -> str:
    """A summary that is the article's whole element: wewe-rss puts texts there."""
    is_whole = isinstance(summary, str) and ARTICLE.search(summary)
    return str(summary) if is_whole else ""


def _said_in(entries: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> list[str]:
    """What each item says of its article: its text, or else its summary."""
    items = zip(entries, texts, strict=True)
    return [text or str(entry.get("summary") or "") for entry, text in items]


def _said_of_its_own(html: str, given: Iterable[object]) -> str:
    """What an item of RSSHub says of an article; "" where it is a post that only names one."""
    return html if any(article_links(str(value or "")) for value in given) else ""


def _text_of_hub(html: str) -> str:
    """What RSSHub says of an article if it is its text.

    It may be what stands in the article's element, a digest, the beginning with an ellipsis, or
    the title, and looks the same in each of its kinds of feed.
    """
    is_all = not _words_of(html).endswith(("…", "...")) and (_is_long(html) or "<img" in html)
    return html if is_all or ARTICLE.search(html) else ""


def _is_long(html: str) -> bool:
    return len(_words_of(html)) >= SHORTEST_TEXT


def _is_left(entry: Mapping[str, Any], text: str, words: str) -> bool:
    """Whether a text stands where a summary does, and none, or a line of it, in a text's place."""
    if not text:
        return _is_long(words)
    summary = _words_of(str(entry.get("summary") or ""))
    return len(summary) >= max(SHORTEST_TEXT, 2 * len(_words_of(text)))


def _words_of(html: str) -> str:
    return _TAG.sub("", html).strip()


def _items_of_json(content: bytes, refused: list[Refused]) -> Iterator[tuple[Link, str]]:
    try:
        feed: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise UnreadableFeedError("is JSON that was cut, or is damaged") from None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list):
        return
    title = on_one_line(str(feed.get("title") or ""))
    entries = [entry if isinstance(entry, dict) else {} for entry in items]
    places = ([entry.get(key) for key in ("url", "id")] for entry in entries)
    others = ([entry.get("external_url")] for entry in entries)
    given, about = zip(*map(apart, places, others), strict=True) if entries else ((), ())
    texts = list(map(_text_in_json, entries))
    said = _said_in(entries, texts)
    urls = list(map(own_link, given, texts))
    plain = [str(entry.get("content_text") or "") for entry in entries]
    there = list(map("".join, zip(said, plain, strict=True)))
    posts, texts, plain = judged_both(given, texts, plain)
    of_hub = HUB in str(feed.get("description") or "")
    if of_hub:
        said = list(map(_said_of_its_own, said, given))
        texts = list(map(_text_of_hub, said))
        plain = list(map(_text_of_hub, map(_said_of_its_own, plain, given)))
    refused += _refused_of(given, urls)
    whole = account_of_title(title, urls, of_hub=of_hub)
    by_author = names_its_accounts(title, {})
    rows = zip(entries, texts, plain, there, urls, posts, strict=True)
    for number, (entry, text, beside, words, url, is_post) in enumerate(rows, start=1):
        if url:
            author = entry.get("author")
            named = author.get("name") if isinstance(author, dict) else ""
            account = (account_of_author(named) if by_author else "") or whole
            when = str(entry.get("date_published") or entry.get("date_modified") or "")
            if is_post:
                account = when = ""
            link = _link(entry, url, account=account, biz="", when=when, number=number)
            alone = "" if text or len(beside) < SHORTEST_TEXT else beside
            left = not alone and _is_left(entry, text, words)
            yield replace(link, text=alone, left=left), text
    yield from _named_in(there, urls, about)


def _text_in_json(entry: Mapping[str, Any]) -> str:
    return str(entry.get("content_html") or "") or _if_whole(entry.get("summary"))


def _named_in(
    texts: Iterable[str], urls: Iterable[str], about: Iterable[Sequence[str]]
) -> Iterator[tuple[Link, str]]:
    """The articles that items name which are none themselves, as in any page; none has a text.

    A long one is told that says of one alone, or shows, that it is from there.
    """
    for number, (text, url, links) in enumerate(zip(texts, urls, about, strict=True), start=1):
        below = "\n".join([text, *links])
        named = read_anchors(below).links if HOST in below and not url else ()
        may_be_its = len(named) == 1 and _is_long(text) and any((*links, *signs_in(text)))
        for link in named:
            yield replace(link, number=number, left=link.left or may_be_its), ""


def _refused_of(given: Sequence[Iterable[object]], urls: Sequence[str]) -> Iterator[Refused]:
    """What the items lead to that have no article's address, where that is WeChat's."""
    for number, (values, url) in enumerate(zip(given, urls, strict=True), start=1):
        for value in () if url else dict.fromkeys(str(value or "") for value in values):
            told = (Refused.of_link(one, number=number, line=value) for one in lost_links(value))
            yield from filter(None, told)


def _link(  # noqa: PLR0913  (a feed says so much of an article)
    entry: Mapping[str, Any], url: str, *, account: str, biz: str, when: str, number: int
) -> Link:
    moment = read_moment(when)  # UTC says so itself; who says no zone means his own clock
    return Link(
        url=url,
        title=on_one_line(_title_of(entry)),
        account=account[:LONGEST],  # it stands once above all items
        date=moment.date,
        published_at=moment.at,
        biz=biz,
        number=number,
    )


def _title_of(entry: Mapping[str, Any]) -> str:
    """The title, of which feedparser says whether it is HTML; JSON has plain text only."""
    title, detail = str(entry.get("title") or ""), entry.get("title_detail")
    is_html = isinstance(detail, feedparser.FeedParserDict) and detail.get("type") == _HTML
    return unescaped(title) if is_html else title


_HTML = "text/html"


def _biz(feed_id: str) -> str:
    found = _FEED_ID.search(feed_id)
    return biz_of_number(found["number"]) if found else ""


def links_of_album(content: bytes) -> list[str]:
    """The links that an album lists, as a page or as the JSON that its page asks for (`f=json`).

    Numbers there may be strings, and a list of one may be the thing itself (seen in other projects'
    answers).
    """
    if content.lstrip()[:1] == b"{":
        return _articles(_links_of_json(content))
    tree = parse_whole(content).tree
    items = tree.css("li.album__list-item[data-link]") if tree else []
    return _articles(item.attributes.get("data-link") or "" for item in items)


def _links_of_json(content: bytes) -> list[str]:
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        answer: Any = json.loads(content)
        listed = answer["getalbum_resp"]["article_list"]
        entries = listed if isinstance(listed, list) else [listed]
        return [str(entry.get("url", "")) for entry in entries if isinstance(entry, dict)]
    return []


def _articles(texts: Iterable[str]) -> list[str]:
    links = (Link(url=url) for text in texts for url in article_links(text)[:1])
    return [link.url for link in listing_of(ListKind.HTML, links).links[:MAX_LINKS]]
