from __future__ import annotations

import pytest

from crawler.clean.listings import read_list
from tests.clean.listings.samples import short


@pytest.mark.parametrize(
    ("rows", "texts"),
    [
        (["{0},潮水", ",{1}"], 1),
        (["{0},潮水", *["," + "灯塔的光扫过海面。" * 5] * 16], 1),
        (["{0},潮水", ",三月", "{0},渡口", ",四月"], 0),
        (["{0},潮水", *[",一个标题，它的链接还没有找到"] * 60], 0),
        ([",{2}" for _ in range(20)] + ["{0},潮水"], 0),  # above all links: what the list is
        (["{0},潮水", "https://example.com/a,{1}"], 0),
    ],
)
def test_texts_in_rows_without_a_link_are_told(rows: list[str], texts: int) -> None:
    said = "\n".join(["链接,内容", *rows]).format(short(1), "光扫过海面。" * 120, "一句说明，" * 6)
    assert read_list(said.encode()).unplaced == texts
