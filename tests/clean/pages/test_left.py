"""What the reading of a page's article leaves is told."""

from __future__ import annotations

import pytest

from crawler.clean.pages import read_page

PAGE = """<html><body><h1 id="activity-name">渡口的灯</h1><div id="js_content">
<p>灯亮了一夜，船工说起那年的水。</p>{more}</div>
<script>var biz = "MzA5MzE5MDAzOA==";</script></body></html>"""


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ("<p>第二天早上没有人记得。</p>", ""),
        ("<svg><title>一个没有人看的标题在这里</title></svg>", ""),
        ("<p style='display:none'>没有人记得是谁点的灯</p>", "没有人记得是谁点的灯"),
        ("<div id='js_mpvedio_1'><p style='display:none'>退出全屏切换到竖屏全屏</p></div>", ""),
    ],
)  # fmt: skip
def test_lines_that_are_shown_to_nobody_are_told(more: str, left: str) -> None:
    told = f"1 line of its file is no part of the text ({left})" if left else ""
    assert read_page(PAGE.format(more=more).encode()).left == told
