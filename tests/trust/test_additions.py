"""Archives into which somebody put something: what would act is named, and never runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive, back_up, restore, save_readable
from crawler.errors import ArchiveError
from tests.archive.specimens import ID, OTHER_SHORT, make_article

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)"
TRIGGERS = [
    f"CREATE TRIGGER t {moment} {event} ON {table} BEGIN DELETE FROM revisions; END"  # noqa: S608
    for moment in ("BEFORE", "AFTER")
    for event in ("INSERT", "UPDATE", "DELETE")
    for table in ("articles", "events", "queue", "PACE", "search_pending")
]
ACTING = [
    *TRIGGERS,
    # under the name of ours, and as what sqlite-utils makes begins
    "CREATE TRIGGER search_insert AFTER INSERT ON articles BEGIN DELETE FROM urls; END",
    "CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN DELETE FROM urls; END",
    (
        "CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN"
        " INSERT INTO articles_fts (rowid) VALUES ((SELECT 1)); END"
    ),
    "CREATE UNIQUE INDEX i ON articles (account)",
    "CREATE INDEX i ON articles (hex(zeroblob(9)))",
    "CREATE INDEX i ON articles (account) WHERE length(account) > 99",
    "ALTER TABLE articles ADD COLUMN note TEXT AS (hex(zeroblob(9)))",
    "ALTER TABLE articles ADD COLUMN note TEXT CHECK (note IS NULL)",
    "ALTER TABLE queue ADD COLUMN note TEXT COLLATE nocase",
    "ALTER TABLE queue ADD COLUMN note TEXT REFERENCES articles (id) ON DELETE CASCADE",
    "ALTER TABLE events ADD COLUMN note TEXT REFERENCES articles (id) ON UPDATE SET NULL",
]
"""Statements that put something into the file which acts on what is written."""

HARMLESS = [
    "CREATE TABLE remarks (article_id TEXT REFERENCES articles (id), note TEXT UNIQUE)",
    "ALTER TABLE articles ADD COLUMN note TEXT",
    "ALTER TABLE articles ADD COLUMN 'check' TEXT /* UNIQUE */",
    "CREATE VIEW mine AS SELECT title FROM articles",
    "CREATE INDEX mine ON articles (author, date DESC)",
    (
        "CREATE TABLE remarks (note); CREATE TRIGGER mine AFTER INSERT ON remarks BEGIN"
        " DELETE FROM remarks; END"
    ),
    (
        "CREATE TABLE remarks (article_id REFERENCES articles (id), note, changed);"
        " CREATE TRIGGER mine AFTER UPDATE OF note ON remarks BEGIN"
        " UPDATE remarks SET changed = datetime('now') WHERE rowid = NEW.rowid; END"
    ),
]
"""What a person may add for themselves."""


READING = [
    *(["search", "灯塔"], ["search", "灯塔", "--json"], ["list"], ["show", ID], ["history", ID]),
    *(
        ["cite", ID],
        ["status"],
        ["queue", "list"],
        ["promo"],
        ["forget", "--list"],
        ["export", "out"],
    ),
    *(["export", "--jsonl"], ["backup", "copy.db"]),
]
SAYS_NO_TITLE = ("status", "queue", "promo", "forget", "export", "backup", "history")


@pytest.fixture
def path(archive: Archive) -> Path:
    """An archive of one article, closed."""
    archive.save(make_article())
    archive.close()
    return archive.path


def _put(path: Path, statements: str) -> None:
    with closing(sqlite3.connect(path)) as database:
        if "search_insert" in statements:
            database.execute("DROP TRIGGER search_insert")
        database.executescript(statements)


def _stand_in(path: Path, table: str) -> None:
    _put(path, f"PRAGMA writable_schema = ON; DROP TABLE {table};")
    _put(path, f"CREATE VIEW {table} AS {ENDLESS} SELECT x AS id FROM n")  # noqa: S608


@pytest.mark.parametrize("statement", ACTING)
def test_what_acts_on_writes_is_named_and_nothing_is_written(path: Path, statement: str) -> None:
    _put(path, statement)
    before = path.read_bytes()
    for ngram in (2, None):
        with pytest.raises(ArchiveError, match="holds something that is not ours") as caught:
            Archive.open(path, ngram=ngram)
        assert "audit --salvage" in caught.value.advice
    assert path.read_bytes() == before
    with Archive.open(path, read_only=True) as archive:
        assert [one.check for one in archive.audit(today="2026-11-26")][:1] == ["addition"]


@pytest.mark.parametrize("statement", [TRIGGERS[0], *ACTING[-9:]])
def test_what_acts_on_writes_keeps_nobody_from_reading(
    crawler: Crawler, folder: Path, statement: str
) -> None:
    path = folder / "archive.db"
    with Archive.open(path) as archive:
        archive.save(make_article())
    _put(path, statement)
    before = path.read_bytes()
    for command in READING:
        done = crawler(*command)
        assert done.exit_code == 0, (command, done.stderr)
        assert "灯塔" in done.stdout or command[0] in SAYS_NO_TITLE, command
    assert path.read_bytes() == before


@pytest.mark.parametrize("table", ["articles", "pace", "forgotten", "search_index"])
def test_a_view_in_the_place_of_a_table_is_never_read(path: Path, table: str) -> None:
    _stand_in(path, table)
    for read_only in (True, False):
        with pytest.raises(ArchiveError, match=f"{table} is a view in the place of a table"):
            Archive.open(path, read_only=read_only)


@pytest.mark.parametrize(
    "listed",
    [
        "type = CAST(type AS BLOB)",
        "type = type || char(0) || 'x'",
        "name = name || char(0) || 'x'",
    ],
)
def test_what_stands_in_is_told_though_its_entry_is_stored_as_sqlite_alone_reads_it(
    path: Path, listed: str
) -> None:
    sound = path.read_bytes()
    for statement in (_RUNNING, _COMPUTING):
        path.write_bytes(sound)
        _put(path, f"DROP TABLE pace; CREATE {statement}")
        update = f"UPDATE sqlite_master SET {listed} WHERE name = 'pace'"  # noqa: S608
        _put(path, f"PRAGMA writable_schema = ON; {update}")
        for read_only in (True, False):
            with pytest.raises(ArchiveError, match="pace"):
                Archive.open(path, read_only=read_only)


_RUNNING = f"VIEW pace AS {ENDLESS} SELECT x AS id FROM n"  # noqa: S608
_COMPUTING = "TABLE pace (id INTEGER, started_at REAL AS (id + 1))"


def test_a_view_of_nothing_keeps_no_other_table_from_being_checked_or_saved(path: Path) -> None:
    _put(path, "CREATE VIEW own AS SELECT * FROM gone")
    with Archive.open(path, read_only=True) as archive:
        assert list(archive.audit(today="2026-11-26")) == []
    _put(path, "DROP VIEW own; DROP TABLE pace; CREATE VIEW pace AS SELECT * FROM gone")
    with pytest.raises(ArchiveError, match="pace is a view in the place of a table"):
        Archive.open(path)
    lost = save_readable(path, path.with_name("new.db")).lost
    assert [(one.table, one.why) for one in lost] == [("pace", "what has its name is no table")]


def test_a_statement_that_is_stored_as_no_text_is_read_as_sqlite_does(path: Path) -> None:
    update = "UPDATE sqlite_master SET sql = CAST(sql AS BLOB) WHERE name = 'pace'"
    _put(path, f"PRAGMA writable_schema = ON; {update}")
    with Archive.open(path, read_only=True) as archive:
        assert list(archive.audit(today="2026-11-26")) == []


@pytest.mark.parametrize("view", ["deaths", "states", "documents"])
def test_a_view_of_ours_that_says_something_else_is_never_read(path: Path, view: str) -> None:
    _put(path, f"DROP VIEW {view}; CREATE VIEW {view} AS {ENDLESS} SELECT x AS state FROM n")  # noqa: S608
    for read_only in (True, False):
        with pytest.raises(ArchiveError, match=f"{view} is not the view that ours is"):
            Archive.open(path, read_only=read_only)


def test_a_virtual_table_in_the_place_of_one_is_never_read(path: Path) -> None:
    _put(path, "DROP TABLE pace; CREATE VIRTUAL TABLE pace USING fts5(host)")
    with pytest.raises(ArchiveError, match="pace is a virtual table in the place of one"):
        Archive.open(path, read_only=True)


@pytest.mark.parametrize("index", ["fts5(title, content='mine')", "fts4(title, content=mine)"])
def test_an_index_of_something_else_than_the_articles_is_never_read(path: Path, index: str) -> None:
    _put(path, "DROP TABLE articles_fts; CREATE VIEW mine AS SELECT 1 AS title")
    _put(path, f"CREATE VIRTUAL TABLE articles_fts USING {index}")
    with pytest.raises(ArchiveError, match="is an index of something else than the articles"):
        Archive.open(path, read_only=True)


@pytest.mark.parametrize("key", ["'rank'", "'RANK'", "CAST('rank' AS BLOB)"])
def test_an_index_that_ranks_by_what_takes_the_square_of_a_text_is_never_read(
    path: Path, tmp_path: Path, key: str
) -> None:
    _put(path, "DELETE FROM articles_fts_config WHERE k = 'rank'")
    _put(path, f"INSERT INTO articles_fts_config VALUES ({key}, 'Snippet(0, 1, 2, 3, 9)')")  # noqa: S608
    for read_only in (True, False):
        with pytest.raises(ArchiveError, match="ranks by another function than bm25"):
            Archive.open(path, read_only=read_only)
    assert save_readable(path, tmp_path / "new.db").lost == []
    with Archive.open(tmp_path / "new.db") as saved:
        assert [hit.id for hit in saved.search("灯塔")] == [ID]


@pytest.mark.parametrize("rank", ["bm25(10.0, 5.0)", " BM25 (1)"])
def test_an_index_may_rank_by_weights_of_its_own(path: Path, rank: str) -> None:
    _put(path, f"UPDATE articles_fts_config SET v = '{rank}' WHERE k = 'rank'")  # noqa: S608
    with Archive.open(path) as archive:
        assert [hit.id for hit in archive.search("灯塔")] == [ID]


def test_a_virtual_table_is_known_whatever_stands_between_its_words(path: Path) -> None:
    _put(path, "DROP TABLE pace; CREATE VIRTUAL TABLE pace USING fts5(host)")
    renamed = "UPDATE sqlite_master SET sql = replace(sql, 'E V', 'E/**/V') WHERE name = 'pace'"
    _put(path, f"PRAGMA writable_schema = ON; {renamed}")
    with pytest.raises(ArchiveError, match="pace is a virtual table in the place of one"):
        Archive.open(path, read_only=True)


COMPUTED = [
    *(("articles", "title"), ("pace", "why"), ("search_index", "ngram")),
    *(("search_pending", "body"), ("reader_notes", "text")),
]
HOURS = "instr(hex(zeroblob(60000000)), hex(zeroblob(30000000)) || 1)"


def _compute(path: Path, table: str, column: str) -> None:
    """Let the file compute a column, which takes hours for a row."""
    with closing(sqlite3.connect(path)) as database:
        names = [name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")]
    told = ", ".join(f"{name} AS (1)" if name == column else name for name in names)
    first = next(name for name in names if name != column)
    made = f"DROP TABLE {table}; CREATE TABLE {table} ({told})"
    _put(path, f"{made}; INSERT INTO {table} ({first}) VALUES (1)")  # noqa: S608
    hours = f"UPDATE sqlite_master SET sql = replace(sql, 'AS (1)', 'AS ({HOURS})')"  # noqa: S608
    _put(path, f"PRAGMA writable_schema = ON; {hours}")


@pytest.mark.parametrize(("table", "column"), COMPUTED)
def test_a_column_of_ours_that_the_file_computes_is_never_read(
    path: Path, table: str, column: str
) -> None:
    _compute(path, table, column)
    for read_only in (True, False):
        with pytest.raises(ArchiveError, match=rf"{table}\.{column} is a column that is computed"):
            Archive.open(path, read_only=read_only)


def test_a_version_that_the_file_computes_is_never_read(path: Path) -> None:
    _compute(path, "_sqlite_migrations", "name")
    with pytest.raises(ArchiveError, match="is a database, but no archive of ours"):
        Archive.open(path, read_only=True)


@pytest.mark.parametrize("table", ["articles", "events", "search_pending", "reader_notes"])
def test_a_column_that_hides_the_numbers_of_rows_is_never_read(
    path: Path, tmp_path: Path, table: str
) -> None:
    with Archive.open(path) as archive:
        archive.save(make_article(OTHER_SHORT, title="渡口", body="# 渡口\n\n水涨。\n"))
    _put(path, f"ALTER TABLE {table} ADD COLUMN RowId INTEGER DEFAULT 1")
    for read_only in (True, False):
        with pytest.raises(ArchiveError, match=rf"{table}\.RowId is a column that hides"):
            Archive.open(path, read_only=read_only)
    assert save_readable(path, tmp_path / "new.db").lost == []
    with Archive.open(tmp_path / "new.db") as saved:
        assert len(list(saved.records())) == 2
        assert len(list(saved.database["events"].rows)) == 2


def test_a_computed_column_is_lost_in_words(path: Path, tmp_path: Path) -> None:
    _compute(path, "reader_tags", "tag")
    lost = save_readable(path, tmp_path / "new.db").lost
    assert ("reader_tags", "column tag is missing, and empty in each row") in {
        (one.table, one.why) for one in lost
    }


BREAKS = "abs(-9223372036854775807 - 1)"
"""What SQLite cannot compute, and says so: it has computed it then."""


@pytest.mark.parametrize(
    "statements",
    [
        "CREATE TABLE remarks (note CHECK (abs(1)))",
        "CREATE TABLE remarks (note); CREATE INDEX mine ON remarks (abs(1))",
        "CREATE TABLE remarks (note); CREATE INDEX mine ON remarks (note) WHERE abs(1)",
        "CREATE TABLE remarks (note, other NOT NULL AS (abs(1)))",
    ],
)
def test_a_search_for_damage_computes_nothing_that_the_file_says(
    path: Path, tmp_path: Path, statements: str
) -> None:
    _put(path, f"{statements}; INSERT INTO remarks (note) VALUES ('a')")  # noqa: S608
    broken = f"UPDATE sqlite_master SET sql = replace(sql, 'abs(1)', '{BREAKS}')"  # noqa: S608
    _put(path, f"PRAGMA writable_schema = ON; {broken}")
    with Archive.open(path, read_only=True) as archive:
        assert list(archive.audit(today="2026-11-26")) == []
    assert back_up(path, tmp_path / "copy.db") == 1
    assert restore(tmp_path / "other.db", tmp_path / "copy.db") == (1, None)


def test_damage_is_found_beside_what_the_file_would_compute(path: Path) -> None:
    _put(path, "CREATE TABLE remarks (note CHECK (abs(1)))")
    other = "UPDATE sqlite_master SET sql = replace(sql, '(article_id)', '(url)')"
    _put(path, f"PRAGMA writable_schema = ON; {other} WHERE name = 'urls_article'")
    with Archive.open(path, read_only=True) as archive:
        assert "integrity" in {one.check for one in archive.audit(today="2026-11-26")}


def test_a_backup_in_which_a_view_stands_for_a_table_is_never_read(
    path: Path, tmp_path: Path
) -> None:
    _stand_in(path, "articles")
    place = tmp_path / "a.db"
    for copy in (partial(back_up, path, place), partial(restore, place, path)):
        with pytest.raises(ArchiveError, match="articles is a view in the place of a table"):
            copy()
    assert not place.exists()


@pytest.mark.parametrize("statements", HARMLESS)
def test_what_a_person_adds_for_themselves_stays_and_is_no_fault(
    path: Path, statements: str
) -> None:
    _put(path, statements)
    with Archive.open(path) as archive:
        archive.save(make_article(title="渡口", body="# 渡口\n"))
        assert list(archive.audit(today="2026-11-26")) == []


@pytest.mark.parametrize("statement", [TRIGGERS[0], ACTING[-1]])
def test_the_articles_of_such_a_file_are_saved_without_it(
    path: Path, tmp_path: Path, statement: str
) -> None:
    _put(path, statement)
    saved = save_readable(path, tmp_path / "new.db")
    assert saved.lost == []
    with Archive.open(tmp_path / "new.db") as new:
        assert list(new.audit(today="2026-11-26")) == []
        assert new.database["revisions"].count == 1


def test_what_stands_in_for_a_table_is_lost_in_words(path: Path, tmp_path: Path) -> None:
    _stand_in(path, "pace")
    saved = save_readable(path, tmp_path / "new.db")
    assert [(lost.table, lost.why) for lost in saved.lost] == [
        ("pace", "what has its name is no table")
    ]


def test_the_file_may_call_no_function_that_is_not_harmless(path: Path) -> None:
    _put(path, "CREATE VIEW mine AS SELECT load_extension('x')")
    with Archive.open(path) as archive, pytest.raises(ArchiveError, match="SQLite says"):
        archive.database.conn.execute("SELECT * FROM mine").fetchall()


def test_a_row_that_fills_memory_is_not_read(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE articles SET title = CAST(zeroblob(200 << 20) AS TEXT)")
        database.commit()
    with Archive.open(path, read_only=True) as archive, pytest.raises(ArchiveError):
        archive.database.conn.execute("SELECT title FROM articles").fetchall()


def test_the_commands_say_it_in_one_line(
    path: Path, crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(path.parent)
    _put(path, TRIGGERS[0])
    done = crawler("queue", "retry")
    assert done.exit_code == 1
    assert "t is a trigger on table articles" in done.output
    for words in (("list",), ("status",), ("history", make_article().url)):
        assert crawler(*words).exit_code == 0
    audited = crawler("audit")
    assert audited.exit_code == 1
    assert "addition" in audited.output
