from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from crawler.clean.listings import shapes
from crawler.clean.listings.limits import TooLargeError
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


def _called(content: bytes, kind: str) -> bytes:
    """The same spreadsheet, with one more word of what its sheet is."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as packed,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in packed.namelist():
            told = f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}"/></Types>'
            text = packed.read(name).decode()
            if kind != "vnd.drawingml.chart+xml":  # and nothing else
                text = re.sub("<Override [^>]*worksheet[^>]*>", "", text)
            other.writestr(name, text.replace("</Types>", told))
    return file.getvalue()


@pytest.mark.parametrize("kind", ["vnd.drawing+xml", "vnd.drawingml.chart+xml", "image/svg+xml"])
def test_a_sheet_that_is_called_a_drawing_is_counted_or_not_read(kind: str) -> None:
    listing = read_spreadsheet(_called(spreadsheet(ROWS, last="<x/>" * 70_001), kind))
    assert (listing.unread, listing.links) == (True, ())


_LARGE = f"<many>{'<x/>' * 70_001}</many>"


def _with_part(
    name: str, kind: str, *, relation: str = "", by_suffix: bool = False, content: str = _LARGE
) -> bytes:
    """A spreadsheet with one more part; `relation` is what its book calls it."""
    file = io.BytesIO(spreadsheet(ROWS))
    told = f'<Override PartName="/{name}" ContentType="{kind}"/></Types>'
    if by_suffix:
        told = f'<Default Extension="{name.rpartition(".")[2]}" ContentType="{kind}"/></Types>'
    related = f'<Relationship Id="r9" Type="{relation}" Target="/{name}"/></Relationships>'
    with zipfile.ZipFile(file) as packed:
        parts = {part: packed.read(part).decode() for part in packed.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
        for part, text in parts.items():
            if relation and part == "xl/_rels/workbook.xml.rels":
                text = text.replace("</Relationships>", related)  # noqa: PLW2901
            packed.writestr(part, text.replace("</Types>", told))
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("xl/charts/chart1.xml", "vnd.drawingml.chart+xml"),
        ("xl/calcChain.xml", "vnd.spreadsheetml.calcChain+xml"),
        ("xl/comments1.xml", "vnd.spreadsheetml.comments+xml"),
        ("xl/pivotCache/pivotCacheRecords1.xml", "vnd.spreadsheetml.pivotCacheRecords+xml"),
        ("xl/externalLinks/externalLink1.xml", "vnd.spreadsheetml.externalLink+xml"),
    ],
)
def test_what_is_not_read_may_hold_any_number(name: str, kind: str) -> None:
    [link] = read_spreadsheet(_with_part(name, kind)).links
    assert link.url == short(1)


def test_what_is_not_read_is_known_by_its_suffix_too() -> None:
    book = _with_part("xl/drawings/vmlDrawing1.vml", "vnd.vmlDrawing", by_suffix=True)
    assert len(read_spreadsheet(book).links) == 1


def test_a_picture_in_a_spreadsheet_may_define_what_it_likes() -> None:
    drawn = "<!DOCTYPE svg [<!ENTITY ns 'http://www.w3.org/2000/svg'>]><svg xmlns='&ns;'/>"
    book = _with_part("xl/media/image1.svg", "image/svg+xml", by_suffix=True, content=drawn)
    assert len(read_spreadsheet(book).links) == 1


@pytest.mark.parametrize("name", ["xl/styles.xml", "docProps/core.xml", "xl/_rels/other.xml.rels"])
def test_what_is_read_by_its_name_is_counted_whatever_it_is_called(name: str) -> None:
    assert "70,000 links" in read_spreadsheet(_with_part(name, "vnd.drawing+xml")).problem


def test_charts_are_counted_where_a_sheet_of_charts_leads_to_them() -> None:
    book = _with_part("xl/charts/chart1.xml", "vnd.chart+xml", relation="of/chartsheet")
    assert "70,000 links" in read_spreadsheet(book).problem


def test_nothing_is_left_out_where_the_list_of_parts_is_broken() -> None:
    file = io.BytesIO(_with_part("xl/charts/chart1.xml", "vnd.chart+xml"))
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("other/[Content_Types].xml", "<Types")
    assert "70,000 links" in read_spreadsheet(file.getvalue()).problem


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


def _named_so_often(count: int, tag: str = "sheet", **sheet: Any) -> bytes:
    """A spreadsheet whose book names its one sheet again and again."""
    once, file = '<sheet name="Sheet1" sheetId="1" r:id="r1"/>', io.BytesIO()
    again = once.replace("sheet", tag, 1)
    with (
        zipfile.ZipFile(io.BytesIO(spreadsheet(ROWS, **sheet))) as packed,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for part in packed.namelist():
            names = "".join(again.replace("1", str(number), 2) for number in range(1, count + 1))
            other.writestr(part, packed.read(part).decode().replace(once, names))
    return file.getvalue()


def test_a_sheet_is_read_once_however_often_a_book_names_it() -> None:
    other = '<row><c t="inlineStr"><is><t>https://example.org/a</t></is></c></row>'
    assert read_spreadsheet(_named_so_often(50, last=other)).elsewhere == 1


def test_a_sheet_is_opened_no_more_often_for_all_its_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened, opens = Counter[str](), zipfile.ZipFile.open

    def counting(self: zipfile.ZipFile, name: Any, *told: Any, **named: Any) -> Any:
        opened[str(getattr(name, "filename", name))] += 1
        return opens(self, name, *told, **named)

    monkeypatch.setattr(zipfile.ZipFile, "open", counting)
    counts = []
    for book in map(_named_so_often, (1, 90)):
        opened.clear()
        read_spreadsheet(book)
        counts.append(opened["xl/worksheets/sheet1.xml"])
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize("tag", ["sheet", 'sheet xmlns="urn:x"', "other"])
def test_a_book_of_more_sheets_than_any_is_named(tag: str) -> None:
    assert "more than 1,000 sheets" in read_spreadsheet(_named_so_often(1001, tag)).problem


def test_rows_that_are_not_there_count_for_their_reader_gives_them_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shapes, "MOST_ROWS_OF_ALL", 999)
    book = spreadsheet(ROWS, last='<row r="1000"><c><v>1</v></c></row>')
    with pytest.raises(TooLargeError, match="more than 999 rows in its sheets"):
        read_spreadsheet(book)


def _with_long_tag(name: str, before: str, tag: str) -> bytes:
    """A spreadsheet with a long tag in one of its parts, which packs to nothing."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(spreadsheet(ROWS))) as packed,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for part in packed.namelist():
            text = packed.read(part).decode()
            other.writestr(part, text.replace(before, tag + before) if part == name else text)
    return file.getvalue()


