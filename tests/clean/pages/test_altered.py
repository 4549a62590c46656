"""Pages that the reader's browser shows in another way are known, and no other page is."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from crawler.article import State
from crawler.clean.pages import READING, altered, read_page, shrink_page
from crawler.clean.pages.altered import ALTERATIONS, CONVERTED, TRANSLATED, Alteration
from tests.clean.pages.lookalikes import BODY, modern, notice, old
from tests.conftest import PAGES, needs_shared

if TYPE_CHECKING:
    from pathlib import Path

every_row = pytest.mark.parametrize("row", ALTERATIONS, ids=lambda row: row.id)


@every_row
def test_a_sign_takes_what_it_is_for_and_spares_what_looks_like_it(row: Alteration) -> None:
    assert all(row.pattern.search(text.encode()) for text in row.matches)
    assert not any(row.pattern.search(text.encode()) for text in row.spares)


@every_row
def test_a_page_with_a_sign_in_it_is_altered(row: Alteration) -> None:
    for sign in row.matches:
        assert altered(modern(f"{BODY}{sign}x")) == row.says


@pytest.mark.parametrize("page", [modern(), old(), notice("该内容已被发布者删除"), b"", b"\xff\0<"])
def test_a_page_as_it_was_served_is_not(page: bytes) -> None:
    assert altered(page) == ""


def _titled(shown: str, *, said: str = "雾中的电台与守塔人") -> bytes:
    heading = f'<h1 id="activity-name"> {shown} </h1></body>'.encode()
    return modern(title=said).replace(b"</body>", heading)


def test_a_title_in_other_words_than_the_data_have_is_a_translation() -> None:
    assert altered(_titled("The radio in the fog and its keeper")) == TRANSLATED
    assert altered(_titled("雾中的电台与守塔人")) == ""
    assert altered(_titled("雾中的电台 与守塔人！")) == ""
    assert altered(_titled("Radio", said="雾")) == ""  # too short to say anything


EXCHANGED = [
    ("OpenAI 发布 GPT-5", "OpenAI releases GPT-5"),
    ("2024年12月3日", "December 3, 2024"),
    ("中国经济的现状与未来展望", "中国経済の現状と未来の展望"),
    ("霧の中のラジオ", "雾中的电台"),
    ("雾中的电台与守塔人", "안개 속의 라디오"),
    ("Attention Is All You Need", "注意力就是你所需要的一切"),
]


@pytest.mark.parametrize(("said", "shown"), EXCHANGED)
def test_a_title_in_another_script_than_the_data_have_is_a_translation(
    said: str, shown: str
) -> None:
    """As browsers translate that leave no sign; names and figures stay as they are."""
    assert altered(_titled(shown, said=said)) == TRANSLATED
    saved = read_page(_saved(shown, said=said))
    assert (saved.state, saved.title, saved.account) == (State.UNREADABLE, said, "")
    assert read_page(shrink_page(_saved(shown, said=said))) == saved


@pytest.mark.parametrize(
    ("said", "shown"),
    [("Hello 世界", "Hello"), ("iPhone 17", "iPhone 17 原创"), ("A股", "A shares")],
)
def test_a_title_that_is_there_in_part_or_says_little_is_none(said: str, shown: str) -> None:
    assert read_page(_saved(shown, said=said)).state is State.OK


def _saved(shown: str, *, said: str) -> bytes:
    """A page without its data, as tools save it."""
    return (
        f'<head><meta property="og:title" content="{said}"></head><body><h1 id="activity-name">'
        f'{shown}</h1><a id="js_name">Fog Radio</a><div id="js_content"><p>Fog.</p></div>'
        "</body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("said", "added"),
    [
        ("雾中的电台与守塔人", "The radio in the fog and its keeper"),
        ("雾中的电台与守塔人", "霧の中のラジオと灯台守"),
        ("雾中的 Radio 与守塔人", "The radio in the fog"),
        ("The radio in the fog", "雾中的电台"),
    ],
)
def test_a_title_with_its_translation_beside_it_is_a_translation(said: str, added: str) -> None:
    """As most translators write it, whose own signs nobody knows yet."""
    for shown in (f"{said} <font><br>{added}</font>", f"<i>{added}</i> {said}"):
        assert altered(_titled(shown, said=said)) == TRANSLATED


@pytest.mark.parametrize("badge", ["原创", "复制标题", "Copy", "（更新版，含附录与勘误表）"])
def test_what_else_stands_beside_a_title_is_no_translation(badge: str) -> None:
    assert altered(_titled(f"雾中的电台与守塔人 <span>{badge}</span>")) == ""


@pytest.mark.parametrize("shown", ["霧中的電臺與守塔人", "霧中的電台與守塔人"])
def test_a_title_in_other_characters_than_the_data_have_is_a_conversion(shown: str) -> None:
    """As extensions turn pages from simplified to traditional ones, with all their words."""
    assert altered(_titled(shown)) == CONVERTED
    assert altered(_titled("雾中的电台与守塔人", said=shown)) == CONVERTED
    with_data = _titled(shown).replace(
        "<p>山里的雾散得很慢。".encode(), "<p>山裡的霧散得很慢。".encode()
    )
    assert read_page(with_data).text.startswith("山里的雾散得很慢。")
    saved = read_page(_saved(shown, said="雾中的电台与守塔人"))
    assert (saved.state, saved.text) == (State.OK, "Fog.")
    assert "in other characters than its own" in saved.left
    assert altered(_titled(shown, said=shown)) == ""


SIGNS = [row for row in ALTERATIONS if row.says == TRANSLATED]


def _shown_in_english(sign: str, data: str) -> bytes:
    page = modern("<p>山里的雾。</p>", content_noencode=data).decode()
    at = page.rindex("<p>山里的雾。</p>")
    translated = page[:at] + page[at:].replace("山里的雾。", "Fog in the hills.", 1)
    return translated.replace("<div id='js_article'>", f"{sign}<div id='js_article'>").encode()


@pytest.mark.parametrize("row", SIGNS, ids=lambda row: row.id)
def test_the_words_of_a_translated_page_are_those_of_its_data_or_none(row: Alteration) -> None:
    page = _shown_in_english(row.matches[0], "<p>山里的雾。</p>")
    assert (read_page(page).state, read_page(page).text) == (State.OK, "山里的雾。")
    assert read_page(shrink_page(page)).text == "山里的雾。"
    bare = read_page(_shown_in_english(row.matches[0], ""))
    assert (bare.state, bare.text) == (State.UNREADABLE, "")


@pytest.mark.parametrize("row", SIGNS, ids=lambda row: row.id)
def test_a_translation_that_an_author_pasted_is_the_articles(row: Alteration) -> None:
    read = read_page(modern(f"{BODY}{row.matches[0]}Fog.", content_noencode=""))
    assert read.state is State.OK
    assert "Fog." in read.text


def test_a_view_for_reading_is_told_from_a_translation() -> None:
    reader = b'<html><body><div class="moz-reader-content"><p>x</p></div></body></html>'
    assert altered(reader) == READING


@needs_shared
def test_no_real_page_is_taken_for_altered() -> None:
    pages = sorted(PAGES.rglob("*.html*"))
    assert len(pages) > 50
    assert [path.name for path in pages if altered(_content(path))] == []


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content
