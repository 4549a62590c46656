"""Links and small spreadsheets of our own for the tests of lists."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SN = "5d41402abc4b2a76b9719d911017c592"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default '
    'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}sharedStrings+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def short(number: int) -> str:
    """A short link of its own for each number."""
    return f"https://mp.weixin.qq.com/s/{number:022d}"


def long(number: int, *, signed: bool = True) -> str:
    """A long link of its own for each number."""
    sign = f"&chksm={'be' * 38}" if signed else ""
    article = f"__biz=MzA5MzE5MDAzOA==&mid={number + 2650000000}&idx=1&sn={SN}"
    return f"https://mp.weixin.qq.com/s?{article}{sign}"


def spreadsheet(
    rows: Sequence[Sequence[str]],
    *,
    merged: str = "",
    last: str = "",
    leads: Mapping[str, str] | None = None,
    shared: str = "",
) -> bytes:
    """An XLSX file of one sheet with these rows.

    `merged` is a range such as A1:C1, `last` more rows as XML; `leads` says where cells lead.
    `shared` is the text that cells share as number 0.
    """
    cells = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows) + last
    merge = f'<mergeCells><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
    addresses = list(enumerate((leads or {}).items()))
    links = "".join(f'<hyperlink ref="{cell}" r:id="h{n}"/>' for n, (cell, _) in addresses)
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type='
        f'"{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1"'
        f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2"'
        f' Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}"><si><t>{escape(shared)}</t></si></sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheetData>'
        f"{cells}</sheetData>{merge}<hyperlinks>{links}</hyperlinks></worksheet>",
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships xmlns="{_RELATIONS}">'
        + "".join(
            f'<Relationship Id="h{n}" Type="{_OFFICE}/hyperlink" Target="{escape(address)}"'
            ' TargetMode="External"/>'
            for n, (_, address) in addresses
        )
        + "</Relationships>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return file.getvalue()


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'
