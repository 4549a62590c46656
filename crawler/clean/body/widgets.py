"""What is no text in a body, in one readable line each: players, cards, votes, places."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from crawler.clean.markdown import safe_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from crawler.clean.body.tree import Attributes


class WidgetLine(NamedTuple):
    """A line of words, and where it leads."""

    words: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Widget:
    """A row: which elements, what is said of them, and an element with the line that it must give.

    `tags` are names of elements; with `classes` the element must also have one of those.
    """

    id: str
    tags: frozenset[str]
    lines: Callable[[Attributes], list[WidgetLine]]
    example: str
    shows: str
    classes: frozenset[str] = frozenset()
    keeps_content: bool = False  # what stands in the element is read as well


def _text(attributes: Attributes, *names: str) -> str:
    """The first of some attributes that says something.

    Audio's names are escaped twice (`&amp;nbsp;`).
    """
    for name in names:
        value = " ".join(html.unescape(attributes.get(name) or "").split())
        if value:
            return value
    return ""


def _labelled(label: str, *words: str) -> str:
    return "：".join((label, *(word for word in words if word)))


def _by(name: str) -> str:
    return f"（{name}）" if name else ""


_VID = re.compile(r"[?&]vid=([A-Za-z0-9_]{5,40})")
_MEDIA = re.compile(r"[\w=-]{4,80}", re.ASCII)


def _video(attributes: Attributes) -> list[WidgetLine]:
    address = safe_address(_text(attributes, "data-src", "src", "data-url"))
    vid = _VID.search(address)
    if vid and "//v.qq.com/" in address:  # the player's address opens no page of its own
        address = f"https://v.qq.com/x/page/{vid[1]}.html"
    return [
        WidgetLine(
            _labelled("视频", _text(attributes, "data-title", "title", "data-desc")), address
        )
    ]


def _audio(attributes: Attributes) -> list[WidgetLine]:
    name, author = (
        _text(attributes, "name", "data-name", "title"),
        _text(attributes, "author", "data-author"),
    )
    media = _text(attributes, "voice_encode_fileid", "data-voice_encode_fileid")
    address = (
        f"https://res.wx.qq.com/voice/getvoice?mediaid={media}" if _MEDIA.fullmatch(media) else ""
    )
    return [
        WidgetLine(
            _labelled("音频", name) + _by(author), address or safe_address(_text(attributes, "src"))
        )
    ]


def _music(attributes: Attributes) -> list[WidgetLine]:
    name = _text(attributes, "music_name", "data-music_name", "data-name", "name")
    singer = _text(attributes, "singer", "data-singer")
    return [
        WidgetLine(
            _labelled("音乐", name) + _by(singer),
            safe_address(_text(attributes, "audiourl", "data-audiourl")),
        )
    ]


def _mini_program(attributes: Attributes) -> list[WidgetLine]:
    name = _text(attributes, "data-miniprogram-nickname", "data-nickname")
    title = _text(attributes, "data-miniprogram-title", "data-title")
    return [WidgetLine(_labelled("小程序", name, title if title != name else ""))]


def _profile(attributes: Attributes) -> list[WidgetLine]:
    name = _text(attributes, "data-nickname") + _by(_text(attributes, "data-alias"))
    return [WidgetLine(_labelled("公众号", name, _text(attributes, "data-signature")))]


def _channel(attributes: Attributes) -> list[WidgetLine]:
    return [
        WidgetLine(
            _labelled(
                "视频号",
                _text(attributes, "data-nickname"),
                _text(attributes, "data-desc", "data-title"),
            )
        )
    ]


def _vote_frame(attributes: Attributes) -> list[WidgetLine]:
    """The votes of 2018: question and options stand behind the address only."""
    return [
        WidgetLine(
            _labelled("投票", _text(attributes, "data-title", "title")),
            safe_address(_text(attributes, "data-src")),
        )
    ]


def _vote(attributes: Attributes) -> list[WidgetLine]:
    try:
        subjects = json.loads(attributes.get("data-votesubject") or "[]")
    except (ValueError, RecursionError):
        subjects = []
    lines = (
        [_subject(subject) for subject in subjects if isinstance(subject, dict)]
        if isinstance(subjects, list)
        else []
    )
    return lines or [WidgetLine(_labelled("投票", _text(attributes, "data-title")))]


def _subject(subject: Mapping[str, object]) -> WidgetLine:
    options = subject.get("options")
    names = (
        [option.get("name") for option in options if isinstance(option, dict)]
        if isinstance(options, list)
        else []
    )
    title = subject.get("title")
    choices = " / ".join(name.strip() for name in names if isinstance(name, str) and name.strip())
    return WidgetLine(_labelled("投票", title.strip() if isinstance(title, str) else "", choices))


def _place(attributes: Attributes) -> list[WidgetLine]:
    """A place's attributes are percent-encoded."""
    parts = (unquote(_text(attributes, "data-name")), unquote(_text(attributes, "data-address")))
    return [WidgetLine(_labelled("位置", *parts))]


def _product(attributes: Attributes) -> list[WidgetLine]:
    name = _text(attributes, "data-title", "data-name", "data-goodsname")
    return [WidgetLine(_labelled("商品", name, _text(attributes, "data-price")))]


def _red_packet(_: Attributes) -> list[WidgetLine]:
    return [WidgetLine("红包封面")]


def _frame(attributes: Attributes) -> list[WidgetLine]:
    address = safe_address(_text(attributes, "data-src", "src"))
    return [WidgetLine(_text(attributes, "title") or "嵌入内容", address)] if address else []


def _other(attributes: Attributes) -> list[WidgetLine]:
    return [WidgetLine(_text(attributes, "data-title", "data-name", "data-nickname", "data-desc"))]


