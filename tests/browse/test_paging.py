from __future__ import annotations

import asyncio
import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive.archive import Archive
from crawler.browse import datasette_app
from crawler.browse.paging import in_one_order
from tests.browse.library import make_article

if TYPE_CHECKING:
    from pathlib import Path

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")


@pytest.mark.parametrize("sort", ["", "&_sort=date", "&_sort_desc=characters", "&title__not=x"])
def test_the_pages_of_the_table_hold_every_article_once(tmp_path: Path, sort: str) -> None:
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:  # those of one day in another order than that of their keys
        for number in (7, 3, 9, 1, 5, 2, 8, 4, 6):
            archive.save(replace(make_article(number), date="2024-05-08", id=f"a:{number}:1"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(path)

    async def read() -> list[str]:
        await app.invoke_startup()
        address, keys = f"/archive/articles.json?_size=4&_shape=objects{sort}", []
        while address:
            answer: Any = (await app.client.get(address)).json()
            keys += [row["id"] for row in answer["rows"]]
            address = re.sub(r"\Ahttps?://[^/]+", "", answer["next_url"] or "")
        return keys

    keys = asyncio.run(read())
    assert len(keys) == len(set(keys)) == 9


@pytest.mark.parametrize(
    "sql",
    [
        "select id, title from articles order by id limit 51",
        "select account, count(*) from articles group by account order by account limit 9",
        "select id, at from events order by at desc limit 9",
        "select id, url from articles where 1 union select id, at from events order by url limit 9",
        "select id, title from articles order by date desc, id limit 51",
        "select id, title from articles join urls order by title limit 9",
        "",
    ],
)
def test_other_statements_stay_as_they_are(sql: str) -> None:
    assert in_one_order(sql) == sql
