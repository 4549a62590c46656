"""What is broken or no article is named or counted, stops nothing, and leaves nothing behind.

The exit code is 1 only where something that may have been an article could not be read.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped]

from crawler.archive import Archive
from tests.archive.specimens import tables_of
from tests.clean.containers.samples import zipped
from tests.growth import assert_linear
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

LOGIN = (
    "<!DOCTYPE html><html><head><title>登录</title></head><body><form action='/login'>"
    "<input name='user'><input type='password'></form></body></html>"
)
DEEP = "[" * 10_000 + "]" * 10_000


def _database(path: Path, texts: int = 3) -> None:
    """A database of we-mp-rss with some articles."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE feeds (id, mp_name)")
        connection.execute(
            "CREATE TABLE articles (id, mp_id, title, url, content, publish_time, created_at)"
        )
        for number in range(texts):
            row = (
                f"3090000000-22470000{number:02}_1",
                "",
                "潮水",
                link(number),
                "<p>光。</p>" * 900,
            )
            connection.execute("INSERT INTO articles VALUES (?, ?, ?, ?, ?, 1715164200, '')", row)
        connection.commit()


def _half_a_zip(path: Path) -> None:
    path.write_bytes(zipped({"a.md": whole_seed(url=link(7)).encode() * 3})[:700])


def _half_a_spreadsheet(path: Path) -> None:
    book = Workbook()
    book.active.append(["链接", link(7)])
    book.save(path)
    path.write_bytes(path.read_bytes()[:2000])


def _damaged_database(path: Path) -> None:
    _database(path)
    content = bytearray(path.read_bytes())
    content[3000:] = b"\x5a" * (len(content) - 3000)
    path.write_bytes(content)


def _half_a_mail(path: Path) -> None:
    path.write_bytes(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n")


BROKEN = {
    "half.zip": _half_a_zip,
    "half.xlsx": _half_a_spreadsheet,
    "damaged.db": _damaged_database,
    "half.mhtml": _half_a_mail,
}
"""Files that may have held articles: each is an error that names it."""

STRANGE = {
    "login.html": LOGIN,
    "login.md": LOGIN,
    "deep.json": DEEP,
    "deep.jsonl": DEEP,
    "deep.md": DEEP,
    "note.md": "# 日记\n\n今天散步。\n",
    "table.csv": "name,price\nx,1\n",
    "other.html": "<html><head><title>x</title></head><body><p>别处</p></body></html>",
}
"""Files that are no article's and no list: each is counted."""


def _seed(folder: Path) -> None:
    (folder / "in" / "seed.md").write_text(whole_seed(), encoding="utf-8")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_named_stops_nothing_and_leaves_nothing(
    crawler: Crawler, folder: Path, name: str
) -> None:
    (folder / "in").mkdir()
    BROKEN[name](folder / "in" / name)
    _seed(folder)
    result = crawler("reclean", "in")
    assert result.exit_code == 1
    assert f"error: in/{name}: " in result.stderr
    assert _written(folder) == (1, 1)


@pytest.mark.parametrize("name", STRANGE)
def test_a_file_of_another_sort_is_counted_and_leaves_nothing(
    crawler: Crawler, folder: Path, name: str
) -> None:
    (folder / "in").mkdir()
    (folder / "in" / name).write_text(STRANGE[name], encoding="utf-8")
    _seed(folder)
    result = crawler("reclean", "in", "--json")
    assert result.exit_code == 0, result.output
    [told] = [one for one in map(json.loads, result.stdout.splitlines()) if name in one["input"]]
    assert (told["state"], told["change"], told["queued"]) == ("not_wechat", None, 0)
    assert _written(folder) == (1, 1)


def _written(folder: Path) -> tuple[int, int]:
    """How many articles and looks the archive holds; its queue must be empty."""
    with Archive.open(folder / "archive.db") as archive:
        tables = tables_of(archive.database)
    assert tables["queue"] == []
    return len(tables["articles"]), len(tables["events"])


def test_a_database_that_another_process_writes_is_read_all_the_same(
    crawler: Crawler, folder: Path
) -> None:
    path = folder / "db.db"
    _database(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        result = crawler("reclean", "db.db")
        other.execute("ROLLBACK")
    assert result.exit_code == 0, result.output
    assert _written(folder)[0] == 3
    assert sorted(file.name for file in folder.glob("db.db*")) == ["db.db"]


def test_a_spreadsheet_with_merged_headers_is_read_under_the_names_below_them(
    crawler: Crawler, folder: Path
) -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "公众号文章导出"
    sheet.merge_cells("A1:D1")
    sheet.append(["一共两篇"])
    sheet.append(["公众号", "标题", "链接", "发布时间"])
    sheet.append(["灯塔通讯", "潮水", link(1), "2024-05-08 18:30:00"])
    sheet.append([None, "雾号", link(2), "2024-05-09 18:30:00"])
    sheet.merge_cells("A4:A5")
    book.save(folder / "a.xlsx")
    assert crawler("reclean", "a.xlsx").exit_code == 0
    with Archive.open(folder / "archive.db") as archive:
        entries = {entry.title: entry for entry in archive.queue.entries()}
    assert (entries["潮水"].source, entries["潮水"].date) == ("灯塔通讯", "2024-05-08")
    assert (entries["雾号"].source, entries["雾号"].date) == ("灯塔通讯", "2024-05-09")


def _notes(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        path = folder / f"{number % 100}"
        path.mkdir(exist_ok=True)
        (path / f"{number}.md").write_text(f"# 日记 {number}\n\n今天散步。\n", encoding="utf-8")


def test_unrelated_notes_cost_as_many_steps_as_there_are_and_leave_no_article(
    crawler: Crawler, folder: Path
) -> None:
    for count in (1, 100, 200):
        _notes(folder / f"notes{count}", count)

    def work(count: int) -> None:
        result = crawler("--db", f"{count}.db", "reclean", "--workers", "1", f"notes{count}")
        assert result.exit_code == 0, result.output
        assert f"{count:,} input" in result.stderr
        assert "nothing written" in result.stderr

    assert_linear(work, 100)
    with Archive.open(folder / "200.db") as archive:
        assert not any(tables_of(archive.database).values())


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 20, str(1 << 63)])
@pytest.mark.parametrize(
    "command", ["list --limit", "search 渡轮 --limit", "queue list --limit", "recover accept"]
)
def test_a_number_that_no_database_counts_to_is_named(
    seeded: Crawler, command: str, number: str
) -> None:
    result = seeded(*command.split(), number)
    assert result.exit_code in (1, 2)
    assert "9" * 19 in result.stderr or number in result.stderr


@pytest.mark.parametrize(("name", "most"), [("a.md", 8), ("a.html", 64)])
def test_a_file_that_is_larger_than_any_of_its_kind_is_named_with_what_it_may_have(
    crawler: Crawler, folder: Path, name: str, most: int
) -> None:
    with (folder / name).open("wb") as file:
        file.truncate((most << 20) + 1)
    result = crawler("reclean", name)
    assert result.exit_code == 1
    assert f"is larger than {most} MB" in result.stderr
