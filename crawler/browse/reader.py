"""Archived Markdown as safe HTML.

No script, no style, no form, and pictures that tell nobody who reads them.
"""

from __future__ import annotations

import re
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import nh3

from crawler.browse.accessible import Heading, make_accessible
from crawler.browse.formulas import MATHML, add_formulas
from crawler.dialect import TAGS
from crawler.formats import is_in_pieces, markdown_parser, pair_elements, without_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markdown_it.token import Token

PICTURE_HOSTS = ("qpic.cn", "qlogo.cn")
"""Where WeChat keeps pictures; the page's policy lets a browser load from nowhere else."""

_OF_WECHAT = re.compile(
    rf"https?://(?:[a-z0-9-]++\.)+(?:{'|'.join(map(re.escape, PICTURE_HOSTS))})(?=[/?#]|\Z)",
    re.IGNORECASE | re.ASCII,
)
_MAX_LENGTH = 1_000_000  # characters; the longest of 59,232 articles has some hundred thousand
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "referrerpolicy", "loading"},
    "code": {"class"},
    "ol": {"start"},
    "li": {"value"},
    "td": {"align"},
    "th": {"align"},
    "pre": {"tabindex"},
    "table": {"tabindex"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    **MATHML,
}
_TAGS = TAGS | {
    "a", "blockquote", "code", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
    "pre", "s", "table", "tbody", "td", "th", "thead", "tr", "ul",
    *MATHML,
}  # fmt: skip

_MARKDOWN = add_formulas(markdown_parser())


class Reading(NamedTuple):
    """An article's body as HTML, and its headings."""

    html: str
    headings: list[Heading]


def read_body(
    body: str, title: str, *, local_pictures: Mapping[str, str] = MappingProxyType({})
) -> Reading:
    """An article's body as one reads it, less the heading of its title. Never raises on any text.

    `local_pictures` gives the address of our own copy of a picture for each link that has one.
    """
    text = without_title(body, title)
    if len(text) > _MAX_LENGTH or is_in_pieces(text):
        return Reading(f"<pre>{escape(text)}</pre>", [])
    tokens = _MARKDOWN.parse(text)
    _tame(
        tokens, {_MARKDOWN.normalizeLink(link): address for link, address in local_pictures.items()}
    )
    headings = make_accessible(tokens)
    rendered = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    # each <pre> of the rendered text is a tag, for text is escaped there
    reached = rendered.replace("<pre>", '<pre tabindex="0">')
    return Reading(_clean(reached), headings)


def _clean(rendered: str) -> str:
    """Nothing but the elements, attributes and addresses that an article may have."""
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def _tame(tokens: Iterable[Token], local_pictures: Mapping[str, str]) -> None:
    for token in tokens:
        if token.type == "image":
            _tame_picture(token, local_pictures)
        elif token.type == "link_open" and not _leads_away(str(token.attrs.get("href", ""))):
            token.attrs.pop("href", None)  # a relative address would lead into our own pages
        if token.children:
            pair_elements(token.children)
            _tame(token.children, local_pictures)


def _tame_picture(token: Token, local_pictures: Mapping[str, str]) -> None:
    address = str(token.attrs.get("src", ""))
    ours = local_pictures.get(address)
    if ours is None and not _OF_WECHAT.match(address):  # which a browser would not load here
        token.attrs.pop("src", None)
        return
    token.attrs["src"] = ours or re.sub(r"\Ahttp:", "https:", address, flags=re.IGNORECASE)
    token.attrs["referrerpolicy"] = "no-referrer"
    token.attrs["loading"] = "lazy"


def _leads_away(address: str) -> bool:
    return address.lower().startswith(("http://", "https://", "mailto:", "tel:"))


def _is_web(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


_LONGEST = 8_192  # characters of an address; its host is composed, which takes their square


def source_link(address: str) -> str:
    """The address of the original; "" where it is not one that may stand in a page of ours."""
    try:
        host = urlsplit(address[:_LONGEST]).netloc.lower()  # browsers end a host at a backslash
    except ValueError:
        return ""
    return address if host == "mp.weixin.qq.com" and _is_web(address) else ""
