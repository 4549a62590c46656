"""JavaScript literals, read without being run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.pages.javascript import decode_string, literal_text, read_assigned, read_object
from tests.growth import assert_linear

_ESCAPED = {sign: f"\\x{ord(sign):02x}" for sign in "\\'\"<>&\n\r"}


def test_values_are_read_in_each_form_that_pages_write() -> None:
    data = read_object(r"""{
        title: JsDecode('雾\x26quot;'), nick_name: '青石',
        mid: '2650000017' * 1, big: "a" || "", flag: true,
        'idx': '1' * 1,

        list: [ ], bare: 12,
    }; window.other = {title: 'no'}""", 0)  # fmt: skip
    assert data.text("title") == "雾&quot;"
    assert [data.text(key) for key in ("nick_name", "mid", "big", "idx", "bare")] == [
        "青石",
        "2650000017",
        "a",
        "1",
        "12",
    ]
    assert data.text("flag") == data.text("list") == data.text("other") == ""


def test_only_the_first_level_is_read() -> None:
    data = read_object(
        "{ad: {nick_name: 'ad', title: 't', deep: [{title: 'x'}]}, title: 'own', after: f({title:"
        " 1}, 2)}",
        0,
    )
    assert set(data.fields) == {"ad", "title", "after"}
    assert data.text("title") == "own"
    assert data.object("ad").text("nick_name") == "ad"


def test_brackets_and_quotes_inside_strings_are_text() -> None:
    data = read_object(
        r"""{a: '}],{', b: "it's", c: `x'}`, d: 'it\'s }', e: 'end\\', f: 'last'}""", 0
    )
    assert [data.text(key) for key in "abcdef"] == [
        "}],{",
        "it's",
        "x'}",
        "it's }",
        "end\\",
        "last",
    ]


def test_the_objects_of_an_array_are_read_each_by_its_own_first_level() -> None:
    source = (
        "{list: [{cdn_url: '1', mark: {cdn_url: 'no'}}, {mark: {cdn_url: 'no'}, cdn_url: '2',},"
        " ], }"
    )
    assert [item.text("cdn_url") for item in read_object(source, 0).objects("list")] == ["1", "2"]


def test_escapes_are_undone_once_from_left_to_right() -> None:
    assert decode_string(r"'\x5cx0a'") == r"\x0a"
    assert (
        decode_string(
            r"'a\u4e00\u{1F600}\n\t\/\'\
b\q'"
        )
        == "a一😀\n\t/'bq"
    )
    assert decode_string(r"'\ud83d\ude00 \ud800 \xZZ'") == "😀 \ufffd xZZ"


def test_of_a_chain_the_first_literal_that_is_not_empty_counts() -> None:
    assert literal_text('"" || "" || "2650000017"') == "2650000017"
    assert literal_text('htmlDecode("雾")') == "雾"
    assert literal_text("(xml ? getXmlValue('nick_name.DATA') : '青石').html(false)") == "青石"
    assert literal_text("opt.biz || window.biz") == ""
    assert literal_text("'1581517074' * 1") == "1581517074"


VAR = re.compile(r"var (\w+) = ")


def _assigned(source: str) -> list[tuple[str, str]]:
    return [*read_assigned(VAR.finditer(source), source)]


def test_a_chain_ends_where_its_statement_does() -> None:
    source = 'var ct = "15;15" * 1; // seconds, "since 1970"'
    assert _assigned(source) == [("ct", '"15;15" * 1')]


def test_behind_some_strings_that_have_no_end_nothing_is_assigned() -> None:
    source = "var a = 1;" + "var b = 2 + \\';" * 100
    assert _assigned(source) == [("a", "1"), *[("b", "2 + \\")] * 8]


def test_assignments_that_hold_one_another_are_read_some_times_and_not_as_often_as_they_are() -> (
    None
):
    source = "var a = ''?\\\"" * 1000 + "\":''"
    lengths = [len(expression) for _, expression in _assigned(source)]
    assert max(lengths) < sum(lengths) < 6 * len(source)


def test_a_literal_that_breaks_off_gives_what_was_whole() -> None:
    data = read_object("{title: 'whole', desc: 'broken", 0)
    assert dict(data.fields) == {"title": "'whole'"}


@given(st.text())
def test_what_is_quoted_is_read_back(text: str) -> None:
    quoted = "'" + "".join(_ESCAPED.get(sign, sign) for sign in text) + "'"
    assert read_object(f"{{before: [1], key: JsDecode({quoted}), after: 1}}", 0).text("key") == text


@given(st.text(alphabet="{}[]()'\"`\\:,;ab \n/*|?1"))
def test_no_text_breaks_the_reader(text: str) -> None:
    for data in (read_object("{" + text, 0), read_object(text, 0)):
        for key in data.fields:
            data.text(key)
            data.object(key)
            data.objects(key)


@pytest.mark.parametrize(
    "unit", ["{a:", "[", "(", "'", "\\'", "'\\", "a:1,", "a:'", "/*", "`${", "a:{b:'c'},", "\\"]
)
def test_work_grows_in_proportion_to_hostile_text(unit: str) -> None:
    assert_linear(lambda size: read_object("{x:" + unit * size, 0).objects("x"), 2_000)