WIDGETS = (
    Widget(
        id="widget-vote",  # seen in 2018
        tags=frozenset({"iframe"}),
        classes=frozenset({"vote_iframe"}),
        lines=_vote_frame,
        example='<iframe class="vote_iframe res" data-src="/mp/newappmsgvote?id=4"></iframe>',
        shows="[投票](https://mp.weixin.qq.com/mp/newappmsgvote?id=4)",
    ),
    Widget(
        id="widget-vote",  # the JSON as another parser of these pages reads it; no page at hand
        tags=frozenset({"mp-common-vote"}),
        lines=_vote,
        example="<mp-common-vote data-votesubject="
        """'[{"title":"去哪里","options":[{"name":"山"},{"name":"海"}]}]'></mp-common-vote>""",
        shows="投票：去哪里：山 / 海",
    ),
    Widget(
        id="widget-video",  # 2018 to 2026; `data-cover` is a still, `data-mpvid` repeats the vid
        tags=frozenset({"iframe"}),
        classes=frozenset({"video_iframe"}),
        lines=_video,
        example='<iframe class="video_iframe" data-src="https://v.qq.com/iframe/preview.html?vid=o12345"></iframe>',
        shows="[视频](https://v.qq.com/x/page/o12345.html)",
    ),
    Widget(
        id="widget-video",
        tags=frozenset({"video", "mpvideo", "mp-common-video"}),
        lines=_video,
        example='<video src="https://example.com/a.mp4" title="试片"></video>',
        shows="[视频：试片](https://example.com/a.mp4)",
    ),
    Widget(
        # <mpvoice> in 2018, <mp-common-mpaudio> in 2025; the mp3 is served by its file id
        id="widget-audio",
        tags=frozenset({"mpvoice", "mp-common-mpaudio", "mp-common-voice", "audio"}),
        lines=_audio,
        example='<mpvoice name="第1讲&amp;nbsp;序" author="小白"'
        ' voice_encode_fileid="MzA4_1"></mpvoice>',
        shows="[音频：第1讲 序（小白）](https://res.wx.qq.com/voice/getvoice?mediaid=MzA4_1)",
    ),
    Widget(
        id="widget-music",  # 2018
        tags=frozenset({"qqmusic", "mp-common-qqmusic", "mp-common-kuwo", "mp-common-clmusic"}),
        lines=_music,
        example='<qqmusic music_name="晨曲" singer="某乐团" audiourl="http://example.com/a.m4a"></qqmusic>',
        shows="[音乐：晨曲（某乐团）](http://example.com/a.m4a)",
    ),
    Widget(
        id="widget-mini-program",
        tags=frozenset({"mp-miniprogram", "mp-common-miniprogram", "mp-weapp"}),
        lines=_mini_program,
        example='<mp-miniprogram data-miniprogram-nickname="快递"'
        ' data-miniprogram-title="查件"></mp-miniprogram>',
        shows="小程序：快递：查件",
    ),
    Widget(
        id="widget-profile",  # 2025; a card for an account
        tags=frozenset({"mp-common-profile"}),
        lines=_profile,
        example='<mp-common-profile data-nickname="某号" data-alias="mh"'
        ' data-signature="一句"></mp-common-profile>',
        shows="公众号：某号（mh）：一句",
    ),
    Widget(
        id="widget-channel",
        tags=frozenset({"mp-common-videosnap"}),
        lines=_channel,
        example='<mp-common-videosnap data-nickname="某人" data-desc="现场"></mp-common-videosnap>',
        shows="视频号：某人：现场",
    ),
    Widget(
        id="widget-place",
        tags=frozenset({"mp-common-poi"}),
        lines=_place,
        example='<mp-common-poi data-name="%E6%B9%96"'
        ' data-address="%E4%B8%9C%E8%B7%AF1%E5%8F%B7"></mp-common-poi>',
        shows="位置：湖：东路1号",
    ),
    Widget(
        id="widget-product",
        tags=frozenset(
            {"mp-common-product", "mp-wxaproduct", "mp-common-cpsad", "mpproduct", "mpcps"}
        ),
        lines=_product,
        example='<mp-common-product data-title="茶杯" data-windowproduct="9"></mp-common-product>',
        shows="商品：茶杯",
    ),
    Widget(
        id="widget-red-packet",
        tags=frozenset({"mp-common-redpacket", "mp-common-redpacketcover"}),
        lines=_red_packet,
        example="<mp-common-redpacket></mp-common-redpacket>",
        shows="红包封面",
    ),
    Widget(
        id="widget-frame",
        tags=frozenset({"iframe"}),
        lines=_frame,
        example='<iframe src="https://example.com/map"></iframe>',
        shows="[嵌入内容](https://example.com/map)",
    ),
    Widget(
        id="widget-other",  # whatever comes after these
        tags=frozenset({"mp-"}),
        lines=_other,
        keeps_content=True,
        example='<mp-common-new data-title="新卡片">说明</mp-common-new>',
        shows="新卡片\n\n说明",
    ),
)

_BY_TAG: dict[str, list[Widget]] = {}
for _widget in WIDGETS:
    for _tag in _widget.tags:
        _BY_TAG.setdefault(_tag, []).append(_widget)


def widget_of(tag: str, attributes: Attributes) -> Widget | None:
    """The row for an element, if it is a widget."""
    rows = _BY_TAG.get(tag) or (_BY_TAG["mp-"] if tag.startswith("mp-") else ())
    for widget in rows:
        if not widget.classes or widget.classes & set((attributes.get("class") or "").split()):
            return widget
    return None
