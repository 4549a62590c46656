from __future__ import annotations

from typing import Any

import pytest

from crawler.clean.listings.objects import OTHERS, as_text, text_of_nobodys_key, text_within
from tests.clean.listings.samples import short

TEXT = "光" * 600


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"$date": {"$numberLong": "1715164200000"}}, "1715164200000"),
        (["守塔人", "阿岭"], "守塔人"),
        ([{"title": "夜航集"}], "夜航集"),
        ({"a": 1}, ""),
        (True, ""),
        (3, "3"),
    ],
)
def test_a_value_is_told_as_a_cell_would(value: Any, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("entry", "has_text"),
    [
        ({"doc": {"type": "doc", "content": [{"text": TEXT}]}}, True),
        ({"slate": [{"children": [{"text": TEXT}]}]}, True),
        ({"comments": [{"text": TEXT}]}, False),
        ({"replies": [{"text": TEXT}]}, False),
        ({OTHERS: [{"title": TEXT}]}, False),
        ({"more": [{"url": short(1), "text": TEXT}]}, False),  # which is another article's
    ],
)
def test_a_tree_of_an_articles_object_may_be_its_text(
    entry: dict[str, Any], *, has_text: bool
) -> None:
    assert bool(text_within(entry)) is has_text


def test_paragraphs_under_a_key_that_nobody_knows_are_a_text() -> None:
    assert (
        text_of_nobodys_key({"lines": ["光" * 300, "潮" * 300]}) == "光" * 300 + "\n" + "潮" * 300
    )
    assert text_of_nobodys_key({"评论区": ["光" * 300, "潮" * 300]}) == ""
