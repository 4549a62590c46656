"""Whatever stands in a column of somebody else's archive, our pages show all else."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import warnings
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from crawler.browse import datasette_app
from tests.browse.library import make_article

if TYPE_CHECKING:
    from pathlib import Path

KEY = make_article(0).id
PAGES = (
    *("/", "/articles", f"/articles?q={quote('公安通报')}"),
    *(f"/{name}/{quote(KEY, safe='')}" for name in ("article", "markdown")),
)


async def _statuses(path: Path) -> list[int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Datasette's own
        app = datasette_app(path)
    await app.invoke_startup()
    return [(await app.client.get(page)).status_code for page in PAGES]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "no state of ours"),
        ("state", b"\xff"),
        ("account", b"\xff"),
        ("title", b"\xff"),
        ("date", b"2024-05-08\xff"),
        ("author", b"\xff"),
        ("body", b"\xff"),
        ("published_at", b"\xff"),
    ],
)
def test_a_page_shows_an_article_with_what_no_column_may_hold(
    library: Path, tmp_path: Path, column: str, value: str | bytes
) -> None:
    found = f"UPDATE articles SET {column} = ? WHERE id = ?"  # noqa: S608
    path = _changed(library, tmp_path, found, value)
    assert asyncio.run(_statuses(path)) == [200] * len(PAGES)


@pytest.mark.parametrize("value", [b"\xff", "many", float("inf")])
def test_a_page_shows_a_text_of_which_nobody_knows_how_long_it_is(
    library: Path, tmp_path: Path, value: str | bytes | float
) -> None:
    found = "UPDATE revisions SET characters = ? WHERE article_id = ?"
    path = _changed(library, tmp_path, found, value)
    assert asyncio.run(_statuses(path)) == [200] * len(PAGES)


def _changed(library: Path, folder: Path, statement: str, value: str | bytes | float) -> Path:
    path = folder / "archive.db"
    shutil.copy(library, path)
    with closing(sqlite3.connect(path)) as database, database:
        assert database.execute(statement, (value, KEY)).rowcount
    return path
