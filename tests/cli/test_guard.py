from __future__ import annotations

from pathlib import Path

import pytest

from crawler.cli import group, guard

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


def test_ctrl_c_at_any_moment_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(group.cli, "main", _interrupt)
    assert guard.run_guarded() == guard.INTERRUPTED
    assert capsys.readouterr().err == "stopped\n"


@pytest.mark.parametrize(("code", "expected"), [(None, 0), (3, 3), ("words", 1)])
def test_an_exit_code_passes_through(
    monkeypatch: pytest.MonkeyPatch, code: object, expected: int
) -> None:
    def leave(**_: object) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(group.cli, "main", leave)
    assert guard.run_guarded() == expected
