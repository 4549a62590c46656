"""What a page tells of its article that is no part of it: kept as metadata, not in the body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.article import Told
from crawler.characters import on_one_line, unescaped
from crawler.clean.markdown import link_target, picture_address, safe_address
from crawler.clean.pages.metadata import COVER, published_at, read_digest, read_field
from crawler.credentials import without_secrets
from crawler.times import from_epoch

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from crawler.clean.pages.javascript import JsObject

_ORIGINAL = {"1": "original", "2": "reprint"}  # copyright_stat; 0 says neither
_LOGO, _CARD = "#copyright_logo", ".original_primary_card_tips"
# as WeChat says it to readers of simplified and traditional Chinese, and of English
_SAID = {"原创": "original", "原創": "original", "Original": "original"} | dict.fromkeys(
    ("转载", "轉載", "Repost"), "reprint"
)
_MAX_TOPICS = 50
# key of the page's data -> keys of a topic's name in each of its objects
_TOPICS = {
    "hashtags": ("hashtag", ("name", "hashtag", "title")),
    "topic_infos": ("", ("topic", "title", "name")),
    "public_tag_info": ("tags", ("tag_name",)),
}


def read_told(data: JsObject, tree: LexborHTMLParser) -> Told:
    """Read it from the page's data, and where these are gone from its elements."""
    copyright_stat = data.object("copyright_info").text("copyright_stat")
    stat = copyright_stat or data.text("copyright_stat")
    return Told(
        published_at=published_at(data, tree),
        modified_at=from_epoch(data.text("modify_time")),
        digest=read_digest(data, tree),
        cover=link_target(picture_address(read_field(COVER, data, tree))),
        source_url=_source_url(data, tree),
        original=_ORIGINAL.get(stat, "") or ("" if stat else _by_logo(tree)),
        album=_line(data.object("appmsgalbuminfo").text("title")),
        place=_line(data.object("ip_wording").text("province_name")),
        item_type=data.text("item_show_type"),
    )


def _source_url(data: JsObject, tree: LexborHTMLParser) -> str:
    given = unescaped(data.text("source_url"))
    if not given and "source_url" not in data:
        link = tree.css_first("#js_view_source[href]")
        given = (link.attributes["href"] or "") if link is not None else ""
        if given.endswith("#"):  # `##` as a script takes it, which saved mail makes absolute
            return ""
    return without_secrets(safe_address(given)) if given else ""


def _by_logo(tree: LexborHTMLParser) -> str:
    """What a page without its scripts shows of its origin."""
    if tree.css_first(_CARD) is not None:
        return "reprint"
    logo = tree.css_first(_LOGO)
    words = logo.text() if logo is not None else ""
    return next((meant for word, meant in _SAID.items() if word in words), "")


def read_topics(data: JsObject) -> tuple[str, ...]:
    """The topics that the article was filed under, without their `#`."""
    names = (
        _line(topic.text(*keys)).strip("#")
        for key, (inner, keys) in _TOPICS.items()
        for topic in (data.object(key).objects(inner) if inner else data.objects(key))
    )
    return tuple(dict.fromkeys(name for name in names if name))[:_MAX_TOPICS]


def _line(text: str) -> str:
    return on_one_line(unescaped(text))
