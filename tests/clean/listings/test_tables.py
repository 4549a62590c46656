from __future__ import annotations

import csv
import io
import zipfile

import openpyxl  # type: ignore[import-untyped]
import pytest

from crawler.clean.listings import ListKind, limits, read_list, tables
from crawler.clean.listings.tables import read_spreadsheet, read_table
from tests.clean.listings.samples import long, short, spreadsheet


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("more", ["", "备注（人,地,事,物,其他,等等,见下）", "备注（;;;;;;;;）"])
def test_columns_are_known_by_their_names(delimiter: str, more: str) -> None:
    head = delimiter.join(["标题", "链接", "公众号", "作者", "发布时间", more])
    row = delimiter.join(["潮水", short(1), "灯塔通讯", "守塔人", "2024-05-08 18:30:00"])
    listing = read_list(f"\ufeff{head}\r\n{row}\r\n".encode())
    [link] = listing.links
    assert listing.kind is ListKind.TABLE
    assert (link.title, link.url, link.account, link.author) == (
        "潮水", short(1), "灯塔通讯", "守塔人",
    )  # fmt: skip
    assert (link.date, link.published_at) == ("2024-05-08", "2024-05-08T18:30:00+08:00")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("| 标题 | 链接 |\r\n|:--|--:|\r\n| [潮水]({}) | 渡口 |\n", "潮水"),
        ("标题 | 链接\n--- | ---\n[潮水]({}) | 渡口\n", "潮水"),
        ("# 周刊 | 来源\n\n- 潮水 | 渡口 {}\n", "潮水 | 渡口"),
        ("公众号 | 标题\n\n- [潮水]({})\n", "潮水"),
        ("标题,链接\n潮水|渡口|雾,{}\n", "潮水|渡口|雾"),
    ],
)
def test_bars_in_titles_and_tables_of_markdown_part_no_columns(text: str, title: str) -> None:
    [link] = read_list(text.format(short(1)).encode()).links
    assert (link.url, link.title) == (short(1), title)


def test_a_cell_may_hold_quotes_line_ends_and_a_whole_text() -> None:
    text = "潮" * 200_000 + f" {short(9)}"
    table = f'title,url,content\n"潮水,""高度""\n续",{short(1)},"{text}"\n'
    [link] = read_list(table.encode()).links
    assert (link.url, link.title) == (short(1), '潮水,"高度" 续')


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_a_quote_that_begins_a_title_takes_no_rows_behind_it_along(delimiter: str) -> None:
    """As of SQLite's list and MySQL's batch, which quote nothing."""
    titles = ["潮水", '"深度：灯塔', "夜航", '"AI+"时代', "渡口", '"雾']
    rows = [delimiter.join((title, short(n), "注")) for n, title in enumerate(titles, 1)]
    rows[4:4] = [delimiter.join(("别处", "https://sea.example/", "注"))]
    text = "\n".join((delimiter.join(("title", "url", "note")), *rows))
    links = read_list(text.encode()).links
    found = [(link.url, link.title, link.number) for link in links]
    assert found == [(short(n), title, n + 1 + (n > 4)) for n, title in enumerate(titles, 1)]


def test_a_text_whose_lines_have_as_many_commas_as_its_row_is_one_cell() -> None:
    [link] = read_list(f'url,title\n{short(1)},"Tide\nYes, fog"\n'.encode()).links
    assert (link.url, link.title) == (short(1), "Tide Yes, fog")


def test_escaped_links_of_a_table_are_whole() -> None:
    link = long(1).replace("&", "&amp;").replace("https", "http")
    [found] = read_table(
        f"title,url,time,like_num\n潮水,{link},2024-05-08 18:30:00,1\n".splitlines(keepends=True)
    ).links
    assert "amp;" not in found.url
    assert found.date == "2024-05-08"


def test_a_link_is_found_in_whatever_cell_it_stands() -> None:
    [link] = read_table(f"title,note\n潮水,见 {short(1)}。\n".splitlines(keepends=True)).links
    assert (link.url, link.title) == (short(1), "潮水")


