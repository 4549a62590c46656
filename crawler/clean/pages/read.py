"""Bytes -> `Page`.

What a page turned out to be, what it says of its article, and the article as Markdown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

from crawler.article import Account, Kind, State, Told, told_by
from crawler.clean.body import render_body
from crawler.clean.markup import shown_lines
from crawler.clean.pages.altered import is_converted, is_translated
from crawler.clean.pages.kinds import body_of, kind_of, lost_its_player
from crawler.clean.pages.metadata import read_metadata, text_of, title_line
from crawler.clean.pages.reprint import reprint_lines
from crawler.clean.pages.split import PageParts, split_page
from crawler.clean.pages.told import read_told, read_topics
from crawler.clean.pages.verdicts import (
    Verdict,
    judge_notice_page,
    judge_other_page,
    judge_verification,
)
from crawler.credentials import without_secrets
from crawler.times import from_epoch
from crawler.unkept import lines_left, told_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from selectolax.lexbor import LexborNode

    from crawler.clean.body import Rendered
    from crawler.clean.pages.javascript import JsObject

BROKE_OFF = (
    "the download broke off inside the article",
    "the download broke off before all that the page tells",
)
"""What is said of a page that did not come to its end."""

_TRANSLATED = "the page is translated, and its own text is not in it"
_CONVERTED = "the page is shown in other characters than its own, traditional or simplified"
_LOST = "picture-without-address"
_MAY_HAVE_MOVED = (State.MIGRATED, State.UNAVAILABLE)
_SHARED = frozenset({"分享图片", "分享视频"})  # what <title> calls every post of that sort
_NO_TITLES = _SHARED | {"视频", "图片"}
_SAYS_NOTHING = re.compile(r"[\s,，、]*\Z")  # commas stand between a text post's hidden labels
_LONGEST_TITLE = 120  # characters; a title that was typed as one has 64 at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Told):
    """One page, read. What it does not say is the empty string; times are ISO 8601 with +08:00."""

    state: State
    kind: Kind = Kind.NORMAL
    detail: str = ""  # why the state is what it is, for people
    title: str = ""
    account: str = ""
    author: str = ""
    biz: str = ""
    mid: str = ""
    idx: str = ""
    sn: str = ""
    served_at: str = ""  # when WeChat served it, which its script says (`svr_time`)
    text: str = ""  # Markdown of the body, without the title's heading and the cover
    image_count: int = 0
    aliases: tuple[str, ...] = ()  # addresses that the page gives for itself
    account_info: Account | None = None
    transfer_target: str = ""  # where a migrated article went
    topics: tuple[str, ...] = ()
    # rule id -> how often it took something
    removed: Mapping[str, int] = field(default_factory=dict)
    left: str = ""  # which lines of its article are in none of this, for people


def read_page(content: bytes, *, charset: str = "", url: str = "") -> Page:
    """Read a page as it came. Never raises, whatever bytes it is given.

    `charset` is what HTTP said of the character set, `url` where the redirects ended; both may be
    empty.
    """
    parts = split_page(content, charset)
    if parts.refusal:
        return Page(state=State.UNREADABLE, detail=parts.refusal)
    tree = LexborHTMLParser(parts.markup)
    container = tree.css_first("#js_content")
    verdict = judge_verification(parts, url)
    if not verdict and not _holds_article(parts, tree, container):
        verdict = judge_other_page(parts, tree, url)
    parts = replace(
        parts,
        translated=is_translated(parts, tree),
        converted=is_converted(parts, tree),
        closed=_ends_inside(tree, container),
    )
    told = _said_apart(tree) if parts.translated else tree
    page = _described(parts.data, told)
    if verdict:
        return _refused(page, verdict, parts)
    return _article(page, parts, tree, container)


_FILE = re.compile(r"(?!images/[0-9a-f]{2}/)(?:\.{0,2}/)?[^\s:/?#][^\s:]*\Z")
_ARTICLE = "#js_article, #js_image_desc, #js_text_desc"  # tools keep no more of some posts


def _holds_article(parts: PageParts, tree: LexborHTMLParser, container: LexborNode | None) -> bool:
    if container is not None or tree.css_first(_ARTICLE) is not None:
        return True
    data = parts.data
    text = data.text("content_noencode") or data.object("text_page_info").text(
        "content_noencode", "content"
    )
    return bool(text or data.objects("picture_page_info_list"))


def _said_apart(tree: LexborHTMLParser) -> LexborHTMLParser:
    """What a page says where nobody sees it, and so no translator changes it: its `<meta>`."""
    return LexborHTMLParser("".join(node.html or "" for node in tree.css("meta")))


def _described(data: JsObject, tree: LexborHTMLParser) -> Page:
    known = read_metadata(data, tree)
    return Page(
        state=State.OK,
        title=known.title,
        account=known.account,
        author=known.author,
        biz=known.biz,
        mid=known.mid,
        idx=known.idx,
        sn=known.sn,
        served_at=from_epoch(data.text("svr_time")),
        aliases=known.aliases,
        account_info=known.account_info,
        topics=read_topics(data),
        **told_by(read_told(data, tree)),
    )


def _refused(page: Page, verdict: Verdict, parts: PageParts) -> Page:
    titled = verdict.state in (State.ALBUM, State.UNREADABLE)  # a notice's <title> is the notice
    title = page.title if titled else parts.data.text("title")
    target = parts.data.text("transfer_target") if verdict.state in _MAY_HAVE_MOVED else ""
    state = State.MIGRATED if target else verdict.state  # what says where it went has moved
    return replace(
        page,
        state=state,
        detail=verdict.detail,
        title=title_line(title, whole_post=False),
        transfer_target=target,
    )


def _article(
    page: Page, parts: PageParts, tree: LexborHTMLParser, container: LexborNode | None
) -> Page:
    kind = kind_of(parts, tree, container)
    body = body_of(kind, parts, tree, container)
    page = replace(page, kind=kind, title=_title(page.title, kind, body.node))
    if body.refusal:
        return replace(page, state=State.UNREADABLE, detail=body.refusal)
    if body.node is container and container is not None and parts.translated:
        return replace(page, state=State.UNREADABLE, detail=_TRANSLATED)
    rendered = render_body(body.node) if body.node is not None else None
    if rendered is None or body.node is None or _SAYS_NOTHING.match(rendered.text):
        verdict = judge_notice_page(tree) or Verdict(
            state=State.HOLLOW, detail="the page came without its article"
        )
        return replace(page, state=verdict.state, detail=verdict.detail)
    state, detail = _state(parts, body.node)
    if state is State.OK and kind is Kind.GALLERY and _lacks_pictures(rendered, parts, tree):
        state, detail = State.TRUNCATED, "a gallery that lost pictures of it"
    if state is State.OK and kind is Kind.REPOST and _lacks_article(parts, container):
        state, detail = State.TRUNCATED, "a repost that lost its article, or all but its beginning"
    if state is State.OK and parts.broken_off and not _tells_all(page, parts):
        state, detail = State.TRUNCATED, BROKE_OFF[1]
    if state is State.OK and kind is Kind.NORMAL and lost_its_player(body.node):
        state, detail = State.TRUNCATED, "a video, or a recording, that lost its data"
    text = _below_card(rendered.text, parts, container)
    return replace(
        page,
        state=state,
        detail=detail,
        text=without_secrets(text),
        image_count=rendered.image_count,
        removed=rendered.removed,
        left=_CONVERTED * (parts.converted and body.node is container)
        or _left(body.node.html or "", [text, page.title]),
    )


def _left(html: str, kept: Sequence[str]) -> str:
    """What is said of lines of an article's element that are in nothing that was kept of it."""
    return "" if _PLAYER in html else told_of(lines_left(shown_lines(html), kept))


