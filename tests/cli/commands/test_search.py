from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.lookalikes import hollow_seed, link

if TYPE_CHECKING:
    from pathlib import Path

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


def test_articles_without_a_text_are_counted_and_shown_when_asked_for(
    seeded: Crawler, folder: Path
) -> None:
    (folder / "渡轮.md").write_text(hollow_seed(title="渡轮改期", url=link(90)), encoding="utf-8")
    assert seeded("reclean", "渡轮.md").exit_code == 0
    result = seeded("search", "渡轮")
    assert "改期" not in result.stdout
    assert "without a text: 3 more, which --all shows" in result.stderr
    both = seeded("search", "渡轮", "--all").stdout
    assert both.index("恢复通航") < both.index("改期")
