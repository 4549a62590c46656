"""WIDGETS: what is no text in a body, in one readable line each: players, cards, votes, places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.characters import unescaped
from crawler.clean.body.cards import (
    WidgetLine,
    say_article,
    say_audio,
    say_book,
    say_channel,
    say_charity,
    say_frame,
    say_game,
    say_mini_program,
    say_music,
    say_other,
    say_pairing,
    say_place,
    say_product,
    say_profile,
    say_quote,
    say_red_packet,
    say_search,
    say_shop,
    say_video,
    say_vote,
    say_vote_frame,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from selectolax.lexbor import LexborNode

    from crawler.clean.body.tree import Attributes


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
    shows_picture: tuple[str, str] = ("", "")  # a value of an attribute with which it is, too
    # the same with which it stands in a line, and the attribute whose words are shown there
    in_line: tuple[str, str, str] = ("", "", "")


WIDGETS = (
    Widget(
        id="widget-vote",  # seen in 2018
        tags=frozenset({"iframe"}),
        classes=frozenset({"vote_iframe"}),
        lines=say_vote_frame,
        example='<iframe class="vote_iframe res" data-src="/mp/newappmsgvote?id=4"></iframe>',
        shows="[投票](https://mp.weixin.qq.com/mp/newappmsgvote?id=4)",
    ),
    Widget(
        id="widget-vote",  # the JSON as another parser of these pages reads it; no page at hand
        tags=frozenset({"mp-common-vote"}),
        lines=say_vote,
        example="<mp-common-vote data-votesubject="
        """'[{"title":"去哪里","options":[{"name":"山"},{"name":"海"}]}]'></mp-common-vote>""",
        shows="投票：去哪里：山 / 海",
    ),
    Widget(
        id="widget-video",  # 2018 to 2026; `data-cover` is a still, `data-mpvid` repeats the vid
        tags=frozenset({"iframe"}),
        classes=frozenset({"video_iframe"}),
        lines=say_video,
        example='<iframe class="video_iframe" data-src="https://v.qq.com/iframe/preview.html?vid=o12345"></iframe>',
        shows="[视频](https://v.qq.com/x/page/o12345.html)",
    ),
    Widget(
        id="widget-video",
        tags=frozenset({"video", "mpvideo", "mp-common-video"}),
        lines=say_video,
        example='<video src="https://example.com/a.mp4" title="试片"></video>',
        shows="[视频：试片](https://example.com/a.mp4)",
    ),
    Widget(
        # <mpvoice> in 2018, <mp-common-mpaudio> in 2025; the mp3 is served by its file id
        id="widget-audio",
        tags=frozenset({"mpvoice", "mp-common-mpaudio", "mp-common-voice", "audio"}),
        lines=say_audio,
        example='<mpvoice name="第1讲&amp;nbsp;序" author="小白"'
        ' voice_encode_fileid="MzA4_1"></mpvoice>',
        shows="[音频：第1讲 序（小白）](https://res.wx.qq.com/voice/getvoice?mediaid=MzA4_1)",
    ),
    Widget(
        id="widget-music",  # 2018
        tags=frozenset({"qqmusic", "mp-common-qqmusic", "mp-common-kuwo", "mp-common-clmusic"}),
        lines=say_music,
        example='<qqmusic music_name="晨曲" singer="某乐团" audiourl="http://example.com/a.m4a"></qqmusic>',
        shows="[音乐：晨曲（某乐团）](http://example.com/a.m4a)",
    ),
    Widget(
        id="widget-mini-program",
        tags=frozenset({"mp-miniprogram", "mp-common-miniprogram", "mp-weapp"}),
        lines=say_mini_program,
        shows_picture=("data-miniprogram-type", "image"),
        in_line=("data-miniprogram-type", "text", "data-miniprogram-textcontent"),
        example='<mp-miniprogram data-miniprogram-nickname="快递"'
        ' data-miniprogram-title="查件"></mp-miniprogram>',
        shows="小程序：快递：查件",
    ),
    Widget(
        id="widget-profile",  # 2025; a card for an account
        tags=frozenset({"mp-common-profile", "mpprofile"}),
        lines=say_profile,
        example='<mp-common-profile data-nickname="某号" data-alias="mh"'
        ' data-signature="一句"></mp-common-profile>',
        shows="公众号：某号（mh）：一句",
    ),
    Widget(
        id="widget-channel",
        tags=frozenset({"mp-common-videosnap", "mpvideosnap", "mp-common-videosnap-live"}),
        lines=say_channel,
        example='<mp-common-videosnap data-nickname="某人" data-desc="现场"></mp-common-videosnap>',
        shows="视频号：某人：现场",
    ),
    Widget(
        id="widget-search",  # a word to search for, since 2021
        tags=frozenset({"mpsearch", "mp-common-search"}),
        lines=say_search,
        example='<mpsearch data-keyword="潮汐表"></mpsearch>',
        shows="搜一搜：潮汐表",
    ),
    Widget(
        id="widget-shop",
        tags=frozenset({"mpshop", "mp-common-shop"}),
        lines=say_shop,
        example='<mpshop data-nickname="海边小店"></mpshop>',
        shows="商店：海边小店",
    ),
    Widget(
        id="widget-charity",
        tags=frozenset({"mpgongyi", "mp-common-gongyi"}),
        lines=say_charity,
        example='<mpgongyi data-title="护滩" data-desc="一起来"></mpgongyi>',
        shows="公益：护滩：一起来",
    ),
    Widget(
        id="widget-article",  # [code]: named by WeChat's own list of its elements
        tags=frozenset({"mp-common-article", "mp-common-articlecard"}),
        lines=say_article,
        keeps_content=True,
        example='<mp-common-article data-title="旧文" data-nickname="某号"></mp-common-article>',
        shows="文章：旧文（某号）",
    ),
    Widget(
        id="widget-book",  # [code]
        tags=frozenset({"mp-common-read"}),
        lines=say_book,
        keeps_content=True,
        example="<mp-common-read data-read-data="
        """'{"title":"潮汐","author":"某人","url":"https://weread.qq.com/a"}'></mp-common-read>""",
        shows="[微信读书：潮汐（某人）](https://weread.qq.com/a)",
    ),
    Widget(
        id="widget-quote",  # [code]
        tags=frozenset({"mp-common-blockquote"}),
        lines=say_quote,
        keeps_content=True,
        example='<mp-common-blockquote data-author="某人">一句话。</mp-common-blockquote>',
        shows="某人\n\n一句话。",
    ),
    Widget(
        id="widget-game",  # [code]
        tags=frozenset({"mp-common-gameprofile", "mpgame", "mp-common-game"}),
        lines=say_game,
        example='<mp-common-gameprofile data-nickname="渡海"></mp-common-gameprofile>',
        shows="游戏：渡海",
    ),
    Widget(
        id="widget-place",
        tags=frozenset({"mp-common-poi"}),
        lines=say_place,
        example='<mp-common-poi data-name="%E6%B9%96"'
        ' data-address="%E4%B8%9C%E8%B7%AF1%E5%8F%B7"></mp-common-poi>',
        shows="位置：湖：东路1号",
    ),
    Widget(
        id="widget-product",
        tags=frozenset(
            {"mp-common-product", "mp-wxaproduct", "mp-common-cpsad", "mpproduct", "mpcps"}
        ),
        lines=say_product,
        shows_picture=("data-cardtype", "6"),
        in_line=("data-cardtype", "2", "data-title"),
        example='<mp-common-product data-title="茶杯" data-windowproduct="9"></mp-common-product>',
        shows="商品：茶杯",
    ),
    Widget(
        id="widget-pairing",  # [code]
        tags=frozenset({"mp-common-shoptag"}),
        lines=say_pairing,
        example="""<mp-common-shoptag data-json='{"title":"春日"}'></mp-common-shoptag>""",
        shows="搭配：春日",
    ),
    Widget(
        id="widget-red-packet",
        tags=frozenset({"mp-common-redpacket", "mp-common-redpacketcover"}),
        lines=say_red_packet,
        example="<mp-common-redpacket></mp-common-redpacket>",
        shows="红包封面",
    ),
    Widget(
        id="widget-frame",
        tags=frozenset({"iframe"}),
        lines=say_frame,
        example='<iframe src="https://example.com/map"></iframe>',
        shows="[嵌入内容](https://example.com/map)",
    ),
    Widget(
        id="widget-other",  # whatever comes after these
        tags=frozenset({"mp-"}),
        lines=say_other,
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
    rows = _BY_TAG.get(tag) or (_BY_TAG["mp-"] if tag.startswith("mp") else ())
    for widget in rows:
        if not widget.classes or widget.classes & set((attributes.get("class") or "").split()):
            return widget
    return None


def words_in_line(widget: Widget, attributes: Attributes) -> str:
    """What a widget shows in the midst of a line; "" for one that stands for itself."""
    name, value, words = widget.in_line
    is_in_line = bool(value) and attributes.get(name) == value
    return " ".join(unescaped(attributes.get(words) or "").split()) if is_in_line else ""


def said_of(node: LexborNode, attributes: Attributes) -> Attributes:
    """What an element says of itself; of a player without an address, with that of its source."""
    if node.tag not in ("video", "audio") or attributes.get("src"):
        return attributes
    source = node.css_first("source[src]")
    return attributes if source is None else {**attributes, "src": source.attributes.get("src")}