def test_a_cell_for_links_may_hold_several_and_the_first_has_the_title() -> None:
    text = f'标题,公众号,链接,备注\n潮水,灯塔通讯,"{short(1)}\n{short(2)}",见 {short(3)}\n'
    assert [(link.url, link.title, link.account) for link in read_list(text.encode()).links] == [
        (short(1), "潮水", "灯塔通讯"),
        (short(2), "", "灯塔通讯"),
    ]


def test_when_a_reader_changed_an_entry_is_not_when_its_article_was_published() -> None:
    head = '"Title","Url","Date","Date Added","Date Modified"\n'
    row = f'"潮水","{short(1)}","2024-05-08","2025-12-05 00:33:43","2025-12-06 00:33:43"\n'
    [link] = read_list((head + row).encode()).links
    assert (link.date, link.published_at, link.listed) == ("", "", "2024-05-08")
    [link] = read_list((head + row).replace("Date Added", "Published").encode()).links
    assert (link.date, link.saved) == ("2025-12-05", "")
    head, row = '"Url","Date Published","Date Added","Date Modified"\n', f'"{short(1)}"'
    [link] = read_list(f'{head}{row},"2024-05-08","2025-12-05","2024-05-08"\n'.encode()).links
    assert link.date == "2024-05-08"  # as where it was never changed


def test_rows_of_other_sites_are_counted_and_broken_links_named() -> None:
    listing = read_table(
        f"title,url\n甲,https://example.com\n乙,{short(1)}X\n丙,{short(2)}\n".splitlines(
            keepends=True
        )
    )
    assert [link.url for link in listing.links] == [short(2)]
    assert listing.elsewhere == 1
    assert [(one.number, one.line) for one in listing.refused] == [(3, f"{short(1)}X")]


def test_a_spreadsheet_is_read_as_a_table_is() -> None:
    rows = [["公众号", "ID", "链接", "标题", "文章内容"],
            ["灯塔通讯", "2650000001_2", long(1), "潮水", f"正文 {short(5)}"]]  # fmt: skip
    listing = read_list(spreadsheet(rows))
    [link] = listing.links
    assert listing.kind is ListKind.TABLE
    assert (link.account, link.title, link.mid, link.idx) == (
        "灯塔通讯", "潮水", "2650000001", "2",
    )  # fmt: skip


@pytest.mark.parametrize("above", ["sep=,", "2024年文章汇总,,,", "表格 1\n", "表格 1\n\n\n"])
def test_a_line_above_the_names_of_columns_is_read_past(above: str) -> None:
    text = f"{above}\n标题,公众号,发布时间,链接\n潮水,灯塔通讯,2024-05-08,{short(1)}\n"
    [link] = read_list(text.encode()).links
    assert (link.title, link.account, link.date) == ("潮水", "灯塔通讯", "2024-05-08")


def test_names_of_columns_below_a_link_are_none() -> None:
    text = f"{short(1)} 潮水\n标题,公众号\n雾号,灯塔"
    assert read_list(text.encode()).kind is not ListKind.TABLE


def test_a_merged_title_above_the_names_of_columns_is_read_past() -> None:
    rows = [
        ["文章清单 2024", "", ""],
        ["", "", ""],
        ["标题", "链接", "公众号"],
        ["潮水", short(1), "灯塔"],
    ]
    [link] = read_spreadsheet(spreadsheet(rows, merged="A1:C1")).links
    assert (link.title, link.account, link.number) == ("潮水", "灯塔", 4)


def test_a_spreadsheet_without_names_of_columns_gives_its_links() -> None:
    [one, two] = read_spreadsheet(spreadsheet([["潮水", short(1)], ["雾号", short(2)]])).links
    assert (one.url, two.url) == (short(1), short(2))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_half_a_spreadsheet_is_named(share: float) -> None:
    content = spreadsheet([["链接"], [short(1)]])
    listing = read_list(content[: int(len(content) * share)])
    assert listing.links == ()
    assert "spreadsheet" in listing.problem


