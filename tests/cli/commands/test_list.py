from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.lookalikes import link, whole_seed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Crawler

OTHER = link(77).replace("MzI0NTk5OTk5MA==", "MzA3OTk5OTk5MA==")
"""A link to an article of another account."""


@pytest.fixture
def listed(seeded: Crawler, folder: Path) -> Crawler:
    """The archive of `seeded`, with one more article of another day and account."""
    text = whole_seed("雨停了。", title="雨后", url=OTHER).replace("临港日志", "山城记")
    days = [line for line in text.splitlines() if line.startswith("date: ")]
    (folder / "more.md").write_text(text.replace(days[0], "date: 2021-02-03"), encoding="utf-8")
    assert seeded("reclean", "more.md").exit_code == 0
    return seeded


def _titles(crawler: Crawler, *options: str) -> list[str]:
    result = crawler("list", "--json", *options)
    assert result.exit_code == 0
    return [json.loads(line)["title"] for line in result.stdout.splitlines()]


def test_articles_are_listed_with_the_id_that_show_takes(listed: Crawler) -> None:
    result = listed("list", "--account", "山城记")
    assert "2021-02-03" in result.stdout
    assert "雨后" in result.stdout
    key = result.stdout.splitlines()[1].strip().strip("'")
    assert "雨停了" in listed("show", key).stdout


@pytest.mark.parametrize("day", ["2021-02-03", "2021-02", "2021"])
def test_a_range_of_days_takes_both_its_ends_and_months_and_years(
    listed: Crawler, day: str
) -> None:
    assert _titles(listed, "--since", day, "--until", day) == ["雨后"]


def test_filters_hold_together_and_states_are_alternatives(listed: Crawler) -> None:
    assert len(_titles(listed, "--state", "ok")) == 2
    assert len(_titles(listed, "--state", "ok", "--state", "deleted")) == 3
    assert _titles(listed, "--state", "ok", "--account", "山城记") == ["雨后"]
    assert not _titles(listed, "--state", "deleted", "--account", "山城记")
    assert not _titles(listed, "--kind", "gallery")


def test_the_longest_article_can_come_first(listed: Crawler) -> None:
    assert _titles(listed, "--sort", "longest", "--limit", "1") == ["渡轮恢复通航"]


def test_what_the_limit_leaves_out_is_told(listed: Crawler) -> None:
    assert "1 of 4 articles" in listed("list", "--limit", "1").stderr


def test_a_date_that_is_none_is_a_mistake_in_usage(listed: Crawler) -> None:
    result = listed("list", "--since", "letzte Woche")
    assert result.exit_code == 2
    assert "2024-03-05" in result.stderr


def test_a_search_takes_the_same_filters(listed: Crawler) -> None:
    assert "雨后" in listed("search", "雨停了").stdout
    assert "雨后" in listed("search", "雨停了", "--account", "山城记", "--until", "2021").stdout
    nothing = listed("search", "雨停了", "--since", "2022")
    assert "雨后" not in nothing.stdout
    assert "nothing found" in nothing.stderr


def test_a_hit_shows_its_id_and_its_link_ready_for_a_shell(listed: Crawler) -> None:
    shown = listed("search", "雨停了").stdout
    assert f"'{OTHER}'" in shown
