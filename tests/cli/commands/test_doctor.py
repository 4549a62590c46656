from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from crawler.cli.commands import doctor

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
    monkeypatch.setattr(doctor, "_BROWSE", ("no_such_library",))
    (folder / "archive.db").write_bytes(b"no database at all, but long enough to be looked at")
    result = crawler("doctor")
    assert result.exit_code == 1
    assert "crawler serve lacks no_such_library" in result.stdout
    assert "no address is known for mp.weixin.qq.com" in result.stdout
    assert "!!  archive" in result.stdout
    assert "mp.weixin" not in crawler("doctor", "--offline").stdout