def test_a_spreadsheet_that_unpacks_to_too_much_is_refused_by_what_comes_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tables, "MAX_SHEET_BYTES", 100_000)
    listing = read_list(spreadsheet([["链接"], ["潮" * 200_000], [short(1)]]))
    assert "unpacks to more than" in listing.problem


@pytest.mark.parametrize("rows", [40, 60])
def test_a_text_that_cells_share_counts_in_each_of_them(
    rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else some kilobytes hold the texts of all memory."""
    monkeypatch.setattr(tables, "MAX_SHEET_BYTES", 50_000)
    shared = "".join(
        f'<row><c t="inlineStr"><is><t>{short(number)}</t></is></c><c t="s"><v>0</v></c></row>'
        for number in range(rows)
    )
    sheet = spreadsheet([["链接", "标题"]], last=shared, shared="灯" * 330)
    listing = read_list(sheet)
    if rows == 40:
        assert [link.title for link in listing.links] == ["灯" * 300] * 40
    else:
        assert (listing.unread, listing.links) == (True, ())


@pytest.mark.parametrize("way", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", ["xl/workbook.xml", "content.xml"])
def test_a_spreadsheet_that_is_packed_without_a_bound_is_named_and_never_unpacked(
    monkeypatch: pytest.MonkeyPatch, name: str, way: int
) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        if name == "content.xml":
            packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(name, bytes(10**5), compress_type=way)
    opened: list[str] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda _, member, *__: opened.append(member))
    listing = read_list(file.getvalue())
    assert (listing.unread, "spreadsheet" in listing.problem, opened) == (True, True, [])


@pytest.mark.parametrize(
    ("row", "cell"),
    [("1048576", "XFD1048576"), ("1048576", "A1048576"), ("999999999999", "A9"), ("3", "ZZZ3")],
)
def test_a_cell_in_the_last_corner_ends_no_run(row: str, cell: str) -> None:
    far = f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'
    [link] = read_list(spreadsheet([["链接"], [short(1)]], last=far)).links
    assert link.url == short(1)


def test_a_damaged_spreadsheet_is_named() -> None:
    content = bytearray(spreadsheet([["链接"], [short(1)]] * 50))
    place = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[place : place + 30] = bytes(30)
    listing = read_list(bytes(content))
    assert "spreadsheet" in listing.problem
    assert listing.unread


def test_a_lone_carriage_return_ends_the_names_of_columns() -> None:
    [link] = read_list(f"title,url\r潮水,{short(1)}\r".encode()).links
    assert link.url == short(1)


def test_a_row_without_its_own_address_gives_its_title_to_no_other_article() -> None:
    table = f"title,content_url,source_url\n退潮,,{short(2)}\n潮水,{short(1)},{short(3)}\n"
    links = read_list(table.encode()).links
    assert [(link.url, link.title) for link in links] == [(short(2), ""), (short(1), "潮水")]


def test_a_row_of_an_album_is_named_unless_an_article_stands_in_it() -> None:
    album = "https://mp.weixin.qq.com/mp/appmsgalbum?__biz=MzA5MzE5MDAzOA==&album_id=1"
    rows = f"title,url,note\n潮水,{short(1)},{album}\n潮汐,{album},\n"
    listing = read_list(rows.encode())
    assert [link.url for link in listing.links] == [short(1)]
    [refused] = listing.refused
    assert (refused.number, "album" in refused.why) == (3, True)


@pytest.mark.parametrize("source", ["source", "来源", "原文"])
def test_a_column_for_the_source_of_a_list_leaves_the_links_in_others(source: str) -> None:
    rows = [f"标题,{source},网页\n", *(f"潮水,{short(9)},{short(at)}\n" for at in (1, 2))]
    assert {link.url for link in read_table(rows).links} == {short(9), short(1), short(2)}


@pytest.mark.parametrize("head", [[], ["a", "b", "c"]])
def test_a_text_in_a_table_without_names_is_told_beside_its_link(head: list[str]) -> None:
    words = f"光扫过\n海面，{short(9)}。" * 200
    rows = [[short(1), "潮水", words], [short(2), "潮汐", "一句。"], ["渡口", words, long(3)]]
    expected = {short(1): True, short(2): False, long(3): True}
    for content in (_as_csv([head, *rows]), spreadsheet([head, *rows])):
        links = read_list(content).links
        assert {link.url: link.left for link in links if link.url != short(9)} == expected
    remarks = f"{short(1)} 见，{words}\n{short(2)}，{words}\n"
    assert not any(link.left for link in read_list(remarks.encode()).links)


def test_a_text_in_a_cell_that_no_column_has_is_told() -> None:
    words = "光扫过海面。" * 200
    for content in (
        f"标题,链接\n潮水,{short(1)},{words}\n",
        f"链接,标题\n{short(1)},潮水,{words}\n",
        f"链接|标题\n{short(1)}|潮水|{words}\n",
        f"{short(1)}|潮水|{words}\n",
    ):
        assert [link.left for link in read_list(content.encode()).links] == [True]


@pytest.mark.parametrize("column", ["Message", "content", "StrContent"])
def test_a_text_in_a_cell_that_names_articles_is_told(column: str) -> None:
    words = "光扫过海面。" * 120
    for said in (f"{words}原文：{short(1)}", f"{words}{short(1)} 往期 {short(2)}"):
        links = read_list(_as_csv([["时间", "TalkerId", column], ["2024-03-05", "2", said]])).links
        assert [link.left for link in links] == [True, False][: len(links)]
    entries = "".join(f"潮水之光 {long(at)}\n" for at in range(99))
    links = read_list(_as_csv([["时间", column], ["2024-03-05", entries]])).links
    assert [link.left for link in links] == [False] * 99


def _as_csv(rows: list[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(row for row in rows if row)
    return file.getvalue().encode()


@pytest.mark.parametrize("form", ["31", "57"])
def test_a_day_in_a_form_of_a_chinese_excel_is_a_day(form: str) -> None:
    """It calls such a form by a number alone."""
    written, given = io.BytesIO(), io.BytesIO()
    book = openpyxl.Workbook()
    book.active.append(["标题", "链接", "发布时间"])
    book.active.append(["潮水", short(1), 45356])
    book.active["C2"].number_format = "mm-dd-yy"
    book.save(written)
    with zipfile.ZipFile(written) as packed, zipfile.ZipFile(given, "w") as changed:
        for name in packed.namelist():
            content = packed.read(name).replace(b'numFmtId="14"', f'numFmtId="{form}"'.encode())
            changed.writestr(name, content)
    [link] = read_list(given.getvalue()).links
    assert link.date == "2024-03-05"


def test_what_a_cell_says_that_is_merged_downwards_is_said_of_each_row() -> None:
    head, rows = ["公众号", "标题", "链接"], [["", f"潮水{n}", short(n)] for n in range(1, 5)]
    rows[0][0], rows[3][0] = "灯塔通讯", "港口日报"
    links = read_spreadsheet(spreadsheet([head, *rows], merged="A2:A4")).links
    assert [link.account for link in links] == ["灯塔通讯"] * 3 + ["港口日报"]


def test_a_link_that_is_merged_downwards_is_the_first_rows_alone() -> None:
    rows = [["标题", "链接"], ["潮水", short(1)], ["雾号", ""]]
    [link] = read_spreadsheet(spreadsheet(rows, merged="B2:B3")).links
    assert link.title == "潮水"


def test_a_workbook_in_excels_strict_form_is_named() -> None:
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(spreadsheet([["标题", "链接"], ["潮水", short(1)]]))) as book,
        zipfile.ZipFile(written, "w") as packed,
    ):
        for name in book.namelist():
            part = book.read(name).replace(b"/2006/", b"/").replace(b"schemas.openxml", b"strict")
            packed.writestr(name, part)
    listing = read_spreadsheet(written.getvalue())
    assert (listing.unread, listing.links) == (True, ())
    assert "that is not strict" in listing.problem


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ("次条链接", ""),
        ("链接2", ""),
        ("链接", ""),
        ("备注", "另见"),
        ("正文", ""),
        ("标签", "光" * 300),
    ],
)
def test_the_second_link_of_a_row_is_counted_as_left(
    second: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_ENTRIES", 2)  # of a list: it is none of these
    rows = (
        f"标题,链接,{second},source_url\n"
        f"潮水,{short(1)},{words} {short(2)},{short(4)}\n灯,{short(3)},,\n"
    )
    listing = read_list(rows.encode())
    assert [link.url for link in listing.links] == [short(1), short(3)]
    assert listing.beside == (short(2),)


@pytest.mark.parametrize("own", [f"{short(1)[:-9]}...", "https://mp.weixin.qq.com/s?__biz=x"])
@pytest.mark.parametrize("more", ["source_url", "原文链接", "备注"])
def test_where_the_own_link_of_a_row_is_cut_another_has_no_title_by_it(own: str, more: str) -> None:
    listing = read_list(f"标题,公众号,链接,{more}\n潮水,灯塔通讯,{own},{short(2)}\n".encode())
    assert [(link.url, link.title, link.account) for link in listing.links] == [(short(2), "", "")]
    assert [refused.number for refused in listing.refused] == [2]


@pytest.mark.parametrize("page", ["", "/", "/mp/profile_ext?action=home&__biz=MzA5MzE5MDAzOA=="])
@pytest.mark.parametrize("own", ["原文链接", "文章"])
def test_the_page_of_an_account_in_a_row_is_no_link_of_its_article_that_is_cut(
    page: str, own: str
) -> None:
    row = f"潮水,灯塔通讯,https://mp.weixin.qq.com{page},{short(1)}"
    listing = read_list(f"标题,公众号,链接,{own}\n{row}\n".encode())
    assert [(link.url, link.title) for link in listing.links] == [(short(1), "潮水")]
    assert listing.refused == ()


def test_wechats_own_statistics_of_an_account_name_its_articles() -> None:
    head = "内容标题,发表时间,总阅读人数,内容url"
    [link] = read_list(f"{head}\n潮水,20240305,12,{short(1)}\n".encode()).links
    assert (link.title, link.date) == ("潮水", "2024-03-05")


def test_a_second_table_below_the_first_has_a_head_of_its_own() -> None:
    table = f"标题,公众号,链接\n潮水,灯塔,{short(1)}\n\n公众号,链接,标题,甲\n灯塔,{short(2)},渡口\n"
    links = read_list(table.encode()).links
    assert [(link.title, link.account) for link in links] == [("潮水", "灯塔"), ("渡口", "灯塔")]
    rows = "".join(f"名称,潮水,链接,{short(number)}\n" for number in (1, 2))
    assert len(read_list(f"标题,公众号,链接\n{rows}".encode()).links) == 2


def test_names_of_a_part_below_merged_cells_are_no_second_head() -> None:
    table = f"标题,链接,数据,\n,,阅读,点赞\n潮水,{short(1)},5,6\n"
    assert read_list(table.encode()).links[0].title == "潮水"


@pytest.mark.parametrize("row", ["1,潮水,灯塔", "上篇,下篇,灯塔"])
def test_a_row_that_does_not_fit_its_head_says_its_link_alone(row: str) -> None:
    for head in ("标题,公众号,链接", "标题,公众号,链接,日期"):
        [link] = read_list(f"{head}\n{row},{short(1)},2024-05-08\n".encode()).links
        assert (link.url, link.title, link.account) == (short(1), "", "")
    row += f",{'灯塔的光' * 150}"
    [link] = read_list(f"标题,公众号,正文,链接\n{row},{short(1)}\n".encode()).links
    assert link.left
