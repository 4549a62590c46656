from __future__ import annotations

import _thread
import errno
import os
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import Any

import pytest

from crawler.cli import group, guard
from tests.lookalikes import whole_seed

pytestmark = pytest.mark.usefixtures("own_hooks")
PRIVATE = "第一句正文"


def _break(**_: object) -> None:
    raise KeyError(PRIVATE)


def _interrupt(**_: object) -> None:
    raise KeyboardInterrupt


def test_what_nobody_foresaw_is_one_line_and_a_report_without_any_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(group.cli, "main", _break)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert guard.run_guarded() == guard.UNFORESEEN
    [line] = capsys.readouterr().err.splitlines()
    [report] = tmp_path.iterdir()
    assert str(report) in line
    text = report.read_text(encoding="utf-8")
    assert "builtins.KeyError" in text
    assert "crawler/cli/guard.py" in text
    assert PRIVATE not in line + text
    assert str(Path.home()) not in text


def _ask_for_a_file(**_: object) -> None:
    Path("x" * 300).stat()


def test_a_name_that_no_file_system_takes_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(group.cli, "main", _ask_for_a_file)
    assert guard.run_guarded() == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: xxx")
    assert "too long" in line
    assert len(line) < 150


def _ask_where_it_is(**_: object) -> None:
    Path("archive.db").absolute()


def test_a_current_folder_that_is_gone_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(group.cli, "main", _ask_where_it_is)
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert guard.run_guarded() == 1
    assert "the current folder is gone" in capsys.readouterr().err


def _take_all_memory(**_: object) -> None:
    bytearray(1 << 60)


def test_memory_that_runs_out_is_told_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(group.cli, "main", _take_all_memory)
    assert guard.run_guarded() == 1
    assert "memory ran out" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        ImportError("libx.so.1: failed to map segment from shared object"),
        ImportError("libx.so.1: cannot allocate memory in static TLS block"),
        RuntimeError("can't start new thread"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
    ],
)
def test_a_library_or_a_thread_that_memory_does_not_suffice_for_is_told_alike(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(group.cli, "main", fail)
    assert guard.run_guarded() == 1
    assert "memory ran out" in capsys.readouterr().err


def _name_a_file(**_: object) -> None:
    "渡轮".encode("ascii")


def test_a_locale_that_lacks_letters_of_a_files_name_is_told_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(group.cli, "main", _name_a_file)
    monkeypatch.setattr("sys.getfilesystemencoding", lambda: "ascii")
    assert guard.run_guarded() == 1
    assert "set PYTHONUTF8=1" in capsys.readouterr().err


def test_ctrl_c_at_any_moment_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(group.cli, "main", _interrupt)
    assert guard.run_guarded() == guard.INTERRUPTED
    assert capsys.readouterr().err == "stopped\n"
    signal.raise_signal(signal.SIGINT)  # pressed again, it breaks no end


@pytest.mark.parametrize(
    ("wish", "code"),
    [(signal.SIGINT, guard.INTERRUPTED), (signal.SIGTERM, guard.TERMINATED)],
    ids=["Ctrl-C", "SIGTERM"],
)
def test_a_signal_of_which_a_library_makes_an_error_of_its_own_ends_the_run_as_ever(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    wish: signal.Signals,
    code: int,
) -> None:
    def work(**_: object) -> None:
        try:
            signal.raise_signal(wish)
        except BaseException:  # noqa: BLE001  (as pydantic does while it builds a model)
            failed = RuntimeError(PRIVATE)
        raise failed

    monkeypatch.setattr(guard, "_pressed", guard.Presses())
    monkeypatch.setattr(group.cli, "main", work)
    assert guard.run_guarded() == code
    assert capsys.readouterr().err == "stopped\n"


def test_ctrl_c_held_down_is_one_wish_and_pressed_anew_another() -> None:
    moments = iter([5.0, 5.03, 5.06, 5.9, 6.8, 7.9, 7.95, 8.0, 8.03])
    presses = guard.Presses(clock=lambda: next(moments))

    def press() -> bool:
        try:
            presses()
        except KeyboardInterrupt:
            return True
        return False

    assert [press() for _ in range(7)] == [True, False, False, False, False, True, False]
    presses.forget()
    assert press()


def test_ctrl_c_that_a_shell_ignores_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seen: list[object] = []
    monkeypatch.setattr(group.cli, "main", lambda **_: seen.append(signal.getsignal(signal.SIGINT)))
    guard.run_guarded()
    assert seen == [signal.SIG_IGN]


def test_next_to_nothing_is_loaded_before_ctrl_c_is_caught() -> None:
    program = (
        "import sys; before = set(sys.modules); import crawler.cli;"
        " print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True
    )
    assert set(done.stdout.split()) <= {"__future__", "crawler", "crawler.cli", "crawler.lazy"}


def test_no_command_waits_for_pandas_which_sqlite_utils_would_load(tmp_path: Path) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "crawler", "--db", "archive.db", "init"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "sqlite_utils.db" in loaded
    assert "pandas.core" not in loaded


def test_what_a_library_warns_of_is_not_shown(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as packed:
        packed.writestr("a.md", whole_seed())
        packed.filelist.append(packed.filelist[0])  # Python 3.14 warns of it, 3.13.0 refuses it
    command = [sys.executable, "-m", "crawler", "reclean", "twice.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode in (0, 1), done.stderr
    assert "Warning" not in done.stderr


@pytest.mark.parametrize("said", ["\u00b2", "5" * 5000, "-1", "wide", "0", "00"])
def test_a_width_of_the_terminal_that_is_none_is_left_out(
    monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("COLUMNS", said)
    monkeypatch.setattr(group.cli, "main", lambda **_: None)
    assert guard.run_guarded() == 0
    assert "COLUMNS" not in os.environ


@pytest.mark.parametrize("said", [{}, {"COMP_WORDS": "crawler"}, {"COMP_CWORD": "1"}])
def test_a_shell_that_says_not_what_is_to_be_completed_is_asked_nothing(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str]
) -> None:
    monkeypatch.setenv("_CRAWLER_COMPLETE", "bash_complete")
    for name in ("COMP_WORDS", "COMP_CWORD"):
        monkeypatch.delenv(name, raising=False)
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["crawler", "--version"])
    assert guard.run_guarded() == 0


@pytest.mark.parametrize(("shell", "place"), [("bash", "1"), ("zsh", "1"), ("fish", "sho")])
def test_a_shell_that_says_what_is_to_be_completed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shell: str, place: str
) -> None:
    monkeypatch.setenv("_CRAWLER_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", "crawler sho")
    monkeypatch.setenv("COMP_CWORD", place)
    assert guard.run_guarded() == 0
    assert "show" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "expected"), [(None, 0), (3, 3), ("words", 1)])
