from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, fromstring

import feedparser  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive.reading import Death
from crawler.errors import ArchiveError
from crawler.flows.deaths_feed import feed_of, write_deaths_feed

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-03-09T08:00:00.000000"
DEATH = Death(
    article_id="MzA3:2650000001:1",
    title="灯塔日记",
    account="青石电台",
    url="https://mp.weixin.qq.com/s?__biz=MzA3&mid=2650000001&idx=1&sn=ab&chksm=cd",
    date="2026-03-01",
    last_seen_alive="2026-03-02T03:15:00.000000",
    first_seen_dead="2026-03-04T03:15:00.000000",
    confirmed="2026-03-05T03:15:00.000000",
    seen_again="",
    state="deleted",
    notice="该内容已被发布者删除",
    characters=1200,
    revisions=2,
    snapshots=2,
    pictures=3,
)
ATOM = "{http://www.w3.org/2005/Atom}"


def read(feed: bytes) -> Element:
    return fromstring(feed)  # noqa: S314  (we wrote it)


def text_of(element: Element, path: str) -> str:
    return element.findtext("/".join(f"{ATOM}{name}" for name in path.split("/"))) or ""


def test_a_reader_of_feeds_sees_each_death_with_its_notice_and_what_is_held(tmp_path: Path) -> None:
    path = tmp_path / "deaths.xml"
    assert write_deaths_feed(path, [DEATH], now=NOW)
    shown = feedparser.parse(path.read_bytes())
    assert not shown.bozo
    assert shown.version == "atom10"
    [entry] = shown.entries
    assert (entry.title, entry.author, entry.link) == ("灯塔日记", "青石电台", DEATH.url)
    assert [tag.term for tag in entry.tags] == ["deleted"]
    assert entry.updated == shown.feed.updated == "2026-03-04T19:15:00Z"
    assert "该内容已被发布者删除" in entry.summary
    assert "Last seen on 2026-03-02 03:15 +08:00, gone since 2026-03-04" in entry.summary
    assert "1,200 characters" in entry.summary


def test_the_same_deaths_give_the_same_file_whenever_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "deaths.xml"
    assert write_deaths_feed(path, [DEATH], now=NOW)
    assert not write_deaths_feed(path, [DEATH], now="2027-01-01T00:00:00.000000")


def test_who_came_back_keeps_its_id_and_is_told_anew() -> None:
    before, after = (
        read(feed_of([death], now=NOW))
        for death in (DEATH, replace(DEATH, seen_again="2026-03-20T03:15:00.000000"))
    )
    assert text_of(before, "entry/id") == text_of(after, "entry/id")
    assert text_of(after, "entry/updated") == "2026-03-19T19:15:00Z"
    assert "It came back" in text_of(after, "entry/summary")


def test_a_feed_without_a_death_is_a_feed() -> None:
    empty = read(feed_of([], now=NOW))
    assert text_of(empty, "updated") == "2026-03-09T00:00:00Z"
    assert empty.find(f"{ATOM}entry") is None


def test_no_credential_of_a_link_is_in_the_feed() -> None:
    link = "https://mp.weixin.qq.com/s?__biz=MzA3&mid=1&idx=1&key=hush&pass_ticket=hush&uin=hush"
    hostile = replace(DEATH, url=link, title=link, notice=f"see {link}", account=link)
    assert b"hush" not in feed_of([hostile], now=NOW)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_title_or_a_notice_holds_the_feed_can_be_read(title: str, notice: str) -> None:
    feed = read(feed_of([replace(DEATH, title=title, notice=notice)], now=NOW))
    assert text_of(feed, "entry/title")


def test_a_database_in_the_place_of_the_feed_stays(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    path.write_bytes(b"SQLite format 3\0" + bytes(100))
    with pytest.raises(ArchiveError, match="database"):
        write_deaths_feed(path, [DEATH], now=NOW)
