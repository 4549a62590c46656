from __future__ import annotations

import pytest

from crawler.clean.listings import shapes
from crawler.clean.listings.tables import read_spreadsheet
from tests.clean.listings.samples import short, spreadsheet

ROWS = [["链接"], [short(1)]]


@pytest.mark.parametrize(
    ("last", "why"),
    [
        ('<row r="3">' + '<c t="n"/>' * 100_001 + "</row>", "a row of more cells"),
        ("<row>" + ("<row/>" + "<c/>" * 50) * 2100 + "</row>", "a row of more cells"),
        ("</sheetData>" + '<x y="1"></x>' * 70_001 + "<sheetData>", "70,000 links"),
        ('<row xmlns="other"/>' * 70_001, "70,000 links"),
        ("<x/>" * 70_001, "70,000 links"),
    ],
)
def test_what_the_reader_of_sheets_would_keep_is_counted_before_it_does(
    last: str, why: str
) -> None:
    listing = read_spreadsheet(spreadsheet(ROWS, last=last))
    assert (listing.unread, listing.links) == (True, ())
    assert why in listing.problem


def test_rows_are_no_matter_however_many_there_are() -> None:
    rows = '<row ht="9"/>' * 200_000
    [link] = read_spreadsheet(spreadsheet(ROWS, last=rows)).links
    assert link.url == short(1)


@pytest.mark.parametrize("name", ["row", "si"])
def test_rows_and_texts_are_no_more_than_any_sheet_has(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shapes, "MOST_ROWS", 99)
    listing = read_spreadsheet(spreadsheet(ROWS, last=f"<{name}/>" * 99))
    assert "more than 99 rows or texts" in listing.problem
