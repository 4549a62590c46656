"""A page that stands in its table again and again makes rows without end: nothing runs with them.

Nobody's disk damages a file so; who gives an archive away may.
"""

from __future__ import annotations

import sqlite3
import struct
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crawler.archive import Archive, save_readable
from crawler.archive.database.logs import check_log
from crawler.archive.saving import arrival_of
from crawler.cli.group import cli
from tests.archive.specimens import make_article

if TYPE_CHECKING:
    from pathlib import Path

LINK = "https://mp.weixin.qq.com/s?__biz=MzI0NTk5OTk5MA==&mid={}&idx=1"
SIZE = 4096  # bytes of a page
CELLS, LEVELS = 200, 12  # more rows than anybody can read: 200 to the power of 12


def _inner_page(child: int, before: bytes = b"") -> bytes:
    """A page of a table's tree of which each part is the same page below it."""
    cells = b"".join(
        struct.pack(">IBB", child, 0x80 | key >> 7, key & 127) for key in reversed(range(CELLS))
    )
    places = [SIZE - 6 * (key + 1) for key in range(CELLS)]
    head = struct.pack(">BHHHBI", 5, 0, CELLS, min(places), 0, child)
    front = before + head + struct.pack(f">{CELLS}H", *places)
    return front + bytes(SIZE - len(front) - len(cells)) + cells


def _repeat(path: Path, table: str) -> None:
    """Let the rows of a table stand in it without end."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = DELETE").fetchone()
        asked = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (root,) = database.execute(asked, (table,)).fetchone()
    content = bytearray(path.read_bytes())
    assert content[16:18] == struct.pack(">H", SIZE)
    last = len(content) // SIZE + 1
    content += content[(root - 1) * SIZE : root * SIZE]
    for below in range(last, last + LEVELS):
        content += _inner_page(below)
    content[(root - 1) * SIZE : root * SIZE] = _inner_page(last + LEVELS)
    content[28:32] = struct.pack(">I", len(content) // SIZE)
    path.write_bytes(content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive of three articles, few enough for one page."""
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        texts = ("the ferry", "the tide", "the pier")
        articles = [
            make_article(LINK.format(2650000100 + number), body=f"{text} is late today\n")
            for number, text in enumerate(texts)
        ]
        archive.save_all([arrival_of(article) for article in articles])
    return path


@pytest.mark.parametrize("table", ["articles", "events", "stories", "articles_fts_docsize"])
@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("list",),
        ("search", "ferry"),
        ("promo",),
        ("export", "--jsonl"),
        ("index", "--rebuild"),
        pytest.param(("audit",), marks=pytest.mark.slow),  # asks a hundred questions
    ],
    ids=lambda words: words[0],
)
def test_every_command_ends_on_an_archive_whose_rows_have_no_end(
    path: Path, table: str, words: tuple[str, ...]
) -> None:
    _repeat(path, table)
    result = CliRunner().invoke(cli, ("--db", str(path), *words))
    assert result.exit_code in {0, 1}, result.output
    if words == ("audit",):
        assert "2nd reference to page" in result.output


def test_a_list_of_tables_without_end_is_not_read_to_its_end_for_a_log(path: Path) -> None:
    content = bytearray(path.read_bytes())
    (leaf,) = struct.unpack(">I", content[108:112])  # the list's last page
    first = len(content) // SIZE
    content += b"".join(_inner_page(below) for below in (leaf, *range(first + 1, first + LEVELS)))
    content[:SIZE] = _inner_page(first + LEVELS, bytes(content[:100]))
    content[28:32] = struct.pack(">I", len(content) // SIZE)
    path.write_bytes(content)
    path.with_name("archive.db-wal").write_bytes(b"a log of something")
    check_log(path)


@pytest.mark.parametrize("table", ["articles", "events", "stories"])
def test_another_archive_is_merged_with_one_whose_rows_have_no_end_in_words(
    path: Path, tmp_path: Path, table: str
) -> None:
    _repeat(path, table)
    mine = tmp_path / "mine.db"
    Archive.open(mine).close()
    result = CliRunner().invoke(cli, ("--db", str(mine), "merge", str(path)))
    assert result.exit_code in {0, 1}, result.output


@pytest.mark.parametrize("table", ["articles", "events", "stories"])
def test_rows_that_stand_there_without_end_are_saved_once(
    path: Path, tmp_path: Path, table: str
) -> None:
    _repeat(path, table)
    assert save_readable(path, tmp_path / "new.db").rows["articles"] == 3
