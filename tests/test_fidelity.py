"""The fidelity score over the real pages, held by a floor: it may rise, and no update lowers it."""

from __future__ import annotations

import json
from functools import lru_cache

import pytest

from bench.fidelity import cases, run
from bench.rivals import CONVERTERS
from bench.scoring import GOALS, Score, below_goal
from tests.conftest import GOLDEN, PAGES, needs_shared

FLOOR = GOLDEN / "fidelity_floor.json"
OURS = next(iter(CONVERTERS.values()))[1]


@lru_cache(maxsize=1)
def scores() -> dict[str, Score]:
    return {case.name: run(case, OURS) for case in cases(PAGES)}


def worst(results: dict[str, Score]) -> dict[str, float]:
    """Each metric on the page where it is worst, and all leaks together."""
    lowest = {
        metric: min(round(getattr(each, metric), 5) for each in results.values())
        for metric in GOALS
    }
    return lowest | {"leaks": sum(each.leaks for each in results.values())}


@needs_shared
def test_no_real_page_falls_below_the_floor(*, update_golden: bool) -> None:
    floor = json.loads(FLOOR.read_text(encoding="utf-8")) if FLOOR.is_file() else {}
    found = worst(scores())
    lower = {
        metric: (value, floor[metric])
        for metric, value in found.items()
        if metric in floor
        and (value > floor[metric] if metric == "leaks" else value < floor[metric])
    }
    assert not lower, (
        "an update refuses to lower the floor: mend the converter, or say why in the floor's own"
        " file"
    )
    if update_golden:
        FLOOR.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    assert FLOOR.is_file(), "run with --update-golden once"


@needs_shared
def test_every_real_page_reaches_every_goal() -> None:
    missed = {name: missed for name, each in scores().items() if (missed := below_goal(each))}
    assert not missed


def test_the_floor_itself_is_no_lower_than_the_goals() -> None:
    floor = json.loads(FLOOR.read_text(encoding="utf-8"))
    assert {metric for metric, goal in GOALS.items() if floor[metric] < goal} == set()
    assert floor["leaks"] == 0


@pytest.mark.parametrize("metric", GOALS)
def test_the_floor_knows_every_metric(metric: str) -> None:
    assert metric in json.loads(FLOOR.read_text(encoding="utf-8"))
