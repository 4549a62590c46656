"""Pages that the reader's browser shows in another way are known, and no other page is."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from crawler.clean.pages import READING, altered
from crawler.clean.pages.altered import ALTERATIONS, TRANSLATED, Alteration
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
