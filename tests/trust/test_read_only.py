"""Folders and archives that may not be written, with every command: told in words, and left so."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.lookalikes import hollow_seed, link, whole_seed
from tests.trust.invocations import CONFIG, all_invocations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[[Path, tuple[str, ...]], "Done"]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="permissions of POSIX systems"),
]

_AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--")
"""Before a command of root's, who may write anything else."""

CALLS = sorted({words[0]: words for words in reversed(all_invocations())}.values())


class Done(NamedTuple):
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


# Commands in copies of one process, which has loaded all of them: a start takes 0.4 s. It is told
# of each in a line of JSON (folder, words, files for what is said), and answers with its code.
_COPIES = """
import json, os, sys
from crawler.cli import commands, guard
from crawler.cli.group import cli
for name in commands.COMMANDS:
    cli.get_command(None, name)
for line in sys.stdin:
    folder, words, *said = json.loads(line)
    child = os.fork()
    if not child:
        code = 70
        try:
            os.chdir(folder)
            os.environ.update(HOME=folder, XDG_CONFIG_HOME=folder)
            for number, name in enumerate((os.devnull, *said)):
                file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
                os.dup2(file, number)
            sys.stdin, sys.stdout, sys.stderr = (
                open(number, mode, encoding="utf-8", closefd=False)
                for number, mode in enumerate("rww")
            )
            sys.argv = ["crawler", *words]
            code = guard.run_guarded()
            sys.stdout.flush()
        finally:
            sys.stderr.flush()
            os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs a command in a folder, as somebody whom its permissions bind."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        pytest.skip("root may write anything")
    before = _AS_ANYBODY if os.geteuid() == 0 else ()
    said = [tmp_path_factory.mktemp("said") / name for name in ("out", "err")]
    with subprocess.Popen(  # noqa: S603  (our own interpreter)
        [*before, sys.executable, "-c", _COPIES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        tell, told = process.stdin, process.stdout
        assert tell
        assert told

        def run_one(folder: Path, words: tuple[str, ...]) -> Done:
            print(json.dumps([str(folder), words, *map(str, said)]), file=tell, flush=True)
            return Done(int(told.readline()), *(path.read_text(encoding="utf-8") for path in said))

        yield run_one


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Iterator[Path]:
    """A folder with an archive of two seeds."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "a.md").write_text(whole_seed(url=link(1)), encoding="utf-8")
    (folder / "seeds" / "b.md").write_text(hollow_seed(url=link(7)), encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "new.md").write_text(whole_seed(url=link(8)), encoding="utf-8")
    assert run(folder, ("reclean",)).returncode == 0
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
def test_a_read_only_folder_stays_as_it_is(folder: Path, run: Run, words: tuple[str, ...]) -> None:
    before = _contents(folder)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = run(folder, words)
    assert "Traceback" not in done.stderr, done.stderr
    assert "not foreseen" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2, 3), done.stderr
    assert _contents(folder) == before


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_a_read_only_archive_in_a_folder_that_is_not_stays_as_it_is(
    folder: Path, run: Run, words: tuple[str, ...]
) -> None:
    folder.chmod(0o777)
    archive = folder / "archive.db"
    archive.chmod(0o444)
    before = sha256(archive.read_bytes()).hexdigest()
    done = run(folder, words)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2, 3), done.stderr
    if words[0] != "restore":  # which puts another file in its place, and keeps this one
        assert sha256(archive.read_bytes()).hexdigest() == before


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_what_only_reads_reads_a_read_only_archive(folder: Path, run: Run, journal: str) -> None:
    _keep_with(folder, journal)
    for path in [*folder.rglob("*"), folder]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    for words in (("list",), ("status",), ("search", "灯塔"), ("show", link(1)), ("audit",)):
        done = run(folder, words)
        assert done.returncode == 0, (words, done.stderr)
        assert "read-only" not in done.stderr


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_an_archive_is_read_whose_folder_alone_may_not_be_written(
    folder: Path, run: Run, journal: str
) -> None:
    _keep_with(folder, journal)
    folder.chmod(0o555)
    for words in (("list",), ("search", "灯塔"), ("show", link(1))):
        done = run(folder, words)
        assert done.returncode == 0, (words, done.stderr)


def test_a_log_that_cannot_be_taken_in_is_told(folder: Path, run: Run) -> None:
    _keep_with(folder, "WAL")
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as writer:
        writer.execute("UPDATE articles SET title = title || '!'")
        log = (folder / "archive.db-wal").read_bytes()
    (folder / "archive.db-wal").write_bytes(log)
    folder.chmod(0o555)
    done = run(folder, ("list",))
    assert done.returncode == 1
    assert "copy it, with the -wal or -journal beside it, to a folder" in done.stderr
    folder.chmod(0o755)
    assert "!" in run(folder, ("list",)).stdout


def _keep_with(folder: Path, journal: str) -> None:
    with closing(sqlite3.connect(folder / "archive.db", isolation_level=None)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
