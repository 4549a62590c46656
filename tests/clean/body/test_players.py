from __future__ import annotations

import pytest

from bench.shown import body_of_markup
from crawler.clean.body import render_body

FRAME = (
    'class="video_iframe rich_pages" data-mpvid="wxv_4462306371631267842" data-src="'
    "https://mp.weixin.qq.com/mp/readtemplate?t=pages/video_player_tmpl&amp;action=mpvideo"
    '&amp;auto=0&amp;vid=wxv_4462306371631267842"'
)
SERVED = f"<iframe {FRAME}></iframe>"
SAID = (
    "[视频](https://mp.weixin.qq.com/mp/readtemplate?t=pages/video_player_tmpl&action=mpvideo"
    "&auto=0&vid=wxv_4462306371631267842)"
)
PLAYER = (
    '<div id="page-content"><div id="js_mpvedio_wrapper_wxv_4462306371631267842">'
    '<div class="add_bg_color appmsg_video">重播</div><div class="feed-wrapper">'
    '<div class="wx_bottom_modal_wrp player_relate_video_dialog"><button>关闭</button></div>'
    '<div class="js_video_fullscreen_profile">退出全屏</div><div class="mp-video-player">'
    '<p>，时长00:16</p><video src="https://mpvideo.qpic.cn/a.mp4?auth_key=7">不支持</video>'
    "</div></div></div><!--E 视频播放器-->"
    '<div id="bottom_bar" class="interact_video"><a href="javascript:;">视频详情</a></div></div>'
)
BOX = f'<span {FRAME} id="js_mp_video_container_0">'
LIVE = f"{BOX}{PLAYER}</span>"


@pytest.mark.parametrize(
    "markup",
    [
        f"<section>{SERVED}</section>",
        f"<section>{LIVE}</section>",
        f"<p>{LIVE}</p>",  # read again, a paragraph ends before the player
        f"<p><strong>{LIVE}</strong></p>",
        f"<section>{BOX}</span>{BOX}</span>{BOX}{PLAYER}</span></section>",  # Omnivore's
        f"<section>{LIVE.replace(' id=', ' data-id=')}</section>",
        f"<section><span>{PLAYER}</span></section>",  # without what the frame said
    ],
)
def test_a_player_that_a_script_drew_is_the_frame_that_it_stands_for(markup: str) -> None:
    found = render_body(body_of_markup(f"<p>前</p>{markup}<p>后</p>"))
    assert found.text == f"前\n\n{SAID}\n\n后"
    assert found.removed["widget-video"] == 1


def test_each_player_is_said_and_what_stands_beside_it_is_read() -> None:
    second = LIVE.replace("container_0", "container_1")
    found = render_body(body_of_markup(f"<p>{LIVE}</p><p>中</p><p>{second}</p><p>后</p>"))
    assert found.text == f"{SAID}\n\n中\n\n{SAID}\n\n后"
    unclosed = render_body(body_of_markup(f"<section>{BOX}<p>后</p></section>"))
    assert unclosed.text == f"{SAID}\n\n后"
    other = '<span class="video_iframe">甲</span><p id="js_mpvedio_wrapper_x">乙</p>'
    assert render_body(body_of_markup(other)).text == "甲\n\n乙"
