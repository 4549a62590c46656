"""What shows nothing is one thing, wherever it comes from and wherever it goes."""

from __future__ import annotations

import re
import tracemalloc
import unicodedata
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler import characters
from crawler.archive.files.names import collision_key, safe_part
from crawler.archive.search.snippet import highlight, snippet
from crawler.characters import (
    INVISIBLE,
    JOINERS,
    LOST,
    OTHER_ENDS,
    charsets_of,
    from_utf16,
    is_whole,
    mended,
    normalized,
    on_one_line,
    texts_of,
    unescaped,
    visible,
)
from crawler.clean.containers import documents_in
from crawler.clean.exports import place_beside
from crawler.clean.listings import read_list
from crawler.clean.pages import read_page
from crawler.clean.pages.charset import to_utf8
from crawler.clean.promotion.blocks import words_of
from crawler.clean.seeds import read_seed
from crawler.cli.printing import document_on_screen, on_screen
from crawler.folding import title_key
from tests.clean.pages.lookalikes import modern
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Callable

MARKS = {
    "C0": "\x1b",
    "C1": "\x9b",
    "bidi override": "\u202e",
    "bidi isolate": "\u2066",
    "left-to-right mark": "\u200e",
    "Arabic letter mark": "\u061c",
    "zero-width space": "\u200b",
    "soft hyphen": "\u00ad",
    "word joiner": "\u2060",
    "invisible times": "\u2062",
    "byte order mark": "\ufeff",
    "Mongolian vowel separator": "\u180e",
    "group separator": "\x1d",
    "loose joiner": "\u200d",
    "loose non-joiner": "\u200c",
    "noncharacter": "\ufdd0",
    "search's first mark": "\ue000",
    "search's second mark": "\ue001",
    "icon font": "\uf0c9",
    "private plane": "\U000f0001",
    "tag": "\U000e0041",
}
KEPT = [
    "👨\u200d👩\u200d👧",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "می\u200cخواهم",
    "❤\ufe0f\u200d🔥",
    "ᠬᠠᠷ\u180eᠠ",
]
any_mark = pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)


@any_mark
def test_a_page_and_a_seed_lose_the_same_marks(mark: str) -> None:
    page = read_page(modern(body=f"<p>北坡的灯{mark}塔在夜里亮着。</p>"), charset="", url="")
    seed = read_seed(whole_seed(body=f"北坡的灯{mark}塔在夜里亮着。").encode())
    assert "北坡的灯塔在夜里亮着。" in page.text
    assert "北坡的灯塔在夜里亮着。" in seed.text


@any_mark
def test_code_loses_them_too_for_what_runs_must_read_as_it_stands(mark: str) -> None:
    page = read_page(
        modern(body=f"<pre><code>if ad{mark}min:\n\tpass</code></pre>"), charset="", url=""
    )
    assert "if admin:\n\tpass" in page.text


@any_mark
def test_a_terminal_and_a_front_matter_value_never_show_them(mark: str) -> None:
    assert on_screen(f"灯{mark}塔") == "灯塔"
    assert document_on_screen(f"灯\n\t{mark}塔") == "灯\n\t塔"
    assert on_one_line(f" 灯{mark}塔\n") in ("灯塔", "灯 塔")  # some are white space to Python


@pytest.mark.parametrize("end", OTHER_ENDS, ids=ascii)
def test_words_that_another_end_of_a_line_parts_are_no_one_word(end: str) -> None:
    words = f"报价<b>12</b>{end}<i>34</i>元，1{end}{end}2元"
    page = read_page(modern(body=f"<p>{words}</p>"), charset="", url="")
    assert page.text == "报价**12** *34*元，1 2元"
    seed = read_seed(whole_seed(body=f"报价12{end}34元，**甲{end}**乙{end}\n\n丙").encode())
    if end not in "\r\x85":  # GBK's end of a line, or none of its text's
        assert "报价12 34元，**甲**乙\n\n丙" in seed.text
    assert on_screen(f"12{end}34") == "12 34"
    assert visible(f"{end}1 {end}2{end}\n{end}") == "1 2\n"


