"""Lists of every kind and charset; and the samples beside the checkout, as their tables say."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.clean.listings import ListKind, documents_of_feed, read_list
from crawler.urls import parse_url
from tests.clean.listings.samples import short
from tests.conftest import SHARED, needs_shared

EXPORTS, CASES = SHARED / "exports", SHARED / "cases"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gbk", "gb18030", "big5", "euc_jp"],
)
def test_a_list_is_read_in_whatever_charset_it_is(encoding: str) -> None:
    text = "\n".join(f"{name} {short(n)}" for n, name in enumerate(["清單", "文章", "天氣"]))
    words = text if encoding in {"big5", "euc_jp"} else text.replace("單", "单").replace("氣", "气")
    links = read_list(words.encode(encoding)).links
    assert [link.url for link in links] == [short(0), short(1), short(2)]
    if encoding not in {"big5", "euc_jp"}:
        assert links[0].title == "清单"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 999, b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_what_is_no_list_says_so(content: bytes) -> None:
    listing = read_list(content)
    assert listing.links == ()
    assert listing.problem


@given(st.binary())
@example(b"PK\x03\x04")
@example(b"\xff\xfe<")
@example(b"<rss")
@example(b"<opml>")
@example(b'{"version": "jsonfeed.org/version"}')
@example(b'{"version": "jsonfeed.org/version", "items": [1, {"url": 1}]}')
@example(b'url,title\n"')
def test_no_bytes_break_the_reading(content: bytes) -> None:
    for given_ in (content, b"[" + content, b"url,title\n" + content, b"<rss>" + content):
        listing = read_list(given_)
        assert bool(listing.problem) is not bool(listing.links or listing.refused)
        assert not any(parse_url(link.url).flaw for link in listing.links)
        documents_of_feed("f", given_)


LISTS = {
    "lists/titles.txt": 6, "lists/gbk.txt": 1, "lists/utf16.txt": 1, "lists/bookmarks.html": 1,
    "pocket/part_000000.csv": 1, "raindrop/export.csv": 1, "instapaper/instapaper.csv": 1,
    "karakeep/export.json": 1, "linkwarden/backup.json": 1, "readwise/reader.csv": 1,
    "notion/Articles 0123.csv": 1, "exporter/微信公众号文章.json": 4,
    "exporter/微信公众号文章.xlsx": 4, "qiye45/2026-05-24-160246.csv": 1,
    "wechatmp2markdown/data.json": 3, "feeds/wechat2rss.xml": 1, "feeds/wewe-rss.atom": 1,
    "feeds/wewe-rss.json": 1, "wallabag/All articles.json": 1,
}  # fmt: skip


@needs_shared
@pytest.mark.parametrize(("name", "count"), LISTS.items())
def test_the_samples_of_other_tools_lists_give_their_articles(name: str, count: int) -> None:
    listing = read_list((EXPORTS / name).read_bytes())
    assert len(listing.links) == count
    assert listing.refused == ()
    if "lists/" not in name:
        assert "示例标题：甲与乙" in {link.title for link in listing.links}


@needs_shared
def test_the_sample_that_names_feeds_is_refused_by_name() -> None:
    listing = read_list((EXPORTS / "feeds/feeds.opml").read_bytes())
    assert listing.kind is ListKind.OPML
    assert "feed, not articles" in listing.problem


@needs_shared
@pytest.mark.parametrize("path", sorted((CASES / "lists").glob("*")), ids=lambda path: path.name)
def test_every_list_among_the_cases_gives_whole_links_only(path: object) -> None:
    listing = read_list((CASES / "lists" / getattr(path, "name", "")).read_bytes())
    assert listing.links
    assert listing.refused == ()
    for link in listing.links:
        form = parse_url(link.url)
        assert form.token.startswith("A" * 21) or form.identity is not None


@needs_shared
@pytest.mark.parametrize("path", sorted((CASES / "feeds").glob("*")), ids=lambda path: path.name)
def test_every_feed_among_the_cases_gives_its_articles(path: object) -> None:
    listing = read_list((CASES / "feeds" / getattr(path, "name", "")).read_bytes())
    assert listing.kind is ListKind.FEED
    assert len(listing.links) == 1 + (getattr(path, "name", "") == "guid-only.xml")


@pytest.mark.parametrize(
    "begins",
    [
        *("INSERT INTO `articles`", "INSERT INTO [dbo].[articles]", "INSERT INTO `wx-articles`"),
        *("INSERT IGNORE INTO `a`", "INSERT OR REPLACE INTO a", 'REPLACE INTO "my articles"'),
    ],
)
def test_a_dump_of_a_database_gives_its_links_and_is_told_to_hold_texts(begins: str) -> None:
    row = f"{begins} VALUES (1,'潮水','{short(1)}','<p>潮水退了。</p>'),\n"
    listing = read_list(f"-- MySQL dump\n\n{row}(2,'雾号','{short(2)}','');\n".encode())
    told = [(link.url, link.title, link.left) for link in listing.links]
    assert told == [(short(1), "", True), (short(2), "", True)]


@pytest.mark.parametrize(
    "text",
    [
        f'标题,内容,链接\n潮水,"建表\nINSERT INTO t VALUES (1);\n再查",{short(1)}\n',
        f"[潮水]({short(1)})\n\n```sql\nINSERT INTO t VALUES (1);\n```\n",
    ],
)
def test_sql_in_a_table_or_behind_links_is_no_dump(text: str) -> None:
    [link] = read_list(text.encode()).links
    assert (link.title, link.left) == ("潮水", False)


def test_a_title_that_begins_as_sql_makes_no_dump() -> None:
    lines = f"INSERT INTO 用法大全 {short(1)}\n灯塔 {short(2)}\n"
    links = read_list(lines.encode()).links
    assert [(link.title, link.left) for link in links] == [
        ("INSERT INTO 用法大全", False),
        ("灯塔", False),
    ]
