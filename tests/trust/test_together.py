"""Two writers and several readers share one archive: nothing is lost, and nobody fails."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import httpx
import pytest
from click.testing import CliRunner
from sqlite_utils.cli import cli as sqlite_utils

from crawler.archive import Archive
from crawler.cli.group import cli
from tests.browse.conftest import serving
from tests.conftest import PATIENCE
from tests.lookalikes import link, numbered_seed, whole_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WRITERS = ("one", "two")
SEEDS = 80
ROUNDS = 12


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders of seeds of different articles, and one article that both have."""
    monkeypatch.chdir(tmp_path)
    for share, name in enumerate(WRITERS):
        (tmp_path / name).mkdir()
        for number in range(SEEDS):
            text = numbered_seed(number * 2 + share)
            (tmp_path / name / f"{number}.md").write_text(text, encoding="utf-8")
        (tmp_path / name / "both.md").write_text(whole_seed(url=link(999)), encoding="utf-8")
    return tmp_path


def _found() -> int:
    """How many articles a search finds."""
    found = CliRunner().invoke(cli, ("search", "灯塔", "--json", "--limit", "999"))
    assert found.exit_code == 0, found.output
    return len(found.output.splitlines())


def _read() -> int:
    """Search, and count with another program's command."""
    assert _found() <= 2 * SEEDS
    rows = CliRunner().invoke(
        sqlite_utils, ("query", "archive.db", "select count(*) as n from articles")
    )
    assert rows.exit_code == 0, rows.output
    return int(json.loads(rows.output)[0]["n"])


@contextmanager
def _site(path: Path) -> Iterator[Callable[[str], int | None]]:
    """Asks Datasette for pages and gives their status; None where that extra is not installed."""
    if find_spec("datasette") is None:
        yield lambda _: None
        return
    with serving(path) as address, httpx.Client(base_url=address, timeout=PATIENCE) as client:
        yield lambda place: client.get(place).status_code


def test_two_writers_and_readers_at_once_lose_nothing(folder: Path) -> None:
    Archive.open(folder / "archive.db").close()
    writers = [
        # (our own interpreter)
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "crawler", "reclean", name],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for name in WRITERS
    ]
    seen = [0]
    with _site(folder / "archive.db") as ask:
        for _ in range(ROUNDS):
            assert ask("/articles?q=灯塔") in (200, None)
            seen.append(_read())
    told = [writer.communicate()[1] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], told
    assert seen == sorted(seen)
    assert _found() == 2 * SEEDS
    with Archive.open(folder / "archive.db") as archive:
        assert archive.database["articles"].count == 2 * SEEDS + 1
        assert list(archive.audit(today="2026-11-26")) == []
