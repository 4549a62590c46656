"""The promises of saving, on the real seeds and pages."""

from __future__ import annotations

import gzip
import random
from typing import TYPE_CHECKING

import pytest

from crawler.archive.archive import Archive, Change
from crawler.article import Article, sha256
from crawler.clean.pages import read_page, shrink_page
from crawler.clean.seeds import read_seed
from crawler.flows.articles import article_of_page, article_of_seed
from crawler.urls import is_wechat, parse_url
from tests.archive.specimens import tables_of
from tests.conftest import PAGES, SEEDS, index_of, needs_shared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [needs_shared, pytest.mark.slow]


def _pages() -> Iterator[bytes]:
    for row in index_of(PAGES):
        if row["scope"] == "full page":
            yield gzip.decompress((PAGES / row["file"]).read_bytes())


def _articles() -> Iterator[Article]:
    for path in sorted(SEEDS.rglob("*.md")):
        content = path.read_bytes()
        seed = read_seed(content)
        article = (
            article_of_seed(seed, seed.front, evidence=sha256(content))
            if seed.front and is_wechat(seed.front.url)
            else None
        )
        if article and article.state.is_article:
            yield article
    for number, content in enumerate(_pages()):
        page = read_page(content)
        if page.state.is_article:
            link = next(
                filter(is_wechat, page.aliases), f"https://mp.weixin.qq.com/s/page-{number:017}"
            )
            day = f"2026-05-01T00:00:{number % 60:02}"
            yield article_of_page(
                page, parse_url(link), fetch_date=day, evidence=sha256(content), http_status=200
            )


@pytest.mark.long
def test_any_order_of_all_real_input_gives_the_same_archive(tmp_path: Path) -> None:
    articles = list(_articles())
    contents = []
    for seed in range(2):
        random.Random(seed).shuffle(articles)
        with Archive.open(tmp_path / f"{seed}.db", ngram=None) as archive:
            with archive.transaction():
                for article in articles:
                    archive.save(article)
            contents.append(tables_of(archive.database))
            assert {archive.save(article) for article in articles[:50]} == {Change.UNCHANGED}
            # Names that one seed alone has are settled at the end of a run, not by saving.
            found = {finding.check for finding in archive.audit(today="2027-01-01")}
            assert found <= {"odd-account"}
    assert contents[0] == contents[1]


def test_a_stored_page_has_at_most_forty_kilobytes_on_average(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db", ngram=None) as archive:
        for number, content in enumerate(_pages()):
            page = read_page(content)
            if page.state.has_body:
                url = parse_url(f"https://mp.weixin.qq.com/s/page-{number:017}")
                article = article_of_page(
                    page, url, fetch_date="", evidence=sha256(content), http_status=200
                )
                archive.save(article, snapshot=shrink_page(content))
        (count, average) = archive.database.conn.execute(
            "SELECT count(*), avg(length(content)) FROM snapshots"
        ).fetchone()
        assert count > 30
        assert average < 40_000
        assert all(read_page(one.content).state.has_body for one in archive.history.snapshots())
