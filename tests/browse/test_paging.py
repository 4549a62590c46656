from __future__ import annotations

import asyncio
import re
import sqlite3
import warnings
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive
from crawler.browse import datasette_app
from crawler.browse.paging import in_one_order, table_of_page
from tests.browse.library import make_article

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")


@pytest.mark.parametrize(
    "sort",
    ["", "&_sort=date", "&_sort=id", "&_sort_desc=id", "&_sort_desc=characters", "&title__not=x"],
)
def test_the_pages_of_the_table_hold_every_article_once(tmp_path: Path, sort: str) -> None:
    path = _archive(tmp_path)
    keys = [row["id"] for row in _pages(path, f"articles.json?_size=4&_shape=objects{sort}")]
    assert len(keys) == len(set(keys)) == 9


@pytest.mark.parametrize(
    ("table", "column", "backwards"),
    [
        ("revisions", "state", "article_id"),
        ("events", "state", "id"),
        ("theirs", "said", "number"),
        ("their order", "said", "[group]"),
    ],
)
@pytest.mark.parametrize("sort", ["_sort", "_sort_desc"])
def test_the_pages_of_other_tables_hold_every_row_once_whichever_key_they_have(
    tmp_path: Path, table: str, column: str, backwards: str, sort: str
) -> None:
    path = _archive(tmp_path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE theirs (number INTEGER, said TEXT)")
        connection.execute(
            "CREATE TABLE [their order] (said TEXT, [group] INTEGER, PRIMARY KEY ([group], said))"
        )
        for number in range(9):
            connection.execute("INSERT INTO theirs VALUES (?, 'x')", (number,))
            connection.execute("INSERT INTO [their order] VALUES ('x', ?)", (number,))
        connection.execute(f"CREATE INDEX odd ON [{table}] ({column}, {backwards} DESC)")
        [counted] = connection.execute(f"SELECT count(*) FROM [{table}]").fetchone()  # noqa: S608
    address = f"{table.replace(' ', '~20')}.json?_size=4&_shape=objects&{sort}={column}"
    rows = [str(row) for row in _pages(path, address)]
    assert len(rows) == len(set(rows)) == counted >= 9


def _archive(folder: Path) -> Path:
    """An archive with articles of one day, in another order than that of their keys."""
    path = folder / "archive.db"
    with Archive.open(path) as archive:
        for number in (7, 3, 9, 1, 5, 2, 8, 4, 6):
            archive.save(replace(make_article(number), date="2024-05-08", id=f"a:{number}:1"))
    return path


def _pages(path: Path, address: str) -> list[dict[str, Any]]:
    """The rows of all pages of a table, the one behind the other."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(path)

    async def read() -> list[dict[str, Any]]:
        await app.invoke_startup()
        after, rows = f"/archive/{address}", []
        while after:
            answer: Any = (await app.client.get(after)).json()
            rows += answer["rows"]
            after = re.sub(r"\Ahttps?://[^/]+", "", answer["next_url"] or "")
        return rows

    return asyncio.run(read())


@pytest.mark.parametrize(
    "sql",
    [
        "select id, title from articles order by id limit 51",
        "select account, count(*) from articles group by account order by account limit 9",
        "select distinct account from articles order by account limit 9",
        "select id, url from articles where 1 union select id, at from events order by url limit 9",
        "select id, title from articles order by date desc, id limit 51",
        "select id, title from articles join urls order by title limit 9",
        "select url, (select max(at) from events where 1) from urls order by url limit 9",
        "",
    ],
)
def test_other_statements_stay_as_they_are(sql: str) -> None:
    assert table_of_page(sql) == "" or in_one_order(sql, ["id"]) == sql


def test_the_rows_of_a_view_which_has_no_key_stay_as_they_are() -> None:
    sql = "select id, died from deaths order by died limit 9"
    assert table_of_page(sql) == "deaths"
    assert in_one_order(sql, []) == sql


def test_a_statement_of_one_table_is_sorted_by_its_keys_too() -> None:
    sql = "select id, [group] from [their order] where a = :p0 order by [group] desc limit 5"
    assert table_of_page(sql) == "their order"
    sorted_ = sql.replace("desc limit", "desc, [group], id limit")
    assert in_one_order(sql, ["group", "id"]) == sorted_
