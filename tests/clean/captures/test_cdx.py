"""What reading the answers of an index promises."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crawler.clean.captures import read_cdx
from crawler.clean.captures.cdx import COLUMNS

MB = 1 << 20
LINK = "https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid=1&idx=1"
ROW = ["com,qq,weixin,mp)/s?__biz=x", "20200620180259", LINK, "text/html", "200", "ABC", "615"]
NEXT = [*ROW[:1], "20210101000000", *ROW[2:]]


def _wayback(*rows: list[str]) -> bytes:
    return ("[" + ",\n".join(json.dumps(row) for row in rows) + "]\n").encode()


def _pywb(*rows: list[str]) -> bytes:
    names = ("urlkey", "timestamp", "url", "mime", "status", "digest", "length")
    return b"".join(json.dumps(dict(zip(names, row, strict=True))).encode() + b"\n" for row in rows)


def _plain(*rows: list[str]) -> bytes:
    return "".join(" ".join(row) + "\n" for row in rows).encode()


@pytest.mark.parametrize(
    "content",
    [_wayback(list(COLUMNS), ROW, NEXT), _pywb(ROW, NEXT), _plain(ROW, NEXT)],
    ids=["wayback", "pywb", "plain"],
)
def test_every_servers_lines_are_read_alike(content: bytes) -> None:
    listed = read_cdx(content)
    first, second = listed.captures
    assert (first.at, first.url, first.status, first.digest) == (ROW[1], LINK, "200", "ABC")
    assert (second.at, second.moment) == ("20210101000000", "2021-01-01T00:00:00+00:00")
    assert (listed.flaws, listed.problem, listed.following) == ((), "", "")


def test_columns_go_by_the_names_that_the_answer_gives_them() -> None:
    listed = read_cdx(_wayback(["original", "timestamp"], [LINK, "20200620180259"]))
    assert [(one.url, one.at, one.status) for one in listed.captures] == [(LINK, ROW[1], "")]


def test_a_resumption_key_stands_behind_an_empty_row() -> None:
    listed = read_cdx(_wayback(list(COLUMNS), ROW, [], ["com%2Cqq+2020"]))
    assert (len(listed.captures), listed.following) == (1, "com%2Cqq+2020")


@pytest.mark.parametrize("content", [b"", b"[]", b"[[]]", b"\n\n"])
def test_an_answer_may_be_empty(content: bytes) -> None:
    listed = read_cdx(content)
    assert (listed.captures, listed.problem, listed.flaws) == ((), "", ())


@pytest.mark.parametrize("whole", [_wayback(list(COLUMNS), ROW, NEXT), _pywb(ROW, NEXT)])
def test_an_answer_that_is_cut_anywhere_is_none_but_what_stands_before_counts(
    whole: bytes,
) -> None:
    content = whole.rstrip()
    read = [read_cdx(content[:place]) for place in range(2, len(content))]
    # who sends lines may seem to be at the end behind one of them
    assert sum(not listed.problem for listed in read) <= 2
    assert {one for listed in read for one in listed.captures} <= set(read_cdx(whole).captures)
    assert max(len(listed.captures) for listed in read) >= 1


def test_plain_columns_that_end_within_a_line_are_no_whole_answer() -> None:
    content = _plain(ROW, NEXT).rstrip()
    first = len(_plain(ROW))
    last_column = len(content) - len(NEXT[-1])
    for place in range(first + 1, last_column):
        listed = read_cdx(content[:place])
        assert listed.problem == "was cut short: its last line is broken"
        assert len(listed.captures) == 1


@pytest.mark.parametrize(
    ("row", "flaw"),
    [
        (ROW[:4], "is short of columns"),
        ([*ROW[:1], "2020", *ROW[2:]], "names no moment"),
        ([*ROW[:1], "20209920180259", *ROW[2:]], "names no moment"),
        ([*ROW[:2], "urn:x", *ROW[3:]], "names no address"),
    ],
)
def test_a_line_that_says_too_little_is_a_flaw_and_its_neighbours_count(
    row: list[str], flaw: str
) -> None:
    listed = read_cdx(_wayback(list(COLUMNS), ROW, row, NEXT))
    assert (len(listed.captures), listed.problem) == (2, "")
    assert listed.flaws == (f"line 3 {flaw}",)


@pytest.mark.parametrize("column", COLUMNS)
def test_half_a_character_in_a_column_is_a_flaw_for_nothing_can_store_it(column: str) -> None:
    row = list(ROW)
    row[COLUMNS.index(column)] = "https://mp.weixin.qq.com/s/\ud800"
    for content in (_wayback(list(COLUMNS), row, NEXT), _pywb(row, NEXT)):
        listed = read_cdx(content)
        assert [one.at for one in listed.captures] == [NEXT[1]]
        assert len(listed.flaws) == 1
        assert listed.flaws[0].endswith(f"has no text for its {column}")


@pytest.mark.parametrize("key", ["\ud800", ["x"], {"x": 1}])
def test_a_key_that_is_no_text_leads_nowhere_and_is_named(key: object) -> None:
    answer = json.dumps([list(COLUMNS), ROW, [], [key]]).encode()
    listed = read_cdx(answer)
    assert (len(listed.captures), listed.following) == (1, "")
    assert listed.problem == "names no place to go on from: what stands there is no text"


@pytest.mark.parametrize(
    "content",
    [
        b'{"error": "overloaded, try again"}',
        b"Blocked Site Error",
        b"java.io.IOException: cannot read the index",
        b'["error", "x"]',
        b"[null]",
        b"[1, 2, 3]",
    ],
)
def test_words_of_an_error_are_no_answer_whatever_status_they_came_with(content: bytes) -> None:
    assert read_cdx(content).problem


def test_a_million_lines_are_refused_before_they_are_read() -> None:
    listed = read_cdx(b'{"a":1},' * 500_000)
    assert (listed.lines, listed.problem) == (0, "lists more than 200,000 captures")


@pytest.mark.parametrize(
    "unit", [b"ab ", b'"ab",', b"10000,", b'{"a":1,"b":2},', b"\xf0\x9f\x98\x80"]
)
@pytest.mark.parametrize("start", [b"", b"[", b"[["])
def test_a_line_without_end_is_read_as_far_as_a_line_goes(start: bytes, unit: bytes) -> None:
    content = start + unit * (3 * 8 * MB // (2 * len(unit)))
    tracemalloc.start()
    content = content[: 5 * MB] if b"{" in unit else content
    listed = read_cdx(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert listed.problem
    assert most < 96 * MB


def test_an_array_that_is_too_large_to_be_taken_in_at_once_is_read_by_its_lines() -> None:
    head, rows = list(COLUMNS), [[*ROW[:5], f"{number:08}" * 99, ROW[6]] for number in range(9999)]
    listed = read_cdx(_wayback(head, *rows, [], ["com%2Cqq+2020"]))
    assert (len(listed.captures), listed.flaws, listed.problem) == (9999, (), "")
    assert listed.following == "com%2Cqq+2020"
    cut = read_cdx(_wayback(head, *rows)[:-99])
    assert (len(cut.captures), cut.problem) == (9998, "was cut short: its last line is broken")


def test_a_broken_line_in_the_midst_is_a_flaw() -> None:
    listed = read_cdx(_pywb(ROW) + b'{"timestamp": "2020\n' + _pywb(NEXT))
    assert (len(listed.captures), listed.problem) == (2, "")
    assert listed.flaws == ("line 2 is no line of an index",)


def test_an_error_page_with_status_200_is_no_index() -> None:
    assert read_cdx(b"<!DOCTYPE html><h1>Sorry</h1>").problem.endswith("in place of an index")


@given(some.binary(max_size=300) | some.text(max_size=300).map(lambda text: text.encode()))
def test_nothing_that_a_server_sends_breaks_the_reader(content: bytes) -> None:
    assert read_cdx(content).captures is not None


@pytest.mark.parametrize(
    "content", [b"[" * 100_000, b'{"a":' * 100_000, b'{"timestamp":[]}', b"[1]"]
)
def test_odd_json_is_flawed_and_no_error(content: bytes) -> None:
    listed = read_cdx(content)
    assert listed.flaws or listed.problem
    assert not listed.captures
