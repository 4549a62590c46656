"""HTML from anywhere is parsed, or refused with a reason, before it costs anything."""

from __future__ import annotations

from collections import Counter
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import crawler
from crawler.article import State, sha256
from crawler.clean.exports import (
    Document,
    Link,
    own_source,
    pictures_beside,
    read_export,
)
from crawler.clean.exports.elements import mend_elements, names_closed
from crawler.clean.listings import links_of_album
from crawler.clean.markup.parsing import Parsed, parse_fragment, parse_text, parse_whole
from crawler.clean.pages import read_page, shrink_page
from tests.clean.pages.lookalikes import LINK
from tests.fake_answers import article

if TYPE_CHECKING:
    from collections.abc import Callable

DEEP = "<div>" * 10_000
HIDDEN = "<!-- --!>" + DEEP
"""What was taken for a comment by whoever ended it at `-->` alone."""
MANY = "<section " + " ".join(f"a{number}=1" for number in range(50_000)) + ">潮</section>"


@pytest.mark.parametrize("parse", [parse_text, parse_fragment])
def test_what_would_take_too_long_is_refused(parse: Callable[[str], Parsed]) -> None:
    tree, refusal = parse(DEEP)
    assert tree is None
    assert "open at once" in refusal


def test_a_tag_with_more_attributes_than_any_has_never_reaches_the_parser() -> None:
    tree, _ = parse_text(MANY)
    assert tree is not None
    assert tree.css_first("section") is None
    assert tree.body is not None
    assert tree.body.text() == "潮"


def test_scripts_of_a_page_do_not_count_and_pictures_in_a_fragment_neither() -> None:
    script = f"<script>{'<b>' * 50_000}</script>"
    assert parse_whole(f"{script}<p>潮</p>".encode()).tree is not None
    picture = f"<img src='data:image/png;base64,{'A' * 3_000_000}'>"
    assert parse_fragment(f"<p>潮</p>{picture}").tree is not None


def test_a_page_is_read_however_large_the_pictures_are_that_stand_in_it() -> None:
    copy = f"data:image/png;base64,{'A' * 3_000_000}"
    picture = f"<p>潮<img data-src='https://a.cn/a' src='{copy}'></p>"
    page = article(1, picture * 2)
    assert read_page(page).state is State.OK
    assert read_page(shrink_page(page)) == read_page(page)
    assert list(pictures_beside(page)) == [("https://a.cn/a", copy)] * 2
    bare = page.replace(b"'" + copy.encode() + b"'", copy.encode())
    assert list(pictures_beside(bare)) == [("https://a.cn/a", copy)] * 2
    odd = f"<img data-src='https://a.cn/a' src='{copy}&#43;A'>"
    assert list(pictures_beside(odd.encode())) == [("https://a.cn/a", f"{copy}+A")]
    mark = f"data:{sha256(page)},0"  # of another page
    forged = page + f"<img data-src='https://a.cn/b' src='{mark}'>".encode()
    assert dict(pictures_beside(forged))["https://a.cn/b"] == mark


@pytest.mark.parametrize(
    "kind", ["audio/mpeg", "video/mp4;codecs=avc1", "text/css", "", "image/svg+xml;charset=utf-8"]
)
def test_a_page_is_read_whatever_else_stands_in_a_tag(kind: str) -> None:
    held = f"data:{kind};base64,{'A' * 3_000_000}"
    assert read_page(article(1, f"<p>潮<audio src={held}></audio></p>")).state is State.OK


@pytest.mark.parametrize("parse", [parse_text, parse_fragment])
def test_a_text_that_shows_a_picture_as_it_is_written_stays(parse: Callable[[str], Parsed]) -> None:
    shown = '&lt;img src="data:image/png;base64,iVBORw0KGgo="&gt;'
    tree, _ = parse(f"<p>用 {shown} 写</p>")
    assert tree is not None
    assert tree.body is not None
    assert tree.body.text() == f"用 {unescape(shown)} 写"


def _source_of(content: str) -> object:
    return own_source(f"<meta property='og:url' content='{LINK}'>{content}".encode())


def _pictures(content: str) -> object:
    return list(pictures_beside(f"{content}<img data-src='https://a.cn/a' src='b'>".encode()))


def _album(content: str) -> object:
    return links_of_album(f"{content}<li class=album__list-item data-link='{LINK}'>".encode())


@pytest.mark.parametrize("door", [_source_of, _pictures, _album])
def test_a_page_that_is_looked_at_again_is_measured_again(door: Callable[[str], object]) -> None:
    assert door("<p>")
    assert not door(HIDDEN)


def test_a_piece_of_html_that_would_take_too_long_is_refused_by_name() -> None:
    document = Document(name="a.html", content=DEEP.encode(), known=Link(url=LINK))
    adopted = read_export(document)
    assert adopted.state is State.UNREADABLE
    assert "open at once" in adopted.detail


def test_a_table_in_markdown_that_would_take_too_long_leaves_its_words() -> None:
    table = f"<table><tr><td>{DEEP}潮</td></tr></table>"
    assert mend_elements(table, Counter(), names_closed(table) | {"div"}).strip() == "潮"


def test_what_scripts_write_in_place_of_a_page_is_measured() -> None:
    written = "\\x3cdiv>" * 10_000
    page = f"<html><body><p>潮<script>document.write('{written[:7_900]}')</script>" * 13
    assert read_page(f"{page}</body></html>".encode()).state is State.UNREADABLE


def test_html_is_parsed_only_where_it_was_measured() -> None:
    measured = {"clean/markup/parsing.py", "clean/pages/read.py", "clean/pages/altered.py"}
    house = Path(crawler.__file__).parent
    parsing = {
        path.relative_to(house).as_posix()
        for path in house.rglob("*.py")
        if "LexborHTMLParser(" in path.read_text(encoding="utf-8")
    }
    assert parsing == measured