_PLAYER = "js_mpvedio"  # what a script draws in the place of a video's frame, with words of its own


def _lacks_pictures(rendered: Rendered, parts: PageParts, tree: LexborHTMLParser) -> bool:
    """Whether a gallery has fewer pictures than it is of; one that lost its data may count them."""
    said = text_of(tree, ".swiper_tips_right")
    counts = said.isdecimal() and len(said) < 4 and "picture_page_info_list" not in parts.data
    least = int(said) if counts else 1
    return rendered.image_count < max(1, least) or bool(rendered.removed.get(_LOST))


def _lacks_article(parts: PageParts, container: LexborNode | None) -> bool:
    """Whether a repost has no more of its article than its script shows: 140 letters and dots."""
    if "content_noencode" in parts.data:
        return False
    shown = container.text().strip() if container is not None else ""
    return not (parts.whole and shown) or shown.endswith("...")


def _tells_all(page: Page, parts: PageParts) -> bool:
    """Whether a page that broke off has told its article before, as those since 2025 do.

    The sharer's words stand behind all else.
    """
    is_told = "content_noencode" in parts.data and page.kind is not Kind.REPOST
    return bool(is_told and page.mid and page.published_at)


def _below_card(text: str, parts: PageParts, container: LexborNode | None) -> str:
    """The text below what stands above a reprint; a translation of that is nobody's words."""
    if container is None or parts.translated:
        return text
    return "\n\n".join(filter(None, (reprint_lines(container), text)))


