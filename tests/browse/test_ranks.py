from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("datasette", reason="the extra is not installed: pip install .[browse]")

from datasette.utils.sqlite import sqlite3  # type: ignore[import-untyped]

from crawler.browse.bounds import Connection, bound_functions
from crawler.browse.ranks import asks_rank
from tests.growth import assert_linear

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

INDEXES = frozenset({"articles_fts"})


@pytest.mark.parametrize(
    "sql",
    [
        "select 1 from articles_fts where `rank` = 1",
        "select 1 from main.[Articles_FTS] where RANK in (1)",
        "select 1 from articles_fts --\n where rank = 2",
        "select 1 from articles_fts where title match 'x' and 1 = :a(') and rank = \"x\" --'",
        "select 1 from articles_fts f where $a::b(') = f.rank or $a::b(')",
        "select ?1from articles_fts where ?1=rank",
        "select 1 from a where exists (select 1 from articles_fts order by 1) and rank = 2",
        "select 1 from a order by 1 limit (select 1 from articles_fts where rank = 'x')",
        "select 1 from articles_fts ('x' /* , */ , 'y')",
        "select 1 where 1 in 'articles_fts' \ufeff\ufeff ('x', 'y')",
        "select 1 from articles_fts natural join own",
    ],
)
def test_a_statement_that_does_more_with_a_rank_than_to_show_it_is_found(sql: str) -> None:
    assert asks_rank(sql, INDEXES)


@pytest.mark.parametrize(
    "sql",
    [
        "select rank from articles where rank = 2",
        "select 1 from articles_fts where title = 'rank it' order by max(1, rank), title",
        "select 1 from articles_fts(coalesce('x', 'y')) order by rank -- rank = 2",
        "select f.rank, id from articles_fts f join articles using (id) where title match 'Frank'",
        "select id, rank from articles_fts where id = :rank order by date, articles_fts.rank desc",
        "select rank, id from articles_fts where id in (select id from own where x = 1)",
    ],
)
def test_what_shows_ranks_and_sorts_by_them_and_what_has_none_is_free(sql: str) -> None:
    assert not asks_rank(sql, INDEXES)


@pytest.mark.parametrize("unit", ["rank,", "(", "'", '"', "[", "/*", "--", ":a(", "::", "a.rank ("])
def test_twice_the_words_are_twice_the_work(unit: str) -> None:
    assert_linear(lambda size: asks_rank(f"select articles_fts {unit * size}", INDEXES), 500)


MADE = """
CREATE VIRTUAL TABLE plain USING fts5(text);
CREATE VIRTUAL TABLE weighed USING fts5(text);
CREATE VIRTUAL TABLE odd USING fts5(text);
CREATE TABLE own (rank);
INSERT INTO own VALUES ('nobodys(1)');
INSERT INTO plain VALUES ('a b'), ('b');
INSERT INTO weighed VALUES ('a b');
INSERT INTO odd VALUES ('a b');
INSERT INTO weighed (weighed, rank) VALUES ('rank', ' BM25 (2.0)');
INSERT INTO odd (odd, rank) VALUES ('rank', 'nobodys(1)');
"""
"""Indexes of somebody's own. A function that nobody has says so where it is called."""

SETTINGS = (
    "CREATE TABLE 'plain_config'(k PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO plain_config VALUES "
)
BAD = "CAST(x'65FF' AS TEXT)"
CALLED = "no such function: nobodys"
VIEWS = {
    "SELECT 1 AS one FROM plain('b', 'nobodys(1)') LEFT JOIN own USING (rank)": "SELECT * FROM {}",
    "SELECT 1 AS one FROM odd('b') LEFT JOIN own USING ([RANK])": "SELECT count(*) FROM {}",
    "WITH c AS (SELECT rank AS r FROM plain('b')) SELECT * FROM c": (
        "SELECT * FROM {} WHERE r = 'nobodys(1)'"
    ),
    "SELECT text FROM odd('b') ORDER BY rank, text": "SELECT text FROM {}",
    "WITH c AS (SELECT text FROM odd('b') ORDER BY rank, 1) SELECT 1 FROM c": "SELECT * FROM {}",
}
ASKED = [
    "SELECT rank FROM odd('b')",
    "SELECT text FROM odd WHERE odd MATCH 'b' ORDER BY rank, text",
]


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., str]:
    """Makes a file by statements, and says what a visitor is told who asks something of it."""

    def told(made: str, sql: str, *, guarded: bool = True) -> str:
        path = tmp_path / "own.db"
        path.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as database:
            database.executescript(MADE + made)
        with closing(sqlite3.connect(path, factory=Connection)) as connection:
            plain = bound_functions(connection) if guarded else connection
            with closing(plain), closing(connection.cursor()) as cursor:
                return _told(cursor, sql)

    return told


