from __future__ import annotations

import encodings
import pkgutil

import pytest

from crawler.clean.pages.charset import is_sound, to_utf8


@pytest.mark.parametrize(
    ("content", "http", "says"),
    [
        ("\ufeff雾".encode(), "gbk", "雾"),
        ("雾".encode("utf-16-le"), "", None),
        (b"\xff\xfe" + "雾".encode("utf-16-le"), "utf-8", "雾"),
        ("<p>雾".encode("utf-16-be"), "", "<p>雾"),
        ("雾".encode("gb18030"), "GB2312", "雾"),
        ("<meta charset=gbk>雾".encode("gbk"), "", "<meta charset=gbk>雾"),
        ("<meta charset='utf-16'>雾".encode(), "", "<meta charset='utf-16'>雾"),
        ("<meta charset=nonsense>雾".encode(), "hex", "<meta charset=nonsense>雾"),
        (b" " * 2000 + "<meta charset=gbk>雾".encode(), "", " " * 2000 + "<meta charset=gbk>雾"),
        ("雾".encode(), "", "雾"),
        ("雾中".encode("gb18030"), "", "雾中"),
        (b"caf\xe9", "ISO-8859-1", "café"),
    ],
)
def test_the_character_set_is_decided_as_a_browser_decides_it(
    content: bytes, http: str, says: str | None
) -> None:
    decoded = to_utf8(content, http).decode(errors="replace")
    assert says is None or decoded == says


@pytest.mark.parametrize(
    "label", ["gb2312", "us-ascii", "iso-8859-1", "big5", "shift_jis", "koi8-r"]
)
def test_utf8_under_another_label_keeps_its_words(label: str) -> None:
    page = "<p>渡轮在清晨离开码头，船上坐着二十个人。café"
    assert to_utf8(page.encode(), label).decode() == page
    labelled = f"<meta charset={label}>{page}"
    assert to_utf8(labelled.encode()).decode() == labelled


@pytest.mark.parametrize("label", ["", "gb2312", "iso-8859-1", "big5"])
@pytest.mark.parametrize("hurt", [b"\x88", b"", b"\xff\xff\xff"], ids=["flipped", "gone", "over"])
def test_utf8_of_which_a_few_bytes_are_damaged_keeps_its_other_words(
    label: str, hurt: bytes
) -> None:
    page = ("<p>渡轮在清晨离开码头，船上坐着二十个人。" * 2).encode()
    page = page.replace("轮".encode(), b"\xe8" + hurt, 1)
    read = to_utf8(page, label).decode(errors="replace")
    assert "在清晨离开码头，船上坐着二十个人。" in read
    cut = "<p>渡轮在清晨离开码头，船上坐着二十个人".encode()[:-1]
    assert "渡轮在清晨离开码头，船上坐着二十个" in to_utf8(cut, label).decode(errors="replace")


def test_no_label_that_is_longer_than_any_is_looked_for() -> None:
    # Python remembers each, of whatever length, as long as it runs
    before = len(encodings._cache)
    for number in range(9):
        assert to_utf8("雾".encode(), f"{number}{'a' * 40}") == "雾".encode()
    assert len(encodings._cache) == before


def test_gbk_that_says_utf8_keeps_its_words() -> None:
    page = "<meta charset=utf-8><title>渡轮</title><p>渡轮在清晨离开码头，镕字、€ 也在。</p>" * 20
    assert to_utf8(page.encode("gb18030")).decode() == page
    assert to_utf8(page.encode("gb18030"), "utf-8").decode() == page


def test_utf8_with_faults_stays_utf8() -> None:
    page = (
        "<meta charset=utf-8><p>渡轮在清晨</p>".encode() + b"\xff\xb6\xc9" + "<p>离开".encode()[:-1]
    )
    assert to_utf8(page) == page
    long = b"<meta charset=utf-8>" + "渡轮".encode() * 2000
    assert to_utf8(long) == long


@pytest.mark.parametrize("content", ["Größe", "Москва", "café"])
def test_a_label_holds_where_the_bytes_may_be_either(content: str) -> None:
    assert to_utf8(content.encode(), "cp1252").decode() == content.encode().decode(
        "cp1252", "replace"
    )


@pytest.mark.parametrize(
    "codec", [found.name for found in pkgutil.iter_modules(encodings.__path__)]
)
def test_no_codec_of_pythons_that_a_page_names_breaks_the_reading(codec: str) -> None:
    page = f"<html><head><meta charset='{codec}'></head><body>".encode() + b"xn--\xff\xfe.\x00" * 9
    assert to_utf8(page, codec)
    assert to_utf8(page)


def test_a_page_with_a_mark_of_utf8_is_damaged_where_it_is_none_whatever_it_names() -> None:
    page = "<meta charset=windows-1252><p>café".encode("utf-8-sig")
    assert is_sound(page)
    assert not is_sound(page + b"\xe9</p>")
    assert is_sound(page.removeprefix(b"\xef\xbb\xbf") + b"\xe9</p>")
