"""What a page says of its article besides the body.

A table of where each field stands, and how to read it.

The data of the page's scripts come first; where a page has none (saved by a tool), its elements do.
An empty value in the data is an answer: an article without a digest has none in `og:description`
either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.article import Account
from crawler.characters import OTHER_ENDS, unescaped
from crawler.clean.markdown import title_of_line, to_https
from crawler.errors import InputError
from crawler.fields import sound
from crawler.times import from_epoch, from_page
from crawler.urls import Identity, identity_of, parse_url

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from crawler.clean.pages.javascript import JsObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one field stands: keys of the page data, then `<meta>` properties, then elements."""

    keys: tuple[str, ...]
    meta: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()


TITLE = Place(
    keys=("title",),
    meta=("og:title", "twitter:title"),
    elements=("#activity-name", "#video_title", ".common_share_title", "#js_tag_name", "title"),
)
ACCOUNT = Place(
    keys=("nick_name",),
    elements=(
        "#js_name",
        "#post-user",
        ".account_nickname_inner",
        ".profile_nickname",
        ".wx_follow_nickname",
        ".album__author-name",
    ),
)
AUTHOR = Place(
    keys=("author",),
    meta=("og:article:author", "author"),
    elements=(
        "#js_author_name",
        # 2016 to 2018: the second of a row of like elements; the first is the date, the third the
        # account
        "#meta_content .rich_media_meta_text:not([id]):not(.rich_media_meta_nickname)",
    ),
)
DIGEST = Place(keys=("desc",), meta=("og:description", "description"))
COVER = Place(keys=("cdn_url",), meta=("og:image",))
# The page's own date as text: empty in raw pages, and 昨天 in saved ones of 2020, which
# `from_page` does not read.
DAY = Place(keys=("create_time", "publish_time"), elements=("#publish_time", "#post-date"))
LINK = Place(keys=("link",), meta=("og:url",))

_SPELLED_BREAK = re.compile(r"\\x0[ad]|\\[nr]")  # in a `<meta>` alone: an author may type \n
BREAK = re.compile(f"[\n{OTHER_ENDS}]")
_IN_SCRIPT = re.compile(r"\\x(0[9ad]|2[267]|3[ce]|5c)")
_TOPIC = re.compile(r"</?a(?:\s[^<>]*+)?>")  # galleries have their topics' links in the digest too
_AUTHOR_LABEL = re.compile(r"\A作者(?:[\s:：]+|\Z)")  # in the template of 2018
_SPACES = re.compile(r"\s+")
# characters; the longest seen is a gallery's digest of 2,387, which is its whole text
_LONGEST_FIELD = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What tells which article a page has, and whose it is.

    What is not known is the empty string.
    """

    title: str
    account: str
    author: str
    biz: str
    mid: str
    idx: str
    sn: str
    aliases: tuple[str, ...]
    account_info: Account | None


def read_metadata(data: JsObject, tree: LexborHTMLParser) -> Metadata:
    """Read these fields of one page."""
    account = _line(read_field(ACCOUNT, data, tree))
    links = _own_links(read_field(LINK, data, tree))
    identity = _identity(data, links)
    biz = identity.biz if identity else data.text("bizuin")
    mid, idx = (identity.mid, identity.idx) if identity else ("", "")
    return Metadata(
        title=read_field(TITLE, data, tree),
        account=account,
        author=_AUTHOR_LABEL.sub("", _line(read_field(AUTHOR, data, tree))),
        biz=biz,
        mid=mid,
        idx=idx,
        sn=sound("sn", data.text("sn")) or next((parse_url(link).sn for link in links), ""),
        aliases=links,
        account_info=_account_info(biz, account, data, tree),
    )


def read_field(place: Place, data: JsObject, tree: LexborHTMLParser) -> str:
    """The first thing said in any of a field's places.

    In page data, HTML's escapes are undone once more; of a `<meta>`, what WeChat spells out there.
    """
    if any(key in data for key in place.keys):
        return unescaped(data.text(*place.keys)[:_LONGEST_FIELD]).strip()
    for name in place.meta:
        node = tree.css_first(f'meta[property="{name}"], meta[name="{name}"]')
        content = (node.attributes.get("content") or "").strip() if node else ""
        if content:
            return _as_meant(content[:_LONGEST_FIELD])
    for selector in place.elements:
        text = text_of(tree, selector)
        if text:
            return text[:_LONGEST_FIELD]
    return ""


def _as_meant(content: str) -> str:
    r"""What a `<meta>` says.

    WeChat escapes it for a script, `\x26quot;` for a quote, and spells line ends out: `\x0a`, `\n`.
    """
    content = _SPELLED_BREAK.sub("\n", content)
    if "\\x26" not in content:
        return content
    said = _IN_SCRIPT.sub(lambda escape: chr(int(escape[1], 16)), content)
    return unescaped(said).strip()


def text_of(tree: LexborHTMLParser, selector: str) -> str:
    """The text of the first element that a selector finds, on one line.

    Empty where it finds none.
    """
    node = tree.css_first(selector)
    return _SPACES.sub(" ", node.text()).strip() if node else ""


def _line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def title_line(text: str, *, whole_post: bool) -> str:
    """A title on one line.

    Where the title is a `whole_post`, its first sentence or line stands for it.
    """
    text = text[:_LONGEST_FIELD]
    if not whole_post:
        return _line(text)
    first = next((line for line in map(_line, BREAK.split(text)) if line), "")
    return title_of_line(first)


def read_digest(data: JsObject, tree: LexborHTMLParser) -> str:
    """The digest on one line, without the links of its topics."""
    return _line(_TOPIC.sub("", read_field(DIGEST, data, tree)))


def published_at(data: JsObject, tree: LexborHTMLParser) -> str:
    """When the article was published, as exactly as the page tells."""
    stamp = from_epoch(data.text("create_timestamp")) or from_epoch(data.text("ori_create_time"))
    return stamp or from_page(read_field(DAY, data, tree))


def _own_links(address: str) -> tuple[str, ...]:
    """The address that the page gives for itself, without credentials, if it is one."""
    try:
        return (parse_url(address).given,)
    except InputError:
        return ()


def _identity(data: JsObject, links: tuple[str, ...]) -> Identity | None:
    given = identity_of(data.text("bizuin"), data.text("mid"), data.text("idx"))
    return given or next((parse_url(link).identity for link in links), None)


def _account_info(biz: str, name: str, data: JsObject, tree: LexborHTMLParser) -> Account | None:
    if not biz:
        return None
    values = (
        []
        if "alias" in data
        else [node.text(strip=True) for node in tree.css(".profile_meta_value")[:2]]
    )
    alias, description = (*values, "", "")[:2]
    return Account(
        biz=biz,
        name=name,
        alias=_line(data.text("alias") or alias),
        description=_line(unescaped(data.text("signature")) or description),
        avatar=to_https(unescaped(data.text("hd_head_img", "round_head_img"))),
    )
