"""What WeChat's script draws in the place of a video's frame, in pages that a browser showed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.clean.body.cards import say_video
from crawler.clean.body.context import Context, Frame

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

    from crawler.clean.body.builder import TreeBuilder
    from crawler.clean.body.cards import WidgetLine
    from crawler.clean.body.tree import Attributes

_BOX = "video_iframe"  # a span with what the frame said of itself
# The whole player in it, by the video's name. It may stand behind an empty box: a paragraph holds
# no such block once the page is read again; and some tools take every class away.
_DRAWN = re.compile(r"js_mpvedio_wrapper_(wxv_[0-9]{5,30})")


def drawn_player(tag: str, attributes: Attributes) -> Attributes | None:
    """What a drawn player says of its video; None for any other element."""
    drawn = _DRAWN.fullmatch(attributes.get("id") or "")
    if drawn:
        return {"data-mpvid": drawn[1]}
    if tag == "span" and _BOX in (attributes.get("class") or "").split():
        return attributes if attributes.get("data-mpvid") or attributes.get("data-src") else None
    return None


def read_player(
    builder: TreeBuilder, node: LexborNode, player: Attributes, context: Context
) -> Frame | None:
    """A player as its frame would be read, once; in its box, what else stands there is read."""
    is_box = "class" in player
    video = player.get("data-mpvid") or ""
    name = player.get("id") or "" if is_box else video
    if name and name in builder.players:
        builder.count("twin-video")
    else:
        _say(builder, player)
    builder.players.update((name, video))
    return builder.group(node, context) if is_box else None


def _say(builder: TreeBuilder, player: Attributes) -> None:
    builder.count("widget-video")
    say_lines(builder, say_video(player))


def say_lines(builder: TreeBuilder, lines: Iterable[WidgetLine]) -> None:
    """Lines of words that stand for themselves, each a paragraph."""
    builder.end_paragraph()
    for line in lines:
        builder.add_text(line.words, Context(href=line.address))
        builder.end_paragraph()
