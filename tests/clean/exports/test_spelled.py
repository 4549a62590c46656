"""A page that is spelled as a string is the page; what only looks so stays as it is."""

from __future__ import annotations

import json

import pytest

from crawler.clean.exports import unspelled

PAGE = "<!DOCTYPE html>\n<html><body>灯亮了\\n一夜 'a' \"b\" 😳</body></html>\n"


@pytest.mark.parametrize(
    "spelled",
    [
        repr(PAGE.encode()),
        repr(PAGE),
        json.dumps(PAGE),
        f"\n{json.dumps(PAGE)}\n",
        json.dumps({"html": PAGE}),
    ],
)
def test_a_page_that_a_script_spelled_as_a_string_is_the_page(spelled: str) -> None:
    assert unspelled(spelled.encode()) == PAGE.encode()


@pytest.mark.parametrize(
    "other",
    [
        PAGE,
        f"'{PAGE}",
        f"'{PAGE}' + 1'",
        "'<!DOCTYPE html>' % ('a', 'b')",
        "'甲'",
        "",
        "'<html>\n'",
        "'<html>' or " + "-" * 20_000 + "'x'",
        "'<html>'" + "''" * 9,
        "'<html>', ''",
        json.dumps({"html": PAGE, "url": "u"}),
        json.dumps({"html": PAGE})[:-1],
    ],
)
def test_what_is_no_whole_string_of_a_page_stays_as_it_is(other: str) -> None:
    assert unspelled(other.encode()) == other.encode()
