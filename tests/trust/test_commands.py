"""Every command, with words that are no text and streams that are closed or full: no traceback."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import pytest

from crawler.cli.commands import COMMANDS
from crawler.cli.guard import run_guarded
from crawler.errors import CrawlerError
from tests.conftest import PATIENCE
from tests.lookalikes import hollow_seed, link, whole_seed
from tests.trust.invocations import CONFIG, ENDLESS, all_invocations

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler
    from tests.trust.invocations import Words

NO_TEXT = os.fsdecode(b"\xff\xfe")
CALLS = {words[0]: words[1:] for words in reversed(all_invocations())}
"""Of every command that ends the first way to call it."""


class Streams(NamedTuple):
    """How a shell starts a command: what it writes, and what stands behind each number then."""

    name: str
    redirections: str
    files: tuple[str, str, str]  # "" is closed


NULL, FULL = "/dev/null", "/dev/full"
STREAMS = [
    Streams("as usual", "</dev/null", (NULL, "out", "err")),
    Streams("stdin closed", "<&-", ("", "out", "err")),
    Streams("stdout closed", "</dev/null >&-", (NULL, "", "err")),
    Streams("stderr closed", "</dev/null 2>&-", (NULL, "out", "")),
    Streams("all closed", "<&- >&- 2>&-", ("", "", "")),
    Streams("stdout full", "</dev/null >/dev/full", (NULL, FULL, "err")),
    Streams("both full", "</dev/null >/dev/full 2>/dev/full", (NULL, FULL, FULL)),
]
FOREIGN = [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"TERM": "dumb", "NO_COLOR": "1"}]


@pytest.fixture(scope="session", autouse=True)
def _loaded(loaded: None) -> None:
    """The rest of what commands load when they begin, for all copies of this process."""
    del loaded  # which has loaded most
    for name in ("crawler.mcp.server", "crawler.batch.cluster"):
        with suppress(ImportError, CrawlerError):
            import_module(name)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of two seeds, and a config that sends nothing anywhere."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "a.md").write_text(whole_seed(), encoding="utf-8")
    (folder / "seeds" / "b.md").write_text(hollow_seed(url=link(7)), encoding="utf-8")
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "new.md").write_text(whole_seed(url=link(8)), encoding="utf-8")
    assert _run(folder, "reclean").returncode == 0
    return folder


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to do with as a test likes."""
    return shutil.copytree(made, tmp_path / "copy")


