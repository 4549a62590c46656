from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.conftest import Crawler


def test_search_finds_chinese_words_and_says_where(seeded: Crawler) -> None:
    result = seeded("search", "渡轮")
    assert "【渡轮】恢复通航" in result.stdout
    assert "临港日志" in result.stdout
    [record] = [json.loads(line) for line in seeded("search", "天明", "--json").stdout.splitlines()]
    assert record["title"] == "渡轮恢复通航"


def test_a_broken_search_is_a_message(seeded: Crawler) -> None:
    result = seeded("search", 'title: AND "')
    assert result.exit_code == 1
    assert "error:" in result.stderr
