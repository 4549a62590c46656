"""The table of threats: each row is held by tests that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "threats.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ")
][1:]
_NAME = re.compile(r"`([\w/]+(?:\.py|/))`")
_TEST = re.compile(r"^(?:async )?def test_", re.MULTILINE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_row_says_who_may_what_what_is_refused_and_which_tests_hold_it(row: list[str]) -> None:
    assert len(row) == 4
    names = _NAME.findall(row[3])
    assert names
    for name in names:
        place = ROOT / "tests" / name
        files = sorted(place.rglob("test_*.py")) if place.is_dir() else [place]
        assert files, name
        assert all(_TEST.search(file.read_text(encoding="utf-8")) for file in files), name


def test_every_table_of_this_folder_is_named() -> None:
    named = {name for row in ROWS for name in _NAME.findall(row[3])}
    here = {f"trust/{file.name}" for file in Path(__file__).parent.glob("test_*.py")}
    assert here - named == {"trust/test_threats.py"}
    assert len({tuple(row[:2]) for row in ROWS}) == len(ROWS)
