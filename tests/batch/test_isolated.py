from __future__ import annotations

import errno
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from crawler import processes
from crawler.batch import IsolatedCleaner, clean_document, isolated
from crawler.errors import ConfigError, CrawlerError
from crawler.processes import Child
from tests.batch import hostile
from tests.clean.pages.lookalikes import LINK, modern

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

GOOD = (modern(), "utf-8", LINK)


def test_a_document_is_cleaned_as_in_ones_own_process() -> None:
    with IsolatedCleaner() as cleaner:
        assert cleaner.clean(*GOOD) == clean_document(*GOOD)
        assert cleaner.clean(b"") == clean_document(b"")


def test_a_document_that_kills_or_fails_costs_itself_and_is_told_by_what() -> None:
    with IsolatedCleaner(hostile.clean) as cleaner:
        records = [
            cleaner.clean(html, "", "https://example.com/")
            for html in (b"die", b"end", b"fail", b"eat", b"say", GOOD[0])
        ]
    assert [record["error"] for record in records] == [
        "it killed the process that cleaned it (SIGKILL)",
        "it ended the process that cleaned it (exit code 3)",
        "ValueError: no page of ours",
        "MemoryError",
        None,
        None,
    ]
    assert {record["state"] for record in records[:4]} == {"unreadable"}
    assert {record["url"] for record in records[:4]} == {"https://example.com/"}
    assert records[-1]["title"] == "雾中的电台"


@pytest.mark.parametrize("html", [b"hang", b"spin"])
def test_a_document_that_hangs_is_ended_and_named(html: bytes) -> None:
    with IsolatedCleaner(hostile.clean, seconds=0.2) as cleaner:
        assert cleaner.clean(html)["error"] == "it took longer than 0.2 seconds"
        assert cleaner._child is None


@pytest.mark.parametrize(
    ("html", "seconds", "what"),
    [
        (b"stop", 0.2, "it took longer than 0.2 seconds"),
        (b"deaf", 0.2, "it took longer than 0.2 seconds"),
        (b"leave", 3, "it ended the process that cleaned it (exit code 3)"),
    ],
)
def test_a_document_that_the_kernel_does_not_end_is_given_up(
    monkeypatch: pytest.MonkeyPatch, html: bytes, seconds: float, what: str
) -> None:
    monkeypatch.setattr(isolated, "_GRACE", 0.5)
    with IsolatedCleaner(hostile.stay, seconds=seconds) as cleaner:
        assert cleaner.clean(html)["error"] == what
        assert cleaner._child is None


def test_ctrl_c_at_a_terminal_does_not_reach_the_process() -> None:
    with IsolatedCleaner() as cleaner:
        cleaner.clean(*GOOD)
        assert cleaner._child
        assert os.getpgid(cleaner._child.process.pid) != os.getpgrp()


def test_the_next_document_has_a_process_of_its_own() -> None:
    with IsolatedCleaner(hostile.clean) as cleaner:
        cleaner.clean(*GOOD)
        assert cleaner._child
        first, _ = cleaner._child
        cleaner.clean(*GOOD)
        assert cleaner._child[0] is first
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert cleaner.clean(*GOOD)["error"]
        assert cleaner.clean(*GOOD) == clean_document(*GOOD)
        assert cleaner._child[0] is not first


class _Interrupted:
    """A connection on which Ctrl-C comes before the answer."""

    def __init__(self, connection: Connection) -> None:
        self.send, self.close = connection.send, connection.close
        self.send_bytes = connection.send_bytes

    def poll(self, _: float) -> None:
        raise KeyboardInterrupt


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next_one() -> None:
    with IsolatedCleaner() as cleaner:
        cleaner.clean(b"")
        assert cleaner._child
        process, connection = cleaner._child
        interrupted: Any = _Interrupted(connection)
        cleaner._child = Child(process, interrupted)
        with pytest.raises(KeyboardInterrupt):
            cleaner.clean(*GOOD)
        assert cleaner.clean(b"") == clean_document(b"")


def test_a_process_that_does_not_start_is_an_error_and_no_documents_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with (
        pytest.raises(CrawlerError, match=r"did not start \(exit code 1\)"),
        IsolatedCleaner() as cleaner,
    ):
        cleaner.clean(*GOOD)


def test_a_process_that_the_system_does_not_give_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_more(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(processes, "Popen", no_more)
    with (
        pytest.raises(CrawlerError, match="cannot be started: Resource temporarily unavailable"),
        IsolatedCleaner() as cleaner,
    ):
        cleaner.clean(b"")


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), 1e9])
def test_what_is_no_time_to_wait_is_an_error_in_words_before_a_process_is_started(
    seconds: float,
) -> None:
    with pytest.raises(ConfigError, match=r"seconds = .* is not allowed"):
        IsolatedCleaner(seconds=seconds)


def test_a_page_without_charset_and_address_is_cleaned_as_one_with_empty_ones() -> None:
    assert clean_document(modern(), None, None) == clean_document(modern(), "", "")


class _Line:
    """A line on which what was sent last is what is answered."""

    def __init__(self) -> None:
        self.sent = ""

    def send(self, told: tuple[str, str]) -> None:
        self.sent = told[1]
        time.sleep(0.01)  # for another thread to come

    def send_bytes(self, _: bytes) -> None:
        """Nobody reads it."""

    def poll(self, _: float) -> bool:
        return True

    def recv(self) -> dict[str, str]:
        return {"url": self.sent}


def test_threads_get_the_records_of_their_own_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "start", lambda *_: (None, _Line()))
    cleaner = IsolatedCleaner()
    urls = [f"https://example.com/{number}" for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        records = list(pool.map(lambda url: cleaner.clean(b"", url=url), urls))
    assert [record["url"] for record in records] == urls


def test_the_child_of_a_fork_has_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[_Line] = []

    def started(*_: object) -> tuple[None, _Line]:
        lines.append(_Line())
        return None, lines[-1]

    monkeypatch.setattr(isolated, "start", started)
    cleaner = IsolatedCleaner()
    cleaner.clean(b"", url="https://example.com/parent")
    monkeypatch.setattr(os, "getpid", lambda: 0)
    cleaner.clean(b"", url="https://example.com/child")
    assert [line.sent for line in lines] == [
        "https://example.com/parent",
        "https://example.com/child",
    ]


def test_a_cleaner_ends_though_the_child_of_a_fork_still_has_its_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.1)
    cleaner = IsolatedCleaner()
    assert not cleaner.clean(modern())["error"]
    assert cleaner._child
    with os.fdopen(os.dup(cleaner._child.connection.fileno()), "rb", 0):
        assert cleaner.close() == -signal.SIGKILL
