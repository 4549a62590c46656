"""A snapshot reads exactly as its page does, and is small."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.pages import read_page, shrink_page
from tests.clean.pages.lookalikes import modern, notice, old
from tests.conftest import PAGES, index_of, needs_shared

REAL = [row["file"] for row in index_of(PAGES)]


@pytest.mark.parametrize(
    "page",
    [
        modern(),
        modern(after_body=True),
        modern(decoder=""),
        modern(None, item_show_type="8"),
        old(),
        notice("参数错误"),
    ],
)
def test_a_snapshot_reads_as_its_page_does(page: bytes) -> None:
    small = shrink_page(page)
    assert read_page(small) == read_page(page)
    assert shrink_page(small) == small


def test_a_snapshot_is_in_utf_8_whatever_the_page_said() -> None:
    page = old().decode().replace("<head>", "<head><meta charset=gbk>").encode("gbk")
    assert read_page(shrink_page(page)) == read_page(page)
    assert "雾中的电台" in shrink_page(page).decode()


def test_a_snapshot_keeps_no_session_of_whoever_fetched_the_page() -> None:
    session = (
        "user_uin: '12345' * 1, sessionid: JsDecode('svr_abc'), user_info: { is_paid: '0' * 1,"
        " ckeys: 'k9' },"
    )
    page = modern(extra=session)
    small = shrink_page(page)
    assert not any(secret in small for secret in (b"12345'", b"svr_abc", b"k9"))


def test_a_page_that_is_refused_comes_back_as_it_is() -> None:
    page = b"<p>" * 100_000
    assert shrink_page(page) == page


@given(st.integers(0, 100_000), st.integers(0, 400), st.binary(max_size=30))
def test_a_snapshot_of_a_damaged_page_reads_as_the_page_does(at: int, cut: int, put: bytes) -> None:
    page = modern() if at % 2 else old()
    at %= len(page)
    damaged = page[:at] + put + page[at + cut :]
    assert read_page(shrink_page(damaged)) == read_page(damaged)


@needs_shared
@pytest.mark.parametrize("file", REAL, ids=lambda file: Path(file).name.removesuffix(".html.gz"))
def test_the_snapshot_of_every_real_page_reads_as_the_page_does(file: str) -> None:
    page = gzip.decompress((PAGES / file).read_bytes())
    assert read_page(shrink_page(page)) == read_page(page)


@needs_shared
def test_snapshots_of_real_pages_are_small() -> None:
    compress = zstandard.ZstdCompressor(level=10).compress
    sizes = [
        len(compress(shrink_page(gzip.decompress((PAGES / file).read_bytes())))) for file in REAL
    ]
    assert sum(sizes) / len(sizes) < 12_000
    assert max(sizes) < 40_000


def test_a_snapshot_keeps_no_key_that_a_script_wrote_into_a_card_for_its_reader() -> None:
    card = (
        '<mp-common-product data-title="茶杯 data-token" data-exportkey="n_1"data-token=n_2 '
        'data-wap_export_token=\'n_3\' data-url-params="key=n_4&amp;a=1" data-cardtype="2">'
        '</mp-common-product><p>写 data-token="n_5" 即可</p>'
    ).encode()
    page = modern().replace(b"</section>", card + b"</section>", 1)
    assert page.count(card) == 1
    small = shrink_page(page)
    assert [n for n in range(1, 6) if f"n_{n}".encode() in small] == [5]
    assert read_page(small) == read_page(page)
    assert "茶杯 data-token" in read_page(small).text
    assert b'data-cardtype="2"' in small


def test_a_value_in_a_card_ends_at_its_quote_whatever_stands_in_it() -> None:
    card = (
        '<mp-common-product data-title="壶 3>2，用 data-token=n_1 也可" data-exportkey="n_2">'
        "</mp-common-product>"
    ).encode()
    page = modern().replace(b"</section>", card + b"</section>", 1)
    small = shrink_page(page)
    assert b"n_2" not in small
    assert read_page(small) == read_page(page)
    assert "用 data-token=n_1 也可" in read_page(small).text


@pytest.mark.parametrize(
    "field",
    [
        '<input type="hidden" name="pass_ticket" value="n_1">',
        "<input type=hidden value=n_1 name=key>",
        "<INPUT id='uin' value = 'n_1' name = 'uin' />",
    ],
)
def test_a_snapshot_keeps_no_key_that_a_form_would_send(field: str) -> None:
    plain = '<input name="q" value="n_2">'
    page = modern().decode().replace("</body>", f"{field}{plain}</body>").encode()
    assert b"n_1" in page
    small = shrink_page(page)
    assert b"n_1" not in small
    assert plain.encode() in small
    assert read_page(small) == read_page(page)
    assert shrink_page(small) == small


def test_a_snapshot_keeps_no_head_of_an_answer_that_was_saved_with_its_page() -> None:
    asked = b"* Trying\n> GET /s?a=b HTTP/2\n> Cookie: wap_sid2=K3Y1\n> x-wechat-key: K3Y2\n> \n"
    head = b"< HTTP/2 200 \r\n< Set-Cookie: a=K3Y3\r\n< Link: <https://a.cn>; b=K3Y4\r\n\r\n"
    for page in (modern(), old()):
        given = asked + head + page + b"\n* Connection left\n> Cookie: K3Y5\n" + head
        small = shrink_page(given)
        assert b"K3Y" not in small
        assert small == shrink_page(page.rstrip())
        assert read_page(given) == read_page(page)
    assert "已被" in shrink_page("该内容已被发布者删除<br>".encode()).decode()
