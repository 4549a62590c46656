"""What a person added to an article outlives whatever happens to it, but `forget`."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive, carry_in
from crawler.archive.lines import each_line
from crawler.errors import InputError
from tests.archive.specimens import ID, SHORT, SIGNED, make_article, make_page, new_archive

if TYPE_CHECKING:
    from pathlib import Path

MOMENT = "2026-01-02T03:04:05"
LATER = "2026-02-02T03:04:05"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
_ALL = """
    SELECT 'star', article_id, '', at FROM reader_stars UNION ALL SELECT 'tag', * FROM reader_tags
    UNION ALL SELECT 'note', * FROM reader_notes ORDER BY 1, 3
"""


def _rows(archive: Archive) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = archive.database.execute(_ALL).fetchall()
    return found


def _add(archive: Archive, key: str, note: str = "值得再读", at: str = MOMENT) -> None:
    archive.personal.star(key, at=at)
    archive.personal.tag(key, "夜航", at=at)
    archive.personal.note(key, note, at=at)


def test_it_stays_when_an_article_is_read_anew(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
        _add(archive, ID)
        before = _rows(archive)
        archive.save(make_page(body="# 夜航的灯塔\n\n后来改过一句。\n"))
        archive.rebuild_index(2)
        assert _rows(archive) == before
        assert len(before) == 3


def test_all_of_it_stays_when_two_rows_turn_out_to_be_one_article(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article(SIGNED))
        archive.save(make_article(SHORT))
        short = archive.find(SHORT)
        assert short
        assert short != ID
        _add(archive, ID, "一", at=LATER)
        _add(archive, short, "二")
        archive.save(make_page(SHORT))
        assert _rows(archive) == [
            ("note", ID, "一", LATER),
            ("note", ID, "二", MOMENT),
            ("star", ID, "", MOMENT),
            ("tag", ID, "夜航", MOMENT),
        ]


def test_archives_that_are_merged_in_any_order_have_it_all(tmp_path: Path) -> None:
    files = []
    for number, (note, at) in enumerate((("一", LATER), ("二", MOMENT), ("一", MOMENT))):
        with new_archive(tmp_path / f"{number}.db") as archive:
            archive.save(make_article())
            _add(archive, ID, note, at)
            lines = each_line(archive.connection, archive.images.root)
            file = tmp_path / f"{number}.jsonl"
            file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            files.append(file)
    results = []
    for number, order in enumerate(permutations(files)):
        with new_archive(tmp_path / f"joined-{number}.db") as joined:
            for file in order:
                list(carry_in(joined, file, now=NOW))
            results.append(_rows(joined))
    assert results == [results[0]] * 6
    assert [(row[2], row[3]) for row in results[0] if row[0] == "note"] == [
        ("一", MOMENT),
        ("二", MOMENT),
    ]


def test_to_forget_an_article_is_to_forget_what_was_noted_beside_it(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
        _add(archive, ID)
        archive.forgotten.add(ID, at=MOMENT)
        assert _rows(archive) == []


def test_what_is_written_is_one_line_or_a_few_without_credentials(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
        archive.personal.tag(ID, " 夜\n航\u202e ", at=MOMENT)
        archive.personal.note(ID, f"见 {SIGNED}&key=5ecre75ecre7\r\n二", at=MOMENT)
        assert [row[2] for row in _rows(archive)] == [f"见 {SIGNED}\n二", "夜 航"]
        archive.personal.tag(ID, "https://mp.weixin.qq.com/s/a?key=5ecre7", at=MOMENT)
        assert "5ecre7" not in str(_rows(archive))
        for nothing in ("", " \n ", "\u200b"):
            with pytest.raises(InputError, match="is empty"):
                archive.personal.tag(ID, nothing, at=MOMENT)
        with pytest.raises(InputError, match="no such article"):
            archive.personal.star("x:1:1", at=MOMENT)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM articles",
        "UPDATE articles SET title = 'x'",
        "INSERT INTO queue (url) VALUES ('x')",
        "DROP TABLE reader_stars",
        "CREATE TABLE x (y)",
        "ALTER TABLE reader_tags ADD COLUMN x",
        "CREATE TRIGGER t AFTER INSERT ON reader_stars BEGIN DELETE FROM articles; END",
        "ATTACH DATABASE ':memory:' AS x",
        "PRAGMA writable_schema = 1",
    ],
)
def test_a_connection_of_the_readers_writes_nothing_else(tmp_path: Path, statement: str) -> None:
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
        archive.personal.write_nothing_else()
        with pytest.raises(sqlite3.DatabaseError, match="may not be opened"):
            archive.database.conn.execute(statement)
        _add(archive, ID)
        assert len(_rows(archive)) == 3
