"""Files that are no files, of every suffix that is read: each is named, and the rest goes on."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from crawler.archive import Archive
from crawler.flows.inputs import SUFFIXES
from tests.conftest import PATIENCE
from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Crawler

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")

MOST_MEMORY = 300 << 20
SPARSE = 16 << 30


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(SPARSE)


def _sparse_with(head: bytes, tail: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        _sparse(path)
        with path.open("r+b") as file:
            file.write(head)
            file.seek(-len(tail) or SPARSE, os.SEEK_END if tail else os.SEEK_SET)
            file.write(tail)

    return make


def _end_of_zip() -> bytes:
    """What stands at the end of a ZIP, and claims that its list of members has 4 GB."""
    size = (0xFFFFFFF0).to_bytes(4, "little")
    return b"PK\x05\x06" + bytes(4) + b"\xff\xff" * 2 + size + bytes(4) + bytes(2)


def _long_name() -> bytes:
    """The head of a tar whose first member's name has 8 GB."""
    head = bytearray(512)
    head[:13] = b"././@LongLink"
    head[124:136] = b"77777777777\0"
    head[156:157] = b"L"
    head[257:265] = b"ustar  \0"
    head[148:156] = b" " * 8
    head[148:155] = b"%06o\0" % sum(head)
    return bytes(head)


KINDS: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo,
    "endless": lambda path: path.symlink_to("/dev/zero"),
    "chance": lambda path: path.symlink_to("/dev/urandom"),
    "sparse": _sparse,
    "folder": lambda path: path.mkdir(),
}
HEADS = {
    ".zip": _sparse_with(b"PK\x03\x04", _end_of_zip()),
    ".wacz": _sparse_with(b"PK\x03\x04", _end_of_zip()),
    ".xlsx": _sparse_with(b"PK\x03\x04", _end_of_zip()),
    ".jex": _sparse_with(_long_name(), b""),
    ".db": _sparse_with(b"SQLite format 3\0", b""),
    ".warc": _sparse_with(b"WARC/1.0\r\nWARC-Type: response\r\n", b""),
    ".warc.gz": _sparse_with(b"\x1f\x8b\x08\0", b""),
}


class Done(NamedTuple):
    """How a command ended: its code, what it said, and the most memory that it had."""

    code: int
    said: str
    memory: int


def crawl(folder: Path, *arguments: str) -> Done:
    """Run a command in a process of its own, which nothing may keep waiting."""
    waiting = _waiting()
    assert waiting.stdin
    assert waiting.stdout
    waiting.stdin.write(f"{json.dumps([str(folder), arguments, PATIENCE])}\n".encode())
    waiting.stdin.flush()
    code, memory = json.loads(waiting.stdout.readline())
    return Done(code, (folder / "said").read_text(encoding="utf-8"), memory)


@cache
def _waiting() -> subprocess.Popen[bytes]:
    """A process that has loaded the command, which takes a second, and runs it in copies."""
    process = subprocess.Popen(  # noqa: S603  (our own interpreter)
        [sys.executable, "-c", _COPIES], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )

    def end() -> None:
        process.communicate()

    atexit.register(end)
    return process


