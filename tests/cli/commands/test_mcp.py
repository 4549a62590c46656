from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Crawler


def test_without_its_extra_the_command_says_in_a_line_what_to_install(
    seeded: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "crawler.mcp.server", raising=False)
    result = seeded("mcp")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert 'pip install "wechat-article-archive[mcp]"' in result.stderr


def test_an_archive_that_is_not_there_is_named(crawler: Crawler) -> None:
    result = crawler("mcp")
    assert result.exit_code == 1
    assert "no such archive" in result.stderr
