"""What a dataset holds, as other programs read it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import crawler.formats
from crawler.archive import Archive
from crawler.archive.saving import Evidence
from crawler.article import State
from tests.archive.specimens import BIZ, ID, make_article
from tests.test_fields import SECRET

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

pytest.importorskip("pyarrow", reason="the extra is not installed: pip install .[parquet]")

OTHER = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000002&idx=1"
BODY = "# 夜航的灯塔\n\n**光**与[雾](https://a.cn/)。\n"
GONE = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000003&idx=1"


@pytest.fixture
def filled(crawler: Crawler, folder: Path) -> Crawler:
    """An archive of a whole article with evidence, a cut one, and one that is gone."""
    with Archive.open(folder / "archive.db") as archive:
        archive.save(
            make_article(
                body=BODY,
                published_at="2024-05-08T23:30:00+08:00",
                topics=("灯塔", "海"),
                read_count=7,
            )
        )
        archive.save(make_article(OTHER, title="渡口", state=State.TRUNCATED, date=""))
        archive.save(make_article(GONE, title="没了", state=State.DELETED))
        for key in (ID, f"{BIZ}:2650000003:1"):
            found = Evidence(article_id=key, way="from", source="a.md", verdict="pointer", at="")
            archive.evidence.note(found)
        archive.texts.show(
            ID, "# 夜航的灯塔\n\n**光**与[雾](https://a.cn/)。\n", {"promo:blocks": 2}
        )
        archive.texts.keep_learned("江畔手记", "f1", [f"{BIZ}:2650000002:1"])
    return crawler


def _duckdb(query: str) -> list[tuple[Any, ...]]:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    with duckdb.connect() as connection:
        rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return rows


def test_duckdb_reads_the_whole_articles_with_their_texts(filled: Crawler) -> None:
    result = filled("export", "--parquet", "data")
    assert result.exit_code == 0, result.output
    assert "1 article and 1 row of evidence below data" in result.stderr
    [row] = _duckdb(
        "SELECT id, text, markdown, date, published_day, topics, read_count, promotion_removed,"
        " promotion_kept, story, state FROM 'data/articles.parquet'"
    )
    assert row[:3] == (
        ID,
        "# 夜航的灯塔\n\n光与雾。\n",
        "# 夜航的灯塔\n\n**光**与[雾](https://a.cn/)。\n",
    )
    assert [str(day) for day in row[3:5]] == ["2024-05-08", "2024-05-08"]
    assert row[5:] == (["灯塔", "海"], 7, 2, False, None, "ok")
    joined = (
        "SELECT e.way, e.verdict FROM 'data/evidence.parquet' AS e"
        " JOIN 'data/articles.parquet' AS a ON a.id = e.article_id"
    )
    assert _duckdb(joined) == [("from", "pointer")]


def test_no_key_of_a_preview_goes_into_a_dataset(filled: Crawler, folder: Path) -> None:
    tables = pytest.importorskip("pyarrow.parquet")
    link = f"{OTHER}&tempkey={SECRET}"
    with Archive.open(folder / "archive.db") as archive:
        found = Evidence(article_id=ID, way="from", source="b.md", verdict="pointer", at="")
        assert archive.evidence.note(replace(found, url=link))
    with closing(sqlite3.connect(folder / "archive.db")) as database, database:
        database.execute("UPDATE articles SET url = ? WHERE id <> ?", (link, ID))
    assert filled("export", "--parquet", "data", "--state", "all").exit_code == 0
    for name in ("articles", "evidence"):
        rows = tables.read_table(folder / "data" / f"{name}.parquet").to_pylist()
        urls = [row["url"] for row in rows]
        assert OTHER in urls
        assert SECRET not in str(rows)


def test_pandas_reads_every_state_where_all_are_asked_for(filled: Crawler, folder: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    assert filled("export", "--parquet", "data", "--state", "all").exit_code == 0
    frame = pandas.read_parquet(folder / "data" / "articles.parquet").set_index("title")
    assert sorted(frame["state"]) == ["deleted", "ok", "truncated"]
    assert list(frame.loc[["渡口", "没了"], "text"].str.len() > 0) == [True, False]
    assert frame.loc["渡口", "date"] is None
    assert list(frame.loc[["渡口", "没了"], "promotion_kept"]) == [True, False]
    assert str(frame.loc["夜航的灯塔", "published_at"]) == "2024-05-08 23:30:00+08:00"
    assert str(frame.loc["渡口", "published_at"]) == "NaT"


def test_a_dataset_of_a_choice_holds_that(filled: Crawler) -> None:
    assert filled("export", "--parquet", "data", "--id", OTHER).exit_code == 0
    assert _duckdb("SELECT title FROM 'data/articles.parquet'") == [("渡口",)]


def test_a_dataset_of_a_search_holds_what_has_the_words_in_its_title_alone(filled: Crawler) -> None:
    told = filled("export", "--parquet", "data", "--search", "没了", "--state", "all").stderr
    assert "1 article and" in told


def test_an_empty_dataset_has_its_columns(filled: Crawler) -> None:
    assert filled("export", "--parquet", "data", "--account", "别人").exit_code == 0
    assert _duckdb("SELECT count(text) FROM 'data/articles.parquet'") == [(0,)]


def test_without_its_extra_the_option_says_in_a_line_what_to_install(
    filled: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("write_articles", "write_evidence"):  # which the package keeps, once asked for
        monkeypatch.delitem(vars(crawler.formats), name, raising=False)
    monkeypatch.delitem(sys.modules, "crawler.formats.tables", raising=False)
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    result = filled("export", "--parquet", "data")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert 'pip install "wechat-article-archive[parquet]"' in result.stderr
    assert not (folder / "data").exists()


def test_a_process_of_its_own_writes_a_dataset(filled: Crawler, folder: Path) -> None:
    assert filled("status").exit_code == 0
    program = [sys.executable, "-m", "crawler", "export", "--parquet", "own"]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
    assert (folder / "own" / "articles.parquet").is_file()