def _run(
    folder: Path, *arguments: str, streams: str = "</dev/null", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    command = ["sh", "-c", f'exec "$@" {streams}', "sh", sys.executable, "-m", "crawler"]
    return subprocess.run(  # noqa: S603
        [*command, *arguments],
        cwd=folder,
        env={**os.environ, "TMPDIR": str(folder), **environment},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )


def _check(done: subprocess.CompletedProcess[bytes]) -> None:
    assert b"Traceback" not in done.stdout + done.stderr, done.stderr.decode("utf-8", "replace")
    assert b"Exception ignored" not in done.stderr
    assert b"broke its reader" not in done.stderr, done.stderr
    assert done.returncode in (0, 1, 2, 3), done.stderr
    done.stdout.decode("utf-8")
    done.stderr.decode("utf-8")


def test_every_command_is_called() -> None:
    assert {*CALLS, *ENDLESS} == set(COMMANDS)


@pytest.mark.slow
def test_a_name_that_no_file_system_takes_is_an_error_of_every_command(archive: Path) -> None:
    for words in all_invocations(given="长" * 100):  # 300 bytes
        code = _call(archive, words, (NULL, "out", "err"))
        assert code in (0, 1, 2, 3), (words[0], (archive / "err").read_text(encoding="utf-8"))
        (archive / "err").unlink()


@pytest.mark.parametrize("streams", STREAMS, ids=lambda streams: streams.name)
@pytest.mark.parametrize("name", ["search", "show"])
def test_a_closed_or_full_stream_ends_in_no_traceback(
    archive: Path, name: str, streams: Streams
) -> None:
    before = (archive / "archive.db").read_bytes()
    _check(_run(archive, name, *CALLS[name], streams=streams.redirections))
    assert (archive / "archive.db").read_bytes() == before


@pytest.mark.parametrize("streams", STREAMS, ids=lambda streams: streams.name)
def test_no_command_ends_in_a_traceback_whatever_its_streams(
    made: Path, archive: Path, streams: Streams
) -> None:
    for number, name in enumerate(CALLS):
        folder = shutil.copytree(made, archive / f"of-{number}")
        code = _call(folder, (name, *CALLS[name]), streams.files)
        said = b"".join((folder / name).read_bytes() for name in {*streams.files} & {"out", "err"})
        _check(subprocess.CompletedProcess((name,), code, said, b""))


def _call(folder: Path, words: Words, files: tuple[str, str, str]) -> int:
    """Run a command with these files behind its streams, in a copy of this process."""
    child = os.fork()
    if not child:
        code = 70
        try:
            os.chdir(folder)
            for number, (name, mode) in enumerate(zip(files, ("r", "w", "w"), strict=True)):
                _open(number, name, mode)
            sys.argv = ["crawler", *words]
            code = run_guarded()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _open(number: int, name: str, mode: str) -> None:
    """Put a file behind the number of a stream, or nothing, as Python finds it at its start."""
    stream = None
    if name:
        opened = os.open(name, os.O_RDONLY if mode == "r" else os.O_RDWR | os.O_CREAT)
        os.dup2(opened, number)
        stream = open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
    else:
        os.close(number)
    setattr(sys, ("stdin", "stdout", "stderr")[number], stream)


@pytest.mark.parametrize(
    "words",
    [
        *all_invocations(NO_TEXT),
        *((name, option, NO_TEXT) for name in ENDLESS for option in ("--host", "--port")),
    ],
    ids=lambda words: ascii(words[:2]),
)
def test_no_word_that_is_no_text_ends_in_a_traceback(
    crawler: Crawler, folder: Path, words: Words
) -> None:
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    result = crawler(*words)
    assert result.exception is None or isinstance(result.exception, SystemExit), words
    assert result.exit_code in (0, 1, 2, 3)
    result.output.encode("utf-8")


@pytest.mark.parametrize("name", ["history", "show", "promo", "search", "images"])
def test_words_that_are_no_text_are_wrong_usage(archive: Path, name: str) -> None:
    done = _run(archive, name, NO_TEXT)
    _check(done)
    assert done.returncode == 2
    assert "is no text" in done.stderr.decode()


@pytest.mark.parametrize("environment", FOREIGN, ids=str)
def test_chinese_comes_out_as_utf8_in_every_locale(
    archive: Path, environment: dict[str, str]
) -> None:
    done = _run(archive, "search", "渡轮", **environment)
    _check(done)
    assert "渡轮" in done.stdout.decode("utf-8")
    assert b"\x1b" not in done.stdout + done.stderr


def test_a_seed_whose_name_is_no_text_is_read_and_named(archive: Path) -> None:
    text = whole_seed(url=link(9), title="无名的船")
    (archive / "seeds" / f"{NO_TEXT}.md").write_text(text, encoding="utf-8")
    done = _run(archive, "reclean", "--json")
    _check(done)
    assert done.returncode == 0
    assert "\ufffd\ufffd.md" in done.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes there wait as they are")
def test_a_list_that_comes_in_pieces_through_a_pipe_that_does_not_wait_is_read_whole(
    archive: Path,
) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.write(writing, f"{link(11)}\n".encode())
    command = [sys.executable, "-m", "crawler", "queue", "add", "-f", "-"]
    with subprocess.Popen(command, cwd=archive, stdin=reading, stderr=subprocess.PIPE) as run:  # noqa: S603
        while select.select([reading], [], [], 0)[0] and run.poll() is None:
            time.sleep(0.01)
        with suppress(BrokenPipeError):
            os.write(writing, f"{link(12)}\n".encode())
        os.close(writing)
        os.close(reading)
        _, told = run.communicate(timeout=PATIENCE)
    assert b"2 articles in -" in told


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])  # by the locale
def test_an_answer_that_is_no_text_is_none(archive: Path, errors: str) -> None:
    (archive / "answer").write_bytes(NO_ANSWER)
    encoding = {"PYTHONIOENCODING": f"utf-8:{errors}"}
    done = _run(archive, "forget", link(7), streams="<answer", **encoding)
    _check(done)
    assert done.returncode == 1
    assert b"Aborted" in done.stderr


NO_ANSWER = b"\xff\xfe\n"
