"""The made-up cases beside the repository that are about seeds, titles and exports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from crawler.archive import Archive, export
from crawler.browse.reader import render_markdown
from crawler.clean.pages import read_page
from crawler.flows import reclean
from crawler.flows.articles import article_of_page
from crawler.urls import parse_url
from tests.conftest import SHARED, needs_shared

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = needs_shared
CASES = SHARED / "cases"


class Row(NamedTuple):
    """What the tests ask of an article."""

    state: str
    account: str
    title: str
    body: str


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "archive.db") as opened:
        yield opened


@pytest.fixture
def cleaned(archive: Archive) -> Callable[[str], list[Row]]:
    """The rows that come of a folder or file, by key."""

    def clean(name: str) -> list[Row]:
        path = CASES / name
        files = sorted(path.rglob("*.md")) if path.is_dir() else [path]
        list(reclean(files, archive))
        archive.name_articles()
        return [
            Row(record.state, record.account, record.title, record.body)
            for record in archive.records()
        ]

    return clean


def test_a_notice_under_a_title_of_several_paragraphs_is_one(
    cleaned: Callable[[str], list[Row]],
) -> None:
    assert [row.state for row in cleaned("seed_cases/r05_deleted_long_title")] == ["deleted"]


def test_no_furniture_is_an_account(cleaned: Callable[[str], list[Row]]) -> None:
    [row] = cleaned("seed_cases/r07_account_from_cut_tail")
    assert row.account == "某某中心"


def test_an_author_is_no_account(cleaned: Callable[[str], list[Row]]) -> None:
    rows = cleaned("seed_cases/r08_author_for_account")
    assert [row.account for row in rows] == ["某某工程中心", "某某工程中心"]


def test_a_bar_cuts_no_only_cell(cleaned: Callable[[str], list[Row]]) -> None:
    [row] = cleaned("seed_cases/r09_pipe_in_one_column")
    assert "$a = Get-User | foreach {Set-User $_}" in row.body


def test_the_small_things_are_right(cleaned: Callable[[str], list[Row]]) -> None:
    [row] = cleaned("seed_cases/r10_small")
    assert row.title == "标题带零宽"
    assert "if (a) {\n  return 1;\n}" in row.body
    assert "https://mp.weixin.qq.com/s/_a0us8No4vJGLbi" in row.body


def test_a_title_that_is_too_long_for_a_file_is_exported(
    cleaned: Callable[[str], list[Row]], archive: Archive, tmp_path: Path
) -> None:
    cleaned("export-long-title.md")
    [exported] = export(archive, tmp_path / "out")
    assert exported.path.is_file()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("titles/t.html", "# \\<script>alert(1)\\</script>\n"),
        (
            "kinds/p4-bold-cjk.html",
            "**历经10年发展**，年；“**如何更好地服务你**”呢；前（**备注**）后",
        ),
    ],
)
def test_a_page_shows_what_it_says(name: str, shown: str) -> None:
    page = read_page((CASES / name).read_bytes())
    article = article_of_page(
        page, parse_url(page.aliases[0]), fetch_date="", evidence="", http_status=None
    )
    assert shown in article.body
    html = render_markdown(article.body)
    assert "&lt;" not in html
    assert "**" not in html