def _title(title: str, kind: Kind, body: LexborNode | None) -> str:
    """The title on one line; posts without one begin with what would be it."""
    if kind is Kind.NORMAL and title not in _SHARED:
        return title_line(title, whole_post=len(title) > _LONGEST_TITLE)
    if (not title or title in _NO_TITLES) and body is not None:
        title = body.text(separator="\n").strip() or title
    return title_line(title, whole_post=True)


def _state(parts: PageParts, body: LexborNode) -> tuple[State, str]:
    """Whether the body is the whole article."""
    paid = parts.data.object("user_info").text("is_paid") == "1"
    if not paid and (body.css_first("mp-pay-preview-filter") or parts.data.text("pay_type") == "1"):
        return State.PAID, "the free preview of a paid article (mp-pay-preview-filter)"
    is_shown = body.tag != "body"  # what is made of the page's data came to its end
    if is_shown and not parts.whole and (parts.closed or _is_last(body)):
        return State.TRUNCATED, BROKE_OFF[0]
    lost = len([node for node in body.css("img[src]") if _is_beside(node)])
    if lost:
        return State.TRUNCATED, f"a tool put {lost} pictures into files that are not there"
    return State.OK, ""


def _is_beside(picture: LexborNode) -> bool:
    """Whether a picture's only address is a file beside the page, as WeChat's own never is."""
    if picture.attributes.get("data-src"):
        return False
    return _FILE.match(picture.attributes.get("src") or "") is not None


def _is_last(node: LexborNode) -> bool:
    """Whether nothing follows an element to the page's end.

    So it is where a download broke off inside it.
    """
    ancestor: LexborNode | None = node
    while ancestor is not None and ancestor.tag != "body":
        if _is_followed(ancestor):
            return False
        ancestor = ancestor.parent
    return True


def _ends_inside(tree: LexborHTMLParser, container: LexborNode | None) -> bool:
    """Whether a page as WeChat writes it ends inside the article, in its own frame.

    A browser closes all that a download left open, and what runs in it adds elements at the end.
    Tools that keep the article alone keep nothing of what stands above it, for advertisements.
    """
    if tree.css_first(_ABOVE) is None:
        return False
    node = container
    while node is not None and node.attributes.get("id") != _FRAME:
        if _is_followed(node):
            return False
        node = node.parent
    return node is not None


_ABOVE, _FRAME = "#js_top_ad_area", "js_article"


def _is_followed(node: LexborNode) -> bool:
    """Whether an element follows another beside it."""
    after = node.next
    while after is not None and not after.is_element_node:
        after = after.next
    return after is not None
