"""What an audit tells of the full-text index, whose pages hold together though words in them fell.

The triggers and the fingerprint of an index say who wrote it; only its words say what it holds.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from crawler.archive import Archive
from crawler.archive.database import connect
from crawler.archive.search import holding, is_index_whole
from tests.archive.specimens import make_article
from tests.growth import assert_linear
from tests.lookalikes import link

if TYPE_CHECKING:
    from pathlib import Path

    from crawler.archive.audit.checks import Finding

TEXTS = ("海面上的灯塔", "雾里的 lighthouse", "航道与锚地", "潮汐、暗礁和灯船")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    _fill(tmp_path / "archive.db", len(TEXTS))
    return tmp_path / "archive.db"


def _fill(path: Path, count: int) -> None:
    with Archive.open(path) as archive:
        for number in range(count):
            text = f"# 夜航{number}\n\n{TEXTS[number % len(TEXTS)]}{number}\n"
            archive.save(make_article(link(number), body=text))


def _audit(path: Path, *, fix: bool = False) -> list[Finding]:
    with Archive.open(path, ngram=None) as archive:
        return list(archive.audit(today="2026-11-23", fix=fix, deep=True))


def _is_whole(path: Path) -> bool:
    with closing(connect(path, read_only=True)) as connection:
        return is_index_whole(connection)


def _blocks(path: Path) -> list[tuple[int, bytes]]:
    with closing(sqlite3.connect(path)) as database:
        asked = "SELECT id, block FROM articles_fts_data WHERE id > 10 ORDER BY id"
        return database.execute(asked).fetchall()


def _put(path: Path, number: int, block: bytes) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE articles_fts_data SET block = ? WHERE id = ?", (block, number))


def test_a_word_of_the_index_that_fell_is_told_and_the_index_made_anew(path: Path) -> None:
    for number, block in _blocks(path):
        _put(path, number, block.replace("灯塔".encode(), "灯塌".encode()))
    assert [found.check for found in _audit(path)] == ["index"]
    assert [found.fixed for found in _audit(path, fix=True)] == [True]
    assert _audit(path) == []
    with Archive.open(path) as archive:
        assert len(archive.search("灯塔")) == len(TEXTS)


def test_each_word_is_compared_by_a_deep_audit_alone_which_says_how_to_repair_it(
    path: Path,
) -> None:
    for number, block in _blocks(path):
        _put(path, number, block.replace("灯塔".encode(), "灯塌".encode()))
    with Archive.open(path, ngram=None) as archive:
        assert list(archive.audit(today="2026-11-23")) == []
    assert [found.advice for found in _audit(path)] == ["run: crawler audit --fix --deep"]


def test_a_bit_that_falls_anywhere_in_a_page_of_the_index_is_told_where_it_changes_a_word(
    path: Path,
) -> None:
    sound = _words(path)
    number, block = _blocks(path)[-1]
    changed = 0
    for place in range(0, len(block), 3):
        hurt = bytearray(block)
        hurt[place] ^= 1 << place % 8
        _put(path, number, bytes(hurt))
        if _words(path) != sound:
            changed += 1
            assert "index" in {found.check for found in _audit(path)}, place
    assert changed > len(block) // 6


def _words(path: Path) -> list[tuple[object, ...]] | str:
    """All places of all words, or what SQLite says where it cannot read them."""
    with closing(sqlite3.connect(path)) as database:
        database.text_factory = bytes
        try:
            database.execute(
                "CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, articles_fts, instance)"
            )
            return database.execute("SELECT * FROM temp.words").fetchall()
        except sqlite3.DatabaseError as error:
            return str(error)


def test_an_index_that_does_not_lead_to_its_pages_is_told(path: Path) -> None:
    words = " ".join(f"w{number:x}" for number in range(3000))
    with Archive.open(path) as archive:
        archive.save(make_article(link(70), body=f"# 词\n\n{words}\n"))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM articles_fts_idx")
    assert [found.check for found in _audit(path)] == ["index"]


@pytest.mark.parametrize("ngram", [1, 3, 6])
def test_an_index_of_words_of_any_length_is_whole(path: Path, ngram: int) -> None:
    with Archive.open(path, ngram=ngram):
        pass
    assert _is_whole(path)


def test_an_index_of_which_articles_went_came_and_changed_is_whole(path: Path) -> None:
    for number in range(3):
        with Archive.open(path) as archive:
            archive.save(make_article(link(number), body=f"# 新\n\n第{number}次看的灯船\n"))
            archive.save(make_article(link(50 + number), body="# 又\n\n新来的\n"))
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("DELETE FROM articles WHERE rowid = 4")
        with Archive.open(path):
            pass
        assert _is_whole(path)


def test_what_other_programs_wrote_and_nobody_indexed_yet_is_no_fault_of_the_index(
    path: Path,
) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE articles SET title = '别的标题' WHERE rowid = 1")
        database.execute("DELETE FROM articles WHERE rowid = 2")
    assert _is_whole(path)


def test_an_index_is_compared_in_parts_and_read_in_pieces(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_LETTERS", "_TEXTS", "_WORDS"):
        monkeypatch.setattr(holding, name, 2)
    assert _is_whole(path)


def test_what_is_written_while_the_index_is_read_is_no_fault_of_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = holding._due

    def due_of_others(connection: sqlite3.Connection, ngram: int) -> int:
        with Archive.open(path) as archive:
            archive.save(make_article(link(90), body="# 新\n\n来的\n"))
        monkeypatch.setattr(holding, "_due", due)
        return due(connection, ngram)

    monkeypatch.setattr(holding, "_due", due_of_others)
    assert _is_whole(path)


def test_a_text_that_cannot_be_read_is_no_fault_of_the_index(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TRIGGER search_update")
        database.execute("UPDATE articles SET title = CAST(x'ff' AS TEXT) WHERE rowid = 1")
    assert _is_whole(path)


def test_twice_the_articles_are_twice_the_work_of_their_index(tmp_path: Path) -> None:
    def work(count: int) -> None:
        with closing(connect(tmp_path / f"{count}.db", read_only=True)) as connection:
            assert is_index_whole(connection)

    for count in (1, 40, 80):
        _fill(tmp_path / f"{count}.db", count)
    assert_linear(work, 40)
