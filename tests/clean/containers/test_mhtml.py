from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.clean.containers import read_mhtml
from tests.clean.containers.samples import PAGE, PICTURE, PNG, mail
from tests.clean.listings.samples import short

if TYPE_CHECKING:
    from crawler.clean.containers.mhtml import MhtmlPage


def test_a_page_comes_with_its_link_its_moment_and_its_pictures() -> None:
    page = read_mhtml(mail(short(1)))
    assert page is not None
    assert page.url == short(1)
    assert page.saved == "2024-05-09T04:30:00"
    assert "潮水".encode() in page.content
    assert page.pictures == {PICTURE: PNG, "cid:one@mhtml": PNG}


def test_of_mail_larger_than_any_the_page_comes_with_the_pictures_before_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = mail(short(1))
    monkeypatch.setattr("crawler.clean.containers.mhtml._MAX_BYTES", len(whole))
    behind = b"--b\nContent-Type: image/gif\nContent-Location: https://a/1\n\nGIF89a"
    large = whole.rpartition(b"\n--")[0] + b"\n" + behind * 99
    page, own = read_mhtml(large), read_mhtml(whole)
    assert page is not None
    assert own is not None
    assert (page.is_cut, own.is_cut) == (True, False)
    assert page._replace(is_cut=False) == own
    assert read_mhtml(b"x" * 2 * len(whole)) is None


def test_a_page_without_a_location_has_no_link_of_its_own() -> None:
    page = read_mhtml(mail(short(1), located=False))
    assert page is not None
    assert page.url == ""


def test_a_frame_that_stands_before_the_page_is_not_taken_for_it() -> None:
    part = "--b\nContent-Type: text/html; charset=utf-8\n"
    mailed = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n'
        f"{part}\n<p>frame</p>\n{part}Content-Location: {short(1)}\n\n<p>潮水</p>\n--b--\n"
    )
    page = read_mhtml(mailed.encode())
    assert page is not None
    assert (page.url, page.content.strip()) == (short(1), "<p>潮水</p>".encode())


@pytest.mark.parametrize(("other", "are_two"), [(short(2), True), (short(1), False), ("", False)])
def test_a_page_of_another_article_that_stands_behind_the_page_is_told(
    other: str, *, are_two: bool
) -> None:
    page = "--b\nContent-Type: text/html\nContent-Location: {}\n\n<p>a</p>\n"
    head = "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n"
    read = read_mhtml(f"{head}{page.format(short(1))}{page.format(other)}--b--\n".encode())
    assert read is not None
    assert (read.url, read.is_followed) == (short(1), are_two)


def test_a_part_whose_type_is_none_is_a_picture_by_its_address() -> None:
    text = b64encode(PAGE.encode()).decode()
    odd = (
        'Content-Type: multipart/related;\n boundary="=="\nMIME-Version: 1.0\n\n--==\n'
        "Content-Type: \n image/cn/mmbiz\nContent-Transfer-Encoding: base64\n"
        f"Content-Location: \n {PICTURE}"
        f'\n\n{b64encode(PNG).decode()}\n\n--==\nContent-Type: text/html; charset="utf-8"\n'
        f"Content-Transfer-Encoding: base64\n\n{text}\n\n--==--\n"
    )
    page = read_mhtml(odd.encode())
    assert page is not None
    assert page.content.decode() == PAGE
    assert page.pictures == {PICTURE: PNG}


def test_credentials_never_come_out_of_a_location() -> None:
    page = read_mhtml(mail(f"{short(1)}?key=s3cret"))
    assert page is not None
    assert "s3cret" not in page.url


def test_mail_without_a_page_is_none() -> None:
    assert read_mhtml(b"From: x\n\nhello") is None
    assert read_mhtml(b"") is None


@given(st.binary())
def test_no_bytes_break_the_reading(content: bytes) -> None:
    read_mhtml(content)
    read_mhtml(mail(short(1))[: len(content) * 9] + content)


@pytest.mark.parametrize("told", ["charset*=x; charset*0=y", "charset*0=y; charset*=x"])
@pytest.mark.parametrize("where", ["page", "mail"])
def test_a_parameter_that_stands_there_in_two_ways_breaks_nothing(told: str, where: str) -> None:
    of_mail, of_page = (told, "charset=utf-8") if where == "mail" else ("x=y", told)
    page = read_mhtml(
        f'Content-Type: multipart/related; boundary="B"; {of_mail}\n\n--B\n'
        f"Content-Type: text/html; {of_page}\n\n<html>灯</html>\n--B--\n".encode()
    )
    assert page is None or "灯" in page.content.decode()
    assert page or where == "mail"


@pytest.mark.parametrize("told", [f"charset*{'9' * 4400}=x", "charset*=%00''x"])
def test_a_charset_that_nobody_can_read_is_none(told: str) -> None:
    part = f"--b\nContent-Type: text/html; {told}\nContent-Location: {short(1)}\n\n<p>潮水</p>\n"
    mailed = f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n{part}--b--\n'
    page = read_mhtml(mailed.encode())
    assert page is None or page.charset == ""


def _mailed(told: str, place: str) -> MhtmlPage:
    mail = f"MIME-Version: 1.0\nContent-Type: {told}\nContent-Location: {place}\n\n<p>a</p>\n"
    page = read_mhtml(mail.encode())
    assert page is not None
    return page


@pytest.mark.parametrize("length", [500, 2_000])
def test_a_type_is_read_no_further_than_any_has_to_be(length: int) -> None:
    page = _mailed(f'text/html; a="{";" * length}"; charset=gbk', short(1))
    assert page.charset == ("gbk" if length == 500 else "")  # else a MB of it takes ten minutes


@pytest.mark.parametrize("length", [4_000, 40_000])
def test_a_header_is_read_no_further_than_any_has_to_be(length: int) -> None:
    place = f"{short(1)}?a={'b' * length}"
    assert _mailed("text/html", place).url == place[:8192]


@pytest.mark.parametrize("blank", ["\n ", "\x1c"])
@pytest.mark.parametrize("depth", [20, 200])
def test_mail_in_mail_is_read_so_far_as_pages_are_saved(depth: int, blank: str) -> None:
    around = "".join(
        f'Content-Type:{blank}multipart/mixed; boundary="b{number}"\n\n--b{number}\n'
        for number in range(depth)
    )
    page = read_mhtml(f"MIME-Version: 1.0\n{around}Content-Type: text/html\n\n<p>a</p>\n".encode())
    assert (page is not None) == (depth == 20)


@pytest.mark.parametrize("count", [20, 20_000])
def test_a_report_of_delivery_is_read_so_far_as_pages_have_parts(count: int) -> None:
    page = read_mhtml(
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        b"Content-Type: text/html\n\n<p>a</p>\n--b\nContent-Type: message/delivery-status\n\n"
        + b"\n"
        * count
    )
    assert (page is not None) == (count == 20)


@pytest.mark.parametrize("count", [20, 200_000])
def test_headers_are_read_so_far_as_pages_have_some(count: int) -> None:
    page = read_mhtml(b"MIME-Version: 1.0\n" + b"a:\n" * count + b"Content-Type: text/html\n\n<p>")
    assert (page is not None) == (count == 20)
