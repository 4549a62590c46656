"""Lines that come in are answered, whatever their strings spell."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from crawler.archive import Archive
from crawler.mcp.lines import MOST, Answers, Lines, Questions, whole_characters
from tests.archive.specimens import make_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 120

_ASKED = b'{"jsonrpc": "2.0", "method": "a", "id": %s}'
HALVES = {
    r"\ud800": "\ufffd",
    r"\uDFFF": "\ufffd",
    r"\udc00\ud800": "\ufffd\ufffd",
    r"a\ud83db": "a\ufffdb",
    r"\ud83d\ud83d\ude00": "\ufffd\U0001f600",
    r"\ud83d\n\ude00": "\ufffd\n\ufffd",
    r"\\ud800": r"\ud800",
    r"\\\ud800": "\\\ufffd",
    r"\ud83d\ude00": "\U0001f600",
    r"\u706f\"\/": '灯"/',
}
"""What a string of JSON spells -> what it says."""


@pytest.mark.parametrize("spelt", HALVES)
def test_half_characters_are_said_to_be_none(spelt: str) -> None:
    assert json.loads(whole_characters(f'"{spelt}"'.encode())) == HALVES[spelt]


def test_lines_come_through_to_the_letter_but_for_those_that_are_too_long() -> None:
    short, last = b'{"a": 1}\n', b'{"b": "\xe7\x81\xaf"}'
    for size in (MOST - 1, MOST, MOST + 1, 3 * MOST):
        source = io.BytesIO(short + b"x" * (size - 1) + b"\n" + short + last)
        came = io.BufferedReader(Lines(source)).read().split(b"\n")
        assert came[0] + b"\n" == short
        assert came[-1] == last
        assert len(came) == (4 if size <= MOST else 3)


def test_the_server_answers_each_question_with_half_a_character(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra is not installed: pip install .[mcp]")
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
    asked = [_question(number, spelt) for number, spelt in enumerate(HALVES, start=2)]
    asked += [b"\xff\xfe", b"[" * 10_000, _question(99, "灯塔")]
    answers = _answers(tmp_path / "archive.db", [*_GREETING, *asked])
    assert answers.keys() == {1, *range(2, len(HALVES) + 2), 99}
    assert "夜航的灯塔" in json.dumps(answers[99], ensure_ascii=False)


_STRAYS = {
    b"[]": None,
    b"5": None,
    b'{"jsonrpc": "2.0", "id": 7}': 7,
    b'{"jsonrpc": "2.0", "id": 8, "method": 5}': 8,
    b'{"jsonrpc": "1.0", "id": "b", "method": "tools/list"}': "b",
    b'{"jsonrpc": "2.0", "id": 9, "method": "tools/list", "params": [1]}': 9,
    b'{"jsonrpc": "2.0", "id": 1.5, "method": "tools/list"}': None,
    b'{"jsonrpc": "2.0", "id": null, "method": "tools/list"}': None,
    b'{"jsonrpc": "2.0", "id": {}, "method": "tools/list", "x": "\xff"}': None,
}
"""What is JSON and no message -> the number to which it is answered so."""


def test_the_server_answers_what_is_json_and_no_message(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra is not installed: pip install .[mcp]")
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
    silent = [b"", b"none", b'{"jsonrpc": "2.0", "id": 1, "result": 5}']
    asked = [*_GREETING, *_STRAYS, *silent, _question(99, "灯塔")]
    command = [sys.executable, "-m", "crawler", "--db", str(tmp_path / "archive.db"), "mcp"]
    done = subprocess.run(command, input=b"\n".join(asked) + b"\n", capture_output=True, check=True)  # noqa: S603
    told = [json.loads(line) for line in done.stdout.splitlines()]
    refused = [one["id"] for one in told if one.get("error", {}).get("code") == -32600]
    assert refused == [*_STRAYS.values()]
    assert {one["id"] for one in told if "result" in one} == {1, 99}


def test_a_line_that_begins_with_the_mark_of_utf_8_is_read_as_others_are(tmp_path: Path) -> None:
    """As the first one of a client does that writes in .NET's UTF-8."""
    pytest.importorskip("mcp", reason="the extra is not installed: pip install .[mcp]")
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
    asked = [b"\xef\xbb\xbf" + line for line in (*_GREETING, _question(99, "灯塔"))]
    command = [sys.executable, "-m", "crawler", "--db", str(tmp_path / "archive.db"), "mcp"]
    done = subprocess.run(command, input=b"\n".join(asked) + b"\n", capture_output=True, check=True)  # noqa: S603
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["id"] for one in told if "result" in one} == {1, 99}


def test_what_is_answered_between_comes_behind_the_line_that_is_under_way() -> None:
    came = io.BytesIO()
    answers = Answers(came, Questions())
    answers.write(b'{"id": 1, "res')
    answers.say(b"ours\n")
    answers.write(b'ult": ')
    answers.say(b"the second\n")
    answers.write(b"{}}\n")
    answers.say(b"the third\n")
    assert came.getvalue() == b'{"id": 1, "result": {}}\nours\nthe second\nthe third\n'


def test_what_was_asked_before_the_end_is_answered_before_it(tmp_path: Path) -> None:
    pytest.importorskip("mcp", reason="the extra is not installed: pip install .[mcp]")
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
    asked = [*_GREETING, *(_question(number, "灯塔") for number in range(2, 22))]
    command = [sys.executable, "-m", "crawler", "--db", str(tmp_path / "archive.db"), "mcp"]
    done = subprocess.run(command, input=b"\n".join(asked) + b"\n", capture_output=True, check=True)  # noqa: S603
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["id"] for one in told} == set(range(1, 22))
    assert not done.stderr


