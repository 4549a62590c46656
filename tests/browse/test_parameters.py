"""Which of Datasette's own parameters are taken: those that its pages write, and no others."""

from __future__ import annotations

import pytest

from crawler.browse.parameters import not_taken

TAKEN = [
    *("sql", "id__exact", "_sort", "_facet", "_where", "_search_title", "_filter_op_12"),
    *("_show_hidden", "_id__exact", "_day__date", "___gt"),
]


def test_what_pages_write_and_names_of_a_visitors_own_are_taken() -> None:
    assert not not_taken(TAKEN)


@pytest.mark.parametrize("name", ["_trace", "_json", "_filter_op_", "_filter_op_x", "__", "_"])
def test_no_other_name_that_begins_with_an_underscore_is(name: str) -> None:
    assert not_taken([*TAKEN, name]) == name
