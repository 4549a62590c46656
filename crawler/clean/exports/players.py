"""A player that WeChat's script drew, as the Markdown of a tool that drives a browser has it.

No style hides there what a reader of the page does not see: each button of the player is a line.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from crawler.clean.body import page_of_video

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANCHOR = re.compile("切换到横屏模式")  # without it no text is looked through
_RUNS_SCRIPT = re.compile(r"\[([^\[\]\n]{0,40}+)\]\(<?javascript:[^\n)]{0,20}+\)")
_MARKS = re.compile(r"[*_\\]++")
_OWN_VIDEO = re.compile(r"[?&]vid=(wxv_[0-9]{5,30}+)(?![0-9])")
_TIME = r"(?:\d{1,2}:){1,2}\d{2}"
_NAME = r"(?:[^\n]{1,40}+\n++|[^\n]{0,40}?)(?:已关注|Followed)"  # the account's, and a button
_END = "视频详情|Video Details"
_ADDED = "已同步到看一看|Added to Top Stories"


def _chain(*words: str) -> str:
    """Words in this order, each of which may be missing, and none of which is given back."""
    return "".join(rf"(?:(?:{word})\s*+)?+" for word in words)


_PLAYER = re.compile(
    r"^"
    + _chain("已关注|Followed", "关注|Follow", "重播|Replay", "分享|Share", "赞|Like", "随便看看")
    + _chain("关闭|Close", "观看更多", "更多|More", "退出全屏", "切换到竖屏全屏")
    + _chain(rf"退出全屏(?:\s++{_NAME})?+", "分享视频|Share Video")
    + rf"，时长 ?{_TIME}\s*+"
    + _chain("0 ?/ ?0", rf"00:00\s{{0,4}}/\s{{0,4}}{_TIME}")
    + r"切换到横屏模式\s*+"
    + _chain(
        "继续播放", r"进度条，百分之\d{1,3}", "播放|暂停|Play|Pause", "00:00", "/", _TIME, _TIME
    )
    + _chain("倍速", "全屏", "倍速播放中", *[r"\d\.\d{1,2}倍"] * 6)
    + _chain("超清", "高清", "标清", "流畅", r"\]\(https://mpvideo\.qpic\.cn/[^\s()]{1,2000}\)")
    + _chain("您的浏览器不支持 video 标签|Your browser does not support video tags")
    # two titles, each between words that are known
    + _chain(
        r"继续观看(?:\n++[^\n]{1,200}+(?=\n++观看更多$))?+", "观看更多", "转载|原创|Original|Repost"
    )
    + _chain(
        rf",\n++[^\n]{{1,200}}+(?=\n++(?:{_NAME}|分享|Share|点赞|{_ADDED}|{_END}))", f"{_NAME}$"
    )
    + _chain("分享|Share", "点赞|Like", "在看|Wow", _ADDED, "写下你的评论|Enter comment", _END)
    + r"(?:\Z|(?<=\n))",
    re.MULTILINE,
)


def with_videos(text: str) -> tuple[str, int]:
    """A text with one line for each player of a video in it, and how many there were."""
    if not _ANCHOR.search(text):
        return text, 0
    lines = text.split("\n")
    written, end = list[str](), 0
    spans = list(_players(lines))
    for first, behind in spans:
        video = _OWN_VIDEO.search("\n".join(lines[first:behind]))
        page = page_of_video(video[1]) if video else ""
        written += [*lines[end:first], "", f"[视频]({page})" if page else "视频", ""]
        end = behind
    return "\n".join([*written, *lines[end:]]), len(spans)


def _players(lines: list[str]) -> Iterator[tuple[int, int]]:
    """For each player its first line, and the one behind its last."""
    bare = [" ".join(_MARKS.sub("", _RUNS_SCRIPT.sub(r" \1 ", line)).split()) for line in lines]
    begins = list(accumulate((len(line) + 1 for line in bare), initial=0))
    for found in _PLAYER.finditer("\n".join(bare)):
        whole = found[0].rstrip("\n")
        yield (
            bisect_right(begins, found.start()) - 1,
            bisect_right(begins, found.start() + len(whole) - 1),
        )