@contextmanager
def _greeted(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answered once and waits for the next question."""
    pytest.importorskip("mcp", reason="the extra is not installed: pip install .[mcp]")
    with Archive.open(path) as archive:
        archive.save(make_article())
    command = [sys.executable, "-m", "crawler", "--db", str(path), "mcp"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as server:  # noqa: S603
        assert server.stdin
        assert server.stdout
        server.stdin.write(b"\n".join(_GREETING) + b"\n")
        server.stdin.flush()
        assert server.stdout.readline()
        yield server
        server.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")
@pytest.mark.parametrize("asked", [0, 1000])
@pytest.mark.parametrize(("wish", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_server_that_waits_for_the_other_end(
    tmp_path: Path, wish: signal.Signals, code: int, asked: int
) -> None:
    with _greeted(tmp_path / "archive.db") as server:
        assert server.stdin
        assert server.stderr
        questions = b"".join(_question(number, "灯塔") + b"\n" for number in range(2, asked + 2))
        with contextlib.suppress(BlockingIOError):  # whose answers nobody reads
            os.set_blocking(server.stdin.fileno(), False)
            os.write(server.stdin.fileno(), questions)
        server.send_signal(wish)
        assert server.wait(PATIENCE) == code
        assert b"Traceback" not in server.stderr.read()


def test_answers_that_nobody_takes_end_the_server_in_words_and_not_as_a_fault_of_ours(
    tmp_path: Path,
) -> None:
    with _greeted(tmp_path / "archive.db") as server:
        assert server.stdin
        assert server.stdout
        assert server.stderr
        server.stdout.close()
        server.stdin.write(_question(2, "灯塔") + b"\n")
        server.stdin.flush()
        assert server.wait(PATIENCE) == 1
        assert b"Traceback" not in server.stderr.read()


@pytest.mark.skipif(sys.platform == "win32", reason="sockets of POSIX systems as a standard stream")
def test_an_asker_whose_line_breaks_off_ends_the_server_in_words_and_not_as_a_fault_of_ours(
    tmp_path: Path,
) -> None:
    pytest.importorskip("mcp", reason="the extra is not installed: pip install .[mcp]")
    with Archive.open(tmp_path / "archive.db") as archive:
        archive.save(make_article())
    command = [sys.executable, "-m", "crawler", "--db", str(tmp_path / "archive.db"), "mcp"]
    ours, theirs = socket.socketpair()
    with (
        ours,
        subprocess.Popen(  # noqa: S603
            command, stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.PIPE
        ) as server,
    ):
        theirs.close()
        assert server.stderr
        ours.sendall(b"\n".join(_GREETING) + b"\n")
        assert ours.recv(1)
        ours.close()  # with an answer in it that nobody reads, which resets the line
        assert server.wait(PATIENCE) == 1
        assert b"standard input: cannot be read: " in server.stderr.read()


def test_the_end_waits_for_answers_and_for_nothing_else() -> None:
    questions = Questions()
    for line in (_ASKED % b"1", b'{"method": "notice"}', b"none", b'{"id": [}'):
        questions.note_asked(line)
    answers = Answers(io.BytesIO(), questions)
    answers.write(b'{"id": 1, "res')
    assert questions._open == {"1"}
    answers.write(b'ult": {}}\n')
    questions.wait(3600)
    questions.note_asked(_ASKED % b'"b"')
    questions.note_asked(b'{"method": "notifications/cancelled", "params": {"requestId": "b"}}')
    questions.wait(3600)


@pytest.mark.parametrize(
    "line",
    [
        b'{"method": "notifications/cancelled", "params": [1]}',
        b'{"method": "notifications/cancelled", "params": "b"}',
        _ASKED % b'{"b": []}',
        _ASKED % b"null",
        _ASKED % b"true",
        _ASKED % b"1.5",
        _ASKED % (b"[" * 300 + b"]" * 300),
        b'{"method": "a", "id": 1}',
        b'{"jsonrpc": "1.0", "method": "a", "id": 1}',
        b'{"jsonrpc": "2.0", "method": 5, "id": 1}',
    ],
)
def test_a_line_that_asks_nothing_by_its_number_is_passed_on(line: bytes) -> None:
    questions = Questions()
    assert Lines(io.BytesIO(line), questions).read() == line
    questions.wait(3600)


def _answers(path: Path, asked: list[bytes]) -> dict[int, Any]:
    """What a server says, by the numbers of the questions, until the last one is answered."""
    command = [sys.executable, "-m", "crawler", "--db", str(path), "mcp"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:  # noqa: S603
        assert server.stdin
        assert server.stdout
        server.stdin.write(b"\n".join(asked) + b"\n")
        server.stdin.flush()
        wanted = len(HALVES) + 2
        told = [json.loads(server.stdout.readline()) for _ in range(wanted)]
        server.stdin.close()
        assert server.stdout.read() == b""
    return {one["id"]: one for one in told}


_ABOUT: dict[str, Any] = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "x", "version": "1"},
}
_GREETING = [
    json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": _ABOUT}).encode(),
    b'{"jsonrpc": "2.0", "method": "notifications/initialized"}',
]


def _question(number: int, words: str) -> bytes:
    asked = f'{{"name": "search", "arguments": {{"words": "{words}"}}}}'
    said = f'"jsonrpc": "2.0", "id": {number}, "method": "tools/call", "params": {asked}'
    return f"{{{said}}}".encode()
