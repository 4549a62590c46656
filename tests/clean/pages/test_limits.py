"""Pages made to hang, crash or bloat whoever reads them end as a page with a reason, and soon."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from crawler.article import State
from crawler.clean.pages import read_page
from crawler.clean.pages.limits import MAX_TAGS, refuse_markup
from tests.bounds import within
from tests.clean.pages.lookalikes import modern, notice, quoted

HEAD = b'<!DOCTYPE html><html><body><div id="js_content">'
N = 100_000

BODIES = {
    "nested 100,000 deep": b"<div>" * N + b"x" + b"</div>" * N,
    "unclosed lists": b"<ul><li>" * N,
    "unclosed definitions": b"<dl><dd>" * N,
    "unclosed bold": b"".join(b"<b c=%d>" % n for n in range(N)),
    "end tags that end nothing": b"<div></x>" * N,
    "a shield against end tags": b"<div><object></div>" * N,
    "shapes outside a drawing": b"<svg><p>" + b"<path/>" * 9_000 + b"<p>x" * 9_000,
    "20 MB of attributes": b"<p " + b"".join(b"a%d=1 " % n for n in range(2_000_000)) + b">",
    "10 MB of attributes": b"<p " + b"".join(b"a%d=1 " % n for n in range(1_000_000)) + b">",
    "one attribute of 10 MB": b'<p style="' + b"a:b;" * 2_500_000 + b'">',
    "quotes without end": b'<a b="' * 1_000_000,
    "comments without end": b"<!--" * 2_000_000,
    "comments": b"<!-- x -->" * 1_000_000,
    "less-than signs": b"<" * 10_000_000,
    "markup declarations": b"<!" * 5_000_000,
    "scripts without end": b"<script>" * 1_000_000,
    "scripts": b"<script></script>" * 500_000,
    "objects in scripts": b"<script>cgiDataNew = {a:'</script>" * 200_000,
    "assignments": b"<script>" + b"var ct = \n" * 300_000 + b"</script>",
    "titles": b"<title>" * 1_000_000,
    "NULs": b"\0" * 10_000_000,
    "NULs in tags": b"<p\0>\0x\0" * 1_000,
    "invalid UTF-8": b"\xff\xed\xa0\x80" * 300_000,
    "random bytes": random.Random(1).randbytes(10_000_000),
    "wide flat text": "<p>字</p>".encode() * 9_000,
    "items in items": b"<ul><li>" * 30 + b"<li>x</li>" * 14_000,
    "asterisks": b"*" * 1_900_000,
    "backticks": b"`" * 1_900_000,
    "backslashes": b"\\" * 1_900_000,
    "waves": b"~" * 1_900_000,
    "waves apart": b"~a" * 900_000,
    "a dump of escapes": b'\\n\\"' * 2_000_000,
}  # fmt: skip

DATA = {
    "nested objects": "a:" + "{a:" * 500_000,
    "nested arrays": "picture_page_info_list:" + "[" * 500_000,
    "calls": "a:" + "(" * 500_000,
    "a string without end": "a:'" + "x" * 5_000_000,
    "escaped quotes": "a:'" + "\\'" * 1_000_000,
    "bad escapes": "item_show_type:'10', content_noencode:'" + "\\xZZ\\u{110000}" * 100_000 + "',",
    "deep content": "item_show_type:'10', content_noencode:" + quoted("<div>" * N) + ",",
    "a title of line ends": "item_show_type:'10', title:'" + "\\n" * 1_000_000 + "',",
    "a digest of links": "desc:'" + "<a " * 1_000_000 + "',",
    "100,000 pictures": "item_show_type:'8', picture_page_info_list:["
    + "{cdn_url:'https://a.b/c'}," * N
    + "],",
}


def judge_in_bounds(page: bytes) -> State:
    with within(2):
        read = read_page(page)
    assert read.state is not State.UNREADABLE or read.detail
    return read.state


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_hostile_body_is_read_or_refused_within_two_seconds(body: bytes) -> None:
    judge_in_bounds(HEAD + body + b"</div></body></html>")


@pytest.mark.parametrize("data", DATA.values(), ids=DATA.keys())
def test_hostile_page_data_are_read_or_refused_within_two_seconds(data: str) -> None:
    script = f"<script>window.cgiDataNew = {{{data}}};</script>".encode()
    judge_in_bounds(HEAD + b"x</div>" + script + b"</body></html>")
    judge_in_bounds(HEAD + b"</div>" + script + b"</body></html>")


def test_depth_that_a_parser_cannot_bear_is_refused_with_its_reason() -> None:
    read = read_page(HEAD + b"<div>" * 20_000)
    assert read.state is State.UNREADABLE
    assert "20,00" in read.detail


def test_no_real_length_or_depth_is_refused() -> None:
    assert refuse_markup(b"<section>" * 900 + b"<p>x</p>" * 4_000 + b"</section>" * 900) == ""
    assert refuse_markup(b"<p>x</p>" * (MAX_TAGS // 2)) == ""
    assert refuse_markup(b"<p>x</p>" * MAX_TAGS) != ""


@pytest.mark.parametrize(
    "title", ["\ud800", "a\0b", "\u202eevil", "=1+1", "---\nurl: x", "x" * 100_000, "\\x0a" * 9]
)
def test_a_hostile_title_is_one_line_of_plain_text(title: str) -> None:
    page = modern(title=title.encode(errors="replace").decode())
    read = read_page(page)
    assert len(read.title) <= 100
    assert not any(sign in read.title for sign in ("\n", "\r", "\u2028"))
    read.title.encode()


def test_a_notice_of_megabytes_is_read_in_bounds() -> None:
    judge_in_bounds(notice("该内容" * 300_000))


def test_reading_a_hostile_page_takes_less_than_300_megabytes() -> None:
    page = HEAD + b"<p>" + b"* _ [x](y) `" * 20_000 + b"</p></div></html>"
    tracemalloc.start()
    read_page(page)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300_000_000
