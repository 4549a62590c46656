"""The record that flows build of what a reader read."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.article import State, Told
from crawler.clean.pages import read_page
from crawler.flows.articles import article_of_page
from crawler.flows.looks import Look, article_of_look, keep_look
from crawler.urls import parse_url
from tests.archive.specimens import ID, SHORT, make_page
from tests.clean.pages.lookalikes import LINK, modern

if TYPE_CHECKING:
    from pathlib import Path

OF_A_KIND = {
    "published_at": "2024-05-08T23:30:00+08:00",
    "modified_at": "2024-05-09",
    "cover": "https://mmbiz.qpic.cn/cover",
    "source_url": "https://lighthouse.example/source",
}
TOLD: dict[str, Any] = {
    field.name: len(field.name) if "int" in str(field.type) else f"told of {field.name}"
    for field in fields(Told)
} | OF_A_KIND


def test_whatever_a_page_tells_of_its_article_arrives_in_its_row(tmp_path: Path) -> None:
    page = replace(read_page(modern()), **TOLD)
    article = article_of_page(
        page, parse_url(LINK), fetch_date="2026-01-01T00:00:00", evidence="e", http_status=200
    )
    with Archive.open(tmp_path / "a.db") as archive:
        archive.save(article)
        record = archive.get(article.id)
    assert record
    assert {name: getattr(record, name) for name in TOLD} == TOLD


@pytest.mark.parametrize("asked", [LINK, "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0"])
def test_the_key_of_a_preview_that_a_whole_page_names_is_not_kept(
    tmp_path: Path, asked: str
) -> None:
    page = read_page(modern(link=LINK.replace("#rd", "&tempkey=5ecre7")))
    article = article_of_page(
        page, parse_url(asked), fetch_date="2026-01-01T00:00:00", evidence="e", http_status=200
    )
    with Archive.open(tmp_path / "a.db") as archive:
        archive.save(article)
        addresses = [url for (url,) in archive.connection.execute("SELECT url FROM urls")]
    assert addresses
    assert not [url for url in addresses if "5ecre7" in url]


def test_a_preview_that_names_no_article_waits_no_more_once_it_came_whole(tmp_path: Path) -> None:
    asked = "https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&tempkey=5ecre7"
    at, page = datetime(2026, 1, 1, tzinfo=UTC), modern()
    look = Look(page=read_page(page), content=page, charset="", status=200, at=at.isoformat())
    article = article_of_look(look, parse_url(asked))
    with Archive.open(tmp_path / "a.db") as archive:
        archive.queue.enqueue(asked)
        keep_look(archive, article, look, link=asked, now=at)
        assert not archive.queue.entries()


def test_a_preview_s_address_that_is_another_article_s_leaves_that_one_waiting(
    tmp_path: Path,
) -> None:
    asked = "https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&tempkey=5ecre7"
    at, page = datetime(2026, 3, 1, tzinfo=UTC), modern()
    look = Look(page=read_page(page), content=page, charset="", status=200, at=at.isoformat())
    article = article_of_look(look, parse_url(asked))
    with Archive.open(tmp_path / "a.db") as archive:
        archive.save(make_page(asked, state=State.HOLLOW, body="", aliases=(asked, SHORT)))
        keep_look(archive, article, look, link=asked, now=at)
        assert [entry.article_id for entry in archive.queue.entries()] == [ID]
