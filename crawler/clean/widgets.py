"""What is no text in a body, in one readable line each: players, cards, votes, places."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from crawler.clean.links import safe_address

Attributes = Mapping[str, str | None]


class Line(NamedTuple):
    """A widget in words, and where it leads."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    """A row: which elements, and what is said of them.

    `tags` are names of elements; with `classes` the element must also have one of those. `keeps_text`: the element
    may hold words of its own, which then stand instead.
    """

    id: str
    tags: frozenset[str]
    line: Callable[[Attributes], Line]
    classes: frozenset[str] = frozenset()


def _text(attributes: Attributes, *names: str) -> str:
    """The first of some attributes that says something; names of audio are escaped twice (`&amp;nbsp;`)."""
    for name in names:
        value = " ".join(html.unescape(attributes.get(name) or "").split())
        if value:
            return value
    return ""


def _labelled(label: str, *words: str) -> str:
    return "：".join((label, *(word for word in words if word)))


_VID = re.compile(r"[?&]vid=([A-Za-z0-9_]{5,40})")


def _video(attributes: Attributes) -> Line:
    address = safe_address(_text(attributes, "data-src", "src", "data-url"))
    vid = _VID.search(address)
    if vid and "//v.qq.com/" in address:  # the player's address opens no page of its own
        address = f"https://v.qq.com/x/page/{vid[1]}.html"
    return Line(_labelled("视频", _text(attributes, "data-title", "title", "data-desc")), address)


def _audio(attributes: Attributes) -> Line:
    """mp3s are served by `voice_encode_fileid` (seen on <mpvoice> of 2018 and <mp-common-mpaudio> of 2025)."""
    name, by = _text(attributes, "name", "data-name", "title"), _text(attributes, "author")
    media = _text(attributes, "voice_encode_fileid", "data-voice_encode_fileid")
    address = f"https://res.wx.qq.com/voice/getvoice?mediaid={media}" if re.fullmatch(r"[\w=-]{4,80}", media) else ""
    return Line(_labelled("音频", name) + (f"（{by}）" if by else ""), address)


def _music(attributes: Attributes) -> Line:
    name, by = _text(attributes, "music_name", "data-music_name", "name"), _text(attributes, "singer", "data-singer")
    address = safe_address(_text(attributes, "audiourl", "data-audiourl"))
    return Line(_labelled("音乐", name) + (f"（{by}）" if by else ""), address)


def _mini_program(attributes: Attributes) -> Line:
    name = _text(attributes, "data-miniprogram-nickname", "data-nickname")
    title = _text(attributes, "data-miniprogram-title", "data-title")
    return Line(_labelled("小程序", name, title if title != name else ""))


def _profile(attributes: Attributes) -> Line:
    alias = _text(attributes, "data-alias")
    return Line(
        _labelled("公众号", _text(attributes, "data-nickname") + (f"（{alias}）" if alias else ""))
        + "".join(f"，{word}" for word in [_text(attributes, "data-signature")] if word)
    )


def _channel(attributes: Attributes) -> Line:
    return Line(_labelled("视频号", _text(attributes, "data-nickname"), _text(attributes, "data-desc", "data-title")))


def _vote(attributes: Attributes) -> Line:
    address = safe_address(_text(attributes, "data-src", "src"))
    return Line(_labelled("投票", _text(attributes, "data-title", "data-subject", "title")), address)


def _place(attributes: Attributes) -> Line:
    return Line(_labelled("位置", _text(attributes, "data-name"), _text(attributes, "data-address")))


def _product(attributes: Attributes) -> Line:
    name = _text(attributes, "data-title", "data-name", "data-product-name", "data-goods-name")
    price = _text(attributes, "data-price")
    return Line(_labelled("商品", name, price))


def _other(attributes: Attributes) -> Line:
    return Line(_text(attributes, "data-title", "data-name", "data-nickname", "data-desc"))


def _frame(attributes: Attributes) -> Line:
    address = safe_address(_text(attributes, "data-src", "src"))
    return Line(_text(attributes, "title") or "嵌入内容" if address else "", address)


WIDGETS = (
    Widget(
        id="widget-vote",
        tags=frozenset({"iframe"}),
        classes=frozenset({"vote_iframe"}),
        line=_vote,
    ),
    Widget(id="widget-vote", tags=frozenset({"mp-common-vote"}), line=_vote),
    Widget(id="widget-video", tags=frozenset({"iframe"}), classes=frozenset({"video_iframe"}), line=_video),
    Widget(id="widget-video", tags=frozenset({"video", "mpvideo", "mp-common-video"}), line=_video),
    Widget(
        id="widget-audio", tags=frozenset({"mpvoice", "mp-common-mpaudio", "mp-common-voice", "audio"}), line=_audio
    ),
    Widget(id="widget-music", tags=frozenset({"qqmusic", "mp-common-qqmusic", "mp-common-kuwo"}), line=_music),
    Widget(id="widget-mini-program", tags=frozenset({"mp-miniprogram", "mp-weapp"}), line=_mini_program),
    Widget(id="widget-profile", tags=frozenset({"mp-common-profile"}), line=_profile),
    Widget(id="widget-channel", tags=frozenset({"mp-common-videosnap"}), line=_channel),
    Widget(id="widget-place", tags=frozenset({"mp-common-poi"}), line=_place),
    Widget(
        id="widget-product",
        tags=frozenset({"mp-common-product", "mp-wxaproduct", "mp-common-cpsad", "mpproduct", "mpcps"}),
        line=_product,
    ),
    Widget(id="widget-frame", tags=frozenset({"iframe"}), line=_frame),
)

_BY_TAG: dict[str, list[Widget]] = {}
for _widget in WIDGETS:
    for _tag in _widget.tags:
        _BY_TAG.setdefault(_tag, []).append(_widget)

_OTHER = Widget(id="widget-other", tags=frozenset(), line=_other)


def widget_of(tag: str, attributes: Attributes) -> Widget | None:
    """The row for an element, if it is a widget."""
    for widget in _BY_TAG.get(tag, ()):
        if not widget.classes or widget.classes & set((attributes.get("class") or "").split()):
            return widget
    return _OTHER if tag.startswith("mp-") else None
