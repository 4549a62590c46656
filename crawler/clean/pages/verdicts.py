"""Judges the pages that hold no article: verification, notices, albums, pages about an account."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.article import State
from crawler.clean.markup import parse_text
from crawler.clean.notices import judge_notice
from crawler.clean.pages.kinds import written_text
from crawler.clean.pages.metadata import text_of
from crawler.errors import InputError
from crawler.urls import PageType, parse_url

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from crawler.clean.pages.split import PageParts

_VERIFICATION_PAGE = "secitptpage/verify"
_VERIFICATION_ADDRESSES = ("/mp/wappoc_appmsgcaptcha", _VERIFICATION_PAGE)
_BEHIND_PATH = re.compile(r"[?#]")
# Where notices are said; the last, whole box comes after its parts.
_NOTICE_ELEMENTS = (
    ".weui-msg__title",
    ".weui-msg__desc",
    ".mesg-block",
    ".global_error_msg",
    ".qrcheck_msg",
    ".weui-msg",
    ".page_msg",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a page without an article is, and by which marker."""

    state: State
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherPage:
    """A kind of page on the same host that is no article."""

    state: State
    page_type: PageType  # by its address
    page_mid: str  # by what it calls itself: PAGE_MID='mmbizwap:pages/album.html'
    elements: str
    names: str  # what it is called
    detail: str


OTHER_PAGES = (
    OtherPage(
        state=State.ALBUM,
        page_type=PageType.ALBUM,
        page_mid="mmbizwap:pages/album",
        elements=".js_album_container, .album__list-item",
        names="#js_tag_name, .album__author-name",
        detail="an album, which lists articles",
    ),
    OtherPage(
        state=State.ACCOUNT_PAGE,
        page_type=PageType.ACCOUNT,
        page_mid="mmbizwap:wxverify/info",
        elements=".about-page, #js_profile_bar, .profile_info_area",
        names=".profile_nickname, #js_arrow_text",
        detail="a page about an account",
    ),
)


def judge_verification(parts: PageParts, url: str) -> Verdict | None:
    """Whether WeChat asks for verification instead of showing anything.

    The page at hand has neither 环境异常 nor a title: scripts write them.
    """
    place = _BEHIND_PATH.split(url, maxsplit=1)[0]  # behind it anybody may have written anything
    if any(address in place for address in _VERIFICATION_ADDRESSES):
        return Verdict(state=State.VERIFICATION, detail=f"redirected to {place}")
    page_mid = parts.data.text("page_mid")
    if _VERIFICATION_PAGE in page_mid:
        return Verdict(state=State.VERIFICATION, detail=f"PAGE_MID is {page_mid}")
    return None


def judge_other_page(parts: PageParts, tree: LexborHTMLParser, url: str) -> Verdict:
    """What a page without an article is."""
    return (
        judge_notice_page(tree)
        or _judge_page_type(parts, tree, url)
        or _judge_shell(parts, tree)
        or Verdict(state=State.UNREADABLE, detail=_why_unreadable(parts))
    )


def judge_notice_page(tree: LexborHTMLParser) -> Verdict | None:
    """Which notice the page holds, in its elements or in what its scripts write.

    None where it holds none.
    """
    unknown = ""
    written = parse_text(written_text(tree, "script")).tree
    for where in filter(None, (tree, written)):
        for selector in _NOTICE_ELEMENTS:
            text = text_of(where, selector)
            known = judge_notice(text) if text else None
            if known:
                return Verdict(
                    state=known[0], detail=f"{selector} says {text[:200]} (notice {known[1]})"
                )
            unknown = unknown or text
    return (
        Verdict(state=State.UNREADABLE, detail=f"an unknown notice: {unknown[:200]}")
        if unknown
        else None
    )


def _judge_page_type(parts: PageParts, tree: LexborHTMLParser, url: str) -> Verdict | None:
    page_mid = parts.data.text("page_mid")
    page_type = _page_type(url)
    for other in OTHER_PAGES:
        if (
            page_type is other.page_type
            or page_mid.startswith(other.page_mid)
            or tree.css_first(other.elements)
        ):
            names = ", ".join(" ".join(node.text().split()) for node in tree.css(other.names)[:3])
            detail = f"{other.detail}: {names}" if names else other.detail
            return Verdict(state=other.state, detail=detail)
    return None


def _page_type(url: str) -> PageType:
    try:
        return parse_url(url).page_type
    except InputError:
        return PageType.OTHER


def _judge_shell(parts: PageParts, tree: LexborHTMLParser) -> Verdict | None:
    """Pages that say something only by their build [code: no real one at hand]."""
    if b"page_rumor" in parts.markup:
        return Verdict(state=State.RUMOUR, detail="the page is marked page_rumor")
    shell = tree.css_first("#app")
    if shell is None:
        return None
    known = judge_notice(shell.text())  # as scripts write it into a page that a browser shows
    if known:
        return Verdict(state=known[0], detail=f"#app says so (notice {known[1]})")
    is_empty = not shell.text().strip() and shell.child is None
    if is_empty and parts.whole and not text_of(tree, "title"):
        return Verdict(state=State.PRIVATE, detail="an empty shell without a title")
    return None


def _why_unreadable(parts: PageParts) -> str:
    if not parts.markup.strip():
        return "the page is empty"
    if b"<" not in parts.markup:
        return "this is no HTML page"
    if not parts.whole:
        return "the download broke off before the article: there is no </html> and no body"
    return "there is neither an article nor a known notice in the page"
