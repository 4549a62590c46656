from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from crawler.archive.search import index
from tests.archive.search.conftest import ARTICLES, found

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlite_utils.db import Table


def test_a_change_is_found_in_the_same_transaction_and_gone_when_it_is_rolled_back(
    archive: sqlite3.Connection,
) -> None:
    archive.execute("UPDATE articles SET body = '换成了新的内容' WHERE id = 'a:1'")
    index.sync_index(archive)
    assert found(archive, "新的内容") == {"a:1"}
    assert found(archive, "三起电信") == {"a:1"}  # in the title
    assert found(archive, "body:三起") == set()
    archive.rollback()
    assert found(archive, "新的内容") == set()
    assert index.is_index_intact(archive)


def test_one_more_article_takes_no_look_at_all_others(archive: sqlite3.Connection) -> None:
    some = "INSERT INTO articles (id, body) SELECT 'c:' || ? || value, '灯' FROM json_each(?)"

    def steps_of_one_more(name: str) -> int:
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        archive.set_progress_handler(step, 1)
        archive.execute("INSERT INTO articles (id, body) VALUES (?, '新词在此')", (name,))
        index.sync_index(archive)
        archive.set_progress_handler(None, 1)
        return steps

    few = steps_of_one_more("d:1")
    archive.execute(some, ("x", str([*range(1000)])))
    index.sync_index(archive)
    assert steps_of_one_more("d:2") < few + 500


CHANGES = {
    "an update": ("UPDATE articles SET body = '新词在此' WHERE id = 'a:1'", {"a:1"}),
    "two updates": (
        ("UPDATE articles SET body = '旧词在此' WHERE id = 'a:1';"
        "UPDATE articles SET body = '新词在此' WHERE id = 'a:1'"),
        {"a:1"},
    ),
    "an insert": ("INSERT INTO articles (id, body) VALUES ('b', '新词在此')", {"b"}),
    "a replaced row": (
        ("INSERT OR REPLACE INTO articles (id, body) "
        "VALUES ('a:1', '新词在此')"),
        {"a:1"},
    ),
    "a row replaced twice": (
        ("INSERT OR REPLACE INTO articles (id, body) "
        "VALUES ('a:4', '旧词在此'), ('a:4', '新词在此')"),
        {"a:4"},
    ),
    "an update that replaces another row": (
        "UPDATE OR REPLACE articles SET id = 'a:2', body = '新词在此' WHERE n = 1", {"a:2"}),
    "an upsert": (
        ("INSERT INTO articles (id, body) VALUES ('a:1', '新词在此') "
        "ON CONFLICT DO UPDATE SET body = excluded.body"),
        {"a:1"},
    ),
    "a delete": ("DELETE FROM articles WHERE id IN ('a:1', 'a:3')", set()),
    "a row that took the place of a deleted one": (
        ("DELETE FROM articles WHERE id = 'a:4'; "
        "INSERT INTO articles (n, id, body) VALUES (4, 'c', '新词在此')"),
        {"c"},
    ),
    "another row number": (
        "UPDATE articles SET n = 77, body = '新词在此' WHERE id = 'a:2'",
        {"a:2"},
    ),
    "a row that came and went": (
        ("INSERT INTO articles (id, body) VALUES ('d', '新词在此'); "
        "DELETE FROM articles WHERE id = 'd'"),
        set(),
    ),
    "an emptied table": ("DELETE FROM articles", set()),
}  # fmt: skip


@pytest.mark.parametrize(("statements", "ids"), CHANGES.values(), ids=CHANGES)
def test_what_other_tools_change_is_found_after_the_next_opening(
    archive: sqlite3.Connection, path: Path, statements: str, ids: set[str]
) -> None:
    with closing(sqlite3.connect(path)) as stranger:
        stranger.executescript(statements)
    index.install_index(archive)
    assert found(archive, "新词在此") == ids
    _assert_index_equals_a_fresh_one(archive)


def _assert_index_equals_a_fresh_one(conn: sqlite3.Connection) -> None:
    assert index.is_index_intact(conn)
    conn.commit()
    vocabulary = "SELECT term, col, doc, offset FROM words ORDER BY 1, 2, 3, 4"
    conn.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, instance)")
    grown = conn.execute(vocabulary).fetchall()
    index.rebuild_index(conn)
    assert conn.execute(vocabulary).fetchall() == grown


def _with(act: Callable[[Table], object]) -> Callable[[Path], None]:
    """What someone does to the table through sqlite-utils."""

    def run(path: Path) -> None:
        with closing(Database(path)) as database:
            act(database.table("articles"))

    return run


def _drop_a_part(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("DROP TABLE articles_fts_config")
        conn.commit()


def _empty_a_part(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("DELETE FROM articles_fts_data")
        conn.commit()


def _run(path: Path, statements: str) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript(statements)


DAMAGE = {
    "sqlite-utils populate-fts": _with(lambda table: table.populate_fts(["title", "body"])),
    "sqlite-utils rebuild-fts": _with(lambda table: table.rebuild_fts()),
    "sqlite-utils disable-fts": _with(lambda table: table.disable_fts()),
    "sqlite-utils enable-fts --replace": _with(
        lambda table: table.enable_fts(["title", "body"], replace=True, create_triggers=True)
    ),
    "sqlite-utils transform": _with(lambda table: table.transform(types={"date": str})),
    "a dropped index": lambda path: _run(path, "DROP TABLE articles_fts"),
    "a dropped trigger": lambda path: _run(path, "DROP TRIGGER search_update"),
    "a table that lost a part": _drop_a_part,
    "an emptied part": _empty_a_part,
    "notes thrown away": lambda path: _run(
        path, "INSERT INTO articles (id) VALUES ('x'); DELETE FROM search_pending"
    ),
    "an older way of indexing": lambda path: _run(path, "UPDATE search_index SET version = 0"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_index_is_noticed_on_opening_and_rebuilt(
    archive: sqlite3.Connection, path: Path, damage: Callable[[Path], object]
) -> None:
    archive.close()
    damage(path)
    with closing(sqlite3.connect(path)) as conn:
        assert not (index.ngram_of(conn) and index.is_index_intact(conn))
        assert index.install_index(conn) >= len(ARTICLES)
        assert found(conn, "电信网络诈骗") == {"a:1"}
        _assert_index_equals_a_fresh_one(conn)


@pytest.mark.parametrize(
    "statement",
    ["VACUUM", "INSERT INTO articles_fts (articles_fts) VALUES ('optimize')", "ANALYZE"],
)
def test_tidying_up_is_no_damage(archive: sqlite3.Connection, statement: str) -> None:
    archive.execute(statement)
    archive.commit()
    assert index.is_index_intact(archive)
    assert found(archive, "诈骗") == {"a:1"}


def test_opening_a_sound_archive_writes_nothing(archive: sqlite3.Connection) -> None:
    before = archive.total_changes
    assert index.install_index(archive) == 0
    assert archive.total_changes == before


def test_another_ngram_in_the_settings_builds_the_index_anew(archive: sqlite3.Connection) -> None:
    assert index.install_index(archive, ngram=6) == len(ARTICLES)
    assert index.ngram_of(archive) == 6
    assert found(archive, "诈骗") == {"a:1"}
