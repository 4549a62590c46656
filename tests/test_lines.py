"""Lines of real pages against the browser's, held at the goal."""

from __future__ import annotations

import importlib.util
from functools import lru_cache

import pytest

from bench.lines import MADE, LineScore, chromium, compare, lines, measure, measure_made
from tests.conftest import PAGES, needs_shared

needs_browser = pytest.mark.skipif(
    not chromium() or importlib.util.find_spec("playwright") is None,
    reason="needs chromium and playwright",
)


@lru_cache(maxsize=1)
def scores() -> list[LineScore]:
    return measure(PAGES, chromium())


@pytest.mark.slow
@needs_shared
@needs_browser
def test_every_real_page_breaks_its_lines_where_a_browser_does() -> None:
    missed = {score.name: (score.lost, score.made) for score in scores() if score.missed}
    assert not missed
    assert len(scores()) > 30


@pytest.mark.slow
@needs_browser
def test_every_body_that_was_made_up_for_its_css_breaks_its_lines_as_a_browser_does() -> None:
    made = measure_made(MADE, chromium())
    assert {score.name: (score.lost, score.made) for score in made if score.missed} == {}
    assert len(made) > 60


def test_a_break_that_is_lost_and_one_that_is_made_are_told() -> None:
    score = compare("a", "甲\n乙\n丙", "甲乙\n丙")
    assert (score.recall, score.precision) == (0, 0)
    assert score.lost == ("甲⏎乙", "乙⏎丙")
    assert score.made == ("甲乙⏎丙",)


def test_white_space_marks_and_rows_are_no_lines() -> None:
    assert lines("•\n苹 果\n\n  \n01\n香蕉") == ["•苹果", "01香蕉"]
    assert compare("a", "• 甲\n• 乙", "甲\n乙").recall == 1
    assert compare("a", "甲\n乙", "甲\n乙\n视频：看潮").precision == 1
