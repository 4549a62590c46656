"""What an earlier version, or somebody else, wrote into an archive leaves it harmless."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from crawler.archive import Archive
from crawler.archive.carrying import carry_in
from crawler.archive.database import pack
from crawler.errors import ArchiveError
from crawler.flows.clock import shanghai_now
from tests.archive.specimens import ID, make_page, tables_of
from tests.cli.conftest import crawler, folder
from tests.lookalikes import link
from tests.test_fields import MARKS, NO_MOMENTS, SECRET, SENTENCE, UNSEEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

__all__ = ["crawler", "folder"]

ODD = f"灯{MARKS}塔 &bogus; }} {link(5)}&key={SECRET}"
TAIL = f"[另见]({link(6)}&key={SECRET})。"
LINES = ("title", "source", "account", "author", "digest", "album", "place", "item_type", "sn")
MOMENTS = ("date", "published_at", "modified_at", "fetch_date", "checked_at")
PRINTED = (
    ("list", "--json"),
    ("search", "--json", "潮水"),
    ("history", ID),
    ("history", ID, "--json"),
    ("show", ID),
    ("cite", ID),
    ("cite", ID, "--as", "bibtex"),
    ("cite", ID, "--as", "csl"),
    ("export", "--jsonl"),
    ("export", "--jsonl", "--state", "ok"),
    ("status",),
    ("status", "--json"),
)
_PACE = "INSERT INTO pace (host, why, started_at, closed_until) VALUES (?, ?, 1e15, 1e15)"
WRITTEN = (
    ("export", "md"),
    ("export", "more", "--properties"),
    ("export", "--vault", "vault"),
    ("export", "--atom", "feed.xml"),
    ("export", "--epub", "book.epub"),
    ("export", "--parquet", "table"),
)


def _forge(folder: Path, moment: str, tail: str = TAIL) -> Path:
    """An archive of one article whose fields hold anything."""
    path = folder / "archive.db"
    body = f"# 灯塔\n\n![cover_image](https://mmbiz.qpic.cn/x{MARKS})\n\n潮水{MARKS}退去，{tail}\n"
    with pytest.MonkeyPatch.context() as older, Archive.open(path) as archive:
        older.setattr("crawler.fields._SOUND", {})
        older.setattr("crawler.fields.harmless_line", str)
        archive.save(make_page(body=body, cover=f"https://mmbiz.qpic.cn/x{MARKS}"))
    odd = {**dict.fromkeys(LINES, ODD), **dict.fromkeys(MOMENTS, moment), "id": ID}
    given = ", ".join(f"{name} = :{name}" for name in odd if name != "id")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"UPDATE articles SET {given} WHERE id = :id", odd)  # noqa: S608
        database.execute("UPDATE revisions SET at = ?", (moment,))
        database.execute("UPDATE events SET at = ?, detail = ?", (moment, ODD))
        database.execute("UPDATE accounts SET name = ?, description = ?", (ODD, ODD))
    return path


@pytest.mark.parametrize("moment", [*NO_MOMENTS[:4], *NO_MOMENTS[-3:]])
def test_nothing_that_is_printed_of_it_steers_a_terminal(
    crawler: Crawler, folder: Path, moment: str
) -> None:
    with closing(sqlite3.connect(_forge(folder, moment))) as database, database:
        database.execute(_PACE, (ODD, ODD))
    for words in PRINTED:
        result = crawler(*words)
        assert (result.exit_code, words) == (0, words), result.output
        assert (UNSEEN.findall(result.output), SECRET in result.output) == ([], False), words


@pytest.mark.parametrize(
    "words",
    [
        *(("list",), ("search", "潮水"), ("history", ID, "--diff"), ("audit",), ("promo",)),
        *(("queue", "list"), ("queue", "list", "--json"), ("forget", "--list")),
        *(("watch", "--plan"), ("watch", "--plan", "--json")),
    ],
    ids=" ".join,
)
def test_what_is_shown_to_people_of_its_lists_steers_no_terminal(
    crawler: Crawler, folder: Path, words: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(_forge(folder, NO_MOMENTS[0]))) as database, database:
        for statement, count in _LISTED.items():
            database.execute(statement, (ODD,) * count)
        database.execute(_OLDER, (pack(f"# 灯塔\n\n{ODD}\n".encode()),))
    result = crawler(*words)
    assert result.exit_code in (0, 1), result.output
    assert result.stdout
    assert (UNSEEN.findall(result.output), SECRET in result.output) == ([], False)


@pytest.mark.parametrize("word", ["潮声", "key", "weixin"])
def test_a_search_shows_no_credential_of_a_link_that_it_cuts_or_marks(
    crawler: Crawler, folder: Path, word: str
) -> None:
    _forge(folder, NO_MOMENTS[0])
    code = f'`<a href="{link(7)}&amp;key=5e\n{SECRET}">`'
    body = f"灯塔亮起。{'海面平静，' * 30}{link(6)}&key={SECRET} {code} 潮声"
    with closing(sqlite3.connect(folder / "archive.db")) as database, database:
        database.execute("UPDATE articles SET body = ?", (body,))
    for json_or_not in ((), ("--json",)):
        result = crawler("search", word, *json_or_not)
        assert (result.exit_code, SECRET in result.output) == (0, False), result.output


_LISTED = {
    "INSERT INTO queue VALUES ('x', ?, NULL, ?, 0, 1, ?, ?, ?, ?, ?, ?)": 8,
    "INSERT INTO forgotten VALUES (?, ?, ?)": 3,
    "INSERT INTO evidence SELECT 1, id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'candidate', ?, NULL"
    " FROM articles": 11,
    "UPDATE articles SET checked_at = '2026-01-02T03:04:05'": 0,
}
"""Statements, and how often the odd text stands in each."""

_OLDER = (
    "INSERT INTO revisions SELECT article_id, 'x', '2020-01-02', state, origin, url, evidence, 9, ?"
    " FROM revisions"
)


def test_lines_of_json_say_of_it_what_it_holds(crawler: Crawler, folder: Path) -> None:
    _forge(folder, NO_MOMENTS[0])
    lines = crawler("export", "--jsonl").output.splitlines()
    [told] = [row for row in map(json.loads, lines) if row.get("id") == ID]
    assert told["title"].startswith(f"灯{MARKS}塔")
    assert MARKS in told["body"]


@pytest.mark.parametrize("moment", [*NO_MOMENTS[:4], *NO_MOMENTS[-3:]])
def test_every_file_that_is_written_of_it_is_read_by_other_programs(
    crawler: Crawler, folder: Path, moment: str
) -> None:
    pytest.importorskip("pyarrow", reason="the extra is not installed")
    _forge(folder, moment)
    for words in WRITTEN:
        assert (crawler(*words).exit_code, words) == (0, words)
    texts = [path.read_text("utf-8") for path in folder.rglob("*.md")]
    texts.append((folder / "feed.xml").read_text("utf-8"))
    with ZipFile(folder / "book.epub") as book:
        names = [name for name in book.namelist() if name.endswith(("xhtml", "opf", "svg"))]
        texts += [book.read(name).decode() for name in names]
        assert [ET.fromstring(book.read(name)).tag for name in names]  # noqa: S314  (our own)
    assert len(texts) >= 7
    texts += [str(path.relative_to(folder)) for path in folder.rglob("*")]
    assert [text for text in texts if UNSEEN.search(text) or SECRET in text] == []


@pytest.mark.parametrize("moment", [NO_MOMENTS[0], *NO_MOMENTS[-3:]])
def test_a_table_of_it_holds_no_mark(crawler: Crawler, folder: Path, moment: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra is not installed")
    _forge(folder, moment)
    assert crawler("export", "--parquet", "table").exit_code == 0
    [row] = parquet.read_table(folder / "table" / "articles.parquet").to_pylist()
    said = [value for value in row.values() if isinstance(value, str)]
    assert [value for value in said if UNSEEN.search(value) or SECRET in value] == []
    assert (row["date"], row["fetched_at"], row["sn"]) == (None, None, "")


def test_an_entry_of_bibtex_ends_where_it_does(crawler: Crawler, folder: Path) -> None:
    database = pytest.importorskip("pybtex.database", reason="pybtex is not installed")
    for moment in NO_MOMENTS:
        _forge(folder, moment)
        written = crawler("cite", ID, "--as", "bibtex").output
        [entry] = database.parse_string(written, "bibtex").entries.values()
        assert not {"year", "date", "urldate"} & {*entry.fields}
        (folder / "archive.db").unlink()


@pytest.mark.parametrize("moment", [SENTENCE, *NO_MOMENTS])
def test_what_is_merged_or_read_back_of_it_is_what_a_field_may_hold(
    crawler: Crawler, folder: Path, moment: str
) -> None:
    other = _forge(folder, moment, tail="").rename(folder / "other.db")
    with closing(sqlite3.connect(other)) as database, database:
        database.execute("UPDATE events SET origin = 'seed'")
        database.execute("UPDATE revisions SET origin = 'seed'")
        database.execute("UPDATE articles SET origin = 'seed'")
        for table, column in (("articles", name) for name in LINES):
            database.execute(f"UPDATE {table} SET {column} = ?", (f"灯{MARKS}塔",))  # noqa: S608
        database.execute("UPDATE events SET detail = ?", (f"灯{MARKS}塔",))
        database.execute("UPDATE accounts SET name = ?, description = ''", (f"灯{MARKS}塔",))
    assert crawler("merge", "other.db").exit_code == 0
    lines = crawler("--db", "other.db", "export", "--jsonl").output
    (folder / "lines.jsonl").write_text(lines, encoding="utf-8")
    with Archive.open(folder / "again.db") as archive:
        done = list(carry_in(archive, folder / "lines.jsonl", now=shanghai_now()))
        again = tables_of(archive.database)
    assert [one.error for one in done if one.error] == []
    with Archive.open(folder / "archive.db") as archive:
        merged = tables_of(archive.database)
        [row] = archive.database["articles"].rows
        assert not list(archive.audit(today="2026-03-01"))
    del merged["learned"], again["learned"]  # which follows from the rest
    assert merged == again
    assert {name: row[name] for name in MOMENTS} == dict.fromkeys(MOMENTS, "")
    assert {row[name] for name in LINES} == {"灯[31m塔", ""}
    for name in ("accounts", "events", "revisions"):
        assert not UNSEEN.search("".join(map(str, (row[:3] for row in merged[name]))))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles SET topics = ?",
        "INSERT INTO copies (article_id, copy, fields) SELECT id, 'x', ? FROM articles",
        "INSERT OR REPLACE INTO learned VALUES ('x', 'y', ?)",
    ],
)
def test_what_is_nested_too_deeply_is_as_what_is_no_json(
    crawler: Crawler, folder: Path, statement: str
) -> None:
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_page())
    with closing(sqlite3.connect(folder / "archive.db")) as database, database:
        database.execute(statement, ("[" * 5000 + "]" * 5000,))
    for command in (*WRITTEN, ("forget", ID, "--yes")):
        done = crawler(*command)
        assert done.exit_code == 0, done.output


_WHOLE = '{"state": "ok", "origin": "seed", "kind": "normal", %s}'


@pytest.mark.parametrize(
    "copy",
    [
        *("[" * 5000 + "]" * 5000, "[1]", "{", "{}", '{"state": "ok"}'),
        *(_WHOLE % '"title": "\\ud800"', _WHOLE % '"removed": {"\\ud800": 1}'),
        *(_WHOLE % f'"characters": {1 << 63}', _WHOLE % f'"removed": {{"tail": {1 << 63}}}'),
    ],
)
def test_a_copy_that_is_none_is_named_by_who_would_save_another(folder: Path, copy: str) -> None:
    statement = "INSERT INTO copies (article_id, copy, fields) SELECT id, 'x', ? FROM articles"
    with Archive.open(folder / "archive.db") as archive:
        archive.save(make_page())
        with archive.database.conn:
            archive.database.execute(statement, (copy,))
        with pytest.raises(ArchiveError, match="a copy of it is damaged"):
            archive.save(make_page(body="# 灯塔\n\n潮水退去。\n"))
