from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive import index, search
from tests.search.conftest import ARTICLES

if TYPE_CHECKING:
    from pathlib import Path

NO_PLUGINS = "import sys; sys._called_from_test = True; from sqlite_utils.cli import cli; cli()"
WITH_PLUGINS = "from sqlite_utils.cli import cli; cli()"


def run(code: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)  # noqa: S603 -- our own Python


def titles(code: str, path: Path, *words: str) -> list[str]:
    done = run(code, "search", str(path), "articles", *words, "-c", "title", "--csv", "--no-headers")
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.fixture
def built(archive: sqlite3.Connection, path: Path) -> Path:
    archive.close()
    return path


@pytest.mark.parametrize(
    ("words", "number"), [("诈骗", 0), ("骗局识别", 2), ("Apache 日志", 1), ("CVE-2024-3094", 1), ("SQL注入", 1)]
)
def test_the_sqlite_utils_command_finds_chinese_with_our_plugin(built: Path, words: str, number: int) -> None:
    assert titles(WITH_PLUGINS, built, words) == [ARTICLES[number][0]]


def test_a_broken_search_is_one_clear_line(built: Path) -> None:
    done = run(WITH_PLUGINS, "search", str(built), "articles", "诈骗 AND")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: search for '诈骗 AND': needs a word after AND;")
    assert "Traceback" not in done.stderr


def test_quoting_takes_the_words_as_they_are(built: Path) -> None:
    assert titles(WITH_PLUGINS, built, "--quote", "(日志") == [ARTICLES[1][0]]


def test_without_the_plugin_words_of_two_characters_are_found(built: Path) -> None:
    assert titles(NO_PLUGINS, built, "诈骗") == [ARTICLES[0][0]]


@pytest.mark.parametrize("words", ["骗", "骗局", "电信网络诈骗", "SQL注入", "日志 apache"])
def test_with_six_grams_words_up_to_six_characters_are_found_without_the_plugin(built: Path, words: str) -> None:
    expected = titles(WITH_PLUGINS, built, words)
    with closing(sqlite3.connect(built)) as conn:
        index.rebuild(conn, ngram=6)
    assert titles(NO_PLUGINS, built, words) == expected != []


def test_without_the_plugin_the_archive_can_be_listed_and_edited(built: Path) -> None:
    assert run(NO_PLUGINS, "rows", str(built), "articles", "--limit", "1").returncode == 0
    insert = "insert into articles (id, title) values ('x', '外来的一篇')"
    done = run(NO_PLUGINS, "query", str(built), insert)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(built)) as conn:
        index.install(conn)
        assert [hit.title for hit in search.search(conn, "外来的")] == ["[外来的]一篇"]


def test_tables_of_others_are_searched_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT)")
        conn.execute("INSERT INTO articles (title) VALUES ('alpha beta')")
        conn.commit()
    assert run(WITH_PLUGINS, "enable-fts", str(path), "articles", "title").returncode == 0
    assert titles(WITH_PLUGINS, path, "alp*") == ["alpha beta"]
    assert "no such column" in run(WITH_PLUGINS, "search", str(path), "articles", "CVE-2024-3094").stderr


def test_sql_has_functions_for_the_query_and_the_place(built: Path) -> None:
    sql = (
        "select fts_snippet(articles.body, :q) as place from articles_fts join articles"
        " on articles.rowid = articles_fts.rowid where articles_fts match fts_query(:q)"
    )
    done = run(WITH_PLUGINS, "query", str(built), sql, "-p", "q", "电信网络诈骗", "--csv", "--no-headers")
    assert done.stdout.strip() == "近日，某市警方通报三起[电信网络诈骗]案件。 请勿点击链接转账。", done.stderr
