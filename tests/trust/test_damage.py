"""No damage of the file ends in a traceback, and no command that only reads changes a byte."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.archive.search import Filter
from crawler.cli.group import cli
from crawler.errors import CrawlerError
from crawler.mcp import answers
from tests.lookalikes import deleted_seed, hollow_seed, link, numbered_seed, whole_seed
from tests.trust.damage import PAGE, damaged, empty_indexes
from tests.trust.invocations import CONFIG, invocations_on_archives

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from tests.trust.invocations import Words

QUICK, ALL = range(6), range(6, 206)
IN_TURN = 8  # a damaged copy meets every command, and one of so many of the other ways to call it
ONLY_READING = (
    ("status",),
    ("config",),
    ("doctor",),
    ("history",),
    ("show",),
    ("list",),
    ("queue", "list"),
    ("backup",),
)
"""Commands that change no byte of the archive, with whatever options."""

EVERY_ARTICLE = (
    ("list", "--limit", "99", "--json"),
    ("status", "--json"),
    ("promo",),
    ("export", "--vault", "vault"),
    ("export", "new"),
    ("export", "--atom", "new.xml", "--state", "all"),
)
"""What reads every article, to count or to compare."""

SALVAGE = ("audit", "--salvage", "new-new")
BARE_AUDITS = (("audit",), ("audit", "--json"), ("audit", "--deep"), SALVAGE)


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An archive with all that reading needs: bodies, notices, hollow seeds, an index."""
    folder = tmp_path_factory.mktemp("sound")
    seeds = folder / "seeds"
    seeds.mkdir()
    for number in range(40):
        (seeds / f"{number}.md").write_text(numbered_seed(number), encoding="utf-8")
    (seeds / "hollow.md").write_text(hollow_seed(url=link(50)), encoding="utf-8")
    (seeds / "deleted.md").write_text(deleted_seed(url=link(51)), encoding="utf-8")
    result = _run("--db", str(folder / "archive.db"), "reclean", str(seeds))
    assert result.exit_code == 0, result.output
    return (folder / "archive.db").read_bytes()


def _told(result: Result, what: object) -> None:
    """A command either did its work or said in words why not."""
    told = result.exception if not isinstance(result.exception, SystemExit) else None
    assert told is None, (what, repr(told))
    assert result.exit_code in (0, 1, 2, 3), what


def _of_turn(seed: int) -> list[Words]:
    """The first way to call each command, and some of the others, other ones for each seed."""
    seen: set[Words] = set()
    chosen = []
    for number, words in enumerate(invocations_on_archives()):
        command = words[:2] if words[0] == "queue" else words[:1]
        if command not in seen or number % IN_TURN == seed % IN_TURN:
            chosen.append(words)
        seen.add(command)
    return chosen


def _only_reads(words: Words) -> bool:
    return words in BARE_AUDITS or words[:1] in ONLY_READING or words[:2] in ONLY_READING


def _put_back(archive: Path, hurt: bytes) -> None:
    """Undo what a command did to a damaged archive; most do nothing, and to write it anew costs."""
    if not archive.exists() or archive.read_bytes() != hurt:
        archive.write_bytes(hurt)
    for beside in archive.parent.glob("archive.db-*"):
        beside.unlink()


def _prove(folder: Path, sound: bytes, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    archive = folder / "archive.db"
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "new.md").write_text(whole_seed(url=link(60)), encoding="utf-8")
    hurt = damaged(sound, seed)
    archive.write_bytes(hurt)
    for words in _of_turn(seed):
        _put_back(archive, hurt)
        _told(_run(*words), (seed, words))
        assert not _only_reads(words) or archive.read_bytes() == hurt, (seed, words)


