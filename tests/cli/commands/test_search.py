from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.lookalikes import hollow_seed, link, whole_seed

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


@pytest.mark.parametrize("words", [("-x",), ("--", "--help"), ("-x", "--limit", "1")])
def test_a_word_may_begin_with_a_dash(
    crawler: Crawler, folder: Path, words: tuple[str, ...]
) -> None:
    (folder / "seeds").mkdir()
    seed = whole_seed("解压用选项 -x，说明用 --help。")
    (folder / "seeds" / "a.md").write_text(seed, encoding="utf-8")
    crawler("reclean")
    result = crawler("search", *words)
    assert result.exit_code == 0
    assert "渡轮恢复通航" in result.stdout


def test_an_option_that_is_misspelt_is_no_word(seeded: Crawler) -> None:
    result = seeded("search", "渡轮", "--limt", "5")
    assert result.exit_code == 2
    assert "--limit" in result.stderr
