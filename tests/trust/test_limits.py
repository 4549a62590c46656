"""A machine that gives no more files, memory or disk is told in one line, and nothing is lost."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.lookalikes import link, numbered_seed, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX systems")

_LIMITED = """
import resource, sys
limits = {limits}
for name, value in limits.items():
    resource.setrlimit(getattr(resource, name), (value, value))
from crawler.cli import main
main()
"""
MIB = 1 << 20


def _run(folder: Path, limits: dict[str, int], *arguments: str) -> subprocess.CompletedProcess[str]:
    code = _LIMITED.format(limits=json.dumps(limits))
    # (our own interpreter)
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of one seed, and sixty more to be read."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "first").mkdir()
    (folder / "first" / "a.md").write_text(whole_seed(url=link(900)), encoding="utf-8")
    (folder / "seeds").mkdir()
    for number in range(60):
        seed = folder / "seeds" / f"{number}.md"
        seed.write_text(numbered_seed(number), encoding="utf-8")
    assert _run(folder, {}, "reclean", "first").returncode == 0
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to do with as a test likes."""
    return shutil.copytree(made, tmp_path / "copy")


def _articles(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "archive.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return int(database.execute("SELECT count(*) FROM articles").fetchone()[0])


def _told(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1)


def test_a_full_disk_is_told_and_what_was_there_stays(folder: Path) -> None:
    size = (folder / "archive.db").stat().st_size
    done = _run(folder, {"RLIMIT_FSIZE": size + 8192}, "reclean", "seeds")
    _told(done)
    assert done.returncode == 1
    assert _articles(folder) == 1
    assert _run(folder, {}, "reclean", "seeds").returncode == 0
    assert _articles(folder) == 61


def test_thirty_two_open_files_are_enough(folder: Path) -> None:
    done = _run(folder, {"RLIMIT_NOFILE": 32}, "reclean", "seeds")
    assert done.returncode == 0, done.stderr
    assert _articles(folder) == 61


@pytest.mark.parametrize("arguments", [("reclean", "seeds"), ("search", "灯塔"), ("audit",)])
def test_half_a_gigabyte_of_address_space_is_enough(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    done = _run(folder, {"RLIMIT_AS": 512 * MIB}, *arguments)
    assert done.returncode == 0, done.stderr
