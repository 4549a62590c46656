"""Pages made to hang, crash or bloat whoever reads them end as a page with a reason, and soon."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable

import pytest

from crawler.article import State
from crawler.clean.markup.limits import MAX_TAGS, refuse_markup
from crawler.clean.pages import read_page
from tests.clean.pages.lookalikes import modern, notice, quoted
from tests.growth import assert_linear

HEAD = b'<!DOCTYPE html><html><body><div id="js_content">'
TEXT = "item_show_type:'10', "  # a post whose text is the page data

Shape = Callable[[int], bytes]

BODIES: dict[str, tuple[Shape, int]] = {
    "nested deep": (lambda n: b"<div>" * n + b"x" + b"</div>" * n, 100_000),
    "unclosed lists": (lambda n: b"<ul><li>" * n, 100_000),
    "unclosed definitions": (lambda n: b"<dl><dd>" * n, 100_000),
    "unclosed bold": (lambda n: b"".join(b"<b c=%d>" % i for i in range(n)), 100_000),
    "end tags that end nothing": (lambda n: b"<div></x>" * n, 100_000),
    "a shield against end tags": (lambda n: b"<div><object></div>" * n, 100_000),
    "shapes outside a drawing": (lambda n: b"<svg><p>" + b"<path/>" * n + b"<p>x" * n, 9_000),
    "attributes": (lambda n: b"<p " + b"".join(b"a%d=1 " % i for i in range(n)) + b">", 2_000_000),
    "one long attribute": (lambda n: b'<p style="' + b"a:b;" * n + b'">', 2_500_000),
    "quotes without end": (lambda n: b'<a b="' * n, 1_000_000),
    "comments without end": (lambda n: b"<!--" * n, 2_000_000),
    "comments": (lambda n: b"<!-- x -->" * n, 1_000_000),
    "less-than signs": (lambda n: b"<" * n, 10_000_000),
    "markup declarations": (lambda n: b"<!" * n, 5_000_000),
    "scripts without end": (lambda n: b"<script>" * n, 1_000_000),
    "scripts": (lambda n: b"<script></script>" * n, 500_000),
    "objects in scripts": (lambda n: b"<script>cgiDataNew = {a:'</script>" * n, 200_000),
    "assignments": (lambda n: b"<script>" + b"var ct = \n" * n + b"</script>", 300_000),
    "titles": (lambda n: b"<title>" * n, 1_000_000),
    "drawings": (lambda n: b"<svg></svg>" * n, 300_000),
    "drawings without end": (lambda n: b"<svg>" * n, 1_000_000),
    "styles in a drawing": (lambda n: b"<svg>" + b"<style>" * n, 1_000_000),
    "data in a drawing": (lambda n: b"<svg>" + b"<![CDATA[" * n, 1_000_000),
    "formulas": (lambda n: b"<math><mi>" * n, 500_000),
    "scripts in a comment in a script": (lambda n: b"<script><!--" + b"<script>" * n, 1_000_000),
    "attributes of a text": (
        lambda n: b"<textarea " + b"".join(b"a%d=1 " % i for i in range(n)) + b">",
        2_000_000,
    ),
    "NULs": (lambda n: b"\0" * n, 10_000_000),
    "NULs in tags": (lambda n: b"<p\0>\0x\0" * n, 1_000),
    "invalid UTF-8": (lambda n: b"\xff\xed\xa0\x80" * n, 300_000),
    "random bytes": (lambda n: random.Random(1).randbytes(n), 10_000_000),
    "wide flat text": (lambda n: "<p>字</p>".encode() * n, 9_000),
    "items in items": (lambda n: b"<ul><li>" * 30 + b"<li>x</li>" * n, 14_000),
    "asterisks": (lambda n: b"*" * n, 1_900_000),
    "backticks": (lambda n: b"`" * n, 1_900_000),
    "backslashes": (lambda n: b"\\" * n, 1_900_000),
    "waves": (lambda n: b"~" * n, 1_900_000),
    "waves apart": (lambda n: b"~a" * n, 900_000),
    "a dump of escapes": (lambda n: b'\\n\\"' * n, 2_000_000),
}

DATA: dict[str, tuple[Callable[[int], str], int]] = {
    "nested objects": (lambda n: "a:" + "{a:" * n, 500_000),
    "nested arrays": (lambda n: "picture_page_info_list:" + "[" * n, 500_000),
    "calls": (lambda n: "a:" + "(" * n, 500_000),
    "a string without end": (lambda n: "a:'" + "x" * n, 5_000_000),
    "escaped quotes": (lambda n: "a:'" + "\\'" * n, 1_000_000),
    "bad escapes": (lambda n: f"{TEXT}content_noencode:'" + "\\xZZ\\u{110000}" * n + "',", 100_000),
    "deep content": (lambda n: f"{TEXT}content_noencode:" + quoted("<div>" * n) + ",", 100_000),
    "a title of line ends": (lambda n: f"{TEXT}title:'" + "\\n" * n + "',", 1_000_000),
    "a digest of links": (lambda n: "desc:'" + "<a " * n + "',", 1_000_000),
    "pictures": (
        lambda n: (
            "item_show_type:'8', picture_page_info_list:[" + "{cdn_url:'https://a.b/c'}," * n + "],"
        ),
        100_000,
    ),
}
SMALL = 200  # pieces; that many are read, and not refused for their number

any_body = pytest.mark.parametrize(("shape", "many"), BODIES.values(), ids=BODIES)
any_data = pytest.mark.parametrize(("shape", "many"), DATA.values(), ids=DATA)


def with_body(body: bytes) -> bytes:
    return HEAD + body + b"</div></body></html>"


def with_data(data: str, body: bytes = b"") -> bytes:
    script = f"<script>window.cgiDataNew = {{{data}}};</script>".encode()
    return HEAD + body + b"</div>" + script + b"</body></html>"


def judge(page: bytes) -> State:
    read = read_page(page)
    assert read.state is not State.UNREADABLE or read.detail
    return read.state


@pytest.mark.slow
@any_body
def test_a_hostile_body_is_read_or_refused(shape: Shape, many: int) -> None:
    judge(with_body(shape(many)))


@any_body
def test_reading_a_hostile_body_takes_linear_steps(shape: Shape, many: int) -> None:
    assert_linear(lambda size: judge(with_body(shape(size))), min(SMALL, many))


@pytest.mark.slow
@any_data
def test_hostile_page_data_are_read_or_refused(shape: Callable[[int], str], many: int) -> None:
    judge(with_data(shape(many), b"x"))
    judge(with_data(shape(many)))


@any_data
def test_reading_hostile_page_data_takes_linear_steps(
    shape: Callable[[int], str], many: int
) -> None:
    assert_linear(lambda size: judge(with_data(shape(size))), min(SMALL, many))


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


def test_a_notice_of_megabytes_is_read() -> None:
    judge(notice("该内容" * 300_000))


def test_reading_a_hostile_page_takes_less_than_300_megabytes() -> None:
    page = HEAD + b"<p>" + b"* _ [x](y) `" * 20_000 + b"</p></div></html>"
    tracemalloc.start()
    read_page(page)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300_000_000
