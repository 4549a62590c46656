"""What a kill at any moment, and two processes at once, leave behind.

All that was reported, and nothing twice.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING

import pytest

from crawler.archive.archive import Archive
from crawler.archive.database import LOGS, beside_of
from crawler.archive.files.atomic import write_file
from crawler.archive.saving.arrival import arrival_of
from crawler.article import Article, State
from tests import moments
from tests.archive.specimens import BIZ, make_article, make_page, tables_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KILLS = 100
SEED = 20_261_123

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")


def _work(count: int) -> list[Article]:
    """A mixed run.

    Seeds, pages, notices, short links that become known, and bodies of several pages.
    """
    articles = [_look(number) for number in range(count)]
    random.Random(SEED).shuffle(articles)
    return articles


def _look(number: int) -> Article:
    """One of five ways in which one of many articles is met."""
    base = f"https://mp.weixin.qq.com/s?__biz={BIZ}&mid={number // 3}&idx=1"
    short = f"https://mp.weixin.qq.com/s/short-{number // 3:016}"
    known = {"id": f"{BIZ}:{number // 3}:1", "mid": str(number // 3), "aliases": ()}
    body = f"# 夜航的灯塔\n\n{'光与海。' * (number * 37 % 3000)}\n"
    moment = f"2026-01-01T00:00:{number % 60:02}.{number:06}"
    match number * 7 % 5:
        case 0:
            return make_article(base, state=State.HOLLOW, fetch_date=moment)
        case 1:
            return make_article(base + "&chksm=ab", body=body, fetch_date=moment)
        case 2:
            return make_article(short, state=State.VERIFICATION, fetch_date=moment, title="")
        case 3:
            return make_page(short, body=body, fetch_date=moment, **known)
        case _:
            return make_page(short, state=State.DELETED, fetch_date=moment, title="", **known)


def _run(path: Path, articles: list[Article], report: int) -> None:
    """Save in batches; what is on disk is reported, a line an article, as a command prints it."""
    remaining = iter(articles)
    with Archive.open(path) as archive:
        done = archive.seeds.known()
        while batch := list(islice(remaining, 5)):
            with archive.transaction():
                for article in batch:
                    if article.evidence not in done:
                        archive.save_all([arrival_of(article, "seed.md")])
                        archive.save(article, snapshot=article.body.encode())
            os.write(report, "".join(f"{article.evidence}\n" for article in batch).encode())


def _reported(path: Path, articles: list[Article], log: Path) -> Callable[[], int]:
    """The run as a process of its own makes it, what it reports at the end of a file."""

    def work() -> int:
        _run(path, articles, os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND))
        return 0

    return work


def _check(path: Path, reported: set[str]) -> None:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'seeds'").fetchone():
            assert not reported
            return
        kept = {evidence for (evidence,) in database.execute("SELECT evidence FROM events")}
        assert reported <= kept
        assert reported <= {sha256 for (sha256,) in database.execute("SELECT sha256 FROM seeds")}
        torn = (
            "SELECT count(*) FROM articles AS a WHERE body_hash <> '' AND NOT EXISTS (SELECT 1 FROM"
            " revisions AS r"
        )
        assert database.execute(
            f"{torn} WHERE (r.article_id, r.body_hash) = (a.id, a.body_hash))"
        ).fetchone() == (0,)


def _prove(tmp_path: Path, kills: int, count: int) -> None:
    articles = _work(count)
    whole = tmp_path / "whole.db"
    path, log = tmp_path / "archive.db", tmp_path / "reported"
    code, events = moments.run(_reported(whole, articles, tmp_path / "unread"))
    assert code == 0
    dice = random.Random(SEED)
    log.touch()
    killed = runs = 0
    while killed < kills:
        was_running = moments.kill(_reported(path, articles, log), dice.randint(1, events // 3))
        _check(path, set(log.read_text().split()))
        killed += was_running
        runs += 1
        assert runs <= 5 * kills, "it ends before its moment comes"
        if not was_running or len(log.read_text().split()) >= len(articles):
            for file in (path, *(beside_of(path, ending) for ending in LOGS)):
                file.unlink(missing_ok=True)
            log.write_text("")
    _run(path, articles, os.open(os.devnull, os.O_WRONLY))
    with Archive.open(path) as survived, Archive.open(whole) as untouched:
        assert tables_of(survived.database) == tables_of(untouched.database)
        assert len(survived.search("灯塔", limit=10_000)) == len(
            untouched.search("灯塔", limit=10_000)
        )


def test_a_kill_at_any_moment_loses_nothing_that_was_reported(tmp_path: Path) -> None:
    _prove(tmp_path, kills=8, count=60)


@pytest.mark.long
@pytest.mark.slow
def test_a_hundred_kills_lose_nothing_that_was_reported(tmp_path: Path) -> None:
    _prove(tmp_path, kills=KILLS, count=300)


def _save_share(path: Path, share: int) -> None:
    with Archive.open(path) as archive:
        for article in _work(120)[share::2]:
            archive.save(article)
            archive.pace.exchange("mp.weixin.qq.com", lambda row: ({"used": _used(row) + 1}, None))


def _used(row: object) -> int:
    return int(row["used"]) if row else 0  # type: ignore[index]


def test_two_processes_on_one_archive_wait_for_each_other_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    context = multiprocessing.get_context("spawn")
    pair = [context.Process(target=_save_share, args=(path, share)) for share in (0, 1)]
    for process in pair:
        process.start()
    for process in pair:
        process.join()
    assert [process.exitcode for process in pair] == [0, 0]
    with Archive.open(tmp_path / "alone.db") as alone, Archive.open(path) as shared:
        for article in _work(120):
            alone.save(article)
        assert shared.pace.exchange("mp.weixin.qq.com", lambda row: (row or {}, row)) == {
            "used": 120
        }
        together, apart = tables_of(shared.database), tables_of(alone.database)
        assert {**together, "pace": []} == {**apart, "pace": []}
        assert shared.database.conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _rewrite(path: Path) -> int:
    for content in _contents():
        write_file(path, content)
    return 0


def _contents() -> Iterator[bytes]:
    while True:
        for letter in (b"a", b"b"):
            yield letter * 300_000


@pytest.mark.slow
def test_an_exported_file_is_whole_after_a_kill_at_any_moment(tmp_path: Path) -> None:
    dice = random.Random(SEED)
    path = tmp_path / "document.md"
    for _ in range(60):
        assert moments.kill(lambda: _rewrite(path), dice.randint(1, 60))
        if path.exists():
            assert path.read_bytes() in (b"a" * 300_000, b"b" * 300_000)
