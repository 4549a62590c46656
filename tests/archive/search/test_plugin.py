from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

import pytest
from click.testing import CliRunner
from sqlite_utils.cli import cli

from crawler.archive.search import find as search
from crawler.archive.search import index
from crawler.archive.search.functions import csv_cell, register_functions
from tests.archive.search.conftest import ARTICLES, add_article

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WITHOUT_PLUGINS = (
    "import sys; sys._called_from_test = True; from sqlite_utils.cli import cli; cli()"
)


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*words: str) -> Done:
    """Run sqlite-utils with every plugin that is installed: ours, by its entry point."""
    result = CliRunner().invoke(cli, words)
    return Done(result.exit_code, result.stdout, result.stderr)


def run_without_plugins(*words: str) -> Done:
    command = [sys.executable, "-c", WITHOUT_PLUGINS, *words]
    # our own Python
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return Done(result.returncode, result.stdout, result.stderr)


def titles(run: Callable[..., Done], path: Path, *words: str) -> list[str]:
    done = run("search", str(path), "articles", *words, "-c", "title", "--csv", "--no-headers")
    assert done.code == 0, done.err
    return done.out.splitlines()


@pytest.fixture
def built(archive: sqlite3.Connection, path: Path) -> Path:
    archive.close()
    return path


@pytest.mark.parametrize(
    ("words", "number"),
    [("诈骗", 0), ("骗局识别", 2), ("Apache 日志", 1), ("CVE-2024-3094", 1), ("SQL注入", 1)],
)
def test_the_sqlite_utils_command_finds_chinese_with_our_plugin(
    built: Path, words: str, number: int
) -> None:
    assert titles(run, built, words) == [ARTICLES[number][0]]


def test_a_broken_search_is_one_clear_line(built: Path) -> None:
    done = run("search", str(built), "articles", "诈骗 AND")
    assert done.code == 1
    assert done.err.startswith("Error: search for '诈骗 AND': needs a word after AND;")
    assert "Traceback" not in done.err


def test_the_command_as_it_is_installed_loads_our_plugin(built: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "sqlite_utils",
        "search",
        str(built),
        "articles",
        "电信网络诈骗",
    ]
    # our own Python
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert ARTICLES[0][0] in done.stdout


def test_quoting_takes_the_words_as_they_are(built: Path) -> None:
    assert titles(run, built, "--quote", "(日志") == [ARTICLES[1][0]]


def test_without_the_plugin_words_of_two_characters_are_found(built: Path) -> None:
    assert titles(run_without_plugins, built, "诈骗") == [ARTICLES[0][0]]


@pytest.mark.parametrize("words", ["骗", "骗局", "电信网络诈骗", "SQL注入", "日志 apache"])
def test_with_six_grams_words_up_to_six_characters_are_found_without_the_plugin(
    built: Path, words: str
) -> None:
    expected = titles(run, built, words)
    with closing(sqlite3.connect(built)) as conn:
        index.rebuild_index(conn, ngram=6)
    assert titles(run_without_plugins, built, words) == expected != []


def test_without_the_plugin_the_archive_can_be_listed_and_edited(built: Path) -> None:
    assert run_without_plugins("rows", str(built), "articles", "--limit", "1").code == 0
    insert = "insert into articles (id, title) values ('x', '外来的一篇')"
    done = run_without_plugins("query", str(built), insert)
    assert done.code == 0, done.err
    with closing(sqlite3.connect(built)) as conn:
        index.install_index(conn)
        hits = search.search(conn, "外来的", shells=True)
        assert [hit.title for hit in hits] == ["[外来的]一篇"]


def test_tables_of_others_are_searched_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT)")
        conn.execute("INSERT INTO articles (title) VALUES ('alpha beta')")
        conn.commit()
    assert run("enable-fts", str(path), "articles", "title").code == 0
    assert titles(run, path, "alp*") == ["alpha beta"]
    assert "no such column" in run("search", str(path), "articles", "CVE-2024-3094").err


def test_a_view_in_the_place_of_the_index_is_not_read(built: Path) -> None:
    """One of somebody else's may have no end."""
    with closing(sqlite3.connect(built)) as conn:
        was = index.ngram_of(conn)
        conn.execute("ALTER TABLE search_index RENAME TO held")
        conn.execute("CREATE VIEW search_index AS SELECT * FROM held")
        assert (was, index.ngram_of(conn)) == (2, None)
    assert "by another version" in run("search", str(built), "articles", "诈骗").err


def test_sql_has_functions_for_the_query_and_the_place(built: Path) -> None:
    sql = (
        "select fts_snippet(articles.body, :q) as place from articles_fts join articles"
        " on articles.rowid = articles_fts.rowid where articles_fts match fts_query(:q)"
    )
    done = run("query", str(built), sql, "-p", "q", "电信网络诈骗", "--csv", "--no-headers")
    assert done.out.strip() == "近日，某市警方通报三起[电信网络诈骗]案件。 请勿点击链接转账。", (
        done.err
    )


def test_no_function_looks_at_more_of_a_text_than_any_article_has() -> None:
    """Whoever may ask SQL may ask for any text, and within one call no clock is looked at."""
    many = " ".join(f"a{number}" for number in range(400))
    with closing(sqlite3.connect(":memory:")) as connection:
        register_functions(connection)
        for text, words, found in (
            ("岸" * 200_000 + "潮水", "潮水", True),
            ("岸" * 300_000 + "潮水", "潮水", False),
            ("岸" * 30_000 + " a1 ", many, True),
            ("岸" * 200_000 + " a1 ", many, False),
            (b"x" * 300_000 + b" tide", "tide", False),
        ):
            [(place,)] = connection.execute("SELECT fts_snippet(?, ?)", (text, words))
            assert ("[" in place) == found
        for size in (300_000, 600_000):
            row = connection.execute("SELECT says('', '', '', ?, 'c++')", ("岸" * size + " C++",))
            assert row.fetchone() == (size < 500_000,)
        said = "c" + "+" * 2_000
        assert connection.execute("SELECT says(?1, '', '', '', ?1)", (said,)).fetchone() == (0,)


@pytest.mark.parametrize("title", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", " =1"])
def test_a_title_that_a_spreadsheet_would_run_is_a_text_in_csv(title: str) -> None:
    assert csv_cell(title) == "'" + title


@pytest.mark.parametrize("value", ["渡轮 = 船", "1-2", "", None, 7])
def test_any_other_cell_of_csv_is_left_alone(value: object) -> None:
    assert csv_cell(value) == value


def test_the_command_lists_articles_without_a_text_last(built: Path) -> None:
    with closing(sqlite3.connect(built)) as conn:
        add_article(conn, "b:1", "诈骗", "账号", "")
        index.sync_index(conn)
        conn.commit()
    assert titles(run, built, "诈骗") == [ARTICLES[0][0], "诈骗"]
    assert titles(run, built, "诈骗", "--order", "original.title desc") == ["诈骗", ARTICLES[0][0]]
