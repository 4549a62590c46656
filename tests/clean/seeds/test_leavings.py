"""What a seed's reading leaves is told, but for the furniture of its page."""

from __future__ import annotations

import pytest

from crawler.clean.seeds import read_seed

SEED = """---
title: 渡口的灯
url: https://mp.weixin.qq.com/s/AAAABBBBCCCCDDDDEEEE01
source: 甲号
date: 2026-05-01
fetch_date: 2026-05-02
---

# 渡口的灯

![cover_image](https://mmbiz.qpic.cn/mmbiz_jpg/a/0)

# {heading}

原创 甲号

灯亮了一夜，船工说起那年的水。

预览时标签不可点

微信扫一扫

关注该公众号

继续滑动看下一个

甲号

向上滑动看下一个
"""


def test_a_heading_that_is_no_title_of_the_seed_is_told() -> None:
    seed = read_seed(SEED.format(heading="渡口的灯是谁在夜里点的").encode())
    assert seed.left == "1 line of its file is no part of the text (渡口的灯是谁在夜里点的)"


def test_a_page_with_its_furniture_leaves_nothing() -> None:
    assert read_seed(SEED.format(heading="渡口的灯").encode()).left == ""


@pytest.mark.parametrize("way", ["", "../../../"])
def test_pictures_whose_addresses_an_export_wrote_paths_for_are_told(way: str) -> None:
    own = f"![]({way}images/ab/{'ab' * 32}.png)\n\n![潮]({way}images/ab/{'ab' * 32}.jpg)"
    text = SEED.replace("灯亮了", f"{own}\n\n灯亮了").format(heading="渡口的灯")
    said = "the addresses of 2 pictures are no part of the text: "
    assert read_seed(text.encode()).left.startswith(said)
