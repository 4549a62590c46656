"""What holds a text comes before bare titles, however search is asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlite_utils.cli import cli as sqlite_utils

from crawler.archive import Archive
from crawler.archive.saving import arrival_of
from crawler.article import State
from tests.archive.specimens import make_article

if TYPE_CHECKING:
    from pathlib import Path


def _link(number: int) -> str:
    return f"https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid={2650000100 + number}&idx=1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Bare titles that bm25 ranks above two articles which name the word once."""
    path = tmp_path / "archive.db"
    shells = [make_article(_link(number), state=State.HOLLOW, title="灯塔") for number in range(5)]
    texts = [
        make_article(
            _link(number), title=f"海面{number}", body="# 海面\n\n" + "海" * 500 + "灯塔。\n"
        )
        for number in range(10, 12)
    ]
    with Archive.open(path) as archive:
        archive.save_all([arrival_of(article) for article in [*shells, *texts]])
    return path


def test_crawler_search_shows_texts_before_bare_titles(path: Path) -> None:
    with Archive.open(path) as archive:
        assert [hit.state for hit in archive.search("灯塔")] == ["ok"] * 2
        states = [hit.state for hit in archive.search("灯塔", shells=True)]
    assert states == ["ok"] * 2 + ["hollow"] * 5


def test_a_limit_keeps_the_texts(path: Path) -> None:
    with Archive.open(path) as archive:
        assert [hit.state for hit in archive.search("灯塔", limit=2)] == ["ok", "ok"]


@pytest.mark.parametrize("columns", [(), ("-c", "title", "-c", "state")])
def test_sqlite_utils_search_shows_texts_before_bare_titles(
    path: Path, columns: tuple[str, ...]
) -> None:
    arguments = ("search", str(path), "articles", "灯塔", *columns)
    rows = json.loads(CliRunner().invoke(sqlite_utils, arguments).output)
    assert [row["state"] for row in rows] == ["ok"] * 2 + ["hollow"] * 5
