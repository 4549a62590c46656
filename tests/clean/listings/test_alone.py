from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

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


@pytest.mark.parametrize(("head", "texts"), [("说明", 0), ("标题,内容", 1)])
def test_a_sheet_of_remarks_beside_one_of_links_is_no_sheet_of_texts(head: str, texts: int) -> None:
    words = "这张表每周更新一次，缺的请补上。" * 50
    remarks = [head.split(","), [*head.split(",")[1:], words]]
    book = Workbook()
    for sheet, rows in (
        (book.active, [["标题", "链接"], ["潮水", short(1)]]),
        (book.create_sheet(), remarks),
    ):
        for row in rows:
            sheet.append(row)
    book.save(content := BytesIO())
    listing = read_list(content.getvalue())
    assert [link.url for link in listing.links] == [short(1)]
    assert listing.unplaced == texts
