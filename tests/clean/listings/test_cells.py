"""Titles that stand in their links, and tables in HTML."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.clean.listings import read_list
from tests.clean.listings.samples import short
from tests.growth import assert_linear

WHOLE = ("潮水", "灯塔通讯", "2024-05-08")


def _said(text: str) -> list[tuple[str, str, str]]:
    links = read_list(text.encode()).links
    return [(link.title, link.account, link.date) for link in links]


@pytest.mark.parametrize(
    "cell",
    ["[潮水](URL)", '"=HYPERLINK(""URL"",""潮水"")"', '"<a href=""URL"">潮水</a>"'],
)
def test_a_cell_of_a_table_that_is_a_link_says_its_words(cell: str) -> None:
    rows = f"标题,公众号,发布时间\n{cell},灯塔通讯,2024-05-08\n"
    assert _said(rows.replace("URL", short(1))) == [WHOLE]
    others = ",".join(cell.replace("潮水", words) for words in WHOLE[1:])
    rows = f"标题,公众号,发布时间,链接\n潮水,{others},{short(1)}\n"
    assert _said(rows.replace("URL", short(2))) == [WHOLE]


HEAD = "<tr><th>标题</th><th>链接</th><th>公众号</th><th>发布时间</th></tr>"


@pytest.mark.parametrize(
    "row",
    [
        "<td>潮水</td><td><a href='URL'>URL</a></td><td>灯塔通讯</td><td>2024-05-08</td></tr>",
        "<td>潮水</td><td><a href='URL'>原文</a></td><td>灯塔通讯</td><td>2024-05-08</td></tr>",
        "<td><a href='URL'>潮水</a></td><td></td><td>灯塔通讯</td><td>2024-05-08</td></tr>",
        "<td><p>潮水</p><td>URL<td><b>灯塔</b>通讯<td>2024-05-08",
        "<td>潮水<br></td><td>URL</td><td>灯塔&#36890;讯</td><td>2024-05-08 10:00</td></tr>",
    ],
)
@pytest.mark.parametrize("page", ["{}", "<!DOCTYPE html><html><body><p>甲</p>{}</body></html>"])
def test_the_rows_of_a_table_in_html_say_what_their_columns_are_called(row: str, page: str) -> None:
    rows = "".join(f"<tr>{row.replace('URL', short(n))}\n" for n in (1, 2))
    assert _said(page.format(f"<table border=1>{HEAD}{rows}</table>")) == [WHOLE] * 2


def test_a_row_in_html_says_what_it_says_in_any_table() -> None:
    cells = ("潮水", short(1), "灯塔通讯", "2024-05-08", "1.2万", "2247483650_1")
    head = ("标题", "链接", "公众号", "发布时间", "阅读", "ID")
    html = "".join(f"<tr><td>{'<td>'.join(row)}</tr>" for row in (head, cells))
    written = "\n".join(map(",".join, (head, cells)))
    [row], [other] = (read_list(one.encode()).links for one in (f"<table>{html}</table>", written))
    assert row == replace(other, number=row.number)


def test_cells_that_reach_into_other_rows_and_columns_leave_the_rest_where_it_is() -> None:
    head = "<tr><th>公众号<th colspan=2>标题<th>链接<th>发布时间</tr>"
    first = f"<tr><td rowspan='2'>灯塔通讯<td>潮水<td>1<td>{short(1)}<td ROWSPAN=3>2024-05-08</tr>"
    behind = f"<tr><td colspan=2>潮水<td>{short(2)}</tr><tr><td>乙<td>丙<td><td>{short(3)}</tr>"
    last = f"<tr><td>丁<td>戊<td><td>{short(4)}<td></tr>"
    said = [WHOLE, WHOLE, ("丙", "乙", "2024-05-08"), ("戊", "丁", "")]
    assert _said(f"<table>{head}{first}{behind}{last}</table>") == said


def test_a_name_above_a_table_and_cells_in_comments_leave_its_columns_where_they_are() -> None:
    above = "<tr><td colspan=4>收藏</td></tr><tr></tr>"
    row = f"<tr><td>潮水<!-- <td>乙</td> --><td>{short(1)}<td>灯塔通讯<td>2024-05-08</tr>"
    assert _said(f"<table>{above}{HEAD}{row}</table>") == [WHOLE]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>标题<td>甲<td>乙</tr><tr><td>雾号<td>灯塔通讯<td>ANCHOR</tr></table>",
        "<table><tr><td>标题<td>公众号</tr></table><table><tr><td>雾号<td>ANCHOR</tr></table>",
        f"<table>{HEAD}</table>ANCHOR",
        f"<table>{HEAD}<tr><td>ANCHOR<br>OTHER<td><td>灯塔通讯<td>2024-05-08</tr></table>",
    ],
)
def test_tables_whose_columns_nobody_knows_say_nothing(table: str) -> None:
    page = table.replace("ANCHOR", f"<a href='{short(1)}'>潮水</a>")
    said = _said(page.replace("OTHER", f"<a href='{short(2)}'>雾号</a>"))
    assert said == [("潮水", "", ""), ("雾号", "", "")][: len(said)]


@pytest.mark.parametrize(
    "piece",
    [
        "<table>",
        "<tr>",
        "<td>",
        "<tr><td rowspan=9999 colspan=99>甲",
        f"<table>{HEAD}",
        "<table><tr><td>标题",
    ],
)
def test_the_work_on_tables_grows_as_the_page_does(piece: str) -> None:
    page = f"<table>{HEAD}<tr><td>潮水<td>{short(1)}"
    assert_linear(lambda n: read_list(f"{page}{piece * n}".encode()), 300)
