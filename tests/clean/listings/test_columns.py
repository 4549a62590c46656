from __future__ import annotations

import json
import tracemalloc
from typing import Any

import pytest

from crawler.clean.listings import read_list
from crawler.clean.listings.columns import rows_of
from tests.clean.listings.samples import short


def test_columns_as_lists_are_rows_too() -> None:
    table = {
        "title": ["潮水", "灯"],
        "url": [short(1), short(2)],
        "account": ["灯塔通讯", "山城日志"],
    }
    links = read_list(json.dumps(table).encode()).links
    assert [(link.url, link.title, link.account) for link in links] == [
        (short(1), "潮水", "灯塔通讯"),
        (short(2), "灯", "山城日志"),
    ]


@pytest.mark.parametrize(
    "value",
    [
        {"columns": [short(1)], "data": [short(2)]},
        {"columns": ["url", "url"], "data": [[short(1), short(2)]]},
        {"columns": ["url", "text"], "data": [[short(1)], [short(2), "光"]]},
        {"columns": ["url"], "rows": [[short(1)]], "next": short(2)},
        {"title": {"0": short(1)}, "link": {"1": short(2)}},
        {"link": {"0": short(1)}, "pages": {"0": {"url": short(2)}}},
        {"塔": {"0": short(1)}, "灯": {"0": short(2)}},
    ],
)
def test_what_stands_beside_rows_and_what_are_none_lose_no_link(value: Any) -> None:
    assert _urls(value) == [short(1), short(2)]


def _urls(value: Any) -> list[str]:
    return [link.url for link in read_list(json.dumps(value).encode()).links]


@pytest.mark.parametrize(
    "table",
    [
        {"title": ["潮水"]},
        {"a": ["x"], "b": ["y"]},
        {"title": "x"},
        {"title": [], "url": []},
        {"title": ["潮水"], "url": []},
        {"title": ["潮水"], "pages": [{"url": short(1)}]},
    ],
)
def test_what_has_one_column_or_says_nothing_of_articles_is_no_table(table: dict[str, Any]) -> None:
    assert rows_of(table) is None


def test_rows_of_columns_take_no_room_of_their_own() -> None:
    table = {"title": ["潮水"] * 50_000, "url": [short(1)] * 50_000}
    tracemalloc.start()
    try:
        rows = rows_of(table)
        assert rows
        assert next(rows) == {"title": "潮水", "url": short(1)}
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()
