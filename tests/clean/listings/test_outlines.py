"""OPML: feeds, and what outliners write."""

from __future__ import annotations

from html import escape

import pytest

from crawler.clean.listings import ListKind, read_list
from tests.clean.listings.samples import short
from tests.growth import assert_linear

_ANCHOR = f'<a href="{short(1)}">潮水</a>'
TEXT = "渡口的船六点开。" * 80


def _listing(*outlines: str) -> bytes:
    return f'<opml version="2.0"><body>{"".join(outlines)}</body></opml>'.encode()


def test_opml_is_said_to_name_feeds() -> None:
    outline = '<outline type="rss" text="灯塔" xmlUrl="http://127.0.0.1/feed.xml"/>'
    listing = read_list(_listing(outline * 3))
    assert listing.kind is ListKind.OPML
    assert "names 3 feeds, not articles" in listing.problem
    folders = f'<outline text="{"灯" * 600}">{outline}</outline><outline url="{short(1)}"/>'
    [link] = read_list(_listing(folders)).links
    assert not link.left


@pytest.mark.parametrize(
    "item",
    [
        f'text="潮水" _note="{short(1)} 待读"',
        f"title='潮水' url='{short(1)}'",
        f'text="潮水 {short(1)}"',
        f'text="[潮水]({short(1)})" created="2026"',
        f'text="{escape(_ANCHOR)}"',
    ],
)
def test_an_item_says_the_title_of_its_article(item: str) -> None:
    [link] = read_list(_listing(f"<outline text='渡口'><outline {item}/></outline>")).links
    assert (link.url, link.title, link.left) == (short(1), "潮水", False)


@pytest.mark.parametrize(
    "item",
    [
        f'text="潮水" _note="{short(1)} {TEXT}"',
        f'text="{TEXT} {short(1)}"',
        f'text="潮水" url="{short(1)}"/><outline text="{TEXT}"',
        f'text="{TEXT}"/><outline text="潮水" url="{short(1)}"',
    ],
)
def test_a_text_in_an_item_or_below_it_is_told(item: str) -> None:
    links = read_list(_listing(f"<outline {item}/>", f'<outline url="{short(2)}"/>')).links
    assert [(link.url, link.left) for link in links] == [(short(1), True), (short(2), False)]
    assert links[0].title in ("潮水", "")


def test_the_work_of_reading_items_grows_as_they_do() -> None:
    item = f'<outline text="潮水" _note="{short(1)} a"/>\n'
    assert_linear(lambda size: read_list(_listing(item * size)), 200)
