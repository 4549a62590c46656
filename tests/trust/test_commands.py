"""Every command, with words that are no text and streams that are closed or full: no traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, NamedTuple

import pytest

from crawler.cli.commands import COMMANDS
from tests.lookalikes import hollow_seed, link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

NO_TEXT = os.fsdecode(b"\xff\xfe")
ARGUMENTS: dict[str, list[list[str]]] = {
    "audit": [[], ["--json"]],
    "backup": [["copy.db"], [f"{NO_TEXT}.db"]],
    "export": [["--jsonl"], ["out"], [NO_TEXT], ["--warc", f"{NO_TEXT}.warc"]],
    "fetch": [["-f", "-"], [NO_TEXT], ["-f", NO_TEXT], ["--feed", NO_TEXT], ["--queued"]],
    "forget": [["--list"], [link(), "--yes"], [NO_TEXT, "--yes"]],
    "history": [[link()], [NO_TEXT]],
    "images": [["--limit", "1"], [NO_TEXT]],
    "index": [[]],
    "list": [[], ["--account", NO_TEXT], ["--json"]],
    "promo": [[], [NO_TEXT]],
    "queue": [["list"], ["add", NO_TEXT], ["drop", NO_TEXT], ["retry", NO_TEXT], []],
    "reclean": [[], [NO_TEXT], ["--json", "seeds"]],
    "recover": [["--dry-run"], ["--from", NO_TEXT], ["accept", NO_TEXT]],
    "restore": [["none.db"], [NO_TEXT]],
    "search": [["渡轮"], [NO_TEXT]],
    "serve": [["--host", NO_TEXT], ["--port", "x"]],
    "show": [[link()], [NO_TEXT]],
    "status": [[], ["--json"]],
}
"""Of every command what is tried; all of it ends at once, and sends nothing."""


class Streams(NamedTuple):
    """How a shell starts a command."""

    name: str
    redirections: str


STREAMS = [
    Streams("as usual", "</dev/null"),
    Streams("stdin closed", "<&-"),
    Streams("stdout closed", "</dev/null >&-"),
    Streams("stderr closed", "</dev/null 2>&-"),
    Streams("all closed", "<&- >&- 2>&-"),
    Streams("stdout full", "</dev/null >/dev/full"),
    Streams("both full", "</dev/null >/dev/full 2>/dev/full"),
]
FOREIGN = [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}, {"TERM": "dumb", "NO_COLOR": "1"}]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of two seeds, and a config that sends nothing anywhere."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "a.md").write_text(whole_seed(), encoding="utf-8")
    (folder / "seeds" / "b.md").write_text(hollow_seed(url=link(7)), encoding="utf-8")
    gateway = '[fetch]\ngateway = "http://127.0.0.1:9"\nattempts = 1\ninterval = 0\njitter = 0\n'
    (folder / "config.toml").write_text(gateway, encoding="utf-8")
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
        timeout=120,
    )


def _check(done: subprocess.CompletedProcess[bytes]) -> None:
    assert b"Traceback" not in done.stdout + done.stderr, done.stderr.decode("utf-8", "replace")
    assert b"Exception ignored" not in done.stderr
    assert done.returncode in (0, 1, 2, 3), done.stderr
    done.stdout.decode("utf-8")
    done.stderr.decode("utf-8")


def test_every_command_stands_in_the_table() -> None:
    assert set(ARGUMENTS) == set(COMMANDS)


@pytest.mark.parametrize("streams", STREAMS, ids=lambda streams: streams.name)
@pytest.mark.parametrize("name", ["search", "show"])
def test_a_closed_or_full_stream_ends_in_no_traceback(
    archive: Path, name: str, streams: Streams
) -> None:
    before = (archive / "archive.db").read_bytes()
    _check(_run(archive, name, *ARGUMENTS[name][0], streams=streams.redirections))
    assert (archive / "archive.db").read_bytes() == before


@pytest.mark.slow
@pytest.mark.parametrize("streams", STREAMS, ids=lambda streams: streams.name)
@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_no_command_ends_in_a_traceback_whatever_its_streams(
    archive: Path, name: str, streams: Streams
) -> None:
    for arguments in ARGUMENTS[name]:
        _check(_run(archive, name, *arguments, streams=streams.redirections))


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
