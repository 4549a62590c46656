"""What a page turned out to be, and what it says of its article."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.article import Kind, State
from crawler.clean.pages import Page, read_page, shrink_page
from crawler.urls import identity_of
from tests.clean.pages.lookalikes import (
    ACCOUNT,
    BIZ,
    BODY,
    IDX,
    LINK,
    MID,
    SN,
    in_its_frame,
    modern,
    old,
)
from tests.conftest import PAGES, index_of, needs_shared

ARTICLE_STATES = (State.OK, State.PAID, State.TRUNCATED)


@pytest.mark.parametrize(
    "page", [modern(), modern(after_body=True), modern(decoder=""), old()], ids=["E", "D", "F", "A"]
)
def test_each_generation_of_the_template_says_the_same(page: bytes) -> None:
    read = read_page(page)
    assert (read.state, read.kind, read.title, read.account, read.author) == (
        State.OK,
        Kind.NORMAL,
        "雾中的电台",
        ACCOUNT,
        "阿岭",
    )
    assert (read.biz, read.mid, read.idx, read.sn) == (BIZ, MID, IDX, SN)
    assert read.digest == "早上六点"
    assert read.cover == "https://mmbiz.qpic.cn/mmbiz_jpg/cover/0?wx_fmt=jpeg"
    assert read.aliases == (LINK,)
    assert read.account_info is not None
    assert read.account_info.name == ACCOUNT
    assert "电台从早上六点开始播音。" in read.text
    assert not read.text.startswith("#")


def test_a_free_preview_is_paid_and_an_unlocked_article_is_whole() -> None:
    preview = (
        BODY
        + '<p class="js_pay_preview_filter"><mp-pay-preview-filter></mp-pay-preview-filter></p>'
    )
    read = read_page(modern(preview))
    assert read.state is State.PAID
    assert "电台" in read.text
    unlocked = modern(
        preview, extra="is_pay_subscribe: '1' * 1,\n user_info: { is_paid: '1' * 1, },\n"
    )
    assert read_page(unlocked).state is State.OK
    assert (
        read_page(modern(extra="is_pay_subscribe: '1' * 1,\n pay_type: '1',\n")).state is State.PAID
    )


def test_a_download_that_broke_off_is_never_called_deleted() -> None:
    page = modern(after_body=True)
    before = read_page(page[: page.index(b"js_content") - 60])
    assert (before.state, before.text) == (State.UNREADABLE, "")
    inside = read_page(page[: page.index("电台从".encode()) + 9])
    assert inside.state is State.TRUNCATED
    assert "山里的雾散得很慢。" in inside.text


@pytest.mark.parametrize("end", [b"<script nonce", b'var sn = ""', b"var ct", b"</body>"])
def test_a_page_that_broke_off_behind_its_text_may_have_lost_what_it_tells(end: bytes) -> None:
    page = old().replace(b"<script nonce", b"<p>behind</p><script nonce").partition(b"<!--tail")[0]
    read = read_page(page[: page.rindex(end)])
    assert (read.state, read.text) == (State.TRUNCATED, read_page(page).text)
    assert "broke off" in read.detail
    bare = page[: page.index(b"<script nonce")].replace(b'"', b"")  # as SingleFile may write it
    assert read_page(bare).state is State.OK


def test_a_download_that_broke_off_behind_its_data_is_whole() -> None:
    page = modern()
    read = read_page(page[: page.index("电台从".encode(), page.index(b"js_content")) + 9])
    assert read.state is State.OK
    assert read.text == read_page(page).text


@pytest.mark.parametrize("behind", ["", "<div id=js_toobar3></div>"])
def test_a_page_that_a_browser_closed_inside_its_article_is_cut(behind: str) -> None:
    read = read_page(in_its_frame(old(), behind=behind))
    assert read.state is (State.OK if behind else State.TRUNCATED)
    cut = modern("<p>一。</p>", content_noencode=BODY)
    read = read_page(in_its_frame(cut, behind=behind))
    assert (read.state, "电台从早上" in read.text) == (State.OK, not behind)
    page = in_its_frame(old(), behind=behind)
    assert read_page(shrink_page(page)) == read_page(page)


def test_a_page_that_came_without_its_article_is_hollow() -> None:
    assert read_page(modern("", content_noencode="")).state is State.HOLLOW
    assert read_page(b'<html><div id="js_article"></div></html>').state is State.HOLLOW


@pytest.mark.parametrize(
    "content", [b"", b"  ", b"{}", b"\x89PNG\r\n", b"<html></html>", b"\xff\xfe"]
)
def test_what_is_no_page_is_unreadable_and_says_why(content: bytes) -> None:
    read = read_page(content)
    assert read.state is State.UNREADABLE
    assert read.detail


def test_a_page_in_another_character_set_is_read() -> None:
    page = old().decode().encode("gb18030")
    assert read_page(page, charset="gbk").title == read_page(page).title == "雾中的电台"


@given(st.binary(max_size=2000), st.sampled_from(["", "utf-8", "gbk", "nonsense", "utf-16", "hex"]))
def test_no_bytes_break_the_reader(content: bytes, charset: str) -> None:
    assert isinstance(read_page(content, charset=charset), Page)


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.binary(max_size=20))
def test_no_mutation_of_a_page_breaks_the_reader(at: int, cut: int, put: bytes) -> None:
    page = modern() if at % 2 else old()
    at %= len(page)
    assert isinstance(read_page(page[:at] + put + page[at + cut % 300 :]), Page)


# Real pages

_REAL = {
    "error_other/davidturing-truncated-download": State.UNREADABLE,
    "error_other/evetools-2026-param-error": State.BAD_LINK,
    "error_other/exporter-temporarily-unavailable": State.UNAVAILABLE,
    "error_other/weextract-2018-break-string-escaped": State.OK,
    "error_other/weextract-2018-expired-link": State.EXPIRED,
    "error_other/weextract-2019-quota-limit": State.RATE_LIMITED,
    "browser_saved/wechatdownload-text-tian": State.OK,
}
_BY_KIND = {
    "deleted": State.DELETED,
    "violation": State.VIOLATION,
    "verify": State.VERIFICATION,
    "album": State.ALBUM,
    "account_page": State.ACCOUNT_PAGE,
}
_KINDS = {"8": Kind.GALLERY, "10": Kind.TEXT, "5": Kind.VIDEO}
FULL_PAGES = [row for row in index_of(PAGES) if row["scope"] == "full page"]


def read_real(row: dict[str, str]) -> Page:
    return read_page(gzip.decompress((PAGES / row["file"]).read_bytes()))


@needs_shared
@pytest.mark.parametrize(
    "row", FULL_PAGES, ids=lambda row: Path(row["file"]).name.removesuffix(".html.gz")
)
def test_every_real_page_comes_out_in_its_state_kind_and_identity(row: dict[str, str]) -> None:
    name = row["file"].removesuffix(".html.gz")
    read = read_real(row)
    assert read.state is _REAL.get(name, _BY_KIND.get(row["kind"], State.OK)), read.detail
    if read.state is not State.OK:
        assert read.text == ""
        assert read.detail
        return
    expected = _KINDS.get(row["item_show_type"], Kind.NORMAL)
    assert read.kind is (
        Kind.REPOST if "repost" in name else Kind.GALLERY if name.endswith("tian") else expected
    )
    assert read.title
    assert "\\n" not in read.title
    assert "\\x0a" not in read.title
    assert len(read.title) <= 64
    assert read.cover.startswith("https://") or read.kind is Kind.TEXT
    assert read.text.strip()
    if not name.endswith("tian"):  # its tool left neither account nor identity
        assert read.account
        assert identity_of(read.biz, read.mid, read.idx)
    if "wechatdownload" not in name:  # the tool took the scripts out, and the date with them
        assert read.published_at.endswith("+08:00")
