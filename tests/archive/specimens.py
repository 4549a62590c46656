"""Articles of our own invention, for tests of the archive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from crawler.archive.archive import Archive
from crawler.article import Account, Article, Kind, Origin, State, sha256
from crawler.urls import long_form, parse_url

if TYPE_CHECKING:
    from sqlite_utils import Database

BIZ = "MzI0NTk5OTk5MA=="
CHKSM = "ab" * 38
UNSIGNED = f"http://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000001&idx=1&sn={'0f' * 16}#rd"
SIGNED = (
    f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid=2650000001&idx=1&sn={'0f' * 16}"
    f"&chksm={CHKSM}&scene=27"
)
SHORT = "https://mp.weixin.qq.com/s/aBcDeFgHiJkLmNoPqRsTu0"
OTHER_SHORT = "https://mp.weixin.qq.com/s/zYxWvUtSrQpOnMlKjIhGf1"
ID = f"{BIZ}:2650000001:1"


def make_article(url: str = UNSIGNED, **fields: Any) -> Article:
    """An article as a seed gives it; `evidence` follows from the rest where it is not given."""
    form = parse_url(url)
    identity = form.identity
    known = (
        {"id": form.article_id, "biz": identity.biz, "mid": identity.mid, "idx": identity.idx}
        if identity
        else {}
    )
    given: dict[str, Any] = {
        "id": form.article_id,
        "url": url,
        "title": "夜航的灯塔",
        "source": "江畔手记",
        "account": "江畔手记",
        "state": State.OK,
        "origin": Origin.SEED,
        "fetch_date": "2025-10-06T17:17:02.990516",
        "date": "2024-05-08",
        "kind": Kind.NORMAL,
        "removed": {"tail": 31},
        **known,
        **fields,
    }
    if given["state"].has_body:
        given.setdefault("body", f"# {given['title']}\n\n灯塔的光每隔七秒扫过一次海面。\n")
    told = "|".join(f"{name}={given[name]}" for name in sorted(given) if name != "evidence")
    given.setdefault("evidence", sha256(told.encode("utf-8", "surrogatepass")))
    return Article(**given)


def make_page(url: str = SHORT, **fields: Any) -> Article:
    """The same article as a fetched page gives it: under its identity, with its account."""
    return make_article(
        url,
        **{
            "id": ID,
            "biz": BIZ,
            "mid": "2650000001",
            "idx": "1",
            "origin": Origin.FETCH,
            "fetch_date": "2026-01-02T03:04:05.000006",
            "aliases": (SIGNED, long_form_of(ID)),
            "account_info": Account(
                biz=BIZ, name="江畔手记", alias="riverside-notes", description="写给夜里的人"
            ),
            "http_status": 200,
            **fields,
        },
    )


def long_form_of(article_id: str) -> str:
    """The bare long address of an article."""
    biz, mid, idx = article_id.rsplit(":", 2)
    identity = parse_url(f"https://mp.weixin.qq.com/s?__biz={biz}&mid={mid}&idx={idx}").identity
    assert identity
    return long_form(identity)


@cache
def _empty() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "archive.db"
        Archive.open(path).close()
        return path.read_bytes()


def new_archive(path: Path) -> Archive:
    """An archive that holds nothing: to make one takes 300 statements, to copy it none."""
    path.write_bytes(_empty())
    return Archive.open(path)


def tables_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that an archive holds, less what may differ between two that hold the same.

    The numbers of rows, and what follows from the rest.
    """
    contents = {}
    for table in database.tables:
        if table.name.startswith(("_", "sqlite_", "search_", "articles_fts", "stories")):
            continue
        names = [
            column.name for column in table.columns if (table.name, column.name) != ("events", "id")
        ]
        rows = database.conn.execute(f"SELECT {', '.join(names)} FROM {table.name}").fetchall()  # noqa: S608
        contents[table.name] = sorted(rows, key=repr)
    return contents


def begin_in_utf16(path: Path) -> None:
    """An empty database whose letters SQLite stores in UTF-16, to be opened as an archive."""
    with closing(sqlite3.connect(path)) as empty:
        empty.execute("PRAGMA encoding = 'UTF-16le'")
        empty.execute("CREATE TABLE first (told)")
        empty.execute("DROP TABLE first")
