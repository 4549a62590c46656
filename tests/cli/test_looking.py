from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database

from crawler.archive.archive import Archive
from crawler.cli.printing import sparkline
from tests.lookalikes import deleted_seed, hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


@pytest.fixture
def seeded(crawler: Crawler, folder: Path) -> Crawler:
    """A command in a folder whose archive holds three seeds."""
    (folder / "seeds").mkdir()
    seeds = {
        "a": whole_seed(),
        "b": hollow_seed(url=link(2, signed=False)),
        "c": deleted_seed(url=link(3)),
    }
    for name, text in seeds.items():
        (folder / "seeds" / f"{name}.md").write_text(text, encoding="utf-8")
    assert crawler("reclean").exit_code == 0
    return crawler


def test_show_prints_one_whole_document_by_url_or_key(seeded: Crawler) -> None:
    by_url, by_key = seeded("show", link()), seeded("show", "MzI0NTk5OTk5MA==:2247000001:1")
    assert by_url.stdout == by_key.stdout
    assert by_url.stdout.startswith("---\ntitle: 渡轮恢复通航\n")
    assert by_url.stdout.endswith("岸边的灯一直亮到天明。\n")


@pytest.mark.parametrize(
    ("article", "words"), [("nobody", "is not in the archive"), (link(3), "it is deleted")]
)
def test_show_says_why_there_is_nothing_to_show(seeded: Crawler, article: str, words: str) -> None:
    result = seeded("show", article)
    assert result.exit_code == 1
    assert words in result.stderr
    assert not result.stdout


def test_a_hollow_seed_of_a_feed_lands_on_the_account_that_its_link_names(
    seeded: Crawler, folder: Path
) -> None:
    assert folder.is_dir()
    with Archive.open(folder / "archive.db") as archive:
        record = archive.get(link(2))
    assert record is not None
    assert (record.source, record.account, record.state) == ("Harbour feed", "临港日志", "hollow")
    assert seeded("reclean").exit_code == 0


def test_search_finds_chinese_words_and_says_where(seeded: Crawler) -> None:
    result = seeded("search", "渡轮")
    assert "【渡轮】恢复通航" in result.stdout
    assert "临港日志" in result.stdout
    [record] = [json.loads(line) for line in seeded("search", "天明", "--json").stdout.splitlines()]
    assert record["title"] == "渡轮恢复通航"


def test_a_broken_search_is_a_message(seeded: Crawler) -> None:
    result = seeded("search", 'title: AND "')
    assert result.exit_code == 1
    assert "error:" in result.stderr


def test_status_counts_states_queue_and_accounts(seeded: Crawler) -> None:
    seen = json.loads(seeded("status", "--json").stdout)
    assert seen["states"] == {"deleted": 1, "hollow": 1, "ok": 1}
    assert (seen["ready"], seen["needs_link"]) == (0, 1)
    text = seeded("status").stderr
    assert "临港日志" in text
    assert "1 need a better link" in text


def test_reading_commands_never_make_an_archive(crawler: Crawler, folder: Path) -> None:
    for arguments in (["status"], ["show", "x"], ["export", "out"], ["search", "x"]):
        result = crawler(*arguments)
        assert result.exit_code == 1
        assert "no such archive" in result.stderr
    assert list(folder.iterdir()) == []


def test_export_writes_the_seed_layout_and_cleaning_it_again_changes_nothing(
    seeded: Crawler, folder: Path
) -> None:
    assert seeded("export", "out").exit_code == 0
    [path] = (folder / "out").rglob("*.md")
    assert path.relative_to(folder).as_posix() == "out/2024/05/08/临港日志_渡轮恢复通航.md"
    before = _everything(folder)
    assert seeded("reclean", "out").exit_code == 0
    assert _everything(folder) == before
    assert "0 files written" in seeded("export", "out").stderr


def _everything(folder: Path) -> list[object]:
    with Archive.open(folder / "archive.db") as archive:
        tables = ("articles", "revisions", "events", "urls", "queue", "removed", "accounts")
        return [archive.database.execute(f"select * from {table}").fetchall() for table in tables]  # noqa: S608


def test_a_database_that_is_not_ours_is_refused_and_left_alone(
    crawler: Crawler, folder: Path
) -> None:
    (folder / "notes.db").write_text("no database", encoding="utf-8")
    (folder / "a.md").write_text(whole_seed(), encoding="utf-8")
    result = crawler("--db", "notes.db", "reclean", "a.md")
    assert result.exit_code == 1
    assert "notes.db" in result.stderr
    assert (folder / "notes.db").read_text(encoding="utf-8") == "no database"


def test_wrong_settings_end_with_exit_code_2(crawler: Crawler, folder: Path) -> None:
    (folder / "config.toml").write_text("[fetch]\nspeed = 1\n", encoding="utf-8")
    result = crawler("status")
    assert result.exit_code == 2
    assert "unknown key speed" in result.stderr
    assert crawler("--config", "none.toml", "status").exit_code == 2
    assert crawler("no-such-command").exit_code == 2


def test_every_command_has_help_with_examples(crawler: Crawler) -> None:
    for line in crawler("--help").stdout.split("Commands:")[1].strip().splitlines():
        text = crawler(line.split()[0], "--help").stdout
        assert "Examples:" in text, line


def test_a_sparkline_has_a_bar_for_each_month_and_gaps_between() -> None:
    assert sparkline({"2024-11": 8, "2025-01": 1}) == "█ ▁"


def test_a_read_only_archive_can_be_read_and_refuses_what_is_new(
    seeded: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "new.md").write_text(whole_seed(url=link(9)), encoding="utf-8")
    before = (folder / "archive.db").read_bytes()
    monkeypatch.setattr("crawler.archive.database.opening._connect", _connect_read_only)
    result = seeded("reclean", "new.md")
    assert result.exit_code == 1
    assert "read-only" in result.stderr
    assert (folder / "archive.db").read_bytes() == before


def _connect_read_only(path: Path, **_: object) -> Database:
    """What a file without write permission gives, even to root, who may write anything."""
    return Database(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None))
