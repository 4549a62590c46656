from __future__ import annotations

import io
import zipfile

import pytest

from crawler.clean.listings import hyperlinks, limits
from crawler.clean.listings.tables import read_spreadsheet
from tests.clean.listings.samples import long, short, spreadsheet


def test_a_cell_of_words_that_leads_to_an_article_names_it() -> None:
    rows = [["标题", "公众号"], ["潮水", "灯塔通讯"], ["雾号", "灯塔通讯"], ["别处", "灯塔通讯"]]
    leads = {"A2": long(1), "$A$3:$B$3": short(2), "B3": short(3), "A4": "https://example.org/"}
    one, two, three = read_spreadsheet(spreadsheet(rows, leads=leads)).links
    assert (one.url, one.title, one.account) == (long(1), "潮水", "灯塔通讯")
    assert [two.url, three.url] == [short(2), short(3)]


def test_a_formula_that_leads_to_an_article_names_it() -> None:
    formula = f'HYPERLINK("{long(1)}","打开")'.replace("&", "&amp;").replace('"', "&quot;")
    last = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>潮水</t></is></c>'
        f'<c r="B2" t="str"><f>{formula}</f><v>打开</v></c></row>'
    )
    [link] = read_spreadsheet(spreadsheet([["标题", "链接"]], last=last)).links
    assert (link.url, link.title) == (long(1), "潮水")


def test_a_link_that_is_shown_and_leads_to_itself_is_one_article() -> None:
    rows = [["标题", "哪里"], ["潮水", short(1)]]
    leads = {"B2": f"{short(1)}#rd", "A2": short(1)}
    [link] = read_spreadsheet(spreadsheet(rows, leads=leads)).links
    assert (link.url, link.title) == (short(1), "潮水")


def test_a_cell_that_leads_to_another_article_than_a_remark_beside_it_names_its_own() -> None:
    rows = [["标题", "备注", "链接"], ["潮水", f"见 {short(2)}", "打开"], ["雾号", "", short(3)]]
    leads = {"C2": short(1), "A3": short(4)}
    listing = read_spreadsheet(spreadsheet(rows, leads=leads))
    assert [(link.url, link.title) for link in listing.links] == [
        (short(1), "潮水"),
        (short(3), "雾号"),
    ]
    assert listing.beside == (short(2), short(4))


def test_a_cell_that_leads_to_another_article_says_what_it_says() -> None:
    rows = [["标题", "公众号", "发布日期", "链接"], ["潮水<b> &", "灯塔", "2026-06-01", short(1)]]
    leads = {"A2": short(2), "B2": short(3), "C2": short(4)}
    [link] = read_spreadsheet(spreadsheet(rows, leads=leads)).links
    assert (link.url, link.title) == (short(1), "潮水<b> &")
    assert (link.account, link.date) == ("灯塔", "2026-06-01")


def test_of_two_cells_that_lead_to_articles_the_title_tells_whose_row_it_is() -> None:
    rows = [["标题", "公众号", "备注"], ["潮水", "灯塔", "又见渡口"]]
    leads = {"A2": short(1), "C2": short(2)}
    one, two = read_spreadsheet(spreadsheet(rows, leads=leads)).links
    assert (one.url, one.title, one.account) == (short(1), "潮水", "灯塔")
    assert (two.url, two.title, two.account) == (short(2), "", "")


def test_a_link_behind_many_cells_is_found_where_it_stands() -> None:
    rows = [["标题"], *([f"第{number}篇" * 99] for number in range(5000))]
    leads = {f"A{number}": short(number) for number in (2, 2500, 5001)}
    links = read_spreadsheet(spreadsheet(rows, leads=leads)).links
    assert [(link.url, link.number) for link in links] == [
        (short(number), number) for number in (2, 2500, 5001)
    ]


def test_only_links_to_articles_count_against_the_most_that_a_list_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_ENTRIES", 3)
    rows = [["标题"], *([f"第{number}篇"] for number in range(9))]
    elsewhere = {f"A{number}": f"https://example.org/{number}" for number in range(2, 10)}
    leads = {**elsewhere, "A2": short(1)}
    assert len(read_spreadsheet(spreadsheet(rows, leads=leads)).links) == 1
    too_many = {f"A{number}": short(number) for number in range(2, 10)}
    with pytest.raises(limits.TooLargeError):
        read_spreadsheet(spreadsheet(rows, leads=too_many))


def test_a_sheet_of_more_links_than_any_has_is_refused_before_it_takes_memory() -> None:
    leads = {f"A{number}": "https://example.org/" for number in range(70_002)}
    listing = read_spreadsheet(spreadsheet([["链接"], [short(1)]], leads=leads))
    assert (listing.unread, listing.links) == (True, ())
    assert "70,000 links" in listing.problem


class _Compared(str):
    """A link that counts how often it is held against another."""

    __slots__ = ()
    times = 0
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        _Compared.times += 1
        return str.__eq__(self, other)


def test_cells_that_all_claim_one_row_are_not_each_held_against_all_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hyperlinks, "article_links", lambda address: [_Compared(address)])
    monkeypatch.setattr(_Compared, "times", 0)
    cells = "".join(
        f'<row><c r="A2"><f>HYPERLINK("{short(number)}")</f></c></row>' for number in range(200)
    )
    packed = zipfile.ZipFile(io.BytesIO(spreadsheet([], last=cells)))
    assert len(hyperlinks.leads_of(packed, "xl/worksheets/sheet1.xml")[2]) == 200
    assert _Compared.times < 200