def _told(cursor: Any, sql: str) -> str:
    try:
        return str(cursor.execute(sql).fetchall())
    except sqlite3.DatabaseError as error:
        return str(error)


def _is_refused(told: str) -> bool:
    return "not authorized" in told or "prohibited" in told


@pytest.mark.parametrize(("view", "sql"), VIEWS.items())
def test_a_view_of_somebodys_has_no_index_call_what_it_names(
    ask: Callable[..., str], view: str, sql: str
) -> None:
    made = f"CREATE VIEW mine AS {view}; CREATE VIEW another AS {sql.format('mine')}"
    for asked in (sql.format("Mine"), "SELECT * FROM [another]"):
        assert CALLED in ask(made, asked, guarded=False)
        assert _is_refused(ask(made, asked)), asked


@pytest.mark.parametrize("sql", ASKED)
def test_an_index_of_somebodys_that_ranks_by_another_function_is_not_read(
    ask: Callable[..., str], sql: str
) -> None:
    assert CALLED in ask("", sql, guarded=False)
    assert _is_refused(ask("", sql))
    weighed = sql.replace("odd", "weighed")
    assert ask("", weighed) == ask("", weighed, guarded=False)


@pytest.mark.parametrize(
    "settings",
    [
        "CREATE VIEW plain_config AS SELECT 'rank' AS k, 'nobodys(1)' AS v",
        "CREATE TABLE plain_config (k, v AS ('nobodys(1)'))",
        SETTINGS + "(CAST('RANK' AS BLOB), 'nobodys(1)')",
        SETTINGS + "('rank' || char(0), 'nobodys(bm25(')",
    ],
)
def test_the_settings_of_an_index_are_read_as_the_index_reads_them(
    ask: Callable[..., str], settings: str
) -> None:
    told = ask(f"DROP TABLE plain_config; {settings}", "SELECT rank FROM plain('b')")
    assert _is_refused(told)


@pytest.mark.parametrize(
    "listed",
    [
        "type = CAST(type AS BLOB), name = name || char(0) || 'x' WHERE name IN ('plain', 'mine')",
        f"name = {BAD}, tbl_name = {BAD}, sql = 'CREATE TABLE '||{BAD}||'(a)' WHERE name = 'else'",
        "rootpage = 2 WHERE name = 'plain'",
    ],
)
def test_an_index_is_known_however_the_file_lists_it_and_whatever_else(
    ask: Callable[..., str], listed: str
) -> None:
    made = f"""
    CREATE TABLE "else" (a);
    CREATE VIEW mine AS {next(iter(VIEWS))};
    CREATE TRIGGER mine INSERT ON own BEGIN SELECT 1; END;
    PRAGMA writable_schema = ON;
    UPDATE sqlite_master SET """  # noqa: S608
    for sql in ("SELECT * FROM mine", "SELECT rank FROM plain('b', 'nobodys(1)')"):
        assert CALLED in ask(made + listed, sql, guarded=False)
        assert _is_refused(ask(made + listed, sql))


@pytest.mark.parametrize("call", ["matchinfo(old, 's')", "offsets(old)", "snippet(old)"])
def test_functions_of_older_indexes_that_take_a_square_are_refused(
    ask: Callable[..., str], call: str
) -> None:
    made = "CREATE VIRTUAL TABLE old USING fts4(text); INSERT INTO old VALUES ('b');"
    assert _is_refused(ask(made, f"SELECT {call} FROM old WHERE old MATCH 'b'"))  # noqa: S608
    assert ask(made, "SELECT text FROM old WHERE old MATCH 'b'") == "[('b',)]"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM best",
        "SELECT text, rank FROM plain('b') ORDER BY rank, text",
        "WITH d AS (SELECT text FROM plain('b') ORDER BY rank) SELECT text FROM d",
        "SELECT rank FROM own WHERE rank LIKE 'no%'",
    ],
)
def test_what_a_visitor_may_ask_is_answered_as_sqlite_does(
    ask: Callable[..., str], sql: str
) -> None:
    best = "SELECT text, bm25(plain) AS rank FROM plain WHERE plain MATCH 'b' ORDER BY rank"
    made = f"CREATE VIEW best AS {best}; CREATE VIEW mine AS {next(iter(VIEWS))}"
    assert ask(made, sql) == ask(made, sql, guarded=False)


@pytest.mark.parametrize("unit", ["SELECT 1 FROM v{}, v{}", "SELECT 1 FROM plain('b'), v{}, w{}"])
def test_twice_the_views_are_twice_the_work(ask: Callable[..., str], unit: str) -> None:
    def read(size: int) -> None:
        views = (f"CREATE VIEW v{at + 1} AS {unit.format(at, at)};" for at in range(size))
        ask("".join(views), "SELECT 1")

    assert_linear(read, 40)