@pytest.mark.parametrize("seed", QUICK)
def test_a_damaged_archive_is_told_in_words(
    tmp_path: Path, sound: bytes, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prove(tmp_path, sound, seed, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_two_hundred_damaged_archives_are_told_in_words(
    tmp_path: Path, sound: bytes, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    _prove(tmp_path, sound, seed, monkeypatch)


COLUMNS = (
    *(("articles", name) for name in ("title", "account", "date", "published_at", "state", "kind")),
    *(("articles", name) for name in ("origin", "url", "source", "body", "fetch_date")),
    *(("queue", "state"), ("queue", "url"), ("stories", "earliest"), ("search_index", "ngram")),
    *(("revisions", "body"), ("revisions", "body_hash"), ("events", "at"), ("urls", "canonical")),
)


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_a_value_of_another_type_is_told_in_words(
    tmp_path: Path, sound: bytes, monkeypatch: pytest.MonkeyPatch, table: str, column: str
) -> None:
    monkeypatch.chdir(tmp_path)
    archive = tmp_path / "archive.db"
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "new.md").write_text(whole_seed(url=link(60)), encoding="utf-8")
    archive.write_bytes(sound)
    with closing(sqlite3.connect(archive)) as database, database:
        last = f"rowid = (SELECT max(rowid) FROM {table})"  # noqa: S608
        database.execute(f"UPDATE {table} SET {column} = x'ff' WHERE {last}")  # noqa: S608
    hurt = archive.read_bytes()
    for words in (*_of_turn(len(table + column)), *EVERY_ARTICLE):
        _put_back(archive, hurt)
        _told(_run(*words), (table, column, words))


def test_an_index_whose_keys_are_out_of_order_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was just written may not be found then: one bit there ended `fetch` as our fault."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    with Archive.open(tmp_path / "archive.db") as archive:
        for number in range(8):
            archive.queue.enqueue(_SHORT.format(number))
        asked = "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_queue_1'"
        (root,) = archive.connection.execute(asked).fetchone()
        archive.connection.execute("PRAGMA journal_mode = DELETE")
    hurt = bytearray((tmp_path / "archive.db").read_bytes())
    key = hurt.index(_SHORT.format(4).encode(), (root - 1) * PAGE, root * PAGE)
    hurt[key] ^= 1 << 4  # which stands behind all others now
    (tmp_path / "archive.db").write_bytes(hurt)
    told = _run("queue", "add", _SHORT.format(8))
    _told(told, "queue add")
    assert "missing from index sqlite_autoindex_queue_1" in told.output


_SHORT = "https://mp.weixin.qq.com/s/{:022}"


@pytest.fixture
def archive(tmp_path: Path, sound: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A sound archive to damage, in the folder in which commands run."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "archive.db"
    path.write_bytes(sound)
    return path


def test_a_revision_of_no_article_is_told_and_mended_by_no_guess(archive: Path) -> None:
    with closing(sqlite3.connect(archive)) as database, database:
        key = database.execute("SELECT max(article_id) FROM revisions").fetchone()
        database.execute("DELETE FROM articles WHERE id = ?", key)
        database.execute("UPDATE revisions SET body = x'ff' WHERE article_id = ?", key)
    told = _run("audit", "--fix")
    _told(told, "audit --fix")
    assert told.exit_code == 1
    assert key[0] in told.output


def _ask(path: Path, question: Callable[[Archive], object]) -> object:
    """What a program is answered: an object of JSON, or an error in words."""
    try:
        with Archive.open(path, read_only=True, create=False) as archive:
            return json.dumps(question(archive))
    except CrawlerError as error:
        return error.what


QUESTIONS: tuple[Callable[[Archive], object], ...] = (
    lambda archive: answers.search(archive, "渡轮", 50, Filter()),
    lambda archive: answers.get(archive, link(1), 0, 20_000),
    lambda archive: answers.history(archive, link(1)),
    lambda archive: answers.cite(archive, link(1), "gbt7714"),
)


def _prove_for_programs(folder: Path, sound: bytes, seed: int) -> None:
    path, other = folder / "archive.db", folder / "other.db"
    path.write_bytes(damaged(sound, seed))
    for question in QUESTIONS:
        assert _ask(path, question)
    assert path.read_bytes() == damaged(sound, seed)
    other.write_bytes(path.read_bytes())
    path.write_bytes(sound)
    _told(_run("--db", str(path), "merge", str(other)), seed)


@pytest.mark.parametrize("seed", QUICK)
def test_programs_and_merges_are_told_of_damage_too(
    tmp_path: Path, sound: bytes, seed: int
) -> None:
    _prove_for_programs(tmp_path, sound, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", ALL)
def test_programs_and_merges_meet_two_hundred_damaged_archives(
    tmp_path: Path, sound: bytes, seed: int
) -> None:
    _prove_for_programs(tmp_path, sound, seed)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("articles", ("export", "articles")),
        ("articles", ("export", "--vault", "notes")),
        ("articles", ("export", "--jsonl", "--state", "all")),
        ("articles", ("export", "--warc", "pages.warc")),
        ("revisions", ("export", "--jsonl")),
        ("removed", ("export", "articles")),
        ("urls", ("--db", "new.db", "merge", "archive.db")),
    ],
)
def test_whoever_is_to_carry_all_tells_of_rows_that_no_index_has(
    archive: Path, table: str, words: Words
) -> None:
    """As where the pages of these are as they were when they were made."""
    empty_indexes(archive, table)
    told = _run(*words)
    _told(told, words)
    assert told.exit_code == 1
    assert "missing from index" in told.stderr
    assert "run crawler audit" in " ".join(told.stderr.split())


def test_what_an_archive_without_some_index_still_leads_to_is_merged(archive: Path) -> None:
    empty_indexes(archive, "events")
    told = _run("--db", "new.db", "merge", "archive.db")
    assert told.exit_code == 1
    assert "42 added" in told.stderr
    assert "missing from index" in told.stderr