def test_an_exit_code_passes_through(
    monkeypatch: pytest.MonkeyPatch, code: object, expected: int
) -> None:
    def leave(**_: object) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(group.cli, "main", leave)
    assert guard.run_guarded() == expected


class _BreaksAtItsEnd:
    def __init__(self, error: type[BaseException]) -> None:
        self.error = error

    def __del__(self) -> None:
        raise self.error


def test_ctrl_c_at_the_end_of_an_object_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    def work(**_: object) -> None:
        _BreaksAtItsEnd(KeyboardInterrupt)
        threading.Event().wait(60)

    monkeypatch.setattr(sys, "unraisablehook", told.append)
    monkeypatch.setattr(group.cli, "main", work)
    assert guard.run_guarded() == guard.INTERRUPTED
    assert told == []


class _IsEndedAtItsEnd:
    """An object at whose end SIGTERM comes, and which takes a moment more."""

    def __del__(self) -> None:
        signal.raise_signal(signal.SIGTERM)


def test_sigterm_at_the_end_of_an_object_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []

    def work(**_: object) -> None:
        _IsEndedAtItsEnd()
        threading.Event().wait(60)

    monkeypatch.setattr(sys, "unraisablehook", told.append)
    monkeypatch.setattr(group.cli, "main", work)
    assert guard.run_guarded() == guard.TERMINATED
    assert told == []


def test_ctrl_c_pressed_again_while_the_first_is_told_of_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    start, presses = _thread.start_new_thread, iter((True, True, False))

    def start_slowly(*arguments: Any) -> int:
        if next(presses):
            raise KeyboardInterrupt
        return start(*arguments)

    def work(**_: object) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(_thread, "start_new_thread", start_slowly)
            _BreaksAtItsEnd(KeyboardInterrupt)
        threading.Event().wait(60)

    monkeypatch.setattr(group.cli, "main", work)
    assert guard.run_guarded() == guard.INTERRUPTED
    assert "Traceback" not in capsys.readouterr().err


def test_what_else_breaks_at_the_end_of_an_object_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)
    monkeypatch.setattr(group.cli, "main", lambda **_: _BreaksAtItsEnd(ValueError) and None)
    assert guard.run_guarded() == 0
    assert len(told) == 1


@pytest.mark.parametrize(
    ("failure", "named"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "a.db"), "a.db"),
        (OSError(errno.EXDEV, "Invalid cross-device link", "aside", None, "a.db"), "a.db"),
        (OSError(errno.EIO, "Input/output error", b"\xff.md"), "\ufffd.md"),
        (OSError(errno.EIO, "Input/output error", "a\x1b[31m\n.md"), ".md"),
    ],
    ids=["denied", "renamed", "no-utf8", "escape"],
)
def test_a_file_that_the_system_refuses_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    failure: OSError,
    named: str,
) -> None:
    def fail(**_: object) -> None:
        raise failure

    monkeypatch.setattr(group.cli, "main", fail)
    assert guard.run_guarded() == 1
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert f"{named}: cannot be used: {failure.strerror}" in line
    assert "\x1b" not in line


def test_a_file_of_the_program_itself_that_is_gone_is_a_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for lacking in (guard.__file__, errno.__spec__.origin, threading.__file__):
        if not Path(str(lacking)).is_file():
            continue

        def fail(file: str | None = lacking, **_: object) -> None:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", file)

        monkeypatch.setattr(group.cli, "main", fail)
        assert guard.run_guarded() == guard.UNFORESEEN
        assert "crawler broke" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes there wait as they are")
@pytest.mark.parametrize(("name", "mode"), [("stdin", "r"), ("stdout", "w"), ("stderr", "w")])
def test_a_stream_that_another_program_lets_nobody_wait_for_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, name: str, mode: str
) -> None:
    reading, writing = os.pipe()
    ours, theirs = (reading, writing) if mode == "r" else (writing, reading)
    os.set_blocking(ours, False)
    try:
        with open(ours, mode, encoding="utf-8") as stream:  # noqa: PTH123
            monkeypatch.setattr(sys, name, stream)
            guard.prepare_streams()
            assert os.get_blocking(ours)
    finally:
        os.close(theirs)
