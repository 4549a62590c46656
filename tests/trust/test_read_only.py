"""Folders and archives that may not be written, with every command: told in words, and left so."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests.lookalikes import hollow_seed, link, whole_seed
from tests.trust.invocations import CONFIG, all_invocations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX systems"),
]

_AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--")
"""Before a command of root's, who may write anything else."""

CALLS = sorted({words[0]: words for words in reversed(all_invocations())}.values())


def _run(folder: Path, words: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    before = _AS_ANYBODY if os.geteuid() == 0 else ()
    # (our own interpreter)
    return subprocess.run(  # noqa: S603
        [*before, sys.executable, "-m", "crawler", *words],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an archive of two seeds."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write anything")
    folder = tmp_path_factory.mktemp("made")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "a.md").write_text(whole_seed(url=link(1)), encoding="utf-8")
    (folder / "seeds" / "b.md").write_text(hollow_seed(url=link(7)), encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "new.md").write_text(whole_seed(url=link(8)), encoding="utf-8")
    words = [sys.executable, "-m", "crawler", "reclean"]
    subprocess.run(words, cwd=folder, check=True, capture_output=True)  # noqa: S603
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it."""
    copy = shutil.copytree(made, tmp_path / "copy")
    yield copy
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755)


def _contents(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_a_read_only_folder_stays_as_it_is(folder: Path, words: tuple[str, ...]) -> None:
    before = _contents(folder)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = _run(folder, words)
    assert "Traceback" not in done.stderr, done.stderr
    assert "not foreseen" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2, 3), done.stderr
    assert _contents(folder) == before


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_a_read_only_archive_in_a_folder_that_is_not_stays_as_it_is(
    folder: Path, words: tuple[str, ...]
) -> None:
    folder.chmod(0o777)
    archive = folder / "archive.db"
    archive.chmod(0o444)
    before = sha256(archive.read_bytes()).hexdigest()
    done = _run(folder, words)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2, 3), done.stderr
    if words[0] != "restore":  # which puts another file in its place, and keeps this one
        assert sha256(archive.read_bytes()).hexdigest() == before


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_what_only_reads_reads_a_read_only_archive(folder: Path, journal: str) -> None:
    _keep_with(folder, journal)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for words in (("list",), ("status",), ("search", "灯塔"), ("show", link(1)), ("audit",)):
        done = _run(folder, words)
        assert done.returncode == 0, (words, done.stderr)
        assert "read-only" not in done.stderr


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_an_archive_is_read_whose_folder_alone_may_not_be_written(
    folder: Path, journal: str
) -> None:
    _keep_with(folder, journal)
    folder.chmod(0o555)
    for words in (("list",), ("search", "灯塔"), ("show", link(1))):
        done = _run(folder, words)
        assert done.returncode == 0, (words, done.stderr)


def test_a_log_that_cannot_be_taken_in_is_told(folder: Path) -> None:
    _keep_with(folder, "WAL")
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as writer:
        writer.execute("UPDATE articles SET title = title || '!'")
        log = (folder / "archive.db-wal").read_bytes()
    (folder / "archive.db-wal").write_bytes(log)
    folder.chmod(0o555)
    done = _run(folder, ("list",))
    assert done.returncode == 1
    assert "copy it, with the -wal or -journal beside it, to a folder" in done.stderr
    folder.chmod(0o755)
    assert "!" in _run(folder, ("list",)).stdout


def _keep_with(folder: Path, journal: str) -> None:
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
