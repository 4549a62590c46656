from __future__ import annotations

import tomllib
from email.message import Message
from typing import TYPE_CHECKING

import pytest

from crawler.cli.commands import doctor
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose system knows every address."""
    monkeypatch.setattr(doctor, "can_resolve", lambda _: True)
    monkeypatch.setattr(doctor, "_LOW", 0)


def test_a_machine_that_can_do_all_is_well_before_there_is_an_archive_and_after(
    seeded: Crawler, crawler: Crawler, folder: Path
) -> None:
    result = seeded("doctor")
    assert result.exit_code == 0, result.stdout
    assert "3 articles, 3 indexed" in result.stdout
    assert len(result.stdout.splitlines()) <= 10
    (folder / "archive.db").unlink()
    assert "crawler init" in crawler("doctor").stdout


def test_what_stands_in_the_way_is_named_with_the_way_out(
    crawler: Crawler, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "can_resolve", lambda _: False)
    (folder / "archive.db").write_bytes(b"no database at all, but long enough to be looked at")
    result = crawler("doctor")
    assert result.exit_code == 1
    assert "no address is known for mp.weixin.qq.com" in result.stdout
    assert "!!  archive" in result.stdout
    assert "mp.weixin" not in crawler("doctor", "--offline").stdout


def _metadata(monkeypatch: pytest.MonkeyPatch, requirements: dict[str, str]) -> None:
    """An installed package with these extras, each of one requirement."""
    message = Message()
    for extra in requirements:
        message["Provides-Extra"] = extra
    lines = [f"{need}; extra == '{extra}'" for extra, need in requirements.items()]
    monkeypatch.setattr(doctor, "metadata", lambda _: message)
    monkeypatch.setattr(doctor, "requires", lambda _: ["click>=8.1", *lines])


def test_every_extra_is_told_with_what_it_lacks_and_how_to_install_it(
    crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = {
        "here": "click>=8.1",
        "tables": "no_such[all]>=1",
        "x": "other-one",
        "dev": "none-such",
        "nemo": "none-such[all]",
    }
    _metadata(monkeypatch, needs)
    result = crawler("doctor")
    (line,) = (line for line in result.stdout.splitlines() if "extras" in line)
    assert line == (
        "--  extras     here; what is missing of others: tables (no_such), x (other-one);"
        " pip install 'wechat-article-archive[tables,x]'"
    )
    assert result.exit_code == 0  # nobody needs all


def test_extras_that_are_there_are_named(crawler: Crawler, monkeypatch: pytest.MonkeyPatch) -> None:
    _metadata(monkeypatch, {"here": "click>=8.1", "there": "PyYAML"})
    assert "ok  extras     here, there\n" in crawler("doctor").stdout


def test_a_program_that_is_not_installed_knows_no_extras(
    crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_PACKAGE", "no-such-package")
    assert "ok  extras     are not known" in crawler("doctor").stdout


def test_every_extra_of_the_project_is_for_a_command_or_for_development() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = set(project["optional-dependencies"])
    assert extras > doctor._FOR_DEVELOPMENT | doctor._FOR_ENGINES
    assert {"browse", "mcp", "parquet"} <= extras - doctor._FOR_DEVELOPMENT
