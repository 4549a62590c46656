"""Deciding on candidates at a terminal, whatever they hold, and however it ends."""

from __future__ import annotations

import os
import select
import signal
import sqlite3
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from crawler.archive import Archive
from crawler.archive.saving import Evidence
from crawler.article import State, sha256
from crawler.cli import main
from crawler.cli.group import cli
from tests.archive.specimens import ID, UNSIGNED, make_article

if TYPE_CHECKING:
    from pathlib import Path

pty = pytest.importorskip("pty", reason="terminals of POSIX systems")

NASTY = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\u202e\x08" + "灯塔" * 2000 + "\n\x1b[1A"
SEQUENCES = (b"\x1b[2J", b"\x1b]0;", b"\x07", b"\xc2\x9b", b"\x1b[1A", "\u202e".encode())
PROMPT, DONE = b"q stop", b"left to decide"
# where it comes before a key is waited for; or once more, when Python is at its own end
INTERRUPTED = {0, 130, -signal.SIGINT}
END = b"\0\0"  # which nothing shows


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive with one article without a text, and a candidate of which every word is odd."""
    body = "# 灯塔\n\n灯塔的光。\n"
    offered = make_article(title="灯塔", body=body)
    found = Evidence(
        article_id=ID, way="from", source="a.md", verdict="candidate", at="2026-01-02",
        sha256=sha256(body.encode()),
    )  # fmt: skip
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article(UNSIGNED, body="", state=State.HOLLOW))
        archive.evidence.note(found, offered)
    with closing(sqlite3.connect(tmp_path / "archive.db")) as database:
        for name in ("title", "account", "date", "url", "version", "agreed", "differs"):
            database.execute(f"UPDATE evidence SET {name} = ?", (NASTY,))  # noqa: S608
        database.commit()
    return tmp_path


@pytest.fixture(scope="module", autouse=True)
def _loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the command loads when it begins, for all copies of this process."""
    path = tmp_path_factory.mktemp("loaded") / "archive.db"
    Archive.open(path).close()
    assert CliRunner().invoke(cli, ["--db", str(path), "recover", "--review"]).exit_code == 0


def _review(folder: Path, *keys: bytes) -> tuple[int, bytes]:
    """Review at a terminal of its own: press keys once it asks, then hang up.

    Returns how it ended, as a wait does, and what it showed.
    """
    child, terminal = pty.fork()
    if child == 0:
        _review_here(folder)
    shown = _read(terminal, PROMPT)
    for key in keys[:-1]:
        shown += _press(terminal, key, (PROMPT, DONE))
    if keys and DONE not in shown:  # a key that was pressed twice may have brought a prompt more
        shown += _press(terminal, keys[-1], (DONE,))
    if keys:
        shown += _read(terminal, END)
    os.close(terminal)
    return os.waitpid(child, 0)[1], shown


def _review_here(folder: Path) -> None:
    """What the command does, in this copy of the tests' process, and its end."""
    code = 70
    try:
        os.chdir(folder)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
            for number, mode in enumerate("rww")
        )
        sys.argv = ["crawler", "recover", "--review"]
        main()
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    finally:
        os._exit(code)


def _press(terminal: int, key: bytes, until: tuple[bytes, ...]) -> bytes:
    """Press a key until something comes of it: what is typed before it is waited for is lost."""
    shown = b""
    with suppress(OSError):  # which is how a terminal ends
        while not any(words in shown for words in until):
            os.write(terminal, key)
            if select.select([terminal], [], [], 0.1)[0]:
                shown += os.read(terminal, 65_536)
    return shown


def _read(terminal: int, words: bytes) -> bytes:
    """What a terminal shows until some words stand there, or to its end."""
    shown = b""
    with suppress(OSError):
        while words not in shown:
            some = os.read(terminal, 65_536)
            if not some:
                break
            shown += some
    return shown


@pytest.mark.parametrize("keys", [b"s", b"q", b"r", b"\x04", b"\x03", b"\x1b[A\x00x", b"\xff\xe6"])
def test_no_candidate_steers_the_terminal_and_every_key_ends_in_words(
    folder: Path, keys: bytes
) -> None:
    status, shown = _review(folder, keys, b"q")
    code = os.waitstatus_to_exitcode(status)
    assert code in (INTERRUPTED if keys == b"\x03" else {0}), shown
    assert DONE in shown or keys == b"\x03"
    assert b"Traceback" not in shown
    assert [one for one in SEQUENCES if one in shown] == []


def test_a_terminal_that_is_closed_ends_the_review_and_decides_nothing(folder: Path) -> None:
    _, shown = _review(folder)
    assert b"Traceback" not in shown
    with Archive.open(folder / "archive.db") as archive:
        assert [found.verdict for found in archive.evidence.candidates()] == ["candidate"]
