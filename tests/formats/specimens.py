"""Works of our own invention, plain ones and odd ones."""

from __future__ import annotations

from typing import Any

from crawler.formats.works import Work

HASH = "0f" * 32


def make_work(**fields: Any) -> Work:
    given: dict[str, Any] = {
        "id": "MzI0NTk5OTk5MA==:2650000001:1",
        "url": "https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=2650000001&idx=1",
        "title": "夜航的灯塔",
        "account": "江畔手记",
        "author": "林川",
        "published": "2024-05-08T23:30:00+08:00",
        "archived": "2025-10-06T01:17:02.990516",
        "state": "ok",
        "sha256": HASH,
        "evidence": "ab" * 32,
        "body": "# 夜航的灯塔\n\n灯塔的光每隔**七秒**扫过一次海面。\n",
        **fields,
    }
    return Work(**given)


ODD_TEXTS = (
    "<b>&amp; ]]> 一",
    "100% #1 _a_ ~x~ ^2 $5 \\LaTeX",
    "{ 半边",
    "} 反过来 { 的",
    "\"引号\" '单'",
    "a\x00b\x0bc\ufffe\ud800",
    "一\n\n二\t三",
    "",
)