# What a process has had of memory is told by itself: the parent's counts after a fork, too, so that
# the parent is one which has done nothing yet. The results of the command are not looked at.
# sqlite-utils loads pandas where other tests have it: 100 MB that no user of ours needs. What does
# not end in time is ended, and its code tells so.
_COPIES = """
import json, os, re, signal, sys
from pathlib import Path
sys.modules["pandas"] = None
from crawler.cli import guard
import crawler.cli.commands.reclean, crawler.cli.finishing, crawler.flows.everything
import crawler.flows.workers, crawler.archive.carrying

def run(folder, words, patience):
    os.chdir(folder)
    for number, name in enumerate((os.devnull, "said", "said")):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    Path("said").write_bytes(b"")
    sys.stdout = sys.stderr
    sys.argv = ["-c", *words]
    signal.alarm(int(patience))
    return guard.run_guarded()

for line in sys.stdin:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        code = 70
        try:
            code = run(*json.loads(line))
            status = Path("/proc/self/status").read_text()
            os.write(write, re.search("VmHWM:\\\\s+([0-9]+)", status)[1].encode())
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(write)
    with open(read) as measured:
        memory = int(measured.read() or 0) << 10
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(json.dumps([code, memory]), flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with one good seed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "good.md").write_text(whole_seed(), encoding="utf-8")
    yield tmp_path
    for path in (tmp_path / "seeds").iterdir():  # so that no cleaner of folders meets 16 GB
        if path.is_file():
            path.unlink()


def _articles(folder: Path) -> int:
    with Archive.open(folder / "archive.db") as archive:
        return archive.database["articles"].count


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells of memory")
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_what_is_no_file_is_named_whatever_its_suffix_and_the_rest_goes_on(
    folder: Path, kind: str
) -> None:
    for number, suffix in enumerate(SUFFIXES):
        KINDS[kind](folder / "seeds" / f"{number}{suffix}")
    names = [str(folder / "seeds" / f"{number}{suffix}") for number, suffix in enumerate(SUFFIXES)]
    # named one by one, for links that lead out of a folder are not followed
    done = crawl(folder, "reclean", "--workers", "1", *names, "seeds/good.md")
    assert done.code == 1, done.said
    assert done.memory < MOST_MEMORY
    assert [name for name in names if name not in done.said] == []
    assert _articles(folder) == 1


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells of memory")
def test_sparse_files_that_begin_as_those_of_their_kind_take_no_memory(folder: Path) -> None:
    for suffix, make in HEADS.items():
        make(folder / "seeds" / f"large{suffix}")
    done = crawl(folder, "reclean", "seeds")
    assert done.code == 1, done.said
    assert done.memory < MOST_MEMORY
    assert [suffix for suffix in HEADS if f"large{suffix}" not in done.said] == []
    assert _articles(folder) == 1


@pytest.mark.parametrize("kind", ["pipe", "endless", "sparse", "folder"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("--db", "odd", "status"),
        ("--db", "odd", "reclean", "seeds"),
        ("--config", "odd", "status"),
        ("fetch", "-f", "odd"),
        ("queue", "add", "-f", "odd"),
        ("restore", "odd"),
        ("--db", "odd", "backup", "copy.db"),
        ("--db", "odd", "audit", "--salvage", "new.db"),
    ],
    ids=" ".join,
)
def test_a_named_file_that_is_none_is_told_at_once(
    folder: Path, crawler: Crawler, kind: str, arguments: tuple[str, ...]
) -> None:
    KINDS[kind](folder / "odd")
    result = crawler(*arguments)
    (folder / "odd").rmdir() if kind == "folder" else (folder / "odd").unlink()
    assert result.exit_code in (1, 2), result.output
    assert "odd" in result.output


@pytest.mark.parametrize("ending", ["-journal", "-wal", "-shm"])
def test_a_pipe_beside_an_archive_is_told_at_once(
    folder: Path, crawler: Crawler, ending: str
) -> None:
    assert crawler("reclean", "seeds").exit_code == 0
    os.mkfifo(folder / f"archive.db{ending}")
    result = crawler("status")
    assert result.exit_code == 1
    assert "is a named pipe" in result.output


def test_a_pipe_in_the_place_of_an_archive_with_a_log_is_told_at_once(
    folder: Path, crawler: Crawler
) -> None:
    (folder / "archive.db-wal").write_bytes(b"a log of something")
    os.mkfifo(folder / "archive.db")
    assert "is a named pipe" in crawler("status").output


def test_links_that_lead_out_of_a_folder_are_said(folder: Path, crawler: Crawler) -> None:
    (folder / "private.md").write_text(whole_seed(url=link(9)), encoding="utf-8")
    for number, suffix in enumerate(SUFFIXES):
        (folder / "seeds" / f"{number}{suffix}").symlink_to(folder / "private.md")
    result = crawler("reclean", "seeds")
    assert result.exit_code == 1
    assert result.output.count("is a link that leads out of") == len(SUFFIXES)
    assert _articles(folder) == 1


def test_a_file_of_a_year_that_no_calendar_has_is_read(folder: Path, crawler: Crawler) -> None:
    (folder / "seeds" / "page.html").write_text("<html>", encoding="utf-8")
    os.utime(folder / "seeds" / "page.html", (1e14, 1e14))
    assert crawler("reclean", "seeds").exit_code in (0, 1)
    assert _articles(folder) == 1