@pytest.mark.parametrize("tag", ["<!--{}-->", "<x y='{}'/>", "<?x {}?>"], ids=["note", "tag", "pi"])
@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("[Content_Types].xml", "</Types>"),
        ("_rels/.rels", "</Relationships>"),
        ("xl/workbook.xml", "</workbook>"),
        ("xl/worksheets/sheet1.xml", "</worksheet>"),
    ],
)
def test_a_tag_that_is_longer_than_any_is_named(name: str, before: str, tag: str) -> None:
    short_one = read_spreadsheet(_with_long_tag(name, before, tag.format("a" * 500)))
    assert len(short_one.links) == 1
    listing = read_spreadsheet(_with_long_tag(name, before, tag.format("a" * (3 << 20))))
    assert (listing.unread, listing.links) == (True, ())
    assert "has a tag of more than 1 MB" in listing.problem


@pytest.mark.parametrize("name", ["[Content_Types].xml", "xl/worksheets/sheet1.xml"])
def test_a_spreadsheet_that_defines_what_unfolds_to_more_is_named(name: str) -> None:
    defined = '<!DOCTYPE x [<!ENTITY a "b">]>'
    before = "<Types" if name.startswith("[") else "<worksheet"
    listing = read_spreadsheet(_with_long_tag(name, before, defined))
    assert (listing.unread, listing.links) == (True, ())
    assert "defines entities, which no spreadsheet does" in listing.problem


def test_a_format_of_numbers_that_is_longer_than_any_is_named() -> None:
    for length, is_read in ((200, True), (2_000, False)):
        tag = f"<numFmts count='1'><numFmt numFmtId='200' formatCode='{'[' * length}'/></numFmts>"
        listing = read_spreadsheet(_with_long_tag("xl/workbook.xml", "</workbook>", tag))
        assert bool(listing.links) is is_read
    assert "a format of numbers that is longer than any" in listing.problem


def test_nothing_that_the_reader_prints_stands_among_our_own_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, made = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(made)
    with zipfile.ZipFile(made) as packed, zipfile.ZipFile(file, "w") as other:
        for part in packed.namelist():
            text = packed.read(part).decode()  # in which a style is that of no number
            other.writestr(part, re.sub('(<cellStyle [^>]*xfId=)"0"', r'\1"99"', text))
    assert "list index out of range" in read_spreadsheet(file.getvalue()).problem
    assert capsys.readouterr().out == ""
