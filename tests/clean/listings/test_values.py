from __future__ import annotations

import json

import pytest

from crawler.clean.listings.values import Broken, json_in, json_values
from tests.clean.listings.samples import short


def test_values_come_one_by_one_of_lists_lines_and_what_stands_one_behind_the_other() -> None:
    for text in ('[{"a": 1}, 2]', '{"a": 1}\n2\n', '{"a": 1} , 2'):
        assert list(json_values(text.encode())) == [{"a": 1}, 2]


def test_what_is_broken_behind_an_object_is_a_value_of_its_own() -> None:
    assert list(json_values(b'[{"a": 1}, {"b')) == [{"a": 1}, Broken('{"b', 1)]


def test_a_text_that_is_json_and_names_an_article_is_a_list() -> None:
    assert json_in(json.dumps([{"link": short(1)}])) == [{"link": short(1)}]


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', f"[{{见 {short(1)}", f'{{"a": {short(1)}'])
def test_any_other_text_is_none(text: str) -> None:
    assert json_in(text) is None
