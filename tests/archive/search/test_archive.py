"""The index in a whole archive, as the store and other tools leave it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from sqlite_utils.cli import cli as sqlite_utils

from crawler.archive.archive import Archive
from crawler.archive.search import index
from crawler.archive.search.find import search
from tests.browse.library import make_library

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "archive.db"
    make_library(path)
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with as a test likes."""
    return shutil.copyfile(made, tmp_path / "archive.db")


def ids(path: Path, words: str) -> set[str]:
    with Archive.open(path) as archive:
        return {hit.id for hit in search(archive.database.conn, words, limit=1000)}


def by_like(path: Path, words: str) -> set[str]:
    like = f"%{words}%"
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute(
            "SELECT id FROM articles WHERE body LIKE ? OR title LIKE ?", [like, like]
        )
        return {article_id for (article_id,) in rows}


def test_saved_articles_are_found_at_once(path: Path) -> None:
    assert ids(path, "诈骗") == by_like(path, "诈骗") != set()


def test_a_revised_article_is_found_by_its_new_words(path: Path) -> None:
    assert ids(path, "案件的日期已改") == {"MzA0MDAwMDAwMQ==:2650000000:1"}


@pytest.mark.parametrize(
    "command",
    [
        ("transform", "articles", "--type", "image_count", "text"),
        ("vacuum",),
        ("optimize",),
        ("rebuild-fts",),
        ("populate-fts", "articles", "title"),
        ("disable-fts", "articles"),
        ("enable-fts", "articles", "title", "--replace", "--create-triggers"),
        ("query", "delete from articles where rowid % 3 = 0"),
        ("query", "update articles set body = replace(body, '诈骗', '骗术') where rowid % 2"),
    ],
    ids=lambda command: command[0],
)
def test_whatever_the_sqlite_utils_command_did_the_next_opening_finds_everything(
    path: Path, command: tuple[str, ...]
) -> None:
    done = CliRunner().invoke(sqlite_utils, [command[0], str(path), *command[1:]])
    assert done.exit_code == 0, done.output
    for words in ("诈骗", "骗术", "江堤", "grep"):
        assert ids(path, words) == by_like(path, words)


def test_an_archive_that_may_only_be_read_is_searched_all_the_same(path: Path) -> None:
    with Archive.open(path, read_only=True) as archive:
        assert search(archive.database.conn, "诈骗")


def test_a_rolled_back_save_leaves_no_trace_in_the_index(path: Path) -> None:
    with Archive.open(path) as archive:
        with suppress(ZeroDivisionError), archive.transaction():
            archive.database.execute("UPDATE articles SET body = '昙花一现' WHERE rowid = 1")
            index.sync_index(archive.database.conn)
            _ = 1 / 0
        assert index.is_index_intact(archive.database.conn)
    assert ids(path, "昙花一现") == set()