@pytest.mark.parametrize("text", KEPT)
def test_joiners_and_tags_stay_where_a_word_or_a_sign_is_made_with_them(text: str) -> None:
    assert visible(text) == on_one_line(text) == text


def test_a_body_forges_no_hit_of_a_search() -> None:
    forged = "\ue000没有找到的词\ue001 灯塔"
    assert snippet(forged, ["灯塔"], marks=("\ue000", "\ue001")) == "没有找到的词 \ue000灯塔\ue001"
    assert (
        highlight(forged, ["灯塔"], marks=("\ue000", "\ue001")) == "没有找到的词 \ue000灯塔\ue001"
    )


@given(st.text(st.characters(exclude_characters="\u180e")))
def test_nothing_invisible_is_left_and_nothing_else_is_lost(text: str) -> None:
    shown = visible(text)
    assert not re.search(f"[{INVISIBLE}]", shown)
    assert visible(shown) == shown
    kept = re.sub(f"[ {INVISIBLE}{JOINERS}\U000e0000-\U000e007f]", "", text)
    assert re.sub(f"[ {JOINERS}\U000e0000-\U000e007f]", "", shown) == kept


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_text_in_utf_16_is_known_by_its_mark_or_by_its_first_letters(
    encoding: str, text: str
) -> None:
    text = f"# {text}"
    assert from_utf16(text.encode(encoding)) == text.encode()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_text_in_another_encoding_is_taken_for_utf_16(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        content = text.encode(encoding)
        assert from_utf16(content) is content


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_in_utf_16_of_which_a_letter_is_lost_is_read_and_known_to_be_hurt(
    encoding: str,
) -> None:
    text = "# 灯塔\n\n灯塔的光每隔七秒扫过一次海面，渔民都知道这件事。"
    assert is_whole(text.encode(encoding))
    cut = text.encode(encoding)[:-1]
    half = text.replace("海", "\ud800").encode(encoding, "surrogatepass")
    assert from_utf16(cut).decode() == f"{text[:-1]}{LOST}"
    assert from_utf16(half).decode() == text.replace("海", LOST)
    assert not is_whole(cut)
    assert not is_whole(half)


def test_a_damaged_text_is_mended_in_memory_for_less_than_three_of_it() -> None:
    content = ("潮水退去以后，滩涂上留下许多小小的洞。" * 120_000).encode()[:-1]
    tracemalloc.start()
    whole = mended(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert whole.decode().count(LOST) == 1
    assert peak < 2.5 * len(content)


@given(st.text(min_size=300), st.binary(min_size=1, max_size=4), st.integers(1, 9))
def test_a_damaged_text_is_mended_piece_by_piece_as_at_once(
    text: str, hurt_by: bytes, size: int
) -> None:
    content = b"\xef\xbb\xbf" + text.encode() + hurt_by + text[::-1].encode() + b"\xe6"
    at_once = [*texts_of(content)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(characters, "_PIECE", size)
        assert [*texts_of(content)] == at_once
    assert at_once[-1:] in ([], [content.decode("utf-8-sig", "replace")])


def test_bytes_that_are_no_utf_16_after_all_stay_as_they_are() -> None:
    content = b"<\0!\0" + b"\x00\xd8"
    assert from_utf16(content) is content


_TRADITIONAL = (
    "渡輪在清晨離開碼頭，船上坐著二十個人。第二段寫到了河水與風，也寫到了那位船長的女兒。"
)
_SIMPLIFIED = "渡轮在清晨离开码头，船上坐着二十个人。第二段写到了河水与风，也写到了那位船长的女儿。"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (_SIMPLIFIED, "gb18030"),
        (_TRADITIONAL, "gb18030"),
        (_TRADITIONAL, "big5hkscs"),
        (f"---\ntitle: {_TRADITIONAL}\n---\n", "big5hkscs"),
        ("關於潮水", "gb18030"),
    ],
)
def test_text_in_chinese_character_sets_is_read_in_its_own(text: str, charset: str) -> None:
    _, found = charsets_of(text.encode(charset))
    assert found == charset


@pytest.mark.parametrize("hurt_by", [b"", b"\xff", b"\x85", b" "])
def test_big5_of_which_a_letter_is_damaged_or_cut_is_read_as_big5(hurt_by: bytes) -> None:
    content = (_TRADITIONAL * 6).encode("big5hkscs")
    hurt = content[:41] + hurt_by + content[42:] if hurt_by else content[:-1]
    page = b"<html><body><div id='js_content'><p>%s</p></div></body></html>" % hurt
    assert to_utf8(page).decode().count("離開碼頭") == 6
    assert [*texts_of(hurt)] == []
    listing = read_list(b"title,url\n%s,%s\n" % (hurt, link(1).encode()))
    assert all(_TRADITIONAL in one.title for one in listing.links)


WRITTEN = ("cafe\u0301 ", "ﬁ각1 ", "灯塔，ＳＱＬ", "\u1100\u1161\u11a8", "e\u0323\u0302")
JOINED = ("\u09c7\u09be", "\u0dd9\u0dcf", "\u0f71\u0f74\u0f73", "ｶﾞ", "ㄱㅏ", "ﾡￂ")
"""Signs that are joined with the one before, or put before it, and are no marks by their class."""


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
@pytest.mark.parametrize("written", WRITTEN)
def test_a_long_text_is_normalized_as_a_short_one_is(
    form: Literal["NFC", "NFD", "NFKC"], written: str
) -> None:
    text = written * 999
    assert normalized(form, text) == unicodedata.normalize(form, text)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC"])
@pytest.mark.parametrize("joined", JOINED)
def test_no_two_signs_that_are_one_are_normalized_apart(
    form: Literal["NFC", "NFD", "NFKC"], joined: str
) -> None:
    for before in range(997, 1_001):
        text = "灯" * before + joined + "塔" * 9
        assert normalized(form, text) == unicodedata.normalize(form, text)


def test_marks_by_the_thousand_on_one_letter_are_put_in_order_piece_by_piece(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lengths: list[int] = []

    def counted(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
        lengths.append(len(text))
        return unicodedata.normalize(form, text)

    monkeypatch.setattr(characters, "unicodedata", _Counted(counted))
    marked = "a" + "\u0301\u0316" * 5_000
    for work in (title_key, words_of, safe_part, collision_key):
        assert work(marked)
    assert max(lengths) <= 1_000  # of 10,000 marks at once 100 million steps would be taken


class _Counted:
    """`unicodedata` with another `normalize`."""

    category = staticmethod(unicodedata.category)

    def __init__(self, normalize: Callable[..., str]) -> None:
        self.normalize = normalize


ENDLESS = f"&#{'1' * 4400};"
ADDRESS = "https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv"


def test_what_is_no_number_of_a_character_does_not_hinder_the_others() -> None:
    assert unescaped(f"a &lt;&#20809;&#x5149;{ENDLESS} &amp;#1;") == f"a <光光{LOST} &#1;"


PAGE = '<div id="js_content">光{0}</div>'
DATA = '<script>window.cgiDataNew = {{title: "{0}", desc: "{0}", bizuin: "MzA5MzE5MDAzOA=="}};'
PICTURE = f'<img data-src="https://mmbiz.qpic.cn/a/640" data-w="{"1" * 4400}">'
NOTE = (
    "<en-export><note><title>{}</title><content><![CDATA[<en-note>光</en-note>]]></content>"
    f"<note-attributes><source-url>{ADDRESS}</source-url></note-attributes></note></en-export>"
)


@pytest.mark.parametrize(
    "read",
    [
        lambda: read_page((PAGE + DATA).format(ENDLESS).encode()),
        lambda: read_page(PAGE.format(PICTURE).encode()),
        lambda: read_list(f'<html><a href="{ADDRESS}?{ENDLESS}">{ENDLESS}</a>'.encode()),
        lambda: [*documents_in("a.enex", NOTE.format(ENDLESS).encode())],
        lambda: place_beside(f'<img src="{ENDLESS}">'.encode(), lambda _: ""),
    ],
    ids=["data", "width", "list", "notes", "picture"],
)
def test_a_number_of_thousands_of_digits_is_read_as_any_other(read: Callable[[], object]) -> None:
    assert read()
