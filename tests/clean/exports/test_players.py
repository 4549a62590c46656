from __future__ import annotations

import pytest

from crawler.clean.exports import Document, read_export
from crawler.clean.exports.mend import mend_text

PLAYER = (
    "已关注|__|关注|__ 重播 __ 分享 __ 赞|关闭 __|**观看更多**|更多 __|_退出全屏_|"
    "[ __](J)|_切换到竖屏全屏_ _退出全屏_|灯塔日记已关注|[ __](J)|分享视频|"
    " __，时长 19:57|0/0|00:00/19:57|切换到横屏模式|继续播放|进度条，百分之0| __|"
    "[播放](J)|00:00|/|19:57|19:57|[倍速](J)| _全屏_| __倍速播放中|"
    "[ 0.5倍 ](J)[ 2.0倍 ](J)|[ 超清 ](J)[ 流畅 ](J)|您的浏览器不支持 video 标签|__|"
    "继续观看|港口今晨|观看更多 __|转载|,|港口今晨| __|灯塔日记 已关注|分享点赞在看|"
    " ____已同步到看一看[写下你的评论](J)|[ 视频详情 ](J)"
)
PLAYER = PLAYER.replace("|", "\n\n").replace("J", "<javascript:;>")
OTHERS = {
    "已关注": "已关注",
    "灯塔日记已关注": "灯塔日记\n\n已关注",
    "灯塔日记 已关注\n\n": "",
    "关注\n\n__ 重播 __ 分享": "Follow\n\nReplay Share",
    "分享视频": "Share Video",
    "视频详情": "Video Details",
    "分享点赞在看": "Share点赞Wow",
}


@pytest.mark.parametrize("words", OTHERS)
def test_a_players_buttons_are_one_line_in_the_copy_of_a_tool_that_drives_a_browser(
    words: str,
) -> None:
    player = PLAYER.replace(words, OTHERS[words])
    found = mend_text(f"潮水退了。\n\n{player}\n\n灯亮了。\n\n{player}\n\n关注")
    assert found.text == "潮水退了。\n\n视频\n\n灯亮了。\n\n视频\n\n关注"
    assert found.removed == {"player": 2}


def test_a_player_that_names_its_video_leads_to_it() -> None:
    named = "流畅 ](<javascript:;>)\n\n](https://mpvideo.qpic.cn/0bc3.mp4?vid=wxv_4406836652829048837&a=1)"
    found = mend_text(
        f"潮水退了。\n\n{PLAYER.replace('流畅 ](<javascript:;>)', named)}\n\n灯亮了。"
    )
    assert found.text.split("\n\n")[1].endswith("vid=wxv_4406836652829048837)")
    assert found.text.count("\n\n") == 2


@pytest.mark.parametrize(
    "text",
    [
        "点“切换到横屏模式”。\n\n继续播放\n\n播放\n\n关注",
        "关注\n\n重播\n\n分享视频",
        "，时长 00:10\n\n请切换到横屏模式",
        f"```\n{PLAYER}\n```",
    ],
)
def test_words_that_are_no_player_stay(text: str) -> None:
    assert mend_text(text).text == text


def test_a_players_words_are_no_lines_that_a_copy_lacks() -> None:
    head = "---\ntitle: 潮水\nsource: https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv\n---\n"
    document = f"{head}潮水退了，船六点开。\n\n{PLAYER}\n\n灯亮了。\n"
    found = read_export(Document(name="a.md", content=document.encode()))
    assert (found.text, found.left_out) == ("潮水退了，船六点开。\n\n视频\n\n灯亮了。", "")
