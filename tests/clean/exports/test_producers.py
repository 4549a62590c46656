from __future__ import annotations

import re

import pytest

from crawler.clean.exports.backgrounds import place_beside
from crawler.clean.exports.failures import FAILURES
from crawler.clean.exports.holders import HOLDERS
from crawler.clean.exports.known import identify
from crawler.clean.exports.mend import MENDS
from crawler.clean.exports.notes import SIGNS
from crawler.clean.exports.pages import PAGE_TOOLS, saved_by
from crawler.clean.exports.pictures import PROXIES, unwrapped
from crawler.clean.exports.producers import PRODUCERS, UNKNOWN
from crawler.clean.exports.tails import TAILS

EVERY_ROW = (*PRODUCERS, *TAILS, *PAGE_TOOLS, *PROXIES, *SIGNS, *FAILURES)


def test_each_id_stands_for_one_row() -> None:
    ids = [row.id for row in (*PRODUCERS, *PAGE_TOOLS, *HOLDERS, UNKNOWN)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("row", EVERY_ROW, ids=lambda row: f"{type(row).__name__} {row.id}")
def test_each_row_has_an_example(row: object) -> None:
    assert getattr(row, "matches", ())


@pytest.mark.parametrize("row", PRODUCERS, ids=lambda row: row.id)
def test_a_producer_is_known_by_what_it_matches_and_not_by_what_it_spares(row: object) -> None:
    assert isinstance(row, type(UNKNOWN))
    assert [identify(text).id for text in row.matches] == [row.id] * len(row.matches)
    assert row.id not in [identify(text).id for text in row.spares]


@pytest.mark.parametrize("row", PRODUCERS, ids=lambda row: row.id)
def test_a_producer_asks_for_mends_and_tails_that_there_are(row: object) -> None:
    assert isinstance(row, type(UNKNOWN))
    assert set(row.mends) <= MENDS
    assert set(row.tail) <= {tail.id for tail in TAILS}


@pytest.mark.parametrize("row", TAILS, ids=lambda row: row.id)
def test_a_tail_takes_its_lines_and_spares_others(row: object) -> None:
    assert isinstance(row, type(TAILS[0]))
    assert all(re.fullmatch(row.line, line) for line in row.matches)
    assert not any(re.fullmatch(row.line, line) for line in row.spares)


@pytest.mark.parametrize("row", PROXIES, ids=lambda row: row.id)
def test_a_proxy_is_unwrapped_and_other_addresses_stay(row: object) -> None:
    assert isinstance(row, type(PROXIES[0]))
    assert all(unwrapped(address).startswith("https://mmbiz.qpic.cn/a") for address in row.matches)
    assert [unwrapped(address) for address in row.spares] == list(row.spares)


@pytest.mark.parametrize("row", PAGE_TOOLS, ids=lambda row: row.id)
def test_a_tool_is_known_by_what_it_leaves_in_pages(row: object) -> None:
    assert isinstance(row, type(PAGE_TOOLS[0]))
    assert all(saved_by(text.encode()).producer == row.id for text in row.matches)
    assert not any(saved_by(text.encode()).producer == row.id for text in row.spares)


@pytest.mark.parametrize("row", SIGNS, ids=lambda row: row.id)
def test_a_sign_of_a_note_is_one_and_its_spares_are_none(row: object) -> None:
    assert isinstance(row, type(SIGNS[0]))
    pattern = row.line or row.value or ".+"
    assert all(re.fullmatch(pattern, text) for text in row.matches)
    assert not any(re.fullmatch(pattern, text) for text in row.spares)


@pytest.mark.parametrize(
    ("tag", "placed"),
    [
        ('<img src="./a/1.png" alt="x">', '<img src="PLACE" alt="x">'),
        ("<img class=x src=./a/1.png>", '<img class=x src="PLACE">'),
        ('<img data-src="https://a.example/b" src="./1.png">', ""),
        ('<img src="https://a.example/b">', ""),
        ('<img alt="src">', ""),
    ],
)
def test_only_a_picture_without_an_address_on_the_web_gets_another(tag: str, placed: str) -> None:
    assert place_beside(tag.encode(), lambda _: "PLACE").decode() == (placed or tag)
